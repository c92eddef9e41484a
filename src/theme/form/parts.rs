//! The text of a pattern taken apart, by its operator, and brought into the form in which it is matched.

use crate::text::simplified;
use crate::theme::match_text::literal;
use crate::theme::model::{Op, Parts};

use super::regexes::regex;

/// Longest literal, in characters: a search may look at as many from every place of a text.
const LONGEST_LITERAL: usize = 1_000;

/// A text in the form in which it is matched.
pub(super) fn normal(text: &str, to_simplified: bool) -> String {
    if to_simplified { literal(&simplified(text)) } else { literal(text) }
}

/// What a pattern of this operator looks for, or why it cannot.
pub(super) fn parts(op: Op, text: &str, to_simplified: bool) -> Result<Parts, Wrong> {
    match op {
        Op::Term | Op::Token => {
            let normal = normal(text, to_simplified);
            match (op, normal.chars().count()) {
                (_, 0) => Err(Wrong::new("T007", format!("`{text}` is empty once spaces and quotes are left out"))),
                (Op::Term, 1) => {
                    let wrong = Wrong::new("T007", format!("`{text}` is one character and would match inside other words"));
                    Err(wrong.with_help(format!("token = [\"{text}\"] matches it where it is a word of its own")))
                }
                _ => too_long(&normal).map_or(Ok(Parts::Literal(normal)), Err),
            }
        }
        Op::Gap => anchors(text, "..", 50, to_simplified),
        Op::Near => anchors(text, "~", 200, to_simplified),
        Op::Regex => regex(text, to_simplified).map(Parts::Regex),
    }
}

/// `A..n..B` or `A~n~B`.
fn anchors(text: &str, mark: &str, most: u32, to_simplified: bool) -> Result<Parts, Wrong> {
    let wrong = || Wrong::new("T009", format!("expected `A{mark}n{mark}B` with n from 0 to {most} and text on both sides, found `{text}`"));
    // The number stands between two marks; the first that fits is it.
    let split = text.match_indices(mark).find_map(|(at, _)| {
        let (first, rest) = (&text[..at], &text[at + mark.len()..]);
        let (number, second) = rest.split_once(mark)?;
        let limit: u32 = number.parse().ok()?;
        (!first.is_empty() && !second.is_empty()).then_some((first, limit, second))
    });
    let (first, limit, second) = split.ok_or_else(wrong)?;
    let (first, second) = (normal(first, to_simplified), normal(second, to_simplified));
    if first.is_empty() || second.is_empty() || limit > most {
        return Err(wrong());
    }
    too_long(&first).or_else(|| too_long(&second)).map_or(Ok(Parts::Anchors(first, limit, second)), Err)
}

/// Why a pattern is none.
pub(super) struct Wrong {
    pub code: &'static str,
    pub message: String,
    pub help: Option<String>,
}

impl Wrong {
    pub fn new(code: &'static str, message: String) -> Self {
        Self { code, message, help: None }
    }

    fn with_help(self, help: String) -> Self {
        Self { help: Some(help), ..self }
    }
}

/// What is wrong with a literal that no search should look for.
pub(super) fn too_long(literal: &str) -> Option<Wrong> {
    let length = literal.chars().count();
    let start: String = literal.chars().take(10).collect();
    let message = || format!("expected at most {LONGEST_LITERAL} characters, found {length}, beginning with `{start}`");
    (length > LONGEST_LITERAL).then(|| Wrong::new("T007", message()))
}
