//! PDF: the text layer of its pages as paragraphs, if it has one that can be used.
//!
//! Pages are read into lines where they stand; running headers, footers and page numbers go; a gate refuses what is no text;
//! lines are joined to paragraphs. All of it happens in a process of its own, see `helper`.

#[cfg(feature = "pdf")]
mod extract;
#[cfg(feature = "pdf")]
mod gate;
#[cfg(feature = "pdf")]
mod layout;
#[cfg(feature = "pdf")]
mod lines;
#[cfg(not(feature = "pdf"))]
mod without;

use serde::{Deserialize, Serialize};

use super::helper::{self, Answer, Job};
use crate::source::extracted::Extracted;
use crate::source::metadata::Metadata;
use crate::source::options::SourceOptions;
use crate::source::quarantine::Failure;

#[cfg(feature = "pdf")]
pub(super) use extract::extract;
#[cfg(not(feature = "pdf"))]
pub(super) use without::extract;

/// What a PDF says.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::source) struct PdfText {
    /// One paragraph a line.
    pub text: String,
    /// Whether parts could not be read: the file is cut, or a page is broken.
    pub is_damaged: bool,
}

/// The lines of each page, in reading order.
#[cfg(feature = "pdf")]
#[derive(Debug, Default, PartialEq)]
struct Pages(Vec<Vec<lines::Line>>);

/// Reads a PDF. Metadata stay empty, since the properties that writers put in hold templates and names of clerks more often than
/// titles; a damaged file that still gives text is warned of (`W_DAMAGED`).
///
/// # Errors
/// `E_FORMAT` for a password, a file that cannot be opened, or a build without the feature `pdf`; `E_TOO_LARGE` for more than
/// `max_pages`; `E_PDF_TEXT` for a scan or a font without a map; `E_TIMEOUT` and `E_CRASH` as in `helper`.
pub(in crate::source) fn read(bytes: &[u8], options: &SourceOptions) -> Result<Extracted, Failure> {
    // Without the feature there is nothing that could take time.
    let read = if cfg!(feature = "pdf") { helper::read(Job::Pdf, bytes, options)? } else { Answer::Text(extract(bytes, options)?) };
    let Answer::Text(found) = read else { return Err(helper::no_answer()) };
    let warnings = if found.is_damaged { vec!["W_DAMAGED"] } else { Vec::new() };
    Ok(Extracted { metadata: Metadata { warnings, ..Metadata::default() }, text: found.text })
}
