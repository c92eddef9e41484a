//! Documents from here and there into shards, in the order of the listing.

use rayon::prelude::*;

use crate::corpus::{PagedShard, Parts, Room, Shard, ShardDocument, ShardRef, Splicer};
use crate::state::Run;

use super::Known;

/// Where a document was cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// In a shard of an earlier run: shard, document.
    Known(u32, u32),
    /// In this run: shard, document.
    Fresh(u32, u32),
}

/// A document.
#[derive(Debug, Clone)]
pub struct Item {
    /// Where it was cut.
    pub source: Source,
    /// What is known of it now, where that changed since.
    pub known: Option<Box<ShardDocument>>,
}

/// A shard of at least this much text is left as it is; smaller ones are joined, so that daily additions do not pile up.
const LEAST_BYTES: usize = 256 << 10;
/// Documents are joined up to this much text.
const MOST_BYTES: usize = 1 << 20;

/// Shards in the order of the listing.
#[derive(Default)]
pub struct Composed {
    /// The shards.
    pub shards: Vec<PagedShard>,
    /// For each of them its number among the known ones, if it is one of those as it was.
    pub known: Vec<Option<u32>>,
    /// For each document in the order of the listing, its place: shard, document.
    pub places: Vec<(u32, u32)>,
}

/// Documents that stand behind one another in one shard.
#[derive(Clone, Copy)]
struct Stretch {
    first: usize,
    count: usize,
}

impl Composed {
    /// Puts the documents `items` into shards. Each shard in `known` and `fresh` is given away whole if all its documents stand
    /// together as they were; else its documents are copied.
    pub fn new(items: &[Item], known: &mut Known, fresh: Vec<PagedShard>, room: &Room) -> Self {
        let mut fresh: Vec<Option<PagedShard>> = fresh.into_iter().map(Some).collect();
        let stretches = stretches(items);
        let groups = groups(items, &stretches, known, &fresh);
        // First what is copied, while all sources are still there.
        let spliced = |group: &Group| splice(items, &stretches, group, known, &fresh).map(|shard| room.keep(shard));
        let spliced: Vec<Option<PagedShard>> = groups.par_iter().map(spliced).collect();
        let mut composed = Self::default();
        for (group, spliced) in groups.iter().zip(spliced) {
            let first = &items[stretches[group.stretches.start].first];
            let number = u32::try_from(composed.shards.len()).unwrap_or(u32::MAX);
            let (shard, known_number) = match (spliced, first.source) {
                (Some(shard), _) => (Some(shard), None),
                (None, Source::Known(shard, _)) => (known.shards[shard as usize].take(), Some(shard)),
                (None, Source::Fresh(shard, _)) => (fresh[shard as usize].take(), None),
            };
            let Some(shard) = shard else { continue };
            composed.places.extend((0..shard.documents().len()).map(|at| (number, u32::try_from(at).unwrap_or(u32::MAX))));
            composed.shards.push(shard);
            composed.known.push(known_number);
        }
        composed
    }

    /// The places of documents `first..first + count` of the listing as runs.
    pub fn runs(&self, first: usize, count: usize) -> Vec<Run> {
        let mut runs: Vec<Run> = Vec::new();
        for (shard, document) in &self.places[first..first + count] {
            match runs.last_mut().filter(|run| run.shard == *shard && run.first + run.count == *document) {
                Some(run) => run.count += 1,
                None => runs.push(Run { shard: *shard, first: *document, count: 1 }),
            }
        }
        runs
    }
}

/// Shards and documents as they follow one another.
fn stretches(items: &[Item]) -> Vec<Stretch> {
    let follows = |a: &Item, b: &Item| {
        let is_next = match (a.source, b.source) {
            (Source::Known(s, d), Source::Known(t, e)) | (Source::Fresh(s, d), Source::Fresh(t, e)) => s == t && d + 1 == e,
            _ => false,
        };
        is_next && a.known.is_none() && b.known.is_none()
    };
    let mut first = 0;
    items
        .chunk_by(follows)
        .map(|chunk| {
            let stretch = Stretch { first, count: chunk.len() };
            first += chunk.len();
            stretch
        })
        .collect()
}

