//! From the corpus to the n-grams that get a row.

use std::cmp::Ordering;
use std::ops::Range;

use rayon::prelude::*;

use crate::analysis::Inputs;
use crate::analysis::sequences::{Frequent, Limits, Node, Text};
use crate::corpus::{Corpus, NOT_A_TERM, TermOptions, is_term};
use crate::stats::{self, Contingency};
use crate::table::Decimal;

use super::{Edges, LONGEST, NgramOptions};

/// An n-gram: its symbols, filled up with zeros. The symbol of a word is its corpus number plus one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Ngram {
    symbols: [u32; LONGEST],
    size: u8,
}

impl Ngram {
    fn of(path: &[&Node]) -> Self {
        let mut symbols = [0; LONGEST];
        symbols.iter_mut().zip(path).for_each(|(symbol, node)| *symbol = node.symbol);
        Self { symbols, size: path.len() as u8 }
    }

    pub fn symbols(&self) -> &[u32] {
        &self.symbols[..usize::from(self.size)]
    }

    pub fn size(&self) -> usize {
        usize::from(self.size)
    }

    /// Its tokens, parted by spaces.
    pub fn tokens(&self, corpus: &Corpus) -> String {
        spaced(corpus, self.symbols())
    }
}

/// The texts of these symbols, parted by spaces.
pub(super) fn spaced(corpus: &Corpus, symbols: &[u32]) -> String {
    symbols.iter().map(|symbol| word(corpus, *symbol)).collect::<Vec<_>>().join(" ")
}

/// The text of a symbol.
pub(super) fn word(corpus: &Corpus, symbol: u32) -> &str {
    &corpus.words()[symbol as usize - 1].0
}

/// An n-gram with its weakest joint.
#[derive(Debug, Clone, Copy)]
pub(super) struct Joined {
    pub ngram: Ngram,
    pub tf: u32,
    /// Tokens before the weakest joint.
    pub split: usize,
    /// Of that joint.
    pub contingency: Contingency,
}

impl Joined {
    /// Its g2 as printed; an undefined one is below all others.
    pub fn printed_g2(&self) -> i128 {
        stats::g2(&self.contingency).and_then(|g2| Decimal::rounded(g2, 6)).map_or(i128::MIN, Decimal::scaled)
    }
}

/// The n-grams that get a row, and how many the options kept out.
pub(super) struct Chosen {
    /// By size, then printed g2 descending, then tokens.
    pub rows: Vec<Joined>,
    pub below_min_df: u64,
    pub at_edges: u64,
    pub beyond_top: u64,
}

/// The tokens of a corpus as runs between marks.
pub(super) fn text(corpus: &Corpus) -> Text<u32> {
    Text::new(corpus, corpus.words().len() + 1, |number, shard, sentence, out| {
        let words = corpus.word_ids(number);
        let first = shard.sentences[sentence].token_start as usize;
        for (at, word) in shard.sentence_tokens(sentence).iter().enumerate() {
            if at == 0 || shard.follows_mark(first + at) {
                out.push(0);
            }
            out.push(words[*word as usize] + 1);
        }
    })
}

/// Nodes of the tree whose n-grams are compared at once.
const NODES_AT_ONCE: usize = 1 << 20;

/// The n-grams that get a row.
pub(super) fn choose(inputs: &Inputs<'_>, text: &Text<u32>) -> Chosen {
    let options = &inputs.options.ngrams;
    let mut sizes: Vec<usize> = options.sizes.iter().map(|size| size.0).collect();
    sizes.sort_unstable();
    sizes.dedup();
    let mut chosen = Chosen { rows: Vec::new(), below_min_df: 0, at_edges: 0, beyond_top: 0 };
    let Some(longest) = sizes.last() else { return chosen };
    let limits = Limits { min_count: options.min_count.max(1), longest: *longest };
    let (frequent, _) = text.runs.frequent(limits, || ());
    let joints = Joints::new(&frequent, text);
    let may_be_edge = edges(inputs, options);
    let mut strongest: Vec<Strongest> = sizes.iter().map(|_| Strongest::new(options.top)).collect();
    for parts in frequent.portions(NODES_AT_ONCE) {
        let (bounded, at_edges) = bounded_candidates(&joints, parts, &sizes, &may_be_edge);
        chosen.at_edges += at_edges;
        for (strongest, candidates) in strongest.iter_mut().zip(bounded) {
            let (kept, below_min_df) = drop_rare(text, candidates, options.min_df);
            chosen.below_min_df += below_min_df;
            strongest.add(inputs.corpus, &joints, kept);
        }
    }
    for strongest in strongest {
        chosen.beyond_top += strongest.seen - strongest.found.len() as u64;
        chosen.rows.extend(strongest.found.into_iter().map(|(_, joined)| joined));
    }
    chosen
}

