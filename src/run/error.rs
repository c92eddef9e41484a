//! Why a run published nothing.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

use crate::diagnostic::{Diagnostic, shown};
use crate::report::PublishError;
use crate::source::ListError;

use super::ExitCode;

/// A failed run: the old report stands.
#[derive(Debug, Error)]
pub enum RunError {
    /// Settings that contradict each other or the file system.
    #[error("{0}")]
    Config(String),
    /// Word lists or taxonomy with errors; the first problems of each file are shown.
    #[error("{}", shown(.0).join("\n"))]
    BadData(Vec<Diagnostic>),
    /// Nothing can be written where it was asked for.
    #[error("{0}")]
    CannotCreate(String),
    /// More inputs could not be used than `run.max_bad` allows.
    #[error("{bad} of {all} inputs could not be used, more than run.max_bad = \"{limit}\" allows; the first:{first}")]
    TooManyBad {
        /// Inputs in quarantine.
        bad: u64,
        /// All inputs.
        all: u64,
        /// The limit.
        limit: String,
        /// The first of them with their messages, one a line.
        first: String,
    },
    /// Nothing is left to report although the report before had documents.
    #[error("{0}")]
    NothingLeft(String),
    /// The inputs cannot be listed.
    #[error("{0}")]
    NoInput(#[from] ListError),
    /// The output cannot be written.
    #[error("{0}")]
    Publish(#[from] PublishError),
    /// Writing aside failed.
    #[error("{table}: cannot be written: {source}; the old report stands")]
    Writing {
        /// The table or file.
        table: String,
        /// What the system said.
        source: io::Error,
    },
    /// A word list could not be changed.
    #[error("{path}: cannot be written: {source}; the list is as it was")]
    List {
        /// The list.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A bug in this program.
    #[error("{0}; this is a bug of yuliao, please report it")]
    Bug(String),
}

impl RunError {
    pub(super) fn writing(table: &str, source: io::Error) -> Self {
        if source.kind() == io::ErrorKind::InvalidData {
            return Self::Bug(source.to_string());
        }
        Self::Writing { table: table.to_string(), source }
    }

    /// How the program should end.
    pub fn exit(&self) -> ExitCode {
        match self {
            Self::Config(_) => ExitCode::Config,
            Self::BadData(_) | Self::TooManyBad { .. } => ExitCode::BadData,
            Self::NoInput(ListError::SameName { .. }) => ExitCode::Config,
            Self::NoInput(ListError::Root { .. }) | Self::NothingLeft(_) => ExitCode::NoInput,
            Self::CannotCreate(_) | Self::Publish(PublishError::Unwritable { .. } | PublishError::Replace { .. }) => ExitCode::CannotCreate,
            Self::Publish(PublishError::Busy { .. }) => ExitCode::Busy,
            Self::Publish(PublishError::Write { .. }) | Self::Writing { .. } | Self::List { .. } => ExitCode::Io,
            Self::Bug(_) => ExitCode::Bug,
        }
    }
}
