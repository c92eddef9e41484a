//! Tables of a few texts, for tests.

use std::sync::Arc;

use crate::corpus::{Corpus, Selection, Shard, Tools, WordTags, build_shard};
use crate::lexicon::{Dictionary, EntityList, StopWords};
use crate::segment::{LoadedSegmenter, Mode, Patterns, Segmenter};
use crate::source::Document;
use crate::table::{Cell, Table, columns, row_values};
use crate::text::SentenceOptions;

use super::{AnalysisOptions, Inputs, REGISTRY, Shared, shared, test_corpus};

/// What a text is cut and counted with.
pub struct Workshop {
    pub segmenter: Segmenter,
    pub stop_words: StopWords,
    pub options: AnalysisOptions,
}

impl Workshop {
    /// With the words of a dictionary and a stop list.
    pub fn new(mode: Mode, dictionary: &str, stop_words: &str) -> Self {
        let (mut words, mut stop) = (Dictionary::default(), StopWords::default());
        words.add_file("d.txt", dictionary.as_bytes());
        stop.add_file("s.txt", stop_words.as_bytes());
        let segmenter = LoadedSegmenter::new().with_words(&words, Patterns::Forced).in_mode(mode);
        Self { segmenter, stop_words: stop, options: AnalysisOptions::default() }
    }

    /// Each text as a document of a shard of its own.
    pub fn corpus(&self, texts: &[&str]) -> Corpus {
        let sentences = SentenceOptions::default();
        let tools = Tools { segmenter: &self.segmenter, taggers: &[], sentences: &sentences };
        let shard = |(number, text): (usize, &&str)| -> Shard { build_shard(&[document(number, text)], tools) };
        Corpus::assemble(texts.iter().enumerate().map(shard).collect())
    }

    /// Looks at a table of these texts.
    pub fn with_table<T>(&self, name: &str, texts: &[&str], look: impl FnOnce(&dyn Table) -> T) -> T {
        let corpus = self.corpus(texts);
        let tag = |word: &str| self.segmenter.tag(word);
        let selection = Selection::new(&corpus, &self.options.terms, &self.stop_words, &tag);
        let inputs = Inputs {
            corpus: &corpus,
            selection: &selection,
            word_tags: &WordTags::new(&corpus, &selection, &tag),
            entities: &EntityList::default(),
            reference: None,
            baseline: None,
            segmenter: &self.segmenter,
            stop_words: &self.stop_words,
            taggers: &[],
            taxonomy: 0,
            gold_patterns: &[],
            quarantined: &[],
            options: &self.options,
        };
        let shared: Arc<Shared> = Arc::new(shared(&inputs, &|_| ()));
        let entry = REGISTRY.iter().find(|entry| entry.definition.name == name).unwrap();
        look(&*(entry.build)(&inputs, &shared))
    }

    /// The wanted columns of a table of these texts, as they are printed, joined by `,`.
    pub fn rows(&self, name: &str, wanted: &[&str], texts: &[&str]) -> Vec<String> {
        self.with_table(name, texts, |table| {
            let at: Vec<usize> = wanted.iter().map(|name| columns(table).iter().position(|column| column.name == *name).unwrap()).collect();
            let row = |row| {
                let cells = row_values(table, row);
                at.iter().map(|at| printed(&cells[*at])).collect::<Vec<_>>().join(",")
            };
            (0..table.row_count()).map(row).collect()
        })
    }
}

fn printed(cell: &Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) | Cell::Date(text) => text.clone(),
        Cell::Integer(number) => number.to_string(),
        Cell::Decimal(number) => number.to_string(),
    }
}

fn document(number: usize, text: &str) -> Document {
    test_corpus::document(&format!("{number}.txt"), "", "", text)
}
