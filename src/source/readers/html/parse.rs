//! Source of a page into a tree, with bounds against pages made to do harm.
//!
//! The parser takes time that grows with the square of the nesting, of the attributes of one tag, and of formatting elements
//! that are never closed. So it is fed in small pieces and looked at between them.

use std::borrow::Cow;
use std::cell::Cell;

use html5ever::TokenizerResult;
use html5ever::buffer_queue::BufferQueue;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts, TreeSink};

use super::dom::{Dom, NodeId};
use super::sink::Sink;
use crate::source::options::SourceOptions;
use crate::source::quarantine::{Code, Failure, Stage};

/// Bytes between two looks at the limits.
const PIECE_BYTES: usize = 4 << 10;
/// Most elements, texts and comments: some 150 MB of memory. A long law has a few thousand.
const MOST_NODES: usize = 1_000_000;
/// Most attributes of one tag.
const MOST_ATTRIBUTES: usize = 1_000;
/// Most places inside one tag or comment where an attribute could begin. Large pictures inside a page have none, once they are
/// cut; a comment of half a megabyte stays below.
const MOST_SEPARATORS: usize = 60_000;
/// Base64 runs of at least this many characters are pictures or fonts, never text.
const LONG_BASE64: usize = 4 << 10;

/// Builds the tree of a page or of a piece of one.
///
/// # Errors
/// [`Code::TooLarge`] where elements nest deeper than `options.max_depth`, or one of the constants above is passed.
pub(super) fn parse(html: &str, options: &SourceOptions) -> Result<Dom, Failure> {
    let html = without_base64(html);
    let builder = TreeBuilder::new(Sink::new(), TreeBuilderOpts::default());
    let guard = Guard { builder, tokens: Cell::new(0), attributes: Cell::new(0) };
    let tokenizer = Tokenizer::new(guard, TokenizerOpts::default());
    let input = BufferQueue::default();
    let mut stall = Stall::default();
    for piece in pieces(&html) {
        input.push_back(StrTendril::from_slice(piece));
        feed(&tokenizer, &input);
        stall.see(piece, tokenizer.sink.tokens.get());
        check(&tokenizer.sink, &stall, options)?;
    }
    tokenizer.end();
    check(&tokenizer.sink, &stall, options)?;
    let dom = tokenizer.sink.builder.sink.finish();
    match dom.depth() > options.max_depth as usize {
        true => Err(too_deep(options)),
        false => Ok(dom),
    }
}

fn feed(tokenizer: &Tokenizer<Guard>, input: &BufferQueue) {
    // The parser stops at scripts, which are not run here, and goes on when it is called again.
    while !matches!(tokenizer.feed(input), TokenizerResult::Done) {}
}

fn check(guard: &Guard, stall: &Stall, options: &SourceOptions) -> Result<(), Failure> {
    let too_large = |message: String| Err(Failure::new(Stage::Extract, Code::TooLarge, message));
    // An estimate, since the parser moves whole subtrees up: what is twice too deep is given up at once, the rest is measured at
    // the end.
    if guard.builder.sink.deepest() > options.max_depth.saturating_mul(2) {
        return Err(too_deep(options));
    }
    if guard.builder.sink.len() > MOST_NODES {
        return too_large(format!("the page has more than {MOST_NODES} elements; is it a web page? split it, or save it as text"));
    }
    if guard.attributes.get() > MOST_ATTRIBUTES || stall.separators > MOST_SEPARATORS {
        return too_large(format!(
            "a tag has more than {MOST_ATTRIBUTES} attributes, or a comment is longer than any real one; save the page as text"
        ));
    }
    Ok(())
}

fn too_deep(options: &SourceOptions) -> Failure {
    let message = format!(
        "elements of the page lie more than {} deep in each other, the limit of max_depth; save the page as text or raise the limit",
        options.max_depth
    );
    Failure::new(Stage::Extract, Code::TooLarge, message)
}

/// Sees the tokens on their way to the tree.
struct Guard {
    builder: TreeBuilder<NodeId, Sink>,
    /// Tokens so far.
    tokens: Cell<u64>,
    /// Most attributes of one tag so far.
    attributes: Cell<usize>,
}

impl TokenSink for Guard {
    type Handle = NodeId;

