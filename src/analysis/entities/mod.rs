//! entities.csv and entity_pairs.csv: the persons, places, organisations, documents and meetings that a corpus names, and who
//! occurs with whom.
//!
//! In: the tokens of sentences with the tags of their words, the listed names, and words that go with names (`words.txt`). Out:
//! mentions, each a run of tokens of one sentence. The way there, file by file: [`classify`] says once for every word of the
//! vocabulary what it may be in a name ([`classes`]); the rules ([`person`], [`place`], [`organisation`], [`meeting`], [`listed`],
//! [`written`], [`short_forms`]) propose stretches of tokens where such a word stands; [`scan`] keeps the longest where stretches overlap;
//! [`forms`] adds up what was seen of a form over the whole corpus and drops those without evidence; [`found`] counts under one name the
//! forms that [`names`] says are one; [`mentions`] knows where they stand.
//!
//! No rule crosses a mark, and nothing is decided token by token from strings: a token costs a look into a table of flags.

mod classes;
mod classify;
mod context;
mod document_number;
mod forms;
mod found;
mod listed;
mod meeting;
mod mentions;
mod names;
mod organisation;
mod pair_table;
mod person;
mod place;
mod scan;
mod short_forms;
mod table;
mod vocabulary;
mod written;

#[cfg(test)]
mod tests;

pub(super) use found::Entities;
pub(super) use pair_table::{PAIRS, build_pairs};
pub(super) use table::{DEFINITION, build};

use serde::{Deserialize, Serialize};

use super::pairs::SentenceUnit;
use super::{Inputs, Shared};

/// Which rows the tables of entities have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct EntityOptions {
    /// Fewest mentions of an entity for a row. Default 1: a document number matters when it is named once.
    pub min_mentions: u64,
    /// Most rows of entities.csv, the most mentioned ones; 0 = all. Default 0: names are few beside words.
    pub top: usize,
    /// What "together" means: `sentence`, `paragraph` or `document`. Default `sentence`: entities of one statement.
    pub pair_unit: SentenceUnit,
    /// Fewest units that hold both. Default 2: a pair seen once says nothing.
    pub pair_min_count: u32,
    /// Most entities that are paired, the most mentioned ones; 0 = all. Default 10,000, as for terms.
    pub pair_max_entities: usize,
    /// Most rows of entity_pairs.csv, the highest g2; 0 = all. Default 50,000, as for terms.
    pub pair_top: usize,
}

impl Default for EntityOptions {
    fn default() -> Self {
        Self { min_mentions: 1, top: 0, pair_unit: SentenceUnit::default(), pair_min_count: 2, pair_max_entities: 10_000, pair_top: 50_000 }
    }
}

/// The entities, found when they are first asked for.
pub(super) fn entities<'s>(inputs: &Inputs<'_>, shared: &'s Shared) -> &'s Entities {
    shared.entities.get_or_init(|| Entities::new(inputs, shared))
}
