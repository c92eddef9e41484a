//! What is made of the counts: one file for each table.
//!
//! In: the corpus, its terms and the options. Out: finished tables whose floats are computed once, from whole numbers that
//! no longer change. An analysis states its columns, its order and its options; it knows nothing of files or formats.
//!
//! Adding one: a new file here and a line in [`tables`].

mod cooccurrence;
mod dictionary_audit;
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
mod period;
mod quarantine;
mod sentence_themes;
mod sequences;
mod slice;
#[cfg(test)]
mod tables_of_texts;
mod term_documents;
mod terms;
#[cfg(test)]
mod test_corpus;
mod text_statistics;
mod theme_evidence;
mod theme_totals;
mod themes;
mod trends;

pub use cooccurrence::CooccurrenceOptions;
pub use dictionary_audit::{AuditInputs, DictionaryAudit, audit_words};
pub use entities::EntityOptions;
pub use keyness::KeynessOptions;
pub use keywords::KeywordOptions;
pub use new_words::{Length, NewWordOptions};
pub use ngrams::{Edges, NgramOptions, Size};
pub use pairs::{OptionalMeasure, Unit};
pub use period::PeriodChoice;
pub use slice::{Slice, SliceError};
pub use text_statistics::TextStatisticsOptions;
pub use theme_evidence::Evidence;
pub use theme_totals::Coverage;
pub use trends::TrendOptions;

use serde::{Deserialize, Serialize};

use crate::corpus::{Corpus, Selection, TermOptions, WordTags};
use crate::lexicon::{EntityList, FrequencyList, StopWords};
use crate::segment::Segmenter;
use crate::source::Quarantined;
use crate::table::{Definition, Table};
use crate::theme::Tagger;

use entities::Entities;
use examples::Examples;
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
    /// ngrams.csv
    pub ngrams: NgramOptions,
    /// new_words.csv
    pub new_words: NewWordOptions,
    /// text_statistics.csv
    pub text_statistics: TextStatisticsOptions,
    /// What theme_evidence.csv holds.
    pub evidence: Evidence,
    /// Names of tables that are not made.
    pub leave_out: Vec<String>,
}

impl AnalysisOptions {
    /// Whether a table of entities is made.
    pub fn wants_entities(&self) -> bool {
        let is_left_out = |table: &Definition| self.leave_out.iter().any(|name| name == table.name);
        !(is_left_out(&entities::DEFINITION) && is_left_out(&entities::PAIRS))
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
    /// The compiled taxonomy, if there is one.
    pub tagger: Option<&'a Tagger>,
    /// Frequencies of another corpus that keyness compares with, if there are any.
    pub reference: Option<&'a FrequencyList>,
    /// Inputs that could not be used.
    pub quarantined: &'a [Quarantined],
    /// What the user asked for.
    pub options: &'a AnalysisOptions,
}

/// What several analyses share, counted once.
struct Shared {
    examples: Examples,
    term_documents: TermDocuments,
    themes: ThemeTotals,
    /// Found when the first of their tables is made.
    entities: std::sync::OnceLock<Entities>,
    timeline: Timeline,
}

/// Every table of a run, and how much of the corpus has themes.
///
/// The order of the list is that of the registry and of the data dictionary.
pub fn tables<'a>(inputs: &Inputs<'a>, step: &dyn Fn(&str)) -> (Vec<Box<dyn Table + 'a>>, Coverage) {
    let shared = std::sync::Arc::new(shared(inputs, step));
    let coverage = shared.themes.coverage();
    let tables = REGISTRY
        .iter()
        .filter(|(definition, _)| !inputs.options.leave_out.iter().any(|name| name == definition.name))
        .map(|(definition, build)| {
            step(definition.name);
            build(inputs, &shared)
        })
        .collect();
    (tables, coverage)
}

fn shared(inputs: &Inputs<'_>, step: &dyn Fn(&str)) -> Shared {
    step("examples");
    let examples = Examples::new(inputs.corpus, inputs.selection);
    step("terms of documents");
    let term_documents = TermDocuments::new(inputs.corpus, inputs.selection);
    step("themes");
    let themes = ThemeTotals::new(inputs.corpus, inputs.tagger);
    step("periods");
    let timeline = Timeline::new(inputs.corpus, &inputs.options.trends, &term_documents);
    Shared { examples, term_documents, themes, entities: std::sync::OnceLock::new(), timeline }
}

/// The definitions of all tables, in the order of the data dictionary; that of the audit, which needs more than the counts and is
/// written only when asked for, is the last.
pub fn definitions() -> Vec<&'static Definition> {
    REGISTRY.iter().map(|(definition, _)| *definition).chain([&dictionary_audit::DEFINITION]).collect()
}

type Build = for<'a> fn(&Inputs<'a>, &std::sync::Arc<Shared>) -> Box<dyn Table + 'a>;

/// One line for each table.
const REGISTRY: &[(&Definition, Build)] = &[
    (&documents::DEFINITION, documents::build),
    (&terms::DEFINITION, terms::build),
    (&keywords::DEFINITION, keywords::build),
    (&cooccurrence::DEFINITION, cooccurrence::build),
    (&entities::DEFINITION, entities::build),
    (&entities::PAIRS, entities::build_pairs),
    (&trends::TERM_TRENDS, trends::build_term_trends),
    (&keyness::DEFINITION, keyness::build),
    (&ngrams::DEFINITION, ngrams::build),
    (&new_words::DEFINITION, new_words::build),
    (&themes::DEFINITION, themes::build),
    (&document_themes::DEFINITION, document_themes::build),
    (&trends::THEME_TRENDS, trends::build_theme_trends),
    (&sentence_themes::DEFINITION, sentence_themes::build),
    (&theme_evidence::DEFINITION, theme_evidence::build),
    (&text_statistics::DEFINITION, text_statistics::build),
    (&lengths::DEFINITION, lengths::build),
    (&duplicates::DEFINITION, duplicates::build),
    (&quarantine::DEFINITION, quarantine::build),
];
