//! Plain text: one document a file.

use crate::source::extracted::Extracted;
use crate::source::metadata::Metadata;

/// The text as it is.
pub(in crate::source) fn read(text: &str) -> Extracted {
    Extracted { metadata: Metadata::default(), text: text.to_string() }
}
