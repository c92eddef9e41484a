//! state.json: whose folder this is, and how the last published report looked.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::source::FileStamp;

use super::files::write_whole;

/// Raised when the layout of the folder changes. The first had no checksum.
const FORMAT: u32 = 2;
const WITHOUT_CHECKSUM: u32 = 1;

/// What the file says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Memory {
    format: u32,
    /// BLAKE3 of all of it with this empty, in hex.
    #[serde(default)]
    checksum: String,
    /// Names the folder: a report belongs to one.
    pub state_id: String,
    /// The last published run.
    pub last: Option<LastRun>,
    /// Files that were being read when a run was killed, by path.
    #[serde(default)]
    pub suspects: BTreeMap<String, Suspect>,
}

/// A file that may have ended a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Suspect {
    /// How it looked.
    pub stamp: FileStamp,
    /// How many runs ended while it was being read.
    pub crashes: u32,
    /// The version of the program that they were.
    pub program: String,
}

/// The last published run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LastRun {
    /// Its id.
    pub run_id: String,
    /// The folder it was published into.
    pub output: String,
    /// The inputs it read.
    pub roots: Vec<String>,
    /// Hash of all that its tables depend on but the documents.
    pub settings: String,
    /// Hash of all input paths with their bytes.
    pub inputs: String,
    /// The run that changes.csv compared with, if any.
    pub baseline: Option<String>,
    /// How the files looked when they were in place.
    pub files: BTreeMap<String, FileStamp>,
    /// SHA-256 of the files by name, in hex.
    #[serde(default)]
    pub hashes: BTreeMap<String, String>,
    /// Documents in its tables.
    pub documents: u64,
    /// Inputs that could not be used.
    pub quarantined: u64,
}

impl Memory {
    /// A new one with this id.
    pub fn new(state_id: String) -> Self {
        Self { format: FORMAT, checksum: String::new(), state_id, last: None, suspects: BTreeMap::new() }
    }

    /// Reads it; nothing if it is not there, damaged or of another layout.
    pub fn load(path: &Path) -> Option<Self> {
        let found: Self = serde_json::from_slice(&fs::read(path).ok()?).ok()?;
        let is_whole = match found.format {
            FORMAT => found.sum().is_ok_and(|sum| sum == found.checksum),
            WITHOUT_CHECKSUM => found.checksum.is_empty(),
            _ => false,
        };
        is_whole.then_some(Self { format: FORMAT, ..found })
    }

    fn sum(&self) -> io::Result<String> {
        let bytes = serde_json::to_vec(&Self { checksum: String::new(), ..self.clone() })?;
        Ok(blake3::hash(&bytes).to_hex().to_string())
    }

    /// Stores it.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn store(&self, path: &Path) -> io::Result<()> {
        let mut bytes = serde_json::to_vec_pretty(&Self { checksum: self.sum()?, ..self.clone() })?;
        bytes.push(b'\n');
        write_whole(path, &bytes)
    }
}
