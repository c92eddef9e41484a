//! Texts that the corpus no longer has, kept for the comparison with an earlier run.

use std::io;

use rustc_hash::FxHashSet;

use crate::corpus::{Packing, PagedShard, Parts, Room, Splicer, Tools};
use crate::source::{DocId, TextKey};
use crate::state::{ShardFolder, ShardName};

use super::{Known, Layers};

/// Documents are joined up to this much text.
const SHARD_BYTES: usize = 1 << 20;

/// A document with its text.
pub type Version = (DocId, TextKey);

/// The known documents that are `wanted`, in shards of their own, at most `most_bytes` of text. Call it before any shard is given away.
pub fn retire(known: &Known, wanted: &FxHashSet<Version>, most_bytes: usize, room: &Room) -> Vec<PagedShard> {
    let mut left = wanted.clone();
    let mut shards = Vec::new();
    let mut bytes = 0;
    let mut splicer: Option<Splicer> = None;
    for (number, shard) in known.shards.iter().flatten().enumerate() {
        if !shard.documents().iter().any(|document| left.contains(&(document.id, document.text_key))) {
            continue;
        }
        let read = shard.read(Parts::ALL);
        for (at, document) in shard.documents().iter().enumerate() {
            if left.is_empty() || bytes + shard.document_bytes(at) > most_bytes || !left.remove(&(document.id, document.text_key)) {
                continue;
            }
            bytes += shard.document_bytes(at);
            let taking = splicer.get_or_insert_with(|| Splicer::like(&read));
            taking.take((number, &read), at, None);
            if taking.bytes() >= SHARD_BYTES {
                shards.extend(splicer.take().map(|splicer| room.keep(splicer.finish())));
            }
        }
    }
    shards.extend(splicer.map(|splicer| room.keep(splicer.finish())));
    shards
}

/// The same out of the shards in the folder, one after the other, for a run that uses nothing of what is known.
pub fn retire_stored(
    folder: &ShardFolder,
    layers: &Layers,
    wanted: &FxHashSet<Version>,
    (tools, room): (Tools<'_>, &Room),
    most_bytes: usize,
) -> Vec<PagedShard> {
    let mut left = wanted.clone();
    let mut shards = Vec::new();
    let mut bytes = 0;
    for name in folder.all(&layers.tokens) {
        if left.is_empty() || bytes > most_bytes {
            break;
        }
        let Ok(shard) = folder.load_tokens(&name, &layers.tokens) else { continue };
        let keep: Vec<bool> = shard.documents.iter().map(|d| left.remove(&(d.id, d.text_key))).collect();
        let mut shard = shard.without(|document| !keep[document]);
        if !shard.documents.is_empty() {
            bytes += shard.text.len();
            shard.code(tools);
            shards.push(room.keep(shard));
        }
    }
    shards
}

/// Stores them without their themes, which are found again when they are asked for, so that they take little room; gives their names.
///
/// # Errors
/// When a file cannot be written.
pub fn store_retired(shards: &[PagedShard], folder: &ShardFolder, layers: &Layers) -> io::Result<Vec<ShardName>> {
    shards.iter().map(|shard| folder.store_tokens(&shard.read(Parts::ALL), Packing::Small, &layers.tokens)).collect()
}
