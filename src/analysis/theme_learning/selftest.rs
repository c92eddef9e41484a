//! Is the taxonomy good enough to learn from? Half of its terms are hidden, and the sentences that hold only hidden ones are told
//! by the words around them. No labels by hand are needed.

use std::collections::BTreeSet;

use rayon::prelude::*;

use crate::analysis::Inputs;
use crate::corpus::{Parts, TokenReader};
use crate::stats;
use crate::table::{Cell, Column, Decimal, Definition, ListedTable};
use crate::theme::{Kind, LiteralFinder, LiteralScratch, Op, Tagger};

use super::units::{Cutting, Fit, Units, merged};

/// Columns of the self-test.
pub static SELFTEST_DEFINITION: Definition = Definition {
    name: "theme_selftest",
    title_zh: "主题词自检",
    title_en: "Self-test of the themes",
    description: "One row a split and main theme of kind policy, then total. In each split half of the terms of every theme are seeds and the rest is hidden; weights are learned from sentences with seeds in two thirds of the documents, and told are sentences of the other third that hold no seed and hidden terms of just one theme.",
    key: "split, order of the taxonomy, total last",
    columns: &[
        Column::integer(
            "split",
            "1 to 5",
            "划分",
            "Split",
            "Which terms are hidden: those with the larger BLAKE3 of split, a zero byte and the term.",
        ),
        Column::text("theme_id", "主题编号", "Theme id", "A main theme of kind policy; total: all of them."),
        Column::integer("n", "sentences", "测试句数", "Test sentences", "Sentences to be told that hold hidden terms of this theme."),
        Column::integer(
            "correct",
            "sentences",
            "判对",
            "Correct",
            "Those told right: the theme with the highest sum of weights, ties by the order of the taxonomy.",
        ),
        Column::share("accuracy", "准确率", "Accuracy", "correct / n; empty with fewer than 20 test sentences in the split."),
        Column::share(
            "majority",
            "多数类占比",
            "Majority",
            "Share of the most frequent theme among the test sentences: what always saying it would give.",
        ),
        Column::integer(
            "n_blanked",
            "sentences",
            "遮词后句数",
            "Blanked",
            "Test sentences that hold a known word once the hidden terms are taken out before segmentation.",
        ),
        Column::integer(
            "correct_blanked",
            "sentences",
            "遮词后判对",
            "Correct, blanked",
            "Those of them told right by the words that are left.",
        ),
        Column::share(
            "accuracy_blanked",
            "遮词后准确率",
            "Accuracy, blanked",
            "correct_blanked / n_blanked; empty with fewer than 20 test sentences in the split.",
        ),
    ],
    optional: &[],
};

/// Which documents are tested.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SelftestSplit {
    /// Those whose hashed id falls into one of three parts.
    ByHash,
    /// The newest third.
    ByDate,
}

const SPLITS: u64 = 5;
const MIN_TEST: u64 = 20;

/// A term of a class.
struct ClassTerm {
    class: usize,
    text: String,
}

/// Where terms stand in a sentence: number of the term and its written place.
type Found = Vec<(u32, u32, u32)>;

struct Test<'a> {
    inputs: &'a Inputs<'a>,
    tagger: &'a Tagger,
    classes: Vec<usize>,
    terms: Vec<ClassTerm>,
    units: Units,
    /// For each sentence the terms in it.
    found: Vec<Found>,
    /// For each sentence whether its document is tested.
    is_test: Vec<bool>,
    cutting: Cutting<'a>,
}

/// Runs the five splits.
pub fn selftest(inputs: &Inputs<'_>, tagger: &Tagger, split: SelftestSplit) -> ListedTable {
    let classes: Vec<usize> =
        tagger.themes().iter().enumerate().filter(|(_, t)| t.level == 1 && t.kind == Kind::Policy).map(|(at, _)| at).collect();
    let terms = class_terms(tagger, &classes);
    let test = Test {
        inputs,
        tagger,
        found: find_terms(inputs, &terms),
        classes,
        terms,
        units: Units::new(inputs, tagger),
        is_test: tested_sentences(inputs, split),
        cutting: Cutting::new(inputs),
    };
    let rows = (1..=SPLITS).flat_map(|split| test.rows(split)).collect();
    ListedTable::new(&SELFTEST_DEFINITION, rows)
}