/// The places between two neighbouring tokens: the units in which association is counted.
struct Joints<'a> {
    frequent: &'a Frequent,
    /// All of them.
    n: u64,
}

impl<'a> Joints<'a> {
    fn new(frequent: &'a Frequent, text: &Text<u32>) -> Self {
        // Every token is followed by another one or ends its run.
        Self { frequent, n: text.runs.joints() }
    }

    /// At the joint between `left` and `right`, which together occur `tf` times.
    fn table(&self, tf: u32, left: Node, right: Node) -> Option<Contingency> {
        Contingency::new(u64::from(tf), u64::from(left.followed), u64::from(right.preceded), self.n).ok()
    }

    /// The last joint: for it no other part of the tree must be searched.
    fn last(&self, path: &[&Node]) -> Option<Contingency> {
        let [.., left, whole] = path else { return None };
        self.table(whole.count, **left, self.frequent.node(&[whole.symbol])?)
    }

    /// The joint of the lowest printed g2, the leftmost of equals; an undefined one only where all are.
    fn weakest(&self, ngram: Ngram, tf: u32) -> Option<Joined> {
        let symbols = ngram.symbols();
        let joint = |split: usize| {
            let table = self.table(tf, self.frequent.node(&symbols[..split])?, self.frequent.node(&symbols[split..])?)?;
            Some(Joined { ngram, tf, split, contingency: table })
        };
        let by_strength = |joined: &Joined| match joined.printed_g2() {
            i128::MIN => i128::MAX,
            defined => defined,
        };
        (1..symbols.len()).filter_map(joint).min_by_key(by_strength)
    }
}

/// Candidates that are looked at before it is asked again which can be among the strongest.
const AT_ONCE: usize = 512;

/// An n-gram and what its g2 is at most.
struct Bounded {
    ngram: Ngram,
    tf: u32,
    bound: i128,
}

/// The frequent n-grams of each of these sizes in some parts of the tree, and how many more were left out for their edges.
fn bounded_candidates(joints: &Joints<'_>, parts: Range<usize>, sizes: &[usize], may_be_edge: &[bool]) -> (Vec<Vec<Bounded>>, u64) {
    let found = joints.frequent.walk(parts, |(found, at_edges): &mut (Vec<Bounded>, u64), path| {
        let (first, last) = (path[0], path[path.len() - 1]);
        if sizes.binary_search(&path.len()).is_err() {
            return;
        }
        if !may_be_edge[first.symbol as usize - 1] || !may_be_edge[last.symbol as usize - 1] {
            *at_edges += 1;
            return;
        }
        let g2 = joints.last(path).and_then(|table| stats::g2(&table)).and_then(|g2| Decimal::rounded(g2, 6));
        // An undefined joint says nothing of the others.
        found.push(Bounded { ngram: Ngram::of(path), tf: last.count, bound: g2.map_or(i128::MAX, Decimal::scaled) });
    });
    let mut by_size: Vec<Vec<Bounded>> = sizes.iter().map(|_| Vec::new()).collect();
    let mut at_edges = 0;
    for (found, left_out) in found {
        at_edges += left_out;
        for bounded in found {
            if let Ok(at) = sizes.binary_search(&bounded.ngram.size()) {
                by_size[at].push(bounded);
            }
        }
    }
    (by_size, at_edges)
}

