//! Gaps and nears that do nothing, since a term of their own theme stands in one of their anchors.
//!
//! Of two hits of one theme that overlap one counts, and a term goes before a gap, however small its weight. Who writes both gets the
//! weight of the term and nothing for the gap: the rule that is easiest to break without noticing.

use crate::diagnostic::Level;
use crate::text::{Literals, Places};
use crate::theme::form::Problems;
use crate::theme::model::{Op, Parts, Pattern, Scope, Theme};

pub(super) fn check(theme: &Theme, problems: &mut Problems) {
    let terms: Vec<(&Pattern, &str)> = theme.patterns.iter().filter(|p| p.op == Op::Term).filter_map(|p| Some((p, p.literal()?))).collect();
    let literals: Vec<&str> = terms.iter().map(|(_, literal)| *literal).collect();
    let (literals, mut places) = (Literals::new(&literals), Places::default());
    for loose in &theme.patterns {
        let Parts::Anchors(first, _, second) = &loose.parts else { continue };
        let mut found: Vec<u32> = Vec::new();
        for anchor in [first, second] {
            let text: Vec<char> = anchor.chars().collect();
            let all = literals.find(&text, &mut places).iter();
            found.extend(all.filter(|o| is_apart(&text, o.start as usize, o.end as usize)).map(|o| o.literal));
        }
        let term = found.into_iter().map(|number| terms[number as usize].0).filter(|term| reaches(term.scope, loose.scope));
        if let Some(term) = term.min_by_key(|term| term.place.line) {
            let message = format!(
                "`{}` does not count where the term `{}` of `{}`, line {}, does: they overlap, and a term goes first",
                loose.text, term.text, theme.id, term.place.line
            );
            let help = "leave out one of the two, or write it as longer terms or as a regular expression, of which the longer goes first"
                .to_string();
            problems.add_at(Level::Warning, loose.place, "T024", message, Some(help));
        }
    }
}

/// Whether a term of scope `term` is looked for wherever a pattern of scope `loose` is.
fn reaches(term: Scope, loose: Scope) -> bool {
    term == Scope::Everywhere || term == loose
}

/// Whether a literal at this place is a hit: one that begins or ends with a Latin letter or digit is not, next to another.
fn is_apart(text: &[char], start: usize, end: usize) -> bool {
    let joins = |one: Option<&char>, other: Option<&char>| [one, other].into_iter().all(|c| c.is_some_and(char::is_ascii_alphanumeric));
    !(start > 0 && joins(text.get(start - 1), text.get(start)) || joins(text.get(end - 1), text.get(end)))
}
