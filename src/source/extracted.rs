//! What a reader makes of a file that is one document.

use super::metadata::Metadata;

/// Text and metadata as the format states them, before first lines, dateline and file name are asked.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Extracted {
    /// What the format itself says: front matter, meta tags, headings marked as titles. What it does not say stays empty.
    pub metadata: Metadata,
    /// One paragraph a line, parted by LF, without mark-up. Characters are as written: nothing is normalised here. A title in
    /// `metadata` may stand again as the first line.
    pub text: String,
}
