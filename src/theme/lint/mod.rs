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
use super::model::{Parts, Pattern, Taxonomy, Theme};
use super::sieve::Sieve;

/// From here on a run is slower than a reader of its configuration would expect.
const MANY_PATTERNS: usize = 20_000;
/// Regexes that are run over every sentence; each reads all of the text once more.
const MANY_OPEN_REGEXES: usize = 20;

/// Every problem but those that need its examples to be run.
pub(super) fn check(taxonomy: &Taxonomy, problems: &mut Problems) {
    let nowhere = Place { file: taxonomy.files.len().saturating_sub(1), ..Place::default() };
    if !taxonomy.themes.iter().any(|t| t.is_leaf) {
        problems.add(nowhere, "T006", "the taxonomy has no theme with patterns");
    }
    let masks: patterns::Masks<'_> = taxonomy.masks.iter().rev().map(|mask| (mask.normal.as_str(), mask)).collect();
    for theme in &taxonomy.themes {
        leaves(theme, problems);
        if theme.is_leaf {
            patterns::check(theme, taxonomy, &masks, problems);
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
    let conditions = [("all", &theme.all), ("any", &theme.any), ("none", &theme.none), ("mask", &theme.masks)];
    let idle = conditions.into_iter().find_map(|(list, literals)| Some((list, literals.first()?.place)));
    let idle = idle.or_else(|| Some(("use", theme.uses.first()?.place)));
    if let Some((list, place)) = idle.filter(|_| !theme.is_leaf) {
        let message = format!("`{}` has parts, and `{list}` works in leaves only: move it to each of them", theme.id);
        problems.add(place, "T005", message);
    }
    if theme.is_leaf && !has_patterns {
        problems.add(theme.place, "T006", format!("`{}` has no pattern that counts: terms, token, gap, near or regex", theme.id));
    }
}

fn cost(taxonomy: &Taxonomy, place: Place, problems: &mut Problems) {
    let patterns = || taxonomy.themes.iter().flat_map(|theme| &theme.patterns);
    let is_open = |pattern: &&Pattern| matches!(&pattern.parts, Parts::Regex(regex) if Sieve::of(regex.as_str()).is_empty());
    let (all, open) = (patterns().count(), patterns().filter(is_open).count());
    if all > MANY_PATTERNS || open > MANY_OPEN_REGEXES {
        let message = format!(
            "{all} patterns, and {open} regular expressions that have no fixed words at their ends and are run over every sentence"
        );
        let help = "split the taxonomy, or write regular expressions as terms and gaps".to_string();
        problems.add_at(Level::Warning, place, "T023", message, Some(help));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_regexes_are_a_cost_only_where_no_words_tell_their_sentences() {
        let warnings = |pattern: fn(usize) -> String| {
            let regexes: Vec<String> = (0..=MANY_OPEN_REGEXES).map(|number| format!("'{}'", pattern(number))).collect();
            let head = "[taxonomy]\nid = \"t\"\n[[theme]]\nid = \"a\"\nkind = \"policy\"\n[[theme]]\nid = \"a.b\"\n";
            let loaded = Taxonomy::parse("t.toml", &format!("{head}regex = [{}]\n", regexes.join(", ")));
            let notes = loaded.map_err(|problems| format!("{problems:?}")).unwrap().notes;
            notes.iter().filter(|note| note.code == "T023").map(|note| note.message.clone()).collect::<Vec<_>>()
        };
        assert_eq!(warnings(|number| format!(r"改革\d{{{}}}开放", number + 1)), Vec::<String>::new());
        let open = warnings(|number| format!(r"\d{{{}}}年", number + 1));
        assert_eq!(open, Vec::<String>::new(), "年 is at the end of each");
        let open = warnings(|number| format!(r"\d{{{}}}\p{{Han}}", number + 1));
        assert_eq!(open.len(), 1, "{open:?}");
        assert!(open[0].starts_with("21 patterns, and 21 regular expressions that have no fixed words"), "{open:?}");
    }
}
