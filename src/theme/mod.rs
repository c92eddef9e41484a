//! Themes: rules an analyst writes, found in sentences, with the words that caused every label.
//!
//! In: a taxonomy and the sentences of a document as written. Out: every hit with its contribution or the reason why it does
//! not count, and the themes of each sentence. A score is a sum of printed numbers, never a probability. This room knows
//! neither files nor tables nor how text is segmented.

mod alphabet;
mod find;
mod form;
mod lint;
mod literals;
mod match_text;
mod model;
mod pattern_counts;
mod quality;
mod resolve;
mod score;
mod sieve;
mod tagger;
#[cfg(test)]
mod tests;

pub use form::{BROKEN_QUOTE, Entry, List, Read, Text, Written, WrittenTheme, broken_quote, sheet_rows};
pub use literals::{LiteralFinder, LiteralRole, LiteralScratch, LiteralUse, ThemeLiteral};
pub use model::{Kind, Language, Nested, Op, Pattern, Scope, Taxonomy, Theme, Unit, short_decimal};
pub use pattern_counts::PatternCount;
pub use quality::{Average, Label, Quality, QualityReport, Share};
pub use tagger::{Blocked, CodedSentence, Coding, Hit, NegatorId, PatternId, Scratch, Sentence, Tagger};

use std::sync::Arc;

use crate::diagnostic::Diagnostic;

use form::Problems;

/// A taxonomy that can be used, with what is worth knowing about it.
pub struct Loaded {
    /// The taxonomy, compiled.
    pub tagger: Tagger,
    /// As it was written.
    pub written: Written,
    /// Warnings: nothing that stops a run.
    pub notes: Vec<Diagnostic>,
}

impl Taxonomy {
    /// Reads a taxonomy in TOML and checks it as a whole, its own examples included. `file` is how messages call it.
    ///
    /// # Errors
    /// Every problem found, sorted by place: syntax, unknown keys, ids, patterns, examples that are not coded.
    pub fn parse(file: &str, text: &str) -> Result<Loaded, Vec<Diagnostic>> {
        load(Written::read_toml(file, text))
    }

    /// The same for the CSV pair, themes.csv before patterns.csv: their names in messages and their texts.
    ///
    /// # Errors
    /// As [`Self::parse`].
    pub fn parse_pair(names: [&str; 2], texts: [&str; 2]) -> Result<Loaded, Vec<Diagnostic>> {
        load(Written::read_pair(names, texts))
    }
}

/// Checks a taxonomy as written, after the problems of its form, and compiles it.
///
/// # Errors
/// Every problem found, sorted by place.
pub fn load((written, found): form::Read) -> Result<Loaded, Vec<Diagnostic>> {
    let Some(written) = written else { return Err(sorted(found)) };
    let mut problems = Problems::new(written.files.clone());
    problems.found = found;
    let taxonomy = form::compile(&written, &mut problems);
    lint::check(&taxonomy, &mut problems);
    if problems.found.iter().any(Diagnostic::is_error) {
        // What can be told all the same comes at once.
        if let Some(is_sound) = sound_themes(&written, &taxonomy, &problems.found)
            && let Ok(tagger) = Tagger::new(Arc::new(taxonomy))
        {
            lint::check_examples(&tagger, None, &mut problems, |theme| is_sound[theme]);
        }
        return Err(sorted(problems.found));
    }
    let tagger = Tagger::new(Arc::new(taxonomy)).map_err(sorted)?;
    lint::check_examples(&tagger, None, &mut problems, |_| true);
    let notes = sorted(problems.found);
    if notes.iter().any(Diagnostic::is_error) { Err(notes) } else { Ok(Loaded { tagger, written, notes }) }
}

/// For each theme whether all of it can be used; nothing where an error is not one of the patterns of a theme, so that others may depend on it.
fn sound_themes(written: &Written, taxonomy: &Taxonomy, problems: &[Diagnostic]) -> Option<Vec<bool>> {
    const OF_PATTERNS: [&str; 7] = ["T006", "T007", "T008", "T009", "T010", "T011", "T012"];
    let mut is_sound: Vec<bool> = taxonomy.themes().iter().map(|theme| theme.uses.is_empty()).collect();
    for error in problems.iter().filter(|problem| problem.is_error()) {
        let is_here = |place: form::Place| written.files.get(place.file) == Some(&error.file) && place.line == error.line;
        let themes = written.themes().iter().enumerate().filter(|(_, theme)| theme.places().any(is_here));
        let found: Vec<usize> = themes.map(|(number, _)| number).collect();
        if found.is_empty() || !OF_PATTERNS.contains(&error.code) {
            return None;
        }
        found.into_iter().for_each(|theme| is_sound[theme] = false);
    }
    Some(is_sound)
}

/// Tells where the words of a sentence begin and end.
pub trait Cutter {
    /// Start and end of each token in Unicode scalar values, ascending.
    fn edges(&self, sentence: &str) -> Vec<(u32, u32)>;
}

impl Tagger {
    /// What only a segmenter can tell of a taxonomy: examples of themes that ask for whole tokens, and token patterns that are
    /// no token.
    pub fn check_tokens(&self, cutter: &dyn Cutter) -> Vec<Diagnostic> {
        let mut problems = Problems::new(self.taxonomy().files.clone());
        if self.needs_tokens() {
            lint::check_token_patterns(self, cutter, &mut problems);
            lint::check_examples(self, Some(cutter), &mut problems, |_| true);
        }
        sorted(problems.found)
    }
}

fn sorted(mut problems: Vec<Diagnostic>) -> Vec<Diagnostic> {
    problems.sort_by(|a, b| (&a.file, a.line, a.column, a.code, &a.message).cmp(&(&b.file, b.line, b.column, b.code, &b.message)));
    problems
}