/// For each word of the corpus whether an n-gram may begin and end with it.
fn edges(inputs: &Inputs<'_>, options: &NgramOptions) -> Vec<bool> {
    let corpus = inputs.corpus;
    if options.edges == Edges::Any {
        return vec![true; corpus.words().len()];
    }
    let mut is_edge: Vec<bool> = (0u32..).take(corpus.words().len()).map(|word| inputs.selection.of_word(word) != NOT_A_TERM).collect();
    // What is no term only because it is short: 党 in 全面 从严 治 党.
    let any_length = TermOptions { min_length: 1, ..inputs.options.terms.clone() };
    let tag = |word: &str| inputs.segmenter.tag(word);
    let shortest = inputs.options.terms.min_length;
    corpus.words().par_iter().zip(&mut is_edge).with_min_len(256).for_each(|((word, count), is_edge)| {
        let is_short = !*is_edge && count.tf >= u64::from(options.min_count) && word.chars().take(shortest).count() < shortest;
        *is_edge |= is_short && is_term(word, &any_length, inputs.stop_words, &tag);
    });
    is_edge
}

/// Those that stand in enough documents, and the number of others.
fn drop_rare(text: &Text<u32>, mut candidates: Vec<Bounded>, min_df: u32) -> (Vec<Bounded>, u64) {
    if min_df <= 1 {
        return (candidates, 0);
    }
    candidates.sort_unstable_by_key(|candidate| candidate.ngram);
    let sequences: Vec<&[u32]> = candidates.iter().map(|candidate| candidate.ngram.symbols()).collect();
    let documents = text.runs.find_all(&sequences, |_, rows| text.documents(rows.places()));
    let all = candidates.len();
    let mut documents = documents.into_iter();
    candidates.retain(|_| documents.next().is_some_and(|df| df >= min_df));
    let dropped = (all - candidates.len()) as u64;
    (candidates, dropped)
}

/// The n-grams of one size with the highest weakest joint, in order, among those seen so far.
struct Strongest {
    /// Most of them.
    top: usize,
    found: Vec<(i128, Joined)>,
    seen: u64,
}

impl Strongest {
    /// Of none yet; at most `top` of them, where 0 is all.
    fn new(top: usize) -> Self {
        Self { top: if top == 0 { usize::MAX } else { top }, found: Vec::new(), seen: 0 }
    }

    /// Looks at more of them.
    ///
    /// No n-gram is stronger than its last joint, so they are looked at in the order of that, until none of the rest can be among
    /// the strongest (Fagin, Lotem & Naor 2001).
    fn add(&mut self, corpus: &Corpus, joints: &Joints<'_>, mut candidates: Vec<Bounded>) {
        self.seen += candidates.len() as u64;
        candidates.par_sort_unstable_by_key(|candidate| (std::cmp::Reverse(candidate.bound), candidate.ngram));
        let mut rest = candidates.as_slice();
        while !rest.is_empty() {
            let last = if self.found.len() == self.top { self.found.last() } else { None };
            let may_enter = last.map_or(rest.len(), |(g2, _)| rest.partition_point(|candidate| candidate.bound >= *g2));
            // The more often the last is found anew, the fewer need to be looked at.
            let (chunk, others) = rest.split_at(may_enter.min(if last.is_some() { AT_ONCE } else { self.top }));
            if chunk.is_empty() {
                break;
            }
            rest = others;
            let weakest = |candidate: &Bounded| joints.weakest(candidate.ngram, candidate.tf).map(|joined| (joined.printed_g2(), joined));
            self.found.par_extend(chunk.par_iter().with_min_len(64).filter_map(weakest));
            self.found.par_sort_unstable_by(|a, b| compare(corpus, a, b));
            self.found.truncate(self.top);
        }
    }
}

fn compare(corpus: &Corpus, (g2_a, a): &(i128, Joined), (g2_b, b): &(i128, Joined)) -> Ordering {
    let by_tokens = || a.ngram.tokens(corpus).cmp(&b.ngram.tokens(corpus));
    g2_b.cmp(g2_a).then_with(by_tokens).then(a.ngram.cmp(&b.ngram))
}
