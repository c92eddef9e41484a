//! Inputs that could not be used, as values.

use std::sync::Arc;

/// Where an input failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Opening and reading bytes.
    Read,
    /// Bytes to characters.
    Decode,
    /// Text out of a format.
    Extract,
    /// Records out of a file.
    Split,
    /// Segmentation and counting.
    Analyse,
}

impl Stage {
    /// As it stands in quarantine.csv.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Decode => "decode",
            Self::Extract => "extract",
            Self::Split => "split",
            Self::Analyse => "analyse",
        }
    }
}

/// Why an input could not be used. Codes are for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// It cannot be opened or read.
    Read,
    /// It holds nothing.
    Empty,
    /// It is larger than a limit.
    TooLarge,
    /// It is no text.
    Binary,
    /// Its characters cannot be told.
    Encoding,
    /// A record is broken.
    Row,
    /// A kind of file that is not read.
    Format,
    /// A bug: the program failed on it.
    Panic,
}

impl Code {
    /// As it stands in quarantine.csv.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "E_READ",
            Self::Empty => "E_EMPTY",
            Self::TooLarge => "E_TOO_LARGE",
            Self::Binary => "E_BINARY",
            Self::Encoding => "E_ENCODING",
            Self::Row => "E_ROW",
            Self::Format => "E_FORMAT",
            Self::Panic => "E_PANIC",
        }
    }
}

/// An input that could not be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quarantined {
    /// Its path relative to the input root.
    pub path: Arc<str>,
    /// Its record number, if a record is meant.
    pub record: Option<u64>,
    /// Its size as read; 0 if unknown.
    pub bytes: u64,
    /// Where it failed.
    pub stage: Stage,
    /// Why.
    pub code: Code,
    /// What was expected, what was found, what to do: one line of at most 300 characters.
    pub message: String,
}

impl Quarantined {
    /// Its path, with `#` and the record number where one is meant.
    pub fn place(&self) -> String {
        self.record.map_or_else(|| self.path.to_string(), |record| format!("{}#{record}", self.path))
    }

    /// Whether this is a file without a single byte, which is listed but harms nothing: a placeholder, or a feed of a day
    /// without news.
    pub fn is_harmless(&self) -> bool {
        self.code == Code::Empty && self.record.is_none() && self.bytes == 0
    }
}

/// A reason without the place it happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Failure {
    pub stage: Stage,
    pub code: Code,
    pub message: String,
}

impl Failure {
    pub fn new(stage: Stage, code: Code, message: impl Into<String>) -> Self {
        let mut message: String = message.into().split_whitespace().collect::<Vec<_>>().join(" ");
        if let Some((at, _)) = message.char_indices().nth(299) {
            message.truncate(at);
            message.push('…');
        }
        Self { stage, code, message }
    }

    pub fn at(self, path: &Arc<str>, record: Option<u64>, bytes: u64) -> Quarantined {
        Quarantined { path: path.clone(), record, bytes, stage: self.stage, code: self.code, message: self.message }
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::new(Stage::Read, Code::Read, format!("cannot be read: {error}"))
    }
}
