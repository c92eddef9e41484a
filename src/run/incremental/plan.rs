//! What must be read, and why.

use std::fs::File;
use std::io::{self, Read};

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::run::Prepared;
use crate::source::{FileStamp, Listing, SourceFile};
use crate::state::{Catalogue, FileEntry};

use super::Layers;

/// Why a file is read, or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// The last run did not have it.
    New,
    /// Its bytes are not those of the last run.
    Changed,
    /// Nothing changed: what is remembered of it is used.
    Unchanged,
    /// It could not be read last time for a reason that may be gone.
    Retry,
    /// The settings by which files are read or text is cut are not those of the last run.
    Fingerprint,
}

impl Reason {
    /// All of them, in the order in which they are told.
    pub const ALL: [Self; 5] = [Self::New, Self::Changed, Self::Unchanged, Self::Retry, Self::Fingerprint];

    /// As a word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Changed => "changed",
            Self::Unchanged => "unchanged",
            Self::Retry => "retry",
            Self::Fingerprint => "fingerprint",
        }
    }
}

/// What is to be done with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlannedFile {
    /// Why.
    pub reason: Reason,
    /// BLAKE3 of its bytes, the first half; nothing if it could not be read.
    pub hash: Option<[u8; 16]>,
    /// Its place in the catalogue, if it is there.
    pub entry: Option<usize>,
}

/// What is to be done with every file.
#[derive(Debug, Default)]
pub struct Plan {
    /// By number in the listing.
    pub files: Vec<PlannedFile>,
    /// Paths of files that the last run had and that are gone.
    pub removed: Vec<String>,
    /// Whether what is known of a file is what reading it as it was would give today.
    pub is_known_of_use: bool,
}

impl Plan {
    /// Compares the listed files with those of the catalogue. With `rehash` no file is taken as unchanged by its looks. Listed files that
    /// are unsettled are not read: what is known of them stands.
    pub fn new(listing: &Listing, catalogue: Option<&Catalogue>, layers: &Layers, rehash: bool) -> Self {
        let (files, unsettled) = (&listing.files, &listing.unsettled);
        let nothing = Catalogue::default();
        let known = catalogue.unwrap_or(&nothing);
        let by_path: FxHashMap<&str, usize> = known.files.iter().enumerate().map(|(at, file)| (file.path.as_str(), at)).collect();
        let same_settings = known.reading == layers.reading && known.tokens == layers.tokens;
        let planned = files.par_iter().map(|file| {
            let entry = by_path.get(&*file.relative).copied();
            let Some(before) = entry.map(|at| &known.files[at]) else {
                return PlannedFile { reason: Reason::New, hash: hash(file), entry };
            };
            if unsettled.binary_search_by(|other| other.relative.cmp(&file.relative)).is_ok() {
                return PlannedFile { reason: Reason::Unchanged, hash: before.hash, entry };
            }
            let looks_same = !rehash && before.stamp == file.stamp && before.stamp.is_settled_at(known.listed_at);
            let hash = if looks_same { before.hash } else { hash(file) };
            PlannedFile { reason: reason(before, hash, same_settings, &known.program), hash, entry }
        });
        let files: Vec<PlannedFile> = planned.collect();
        let mut is_here = vec![false; known.files.len()];
        files.iter().filter_map(|file| file.entry).for_each(|at| is_here[at] = true);
        let removed = known.files.iter().zip(&is_here).filter(|(_, here)| !**here).map(|(file, _)| file.path.clone()).collect();
        Self { files, removed, is_known_of_use: same_settings }
    }

    /// A plan that reads this many files, whatever is remembered.
    pub fn everything(files: usize) -> Self {
        Self { files: vec![PlannedFile { reason: Reason::New, hash: None, entry: None }; files], ..Self::default() }
    }

    /// How many files have this reason.
    pub fn count(&self, reason: Reason) -> usize {
        self.files.iter().filter(|file| file.reason == reason).count()
    }

    /// Whether the last run had the same files, as far as they could be read.
    pub fn is_nothing_new(&self) -> bool {
        self.removed.is_empty() && self.files.iter().all(|file| file.reason == Reason::Unchanged)
    }

    /// The paths of those of the listed files that need not be read.
    pub fn unchanged<'f>(&self, listed: &'f [SourceFile]) -> FxHashSet<&'f str> {
        let files = listed.iter().zip(&self.files);
        files.filter(|(_, plan)| plan.reason == Reason::Unchanged).map(|(file, _)| &*file.relative).collect()
    }

    /// Numbers of the files that must be read.
    pub fn to_read(&self) -> Vec<usize> {
        let numbers = self.files.iter().enumerate();
        numbers.filter(|(_, file)| file.reason != Reason::Unchanged).map(|(number, _)| number).collect()
    }
}

impl Prepared {
    /// What must be read. A file that was just written to stands as the last run read it, if it did, or is left for the next one; where
    /// what is known is of no use since a setting changed, one that the last run had is read as it is.
    pub(in crate::run) fn plan(&mut self, catalogue: Option<&Catalogue>, layers: &Layers, rehash: bool) -> Plan {
        let is_of_use = |known: &&Catalogue| known.reading == layers.reading && known.tokens == layers.tokens;
        match catalogue.filter(is_of_use) {
            Some(known) => {
                let stamps: FxHashMap<&str, FileStamp> = known.files.iter().map(|file| (file.path.as_str(), file.stamp)).collect();
                self.listing.hold(|path| stamps.get(path).copied());
            }
            None => {
                let known: FxHashSet<&str> = catalogue.iter().flat_map(|known| &known.files).map(|file| file.path.as_str()).collect();
                self.listing.take_unsettled(|path| known.contains(path));
            }
        }
        self.in_pool(|| Plan::new(&self.listing, catalogue, layers, rehash))
    }
}

fn reason(before: &FileEntry, hash: Option<[u8; 16]>, same_settings: bool, program: &str) -> Reason {
    let by_another_program = !before.quarantined.is_empty() && program != env!("CARGO_PKG_VERSION");
    if before.hash.is_none() {
        // Its bytes are not known: it could not be opened.
        Reason::Retry
    } else if hash != before.hash {
        Reason::Changed
    } else if !same_settings {
        Reason::Fingerprint
    } else if before.failed_by_chance() || by_another_program {
        Reason::Retry
    } else {
        Reason::Unchanged
    }
}

/// BLAKE3 of the bytes of a file, the first half; nothing if it cannot be read. Why not is said when it is to be read.
pub fn hash(listed: &SourceFile) -> Option<[u8; 16]> {
    let mut hasher = blake3::Hasher::new();
    let file = File::open(&listed.path).ok()?;
    // What is no file any more might never end.
    file.metadata().ok().filter(std::fs::Metadata::is_file)?;
    // No further than it reached when it was listed: it may grow.
    io::copy(&mut file.take(listed.bytes), &mut hasher).ok()?;
    hasher.finalize().as_bytes()[..16].try_into().ok()
}
