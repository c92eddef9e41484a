//! What a project remembers between runs, in one folder that may be deleted at any time: it costs time and the comparison with the
//! last report, nothing else.
//!
//! In: shards, files as they were listed, documents as they were published. Out: the same on the next run, or nothing where
//! anything is damaged, foreign or made with other settings. This room does not know what a run does with it.
//!
//! | file | what |
//! |---|---|
//! | `lock` | held by the operating system while a run works; never deleted |
//! | `state.json` | id of the folder, the last published run, how its files looked |
//! | `catalogue` | every input file with its documents' places in the shards (see [`Catalogue`]) |
//! | `shards/NAME.tokens`, `shards/NAME.SEAL.themes` | segmented documents, and their themes under the taxonomies with this fingerprint |
//! | `baselines/RUN` | the documents of a published run |
//! | `runs.jsonl` | one line for every finished run |
//! | `logs/RUN.jsonl` | its events |
//! | `quarantine.csv` | inputs that the last run could not use, with when each was first seen |
//! | `staging/`, `publish.json` | a report on its way; exist only while a run works, or was killed |
//! | `inflight/` | files that are being read, to know one that ends the program |
//! | `history/RUN/` | dated copies of the tables, if asked for |

mod baseline;
mod catalogue;
mod files;
mod history;
mod inflight;
mod lock;
mod memory;
mod runs;
mod shards;

pub use baseline::{Baseline, BaselineDocument, Baselines, LookBack};
pub use catalogue::{Catalogue, FileEntry, FileWarning, Run, StoredQuarantined};
pub use files::write_whole;
pub use history::keep_copy;
pub use inflight::{InFlight, Mark};
pub use lock::{Holder, Lock, LockError, last_holder};
pub use memory::{LastRun, Memory, Suspect};
pub use runs::{RunLine, RunLog};
pub use shards::{ShardFolder, ShardName};

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The folder.
#[derive(Debug, Clone)]
pub struct StateFolder(PathBuf);

impl StateFolder {
    /// The folder at `path`, which is made if it is not there.
    ///
    /// # Errors
    /// When it cannot be made or written to.
    pub fn create(path: &Path) -> io::Result<Self> {
        fs::create_dir_all(path)?;
        let folder = Self(path.canonicalize()?);
        let probe = folder.0.join(".probe");
        fs::write(&probe, b"")?;
        fs::remove_file(&probe)?;
        Ok(folder)
    }

    /// The same test for one who writes nothing: leaves no trace.
    ///
    /// # Errors
    /// As [`Self::create`].
    pub fn check(path: &Path) -> io::Result<()> {
        let existed = path.exists();
        Self::create(path)?;
        // It was made by the line above and is empty.
        if existed { Ok(()) } else { fs::remove_dir(path) }
    }

    /// The folder at `path` if it is there, to be looked at only.
    pub fn existing(path: &Path) -> Option<Self> {
        path.canonicalize().ok().filter(|path| path.is_dir()).map(Self)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// A file or folder in it.
    pub fn join(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// The shards.
    pub fn shards(&self) -> ShardFolder {
        ShardFolder::new(self.join("shards"))
    }

    /// Published runs with their documents.
    pub fn baselines(&self) -> Baselines {
        Baselines::new(self.join("baselines"))
    }

    /// What is being read.
    pub fn in_flight(&self) -> InFlight {
        InFlight::new(&self.join("inflight"))
    }

    /// Finished runs.
    pub fn runs(&self) -> RunLog {
        RunLog::new(self.join("runs.jsonl"))
    }
}
