//! Inputs that could not be used, as values.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// Where an input failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
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
    /// It took longer than it may.
    Timeout,
    /// The process that read it died.
    Crash,
    /// A PDF without a text layer that can be used.
    PdfText,
    /// It changed while it was read.
    Changed,
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
            Self::Timeout => "E_TIMEOUT",
            Self::Crash => "E_CRASH",
            Self::PdfText => "E_PDF_TEXT",
            Self::Changed => "E_CHANGED",
        }
    }

    /// Whether it depends on the machine or the moment: such an input is tried again on every run. What ended the program twice is not,
    /// until it changes or the program does.
    pub fn is_by_chance(self) -> bool {
        matches!(self, Self::Read | Self::Timeout | Self::Changed)
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
    /// How many inputs this row stands for: 1, or more where a file has so many bad records that not all get a row.
    pub count: u64,
}

/// Rows for the bad records of one file, and in one batch of it. A file of another kind that only has the name of one of
/// records would otherwise fill memory with millions of messages.
const MOST_ROWS_PER_FILE: usize = 200;
/// One more, so that the row which stands for many never takes the place of one that is shown, however a file was cut into batches.
pub(super) const MOST_ROWS_PER_BATCH: usize = MOST_ROWS_PER_FILE + 1;

/// Sorts by path and record, and makes one row of all that a file has beyond the first two hundred.
pub fn sorted_and_capped(mut all: Vec<Quarantined>) -> Vec<Quarantined> {
    // Rows that stand for many come last in their file while it is capped.
    all.sort_by(|a, b| (&a.path, a.count > 1, a.record).cmp(&(&b.path, b.count > 1, b.record)));
    let mut out: Vec<Quarantined> = Vec::with_capacity(all.len());
    for group in all.chunk_by(|a, b| a.path == b.path) {
        let (shown, rest) = group.split_at(group.iter().take(MOST_ROWS_PER_FILE).take_while(|bad| bad.count == 1).count());
        let count = rest.iter().map(|bad| bad.count).sum();
        out.extend((count > 1).then(|| Quarantined::many(&group[0].path, count)));
        out.extend_from_slice(shown);
        // One alone is a row like the others.
        out.extend_from_slice(if count == 1 { rest } else { &[] });
    }
    out
}

impl Quarantined {
    /// One row for many bad records of a file.
    pub(super) fn many(path: &Arc<str>, count: u64) -> Self {
        let message = format!("{count} more records of this file could not be used; is it of the kind that its name says?");
        Self { path: path.clone(), record: None, bytes: 0, stage: Stage::Split, code: Code::Row, message, count }
    }

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
        Quarantined { path: path.clone(), record, bytes, stage: self.stage, code: self.code, message: self.message, count: 1 }
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::new(Stage::Read, Code::Read, format!("cannot be read: {error}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_bad_records_gets_two_hundred_rows_and_one_for_the_rest() {
        let bad = |path: &str, record| Failure::new(Stage::Split, Code::Row, "no").at(&path.into(), Some(record), 1);
        let mut all: Vec<Quarantined> = (1..=1_500).rev().map(|record| bad("b", record)).collect();
        all.push(Quarantined::many(&"b".into(), 40));
        all.push(bad("a", 7));
        let capped = sorted_and_capped(all);
        assert_eq!((capped.len(), capped.iter().map(|bad| bad.count).sum::<u64>()), (202, 1_541));
        assert_eq!((&*capped[0].path, capped[1].record, capped[1].count), ("a", None, 1_340));
        assert_eq!((capped[2].record, capped[201].record), (Some(1), Some(200)));
        assert!(capped[1].message.starts_with("1340 more records"));
    }

    #[test]
    fn rows_do_not_depend_on_batches() {
        let bad = |record| Failure::new(Stage::Split, Code::Row, "no").at(&"b".into(), Some(record), 1);
        let read = |borders: &[u64]| {
            let batches = borders.windows(2).map(|w| {
                let mut batch = crate::source::batch::ReadBatch::default();
                (w[0]..w[1]).for_each(|record| batch.refuse(bad(record)));
                batch.quarantined
            });
            sorted_and_capped(batches.flatten().collect())
        };
        for last in [200, 201, 202, 301] {
            let whole = read(&[1, last + 1]);
            assert_eq!(whole.iter().map(|bad| bad.count).sum::<u64>(), last);
            assert_eq!(whole, read(&[1, 100, 150, last + 1]));
            assert_eq!(whole, sorted_and_capped(whole.clone()), "{last}: capped once or twice");
        }
    }
}
