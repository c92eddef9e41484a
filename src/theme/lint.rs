//! What is wrong with a taxonomy whose form is right.

use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, Level};

use super::model::{Parts, Place, Taxonomy, Theme};
use super::tagger::{Scratch, Sentence, Tagger};

/// Every problem but those that need its examples to be run.
pub(super) fn check(taxonomy: &Taxonomy, file: &str) -> Vec<Diagnostic> {
    let mut lints = Lints { file, problems: Vec::new() };
    if !taxonomy.themes.iter().any(|t| t.is_leaf) {
        lints.error((0, 0), "T006", "the taxonomy has no theme with patterns");
    }
    for theme in &taxonomy.themes {
        lints.theme(theme);
        if theme.is_leaf {
            lints.patterns(theme, taxonomy);
            lints.uses(theme, taxonomy);
        }
    }
    lints.repeated_in_kind(taxonomy);
    if let Err(circle) = use_order(taxonomy) {
        lints.error((0, 0), "T013", format!("themes use each other in a circle: {circle}"));
    }
    lints.problems
}

struct Lints<'t> {
    file: &'t str,
    problems: Vec<Diagnostic>,
}

impl Lints<'_> {
    fn error(&mut self, place: Place, code: &'static str, message: impl Into<String>) {
        self.problems.push(Diagnostic::error(self.file, place.0, place.1, code, message));
    }

    fn warning(&mut self, place: Place, code: &'static str, message: impl Into<String>) {
        self.problems.push(Diagnostic::error(self.file, place.0, place.1, code, message).at_level(Level::Warning));
    }

    fn theme(&mut self, theme: &Theme) {
        if !theme.is_leaf && !theme.patterns.is_empty() {
            let message = format!("`{0}` has parts, so its patterns belong to a leaf: move them to `{0}.general`", theme.id);
            self.error(theme.place, "T005", message);
        }
        if theme.is_leaf && theme.patterns.is_empty() {
            self.error(theme.place, "T006", format!("`{}` has no pattern that counts: terms, token, gap, near or regex", theme.id));
        }
    }

    fn patterns(&mut self, theme: &Theme, taxonomy: &Taxonomy) {
        let mut seen: BTreeMap<String, Place> = BTreeMap::new();
        for pattern in &theme.patterns {
            let normal = match &pattern.parts {
                Parts::Literal(normal) => normal.clone(),
                Parts::Anchors(..) | Parts::Regex(_) => pattern.text.clone(),
            };
            for key in [normal, pattern.text.clone()] {
                match seen.get(&key) {
                    Some(first) if *first != pattern.place => {
                        let message = format!("`{}` stands twice in `{}`, first in line {}", pattern.text, theme.id, first.0);
                        self.error(pattern.place, "T008", message);
                        break;
                    }
                    _ => {
                        seen.insert(key, pattern.place);
                    }
                }
            }
            self.anchors(&pattern.parts, &pattern.text, pattern.place);
            if let Parts::Literal(normal) = &pattern.parts
                && let Some(mask) = taxonomy.masks.iter().chain(&theme.masks).find(|mask| mask.normal == *normal)
            {
                self.error(pattern.place, "T015", format!("`{}` can never count: it is masked in line {}", pattern.text, mask.place.0));
            }
            self.spreadsheet(&pattern.text, pattern.place);
        }
        let most: i64 = theme.patterns.iter().map(|p| p.weight_micro.saturating_mul(i64::from(taxonomy.cap))).fold(0, i64::saturating_add);
        if !theme.patterns.is_empty() && most < theme.threshold_micro {
            let (most, threshold) = (most as f64 / 1e6, theme.threshold_micro as f64 / 1e6);
            self.error(theme.place, "T012", format!("`{}` can never be coded: at most {most}, threshold {threshold}", theme.id));
        }
    }

    fn anchors(&mut self, parts: &Parts, text: &str, place: Place) {
        if let Parts::Anchors(first, limit, second) = parts {
            if *limit > 20 && text.contains("..") {
                self.warning(place, "T009", format!("`{text}`: more than 20 characters between two words of one clause is a long way"));
            }
            if first.chars().count() == 1 || second.chars().count() == 1 {
                self.warning(place, "T009", format!("`{text}`: an anchor of one character matches inside other words"));
            }
        }
    }

    /// Texts that a spreadsheet would turn into a number or a date.
    fn spreadsheet(&mut self, text: &str, place: Place) {
        let is_number = text.parse::<f64>().is_ok();
        let parts: Vec<&str> = text.split(['-', '/']).collect();
        let is_date = (2..=3).contains(&parts.len()) && parts.iter().all(|p| !p.is_empty() && p.bytes().all(|b| b.is_ascii_digit()));
        if is_number || is_date || text.chars().count() > 40 {
            self.warning(place, "T022", format!("`{text}` would be changed by a spreadsheet, or is longer than 40 characters"));
        }
    }

    fn uses(&mut self, theme: &Theme, taxonomy: &Taxonomy) {
        for found in &theme.uses {
            let message = match taxonomy.themes.iter().find(|t| t.id == found.id) {
                None => format!("use: there is no theme `{}`", found.id),
                Some(_) if found.id == theme.id => format!("use: `{}` uses itself", theme.id),
                Some(other) if !other.is_leaf => format!("use: `{}` has parts; name one of them", found.id),
                Some(_) => continue,
            };
            self.error(found.place, "T013", message);
        }
    }

    fn repeated_in_kind(&mut self, taxonomy: &Taxonomy) {
        let mut seen: BTreeMap<(super::Kind, &str), (&str, Place)> = BTreeMap::new();
        for theme in taxonomy.themes.iter().filter(|t| t.is_leaf) {
            for pattern in &theme.patterns {
                match seen.get(&(theme.kind, pattern.text.as_str())) {
                    Some((other, first)) if *other != theme.id => {
                        let message = format!("`{}` also stands in `{other}`, line {}: both are coded", pattern.text, first.0);
                        self.warning(pattern.place, "T016", message);
                    }
                    _ => {
                        seen.insert((theme.kind, &pattern.text), (&theme.id, pattern.place));
                    }
                }
            }
        }
    }
}

