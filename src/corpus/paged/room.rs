//! How much may be in memory, and where the rest goes.

use std::fs::File;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::layout::Layout;
use super::scratch::Scratch;
use super::{Body, PagedShard, Stored};
use crate::corpus::Shard;

/// How much memory what is known of the texts may take, and where the rest goes.
#[derive(Debug, Clone, Default)]
pub struct Room(Option<Arc<Limited>>);

#[derive(Debug)]
struct Limited {
    /// What is left for shards and what is kept of them.
    left: AtomicUsize,
    block_bytes: usize,
    file: Arc<Scratch>,
}

/// One part in so many of the memory of a run may be held by shards and rows; the others are for what is made of them.
const HELD_SHARE: usize = 20;
/// One part in so many is what a table may count at once.
const BLOCK_SHARE: usize = 10;

impl Room {
    /// Room for all.
    pub fn unlimited() -> Self {
        Self::default()
    }

    /// Room for a run that is to take about this many bytes; what it has no room for goes into `file`, which is empty, can be read and
    /// written, and is nobody else's.
    pub fn of_bytes(bytes: usize, file: File) -> Self {
        let (left, file) = (AtomicUsize::new(bytes / HELD_SHARE), Arc::new(Scratch::new(file)));
        Self(Some(Arc::new(Limited { left, block_bytes: bytes / BLOCK_SHARE, file })))
    }

    /// Whether there is room for all.
    pub fn is_unlimited(&self) -> bool {
        self.0.is_none()
    }

    /// # Errors
    /// When something could not be written or read since the last call: what was made meanwhile must not be used.
    pub fn check(&self) -> io::Result<()> {
        self.0.as_ref().map_or(Ok(()), |limited| limited.file.check())
    }

    /// How many bytes a table should count at once, where it can be counted piece by piece.
    pub fn block_bytes(&self) -> usize {
        self.0.as_ref().map_or(usize::MAX, |limited| limited.block_bytes)
    }

    /// Takes room for so many bytes; gives the file that they must go into if there is none.
    pub(super) fn file_for(&self, bytes: usize) -> Option<&Arc<Scratch>> {
        let Limited { left, file, .. } = &**self.0.as_ref()?;
        let is_taken = left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(bytes)).is_ok();
        (!is_taken).then_some(file)
    }

    /// Keeps a shard.
    pub fn keep(&self, shard: Shard) -> PagedShard {
        let Some(file) = self.file_for(shard.bytes()) else { return shard.into() };
        match Layout::write(&shard, file) {
            Some((layout, theme_starts)) => PagedShard::new(&shard, Body::Stored(Stored { file: Arc::clone(file), layout, theme_starts })),
            // The failure is told by `check`.
            None => shard.into(),
        }
    }
}
