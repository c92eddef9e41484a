//! Which documents repeat another: word for word, nearly, or as a part of it.
//!
//! In: all shards of a run. Out: [`Copies`]. Texts are compared as sets of strings of five characters (Broder 1997). Comparing each
//! with each would take days, so fingerprints ([`fingerprints`]) name the few that are worth a look ([`index`]); what is printed of
//! those is counted on the texts themselves. Which of two is kept, and what a group is, decides [`stars`].

mod fingerprints;
mod groups;
mod index;
mod options;
mod outline;
mod rule;
mod stars;
mod text;
mod texts;

pub use options::{CopyKind, CopyOptions, Threshold};

use rayon::prelude::*;

use crate::source::DocId;
use crate::stats::{Overlap, Ratio, containment, resemblance};

use super::paged::{PagedShard, Parts, Room, SharedDocument};
use groups::Found;
use text::{longest_difference, shingle_set};
use texts::Texts;

/// A document that repeats another.
#[derive(Debug, Clone)]
pub struct DocumentCopy {
    /// The document.
    pub document: SharedDocument,
    /// The one that it repeats, which repeats no other.
    pub kept: SharedDocument,
    /// How.
    pub kind: CopyKind,
    /// Its own shingles (a), those of the kept one (b), and those that both have.
    pub overlap: Overlap,
    /// The longest passage that only the copy has, or empty.
    pub only_here: String,
    /// The longest passage that only the kept document has; empty where the copy is contained in it.
    pub only_kept: String,
}

impl DocumentCopy {
    /// How alike the two are: 1 for exact copies, containment for contained ones, else resemblance.
    pub fn similarity(&self) -> Option<Ratio> {
        match self.kind {
            CopyKind::Exact => Ratio::new(1, 1u32),
            CopyKind::Near => resemblance(self.overlap),
            CopyKind::Contained => containment(self.overlap),
        }
    }
}

/// All documents that repeat another.
#[derive(Debug, Default)]
pub struct Copies {
    documents: u64,
    too_short: u64,
    /// By kept document, similarity descending, document.
    rows: Vec<DocumentCopy>,
    /// Copies with what they repeat, by id.
    kept_of: Vec<(DocId, DocId, CopyKind)>,
}

/// Most characters of a passage that is quoted: enough to tell a changed dateline from a changed message.
const MOST_QUOTED: usize = 60;

/// Rows that are finished by one thread: those of one kept document stand together, and its set is made once.
const ROWS_AT_ONCE: usize = 64;

impl Copies {
    /// Looks for copies in all shards, whose documents have ids of their own.
    pub fn find(shards: &[PagedShard], options: &CopyOptions, room: &Room) -> Self {
        if options.kinds.is_empty() {
            return Self { documents: shards.iter().map(|s| s.documents().len() as u64).sum(), ..Self::default() };
        }
        let texts = Texts::read(shards, room);
        let (mut found, too_short) = groups::find(&texts, options);
        let id = |place: u32| texts.document(place).id;
        found.sort_by(|a, b| {
            let key = |f: &Found| (id(f.link.kept), -f.link.millionths, id(f.place));
            key(a).cmp(&key(b))
        });
        let rows: Vec<DocumentCopy> = found.par_chunks(ROWS_AT_ONCE).flat_map_iter(|some| finished(&texts, some)).collect();
        let mut kept_of: Vec<_> = rows.iter().map(|row| (row.document.id, row.kept.id, row.kind)).collect();
        kept_of.sort_unstable_by_key(|(copy, ..)| *copy);
        Self { documents: texts.len() as u64, too_short, rows, kept_of }
    }

    /// The copies: by kept document, similarity as printed descending, id.
    pub fn rows(&self) -> &[DocumentCopy] {
        &self.rows
    }

    /// How many documents were compared.
    pub fn document_count(&self) -> u64 {
        self.documents
    }

    /// How many of them were too short to be compared but for being the same.
    pub fn too_short(&self) -> u64 {
        self.too_short
    }

    /// What a document repeats, and how.
    pub fn kept_for(&self, copy: DocId) -> Option<(DocId, CopyKind)> {
        let at = self.kept_of.binary_search_by_key(&copy, |(copy, ..)| *copy).ok()?;
        Some((self.kept_of[at].1, self.kept_of[at].2))
    }

    /// The shards as if no copy had been read, and the copies in shards of their own.
    pub fn leave_out(&self, shards: Vec<PagedShard>, room: &Room) -> (Vec<PagedShard>, Vec<PagedShard>) {
        let without = |shard: PagedShard| {
            let copies: Vec<bool> = shard.documents().iter().map(|document| self.kept_for(document.id).is_some()).collect();
            if !copies.contains(&true) {
                return (shard, None);
            }
            let read = shard.read(Parts::ALL);
            let kept = room.keep(read.without(|document| copies[document]));
            (kept, Some(room.keep(read.without(|document| !copies[document]))))
        };
        let (kept, left_out): (Vec<PagedShard>, Vec<Option<PagedShard>>) = shards.into_par_iter().map(without).unzip();
        (kept, left_out.into_iter().flatten().collect())
    }
}

/// Rows for what was found, in the same order.
fn finished(texts: &Texts<'_>, found: &[Found]) -> Vec<DocumentCopy> {
    let mut rows = Vec::with_capacity(found.len());
    for same in found.chunk_by(|a, b| a.link.kept == b.link.kept) {
        let kept = texts.shared_document(same[0].link.kept);
        let quotes = same.iter().any(|f| f.kind != CopyKind::Exact);
        let kept_text = if quotes { texts.text(same[0].link.kept) } else { Vec::new() };
        let kept_set = shingle_set(&kept_text);
        for f in same {
            let (mut only_here, mut only_kept) = (String::new(), String::new());
            if f.kind != CopyKind::Exact {
                let text = texts.text(f.place);
                only_here = longest_difference(&text, &kept_set, MOST_QUOTED);
                if f.kind == CopyKind::Near {
                    only_kept = longest_difference(&kept_text, &shingle_set(&text), MOST_QUOTED);
                }
            }
            let document = texts.shared_document(f.place);
            rows.push(DocumentCopy { document, kept: kept.clone(), kind: f.kind, overlap: f.link.overlap, only_here, only_kept });
        }
    }
    rows
}
