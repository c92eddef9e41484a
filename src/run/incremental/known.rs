//! Documents that were cut before.

use std::sync::atomic::{AtomicU64, Ordering};

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::corpus::{PagedShard, Room, StoredError, Tools};
use crate::source::TextKey;
use crate::state::{Catalogue, FileEntry, ShardFolder, ShardName};

use super::{Layers, Plan, Reason};

/// The shards of earlier runs that are of use now, and where each text lies in them.
#[derive(Default)]
pub struct Known {
    /// By number; those of the catalogue first, in its order. Nothing for one that is damaged or not needed.
    pub shards: Vec<Option<PagedShard>>,
    /// Their names.
    pub names: Vec<ShardName>,
    /// Whether the themes of a shard were found anew.
    pub coded_again: Vec<bool>,
    /// Shards of the catalogue that are damaged.
    pub damaged: u64,
    /// Shards whose themes are damaged, and were found anew.
    pub damaged_themes: u64,
    places: FxHashMap<TextKey, (u32, u32)>,
}

impl Known {
    /// Loads the shards of the catalogue; files whose shards are damaged are planned anew. Where something must be read, shards that
    /// a run left behind that was killed are loaded too.
    pub fn load(folder: &ShardFolder, catalogue: &Catalogue, layers: &Layers, keeping: (Tools<'_>, &Room), plan: &mut Plan) -> Self {
        if catalogue.tokens != layers.tokens {
            return Self::left_behind(folder, &[], layers, keeping);
        }
        let mut known = Self::default();
        let names = catalogue.shards.iter().chain(&catalogue.retired).cloned().collect();
        known.load_all(folder, names, layers, keeping);
        known.damaged = known.shards.iter().filter(|shard| shard.is_none()).count() as u64;
        for file in plan.files.iter_mut().filter(|file| file.reason == Reason::Unchanged) {
            if !file.entry.is_none_or(|at| known.has_all_of(&catalogue.files[at])) {
                file.reason = Reason::Retry;
            }
        }
        if plan.to_read().is_empty() {
            return known;
        }
        let more = Self::left_behind(folder, &known.names, layers, keeping);
        known.names.extend(more.names);
        known.shards.extend(more.shards);
        known.coded_again.extend(more.coded_again);
        known.index();
        known
    }

    fn left_behind(folder: &ShardFolder, but: &[ShardName], layers: &Layers, keeping: (Tools<'_>, &Room)) -> Self {
        let names = folder.all(&layers.tokens).into_iter().filter(|name| !but.contains(name)).collect();
        let mut known = Self::default();
        known.load_all(folder, names, layers, keeping);
        known.index();
        known
    }

    fn load_all(&mut self, folder: &ShardFolder, names: Vec<ShardName>, layers: &Layers, (tools, room): (Tools<'_>, &Room)) {
        let damaged_themes = AtomicU64::new(0);
        let load = |name: &ShardName| -> (Option<PagedShard>, bool) {
            let Ok(mut shard) = folder.load_tokens(name, &layers.tokens) else { return (None, false) };
            let themes = folder.load_themes(name, &mut shard, &layers.themes, tools.taggers.len());
            damaged_themes.fetch_add(u64::from(matches!(themes, Err(StoredError::Damaged | StoredError::Foreign))), Ordering::Relaxed);
            if themes.is_err() {
                shard.code(tools);
            }
            (Some(room.keep(shard)), themes.is_err())
        };
        let (shards, again): (Vec<_>, Vec<_>) = names.par_iter().map(load).unzip();
        self.damaged_themes = damaged_themes.into_inner();
        self.names = names;
        self.shards = shards;
        self.coded_again = again;
    }

    fn index(&mut self) {
        for (number, shard) in (0u32..).zip(&self.shards) {
            for (at, document) in (0u32..).zip(shard.iter().flat_map(PagedShard::documents)) {
                self.places.entry(document.text_key).or_insert((number, at));
            }
        }
    }

    /// Whether every document of a file of the catalogue is there.
    pub fn has_all_of(&self, file: &FileEntry) -> bool {
        let documents = |shard: u32| self.shard(shard).map_or(0, |shard| shard.documents().len() as u64);
        file.documents.iter().all(|run| documents(run.shard) >= u64::from(run.first) + u64::from(run.count))
    }

    /// Where this text was cut before: shard and document.
    pub fn place(&self, key: &TextKey) -> Option<(u32, u32)> {
        self.places.get(key).copied()
    }

    /// A shard that is there.
    pub fn shard(&self, number: u32) -> Option<&PagedShard> {
        self.shards.get(number as usize)?.as_ref()
    }
}
