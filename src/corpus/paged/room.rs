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
    /// Bytes of the shards that were kept so far, in memory or in the file, and [`Self::small`] where too many are expected.
    shards: AtomicUsize,
    /// As long as the shards take less than this, there is room for all that is made of them.
    small: usize,
    /// What is left for shards and rows where there is not.
    left: AtomicUsize,
    block_bytes: usize,
    file: Arc<Scratch>,
}

/// A corpus whose shards take less than one part in so many of the memory of a run is counted as if there were no limit: all that
/// is made of them takes less than twice as much once more.
const SMALL_SHARE: usize = 3;
/// One part in so many of the memory of a run may be held by shards and rows of a larger one; the others are for what is made of them.
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
        let [shards, left] = [0, bytes / HELD_SHARE].map(AtomicUsize::new);
        let file = Arc::new(Scratch::new(file));
        Self(Some(Arc::new(Limited { shards, small: bytes / SMALL_SHARE, left, block_bytes: bytes / BLOCK_SHARE, file })))
    }

    /// The same for shards that will likely take so many bytes: if they are too many, the first ones are not held until that is seen.
    #[must_use]
    pub fn expecting(self, bytes: usize) -> Self {
        if let Some(limited) = self.0.as_ref().filter(|limited| bytes >= limited.small) {
            // As many as are too many: what is added to a guess without bounds could pass the largest number.
            limited.shards.store(limited.small, Ordering::Relaxed);
        }
        self
    }

    /// The limit, once the shards are too many to do without.
    fn limit(&self) -> Option<&Limited> {
        self.0.as_deref().filter(|limited| limited.shards.load(Ordering::Relaxed) >= limited.small)
    }

    /// Whether there is room for all that was kept so far.
    pub fn is_unlimited(&self) -> bool {
        self.limit().is_none()
    }

    /// # Errors
    /// When something could not be written or read since the last call: what was made meanwhile must not be used.
    pub fn check(&self) -> io::Result<()> {
        self.0.as_ref().map_or(Ok(()), |limited| limited.file.check())
    }

    /// How many bytes a table should count at once, where it can be counted piece by piece.
    pub fn block_bytes(&self) -> usize {
        self.limit().map_or(usize::MAX, |limited| limited.block_bytes)
    }

    /// Takes room for so many bytes; gives the file that they must go into if there is none.
    pub(super) fn file_for(&self, bytes: usize) -> Option<&Arc<Scratch>> {
        let Limited { left, file, .. } = self.limit()?;
        let is_taken = left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(bytes)).is_ok();
        (!is_taken).then_some(file)
    }

    /// Keeps a shard. Those that come before it is seen that there are too many are held: call [`Self::settle`] when all are there.
    pub fn keep(&self, shard: Shard) -> PagedShard {
        if let Some(limited) = &self.0 {
            limited.shards.fetch_add(shard.bytes(), Ordering::Relaxed);
        }
        self.place(shard)
    }

    /// Moves a shard that is held into the file, if those that came after it are too many.
    pub fn settle(&self, shard: PagedShard) -> PagedShard {
        match self.limit() {
            Some(_) => shard.placed(|shard| self.place(shard)),
            None => shard,
        }
    }

    fn place(&self, shard: Shard) -> PagedShard {
        let Some(file) = self.file_for(shard.bytes()) else { return shard.into() };
        match Layout::write(&shard, file) {
            Some(layout) => PagedShard::new(&shard, Body::Stored(Stored { file: Arc::clone(file), layout })),
            // The failure is told by `check`.
            None => shard.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn room() -> Room {
        Room::of_bytes(600, tempfile::tempfile().unwrap())
    }

    fn shard() -> Shard {
        Shard { text: "改革".repeat(20), ..Shard::default() }
    }

    fn is_held(shard: &PagedShard) -> bool {
        matches!(shard.body, Body::Held(_))
    }

    #[test]
    fn a_small_corpus_is_held_and_a_larger_one_moves_into_the_file() {
        let room = room();
        let first = room.keep(shard());
        assert!(room.is_unlimited() && is_held(&first) && room.block_bytes() == usize::MAX);
        // 240 bytes, where 200 are a third.
        let second = room.keep(shard());
        assert!(!room.is_unlimited() && !is_held(&second) && room.block_bytes() == 60);
        let first = room.settle(first);
        assert!(!is_held(&first) && *first.read(super::super::Parts::TEXT).text == *shard().text && room.check().is_ok());
    }

    #[test]
    fn what_is_expected_to_be_large_is_not_held_first() {
        let small = room().expecting(199);
        assert!(is_held(&small.settle(small.keep(shard()))));
        for expected in [200, usize::MAX] {
            assert!(!is_held(&room().expecting(expected).keep(shard())));
        }
    }
}
