//! keyness.csv: which terms one part of the corpus has more often than another, or than a list of frequencies from elsewhere.

mod counts;
mod evidence;
mod sides;
mod table;
#[cfg(test)]
mod tests;

pub(super) use table::{DEFINITION, build};

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::Slice;
use crate::lexicon::MOST_LISTED_TOKENS;

/// What is compared with what, and which terms get a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct KeynessOptions {
    /// Condition on the documents in question, such as `year=2023`. Default empty: those of the latest period of the trends; with a
    /// reference list all documents.
    pub target: String,
    /// Condition on the documents they are compared with, or `rest` for all others. Default empty: `rest` beside a target, the
    /// periods before the latest without one.
    pub reference: String,
    /// A list of words with their frequencies in another corpus, in the place of reference documents. Default none.
    pub reference_list: PathBuf,
    /// Tokens of the corpus that the list was made of; 0 = the sum of its frequencies. Default 0.
    pub reference_tokens: u64,
    /// Fewest occurrences of a term on both sides together. Default 5: below it a term is key by a single text or by chance, and
    /// each one tested makes the q-values of all others larger.
    pub min_count: u64,
    /// Fewest documents that hold a term on the side where it is key. Default 1, since a side may be one document.
    pub min_documents: u64,
    /// Most rows, the highest |g2|; 0 = all. Default 5,000: more than anyone reads.
    pub top: usize,
}

impl Default for KeynessOptions {
    fn default() -> Self {
        Self {
            target: String::new(),
            reference: String::new(),
            reference_list: PathBuf::new(),
            reference_tokens: 0,
            min_count: 5,
            min_documents: 1,
            top: 5_000,
        }
    }
}

/// The documents in question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// Those of the latest period that has any.
    LatestPeriod,
    /// All.
    AllDocuments,
    /// Those for which a condition holds.
    Documents(Slice),
}

/// What they are compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reference {
    /// The documents of all periods before the latest.
    PeriodsBefore,
    /// All other documents.
    Rest,
    /// The documents for which a condition holds.
    Documents(Slice),
    /// A list of frequencies.
    List,
}

/// The two sides that options ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// The documents in question.
    pub target: Target,
    /// What they are compared with.
    pub reference: Reference,
}

impl KeynessOptions {
    /// Whether it is typed what is compared, so that it does not follow from the dates.
    fn asks_for_something(&self) -> bool {
        !self.target.trim().is_empty() || !self.reference.trim().is_empty() || !self.reference_list.as_os_str().is_empty()
    }

    /// The two sides. `themes` are the ids of the taxonomy; nothing where they are not to be checked.
    ///
    /// # Errors
    /// Conditions that are none, themes that do not exist, settings that contradict each other; in words for people.
    pub fn comparison<'t>(&self, themes: Option<impl Iterator<Item = &'t str> + Clone>) -> Result<Comparison, String> {
        let condition = |key: &str, text: &str| {
            let slice = Slice::parse(text).and_then(|slice| {
                themes.clone().map_or(Ok(()), |ids| slice.check_themes(ids))?;
                Ok(slice)
            });
            slice.map_err(|error| format!("keyness.{key} = {text:?}: {error}"))
        };
        let has_list = !self.reference_list.as_os_str().is_empty();
        let (target, reference) = (self.target.trim(), self.reference.trim());
        if has_list && !reference.is_empty() {
            return Err("keyness.reference and keyness.reference_list: expected one of them, found both; empty the other".to_string());
        }
        if !has_list && self.reference_tokens > 0 {
            return Err("keyness.reference_tokens: expected a list of frequencies (keyness.reference_list) that it belongs to, found none"
                .to_string());
        }
        if self.reference_tokens > MOST_LISTED_TOKENS {
            return Err(format!("keyness.reference_tokens: expected at most {MOST_LISTED_TOKENS}, found {}", self.reference_tokens));
        }
        Ok(Comparison {
            target: match target {
                "" if has_list => Target::AllDocuments,
                "" => Target::LatestPeriod,
                text => Target::Documents(condition("target", text)?),
            },
            reference: match reference {
                "" if has_list => Reference::List,
                "" if target.is_empty() => Reference::PeriodsBefore,
                "" | "rest" => Reference::Rest,
                text => Reference::Documents(condition("reference", text)?),
            },
        })
    }
}
