//! What is made of the counts: one file for each table.
//!
//! In: the corpus, its terms and the options. Out: finished tables whose floats are computed once, from whole numbers that
//! no longer change. An analysis states its columns, its order and its options; it knows nothing of files or formats.
//!
//! Adding one: a new file here and a line in [`tables`].

mod changes;
mod cooccurrence;
mod dictionary_audit;
mod document_rows;
mod document_themes;
mod documents;
mod duplicates;
mod entities;
mod examples;
mod group_counts;
mod keyness;
mod keywords;
mod lengths;
mod new_words;
mod ngrams;
mod pairs;
mod pattern_stats;
mod period;
mod quarantine;
mod ranges;
mod sentence_themes;
mod sequences;
mod side_counts;
mod slice;
mod suffixed;
#[cfg(test)]
mod tables_of_texts;
mod term_documents;
mod terms;
#[cfg(test)]
mod test_corpus;
mod text_statistics;
mod theme_evidence;
mod theme_learning;
mod theme_options;
mod theme_pairs;
mod theme_quality;
#[cfg(test)]
mod theme_tables_tests;
mod theme_totals;
mod themes;
mod trends;
mod uncoded;

pub use changes::{Baseline, BaselineChoice, ChangeOptions, DocumentState, OnSeriesBreak, Retired, VanishedDocument, Withheld};
pub use cooccurrence::CooccurrenceOptions;
pub use dictionary_audit::{AuditInputs, DictionaryAudit, audit_words};
pub use entities::EntityOptions;
pub use keyness::KeynessOptions;
pub use keywords::KeywordOptions;
pub use new_words::{Length, NewWordOptions};
pub use ngrams::{Edges, NgramOptions, Size};
pub use pairs::{OptionalMeasure, Unit};
pub use period::PeriodChoice;
pub use sequences::MOST_PLACES;
pub use slice::{Slice, SliceError};
pub use text_statistics::TextStatisticsOptions;
pub use theme_evidence::{Evidence, LooseEvidence, LooseHit};
pub use theme_learning::{
    SELFTEST_DEFINITION, SUGGESTIONS_DEFINITION, SelftestSplit, SuggestionLevel, selftest as theme_selftest, suggest as theme_suggestions,
};
pub use theme_options::ThemeOptions;
pub use theme_quality::{QUALITY_DEFINITION, QualityTable};
pub use theme_totals::Coverage;
pub use trends::TrendOptions;

use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Serialize};

use crate::corpus::{Corpus, Selection, TermOptions, WordTags};
use crate::lexicon::{EntityList, FrequencyList, StopWords};
use crate::segment::Segmenter;
use crate::source::Quarantined;
use crate::table::{Definition, Table};
use crate::theme::Tagger;

use entities::Entities;
use examples::Examples;
use suffixed::suffixed;
use term_documents::TermDocuments;
use theme_totals::ThemeTotals;
use trends::Timeline;

/// The options of all analyses, each defined beside the analysis that reads it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct AnalysisOptions {
    /// Which tokens are terms.
    pub terms: TermOptions,
    /// keywords.csv
    pub keywords: KeywordOptions,
    /// cooccurrence.csv
    pub cooccurrence: CooccurrenceOptions,
    /// entities.csv and entity_pairs.csv
    pub entities: EntityOptions,
    /// term_trends.csv and theme_trends.csv
    pub trends: TrendOptions,
    /// keyness.csv
    pub keyness: KeynessOptions,
    /// changes.csv
    pub changes: ChangeOptions,
    /// ngrams.csv
    pub ngrams: NgramOptions,
    /// new_words.csv
    pub new_words: NewWordOptions,
    /// text_statistics.csv
    pub text_statistics: TextStatisticsOptions,
    /// The theme tables.
    pub themes: ThemeOptions,
    /// Names of tables that are not made.
    pub leave_out: Vec<String>,
}

impl AnalysisOptions {
    fn wants(&self, table: &Definition) -> bool {
        self.leave_out.iter().all(|name| name != table.name)
    }

    /// Whether a table of entities is made.
    pub fn wants_entities(&self) -> bool {
        self.wants(&entities::DEFINITION) || self.wants(&entities::PAIRS)
    }

    /// The tables that were asked for although a text of so many characters is too long for them.
    pub fn too_long_for(&self, characters: u64) -> Vec<&'static str> {
        let counted_by_place = [&ngrams::DEFINITION, &new_words::DEFINITION];
        let is_too_long = characters > sequences::MOST_PLACES;
        counted_by_place.into_iter().filter(|table| is_too_long && self.wants(table)).map(|table| table.name).collect()
    }
}

