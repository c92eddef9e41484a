//! A taxonomy out of TOML, with the place of everything and every problem of form.

use std::ops::Range;

use regex::RegexBuilder;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::diagnostic::{Diagnostic, LineIndex, line_column};

use super::match_text::literal;
use super::model::{Kind, Literal, MICRO, Nested, Op, Parts, Pattern, Place, Scope, Taxonomy, Theme, Unit, Use};

type Table<'a> = DeTable<'a>;
type Value<'a> = Spanned<DeValue<'a>>;

const HEAD_KEYS: [&str; 8] = ["id", "version", "title", "language", "unit", "nested", "threshold", "cap"];
const THEME_KEYS: [&str; 25] = [
    "id",
    "name",
    "kind",
    "definition",
    "include",
    "exclude",
    "note",
    "terms",
    "token",
    "gap",
    "near",
    "regex",
    "mask",
    "all",
    "any",
    "none",
    "use",
    "threshold",
    "unit",
    "priority",
    "examples",
    "counterexamples",
    "maps_to",
    "replaces",
    "rejected",
];
/// Largest compiled regular expression, in bytes.
const REGEX_SIZE: usize = 1 << 20;

/// The taxonomy, if its form is right as far as lints can judge the rest; and every problem of form.
pub(super) fn taxonomy(file: &str, text: &str) -> (Option<Taxonomy>, Vec<Diagnostic>) {
    let mut reader = Reader { file, lines: LineIndex::new(text), problems: Vec::new() };
    let (tree, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        let place = error.span().map_or((0, 0), |span| line_column(text, span.start));
        reader.problem(place, "T001", format!("no TOML: {}", error.message().split_whitespace().collect::<Vec<_>>().join(" ")));
    }
    if !errors.is_empty() {
        return (None, reader.problems);
    }
    let taxonomy = reader.taxonomy(tree.get_ref());
    (taxonomy, reader.problems)
}

struct Reader<'t> {
    file: &'t str,
    lines: LineIndex<'t>,
    problems: Vec<Diagnostic>,
}

/// Settings that themes take over unless they state their own.
struct Defaults {
    unit: Unit,
    threshold_micro: i64,
}

