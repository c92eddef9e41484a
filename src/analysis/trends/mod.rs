//! term_trends.csv and theme_trends.csv: how often, period by period.
//!
//! The timeline puts every dated document into a period, from the first that has a document to the last; those between them
//! without any are there too, with true zeros and no rates. Both tables count over it, and keyness.csv takes its latest period.

mod term_trends;
#[cfg(test)]
mod tests;
mod theme_trends;
mod timeline;

pub(super) use term_trends::{DEFINITION as TERM_TRENDS, build as build_term_trends};
pub(super) use theme_trends::{DEFINITION as THEME_TRENDS, build as build_theme_trends};
pub(super) use timeline::Timeline;

use serde::{Deserialize, Serialize};

use crate::table::{Cells, Decimal};
use crate::text::{normalise, simplified};

use super::period::PeriodChoice;

/// What is followed through time, and in which steps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TrendOptions {
    /// `year`, `quarter`, `month`, `week`, `day`, or by the span of the dates. Default `auto`: the finest with at most 36 periods.
    pub period: PeriodChoice,
    /// How many of the most frequent terms are followed; 0 = only the listed ones. Default 200: what a person can leaf through,
    /// and in a large corpus three tenths of all term occurrences.
    pub top: usize,
    /// Words that are followed in any case, also those that are no terms. Default none.
    pub terms: Vec<String>,
}

impl Default for TrendOptions {
    fn default() -> Self {
        Self { period: PeriodChoice::Auto, top: 200, terms: Vec::new() }
    }
}

impl TrendOptions {
    /// Most terms that may be followed: each has a row a period.
    pub const MOST_TERMS: usize = 50_000;

    /// The same with its words in the form in which tokens are counted.
    #[must_use]
    pub fn matched(self, in_simplified: bool) -> Self {
        let matched = |typed: &String| {
            let word = normalise(typed).trim().to_ascii_lowercase();
            if in_simplified { simplified(&word).into_owned() } else { word }
        };
        Self { terms: self.terms.iter().map(matched).filter(|word| !word.is_empty()).collect(), ..self }
    }

    /// Rows that one period may have: the most frequent terms and the listed ones.
    pub fn rows_a_period(&self) -> usize {
        self.top.saturating_add(self.terms.len())
    }
}

/// Two ends of an interval of shares, or two empty cells.
fn write_interval(interval: Option<(f64, f64)>, digits: u8, cells: &mut dyn Cells) {
    cells.decimal(interval.and_then(|(low, _)| Decimal::rounded(low, digits)));
    cells.decimal(interval.and_then(|(_, high)| Decimal::rounded(high, digits)));
}