/// The distinct terms of each class, as matched.
fn class_terms(tagger: &Tagger, classes: &[usize]) -> Vec<ClassTerm> {
    let mut terms = Vec::new();
    for (class, main) in classes.iter().enumerate() {
        let below = format!("{}.", tagger.themes()[*main].id);
        let leaves = tagger.themes().iter().enumerate().filter(|(at, theme)| at == main || theme.id.starts_with(&below));
        let patterns = leaves.flat_map(|(_, theme)| &theme.patterns).filter(|pattern| pattern.op == Op::Term);
        let texts: BTreeSet<&str> = patterns.filter_map(|pattern| pattern.literal()).collect();
        terms.extend(texts.into_iter().map(|text| ClassTerm { class, text: text.to_string() }));
    }
    terms
}

fn find_terms(inputs: &Inputs<'_>, terms: &[ClassTerm]) -> Vec<Found> {
    // A term of two classes is one literal.
    let texts: Vec<&str> = terms.iter().map(|term| term.text.as_str()).collect::<BTreeSet<_>>().into_iter().collect();
    let finder = LiteralFinder::of(&texts);
    let of_text: Vec<Vec<u32>> =
        texts.iter().map(|text| (0u32..).zip(terms).filter(|(_, term)| term.text == *text).map(|(number, _)| number).collect()).collect();
    let of_shard = |number: usize| {
        let shard = inputs.corpus.shards()[number].read(Parts::TEXT);
        let mut scratch = LiteralScratch::default();
        let mut found = Vec::with_capacity(shard.sentences.len());
        for sentence in 0..shard.sentences.len() {
            let mut places: Found = Vec::new();
            finder.spans(&shard.counted_text(sentence), &mut scratch, |text, start, end| {
                places.extend(of_text[text as usize].iter().map(|term| (*term, start, end)));
            });
            found.push(places);
        }
        found
    };
    (0..inputs.corpus.shards().len()).into_par_iter().flat_map_iter(of_shard).collect()
}

fn tested_sentences(inputs: &Inputs<'_>, split: SelftestSplit) -> Vec<bool> {
    let documents = inputs.corpus.document_count();
    let tested: Vec<bool> = match split {
        SelftestSplit::ByHash => (0..documents)
            .map(|number| {
                let hash = blake3::hash(inputs.corpus.document(number).id.to_string().as_bytes());
                let mut first = [0; 8];
                first.copy_from_slice(&hash.as_bytes()[..8]);
                u64::from_le_bytes(first) % 3 == 0
            })
            .collect(),
        SelftestSplit::ByDate => {
            let order = inputs.corpus.documents_by_date();
            let dated: Vec<u32> = order.into_iter().filter(|d| inputs.corpus.document(*d as usize).date.is_some()).collect();
            let mut tested = vec![false; documents];
            dated[dated.len() - dated.len() / 3..].iter().for_each(|document| tested[*document as usize] = true);
            tested
        }
    };
    (0..inputs.corpus.sentence_count()).map(|sentence| tested[inputs.corpus.document_of(sentence)]).collect()
}

/// What came of the test sentences of one class.
#[derive(Debug, Clone, Copy, Default)]
struct Tally {
    n: u64,
    correct: u64,
    n_blanked: u64,
    correct_blanked: u64,
}

impl Tally {
    fn merged(self, other: Self) -> Self {
        Self {
            n: self.n + other.n,
            correct: self.correct + other.correct,
            n_blanked: self.n_blanked + other.n_blanked,
            correct_blanked: self.correct_blanked + other.correct_blanked,
        }
    }
}