impl Reader<'_> {
    fn place(&self, span: Range<usize>) -> Place {
        self.lines.place(span.start)
    }

    fn problem(&mut self, place: Place, code: &'static str, message: impl Into<String>) {
        self.problems.push(Diagnostic::error(self.file, place.0, place.1, code, message));
    }

    fn known_keys(&mut self, table: &Table<'_>, known: &[&str], what: &str) {
        for (key, _) in table.iter() {
            let name: &str = key.get_ref();
            if !known.contains(&name) {
                let nearest = known.iter().max_by(|a, b| strsim::jaro_winkler(a, name).total_cmp(&strsim::jaro_winkler(b, name)));
                let place = self.place(key.span());
                let help = nearest.map(|n| format!("did you mean `{n}`?")).unwrap_or_default();
                let problem = Diagnostic::error(self.file, place.0, place.1, "T002", format!("unknown key `{name}` in {what}"));
                self.problems.push(problem.with_help(help));
            }
        }
    }

    fn taxonomy(&mut self, tree: &Table<'_>) -> Option<Taxonomy> {
        self.known_keys(tree, &["taxonomy", "normalize", "mask", "negation", "theme"], "the file");
        let empty = DeTable::new();
        let head = self.section(tree, "taxonomy").unwrap_or(&empty);
        self.known_keys(head, &HEAD_KEYS, "[taxonomy]");
        let id = self.string(head, "id").unwrap_or_default();
        if !is_taxonomy_id(&id) {
            let place = head.get("id").map_or((1, 1), |v| self.place(v.span()));
            self.problem(
                place,
                "T003",
                format!("[taxonomy] id: expected letters a-z, digits and `-`, beginning with a letter, found `{id}`"),
            );
        }
        self.string(head, "title");
        self.choice(head, "language", &[("zh-Hans", ()), ("zh-Hant", ())]);
        let version = self.string(head, "version").unwrap_or_default();
        let unit = self.unit(head).unwrap_or(Unit::Sentence);
        let nested =
            self.choice(head, "nested", &[("dictionary", Nested::Dictionary), ("theme", Nested::Theme)]).unwrap_or(Nested::Dictionary);
        let threshold_micro = self.amount(head, "threshold").unwrap_or(MICRO);
        let cap = self.integer(head, "cap", 1..=1_000_000).unwrap_or(2);
        self.refuse_simplified(tree);
        let mask = self.section(tree, "mask").unwrap_or(&empty);
        self.known_keys(mask, &["terms"], "[mask]");
        let masks = self.literals(mask, "terms");
        let negation = self.section(tree, "negation").unwrap_or(&empty);
        self.known_keys(negation, &["topic", "stance", "window"], "[negation]");
        let (topic, stance) = (self.literals(negation, "topic"), self.literals(negation, "stance"));
        let window = self.integer(negation, "window", 0..=1_000).unwrap_or(6);
        let themes = self.themes(tree, &Defaults { unit, threshold_micro });
        let number = |n: i64| u32::try_from(n).unwrap_or(u32::MAX);
        Some(Taxonomy { id, version, nested, cap: number(cap), window: number(window), masks, topic, stance, themes })
    }

    fn refuse_simplified(&mut self, tree: &Table<'_>) {
        let empty = DeTable::new();
        let normalize = self.section(tree, "normalize").unwrap_or(&empty);
        self.known_keys(normalize, &["to_simplified"], "[normalize]");
        if let Some(value) = normalize.get("to_simplified") {
            let place = self.place(value.span());
            match value.get_ref() {
                DeValue::Boolean(false) => {}
                DeValue::Boolean(true) => self.problem(
                    place,
                    "T002",
                    "to_simplified = true is not supported by this version; write the taxonomy in the script of the texts",
                ),
                _ => self.problem(place, "T002", "to_simplified: expected true or false"),
            }
        }
    }

    fn section<'v, 'a>(&mut self, table: &'v Table<'a>, key: &str) -> Option<&'v Table<'a>> {
        let value = table.get(key)?;
        match value.get_ref() {
            DeValue::Table(inner) => Some(inner),
            _ => {
                let place = self.place(value.span());
                self.problem(place, "T002", format!("`{key}`: expected a table"));
                None
            }
        }
    }

    fn string(&mut self, table: &Table<'_>, key: &str) -> Option<String> {
        let value = table.get(key)?;
        match value.get_ref() {
            DeValue::String(text) => Some(text.to_string()),
            _ => {
                let place = self.place(value.span());
                self.problem(place, "T002", format!("`{key}`: expected a text in quotes"));
                None
            }
        }
    }

    fn choice<T: Copy>(&mut self, table: &Table<'_>, key: &str, choices: &[(&str, T)]) -> Option<T> {
        let text = self.string(table, key)?;
        let found = choices.iter().find(|(name, _)| *name == text).map(|(_, value)| *value);
        if found.is_none() {
            let place = table.get(key).map_or((0, 0), |v| self.place(v.span()));
            let names = choices.iter().map(|(name, _)| format!("`{name}`")).collect::<Vec<_>>().join(", ");
            self.problem(place, "T002", format!("`{key}`: expected one of {names}, found `{text}`"));
        }
        found
    }

    fn unit(&mut self, table: &Table<'_>) -> Option<Unit> {
        let units = [("clause", Unit::Clause), ("sentence", Unit::Sentence), ("paragraph", Unit::Paragraph), ("document", Unit::Document)];
        self.choice(table, "unit", &units)
    }

    fn integer(&mut self, table: &Table<'_>, key: &str, range: std::ops::RangeInclusive<i64>) -> Option<i64> {
        let value = table.get(key)?;
        let number = match value.get_ref() {
            DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix()).ok(),
            _ => None,
        };
        let found = number.filter(|n| range.contains(n));
        if found.is_none() {
            let place = self.place(value.span());
            self.problem(place, "T011", format!("`{key}`: expected a whole number from {} to {}", range.start(), range.end()));
        }
        found
    }

    /// A weight or threshold in millionths: above 0, at most 100, at most 6 decimals.
    fn amount(&mut self, table: &Table<'_>, key: &str) -> Option<i64> {
        let value = table.get(key)?;
        let text = match value.get_ref() {
            DeValue::Integer(number) => number.as_str(),
            DeValue::Float(number) => number.as_str(),
            _ => "",
        };
        let found = millionths(text).filter(|micro| (1..=100 * MICRO).contains(micro));
        if found.is_none() {
            let place = self.place(value.span());
            self.problem(place, "T011", format!("`{key}`: expected a number above 0, at most 100, with at most 6 decimals"));
        }
        found
    }

    /// The entries of a list: texts, or tables with `t`.
    fn entries<'v, 'a>(&mut self, table: &'v Table<'a>, key: &str) -> Vec<&'v Value<'a>> {
        let Some(value) = table.get(key) else { return Vec::new() };
        match value.get_ref() {
            DeValue::Array(items) => items.iter().collect(),
            _ => {
                let place = self.place(value.span());
                self.problem(place, "T002", format!("`{key}`: expected a list in brackets"));
                Vec::new()
            }
        }
    }

    fn texts(&mut self, table: &Table<'_>, key: &str) -> Vec<(String, Place)> {
        let entries = self.entries(table, key);
        entries.into_iter().filter_map(|item| self.entry(item, key, &["t", "note"]).map(|(text, place, _)| (text, place))).collect()
    }

    fn literals(&mut self, table: &Table<'_>, key: &str) -> Vec<Literal> {
        let literals = self.texts(table, key);
        let mut out = Vec::with_capacity(literals.len());
        for (text, place) in literals {
            let normal = literal(&text);
            if normal.is_empty() {
                self.problem(place, "T007", format!("`{key}`: `{text}` is empty once spaces and quotes are left out"));
            } else {
                out.push(Literal { text, normal, place });
            }
        }
        out
    }

    /// Text, place and table of an entry.
    fn entry<'v, 'a>(&mut self, item: &'v Value<'a>, key: &str, known: &[&str]) -> Option<(String, Place, Option<&'v Table<'a>>)> {
        let place = self.place(item.span());
        match item.get_ref() {
            DeValue::String(text) => Some((text.to_string(), place, None)),
            DeValue::Table(table) => {
                self.known_keys(table, known, &format!("an entry of `{key}`"));
                let text = self.string(table, "t");
                if text.is_none() {
                    self.problem(place, "T002", format!("an entry of `{key}` has no text `t`"));
                }
                self.string(table, "note");
                text.map(|text| (text, place, Some(table)))
            }
            _ => {
                self.problem(place, "T002", format!("`{key}`: expected a text, or a table with `t`"));
                None
            }
        }
    }

    fn themes(&mut self, tree: &Table<'_>, defaults: &Defaults) -> Vec<Theme> {
        let mut themes: Vec<Theme> = Vec::new();
        for item in self.entries(tree, "theme") {
            match item.get_ref() {
                DeValue::Table(table) => {
                    let place = self.place(item.span());
                    let theme = self.theme(table, place, defaults);
                    themes.push(theme);
                }
                _ => {
                    let place = self.place(item.span());
                    self.problem(place, "T002", "`theme`: expected [[theme]]");
                }
            }
        }
        self.link(&mut themes);
        themes
    }

    fn theme(&mut self, table: &Table<'_>, place: Place, defaults: &Defaults) -> Theme {
        self.known_keys(table, &THEME_KEYS, "[[theme]]");
        let id = self.string(table, "id").unwrap_or_default();
        let kinds = [("policy", Kind::Policy), ("framing", Kind::Framing), ("procedure", Kind::Procedure)];
        let place = table.get("id").map_or(place, |v| self.place(v.span()));
        let kind = self.choice(table, "kind", &kinds);
        if kind.is_none() && !id.contains('.') && table.get("kind").is_none() {
            self.problem(place, "T004", format!("`{id}`: a main theme needs a kind: policy, framing or procedure"));
        }
        let patterns = Op::ALL.into_iter().flat_map(|op| self.patterns(table, op)).collect();
        let notes = ["definition", "include", "exclude", "note"].map(|key| self.string(table, key).unwrap_or_default());
        for key in ["maps_to", "replaces", "rejected"] {
            self.texts(table, key);
        }
        Theme {
            parent: None,
            level: id.split('.').count(),
            name: self.string(table, "name").unwrap_or_else(|| id.clone()),
            // Leaves without a kind take that of their main theme in `link`.
            kind: kind.unwrap_or(Kind::Policy),
            is_leaf: true,
            priority: self.integer(table, "priority", -1_000_000..=1_000_000).unwrap_or(0),
            unit: self.unit(table).unwrap_or(defaults.unit),
            threshold_micro: self.amount(table, "threshold").unwrap_or(defaults.threshold_micro),
            patterns,
            masks: self.literals(table, "mask"),
            all: self.literals(table, "all"),
            any: self.literals(table, "any"),
            none: self.literals(table, "none"),
            uses: self.uses(table),
            examples: self.texts(table, "examples"),
            counterexamples: self.texts(table, "counterexamples"),
            notes,
            id,
            place,
        }
    }

    fn patterns(&mut self, table: &Table<'_>, op: Op) -> Vec<Pattern> {
        let entries = self.entries(table, op.key());
        let mut out = Vec::new();
        for item in entries {
            let Some((text, place, details)) = self.entry(item, op.key(), &["t", "w", "scope", "note"]) else { continue };
            let weight_micro = details.and_then(|d| self.amount(d, "w")).unwrap_or(MICRO);
            let scopes = [("", Scope::Everywhere), ("title", Scope::Title), ("body", Scope::Body)];
            let scope = details.and_then(|d| self.choice(d, "scope", &scopes)).unwrap_or(Scope::Everywhere);
            match parts(op, &text) {
                Ok(parts) => out.push(Pattern { op, text, weight_micro, scope, parts, place }),
                Err((code, message)) => self.problem(place, code, message),
            }
        }
        out
    }

    fn uses(&mut self, table: &Table<'_>) -> Vec<Use> {
        let mut out = Vec::new();
        for (text, place) in self.texts(table, "use") {
            let split = text.split_once(">=").map(|(id, amount)| (id, amount, true));
            let split = split.or_else(|| text.split_once('<').map(|(id, amount)| (id, amount, false)));
            match split.and_then(|(id, amount, at_least)| Some((id.trim(), millionths(amount.trim())?, at_least))) {
                Some((id, amount_micro, at_least)) => {
                    out.push(Use { id: id.to_string(), at_least, amount_micro, text: text.clone(), place })
                }
                None => self.problem(place, "T013", format!("use: expected `theme.id>=1` or `theme.id<1`, found `{text}`")),
            }
        }
        out
    }

    /// Parents, kinds and leaves.
    fn link(&mut self, themes: &mut [Theme]) {
        let ids: Vec<String> = themes.iter().map(|t| t.id.clone()).collect();
        for at in 0..themes.len() {
            let (id, place) = (ids[at].clone(), themes[at].place);
            if !is_theme_id(&id) {
                self.problem(
                    place,
                    "T003",
                    format!(
                        "theme id: expected a-z, 0-9 and `_` between dots, each part beginning with a letter, not `total`; found `{id}`"
                    ),
                );
            }
            if ids[..at].contains(&id) {
                self.problem(place, "T003", format!("`{id}` stands twice"));
            }
            themes[at].is_leaf = !ids.iter().any(|other| other.strip_prefix(id.as_str()).is_some_and(|rest| rest.starts_with('.')));
            let Some((parent, _)) = id.rsplit_once('.') else { continue };
            themes[at].parent = ids.iter().position(|other| other == parent);
            if themes[at].parent.is_none() {
                self.problem(place, "T003", format!("`{id}` has no parent: add a theme `{parent}`"));
            }
        }
        for at in 0..themes.len() {
            let main = ids[at].split('.').next().and_then(|main| ids.iter().position(|id| id == main));
            if let Some(main) = main {
                themes[at].kind = themes[main].kind;
            }
        }
    }
}

