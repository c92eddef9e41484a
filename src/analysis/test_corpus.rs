//! Small corpora for tests: words parted by spaces, so that every count can be seen.

use std::sync::LazyLock;

use crate::corpus::{Corpus, Selection, Tools, WordTags, build_shard};
use crate::lexicon::{Dictionary, EntityList, FrequencyList, StopWords};
use crate::segment::{Mode, Segmenter};
use crate::source::{ContentHash, Date, DocId, Document};
use crate::table::{Cell, Table, TableWarning, row_values};
use crate::text::SentenceOptions;
use crate::theme::{Tagger, Taxonomy};

use super::{AnalysisOptions, Inputs, tables};

static SEGMENTER: LazyLock<Segmenter> = LazyLock::new(|| Segmenter::new(&Dictionary::default()).in_mode(Mode::Spaces));

/// A document of this path, date (`2024-01-31`, or empty), source and text, whose words are parted by spaces.
pub fn document(path: &str, date: &str, source: &str, text: &str) -> Document {
    let mut parts = date.split('-').map(|part| part.parse::<u16>().unwrap_or(0));
    let mut next = || parts.next().unwrap_or(0);
    let (year, month, day) = (next(), next(), next());
    Document {
        id: DocId::of(path, None),
        path: path.into(),
        record: None,
        title: String::new(),
        date: Date::new(i32::from(year), month as u8, day as u8),
        source: source.to_string(),
        document_number: String::new(),
        issuing_body: String::new(),
        place: String::new(),
        format: "text",
        encoding: "utf-8",
        confidence: None,
        replaced: 0,
        body: text.to_string(),
        content_hash: ContentHash::of("", text),
        bytes: text.len() as u64,
    }
}

/// A table of a test corpus: cells as they are printed, joined by `|`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    pub rows: Vec<String>,
    pub note: String,
    pub dropped: Vec<(&'static str, u64)>,
    pub warnings: Vec<TableWarning>,
}

/// What a test corpus is counted with.
#[derive(Default)]
pub struct Setting<'a> {
    pub options: AnalysisOptions,
    pub taxonomy: Option<&'a str>,
    pub list: Option<&'a str>,
    /// Where the documents are cut into batches.
    pub cuts: &'a [usize],
}

impl Setting<'_> {
    /// The table `name` of these documents.
    pub fn table(&self, documents: &[Document], name: &str) -> Made {
        self.with_inputs(documents, |inputs| {
            let (tables, _) = tables(inputs, false, &|_| ());
            made(&**tables.iter().find(|table| table.definition().name == name).unwrap())
        })
    }

    /// What `look` makes of the corpus of these documents.
    pub fn with_inputs<T>(&self, documents: &[Document], look: impl FnOnce(&Inputs<'_>) -> T) -> T {
        let taggers: Vec<Tagger> =
            self.taxonomy.iter().map(|text| Taxonomy::parse("t.toml", text).map_err(|p| format!("{p:?}")).unwrap().tagger).collect();
        let list = self.list.map(|text| FrequencyList::parse("r.csv", text.as_bytes(), true).unwrap());
        let tools = Tools { segmenter: &SEGMENTER, taggers: &taggers, sentences: &SentenceOptions::default() };
        let mut borders: Vec<usize> = self.cuts.iter().map(|cut| cut % (documents.len() + 1)).chain([0, documents.len()]).collect();
        borders.sort_unstable();
        let corpus = Corpus::assemble(borders.windows(2).map(|w| build_shard(&documents[w[0]..w[1]], tools)).collect());
        let selection = Selection::new(&corpus, &self.options.terms, &StopWords::default(), &|_| "n".to_string());
        let word_tags = WordTags::new(&corpus, &selection, &|_| "n".to_string());
        let inputs = Inputs {
            corpus: &corpus,
            selection: &selection,
            word_tags: &word_tags,
            entities: &EntityList::default(),
            segmenter: &SEGMENTER,
            stop_words: &StopWords::default(),
            taggers: &taggers,
            taxonomy: 0,
            gold_patterns: &[],
            reference: list.as_ref(),
            baseline: None,
            quarantined: &[],
            options: &self.options,
        };
        look(&inputs)
    }
}

/// The cells of all rows, as they are printed.
pub fn rows_of(table: &dyn Table) -> Vec<Vec<String>> {
    (0..table.row_count()).map(|row| row_values(table, row).into_iter().map(shown).collect()).collect()
}

fn shown(cell: Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) | Cell::Date(text) => text,
        Cell::Integer(number) => number.to_string(),
        Cell::Decimal(decimal) => decimal.to_string(),
    }
}

/// A finished table as it is printed.
pub fn made(table: &dyn Table) -> Made {
    Made {
        rows: rows_of(table).iter().map(|row| row.join("|")).collect(),
        note: table.note().unwrap_or_default(),
        dropped: table.dropped().iter().map(|d| (d.option, d.rows)).collect(),
        warnings: table.warnings(),
    }
}
