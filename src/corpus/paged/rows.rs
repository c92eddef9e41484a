//! Rows of pairs of numbers, one for each document of a shard: the larger part of what is counted by document.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use super::Room;
use super::scratch::Scratch;

/// A row for each document of a shard, in memory or in the file. `T` is made of two numbers.
#[derive(Debug)]
pub struct PagedRows<T> {
    /// Where each row begins; one more entry with the end.
    starts: Vec<u32>,
    body: Body<T>,
}

#[derive(Debug)]
enum Body<T> {
    Held(Vec<T>),
    /// The file, and where they lie in it.
    Stored(Arc<Scratch>, u64),
}

/// Bytes of an entry.
const ENTRY: usize = 8;

impl<T: Copy + From<(u32, u32)> + Into<(u32, u32)>> PagedRows<T> {
    /// Keeps rows that stand behind one another in `entries`; each begins where `starts` says, which has one more entry with the end.
    pub fn new(room: &Room, starts: Vec<u32>, entries: Vec<T>) -> Self {
        let Some(file) = room.file_for(size_of_val(&*entries)) else { return Self { starts, body: Body::Held(entries) } };
        let mut bytes = Vec::with_capacity(entries.len() * ENTRY);
        for (a, b) in entries.iter().map(|entry| (*entry).into()) {
            bytes.extend_from_slice(&a.to_le_bytes());
            bytes.extend_from_slice(&b.to_le_bytes());
        }
        // What cannot be written is held; the failure is told by the check of the room.
        let body = file.write(&bytes).map_or(Body::Held(entries), |at| Body::Stored(Arc::clone(file), at));
        Self { starts, body }
    }

    /// Number of entries of a row.
    pub fn row_len(&self, row: usize) -> usize {
        self.range(row).len()
    }

    /// A row.
    pub fn row(&self, row: usize) -> Cow<'_, [T]> {
        let range = self.range(row);
        match &self.body {
            Body::Held(entries) => Cow::Borrowed(&entries[range]),
            Body::Stored(file, at) => {
                let number = |bytes: &[u8]| bytes.try_into().map(u32::from_le_bytes).unwrap_or_default();
                let bytes = file.read(at + (range.start * ENTRY) as u64, range.len() * ENTRY);
                Cow::Owned(bytes.chunks_exact(ENTRY).map(|entry| T::from((number(&entry[..4]), number(&entry[4..])))).collect())
            }
        }
    }

    fn range(&self, row: usize) -> Range<usize> {
        self.starts[row] as usize..self.starts[row + 1] as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_the_same_in_memory_and_in_the_file() {
        let (starts, entries) = (vec![0, 2, 2, 3], vec![(1, 5), (7, 1), (u32::MAX, 9)]);
        for room in [Room::unlimited(), Room::of_bytes(0, tempfile::tempfile().unwrap())] {
            let rows = PagedRows::new(&room, starts.clone(), entries.clone());
            let all: Vec<Vec<(u32, u32)>> = (0..3).map(|row| rows.row(row).into_owned()).collect();
            assert_eq!(all, [vec![(1, 5), (7, 1)], vec![], vec![(u32::MAX, 9)]]);
            assert_eq!((rows.row_len(0), room.check().is_ok()), (2, true));
        }
    }
}