/// What a pattern of this operator looks for, or why it cannot.
fn parts(op: Op, text: &str) -> Result<Parts, (&'static str, String)> {
    match op {
        Op::Term | Op::Token => {
            let normal = literal(text);
            let shortest = if op == Op::Term { 2 } else { 1 };
            if normal.chars().count() < shortest {
                return Err((
                    "T007",
                    format!(
                        "`{text}` is shorter than {shortest} characters and would match inside other words; for one character write token = [\"{text}\"]"
                    ),
                ));
            }
            Ok(Parts::Literal(normal))
        }
        Op::Gap => anchors(text, "..", 50),
        Op::Near => anchors(text, "~", 200),
        Op::Regex => regex(text),
    }
}

/// `A..n..B` or `A~n~B`.
fn anchors(text: &str, mark: &str, most: u32) -> Result<Parts, (&'static str, String)> {
    let wrong = || ("T009", format!("expected `A{mark}n{mark}B` with n from 0 to {most} and text on both sides, found `{text}`"));
    // The number stands between two marks; the first that fits is it.
    let split = text.match_indices(mark).find_map(|(at, _)| {
        let (first, rest) = (&text[..at], &text[at + mark.len()..]);
        let (number, second) = rest.split_once(mark)?;
        let limit: u32 = number.parse().ok()?;
        (!first.is_empty() && !second.is_empty()).then_some((first, limit, second))
    });
    let (first, limit, second) = split.ok_or_else(wrong)?;
    let (first, second) = (literal(first), literal(second));
    if first.is_empty() || second.is_empty() || limit > most { Err(wrong()) } else { Ok(Parts::Anchors(first, limit, second)) }
}

