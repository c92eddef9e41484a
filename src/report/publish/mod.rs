//! Putting a finished report in place: written aside first, renamed when all of it is complete, the manifest last.
//!
//! Whatever happens on the way, the output folder holds the old report, or the new one, or (if the machine died between two renames) a
//! mixture that its run.json does not vouch for and that the next run mends: forward if all of the new report is there, else back.

mod journal;
mod place;
mod staging;
#[cfg(test)]
mod tests;

pub use journal::{Recovered, recover};
pub use place::{NewFile, NewReport};
pub use staging::{Staging, remove_staging};

use std::io;
use std::path::PathBuf;

use thiserror::Error;

/// Why a report could not be put in place.
#[derive(Debug, Error)]
pub enum PublishError {
    /// The output folder cannot be created or written to.
    #[error("{path}: the output folder cannot be written: {source}; choose another with --output or mend its permissions")]
    Unwritable {
        /// The output folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Another run publishes into the same folder.
    #[error("{path}: another run holds the output folder; wait until it is done, or choose another with --output")]
    Busy {
        /// The output folder.
        path: PathBuf,
    },
    /// A file could not be replaced, and the old report was put back.
    #[error("{path}: cannot be replaced: {source}; the old report stands; close the file if a program has it open")]
    Replace {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The report could not be put in place, and the old one could not be put back whole.
    #[error(
        "{path}: cannot be written: {source}; the report there may be old and new in part: run again; what could not be put back lies in {kept}"
    )]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
        /// The folder with the files of both reports.
        kept: PathBuf,
    },
}
