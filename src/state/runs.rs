//! One line for every finished run.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// A finished run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunLine {
    /// Its id.
    pub run_id: String,
    /// When it began, RFC 3339.
    pub started_at: String,
    /// When it ended, RFC 3339.
    pub finished_at: String,
    /// When it ended, in seconds since 1970.
    pub finished: i64,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
    /// The exit code of the program.
    pub exit_code: u8,
    /// `published`, `nothing_new`, `failed` or `interrupted`.
    pub outcome: String,
    /// Documents in the tables, if it got that far.
    pub documents: Option<u64>,
    /// Documents that the report before did not have.
    pub new: Option<u64>,
    /// Documents whose text changed since.
    pub changed: Option<u64>,
    /// Documents of the report before that are gone.
    pub removed: Option<u64>,
    /// Inputs that could not be used.
    pub quarantined: Option<u64>,
    /// Those of them that make the run a partial one: all but empty files.
    #[serde(default)]
    pub bad: Option<u64>,
    /// Most memory it held, in bytes, where that is known.
    pub peak_memory_bytes: Option<u64>,
    /// What went wrong.
    pub error: Option<String>,
}

impl RunLine {
    /// Whether the report was published, or was found to be as it should be.
    pub fn is_success(&self) -> bool {
        self.outcome == "published" || self.outcome == "nothing_new"
    }
}

/// The file of all of them.
#[derive(Debug, Clone)]
pub struct RunLog(PathBuf);

/// Bytes from which the older half is dropped: some ten thousand runs.
const MOST_BYTES: u64 = 8 << 20;

impl RunLog {
    pub(super) fn new(path: PathBuf) -> Self {
        Self(path)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Adds a run.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn add(&self, line: &RunLine) -> io::Result<()> {
        self.shorten()?;
        let mut text = serde_json::to_string(line)? + "\n";
        if self.is_torn()? {
            text.insert(0, '\n');
        }
        OpenOptions::new().create(true).append(true).open(&self.0)?.write_all(text.as_bytes())
    }

    /// All runs that can be read, the first one first. A line that was cut by a crash is passed over.
    pub fn read(&self) -> Vec<RunLine> {
        let bytes = fs::read(&self.0).unwrap_or_default();
        bytes.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok()).collect()
    }

    /// Whether the last line was cut: what is added must not become a part of it.
    fn is_torn(&self) -> io::Result<bool> {
        let mut file = match File::open(&self.0) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            opened => opened?,
        };
        let mut last = [b'\n'];
        if file.seek(SeekFrom::End(-1)).is_ok() {
            file.read_exact(&mut last)?;
        }
        Ok(last != *b"\n")
    }

    fn shorten(&self) -> io::Result<()> {
        if fs::metadata(&self.0).map_or(0, |file| file.len()) < MOST_BYTES {
            return Ok(());
        }
        let bytes = fs::read(&self.0)?;
        let half = bytes.len() / 2;
        let start = bytes[half..].iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |at| half + at + 1);
        super::files::write_whole(&self.0, &bytes[start..])
    }
}
