//! All texts of the corpus in the order of documents.csv, with what they are looked up by; and which are the same.

use std::borrow::Cow;

use rayon::prelude::*;

use super::super::assemble::compare_by_date;
use super::super::paged::{PagedRows, PagedShard, Parts, Room, SharedDocument};
use super::super::shard::ShardDocument;
use super::fingerprints::Winnower;
use super::text::{TextReader, shingle_set};

/// The documents of all shards, by their place in the order of documents.csv.
pub(super) struct Texts<'a> {
    shards: &'a [PagedShard],
    /// Shard and index in it, for each place.
    documents: Vec<(u32, u32)>,
    sketches: Vec<Sketch>,
    /// Of the documents of each shard.
    fingerprints: Vec<PagedRows<u32>>,
}

/// What is known of a text without looking at it again.
#[derive(Debug, Clone, Copy, Default)]
struct Sketch {
    hash: u64,
    characters: u32,
}

impl<'a> Texts<'a> {
    pub fn read(shards: &'a [PagedShard], room: &Room) -> Self {
        let (sketches, fingerprints): (Vec<Vec<Sketch>>, Vec<_>) = shards.par_iter().map(|shard| sketches(shard, room)).unzip();
        let mut all: Vec<((u32, u32), Sketch)> = Vec::with_capacity(sketches.iter().map(Vec::len).sum());
        for (shard, sketches) in (0u32..).zip(sketches) {
            all.extend((0u32..).zip(sketches).map(|(local, sketch)| ((shard, local), sketch)));
        }
        let document = |at: (u32, u32)| &shards[at.0 as usize].documents()[at.1 as usize];
        all.sort_by(|(a, _), (b, _)| compare_by_date(document(*a), document(*b)));
        let (documents, sketches) = all.into_iter().unzip();
        Self { shards, documents, sketches, fingerprints }
    }

    pub fn len(&self) -> usize {
        self.documents.len()
    }

    pub fn document(&self, place: u32) -> &'a ShardDocument {
        let (shard, local) = self.documents[place as usize];
        &self.shards[shard as usize].documents()[local as usize]
    }

    pub fn shared_document(&self, place: u32) -> SharedDocument {
        let (shard, local) = self.documents[place as usize];
        self.shards[shard as usize].shared_document(local as usize)
    }

    /// Characters without white space, the title included.
    pub fn characters(&self, place: u32) -> u32 {
        self.sketches[place as usize].characters
    }

    /// The fingerprints of a text, in no order, some perhaps twice.
    pub fn fingerprints(&self, place: u32) -> Cow<'_, [u32]> {
        let (shard, local) = self.documents[place as usize];
        self.fingerprints[shard as usize].row(local as usize)
    }

    /// How many they are.
    pub fn fingerprint_count(&self, place: u32) -> usize {
        let (shard, local) = self.documents[place as usize];
        self.fingerprints[shard as usize].row_len(local as usize)
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
        let look = |place: u32| (self.sketches[place as usize].hash, self.characters(place));
        let mut by_look: Vec<u32> = (0u32..).take(self.len()).filter(|place| self.characters(*place) > 0).collect();
        by_look.par_sort_unstable_by_key(|place| (look(*place), *place));
        let alike: Vec<&[u32]> = by_look.chunk_by(|a, b| look(*a) == look(*b)).filter(|alike| alike.len() > 1).collect();
        let same: Vec<Vec<(u32, u32)>> = alike.into_par_iter().map(|alike| self.same_among(alike)).collect();
        let mut first: Vec<u32> = (0u32..).take(self.len()).collect();
        same.into_iter().flatten().for_each(|(place, earliest)| first[place as usize] = earliest);
        first
    }

    /// Of places (ascending) with the same hash, those whose text is that of an earlier one, and the earliest of it.
    fn same_among(&self, alike: &[u32]) -> Vec<(u32, u32)> {
        // Texts that differ and have the same hash are all but impossible; each gets its place in the list all the same.
        let mut known: Vec<(u32, Vec<char>)> = Vec::new();
        let mut same = Vec::new();
        for place in alike {
            let text = self.text(*place);
            match known.iter().find(|(_, earlier)| *earlier == text) {
                Some((earliest, _)) => same.push((*place, *earliest)),
                None => known.push((*place, text)),
            }
        }
        same
    }
}

fn sketches(shard: &PagedShard, room: &Room) -> (Vec<Sketch>, PagedRows<u32>) {
    let shard = shard.read(Parts::TEXT);
    let (mut reader, mut winnower) = (TextReader::default(), Winnower::default());
    let (mut sketches, mut starts, mut all) = (Vec::with_capacity(shard.documents.len()), vec![0], Vec::new());
    for document in 0..shard.documents.len() {
        let text = reader.read(&shard, document);
        let hash = winnower.read(text, &mut all);
        sketches.push(Sketch { hash, characters: u32::try_from(text.len()).unwrap_or(u32::MAX) });
        starts.push(u32::try_from(all.len()).unwrap_or(u32::MAX));
    }
    (sketches, PagedRows::new(room, starts, all))
}
