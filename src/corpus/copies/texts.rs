//! All texts of the corpus in the order of documents.csv, with what they are looked up by; and which are the same.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::super::assemble::compare_by_date;
use super::super::paged::{PagedShard, Parts, SharedDocument};
use super::super::shard::ShardDocument;
use super::fingerprints::Winnower;
use super::text::{TextReader, shingle_set};

/// The documents of all shards, by their place in the order of documents.csv.
pub(super) struct Texts<'a> {
    shards: &'a [PagedShard],
    /// Shard and index in it, for each place.
    documents: Vec<(u32, u32)>,
    sketches: Vec<Sketch>,
}

/// What is known of a text without looking at it again.
#[derive(Debug, Default)]
struct Sketch {
    hash: u64,
    characters: u32,
    fingerprints: Vec<u32>,
}

impl<'a> Texts<'a> {
    pub fn read(shards: &'a [PagedShard]) -> Self {
        let read: Vec<Vec<Sketch>> = shards.par_iter().map(sketches).collect();
        let mut all: Vec<((u32, u32), Sketch)> = (0u32..)
            .zip(read)
            .flat_map(|(shard, sketches)| (0u32..).zip(sketches).map(move |(local, sketch)| ((shard, local), sketch)))
            .collect();
        let document = |at: (u32, u32)| &shards[at.0 as usize].documents()[at.1 as usize];
        all.sort_by(|(a, _), (b, _)| compare_by_date(document(*a), document(*b)));
        let (documents, sketches) = all.into_iter().unzip();
        Self { shards, documents, sketches }
    }

    pub fn len(&self) -> usize {
        self.documents.len()
    }

    pub fn document(&self, place: u32) -> &'a ShardDocument {
        let (shard, local) = self.documents[place as usize];
        &self.shards[shard as usize].documents()[local as usize]
    }

    /// Characters without white space, the title included.
    pub fn shared_document(&self, place: u32) -> SharedDocument {
        let (shard, local) = self.documents[place as usize];
        self.shards[shard as usize].shared_document(local as usize)
    }

    pub fn characters(&self, place: u32) -> u32 {
        self.sketches[place as usize].characters
    }

    /// The fingerprints of a text, in no order, some perhaps twice.
    pub fn fingerprints(&self, place: u32) -> &[u32] {
        &self.sketches[place as usize].fingerprints
    }

    /// Its characters.
    pub fn text(&self, place: u32) -> Vec<char> {
        let (shard, local) = self.documents[place as usize];
        let document = self.shards[shard as usize].document(local as usize);
        TextReader::default().read(document.shard(), document.number()).to_vec()
    }

    /// Its set of shingles, sorted.
    pub fn shingles(&self, place: u32) -> Vec<u128> {
        shingle_set(&self.text(place))
    }

    /// For each place the earliest one with the same text, its own when it is the first. A text without characters is like no
    /// other.
    pub fn first_of_same(&self) -> Vec<u32> {
        let mut first: Vec<u32> = (0u32..).take(self.len()).collect();
        // Texts that differ and have the same hash are all but impossible; each gets its place in the list all the same.
        let mut known: FxHashMap<(u64, u32), Vec<u32>> = FxHashMap::default();
        for (place, sketch) in (0u32..).zip(&self.sketches).filter(|(_, sketch)| sketch.characters > 0) {
            let alike = known.entry((sketch.hash, sketch.characters)).or_default();
            match alike.iter().find(|earlier| self.text(**earlier) == self.text(place)) {
                Some(earlier) => first[place as usize] = *earlier,
                None => alike.push(place),
            }
        }
        first
    }
}

fn sketches(shard: &PagedShard) -> Vec<Sketch> {
    let shard = shard.read(Parts::TEXT);
    let (mut reader, mut winnower) = (TextReader::default(), Winnower::default());
    let sketch = |document: usize| {
        let text = reader.read(&shard, document);
        let (fingerprints, hash) = winnower.read(text);
        Sketch { hash, characters: u32::try_from(text.len()).unwrap_or(u32::MAX), fingerprints }
    };
    (0..shard.documents.len()).map(sketch).collect()
}
