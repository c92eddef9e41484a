//! A taxonomy as written into one that is searched with: settings are inherited, themes linked, patterns taken apart ([`parts`](super::parts)).

use crate::theme::model::{Kind, Language, Literal, MICRO, Nested, Op, Pattern, Scope, Taxonomy, Theme, Unit, Use};

use super::parts::{Wrong, normal, parts, too_long};
use super::problems::Problems;
use super::written::{Entry, GlobalList, List, Place, Text, Written, WrittenTheme};

const UNITS: [(&str, Unit); 4] =
    [("clause", Unit::Clause), ("sentence", Unit::Sentence), ("paragraph", Unit::Paragraph), ("document", Unit::Document)];
const KINDS: [(&str, Kind); 3] = [("policy", Kind::Policy), ("framing", Kind::Framing), ("procedure", Kind::Procedure)];

/// The taxonomy, as far as it can be made out; what is wrong goes to `problems`.
pub fn compile(written: &Written, problems: &mut Problems) -> Taxonomy {
    let mut compiler = Compiler { problems, to_simplified: false };
    compiler.taxonomy(written)
}

struct Compiler<'p> {
    problems: &'p mut Problems,
    to_simplified: bool,
}

/// Settings that themes take over unless they state their own.
struct Defaults {
    unit: Unit,
    threshold_micro: i64,
}

