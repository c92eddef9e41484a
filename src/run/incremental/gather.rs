//! All files, read or remembered, with their documents in shards.

use std::collections::BTreeMap;

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use crate::corpus::{PagedShard, Room};
use crate::source::{Code, FileStamp, Quarantined, SourceFile, TextKey, Warning, sorted_and_capped};
use crate::state::{Catalogue, FileEntry, FileWarning, ShardName, StoredQuarantined};

use super::{Composed, FileRead, Item, Known, Layers, Plan, ReadFiles, Reason, Source};

/// A file with what is in it.
pub struct GatheredFile {
    path: String,
    stamp: FileStamp,
    hash: Option<[u8; 16]>,
    /// Its documents, by number in the listing.
    first: usize,
    count: usize,
    /// What of it could not be used.
    pub quarantined: Vec<Quarantined>,
    /// What was odd about it.
    pub warnings: Vec<FileWarning>,
}

/// All files.
pub struct Gathered {
    /// The shards of all documents.
    pub composed: Composed,
    /// In the order of the listing.
    pub files: Vec<GatheredFile>,
}

impl Gathered {
    /// How many documents they hold.
    pub fn document_count(&self) -> u64 {
        self.files.iter().map(|file| file.count as u64).sum()
    }
}

/// All files, before their documents are put into shards.
pub struct Gathering {
    items: Vec<Item>,
    fresh: Vec<PagedShard>,
    files: Vec<GatheredFile>,
}

impl Gathering {
    /// Puts together what was read and what is remembered. A file that was being written to stands as the last run read it, if it did:
    /// else its documents would be gone for one run, and new in the next.
    pub fn new(listed: &[SourceFile], plan: &Plan, (catalogue, known): (&Catalogue, &Known), mut read: ReadFiles) -> Self {
        let mut items: Vec<Item> = Vec::new();
        let mut files = Vec::with_capacity(listed.len());
        for (number, (file, planned)) in listed.iter().zip(&plan.files).enumerate() {
            let entry = planned.entry.map(|at| &catalogue.files[at]);
            let read = read.files.remove(&number).unwrap_or_default();
            let mut found = match entry {
                Some(entry) if planned.reason == Reason::Unchanged => remember(entry),
                Some(entry) if read.is_unsettled() && plan.is_known_of_use && known.has_all_of(entry) => let_stand(entry, read),
                _ => (read, Vec::new()),
            };
            let (first, count) = (items.len(), found.0.items.len());
            items.append(&mut found.0.items);
            found.1.extend(counted(&found.0.warnings));
            files.push(GatheredFile {
                path: file.relative.to_string(),
                stamp: found.0.stamp.unwrap_or(file.stamp),
                hash: found.0.hash.or(planned.hash),
                first,
                count,
                quarantined: sorted_and_capped(found.0.quarantined),
                warnings: found.1,
            });
        }
        Self { items, fresh: read.fresh, files }
    }

    /// The keys of all texts.
    pub fn text_keys(&self, known: &Known) -> FxHashSet<TextKey> {
        let key = |item: &Item| {
            let (shard, at) = match item.source {
                Source::Known(shard, at) => (known.shard(shard)?, at),
                Source::Fresh(shard, at) => (&self.fresh[shard as usize], at),
            };
            Some(shard.documents().get(at as usize)?.text_key)
        };
        self.items.iter().filter_map(key).collect()
    }

    /// Bytes of all texts.
    pub fn text_bytes(&self, known: &Known) -> usize {
        let bytes = |item: &Item| match item.source {
            Source::Known(shard, at) => known.shard(shard).map_or(0, |shard| shard.document_bytes(at as usize)),
            Source::Fresh(shard, at) => self.fresh[shard as usize].document_bytes(at as usize),
        };
        self.items.iter().map(bytes).sum()
    }

    /// With the documents in shards. The shards in `known` are gone: taken over, copied from, or of no more use.
    pub fn composed(self, known: &mut Known, room: &Room) -> Gathered {
        let mut composed = Composed::new(&self.items, known, self.fresh, room);
        known.shards.clear();
        composed.shards = composed.shards.into_par_iter().map(|shard| room.settle(shard)).collect();
        Gathered { composed, files: self.files }
    }
}

/// What the catalogue says of a file.
fn remember(entry: &FileEntry) -> (FileRead, Vec<FileWarning>) {
    let documents = entry.documents.iter().flat_map(|run| (run.first..run.first + run.count).map(|at| Source::Known(run.shard, at)));
    let items = documents.map(|source| Item { source, known: None }).collect();
    let quarantined = entry.quarantined.iter().map(StoredQuarantined::restored).collect();
    (FileRead { items, quarantined, ..FileRead::default() }, entry.warnings.clone())
}

/// What the catalogue says of a file that was being written to, with what came of reading it. Its looks are those of then, so that the
/// next run reads it.
fn let_stand(entry: &FileEntry, read: FileRead) -> (FileRead, Vec<FileWarning>) {
    let (mut before, warnings) = remember(entry);
    before.quarantined.retain(|row| row.code != Code::Changed);
    before.quarantined.extend(read.quarantined);
    (FileRead { stamp: Some(entry.stamp), hash: entry.hash, ..before }, warnings)
}

/// Warnings by code: how many, and the first place.
fn counted(warnings: &[Warning]) -> Vec<FileWarning> {
    let mut by_code: BTreeMap<&str, FileWarning> = BTreeMap::new();
    for warning in warnings {
        let one = FileWarning { code: warning.code.to_string(), count: 0, path: warning.path.to_string(), record: warning.record };
        let first = by_code.entry(warning.code).or_insert_with(|| one.clone());
        first.count += 1;
        if (&one.path, one.record) < (&first.path, first.record) {
            (first.path, first.record) = (one.path, one.record);
        }
    }
    by_code.into_values().collect()
}

/// Where everything lies, for the next run. `names` are the names of the shards, `places` the places of their documents.
pub fn catalogue(files: &[GatheredFile], composed: &Composed, names: Vec<ShardName>, layers: &Layers, listed_at: i64) -> Catalogue {
    let entry = |file: &GatheredFile| FileEntry {
        path: file.path.clone(),
        stamp: file.stamp,
        hash: file.hash,
        documents: composed.runs(file.first, file.count),
        quarantined: file.quarantined.iter().map(StoredQuarantined::from).collect(),
        warnings: file.warnings.clone(),
    };
    Catalogue {
        reading: layers.reading,
        tokens: layers.tokens,
        themes: layers.themes,
        taxonomies: Vec::new(),
        program: env!("CARGO_PKG_VERSION").to_string(),
        listed_at,
        files: files.iter().map(entry).collect(),
        shards: names,
        retired: Vec::new(),
    }
}
