//! What is wrong with the patterns of one theme.

use std::collections::{BTreeMap, HashMap};

use crate::diagnostic::Level;
use crate::theme::form::{Place, Problems};
use crate::theme::model::{Literal, Op, Parts, Pattern, Taxonomy, Theme};

/// Longest literal that is still easy to read in a cell.
const LONGEST_LITERAL: usize = 40;
/// Characters that two words of one clause are seldom apart.
const WIDE_GAP: u32 = 20;

/// The masks of the whole taxonomy, by their normal form.
pub(super) type Masks<'t> = HashMap<&'t str, &'t Literal>;

pub(super) fn check(theme: &Theme, taxonomy: &Taxonomy, global: &Masks<'_>, problems: &mut Problems) {
    let own: Masks<'_> = theme.masks.iter().rev().map(|mask| (mask.normal.as_str(), mask)).collect();
    let mut seen: BTreeMap<String, Place> = BTreeMap::new();
    for pattern in &theme.patterns {
        repeated(theme, pattern, &mut seen, problems);
        anchors(pattern, problems);
        if let Parts::Literal(normal) = &pattern.parts
            && let Some(mask) = global.get(normal.as_str()).or_else(|| own.get(normal.as_str()))
        {
            let message = format!("`{}` can never count: it is masked in line {}", pattern.text, mask.place.line);
            problems.add(pattern.place, "T015", message);
        }
        spreadsheet(pattern, problems);
    }
    let most: i64 = theme.patterns.iter().map(|p| p.weight_micro.saturating_mul(i64::from(taxonomy.cap))).fold(0, i64::saturating_add);
    if !theme.patterns.is_empty() && most < theme.threshold_micro {
        let (most, threshold) = (most as f64 / 1e6, theme.threshold_micro as f64 / 1e6);
        problems.add(theme.place, "T012", format!("`{}` can never be coded: at most {most}, threshold {threshold}", theme.id));
    }
}

/// The same pattern, as written or as matched, whatever the operator: evidence is known by theme and pattern.
fn repeated(theme: &Theme, pattern: &Pattern, seen: &mut BTreeMap<String, Place>, problems: &mut Problems) {
    let normal = match &pattern.parts {
        Parts::Literal(normal) => normal.clone(),
        Parts::Anchors(..) | Parts::Regex(_) => pattern.text.clone(),
    };
    for key in [normal, pattern.text.clone()] {
        match seen.get(&key) {
            Some(first) if *first != pattern.place => {
                let message = format!("`{}` stands twice in `{}`, first in line {}", pattern.text, theme.id, first.line);
                problems.add(pattern.place, "T008", message);
                break;
            }
            _ => {
                seen.insert(key, pattern.place);
            }
        }
    }
}

fn anchors(pattern: &Pattern, problems: &mut Problems) {
    let Parts::Anchors(first, limit, second) = &pattern.parts else { return };
    if *limit > WIDE_GAP && pattern.op == Op::Gap {
        let message = format!("`{}`: more than {WIDE_GAP} characters between two words of one clause is a long way", pattern.text);
        problems.add_at(Level::Warning, pattern.place, "T009", message, None);
    }
    if first.chars().count() == 1 || second.chars().count() == 1 {
        let message = format!("`{}`: an anchor of one character matches inside other words", pattern.text);
        problems.add_at(Level::Warning, pattern.place, "T009", message, None);
    }
}

/// Texts that a spreadsheet would turn into a number or a date, or that no one reads in a cell.
fn spreadsheet(pattern: &Pattern, problems: &mut Problems) {
    let (text, place) = (pattern.text.as_str(), pattern.place);
    let is_number = text.parse::<f64>().is_ok();
    let parts: Vec<&str> = text.split(['-', '/']).collect();
    let is_date = (2..=3).contains(&parts.len()) && parts.iter().all(|p| !p.is_empty() && p.bytes().all(|b| b.is_ascii_digit()));
    if is_number || is_date {
        problems.add_at(Level::Warning, place, "T022", format!("`{text}` would be changed by a spreadsheet"), None);
    } else if pattern.op != Op::Regex && text.chars().count() > LONGEST_LITERAL {
        problems.add_at(Level::Warning, place, "T022", format!("`{text}` is longer than {LONGEST_LITERAL} characters"), None);
    }
}
