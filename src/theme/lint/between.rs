//! Patterns of different themes that get in each other's way, and masks that do nothing.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::Level;
use crate::text::{Literals, Occurrence, Places};
use crate::theme::form::{Place, Problems};
use crate::theme::model::{Kind, Nested, Parts, Pattern, Taxonomy, Theme};

pub(super) fn check(taxonomy: &Taxonomy, problems: &mut Problems) {
    repeated_in_kind(taxonomy, problems);
    if taxonomy.nested == Nested::Dictionary {
        hidden(taxonomy, problems);
    }
    taxonomy.themes.iter().for_each(|theme| idle_masks(theme, problems));
}

fn repeated_in_kind(taxonomy: &Taxonomy, problems: &mut Problems) {
    let mut seen: BTreeMap<(Kind, &str), (&str, Place)> = BTreeMap::new();
    for theme in taxonomy.themes.iter().filter(|t| t.is_leaf) {
        for pattern in &theme.patterns {
            match seen.get(&(theme.kind, pattern.text.as_str())) {
                Some((other, first)) if *other != theme.id => {
                    let message = format!("`{}` also stands in `{other}`, line {}: both are coded", pattern.text, first.line);
                    problems.add_at(Level::Warning, pattern.place, "T016", message, None);
                }
                _ => {
                    seen.insert((theme.kind, &pattern.text), (&theme.id, pattern.place));
                }
            }
        }
    }
}

/// Literals that lie inside a longer one of another theme: they do not count there.
fn hidden(taxonomy: &Taxonomy, problems: &mut Problems) {
    let leaves = || taxonomy.themes.iter().filter(|theme| theme.is_leaf);
    let patterns: Vec<(&Theme, &Pattern, &str)> =
        leaves().flat_map(|theme| theme.patterns.iter().filter_map(move |p| Some((theme, p, p.literal()?)))).collect();
    // Equal literals share a number, since each is found once.
    let mut of_literal: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    patterns.iter().enumerate().for_each(|(at, (_, _, literal))| of_literal.entry(literal).or_default().push(at));
    let (literals, patterns_of): (Vec<&str>, Vec<Vec<usize>>) = of_literal.into_iter().unzip();
    let (literals, mut places) = (Literals::new(&literals), Places::default());
    let mut told = vec![0_usize; patterns.len()];
    for (theme, longer, literal) in &patterns {
        let text: Vec<char> = literal.chars().collect();
        let is_shorter = |o: &&Occurrence| ((o.end - o.start) as usize) < text.len();
        let inside: BTreeSet<u32> = literals.find(&text, &mut places).iter().filter(is_shorter).map(|o| o.literal).collect();
        for at in inside.iter().flat_map(|number| &patterns_of[*number as usize]).filter(|at| patterns[**at].0.id != theme.id) {
            let (other, shorter, _) = &patterns[*at];
            told[*at] += 1;
            if told[*at] > MOST_AROUND {
                continue;
            }
            let message = format!(
                "`{}` of `{}` does not count inside `{}` of `{}`, line {}",
                shorter.text, other.id, longer.text, theme.id, longer.place.line
            );
            problems.add_at(Level::Info, shorter.place, "T017", message, None);
        }
    }
    for (all, (other, shorter, _)) in told.iter().zip(&patterns).filter(|(all, _)| **all > MOST_AROUND) {
        let message =
            format!("`{}` of `{}` does not count inside {} more patterns of other themes", shorter.text, other.id, all - MOST_AROUND);
        problems.add_at(Level::Info, shorter.place, "T017", message, None);
    }
}

/// Longer literals that are named for one; a taxonomy of nested ones has as many as the square of its size.
const MOST_AROUND: usize = 20;

/// Masks of a theme that hold none of its patterns. What a regular expression matches is not known here.
fn idle_masks(theme: &Theme, problems: &mut Problems) {
    let may_lie_in = |pattern: &Pattern, mask: &str| match &pattern.parts {
        Parts::Literal(normal) => mask.contains(normal.as_str()),
        Parts::Anchors(first, _, second) => mask.contains(first.as_str()) && mask.contains(second.as_str()),
        Parts::Regex(_) => true,
    };
    for mask in theme.masks.iter().filter(|mask| !theme.patterns.iter().any(|pattern| may_lie_in(pattern, &mask.normal))) {
        let message = format!("the mask `{}` of `{}` holds none of its patterns, so it does nothing", mask.text, theme.id);
        problems.add_at(Level::Info, mask.place, "T018", message, None);
    }
}
