//! Texts that the corpus no longer has, kept for the comparison with an earlier run.

use std::io;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::corpus::{Packing, PagedShard, Parts, Room, ShardDocument, Splicer, Tools};
use crate::source::{DocId, TextKey};
use crate::state::{ShardFolder, ShardName};

use super::{Known, Layers};

/// Documents are joined up to this much text.
const SHARD_BYTES: usize = 1 << 20;

/// A document with its text.
pub type Version = (DocId, TextKey);

/// The known documents that are `wanted`, in shards of their own, at most `most_bytes` of text. Call it before any shard is given away.
pub fn retire(known: &Known, wanted: &FxHashSet<Version>, most_bytes: usize, room: &Room) -> Vec<PagedShard> {
    retire_out_of(known.shards.iter().flatten(), wanted, most_bytes, room)
}

fn retire_out_of<'s>(
    shards: impl Iterator<Item = &'s PagedShard> + Clone,
    wanted: &FxHashSet<Version>,
    most_bytes: usize,
    room: &Room,
) -> Vec<PagedShard> {
    let mut left = wanted.clone();
    let mut retiring = Retiring { room, most_bytes, bytes: 0, splicer: None, shards: Vec::new() };
    retiring.take(shards.clone(), |document| if left.remove(&(document.id, document.text_key)) { vec![document.id] } else { Vec::new() });
    // What was gone before, while another document still had its text, is known by that one.
    let mut ids: FxHashMap<TextKey, Vec<DocId>> = FxHashMap::default();
    let mut left: Vec<Version> = left.into_iter().collect();
    left.sort_unstable_by_key(|(id, _)| *id);
    left.into_iter().for_each(|(id, key)| ids.entry(key).or_default().push(id));
    if !ids.is_empty() {
        retiring.take(shards, |document| ids.remove(&document.text_key).unwrap_or_default());
    }
    retiring.finish()
}

/// Documents on their way into shards of their own.
struct Retiring<'r> {
    room: &'r Room,
    most_bytes: usize,
    bytes: usize,
    splicer: Option<Splicer>,
    shards: Vec<PagedShard>,
}

impl Retiring<'_> {
    /// Takes every known document under each of the ids that `ids_of` gives it.
    fn take<'s>(&mut self, shards: impl Iterator<Item = &'s PagedShard>, mut ids_of: impl FnMut(&ShardDocument) -> Vec<DocId>) {
        for (number, shard) in shards.enumerate() {
            let mut read = None;
            for (at, document) in shard.documents().iter().enumerate() {
                for id in ids_of(document) {
                    if self.bytes + shard.document_bytes(at) > self.most_bytes {
                        continue;
                    }
                    self.bytes += shard.document_bytes(at);
                    let read = read.get_or_insert_with(|| shard.read(Parts::ALL));
                    let taking = self.splicer.get_or_insert_with(|| Splicer::like(read));
                    taking.take((number, read), at, Some(&ShardDocument { id, ..document.clone() }));
                    if taking.bytes() >= SHARD_BYTES {
                        self.close();
                    }
                }
            }
        }
    }

    fn close(&mut self) {
        self.shards.extend(self.splicer.take().map(|splicer| self.room.keep(splicer.finish())));
    }

    fn finish(mut self) -> Vec<PagedShard> {
        self.close();
        self.shards
    }
}

/// The same out of the shards in the folder, for a run that uses nothing of what is known.
pub fn retire_stored(
    folder: &ShardFolder,
    layers: &Layers,
    wanted: &FxHashSet<Version>,
    (tools, room): (Tools<'_>, &Room),
    most_bytes: usize,
) -> Vec<PagedShard> {
    let keys: FxHashSet<TextKey> = wanted.iter().map(|(_, key)| *key).collect();
    let with_wanted = |name: &ShardName| {
        let shard = folder.load_tokens(name, &layers.tokens).ok()?;
        let mut shard = shard.without(|document| !keys.contains(&shard.documents[document].text_key));
        if shard.documents.is_empty() {
            return None;
        }
        shard.code(tools);
        Some(room.keep(shard))
    };
    let names = if keys.is_empty() { Vec::new() } else { folder.all(&layers.tokens) };
    let shards: Vec<PagedShard> = names.iter().filter_map(with_wanted).collect();
    retire_out_of(shards.iter(), wanted, most_bytes, room)
}

/// Stores them without their themes, which are found again when they are asked for, so that they take little room; gives their names.
///
/// # Errors
/// When a file cannot be written.
pub fn store_retired(shards: &[PagedShard], folder: &ShardFolder, layers: &Layers) -> io::Result<Vec<ShardName>> {
    shards.iter().map(|shard| folder.store_tokens(&shard.read(Parts::ALL), Packing::Small, &layers.tokens)).collect()
}
