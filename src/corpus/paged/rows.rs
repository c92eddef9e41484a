//! Rows of numbers, one for each document of a shard: the larger part of what is counted by document.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use super::Room;
use super::scratch::Scratch;

/// What a row is made of: so many bytes each, so that a row is found in the file without the others.
pub trait Entry: Copy {
    /// Bytes of an entry.
    const BYTES: usize;
    /// Appends them.
    fn write(&self, bytes: &mut Vec<u8>);
    /// The entry that was written as these bytes.
    fn read(bytes: &[u8]) -> Self;
    /// So many that were written one behind the other in the file, from `start` on.
    fn read_all(file: &Scratch, start: u64, count: usize) -> Vec<Self> {
        file.read(start, count * Self::BYTES).chunks_exact(Self::BYTES).map(Self::read).collect()
    }
}

macro_rules! whole_number {
    ($($number:ty),*) => {$(
        impl Entry for $number {
            const BYTES: usize = size_of::<Self>();

            fn write(&self, bytes: &mut Vec<u8>) {
                bytes.extend_from_slice(&self.to_le_bytes());
            }

            fn read(bytes: &[u8]) -> Self {
                bytes.try_into().map(Self::from_le_bytes).unwrap_or_default()
            }

            fn read_all(file: &Scratch, start: u64, count: usize) -> Vec<Self> {
                file.numbers(start, count)
            }
        }
    )*};
}

whole_number!(u16, u32, u64);

impl<T: Entry + Default, const N: usize> Entry for [T; N] {
    const BYTES: usize = T::BYTES * N;

    fn write(&self, bytes: &mut Vec<u8>) {
        self.iter().for_each(|number| number.write(bytes));
    }

    fn read(bytes: &[u8]) -> Self {
        let mut numbers = [T::default(); N];
        numbers.iter_mut().zip(bytes.chunks_exact(T::BYTES)).for_each(|(number, bytes)| *number = T::read(bytes));
        numbers
    }
}

impl Entry for (u32, u32) {
    const BYTES: usize = <[u32; 2]>::BYTES;

    fn write(&self, bytes: &mut Vec<u8>) {
        [self.0, self.1].write(bytes);
    }

    fn read(bytes: &[u8]) -> Self {
        <[u32; 2]>::read(bytes).into()
    }
}

/// A row for each document of a shard, in memory or in the file.
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

impl<T: Entry> PagedRows<T> {
    /// Keeps rows that stand behind one another in `entries`; each begins where `starts` says, which has one more entry with the end.
    pub fn new(room: &Room, starts: Vec<u32>, mut entries: Vec<T>) -> Self {
        entries.shrink_to_fit();
        let Some(file) = room.file_for(size_of_val(&*entries)) else { return Self { starts, body: Body::Held(entries) } };
        let mut bytes = Vec::with_capacity(entries.len() * T::BYTES);
        entries.iter().for_each(|entry| entry.write(&mut bytes));
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
        self.entries(self.range(row))
    }

    /// Where each row lies in [`Self::all`].
    pub fn ranges(&self) -> impl Iterator<Item = Range<usize>> + '_ {
        self.starts.windows(2).map(|row| row[0] as usize..row[1] as usize)
    }

    /// All rows, one behind the other.
    pub fn all(&self) -> Cow<'_, [T]> {
        self.entries(0..self.starts.last().map_or(0, |end| *end as usize))
    }

    /// Some of the entries, whatever rows they are of.
    pub fn entries(&self, range: Range<usize>) -> Cow<'_, [T]> {
        match &self.body {
            Body::Held(entries) => Cow::Borrowed(&entries[range]),
            Body::Stored(file, at) => Cow::Owned(T::read_all(file, at + (range.start * T::BYTES) as u64, range.len())),
        }
    }

    fn range(&self, row: usize) -> Range<usize> {
        self.starts[row] as usize..self.starts[row + 1] as usize
    }
}

/// The rows of all documents of a corpus, shard by shard.
#[derive(Debug)]
pub struct ByDocument<T> {
    shards: Vec<PagedRows<T>>,
    /// The number of the first document of each shard.
    firsts: Vec<usize>,
}

impl<T> Default for ByDocument<T> {
    fn default() -> Self {
        Self { shards: Vec::new(), firsts: Vec::new() }
    }
}

impl<T: Entry> FromIterator<PagedRows<T>> for ByDocument<T> {
    /// Of the rows of each shard, in their order.
    fn from_iter<I: IntoIterator<Item = PagedRows<T>>>(shards: I) -> Self {
        let mut all = Self::default();
        let mut documents = 0;
        for shard in shards {
            all.firsts.push(documents);
            documents += shard.starts.len().saturating_sub(1);
            all.shards.push(shard);
        }
        all
    }
}

impl<T: Entry> ByDocument<T> {
    /// The row of a document, by its number in the corpus.
    pub fn row(&self, document: usize) -> Cow<'_, [T]> {
        let (shard, local) = self.locate(document);
        self.shards[shard].row(local)
    }

    /// Number of entries of the row of a document.
    pub fn row_len(&self, document: usize) -> usize {
        let (shard, local) = self.locate(document);
        self.shards[shard].row_len(local)
    }

    /// The rows of a shard.
    pub fn shard(&self, shard: usize) -> &PagedRows<T> {
        &self.shards[shard]
    }

    fn locate(&self, document: usize) -> (usize, usize) {
        // Of shards without a document the last one has it.
        let shard = self.firsts.partition_point(|first| *first <= document).saturating_sub(1);
        (shard, document - self.firsts[shard])
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
            assert_eq!((rows.row_len(0), rows.all().into_owned(), room.check().is_ok()), (2, entries.clone(), true));
            let wide = PagedRows::new(&room, vec![0, 1], vec![[1, u64::MAX, 3]]);
            assert_eq!(wide.row(0).into_owned(), [[1, u64::MAX, 3]]);
        }
    }

    #[test]
    fn documents_are_numbered_over_the_shards() {
        let room = Room::unlimited();
        let shard = |starts: &[u32], numbers: &[u64]| PagedRows::new(&room, starts.to_vec(), numbers.iter().map(|n| [*n]).collect());
        let all: ByDocument<[u64; 1]> = [shard(&[0, 1, 1], &[7]), shard(&[0], &[]), shard(&[0, 2], &[8, 9])].into_iter().collect();
        let rows: Vec<Vec<[u64; 1]>> = (0..3).map(|document| all.row(document).into_owned()).collect();
        assert_eq!(rows, [vec![[7]], vec![], vec![[8], [9]]]);
        assert_eq!((all.row_len(2), all.shard(2).row_len(0)), (2, 2));
    }
}
