//! Taxonomies checked by themselves, without output; with a corpus only where it is asked for.

use crate::config::Config;
use crate::corpus::Parts;
use crate::diagnostic::{Diagnostic, Level};
use crate::theme::{PatternCount, PatternId};

use super::super::prepare::Prepared;
use super::super::progress::Progress;
use super::super::taxonomy::read_taxonomy;
use super::super::{Built, RunError};

/// Every problem of the configured taxonomies, sorted by place.
///
/// # Errors
/// When the word lists that the segmenter needs for token patterns cannot be used.
pub fn check_taxonomies(config: &Config) -> Result<Vec<Diagnostic>, RunError> {
    let mut problems: Vec<Diagnostic> = Vec::new();
    let mut needs_tokens = false;
    for path in &config.themes.taxonomy {
        match read_taxonomy(path, config.text.simplify) {
            Ok((loaded, _)) => {
                needs_tokens |= loaded.tagger.needs_tokens();
                problems.extend(loaded.notes);
            }
            Err(found) => problems.extend(found),
        }
    }
    if needs_tokens && !problems.iter().any(Diagnostic::is_error) {
        problems.extend(Prepared::token_problems(config)?);
    }
    problems.sort();
    Ok(problems)
}

impl Built {
    /// T021: patterns of the taxonomies that the documents never have, or hardly ever.
    pub fn unseen_patterns(&self, prepared: &Prepared) -> Vec<Diagnostic> {
        let mut notes = Vec::new();
        for (number, tagger) in prepared.taggers().iter().enumerate() {
            let mut counts = vec![PatternCount::default(); tagger.pattern_count()];
            for shard in self.corpus().shards() {
                let shard = shard.read(Parts::TEXT | Parts::HITS);
                let (paragraph, text) = (|at: u32| shard.sentences[at as usize].paragraph, |at: u32| shard.counted_text(at as usize));
                let document = |at: u32| shard.sentences[at as usize].document;
                for hits in shard.themes(number).hits.chunk_by(|a, b| document(a.sentence) == document(b.sentence)) {
                    tagger.count_patterns(hits, &paragraph, &text, &mut counts);
                }
            }
            let sentences = self.corpus().sentence_count() as u64;
            for (id, count) in (0u32..).zip(&counts) {
                let pattern = tagger.pattern(PatternId(id));
                let message = match count.hits {
                    0 => format!("`{}` is never found in {sentences} sentences", pattern.text),
                    _ if count.sentences * RARE < sentences => {
                        format!("`{}` counts in {} of {sentences} sentences, less than one in {RARE}", pattern.text, count.sentences)
                    }
                    _ => continue,
                };
                let file = tagger.taxonomy().file(pattern.place.file);
                notes.push(Diagnostic::error(file, pattern.place.line, pattern.place.column, "T021", message).at_level(Level::Info));
            }
        }
        notes.sort();
        notes
    }
}

/// One sentence in so many: the rule of thumb of keyATM (Eshima, Imai and Sasaki 2024).
const RARE: u64 = 1_000;

/// Checks and builds the corpus for [`Built::unseen_patterns`].
///
/// # Errors
/// As [`Prepared::for_reading`].
pub fn unseen_patterns(config: &Config, progress: &dyn Progress) -> Result<Vec<Diagnostic>, RunError> {
    let prepared = Prepared::for_reading(config)?;
    prepared.in_pool(|| Ok(prepared.build(progress)?.unseen_patterns(&prepared)))
}
