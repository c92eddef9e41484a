//! The documents of all inputs without a run: some batches at a time, in input order, with the ids that they have in the tables.

use std::iter::Peekable;

use rayon::prelude::*;

use crate::corpus::{Copies, PagedShard, Room, build_text};
use crate::source::{BatchReader, ReadBatch, UniqueIds};

use super::Prepared;

/// Batches that are read at a time where each is done with at once: bounds what is held in memory.
pub(super) const BATCHES_IN_FLIGHT: usize = 32;

/// Groups of batches, each read in parallel. What could not be read is in them, beside what the listing says.
pub(super) struct Documents<'a> {
    prepared: &'a Prepared,
    batches: Peekable<BatchReader<'a>>,
    batches_at_once: usize,
    ids: UniqueIds,
    /// Documents that a run leaves out, and so does this.
    left_out: Copies,
}

impl Prepared {
    /// Every document.
    pub(super) fn all_documents(&self, batches_at_once: usize) -> Documents<'_> {
        let batches = BatchReader::new(&self.listing.files, &self.config.input.source).peekable();
        Documents { prepared: self, batches, batches_at_once, ids: UniqueIds::default(), left_out: Copies::default() }
    }

    /// The documents that a run counts: without copies if the configuration leaves them out. For that all texts are read once more,
    /// and held until the copies are known.
    pub(super) fn counted_documents(&self, batches_at_once: usize) -> Documents<'_> {
        let left_out = if self.config.duplicates.collapse { self.copies() } else { Copies::default() };
        Documents { left_out, ..self.all_documents(batches_at_once) }
    }

    fn copies(&self) -> Copies {
        let mut shards: Vec<PagedShard> = Vec::new();
        for group in self.all_documents(BATCHES_IN_FLIGHT) {
            shards.par_extend(group.into_par_iter().map(|batch| build_text(&batch.documents, self.tools()).into()));
        }
        Copies::find(&shards, &self.config.duplicates, &Room::unlimited())
    }
}

impl Iterator for Documents<'_> {
    type Item = Vec<ReadBatch>;

    fn next(&mut self) -> Option<Vec<ReadBatch>> {
        self.batches.peek()?;
        let options = &self.prepared.config.input.source;
        let group: Vec<_> = self.batches.by_ref().take(self.batches_at_once).collect();
        let mut read: Vec<ReadBatch> = group.into_par_iter().map(|batch| batch.read(options)).collect();
        for batch in &mut read {
            batch.documents.iter_mut().for_each(|document| document.id = self.ids.give(&document.path, document.id));
            batch.documents.retain(|document| self.left_out.kept_for(document.id).is_none());
        }
        Some(read)
    }
}
