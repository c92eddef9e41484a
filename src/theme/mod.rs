//! Themes: rules an analyst writes, found in sentences, with the words that caused every label.
//!
//! In: a taxonomy and the sentences of a document as written. Out: every hit with its contribution or the reason why it does
//! not count, and the themes of each sentence. A score is a sum of printed numbers, never a probability. This room knows
//! neither files nor tables nor how text is segmented.

mod find;
mod lint;
mod literals;
mod match_text;
mod model;
mod pattern_counts;
mod quality;
mod read;
mod resolve;
mod score;
mod tagger;
#[cfg(test)]
mod tests;

pub use literals::{LiteralFinder, LiteralRole, LiteralScratch, LiteralUse, ThemeLiteral};
pub use model::{Kind, Nested, Op, Pattern, Scope, Taxonomy, Theme, Unit};
pub use pattern_counts::PatternCount;
pub use quality::{Quality, leaf_quality};
pub use tagger::{Blocked, CodedSentence, Coding, Hit, NegatorId, PatternId, Scratch, Sentence, Tagger};

use std::sync::Arc;

use crate::diagnostic::Diagnostic;

/// A taxonomy that can be used, with what is worth knowing about it.
pub struct Loaded {
    /// The taxonomy, compiled.
    pub tagger: Tagger,
    /// Warnings: nothing that stops a run.
    pub notes: Vec<Diagnostic>,
}

impl Taxonomy {
    /// Reads a taxonomy in TOML and checks it as a whole, its own examples included. `file` is how messages call it.
    ///
    /// # Errors
    /// Every problem found, sorted by place: syntax, unknown keys, ids, patterns, examples that are not coded.
    pub fn parse(file: &str, text: &str) -> Result<Loaded, Vec<Diagnostic>> {
        let (taxonomy, mut problems) = read::taxonomy(file, text);
        let taxonomy = match taxonomy {
            Some(taxonomy) => taxonomy,
            None => return Err(sorted(problems)),
        };
        problems.extend(lint::check(&taxonomy, file));
        if problems.iter().any(Diagnostic::is_error) {
            return Err(sorted(problems));
        }
        let tagger = Tagger::new(Arc::new(taxonomy))?;
        problems.extend(lint::check_examples(&tagger, file));
        let notes = sorted(problems);
        if notes.iter().any(Diagnostic::is_error) { Err(notes) } else { Ok(Loaded { tagger, notes }) }
    }
}

fn sorted(mut problems: Vec<Diagnostic>) -> Vec<Diagnostic> {
    problems.sort_by(|a, b| (&a.file, a.line, a.column, a.code, &a.message).cmp(&(&b.file, b.line, b.column, b.code, &b.message)));
    problems
}
