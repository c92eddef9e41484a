//! The documents of published runs: what a later run is compared with.

use std::fs;
use std::io;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::corpus::{Seal, seal, unseal};
use crate::source::{Date, DocId, TextKey};

use super::files::write_whole;

const KIND: [u8; 2] = *b"bl";
const ANY: Seal = [0; 32];
/// Baselines kept: a quarter of a year of daily runs.
const MOST: usize = 90;

/// A published run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Baseline {
    /// Its id.
    pub run_id: String,
    /// When it was published, in seconds since 1970.
    pub published: i64,
    /// The folder it was published into.
    pub output: String,
    /// The parts of its fingerprint, by name.
    pub fingerprint: Vec<(String, String)>,
    /// Its documents, by id.
    pub documents: Vec<BaselineDocument>,
}

/// A document of a published run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BaselineDocument {
    /// Its id.
    pub id: DocId,
    /// Its text.
    pub key: TextKey,
    /// Its tokens, as they were counted.
    pub tokens: u64,
    /// Its date.
    pub date: Option<Date>,
    /// Its title.
    pub title: String,
}

/// The folder of them.
#[derive(Debug, Clone)]
pub struct Baselines(PathBuf);

impl Baselines {
    pub(super) fn new(path: PathBuf) -> Self {
        Self(path)
    }

    /// Stores a run and drops the oldest ones.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn add(&self, baseline: &Baseline) -> io::Result<()> {
        let bytes = seal(KIND, &ANY, baseline).map_err(io::Error::other)?;
        write_whole(&self.0.join(&baseline.run_id), &bytes)?;
        let ids = self.ids();
        for id in ids.iter().skip(MOST) {
            // An old one more harms nobody.
            let _ = fs::remove_file(self.0.join(id));
        }
        Ok(())
    }

    /// Ids of the runs kept, the newest first.
    pub fn ids(&self) -> Vec<String> {
        let files = fs::read_dir(&self.0).into_iter().flatten().flatten();
        let names = files.filter_map(|file| file.file_name().into_string().ok());
        let mut ids: Vec<String> = names.filter(|name| name.starts_with('r')).collect();
        ids.sort_unstable_by(|a, b| b.cmp(a));
        ids
    }

    /// A run, if it is there and whole.
    pub fn load(&self, id: &str) -> Option<Baseline> {
        let is_plain = id.starts_with('r') && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        let bytes = is_plain.then(|| fs::read(self.0.join(id)).ok()).flatten()?;
        unseal(KIND, &ANY, &bytes).ok()
    }
}
