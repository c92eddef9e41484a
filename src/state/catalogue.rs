//! Which input files there were, and where their documents lie in the shards.

use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::corpus::{Seal, StoredError, seal, unseal};
use crate::source::{Code, FileStamp, Quarantined, Stage};

use super::files::write_whole;
use super::shards::ShardName;

const KIND: [u8; 2] = *b"ct";
/// The catalogue is good under any settings: it names those that made what it leads to.
const ANY: Seal = [0; 32];

/// The input files of the last run, in their order.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Catalogue {
    /// Fingerprint of how files are read.
    pub reading: Seal,
    /// Fingerprint of how text is cut.
    pub tokens: Seal,
    /// Fingerprint of what finds themes.
    pub themes: Seal,
    /// The taxonomies: id, and ids of their themes by number.
    pub taxonomies: Vec<(String, Vec<String>)>,
    /// Version of the program: what it could not read is tried again by another.
    pub program: String,
    /// When the files were listed, in nanoseconds since 1970.
    pub listed_at: i64,
    /// The files.
    pub files: Vec<FileEntry>,
    /// The shards that their documents lie in.
    pub shards: Vec<ShardName>,
    /// Shards of documents that are gone or changed, kept for the comparison with an earlier run.
    pub retired: Vec<ShardName>,
}

/// An input file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FileEntry {
    /// Its path in the tables.
    pub path: String,
    /// How it looked.
    pub stamp: FileStamp,
    /// BLAKE3 of its bytes, the first half; nothing if it could not be read.
    pub hash: Option<[u8; 16]>,
    /// Its documents, in order.
    pub documents: Vec<Run>,
    /// What of it could not be used.
    pub quarantined: Vec<StoredQuarantined>,
    /// What was odd about it.
    pub warnings: Vec<FileWarning>,
}

/// Documents that stand behind one another in a shard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// Index of the shard in the catalogue.
    pub shard: u32,
    /// The first of them.
    pub first: u32,
    /// How many.
    pub count: u32,
}

/// An input that could not be used.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StoredQuarantined {
    path: String,
    record: Option<u64>,
    bytes: u64,
    stage: Stage,
    code: Code,
    message: String,
    count: u64,
}

/// A warning about a file or what is in it, counted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FileWarning {
    /// Its code.
    pub code: String,
    /// How often.
    pub count: u64,
    /// The first input it is about.
    pub path: String,
    /// The record of that.
    pub record: Option<u64>,
}

impl From<&Quarantined> for StoredQuarantined {
    fn from(bad: &Quarantined) -> Self {
        let Quarantined { path, record, bytes, stage, code, message, count } = bad.clone();
        Self { path: path.to_string(), record, bytes, stage, code, message, count }
    }
}

impl StoredQuarantined {
    /// As it was.
    pub fn restored(&self) -> Quarantined {
        let Self { path, record, bytes, stage, code, message, count } = self.clone();
        Quarantined { path: path.into(), record, bytes, stage, code, message, count }
    }
}

impl FileEntry {
    /// Whether it failed for a reason that may be gone without any change of the file.
    pub fn failed_by_chance(&self) -> bool {
        self.hash.is_none() || self.quarantined.iter().any(|bad| bad.code.is_by_chance())
    }
}

impl Catalogue {
    /// The catalogue at `path`.
    ///
    /// # Errors
    /// When it is not there, damaged or foreign.
    pub fn load(path: &Path) -> Result<Self, StoredError> {
        let bytes = fs::read(path).map_err(|_| StoredError::Foreign)?;
        let found: Self = unseal(KIND, &ANY, &bytes)?;
        let runs = || found.files.iter().flat_map(|file| &file.documents);
        if runs().any(|run| run.shard as usize >= found.shards.len()) { Err(StoredError::Damaged) } else { Ok(found) }
    }

    /// Stores it at `path`.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn store(&self, path: &Path) -> std::io::Result<()> {
        let bytes = seal(KIND, &ANY, self).map_err(std::io::Error::other)?;
        write_whole(path, &bytes)
    }
}