/// Stretches that become one shard.
struct Group {
    stretches: std::ops::Range<usize>,
    /// Whether it is one shard as it is.
    is_whole: bool,
}

fn groups(items: &[Item], stretches: &[Stretch], known: &Known, fresh: &[Option<PagedShard>]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let (mut start, mut bytes) = (0, 0);
    let mut used: rustc_hash::FxHashSet<(bool, u32)> = rustc_hash::FxHashSet::default();
    let mut close = |groups: &mut Vec<Group>, range: std::ops::Range<usize>| {
        if range.is_empty() {
            return;
        }
        // A shard can be given away once; where the same text stands twice, the second is a copy.
        let is_whole = range.len() == 1 && whole(items, stretches[range.start], known, fresh).is_some_and(|(shard, _)| used.insert(shard));
        groups.push(Group { stretches: range, is_whole });
    };
    for (at, stretch) in stretches.iter().enumerate() {
        let is_large = whole(items, *stretch, known, fresh).is_some_and(|(_, bytes)| bytes >= LEAST_BYTES);
        if is_large {
            close(&mut groups, start..at);
            close(&mut groups, at..at + 1);
            (start, bytes) = (at + 1, 0);
            continue;
        }
        bytes += (stretch.first..stretch.first + stretch.count).map(|item| bytes_of(&items[item], known, fresh)).sum::<usize>();
        if bytes >= MOST_BYTES {
            close(&mut groups, start..at + 1);
            (start, bytes) = (at + 1, 0);
        }
    }
    close(&mut groups, start..stretches.len());
    groups
}

/// The shard that a stretch is the whole of, and its bytes of text.
fn whole(items: &[Item], stretch: Stretch, known: &Known, fresh: &[Option<PagedShard>]) -> Option<((bool, u32), usize)> {
    let first = &items[stretch.first];
    let (key, shard, at) = match first.source {
        Source::Known(number, at) => ((true, number), known.shard(number), at),
        Source::Fresh(number, at) => ((false, number), fresh[number as usize].as_ref(), at),
    };
    shard
        .filter(|shard| at == 0 && first.known.is_none() && shard.documents().len() == stretch.count)
        .map(|shard| (key, shard.text_bytes()))
}

fn bytes_of(item: &Item, known: &Known, fresh: &[Option<PagedShard>]) -> usize {
    source(item, known, fresh).map_or(0, |(shard, at)| shard.document_bytes(at))
}

fn source<'a>(item: &Item, known: &'a Known, fresh: &'a [Option<PagedShard>]) -> Option<(&'a PagedShard, usize)> {
    match item.source {
        Source::Known(number, at) => Some((known.shard(number)?, at as usize)),
        Source::Fresh(number, at) => Some((fresh[number as usize].as_ref()?, at as usize)),
    }
}

/// The documents of a group as a shard of their own; nothing where the group is a shard as it is.
fn splice(items: &[Item], stretches: &[Stretch], group: &Group, known: &Known, fresh: &[Option<PagedShard>]) -> Option<Shard> {
    if group.is_whole {
        return None;
    }
    let range = stretches[group.stretches.start].first..stretches[group.stretches.end - 1].first + stretches[group.stretches.end - 1].count;
    let mut splicer: Option<Splicer> = None;
    // The shard that the last document came from, with its key.
    let mut last: Option<(usize, ShardRef<'_>)> = None;
    for item in &items[range] {
        let (paged, at) = source(item, known, fresh)?;
        let key = match item.source {
            Source::Known(number, _) => number as usize * 2,
            Source::Fresh(number, _) => number as usize * 2 + 1,
        };
        let (_, shard) = last.take_if(|(of, _)| *of == key).unwrap_or_else(|| (key, paged.read(Parts::ALL)));
        splicer.get_or_insert_with(|| Splicer::like(&shard)).take((key, &shard), at, item.known.as_deref());
        last = Some((key, shard));
    }
    splicer.map(Splicer::finish)
}
