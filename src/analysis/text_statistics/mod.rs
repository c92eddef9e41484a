//! text_statistics.csv: how each document is written: length, vocabulary, sentences, words.

mod columns;
mod count;
#[cfg(test)]
mod tests;

use std::num::NonZeroU32;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::corpus::{ByDocument, Corpus};
use crate::stats::{self, Ratio};
use crate::table::{Cells, Definition, Table};

use super::{Inputs, Shared};
use count::{Counts, Spread};

pub(super) use columns::DEFINITION;
pub(super) use count::word_characters;

/// How the texts of documents are measured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TextStatisticsOptions {
    /// Tokens in a window of `mattr`. Default 100, as in quanteda: a short report still has a value, and one window holds enough
    /// words to tell texts apart. Values of different windows do not compare.
    pub mattr_window: NonZeroU32,
}

impl Default for TextStatisticsOptions {
    fn default() -> Self {
        Self { mattr_window: NonZeroU32::MIN.saturating_add(99) }
    }
}

struct TextStatistics<'a> {
    corpus: &'a Corpus,
    /// Of each document.
    counts: ByDocument<Counts>,
    window: u64,
}

pub(super) fn build<'a>(inputs: &Inputs<'a>, _: &Arc<Shared>) -> Box<dyn Table + 'a> {
    let window = inputs.options.text_statistics.mattr_window.get();
    Box::new(TextStatistics { corpus: inputs.corpus, counts: count::count(inputs.corpus, window), window: u64::from(window) })
}

impl Table for TextStatistics<'_> {
    fn definition(&self) -> &'static Definition {
        &DEFINITION
    }

    fn row_count(&self) -> usize {
        self.corpus.document_count()
    }

    fn write_row(&self, row: usize, cells: &mut dyn Cells) {
        let number = self.corpus.documents_by_id()[row] as usize;
        let Some(counts) = self.counts.row(number).first().copied() else { return };
        cells.code(self.corpus.document(number).id.write(&mut [0; 13]));
        for count in [counts.paragraphs, counts.sentences, counts.clauses, counts.tokens, counts.types, counts.hapaxes] {
            cells.integer(count);
        }
        cells.ratio(stats::ttr(counts.types, counts.tokens));
        cells.ratio(stats::mattr(counts.types_in_windows, counts.tokens, self.window));
        cells.ratio(stats::yule_k(counts.sum_of_squares, counts.tokens));
        write_spread(counts.tokens, counts.sentences, counts.in_tokens, cells);
        write_spread(counts.characters, counts.sentences, counts.in_characters, cells);
        cells.optional_integer((counts.sentences > 0).then_some(counts.longest_sentence_no));
        cells.ratio(Ratio::new(counts.clauses, counts.sentences));
        cells.ratio(Ratio::new(counts.characters, counts.clauses));
        cells.ratio(Ratio::new(counts.characters, counts.tokens));
        for part in counts.of_length.into_iter().chain([counts.numbers, counts.latin]) {
            cells.share(stats::share(part, counts.tokens));
        }
    }
}

/// Mean, median and longest of the sentences.
fn write_spread(sum: u64, sentences: u64, spread: Spread, cells: &mut dyn Cells) {
    cells.ratio(Ratio::new(sum, sentences));
    cells.ratio((sentences > 0).then(|| Ratio::new(spread.twice_median, 2u64)).flatten());
    cells.optional_integer((sentences > 0).then_some(spread.longest));
}
