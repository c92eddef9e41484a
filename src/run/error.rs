//! Why a run published nothing.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

use crate::diagnostic::{Diagnostic, shown};
use crate::report::PublishError;
use crate::source::ListError;
use crate::state::LockError;

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
    /// The state cannot be made or written.
    #[error("{path}: the state cannot be written: {source}; {} name another folder with run.state", state_advice(.source))]
    State {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Another run is at work, or there are no locks.
    #[error("{0}")]
    Lock(#[from] LockError),
    /// More documents are gone than `run.max_removed` allows.
    #[error("{0}")]
    TooManyRemoved(String),
    /// A table is not what it should be.
    #[error("{0}; nothing was published, and the tables were left in {1} to be looked at; this is a bug of yuliao, please report it")]
    SelfCheck(String, PathBuf),
    /// Numbers would no longer be comparable with those of the last report.
    #[error("{0}")]
    SeriesBreak(String),
    /// A signal ended it.
    #[error("interrupted by signal {0}; nothing was published, and what was read is kept for the next run")]
    Interrupted(u8),
    /// A bug in this program.
    #[error("{0}; this is a bug of yuliao, please report it")]
    Bug(String),
}

/// Whether a disk is full or broken, rather than a permission missing.
fn is_about_space(error: &io::Error) -> bool {
    use io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull, WriteZero};
    // EIO has no kind of its own.
    const BROKEN: Option<i32> = if cfg!(unix) { Some(5) } else { None };
    [StorageFull, QuotaExceeded, FileTooLarge, WriteZero].contains(&error.kind()) || (BROKEN.is_some() && error.raw_os_error() == BROKEN)
}

/// What to do about a state that cannot be written.
fn state_advice(error: &io::Error) -> &'static str {
    if is_about_space(error) { "make room on the disk, or have it mended, or" } else { "mend its permissions or" }
}

impl RunError {
    pub(super) fn state(path: &std::path::Path, source: io::Error) -> Self {
        Self::State { path: path.to_path_buf(), source }
    }

    pub(super) fn writing(table: &str, source: io::Error) -> Self {
        if source.kind() == io::ErrorKind::InvalidData {
            return Self::Bug(source.to_string());
        }
        Self::Writing { table: table.to_string(), source }
    }

    /// How the program should end.
    pub fn exit(&self) -> ExitCode {
        match self {
            Self::Config(_) | Self::SeriesBreak(_) => ExitCode::Config,
            Self::State { source, .. } if is_about_space(source) => ExitCode::Io,
            Self::State { .. } | Self::Lock(LockError::Unable { .. }) => ExitCode::CannotCreate,
            Self::Lock(LockError::Busy { .. }) => ExitCode::Busy,
            Self::TooManyRemoved(_) => ExitCode::NoInput,
            Self::SelfCheck(..) => ExitCode::Bug,
            Self::Interrupted(signal) => ExitCode::Interrupted(*signal),
            Self::BadData(_) | Self::TooManyBad { .. } => ExitCode::BadData,
            Self::NoInput(ListError::SameName { .. } | ListError::Nested { .. }) => ExitCode::Config,
            Self::NoInput(ListError::Root { .. }) | Self::NothingLeft(_) => ExitCode::NoInput,
            Self::Publish(PublishError::Replace { source, .. }) if is_about_space(source) => ExitCode::Io,
            Self::CannotCreate(_) | Self::Publish(PublishError::Unwritable { .. } | PublishError::Replace { .. }) => ExitCode::CannotCreate,
            Self::Publish(PublishError::Busy { .. }) => ExitCode::Busy,
            Self::Publish(PublishError::Write { .. }) | Self::Writing { .. } | Self::List { .. } => ExitCode::Io,
            Self::Bug(_) => ExitCode::Bug,
        }
    }
}
