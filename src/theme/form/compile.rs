//! A taxonomy as written into one that is searched with: settings are inherited, patterns taken apart, texts brought into the
//! form in which they are matched.

use regex::RegexBuilder;
use regex_syntax::hir::{Class, HirKind};

use crate::text::simplified;
use crate::theme::match_text::literal;
use crate::theme::model::{Kind, Language, Literal, MICRO, Nested, Op, Parts, Pattern, Scope, Taxonomy, Theme, Unit, Use};

use super::problems::Problems;
use super::written::{Entry, GlobalList, List, Place, Text, Written, WrittenTheme};

/// Longest literal, in characters: a search may look at as many from every place of a text.
const LONGEST_LITERAL: usize = 1_000;
/// Largest compiled regular expression, in bytes.
const REGEX_SIZE: usize = 1 << 20;
/// What one may remember while it searches, in each thread: with the usual 2 MiB those of the shipped taxonomy took 60 MiB.
pub(in crate::theme) const REGEX_CACHE: usize = 1 << 18;
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
            let what = "expected letters a-z, digits and `-`, beginning with a letter";
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
            let message = format!("`{name}`: expected a number above 0, at most 100, with at most 6 decimals, found `{}`", text.text);
            self.problems.add(text.place, "T011", message);
        }
        found
    }

    /// A text in the form in which it is matched.
    fn normal(&self, text: &str) -> String {
        if self.to_simplified { literal(&simplified(text)) } else { literal(text) }
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
            match self.parts(op, &entry.text.text) {
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

    /// What a pattern of this operator looks for, or why it cannot.
    fn parts(&self, op: Op, text: &str) -> Result<Parts, Wrong> {
        match op {
            Op::Term | Op::Token => {
                let normal = self.normal(text);
                match (op, normal.chars().count()) {
                    (_, 0) => Err(Wrong::new("T007", format!("`{text}` is empty once spaces and quotes are left out"))),
                    (Op::Term, 1) => {
                        let wrong = Wrong::new("T007", format!("`{text}` is one character and would match inside other words"));
                        Err(wrong.with_help(format!("token = [\"{text}\"] matches it where it is a word of its own")))
                    }
                    _ => too_long(&normal).map_or(Ok(Parts::Literal(normal)), Err),
                }
            }
            Op::Gap => self.anchors(text, "..", 50),
            Op::Near => self.anchors(text, "~", 200),
            Op::Regex => regex(text, self.to_simplified).map(Parts::Regex),
        }
    }

    /// `A..n..B` or `A~n~B`.
    fn anchors(&self, text: &str, mark: &str, most: u32) -> Result<Parts, Wrong> {
        let wrong =
            || Wrong::new("T009", format!("expected `A{mark}n{mark}B` with n from 0 to {most} and text on both sides, found `{text}`"));
        // The number stands between two marks; the first that fits is it.
        let split = text.match_indices(mark).find_map(|(at, _)| {
            let (first, rest) = (&text[..at], &text[at + mark.len()..]);
            let (number, second) = rest.split_once(mark)?;
            let limit: u32 = number.parse().ok()?;
            (!first.is_empty() && !second.is_empty()).then_some((first, limit, second))
        });
        let (first, limit, second) = split.ok_or_else(wrong)?;
        let (first, second) = (self.normal(first), self.normal(second));
        if first.is_empty() || second.is_empty() || limit > most {
            return Err(wrong());
        }
        too_long(&first).or_else(|| too_long(&second)).map_or(Ok(Parts::Anchors(first, limit, second)), Err)
    }
}

/// Why a pattern is none.
struct Wrong {
    code: &'static str,
    message: String,
    help: Option<String>,
}

impl Wrong {
    fn new(code: &'static str, message: String) -> Self {
        Self { code, message, help: None }
    }

    fn with_help(self, help: String) -> Self {
        Self { help: Some(help), ..self }
    }
}

fn too_long(literal: &str) -> Option<Wrong> {
    let length = literal.chars().count();
    let start: String = literal.chars().take(10).collect();
    let message = || format!("expected at most {LONGEST_LITERAL} characters, found {length}, beginning with `{start}`");
    (length > LONGEST_LITERAL).then(|| Wrong::new("T007", message()))
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

fn regex(text: &str, to_simplified: bool) -> Result<regex::Regex, Wrong> {
    let wrong = |message: String| Wrong::new("T010", message);
    let compiled = RegexBuilder::new(text).size_limit(REGEX_SIZE).dfa_size_limit(REGEX_CACHE).build().map_err(|e| {
        let reason = e.to_string();
        let reason = reason.lines().last().unwrap_or_default().trim().trim_start_matches("error: ").to_string();
        wrong(format!("`{text}` is no regular expression that can be used: {reason}"))
    })?;
    if compiled.is_match("") {
        return Err(wrong(format!("`{text}` can match nothing at all")));
    }
    match impossible(text, to_simplified) {
        Some(what) => Err(wrong(format!("`{text}`: {what}"))),
        None => Ok(compiled),
    }
}

/// What a regex asks for that no text has once it was normalised for matching.
fn impossible(text: &str, to_simplified: bool) -> Option<String> {
    let changed = |c: &char| !literal(&c.to_string()).chars().eq([*c]);
    let says = |c: char| match literal(&c.to_string()) {
        _ if c.is_ascii() => format!("the match text has no {c:?} (spaces and quotes are left out, letters are in lower case)"),
        becomes if becomes.is_empty() => format!("the match text has no `{c}`: it is left out"),
        becomes => format!("the match text has `{becomes}` where the regex has `{c}`"),
    };
    // As written, since what stands between brackets beside other characters is most often a slip too.
    if let Some(c) = text.chars().find(|c| !c.is_ascii() && changed(c) || matches!(c, ' ' | '"' | '\'')) {
        return Some(says(c));
    }
    // Each part, and whether something else may match instead of it.
    let mut parts = vec![(regex_syntax::parse(text).ok()?, false)];
    while let Some((part, is_optional)) = parts.pop() {
        match part.into_kind() {
            HirKind::Literal(found) => {
                let characters = std::str::from_utf8(&found.0).ok()?;
                // A white space that may be absent does no harm; upper case is a slip wherever it stands.
                if let Some(c) = characters.chars().find(|c| changed(c) && (!is_optional || c.is_ascii_uppercase())) {
                    return Some(says(c));
                }
                let in_simplified = simplified(characters);
                if to_simplified && *in_simplified != *characters {
                    return Some(format!("the match text has `{in_simplified}` where the regex has `{characters}`"));
                }
            }
            HirKind::Class(Class::Unicode(class)) if !is_optional => {
                let all = || class.iter().flat_map(|range| range.start()..=range.end());
                if all().take(MOST_OF_CLASS).count() < MOST_OF_CLASS && all().all(|c| changed(&c)) {
                    return Some(
                        "the match text has no character of one of its classes (spaces are left out, letters are in lower case)".into(),
                    );
                }
            }
            HirKind::Repetition(repeated) => parts.push((*repeated.sub, is_optional || repeated.min == 0)),
            HirKind::Capture(capture) => parts.push((*capture.sub, is_optional)),
            HirKind::Concat(all) => parts.extend(all.into_iter().map(|part| (part, is_optional))),
            HirKind::Alternation(all) => parts.extend(all.into_iter().map(|part| (part, true))),
            HirKind::Class(_) | HirKind::Look(_) | HirKind::Empty => {}
        }
    }
    None
}

/// A class of so many characters holds one that text has.
const MOST_OF_CLASS: usize = 5_000;

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