/// What every analysis may read.
#[derive(Clone, Copy)]
pub struct Inputs<'a> {
    /// All documents, segmented.
    pub corpus: &'a Corpus,
    /// The terms.
    pub selection: &'a Selection,
    /// The part of speech of every word, where entities are wanted.
    pub word_tags: &'a WordTags,
    /// The listed names of entities.
    pub entities: &'a EntityList,
    /// Knows tags and dictionaries.
    pub segmenter: &'a Segmenter,
    /// Words that are no terms.
    pub stop_words: &'a StopWords,
    /// The compiled taxonomies. The first writes the tables of the contract, each further one those of its own name.
    pub taggers: &'a [Tagger],
    /// Which of them is at hand.
    pub taxonomy: usize,
    /// For each pattern of the first taxonomy the gold sentences in which it counts, and those of them that are labelled with its
    /// theme; empty without a gold file.
    pub gold_patterns: &'a [(u64, u64)],
    /// Frequencies of another corpus that keyness compares with, if there are any.
    pub reference: Option<&'a FrequencyList>,
    /// The earlier run that changes.csv compares with, if there is one.
    pub baseline: Option<&'a Baseline<'a>>,
    /// Inputs that could not be used.
    pub quarantined: &'a [Quarantined],
    /// What the user asked for.
    pub options: &'a AnalysisOptions,
}

/// What several analyses share, counted once.
struct Shared {
    examples: Arc<Examples>,
    term_documents: Arc<TermDocuments>,
    /// Under the taxonomy at hand.
    themes: ThemeTotals,
    /// Found when the first of their tables is made.
    entities: Arc<OnceLock<Entities>>,
    timeline: Arc<Timeline>,
}

impl<'a> Inputs<'a> {
    /// The taxonomy at hand, if there is one.
    fn tagger(&self) -> Option<&'a Tagger> {
        self.taggers.get(self.taxonomy)
    }
}

/// Every table of a run, and how much of the corpus has themes under each taxonomy.
///
/// The order of the list is that of the registry and of the data dictionary; behind it come the tables of further taxonomies. Two
/// tables are made at once where that is asked for and there is memory for both: hardly one of them has work for all threads all
/// the time.
pub fn tables<'a>(inputs: &Inputs<'a>, two_at_once: bool, step: &(dyn Fn(&str) + Sync)) -> (Vec<Box<dyn Table + 'a>>, Vec<Coverage>) {
    let shared = shared(inputs, step);
    let mut coverages: Vec<Coverage> = inputs.taggers.first().map(|_| shared.themes.coverage()).into_iter().collect();
    let is_wanted = |entry: &&Entry| inputs.options.wants(entry.definition);
    let shared = Arc::new(shared);
    let wanted: Vec<&Entry> = REGISTRY.iter().filter(is_wanted).collect();
    let mut tables = match two_at_once && inputs.corpus.room().is_unlimited() {
        true => two_lanes(&wanted, inputs, &shared, step),
        false => wanted.iter().map(|entry| entry.table(inputs, &shared, step)).collect(),
    };
    for (taxonomy, tagger) in inputs.taggers.iter().enumerate().skip(1) {
        let inputs = Inputs { taxonomy, ..*inputs };
        let shared = Arc::new(shared.under(ThemeTotals::new(&inputs)));
        coverages.push(shared.themes.coverage());
        let of_themes = wanted.iter().filter(|entry| entry.per == Per::Taxonomy);
        tables.extend(of_themes.map(|entry| suffixed(entry.table(&inputs, &shared, step), tagger.taxonomy().id())));
    }
    (tables, coverages)
}

/// The tables in their order, made in two lanes.
///
/// Tables that share what is made when the first of them asks for it must stand in one lane: who waits for it in the other might be
/// the one that makes it.
fn two_lanes<'a>(wanted: &[&Entry], inputs: &Inputs<'a>, shared: &Arc<Shared>, step: &(dyn Fn(&str) + Sync)) -> Vec<Box<dyn Table + 'a>> {
    let is_in_second = |entry: &Entry| entry.per == Per::Taxonomy || SECOND_LANE.iter().any(|table| table.name == entry.definition.name);
    let lane = |second: bool| {
        let of_lane = wanted.iter().enumerate().filter(|(_, entry)| is_in_second(entry) == second);
        of_lane.map(|(at, entry)| (at, entry.table(inputs, shared, step))).collect::<Vec<_>>()
    };
    let (first, second) = rayon::join(|| lane(false), || lane(true));
    let mut tables: Vec<(usize, Box<dyn Table + 'a>)> = first.into_iter().chain(second).collect();
    tables.sort_by_key(|(at, _)| *at);
    tables.into_iter().map(|(_, table)| table).collect()
}

