//! How files look from outside.

use std::fs;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

/// How a file looks from outside: if nothing of this changed, its bytes did most likely not change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileStamp {
    /// Its size.
    pub bytes: u64,
    /// When it was last written, in nanoseconds since 1970; 0 if unknown.
    pub modified: i64,
    /// Its number in the file system; 0 where there is none.
    pub inode: u64,
}

impl FileStamp {
    /// Of this metadata.
    pub fn of(metadata: &fs::Metadata) -> Self {
        let modified = metadata.modified().ok().map_or(0, nanoseconds);
        #[cfg(unix)]
        let inode = std::os::unix::fs::MetadataExt::ino(metadata);
        #[cfg(not(unix))]
        let inode = 0;
        Self { bytes: metadata.len(), modified, inode }
    }

    /// Of the file at `path`, if it is there.
    pub fn at(path: &Path) -> Option<Self> {
        fs::metadata(path).ok().map(|metadata| Self::of(&metadata))
    }

    /// Whether it was written long enough before `moment` (nanoseconds since 1970) for a later change to show: clocks of file
    /// systems tick in up to two seconds.
    pub fn is_settled_at(&self, moment: i64) -> bool {
        const TICK: i64 = 2_000_000_000;
        self.modified != 0 && self.modified.saturating_add(TICK) < moment
    }
}

/// Nanoseconds since 1970.
fn nanoseconds(time: SystemTime) -> i64 {
    time.duration_since(UNIX_EPOCH).map_or(0, |since| i64::try_from(since.as_nanos()).unwrap_or(i64::MAX))
}