impl Compiler<'_> {
    fn taxonomy(&mut self, written: &Written) -> Taxonomy {
        let text = |name: &str| written.setting(name).map_or("", |text| &text.text);
        let id = text("id");
        if !is_taxonomy_id(id) {
            let place =
                written.setting("id").map_or(Place { file: written.files.len().saturating_sub(1), line: 1, column: 1 }, |id| id.place);
            let what = "expected letters a-z, digits and `-`, beginning with a letter but not with `part-`";
            self.problems.add(place, "T003", format!("[taxonomy] id: {what}, found `{id}`"));
        }
        let languages = [("zh-Hans", Language::Simplified), ("zh-Hant", Language::Traditional)];
        let language = self.choice(written.setting("language"), "language", &languages);
        let nested = [("dictionary", Nested::Dictionary), ("theme", Nested::Theme)];
        let nested = self.choice(written.setting("nested"), "nested", &nested).unwrap_or(Nested::Dictionary);
        let truths = [("false", false), ("true", true)];
        self.to_simplified = self.choice(written.setting("normalize.to_simplified"), "normalize.to_simplified", &truths).unwrap_or(false);
        let defaults = Defaults {
            unit: self.choice(written.setting("unit"), "unit", &UNITS).unwrap_or(Unit::Sentence),
            threshold_micro: self.amount(written.setting("threshold"), "threshold").unwrap_or(MICRO),
        };
        let number = |n: i64| u32::try_from(n).unwrap_or(u32::MAX);
        let cap = self.integer(written.setting("cap"), "cap", 1..=1_000_000).unwrap_or(2);
        let window = self.integer(written.setting("negation.window"), "negation.window", 0..=1_000).unwrap_or(6);
        let [masks, topic, stance] = GlobalList::ALL.map(|list| self.literals(&written.lists[list as usize], list.op()));
        let mut themes: Vec<Theme> = written.themes.iter().map(|theme| self.theme(theme, &defaults)).collect();
        self.link(&mut themes);
        Taxonomy {
            id: id.to_string(),
            version: text("version").to_string(),
            language,
            to_simplified: self.to_simplified,
            nested,
            cap: number(cap),
            window: number(window),
            masks,
            topic,
            stance,
            themes,
            files: written.files.clone(),
        }
    }

    fn theme(&mut self, written: &WrittenTheme, defaults: &Defaults) -> Theme {
        let id = written.id.text.clone();
        let kind = self.choice(written.field("kind"), "kind", &KINDS);
        if written.field("kind").is_none() && !id.contains('.') {
            self.problems.add(written.id.place, "T004", format!("`{id}`: a main theme needs a kind: policy, framing or procedure"));
        }
        let texts = |list: List| written.list(list).iter().map(|entry| (entry.text.text.clone(), entry.text.place)).collect();
        let plain = |list: List| written.list(list).iter().map(|entry| entry.text.text.clone()).collect();
        Theme {
            parent: None,
            level: id.split('.').count(),
            name: written.field("name").map_or_else(|| id.clone(), |name| name.text.clone()),
            // Leaves without a kind take that of their main theme in `link`.
            kind: kind.unwrap_or(Kind::Policy),
            stated_kind: kind,
            is_leaf: true,
            priority: self.integer(written.field("priority"), "priority", -1_000_000..=1_000_000).unwrap_or(0),
            unit: self.choice(written.field("unit"), "unit", &UNITS).unwrap_or(defaults.unit),
            threshold_micro: self.amount(written.field("threshold"), "threshold").unwrap_or(defaults.threshold_micro),
            patterns: Op::ALL.into_iter().flat_map(|op| self.patterns(written, op)).collect(),
            masks: self.literals(written.list(List::Mask), "mask"),
            all: self.literals(written.list(List::All), "all"),
            any: self.literals(written.list(List::Any), "any"),
            none: self.literals(written.list(List::None), "none"),
            uses: self.uses(written.list(List::Use)),
            examples: texts(List::Example),
            counterexamples: texts(List::Counterexample),
            notes: ["definition", "include", "exclude", "note"]
                .map(|field| written.field(field).map_or(String::new(), |text| text.text.clone())),
            replaces: plain(List::Replaces),
            rejected: plain(List::Rejected),
            maps_to: plain(List::MapsTo),
            place: written.id.place,
            id,
        }
    }

    fn choice<T: Copy>(&mut self, text: Option<&Text>, name: &str, choices: &[(&str, T)]) -> Option<T> {
        let text = text?;
        let found = choices.iter().find(|(name, _)| *name == text.text).map(|(_, value)| *value);
        if found.is_none() {
            let names = choices.iter().map(|(name, _)| format!("`{name}`")).collect::<Vec<_>>().join(", ");
            self.problems.add(text.place, "T002", format!("`{name}`: expected one of {names}, found `{}`", text.text));
        }
        found
    }

    fn integer(&mut self, text: Option<&Text>, name: &str, range: std::ops::RangeInclusive<i64>) -> Option<i64> {
        let text = text?;
        let found = text.text.parse::<i64>().ok().filter(|n| range.contains(n));
        if found.is_none() {
            let message = format!("`{name}`: expected a whole number from {} to {}, found `{}`", range.start(), range.end(), text.text);
            self.problems.add(text.place, "T011", message);
        }
        found
    }

    /// A weight or threshold in millionths: above 0, at most 100, at most 6 decimals.
    fn amount(&mut self, text: Option<&Text>, name: &str) -> Option<i64> {
        let text = text?;
        let found = millionths(&text.text).filter(|micro| (1..=100 * MICRO).contains(micro));
        if found.is_none() {
            let message =
                format!("`{name}`: expected a number above 0, at most 100, with at most 6 decimals and no exponent, found `{}`", text.text);
            self.problems.add(text.place, "T011", message);
        }
        found
    }

    /// A text in the form in which it is matched.
    fn normal(&self, text: &str) -> String {
        normal(text, self.to_simplified)
    }

    fn literals(&mut self, entries: &[Entry], list: &str) -> Vec<Literal> {
        let mut out = Vec::with_capacity(entries.len());
        for Entry { text, .. } in entries {
            let normal = self.normal(&text.text);
            if normal.is_empty() {
                let message = format!("`{list}`: `{}` is empty once spaces and quotes are left out", text.text);
                self.problems.add(text.place, "T007", message);
            } else if let Some(wrong) = too_long(&normal) {
                self.problems.add(text.place, wrong.code, wrong.message);
            } else {
                out.push(Literal { text: text.text.clone(), normal, place: text.place });
            }
        }
        out
    }

    fn patterns(&mut self, theme: &WrittenTheme, op: Op) -> Vec<Pattern> {
        let mut out = Vec::new();
        for entry in theme.list(list_of(op)) {
            let weight_micro = self.amount(entry.weight.as_ref(), "weight").unwrap_or(MICRO);
            let scopes = [("title", Scope::Title), ("body", Scope::Body)];
            let scope = self.choice(entry.scope.as_ref(), "scope", &scopes).unwrap_or(Scope::Everywhere);
            let place = entry.text.place;
            match parts(op, &entry.text.text, self.to_simplified) {
                Ok(parts) => out.push(Pattern { op, text: entry.text.text.clone(), weight_micro, scope, parts, place }),
                Err(Wrong { code, message, help }) => self.problems.add_with_help(place, code, message, help),
            }
        }
        out
    }

    fn uses(&mut self, entries: &[Entry]) -> Vec<Use> {
        let mut out = Vec::new();
        for Entry { text, .. } in entries {
            let split = text.text.split_once(">=").map(|(id, amount)| (id, amount, true));
            let split = split.or_else(|| text.text.split_once('<').map(|(id, amount)| (id, amount, false)));
            match split.and_then(|(id, amount, at_least)| Some((id.trim(), millionths(amount.trim())?, at_least))) {
                Some((id, amount_micro, at_least)) => {
                    out.push(Use { id: id.to_string(), at_least, amount_micro, text: text.text.clone(), place: text.place });
                }
                None => {
                    let message = format!("use: expected `theme.id>=1` or `theme.id<1`, found `{}`", text.text);
                    self.problems.add(text.place, "T013", message);
                }
            }
        }
        out
    }

    /// Parents, kinds and leaves.
    fn link(&mut self, themes: &mut [Theme]) {
        let ids: Vec<String> = themes.iter().map(|t| t.id.clone()).collect();
        let mut first: std::collections::BTreeMap<&str, usize> = std::collections::BTreeMap::new();
        ids.iter().enumerate().for_each(|(at, id)| {
            first.entry(id).or_insert(at);
        });
        for (at, id) in ids.iter().enumerate() {
            let place = themes[at].place;
            if !is_theme_id(id) {
                let what = "expected a-z, 0-9 and `_` between dots, each part beginning with a letter, not `total`";
                self.problems.add(place, "T003", format!("theme id: {what}; found `{id}`"));
            }
            if first[id.as_str()] != at {
                self.problems.add(place, "T003", format!("`{id}` stands twice, first in line {}", themes[first[id.as_str()]].place.line));
            }
            let Some((parent, _)) = id.rsplit_once('.') else { continue };
            themes[at].parent = first.get(parent).copied();
            match themes[at].parent {
                Some(parent) => themes[parent].is_leaf = false,
                None => self.problems.add(place, "T003", format!("`{id}` has no parent: add a theme `{parent}`")),
            }
        }
        for at in 0..themes.len() {
            let main = ids[at].split('.').next().and_then(|main| first.get(main));
            let Some(main) = main.copied() else { continue };
            themes[at].kind = themes[main].kind;
            if let Some(kind) = themes[at].stated_kind.filter(|kind| *kind != themes[main].kind) {
                let message =
                    format!("`{}`: expected {}, the kind of `{}`, found {}", ids[at], themes[main].kind.as_str(), ids[main], kind.as_str());
                self.problems.add_with_help(
                    themes[at].place,
                    "T004",
                    message,
                    Some("leave kind out: themes take that of their main theme".into()),
                );
            }
        }
    }
}

fn list_of(op: Op) -> List {
    match op {
        Op::Term => List::Term,
        Op::Token => List::Token,
        Op::Gap => List::Gap,
        Op::Near => List::Near,
        Op::Regex => List::Regex,
    }
}

/// A decimal number as whole millionths; nothing with more than 6 decimals.
fn millionths(text: &str) -> Option<i64> {
    let text = text.strip_prefix('+').unwrap_or(text).replace('_', "");
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let whole = if whole.is_empty() && !fraction.is_empty() { "0" } else { whole };
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
