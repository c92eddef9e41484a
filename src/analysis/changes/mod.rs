//! changes.csv: what is new, since an earlier run and since the period before.
//!
//! In: the corpus with the side of every document ([`sides`]), and what a caller knows of an earlier run ([`inputs`]). Out: one row a
//! thing that changed. The way there, file by file: [`terms`], [`pairs`], [`themes`], [`entities`] count their things on both sides
//! (the three that can be listed by [`things`]), [`counts`] says what counts make of a thing, [`listed`] which things are tested and
//! shown, [`evidence`] finds dates and sentences; [`documents`] tells what was compared. It must not know where a baseline is kept,
//! nor how it was chosen.

mod columns;
mod counts;
mod documents;
mod entities;
mod evidence;
mod inputs;
mod listed;
mod options;
mod pairs;
mod rows;
mod sides;
mod table;
mod terms;
#[cfg(test)]
mod tests;
mod themes;
mod things;

pub(super) use columns::DEFINITION;
pub use inputs::{Baseline, DocumentState, Retired, VanishedDocument, Withheld};
pub use options::{BaselineChoice, ChangeOptions, OnSeriesBreak};
pub(super) use table::build;
