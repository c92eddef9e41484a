//! The audit of the word lists over all inputs.

use rayon::prelude::*;

use crate::analysis::{AuditInputs, DictionaryAudit, audit_words};
use crate::corpus::{AuditCounts, AuditWords, Parts, document_sentences};
use crate::source::{Batch, BatchReader, Quarantined, sorted_and_capped};
use crate::theme::ThemeLiteral;

use super::{Built, Prepared, Progress, Stage};

impl Prepared {
    /// Reads all inputs and says what became of every word of the lists; also what could not be used, by path and record. Call it
    /// inside [`Self::in_pool`].
    pub fn audit(&self, progress: &dyn Progress) -> (DictionaryAudit, Vec<Quarantined>) {
        progress.stage(Stage::Process, self.listing.files.iter().map(|f| f.bytes).sum());
        let themes = self.theme_literals();
        let words = audit_words(&self.dictionary, &self.stop_words, &themes);
        let (counts, quarantined) = BatchReader::new(&self.listing.files, &self.config.input.source)
            .par_bridge()
            .map(|batch| self.audit_batch(batch, &words, progress))
            .reduce(Default::default, |mut a, mut b| {
                a.1.append(&mut b.1);
                (a.0.merged(b.0), a.1)
            });
        let quarantined = sorted_and_capped(self.listing.quarantined.iter().cloned().chain(quarantined).collect());
        (self.audit_table(&themes, &words, &counts), quarantined)
    }

    fn audit_batch(&self, batch: Batch, words: &AuditWords, progress: &dyn Progress) -> (AuditCounts, Vec<Quarantined>) {
        let read = batch.read(&self.config.input.source);
        let mut sentences = Vec::new();
        for document in &read.documents {
            document_sentences(document, &self.config.text, |sentence| sentences.push(sentence.counted()));
        }
        let counts = words.count(&self.segmenter, sentences.into_iter());
        progress.advance(read.documents.len() as u64, read.bytes);
        (counts, read.quarantined)
    }

    fn theme_literals(&self) -> Vec<ThemeLiteral<'_>> {
        self.taggers.first().map(|tagger| tagger.taxonomy().literals()).unwrap_or_default()
    }

    fn audit_table(&self, themes: &[ThemeLiteral<'_>], words: &AuditWords, counts: &AuditCounts) -> DictionaryAudit {
        DictionaryAudit::new(&AuditInputs {
            dictionary: &self.dictionary,
            stop_words: &self.stop_words,
            themes,
            words,
            counts,
            knows: &|word| self.segmenter.knows(word),
        })
    }
}

impl Built {
    /// The same over the documents of this corpus, which are not read again.
    pub(super) fn audit(&self, prepared: &Prepared) -> DictionaryAudit {
        let themes = prepared.theme_literals();
        let words = audit_words(&prepared.dictionary, &prepared.stop_words, &themes);
        let counts = self
            .corpus()
            .shards()
            .par_iter()
            .map(|shard| shard.read(Parts::TEXT))
            .map(|shard| words.count(&prepared.segmenter, (0..shard.sentences.len()).map(|sentence| shard.counted_text(sentence))))
            .reduce(AuditCounts::default, AuditCounts::merged);
        prepared.audit_table(&themes, &words, &counts)
    }
}
