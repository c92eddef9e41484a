//! Reading files and cutting what was never seen.

use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::corpus::{PagedShard, Room, ShardDocument};
use crate::run::build::survive;
use crate::run::{Prepared, Progress};
use crate::source::{Batch, BatchReader, Code, Document, FileStamp, Quarantined, SourceFile, Stage, TextKey, Warning};
use crate::state::InFlight;

use super::{Item, Known, Source, hash};

/// What a file holds.
#[derive(Debug, Default, Clone)]
pub struct FileRead {
    /// Its documents, in order.
    pub items: Vec<Item>,
    /// What of it could not be used.
    pub quarantined: Vec<Quarantined>,
    /// What was odd about it.
    pub warnings: Vec<Warning>,
    /// How it looked when it was read, if that is not how it was listed.
    pub stamp: Option<FileStamp>,
    /// BLAKE3 of its bytes, if that is not what was planned.
    pub hash: Option<[u8; 16]>,
}

/// What came of reading.
#[derive(Default)]
pub struct ReadFiles {
    /// By number in the listing, for the files that were to be read.
    pub files: FxHashMap<usize, FileRead>,
    /// Shards of documents that were never seen before. Items lead here.
    pub fresh: Vec<PagedShard>,
    notes: Option<InFlight>,
}

impl FileRead {
    /// Whether the file was being written to.
    pub fn is_unsettled(&self) -> bool {
        self.quarantined.iter().any(|row| row.code == Code::Changed)
    }
}

impl ReadFiles {
    /// A file that is not opened, since two runs ended while it was being read.
    pub fn set_aside(&mut self, number: usize, file: &SourceFile) {
        let message =
            "two runs ended while this file was being read, so it is not opened any more until it changes; save it in another format";
        let row = Quarantined { stage: Stage::Read, code: Code::Crash, message: message.to_string(), ..changed_row(file) };
        self.files.insert(number, FileRead { quarantined: vec![row], ..FileRead::default() });
    }

    /// What was read of other files is added.
    pub fn join(&mut self, other: Self) {
        let before = u32::try_from(self.fresh.len()).unwrap_or(u32::MAX);
        self.fresh.extend(other.fresh);
        #[expect(clippy::iter_over_hash_type, reason = "each goes to its own place")]
        for (number, mut file) in other.files {
            for item in &mut file.items {
                if let Source::Fresh(shard, _) = &mut item.source {
                    *shard += before;
                }
            }
            self.files.insert(number, file);
        }
    }

    /// Reads the files with these numbers. One that changes while it is read is read once more, and set aside if it changes again.
    /// What is being read is noted in `notes`, so that a document that ends the program is known to the next run.
    pub fn new(keeping: (&Prepared, &Room), numbers: &[usize], known: &Known, notes: Option<&InFlight>, progress: &dyn Progress) -> Self {
        let (prepared, _) = keeping;
        let mut all = Self { notes: notes.cloned(), ..Self::default() };
        let listed = &prepared.listing.files;
        let files: Vec<SourceFile> = numbers.iter().map(|number| listed[*number].clone()).collect();
        all.read(keeping, &files, numbers, known, progress);
        let changed: Vec<(usize, SourceFile)> =
            numbers.iter().zip(&files).filter_map(|(number, file)| Some((*number, looked_at_again(file)?))).collect();
        if changed.is_empty() {
            return all;
        }
        let (numbers, files): (Vec<usize>, Vec<SourceFile>) = changed.into_iter().unzip();
        let hashes: Vec<_> = files.iter().map(hash).collect();
        all.read(keeping, &files, &numbers, known, &crate::run::Quiet);
        for ((number, file), hash) in numbers.into_iter().zip(files).zip(hashes) {
            let read = all.files.entry(number).or_default();
            (read.stamp, read.hash) = (Some(file.stamp), hash);
            if looked_at_again(&file).is_some() {
                *read = FileRead { quarantined: vec![changed_row(&file)], ..FileRead::default() };
            }
        }
        all
    }

    fn read(
        &mut self,
        (prepared, room): (&Prepared, &Room),
        files: &[SourceFile],
        numbers: &[usize],
        known: &Known,
        progress: &dyn Progress,
    ) {
        let by_path: FxHashMap<Arc<str>, usize> =
            files.iter().zip(numbers).map(|(file, number)| (file.relative.clone(), *number)).collect();
        let options = &prepared.config.input.source;
        let mut batches: Vec<(usize, BatchRead)> = BatchReader::new(files, options)
            .enumerate()
            .par_bridge()
            .take_any_while(|_| progress.stop_signal().is_none())
            .map(|(number, batch)| {
                let _note = self.notes.as_ref().map(|notes| notes.mark(number, &batch.fragile_files()));
                let (read, bytes) = BatchRead::new(batch, (prepared, room), known);
                progress.advance(read.documents.len() as u64, bytes);
                (number, read)
            })
            .collect();
        batches.sort_unstable_by_key(|(number, _)| *number);
        for number in numbers {
            self.files.insert(*number, FileRead::default());
        }
        let mut finder = FileFinder { by_path: &by_path, last: None };
        for (_, batch) in batches {
            self.add(batch, &mut finder);
        }
    }

