//! From input folders to documents with metadata: found, decoded, cut into records.
//!
//! In: input roots and limits. Out: [`Document`]s whose decoded text never changes, and a [`Quarantined`] row for every input
//! that could not be used. Nothing is dropped in silence, what a file is its bytes say, and no reader asks the clock. This
//! room does not know words or counts.
//!
//! Adding a format: a reader in `readers/`, its line in `formats` and in `read`.

mod archive;
mod batch;
mod compress;
mod decode;
mod document;
mod extracted;
mod formats;
mod guard;
mod input;
mod lines;
mod list;
mod metadata;
mod options;
mod pieces;
mod quarantine;
mod read;
mod readers;
mod records;
mod signatures;
mod stamp;
mod start;
#[cfg(test)]
mod tests;
mod workbook;

pub use batch::{Batch, BatchReader, ReadBatch};
pub use document::{ContentHash, DocId, Document, TextKey, UniqueIds, Warning, known};
pub use list::{InputRoot, ListError, Listing, SourceFile, list};
pub use metadata::Date;
pub use options::{FieldOptions, SourceOptions};
pub use quarantine::{Code, Quarantined, Stage, sorted_and_capped};
pub use readers::helper::{EXTRACTION_COMMAND, serve_extraction};
pub use stamp::FileStamp;
