//! Plain text: one document a file.

use crate::source::extracted::Extracted;
use crate::source::metadata::Metadata;
use crate::text::join_wrapped;

/// The text as it is, but for lines that were broken to fit a page or an e-mail: those are joined again.
pub(in crate::source) fn read(text: &str) -> Extracted {
    Extracted { metadata: Metadata::default(), text: join_wrapped(text).into_owned() }
}
