//! How the program ends: the codes that schedulers act on.

/// Exit codes. An unknown code is a failure; 0 always means success.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ExitCode {
    /// Done: the report is published.
    Done,
    /// Done, but some inputs could not be used; the report is published. Carries 3, or what `run.partial_exit` says.
    Partial(u8),
    /// Wrong usage: an unknown flag or command.
    Usage,
    /// Bad data: the taxonomy, dictionary or stop words are invalid, or more than `max_bad` inputs could not be used.
    BadData,
    /// An input folder is missing or cannot be read.
    NoInput,
    /// A bug: a panic outside a document, or a table that contradicts its definition.
    Bug,
    /// The output folder cannot be created or written.
    CannotCreate,
    /// Reading or writing failed on the way, such as a full disk.
    Io,
    /// Another run publishes into the same folder.
    Busy,
    /// The configuration is invalid.
    Config,
    /// Nothing new, and the report is as it should be. Carries 0, or what `run.no_change_exit` says.
    NothingNew(u8),
    /// A signal ended the run; carries its number.
    Interrupted(u8),
}

impl ExitCode {
    /// Every code with what it means, for help and documentation.
    pub const ALL: [(Self, &'static str); 14] = [
        (Self::Done, "done: the report is published; or nothing is new, and it was left as it is"),
        (Self::Partial(3), "done, but some inputs could not be used: see quarantine.csv"),
        (Self::Usage, "wrong usage"),
        (Self::BadData, "taxonomy, dictionary or stop words invalid, or too many bad inputs: nothing published"),
        (Self::NoInput, "an input folder is missing or cannot be read, or too many documents are gone: nothing published"),
        (Self::Bug, "a bug in this program, found by its own checks: nothing published"),
        (Self::CannotCreate, "output or state cannot be created or replaced, or a file is held open: the old report stands"),
        (Self::Io, "read or write error, disk full: the old report stands"),
        (Self::Busy, "another run is at work: nothing published"),
        (Self::Config, "configuration invalid, or a break in series that the configuration refuses: nothing published"),
        (Self::NothingNew(99), "nothing new, where run.no_change_exit = 99"),
        (Self::Interrupted(1), "ended by SIGHUP: nothing published"),
        (Self::Interrupted(2), "ended by SIGINT (Ctrl-C): nothing published"),
        (Self::Interrupted(15), "ended by SIGTERM: nothing published"),
    ];

    /// The number that the process returns.
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Partial(code) => code,
            Self::Usage => 64,
            Self::BadData => 65,
            Self::NoInput => 66,
            Self::Bug => 70,
            Self::CannotCreate => 73,
            Self::Io => 74,
            Self::Busy => 75,
            Self::Config => 78,
            Self::NothingNew(code) => code,
            Self::Interrupted(signal) => 128u8.saturating_add(signal),
        }
    }
}