impl Test<'_> {
    fn rows(&self, split: u64) -> Vec<Vec<Cell>> {
        let is_seed = self.seeds(split);
        let seeded = |unit: usize, out: &mut Vec<usize>| {
            out.extend(
                self.found[unit].iter().filter(|(term, ..)| is_seed[*term as usize]).map(|(term, ..)| self.terms[*term as usize].class),
            );
            out.sort_unstable();
            out.dedup();
        };
        let terms = self.inputs.selection.terms().len();
        let fit = Fit::new(&self.units, terms, self.classes.len(), |unit| !self.is_test[unit], seeded);
        let none = || vec![Tally::default(); self.classes.len()];
        let tallies = (0..self.units.len())
            .into_par_iter()
            .filter(|unit| self.is_test[*unit])
            .filter_map(|unit| Some((unit, self.hidden_class(unit, &is_seed)?)))
            .fold(none, |mut tallies, (unit, class)| {
                self.tell(unit, class, &fit, &mut tallies[class]);
                tallies
            })
            .reduce(none, |a, b| a.into_iter().zip(b).map(|(a, b)| a.merged(b)).collect());
        let total = tallies.iter().fold(Tally::default(), |sum, tally| sum.merged(*tally));
        let majority = tallies.iter().map(|tally| tally.n).max().unwrap_or(0);
        let ids = self.classes.iter().map(|class| self.tagger.themes()[*class].id.as_str()).chain(["total"]);
        let is_enough = total.n >= MIN_TEST;
        ids.zip(tallies.iter().copied().chain([total])).map(|(id, tally)| row(split, id, tally, (majority, total.n), is_enough)).collect()
    }

    /// For each term whether it is a seed: the first half of its class, rounded up, in the order of their hashes.
    fn seeds(&self, split: u64) -> Vec<bool> {
        let mut is_seed = vec![false; self.terms.len()];
        for class in 0..self.classes.len() {
            let mut order: Vec<([u8; 32], usize)> = self
                .terms
                .iter()
                .enumerate()
                .filter(|(_, term)| term.class == class)
                .map(|(at, term)| (*blake3::hash(format!("{split}\0{}", term.text).as_bytes()).as_bytes(), at))
                .collect();
            order.sort_unstable();
            let seeds = order.len().div_ceil(2);
            order.iter().take(seeds).for_each(|(_, at)| is_seed[*at] = true);
        }
        is_seed
    }

    /// The class of a sentence that holds no seed of any class and hidden terms of just one.
    fn hidden_class(&self, unit: usize, is_seed: &[bool]) -> Option<usize> {
        let mut class = None;
        for (term, ..) in &self.found[unit] {
            let of_term = self.terms[*term as usize].class;
            if is_seed[*term as usize] || class.is_some_and(|class| class != of_term) {
                return None;
            }
            class = Some(of_term);
        }
        class
    }

    fn tell(&self, unit: usize, class: usize, fit: &Fit, tally: &mut Tally) {
        tally.n += 1;
        tally.correct += u64::from(self.best(self.units.words(unit), fit) == Some(class));
        let text = self.inputs.corpus.sentence(unit).counted_text();
        let mut spans: Vec<(u32, u32)> = self.found[unit].iter().map(|(_, start, end)| (*start, *end)).collect();
        spans.extend(self.tagger.masked_spans(&text, &mut LiteralScratch::default()));
        let words = self.cutting.words_outside(&text, &merged(spans), &mut TokenReader::default());
        if let Some(told) = self.best(&words, fit) {
            tally.n_blanked += 1;
            tally.correct_blanked += u64::from(told == class);
        }
    }

    /// The class with the highest sum of weights; nothing without a known word.
    fn best(&self, words: &[u32], fit: &Fit) -> Option<usize> {
        let mut best: Option<(usize, f64)> = None;
        for class in 0..self.classes.len() {
            let weights: Vec<f64> = words.iter().filter_map(|word| fit.weight(class, *word)).collect();
            if weights.is_empty() {
                return None;
            }
            let sum: f64 = weights.iter().sum();
            if best.is_none_or(|(_, most)| sum > most) {
                best = Some((class, sum));
            }
        }
        best.map(|(class, _)| class)
    }
}

fn row(split: u64, id: &str, tally: Tally, (majority, all): (u64, u64), is_enough: bool) -> Vec<Cell> {
    let share = |part: u64, whole: u64| {
        let share = stats::share(part, whole).filter(|_| is_enough).and_then(|ratio| Decimal::of_ratio(ratio, 4));
        share.map_or(Cell::Empty, Cell::Decimal)
    };
    vec![
        Cell::Integer(split),
        Cell::of(id),
        Cell::Integer(tally.n),
        Cell::Integer(tally.correct),
        share(tally.correct, tally.n),
        share(majority, all),
        Cell::Integer(tally.n_blanked),
        Cell::Integer(tally.correct_blanked),
        share(tally.correct_blanked, tally.n_blanked),
    ]
}
