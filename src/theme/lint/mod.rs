//! What is wrong with a taxonomy whose form is right.

mod between;
mod examples;
mod overlapped;
mod patterns;
mod script;
mod uses;

pub(super) use examples::{check_examples, check_token_patterns};
pub(super) use uses::use_order;

use crate::diagnostic::Level;

use super::form::{Place, Problems};
use super::model::{Op, Taxonomy, Theme};

/// From here on a run is slower than a reader of its configuration would expect.
const MANY_PATTERNS: usize = 20_000;
const MANY_REGEXES: usize = 200;

/// Every problem but those that need its examples to be run.
pub(super) fn check(taxonomy: &Taxonomy, problems: &mut Problems) {
    let nowhere = Place { file: taxonomy.files.len().saturating_sub(1), ..Place::default() };
    if !taxonomy.themes.iter().any(|t| t.is_leaf) {
        problems.add(nowhere, "T006", "the taxonomy has no theme with patterns");
    }
    for theme in &taxonomy.themes {
        leaves(theme, problems);
        if theme.is_leaf {
            patterns::check(theme, taxonomy, problems);
            overlapped::check(theme, problems);
            uses::check(theme, taxonomy, problems);
        }
    }
    uses::circles(taxonomy, problems);
    between::check(taxonomy, problems);
    script::check(taxonomy, problems);
    cost(taxonomy, nowhere, problems);
}

fn leaves(theme: &Theme, problems: &mut Problems) {
    let has_patterns = !theme.patterns.is_empty();
    if !theme.is_leaf && has_patterns {
        let message = format!("`{0}` has parts, so its patterns belong to a leaf: move them to `{0}.general`", theme.id);
        problems.add(theme.place, "T005", message);
    }
    if theme.is_leaf && !has_patterns {
        problems.add(theme.place, "T006", format!("`{}` has no pattern that counts: terms, token, gap, near or regex", theme.id));
    }
}

fn cost(taxonomy: &Taxonomy, place: Place, problems: &mut Problems) {
    let patterns = || taxonomy.themes.iter().flat_map(|theme| &theme.patterns);
    let (all, regexes) = (patterns().count(), patterns().filter(|pattern| pattern.op == Op::Regex).count());
    if all > MANY_PATTERNS || regexes > MANY_REGEXES {
        let message = format!(
            "{all} patterns, {regexes} of them regular expressions: every regular expression that has no fixed words at its ends is run over every sentence"
        );
        let help = "split the taxonomy, or write regular expressions as terms and gaps".to_string();
        problems.add_at(Level::Warning, place, "T023", message, Some(help));
    }
}
