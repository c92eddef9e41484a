//! Markdown by the rules of CommonMark: text stays, marks go.
//!
//! Front matter and the first heading are metadata. Headings, paragraphs, items, quotes and cells each make a line, footnotes stand
//! at the end. Code between fences, comments, link targets and pictures are left out; the number before an item stays, since it
//! was written. HTML is read as in a web page.
//!
//! A line break of the source inside a paragraph is no end of a line in Markdown, but many exported laws have one paragraph a line
//! and no empty lines between. So the break stays where a paragraph seems to end (see [`breaks`]); otherwise the lines are joined,
//! Chinese characters without a space, words with one. For the same reason an indented paragraph in Chinese is text, although
//! CommonMark calls it code.

mod breaks;
mod front_matter;
mod leaf;
#[cfg(test)]
mod tests;
mod writer;

use pulldown_cmark::{Options, Parser};

use crate::source::extracted::Extracted;
use crate::source::options::SourceOptions;
use crate::source::quarantine::{Code, Failure, Stage};

use writer::Writer;

/// Reads a Markdown text.
///
/// # Errors
/// [`Code::TooLarge`] where quotes and lists lie deeper in each other than `options.max_depth`, and as of HTML in it.
pub(in crate::source) fn read(text: &str, options: &SourceOptions) -> Result<Extracted, Failure> {
    let (mut metadata, source) = front_matter::read(text, &options.fields);
    check_markers(source, options)?;
    let mut writer = Writer::new(source, options);
    let extensions = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_FOOTNOTES | Options::ENABLE_TASKLISTS;
    for (event, range) in Parser::new_ext(source, extensions).into_offset_iter() {
        writer.take(event, range)?;
    }
    let (title, text) = writer.finish()?;
    if metadata.title.is_empty() {
        metadata.title = title;
    }
    Ok(Extracted { metadata, text })
}

/// Refuses a line that opens more quotes and lists than may lie in each other. The parser looks at all open ones on each line,
/// which takes the square of their number.
fn check_markers(source: &str, options: &SourceOptions) -> Result<(), Failure> {
    let deepest = source.split('\n').map(markers).max().unwrap_or(0);
    if deepest > options.max_depth as usize { Err(too_deep(options)) } else { Ok(()) }
}

/// Marks of quotes and lists at the start of a line: `> - 1. `.
fn markers(line: &str) -> usize {
    let mut count = 0;
    let mut rest = line.trim_start_matches([' ', '\t']);
    loop {
        let number = rest.bytes().take_while(u8::is_ascii_digit).count().min(10);
        let mark = if number > 0 { rest[number..].strip_prefix(['.', ')']) } else { rest.strip_prefix(['>', '-', '*', '+']) };
        let Some(after) = mark.filter(|after| rest.starts_with('>') || after.starts_with([' ', '\t'])) else { return count };
        count += 1;
        rest = after.trim_start_matches([' ', '\t']);
    }
}

fn too_deep(options: &SourceOptions) -> Failure {
    let message = format!(
        "quotes and lists lie more than {} deep in each other, the limit of max_depth; save the document as text or raise the limit",
        options.max_depth
    );
    Failure::new(Stage::Extract, Code::TooLarge, message)
}
