//! Rows of the literals of the taxonomy.

use crate::text::normalise;
use crate::theme::{LiteralRole, LiteralUse, ThemeLiteral};

use super::{AuditInputs, List, Row, Status, joined, named};

pub(super) fn rows(inputs: &AuditInputs<'_>) -> Vec<Row> {
    inputs.themes.iter().enumerate().map(|(number, literal)| row(inputs, number, literal)).collect()
}

fn row(inputs: &AuditInputs<'_>, number: usize, literal: &ThemeLiteral<'_>) -> Row {
    let occurrences = inputs.counts.theme(number);
    let audit = inputs.counts.word(inputs.words, &as_token(&literal.text));
    let is_changed = !literal.text.eq_ignore_ascii_case(&literal.normal);
    let status = if leaves(literal).len() > 1 {
        Status::Conflict
    } else if is_repeated(literal) {
        Status::Duplicate
    } else if occurrences == 0 {
        Status::Absent
    } else if is_changed {
        Status::Changed
    } else {
        Status::Ok
    };
    let note = joined([Some(uses(literal)), is_changed.then(|| format!("matched as {}", literal.normal))]);
    Row {
        list: List::Theme,
        word: literal.text.clone(),
        line: literal.uses[0].line,
        status,
        counts: Some((occurrences, audit.tokens)),
        swallowed_by: named(&audit.takers()),
        note,
    }
}

/// The form that a token of this text would have.
pub(super) fn as_token(literal: &str) -> String {
    normalise(literal).trim().to_ascii_lowercase()
}

/// The leaves for which the literal counts by itself.
fn leaves<'t>(literal: &ThemeLiteral<'t>) -> Vec<&'t str> {
    let mut leaves: Vec<&str> = literal.uses.iter().filter(|u| u.role == LiteralRole::Pattern).filter_map(|u| u.theme).collect();
    leaves.sort_unstable();
    leaves.dedup();
    leaves
}

/// Whether it stands twice for the same purpose. Anchors are shared by many patterns.
fn is_repeated(literal: &ThemeLiteral<'_>) -> bool {
    let mut purposes: Vec<_> = literal.uses.iter().filter(|u| u.role != LiteralRole::Anchor).map(|u| (u.role, u.theme)).collect();
    let all = purposes.len();
    purposes.sort_unstable();
    purposes.dedup();
    purposes.len() < all
}

/// `pattern of opening.reform; mask in line 24`: the first without its line, which has a column of its own.
fn uses(literal: &ThemeLiteral<'_>) -> String {
    let written = |(number, found): (usize, &LiteralUse<'_>)| {
        let theme = found.theme.map(|theme| format!(" of {theme}")).unwrap_or_default();
        let line = if number == 0 { String::new() } else { format!(" in line {}", found.line) };
        format!("{}{theme}{line}", found.role.as_str())
    };
    literal.uses.iter().enumerate().map(written).collect::<Vec<_>>().join("; ")
}
