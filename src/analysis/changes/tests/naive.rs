//! The table by its definition alone: everything is counted again from the texts for every thing.

use std::collections::{BTreeMap, BTreeSet};

use crate::source::{Date, DocId};
use crate::stats::{self, Contingency};
use crate::table::Decimal;

use super::ChangeOptions;

/// A text as its words, sentence by sentence.
pub struct Text {
    pub id: DocId,
    pub date: Option<Date>,
    pub sentences: Vec<Vec<&'static str>>,
}

/// A title in the texts: two tokens that are no terms, and a mention of an entity.
pub const TITLE: &str = "《 甲 乙 》";

/// What a sentence holds of a kind, each as often as it counts.
type Holds = fn(&[&'static str]) -> Vec<String>;

/// The kinds in the order of the table, with what sentences hold of them.
const KINDS: [(&str, Holds); 4] = [("term", terms), ("pair", pairs), ("theme", themes), ("entity", entities)];

fn terms(words: &[&'static str]) -> Vec<String> {
    words.iter().filter(|word| **word != TITLE && word.chars().count() > 1).map(ToString::to_string).collect()
}

fn pairs(words: &[&'static str]) -> Vec<String> {
    let terms: BTreeSet<String> = terms(words).into_iter().collect();
    let after = |a: &String| terms.range(a.clone()..).skip(1).map(|b| format!("{a} + {b}")).collect::<Vec<_>>();
    terms.iter().flat_map(after).collect()
}

fn themes(words: &[&'static str]) -> Vec<String> {
    let has = |word| words.contains(&word);
    let held = [("p.g", has("绿色")), ("p.o", has("开放")), ("f.x", has("落实")), ("p", has("绿色") || has("开放")), ("f", has("落实"))];
    held.into_iter().filter(|(_, held)| *held).map(|(theme, _)| theme.to_string()).collect()
}

fn entities(words: &[&'static str]) -> Vec<String> {
    words.iter().filter(|word| **word == TITLE).map(|_| "document:甲乙".to_string()).collect()
}

fn tokens(words: &[&'static str]) -> u64 {
    words.iter().map(|word| if *word == TITLE { 2 } else { u64::from(*word != "，") }).sum()
}

fn name(key: &str) -> &str {
    [("p.g", "绿色发展"), ("p.o", "对外开放"), ("f.x", "落实"), ("p", "政策"), ("f", "套话"), ("document:甲乙", "甲乙")]
        .into_iter()
        .find_map(|(known, name)| (known == key).then_some(name))
        .unwrap_or_default()
}

/// What the counts of a thing are shares of.
fn total(kind: &str, key: &str, texts: &[&Text]) -> u64 {
    let sentences = || texts.iter().flat_map(|text| &text.sentences);
    match kind {
        "term" => sentences().map(|words| tokens(words)).sum(),
        "pair" => sentences().filter(|words| tokens(words) > 0).count() as u64,
        "theme" if key.starts_with('p') => sentences().filter(|words| themes(words).contains(&"p".to_string())).count() as u64,
        "theme" => sentences().count() as u64,
        _ => sentences().map(|words| entities(words).len() as u64).sum(),
    }
}

/// A thing with its counts (current, current total, previous, previous total).
struct Thing<'t> {
    key: String,
    counts: [u64; 4],
    documents: [u64; 2],
    sides: [&'t [&'t Text]; 2],
}

impl Thing<'_> {
    fn new<'t>(kind: &str, holds: Holds, key: &str, sides: [&'t [&'t Text]; 2]) -> Thing<'t> {
        let in_text = |text: &&Text| text.sentences.iter().flat_map(|words| holds(words)).filter(|held| held == key).count() as u64;
        let count = |side: usize| sides[side].iter().map(in_text).sum();
        let documents = [0, 1].map(|side: usize| sides[side].iter().filter(|text| in_text(text) > 0).count() as u64);
        let counts = [count(0), total(kind, key, sides[0]), count(1), total(kind, key, sides[1])];
        Thing { key: key.to_string(), counts, documents, sides }
    }

    fn g2(&self) -> Option<f64> {
        let [a, c, b, d] = self.counts;
        stats::g2(&Contingency::from_slices(a, c, b, d).unwrap())
    }

    fn printed(&self) -> Option<u128> {
        self.g2().map(|g2| Decimal::rounded(g2, 6).unwrap().scaled().unsigned_abs())
    }

    fn status(&self, q_value: Option<f64>) -> Option<&'static str> {
        let [a, c, b, d] = self.counts;
        if (a > 0, b) == (true, 0) {
            return Some("new");
        }
        let (significant, log_ratio) = (q_value? <= 0.05, stats::log_ratio(a, c, b, d)?);
        match (a, b) {
            (0, _) if b * c >= 5 * d => significant.then_some("vanished"),
            _ if log_ratio > 0.0 => significant.then_some("rising"),
            _ if log_ratio < 0.0 => significant.then_some("falling"),
            _ => None,
        }
    }

    /// First date and example.
    fn evidence(&self, holds: Holds) -> String {
        let has = |words: &[&'static str]| holds(words).contains(&self.key);
        let with = self.sides.into_iter().flatten().filter(|text| text.sentences.iter().any(|words| has(words)));
        let first = with.filter_map(|text| text.date).min().map(|date| date.to_string()).unwrap_or_default();
        let side = self.sides[usize::from(self.counts[0] == 0)];
        let sentences = side.iter().flat_map(|text| (1..).zip(&text.sentences).map(move |(number, words)| (text.id, number, words)));
        let shown = sentences.filter(|(.., words)| has(words)).map(|(id, number, words)| {
            let sentence = written(words);
            (sentence.chars().count(), id, number, sentence)
        });
        let (_, id, number, sentence) = shown.min().unwrap();
        format!("{first}|{id}|{number}|{sentence}")
    }

    fn row(&self, (kind, holds): (&str, Holds), status: &str, q_value: Option<f64>) -> String {
        let [a, c, b, d] = self.counts;
        let decimal = |number: Option<f64>| number.map(|number| Decimal::rounded(number, 6).unwrap().to_string()).unwrap_or_default();
        let of = |ratio, digits| Decimal::of_ratio(ratio, digits).unwrap().to_string();
        let per_million = |count, all| stats::per_million(count, all).filter(|_| kind == "term").map(|r| of(r, 6)).unwrap_or_default();
        let share = |count, all| stats::share(count, all).filter(|_| kind != "term").map(|r| of(r, 4)).unwrap_or_default();
        let key = &self.key;
        [
            format!("{kind}|{key}|{}|{status}|{b}|{d}|{a}|{c}|{}|{}", name(key), self.documents[1], self.documents[0]),
            format!("{}|{}|{}|{}", per_million(b, d), per_million(a, c), share(b, d), share(a, c)),
            format!("{}|{}|{}", decimal(self.g2()), decimal(stats::log_ratio(a, c, b, d)), decimal(q_value)),
            self.evidence(holds),
        ]
        .join("|")
    }
}

/// A sentence as it is written.
pub fn written(words: &[&str]) -> String {
    format!("{} 。", words.join(" "))
}

/// The rows of a comparison but for documents. `of_today` are the texts whose terms are paired.
pub fn rows(current: &[&Text], previous: &[&Text], of_today: &[&Text], options: &ChangeOptions) -> Vec<String> {
    let sides = [current, previous];
    if sides.iter().any(|side| total("term", "", side) == 0) {
        return Vec::new();
    }
    let known: BTreeSet<String> = of_today.iter().flat_map(|text| &text.sentences).flat_map(|words| terms(words)).collect();
    KINDS.into_iter().flat_map(|kind| rows_of_kind(kind, sides, &known, options)).collect()
}

fn rows_of_kind((kind, holds): (&str, Holds), sides: [&[&Text]; 2], known: &BTreeSet<String>, options: &ChangeOptions) -> Vec<String> {
    let held = sides.into_iter().flatten().flat_map(|text| &text.sentences).flat_map(|words| holds(words));
    let keys: BTreeSet<String> = held.filter(|key| kind != "pair" || key.split(" + ").all(|term| known.contains(term))).collect();
    let things = keys.iter().map(|key| Thing::new(kind, holds, key, sides));
    let is_tested = |thing: &Thing<'_>| {
        thing.counts[0] + thing.counts[2] >= options.min_count && thing.documents.iter().sum::<u64>() >= options.min_documents
    };
    let (mut tested, without_base): (Vec<Thing<'_>>, Vec<_>) = things.filter(is_tested).partition(|thing| thing.g2().is_some());
    tested.sort_by(|a, b| b.g2().unwrap().abs().total_cmp(&a.g2().unwrap().abs()));
    let q_values = stats::q_values(&tested.iter().map(|thing| thing.g2().unwrap().abs()).collect::<Vec<_>>());
    let judged = tested.into_iter().zip(q_values.into_iter().map(Some)).chain(without_base.into_iter().map(|thing| (thing, None)));
    let mut changed: Vec<(Thing<'_>, &str, Option<f64>)> =
        judged.filter_map(|(thing, q)| thing.status(q).map(|status| (thing, status, q))).collect();
    changed.sort_by(|(a, ..), (b, ..)| b.printed().cmp(&a.printed()).then_with(|| a.key.cmp(&b.key)));
    let mut of_status: BTreeMap<&str, usize> = BTreeMap::new();
    changed.retain(|(_, status, _)| {
        let rows = of_status.entry(status).or_insert(0);
        *rows += 1;
        options.top == 0 || *rows <= options.top
    });
    changed.iter().map(|(thing, status, q)| thing.row((kind, holds), status, *q)).collect()
}