    fn add(&mut self, batch: BatchRead, finder: &mut FileFinder<'_>) {
        let fresh = u32::try_from(self.fresh.len()).unwrap_or(u32::MAX);
        for document in batch.documents {
            let source = match document.place {
                Place::Fresh(at) => Source::Fresh(fresh, at),
                Place::Known(shard, at) => Source::Known(shard, at),
            };
            let file = self.files.entry(finder.find(&document.path)).or_default();
            file.items.push(Item { source, known: document.renewed });
        }
        for bad in batch.quarantined {
            self.files.entry(finder.find(&bad.path)).or_default().quarantined.push(bad);
        }
        for warning in batch.warnings {
            self.files.entry(finder.find(&warning.path)).or_default().warnings.push(warning);
        }
        self.fresh.push(batch.shard);
    }
}

/// The file as it looks now, if it does not look as it was listed.
fn looked_at_again(file: &SourceFile) -> Option<SourceFile> {
    let now = FileStamp::at(&file.path);
    match now {
        Some(stamp) if stamp == file.stamp => None,
        Some(stamp) => Some(SourceFile { stamp, bytes: stamp.bytes, ..file.clone() }),
        None => Some(SourceFile { stamp: FileStamp { bytes: 0, modified: 0, inode: 0 }, ..file.clone() }),
    }
}

fn changed_row(file: &SourceFile) -> Quarantined {
    Quarantined {
        path: file.relative.clone(),
        record: None,
        bytes: file.bytes,
        stage: Stage::Read,
        code: Code::Changed,
        message: "the file changed twice while it was read; let its writer finish, or set input.settle_seconds; the next run tries again"
            .to_string(),
        count: 1,
    }
}

/// Which listed file a path belongs to: that of the file itself, or of an archive or workbook above it.
struct FileFinder<'a> {
    by_path: &'a FxHashMap<Arc<str>, usize>,
    last: Option<(Arc<str>, usize)>,
}

impl FileFinder<'_> {
    fn find(&mut self, path: &Arc<str>) -> usize {
        if let Some((last, number)) = &self.last
            && (Arc::ptr_eq(last, path) || last == path)
        {
            return *number;
        }
        let mut part: &str = path;
        let number = loop {
            if let Some(number) = self.by_path.get(part) {
                break *number;
            }
            match part.rfind('/') {
                Some(at) => part = &part[..at],
                // Every reader names what it reads by the path of its file.
                None => break usize::MAX,
            }
        };
        self.last = Some((path.clone(), number));
        number
    }
}

/// What a batch holds.
struct BatchRead {
    documents: Vec<DocumentRead>,
    /// Those that were never seen before.
    shard: PagedShard,
    quarantined: Vec<Quarantined>,
    warnings: Vec<Warning>,
}

struct DocumentRead {
    path: Arc<str>,
    place: Place,
    /// What is known of it now, where that is not what was known when it was cut.
    renewed: Option<Box<ShardDocument>>,
}

enum Place {
    Fresh(u32),
    Known(u32, u32),
}

impl BatchRead {
    fn new(batch: Batch, (prepared, room): (&Prepared, &Room), known: &Known) -> (Self, u64) {
        let read = batch.read(&prepared.config.input.source);
        let is_known: Vec<Option<(u32, u32)>> = read.documents.iter().map(|d| known.place(&TextKey::of(&d.title, &d.body))).collect();
        let mut quarantined = read.quarantined;
        let (unseen, seen): (Vec<_>, Vec<_>) =
            read.documents.into_iter().zip(is_known).enumerate().partition(|(_, (_, place))| place.is_none());
        let (places, unseen): (Vec<usize>, Vec<Document>) = unseen.into_iter().map(|(at, (document, _))| (at, document)).unzip();
        let (shard, broken) = survive(&unseen, prepared.tools());
        let mut documents: Vec<(usize, DocumentRead)> = Vec::with_capacity(places.len() + seen.len());
        let mut fresh = 0;
        for ((at, document), failed) in places.into_iter().zip(&unseen).zip(&broken) {
            match failed {
                Some(row) => quarantined.push(row.clone()),
                None => {
                    documents.push((at, DocumentRead { path: document.path.clone(), place: Place::Fresh(fresh), renewed: None }));
                    fresh += 1;
                }
            }
        }
        let again = seen.into_iter().filter_map(|(at, (document, place))| Some((at, DocumentRead::again(&document, place?, known)?)));
        documents.extend(again);
        documents.sort_unstable_by_key(|(at, _)| *at);
        let documents = documents.into_iter().map(|(_, document)| document).collect();
        (Self { documents, shard: room.keep(shard), quarantined, warnings: read.warnings }, read.bytes)
    }
}

impl DocumentRead {
    /// A document whose text was cut before.
    fn again(document: &Document, (shard, at): (u32, u32), known: &Known) -> Option<Self> {
        let before = known.shard(shard)?.documents().get(at as usize)?;
        let now = before.renewed(document);
        let renewed = (now != *before).then(|| Box::new(now));
        Some(Self { path: document.path.clone(), place: Place::Known(shard, at), renewed })
    }
}
