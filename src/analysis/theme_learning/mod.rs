//! Learning from sentences that are coded: words that a theme might lack, and how well such words tell themes apart.
//!
//! In: the corpus, its terms, one taxonomy. Out: tables for a person to decide on. Off the main path of a run: sentences that hold
//! a masked name are cut a second time, without it.

mod selftest;
mod suggest;
#[cfg(test)]
mod tests;
mod units;

pub use selftest::{SELFTEST_DEFINITION, SelftestSplit, selftest};
pub use suggest::{SUGGESTIONS_DEFINITION, SuggestionLevel, suggest};
