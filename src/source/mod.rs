//! From input folders to documents with metadata: found, decoded, cut into records.
//!
//! In: input roots and limits. Out: [`Document`]s whose decoded text never changes, and a [`Quarantined`] row for every input
//! that could not be used. Nothing is dropped in silence, what a file is its bytes say, and no reader asks the clock. This
//! room does not know words or counts.
//!
//! Adding a format: a new file here and a line in `formats::of_name`.

mod batch;
mod compress;
mod csv;
mod date;
mod decode;
mod document;
mod extracted;
mod formats;
mod json;
mod jsonl;
mod lines;
mod list;
mod metadata;
mod options;
mod path_date;
mod quarantine;
mod readers;
mod records;
mod rows;
mod start;
#[cfg(test)]
mod tests;

pub use batch::{Batch, BatchReader, ReadBatch};
pub use date::Date;
pub use document::{ContentHash, DocId, Document, UniqueIds, Warning};
pub use list::{InputRoot, ListError, Listing, SourceFile, list};
pub use options::{Encoding, FieldOptions, SourceOptions};
pub use quarantine::{Code, Quarantined, Stage, sorted_and_capped};
pub use readers::helper::{EXTRACTION_COMMAND, serve_extraction};
