//! One file for each kind of file that is read: bytes or characters in, text and metadata out.
//!
//! A reader is a function of its input and the options alone: it opens nothing, asks no clock, and bounds what it takes.
//!
//! - readers of characters: `fn read(text: &str, options: &SourceOptions) -> Result<Extracted, Failure>`;
//! - readers of bytes: `fn read(bytes: &[u8], options: &SourceOptions) -> Result<Extracted, Failure>`;
//! - readers of tables: bytes in, sheets of rows out.

pub(super) mod docx;
pub(super) mod helper;
pub(super) mod html;
pub(super) mod markdown;
pub(super) mod pdf;
pub(super) mod rtf;
pub(super) mod sheet;
pub(super) mod text;