    fn process_token(&self, token: Token, line_number: u64) -> TokenSinkResult<NodeId> {
        if let Token::TagToken(tag) = &token {
            self.attributes.set(self.attributes.get().max(tag.attrs.len()));
        }
        if !matches!(token, Token::ParseError(_)) {
            self.tokens.set(self.tokens.get() + 1);
        }
        self.builder.process_token(token, line_number)
    }

    fn end(&self) {
        self.builder.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.builder.adjusted_current_node_present_but_not_in_html_namespace()
    }
}

/// How long the parser has been inside one tag or comment.
#[derive(Default)]
struct Stall {
    tokens: u64,
    separators: usize,
}

impl Stall {
    fn see(&mut self, piece: &str, tokens: u64) {
        if tokens != self.tokens {
            *self = Self { tokens, separators: 0 };
        }
        self.separators += piece.bytes().filter(|b| b.is_ascii_whitespace() || matches!(b, b'/' | b'"' | b'\'')).count();
    }
}

/// The source in pieces of at most [`PIECE_BYTES`], cut between characters.
fn pieces(html: &str) -> impl Iterator<Item = &str> {
    let mut rest = html;
    std::iter::from_fn(move || {
        let (piece, after) = rest.split_at(rest.floor_char_boundary(PIECE_BYTES));
        rest = after;
        (!piece.is_empty()).then_some(piece)
    })
}

/// The source without long base64 data, which some pages hold in megabytes.
fn without_base64(html: &str) -> Cow<'_, str> {
    const MARK: &str = ";base64,";
    let mut out = String::new();
    let mut rest = html;
    let mut copied = 0;
    while let Some(at) = memchr::memmem::find(rest.as_bytes(), MARK.as_bytes()) {
        let start = html.len() - rest.len() + at + MARK.len();
        let is_base64 = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'=');
        let run = html.as_bytes()[start..].iter().take_while(|b| is_base64(b)).count();
        if run >= LONG_BASE64 {
            out.push_str(&html[copied..start]);
            copied = start + run;
        }
        rest = &html[start + run..];
    }
    match copied {
        0 => Cow::Borrowed(html),
        _ => Cow::Owned(out + &html[copied..]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(html: &str) -> Option<Code> {
        parse(html, &SourceOptions::default()).err().map(|failure| failure.code)
    }

    #[test]
    fn nesting_has_a_limit_that_is_exact() {
        let nested = |depth: usize| format!("{}文{}", "<div>".repeat(depth), "</div>".repeat(depth));
        // html and body are the other two.
        assert_eq!((code(&nested(254)), code(&nested(255))), (None, Some(Code::TooLarge)));
        for tag in ["<div>", "<b>", "<table>", "<table><tr><td>", "<ul><li>", "<svg>", "<font color=1>", "<a><b>", "<template>"] {
            assert!(matches!(code(&tag.repeat(100_000)), None | Some(Code::TooLarge)), "{tag}");
        }
    }

    #[test]
    fn a_tag_with_attributes_without_end_is_given_up() {
        let many = |count: usize| (0..count).map(|n| format!(" a{n}")).collect::<String>();
        assert_eq!(code(&format!("<p{}>文", many(900))), None);
        assert_eq!(code(&format!("<p{}>文", many(1_100))), Some(Code::TooLarge));
        assert_eq!(code(&format!("</p{}>文", many(1_100))), Some(Code::TooLarge));
        assert_eq!(code(&format!("<p{}", many(200_000))), Some(Code::TooLarge));
    }

    #[test]
    fn formatting_that_is_never_closed_does_not_multiply() {
        let open: String = (0..200).map(|n| format!("<font size={n}>")).collect();
        assert_eq!(code(&format!("<p>{open}</p>{}", "<p>x".repeat(100_000))), Some(Code::TooLarge));
    }

    #[test]
    fn pictures_inside_the_page_are_no_text() {
        let picture = "A/b+".repeat(500_000);
        assert_eq!(code(&format!("<img src=\"data:image/png;base64,{picture}\">文")), None);
        let cut = without_base64("<img src='data:;base64,AAAA'>");
        assert!(matches!(cut, Cow::Borrowed(_)));
        let long = format!("a;base64,{}'b;base64,{}'c", "A".repeat(5_000), "B".repeat(6_000));
        assert_eq!(without_base64(&long), "a;base64,'b;base64,'c");
    }
}
