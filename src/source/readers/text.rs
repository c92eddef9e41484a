//! Plain text: one document a file.

use crate::source::metadata::Metadata;
use crate::source::options::SourceOptions;

/// Metadata and body of a plain text.
pub(in crate::source) fn read(text: &str, path: &str, options: &SourceOptions) -> (Metadata, String) {
    let (mut metadata, body) = Metadata::from_head(text);
    let body = metadata.without_title(&text[body..]).to_string();
    metadata.complete(&body, path, options);
    (metadata, body)
}
