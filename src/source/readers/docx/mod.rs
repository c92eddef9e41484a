//! Word documents (.docx): one document a file, text as a person reads it.
//!
//! In: the bytes of the file. Out: one paragraph a line, also those of table cells, in reading order; a text box once, in lines
//! after the paragraph it hangs on; then footnotes and endnotes. Nothing outside the file is asked for.
//!
//! Kept: inserted revisions, the text of links, fields and content controls, formulas, the base of phonetic guides.
//!
//! Left out, because nobody reads it as text of the document: deleted and moved-away revisions, comments, field codes, hidden
//! text (also hidden by its style), headers and footers, characters of symbol fonts, soft hyphens, and the entries of a table of
//! contents, which say every heading once more, with a page number. Charts and SmartArt are pictures here.
//!
//! **Automatic numbers (一、 1. 第一条) are not in the text**: Word stores a rule for them and counts when it shows the page.
//! Nor are the properties of the file asked for title or date: they are those of the template or of the last save.

mod body;
mod fields;
mod links;
mod package;
mod styles;
#[cfg(test)]
mod tests;
mod text;
mod xml;

use crate::source::extracted::Extracted;
use crate::source::metadata::Metadata;
use crate::source::options::SourceOptions;
use crate::source::quarantine::{Code, Failure, Stage};

use body::{Body, Story};
use links::Links;
use package::Package;
use styles::Styles;

/// Text of a Word document; its title where the first paragraph with text has the style Title (标题), all else of the metadata
/// empty. The title stands again as the first line of the text.
///
/// Errors:
/// - `E_FORMAT`: the archive or one of its parts is damaged, holds no Word document, or is protected with a password; half a
///   text is never returned;
/// - `E_TOO_LARGE`: a part unpacks to more than `max_file_bytes` or `max_expansion` allow, elements lie deeper than
///   `max_depth`, or the text is longer than `max_document_bytes`;
/// - `E_EMPTY`: no text.
pub(in crate::source) fn read(bytes: &[u8], options: &SourceOptions) -> Result<Extracted, Failure> {
    let mut package = Package::open(bytes, options)?;
    let main = Links::main_part(&mut package, options)?;
    let links = Links::of_part(&main, &mut package, options)?;
    let styles = match links.styles.as_deref().map(|name| package.part(name)).transpose()?.flatten() {
        Some(part) => Styles::read(&part, options.max_depth)?,
        None => Styles::default(),
    };
    let mut body = Body::new(&styles, options);
    let part = package.part(&main)?.ok_or_else(|| package::missing(&main))?;
    body.read(&part, Story::Document)?;
    drop(part);
    for name in [links.footnotes, links.endnotes].into_iter().flatten() {
        let part = package.part(&name)?.ok_or_else(|| package::missing(&name))?;
        body.read(&part, Story::Notes)?;
    }
    let (title, text) = body.finish();
    if text.is_empty() {
        return Err(Failure::new(Stage::Extract, Code::Empty, "expected a Word document with text, found no text in it (only pictures?)"));
    }
    Ok(Extracted { metadata: Metadata { title, ..Metadata::default() }, text })
}

/// A document that cannot be read as a whole; `found` says what is wrong with it, in a few words.
fn damaged(found: &str) -> Failure {
    let message = format!(
        "expected a Word document (.docx), found a damaged one ({found}); open and save it again in Word or WPS, or get an undamaged copy"
    );
    Failure::new(Stage::Extract, Code::Format, message)
}

fn too_large(message: String) -> Failure {
    Failure::new(Stage::Extract, Code::TooLarge, message)
}

/// A name out of the file, short enough for a message.
fn shown(name: &str) -> String {
    const LONGEST: usize = 60;
    let mut shown: String = name.chars().take(LONGEST).filter(|c| !c.is_control()).collect();
    if name.chars().nth(LONGEST).is_some() {
        shown.push('…');
    }
    shown
}
