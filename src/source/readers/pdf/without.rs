//! The reader of a build without the feature `pdf`.

use super::PdfText;
use crate::source::options::SourceOptions;
use crate::source::quarantine::{Code, Failure, Stage};

/// Refuses every PDF.
pub(in crate::source::readers) fn extract(_: &[u8], _: &SourceOptions) -> Result<PdfText, Failure> {
    Err(Failure::new(Stage::Extract, Code::Format, "this build reads no PDF (feature pdf is off); save its text as .txt"))
}