fn shared(inputs: &Inputs<'_>, step: &(dyn Fn(&str) + Sync)) -> Shared {
    step("examples");
    let examples = Examples::new(inputs.corpus, inputs.selection);
    step("terms of documents");
    let term_documents = TermDocuments::new(inputs.corpus, inputs.selection);
    step("themes");
    let themes = ThemeTotals::new(inputs);
    step("periods");
    let timeline = Timeline::new(inputs.corpus, &inputs.options.trends, &term_documents);
    Shared {
        examples: Arc::new(examples),
        term_documents: Arc::new(term_documents),
        themes,
        entities: Arc::new(OnceLock::new()),
        timeline: Arc::new(timeline),
    }
}

impl Shared {
    /// The same with the theme counts of another taxonomy.
    fn under(&self, themes: ThemeTotals) -> Self {
        Self {
            examples: Arc::clone(&self.examples),
            term_documents: Arc::clone(&self.term_documents),
            themes,
            entities: Arc::clone(&self.entities),
            timeline: Arc::clone(&self.timeline),
        }
    }
}

/// The definitions of all tables, in the order of the data dictionary; that of the audit, which needs more than the counts and is
/// written only when asked for, is the last.
pub fn definitions() -> Vec<&'static Definition> {
    REGISTRY.iter().map(|entry| entry.definition).chain([&QUALITY_DEFINITION, &dictionary_audit::DEFINITION]).collect()
}

type Build = for<'a> fn(&Inputs<'a>, &Arc<Shared>) -> Box<dyn Table + 'a>;

/// A table and what makes it.
struct Entry {
    definition: &'static Definition,
    build: Build,
    per: Per,
}

impl Entry {
    fn table<'a>(&self, inputs: &Inputs<'a>, shared: &Arc<Shared>, step: &(dyn Fn(&str) + Sync)) -> Box<dyn Table + 'a> {
        step(self.definition.name);
        (self.build)(inputs, shared)
    }
}

/// How often a table is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Per {
    /// Once.
    Corpus,
    /// Once for each taxonomy.
    Taxonomy,
}

const fn once(definition: &'static Definition, build: Build) -> Entry {
    Entry { definition, build, per: Per::Corpus }
}

const fn each(definition: &'static Definition, build: Build) -> Entry {
    Entry { definition, build, per: Per::Taxonomy }
}

/// The tables that are made beside all others, with those of themes: those of sequences, which take the longest. One after the other,
/// since each holds the text a second time.
const SECOND_LANE: [&Definition; 2] = [&ngrams::DEFINITION, &new_words::DEFINITION];

/// One line for each table.
const REGISTRY: &[Entry] = &[
    once(&documents::DEFINITION, documents::build),
    once(&terms::DEFINITION, terms::build),
    once(&keywords::DEFINITION, keywords::build),
    once(&cooccurrence::DEFINITION, cooccurrence::build),
    once(&entities::DEFINITION, entities::build),
    once(&entities::PAIRS, entities::build_pairs),
    once(&trends::TERM_TRENDS, trends::build_term_trends),
    once(&keyness::DEFINITION, keyness::build),
    once(&changes::DEFINITION, changes::build),
    once(&ngrams::DEFINITION, ngrams::build),
    once(&new_words::DEFINITION, new_words::build),
    each(&themes::DEFINITION, themes::build),
    each(&document_themes::DEFINITION, document_themes::build),
    each(&trends::THEME_TRENDS, trends::build_theme_trends),
    each(&sentence_themes::DEFINITION, sentence_themes::build),
    each(&theme_evidence::DEFINITION, theme_evidence::build),
    each(&theme_pairs::DEFINITION, theme_pairs::build),
    each(&pattern_stats::DEFINITION, pattern_stats::build),
    each(&uncoded::DEFINITION, uncoded::build),
    once(&text_statistics::DEFINITION, text_statistics::build),
    once(&lengths::DEFINITION, lengths::build),
    once(&duplicates::DEFINITION, duplicates::build),
    once(&quarantine::DEFINITION, quarantine::build),
];
