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
mod examples;
mod keywords;
mod quarantine;
mod sentence_themes;
mod term_documents;
mod terms;
mod theme_evidence;
mod theme_totals;
mod themes;

pub use cooccurrence::{CooccurrenceOptions, Unit};
pub use dictionary_audit::{AuditInputs, DictionaryAudit, audit_words};
pub use keywords::KeywordOptions;
pub use theme_evidence::Evidence;
pub use theme_totals::Coverage;

use serde::{Deserialize, Serialize};

use crate::corpus::{Corpus, Selection, TermOptions};
use crate::source::Quarantined;
use crate::table::{Definition, Table};
use crate::theme::Tagger;

use examples::Examples;
use term_documents::TermDocuments;
use theme_totals::ThemeTotals;

/// The options of all analyses, each defined beside the analysis that reads it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct AnalysisOptions {
    /// Which tokens are terms.
    pub terms: TermOptions,
    /// keywords.csv
    pub keywords: KeywordOptions,
    /// cooccurrence.csv
    pub cooccurrence: CooccurrenceOptions,
    /// What theme_evidence.csv holds.
    pub evidence: Evidence,
    /// Names of tables that are not made.
    pub leave_out: Vec<String>,
}

/// What every analysis may read.
#[derive(Clone, Copy)]
pub struct Inputs<'a> {
    /// All documents, segmented.
    pub corpus: &'a Corpus,
    /// The terms.
    pub selection: &'a Selection,
    /// The compiled taxonomy, if there is one.
    pub tagger: Option<&'a Tagger>,
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
}

/// Every table of a run, and how much of the corpus has themes.
///
/// The order of the list is that of the registry and of the data dictionary.
pub fn tables<'a>(inputs: &Inputs<'a>, step: &dyn Fn(&str)) -> (Vec<Box<dyn Table + 'a>>, Coverage) {
    step("examples");
    let examples = Examples::new(inputs.corpus, inputs.selection);
    step("terms of documents");
    let term_documents = TermDocuments::new(inputs.corpus, inputs.selection);
    step("themes");
    let themes = ThemeTotals::new(inputs.corpus, inputs.tagger);
    let coverage = themes.coverage();
    let shared = std::sync::Arc::new(Shared { examples, term_documents, themes });
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
    (&themes::DEFINITION, themes::build),
    (&document_themes::DEFINITION, document_themes::build),
    (&sentence_themes::DEFINITION, sentence_themes::build),
    (&theme_evidence::DEFINITION, theme_evidence::build),
    (&duplicates::DEFINITION, duplicates::build),
    (&quarantine::DEFINITION, quarantine::build),
];