/// Leaves, each after those it uses; or the circle.
pub(super) fn use_order(taxonomy: &Taxonomy) -> Result<Vec<usize>, String> {
    let number: BTreeMap<&str, usize> = taxonomy.themes.iter().enumerate().map(|(at, t)| (t.id.as_str(), at)).collect();
    let mut waiting: Vec<usize> = (0..taxonomy.themes.len()).filter(|at| taxonomy.themes[*at].is_leaf).collect();
    let mut order: Vec<usize> = Vec::with_capacity(waiting.len());
    let mut done = vec![false; taxonomy.themes.len()];
    while !waiting.is_empty() {
        let ready = |at: &usize| {
            let mut uses = taxonomy.themes[*at].uses.iter().filter_map(|u| number.get(u.id.as_str()));
            uses.all(|other| done[*other] || !taxonomy.themes[*other].is_leaf)
        };
        let (now, later): (Vec<usize>, Vec<usize>) = waiting.iter().partition(|at| ready(at));
        if now.is_empty() {
            return Err(later.iter().map(|at| taxonomy.themes[*at].id.clone()).collect::<Vec<_>>().join(", "));
        }
        now.iter().for_each(|at| done[*at] = true);
        order.extend(now);
        waiting = later;
    }
    Ok(order)
}

/// Examples that are not coded with their theme, counterexamples that are. Themes that ask for tokens are left out: their
/// examples need a segmenter.
pub(super) fn check_examples(tagger: &Tagger, file: &str) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    let mut scratch = Scratch::default();
    for (number, theme) in tagger.themes().iter().enumerate() {
        if theme.patterns.iter().any(|p| p.op == super::Op::Token) {
            continue;
        }
        let examples = theme.examples.iter().map(|e| (e, true)).chain(theme.counterexamples.iter().map(|e| (e, false)));
        for ((text, place), expected) in examples {
            let sentence = Sentence { text, paragraph_no: 1, sentence_no: 1, is_title: false, token_edges: None };
            let coding = tagger.code(&[sentence], &mut scratch);
            let coded = coding.coded.iter().any(|c| c.themes.iter().any(|(theme, _)| *theme as usize == number));
            if coded != expected {
                let evidence = evidence_of(tagger, &coding, number, text);
                let verb = if expected { "is not coded with" } else { "is coded with" };
                let message = format!("the example `{text}` {verb} `{}`; {evidence}", theme.id);
                problems.push(Diagnostic::error(file, place.0, place.1, "T014", message));
            }
        }
    }
    problems
}

fn evidence_of(tagger: &Tagger, coding: &super::Coding, theme: usize, text: &str) -> String {
    let rows: Vec<String> = coding
        .hits
        .iter()
        .filter(|hit| tagger.pattern_theme(hit.pattern) == theme)
        .map(|hit| {
            let matched: String = text.chars().skip(hit.start as usize).take((hit.end - hit.start) as usize).collect();
            match hit.blocked {
                Some(blocked) => format!("{matched} ({})", tagger.blocked_text(&blocked)),
                None => format!("{matched} (counts)"),
            }
        })
        .collect();
    if rows.is_empty() { "no pattern matches".to_string() } else { format!("hits: {}", rows.join(", ")) }
}