fn regex(text: &str) -> Result<Parts, (&'static str, String)> {
    let compiled = RegexBuilder::new(text).size_limit(REGEX_SIZE).build().map_err(|e| {
        let reason = e.to_string();
        let reason = reason.lines().last().unwrap_or_default().trim().trim_start_matches("error: ").to_string();
        ("T010", format!("`{text}` is no regular expression that can be used: {reason}"))
    })?;
    if compiled.is_match("") {
        return Err(("T010", format!("`{text}` can match nothing at all")));
    }
    if let Some(c) = text.chars().find(|c| !c.is_ascii() && literal(&c.to_string()) != c.to_string()) {
        let becomes = literal(&c.to_string());
        return Err(("T010", format!("`{text}`: the match text has `{becomes}` where the regex has `{c}`")));
    }
    if let Some(c) = text.chars().find(|c| matches!(c, ' ' | '"' | '\'') || c.is_ascii_uppercase() && !text.contains('\\')) {
        return Err(("T010", format!("`{text}`: the match text has no `{c}` (spaces and quotes are left out, letters are in lower case)")));
    }
    Ok(Parts::Regex(compiled))
}

/// A decimal number as whole millionths; nothing with more than 6 decimals.
pub(super) fn millionths(text: &str) -> Option<i64> {
    let text = text.strip_prefix('+').unwrap_or(text).replace('_', "");
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    if whole.is_empty() || fraction.len() > 6 || !whole.bytes().chain(fraction.bytes()).all(|b| b.is_ascii_digit()) {
        return None;
    }
    let digits = format!("{fraction:0<6}");
    whole.parse::<i64>().ok()?.checked_mul(MICRO)?.checked_add(digits.parse().ok()?)
}

fn is_taxonomy_id(id: &str) -> bool {
    id.starts_with(|c: char| c.is_ascii_lowercase())
        && !id.starts_with("part-")
        && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

fn is_theme_id(id: &str) -> bool {
    let part = |p: &str| {
        p.starts_with(|c: char| c.is_ascii_lowercase()) && p.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
    };
    id.split('.').all(part) && id.split('.').next() != Some("total")
}
