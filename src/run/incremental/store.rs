//! Putting shards where the next run finds them.

use std::collections::BTreeSet;
use std::io;

use rayon::prelude::*;

use crate::corpus::{Packing, PagedShard, Parts, Shard};
use crate::state::{ShardFolder, ShardName};

use super::{Composed, Known, Layers};

/// Stores what is not stored yet; gives the names of all shards, in their order.
///
/// # Errors
/// When a file cannot be written.
pub fn store_composed(composed: &Composed, known: &Known, folder: &ShardFolder, layers: &Layers) -> io::Result<Vec<ShardName>> {
    let store = |(shard, from): (&PagedShard, &Option<u32>)| -> io::Result<ShardName> {
        let Some(number) = from.map(|number| number as usize) else { return store(&shard.read(Parts::ALL), folder, layers) };
        if known.coded_again[number] {
            folder.store_themes(&known.names[number], &shard.read(Parts::THEMES), &layers.themes)?;
        }
        Ok(known.names[number].clone())
    };
    composed.shards.par_iter().zip(&composed.known).map(store).collect()
}

/// Stores both layers of a shard.
pub fn store(shard: &Shard, folder: &ShardFolder, layers: &Layers) -> io::Result<ShardName> {
    let name = folder.store_tokens(shard, Packing::Fast, &layers.tokens)?;
    folder.store_themes(&name, shard, &layers.themes)?;
    Ok(name)
}

/// Removes every shard that neither list names.
pub fn keep_only(folder: &ShardFolder, lists: [&[ShardName]; 2], layers: &Layers) {
    let kept: BTreeSet<&ShardName> = lists.into_iter().flatten().collect();
    folder.keep_only(&kept, &layers.themes);
}
