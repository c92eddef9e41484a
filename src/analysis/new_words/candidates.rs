//! Strings that hold together and stand freely.

use rayon::prelude::*;

use crate::analysis::sequences::{END, Frequent, Limits, Node, Rows, Seen, Sequence, Visit, Window};
use crate::stats;
use crate::table::Decimal;

use super::characters::Characters;
use super::rules::Edges;
use super::{LONGEST, NewWordOptions};

/// A string with its measures, each as it is printed, in millionths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Candidate {
    symbols: [u32; LONGEST],
    length: u8,
    pub tf: u32,
    pub pmi_min: i64,
    pub left_entropy: i64,
    pub right_entropy: i64,
    pub score: i64,
    /// Occurrences that would be a token if it were in the dictionary.
    pub tf_as_token: u32,
    /// Whether it stands in as many documents as it must.
    pub in_documents: bool,
}

impl Candidate {
    pub fn symbols(&self) -> &[u32] {
        &self.symbols[..usize::from(self.length)]
    }
}

/// All strings that reach the thresholds, in the order of their symbols.
pub(super) fn find<'a>(characters: &'a Characters<'a>, options: &NewWordOptions) -> Vec<Candidate> {
    let limits = Limits { min_count: options.min_tf.max(1), longest: options.max_length.0 };
    let search = Search::new(characters, options);
    let (frequent, seen) = characters.text.runs.frequent(limits, || Free::new(&search));
    let free: Vec<FreeString> = seen.into_iter().flat_map(|free| free.found).collect();
    let mut found: Vec<Candidate> =
        search.holding(free, &frequent).iter().filter_map(|(string, weakest)| search.candidate(string, *weakest)).collect();
    found.sort_unstable_by(|a, b| a.symbols().cmp(b.symbols()));
    found
}

/// What the search needs to know of every string.
struct Search<'a> {
    text: &'a Characters<'a>,
    runs: &'a Sequence<u16>,
    min_df: u32,
    /// M.
    characters: u64,
    kinds: usize,
    edges: Edges,
    min_pmi: i64,
    min_entropy: i64,
    /// At least this many times as often as by chance, with a little less so that rounding decides nothing.
    least_ratio: f64,
    /// c · log2 c of small counts.
    c_log_c: Vec<f64>,
}

/// Counts whose c · log2 c is looked up.
const SMALL_COUNTS: u32 = 4096;
/// More than rounding can do to an entropy or a logarithm.
const SLACK: f64 = 1e-5;

impl<'a> Search<'a> {
    fn new(characters: &'a Characters<'a>, options: &NewWordOptions) -> Self {
        Self {
            text: characters,
            runs: &characters.text.runs,
            min_df: options.min_df,
            characters: characters.count(),
            kinds: characters.kinds(),
            edges: Edges::new(characters),
            min_pmi: millionths(options.min_pmi).unwrap_or(i64::MAX),
            min_entropy: millionths(options.min_entropy).unwrap_or(i64::MAX),
            least_ratio: libm::exp2(options.min_pmi - SLACK),
            c_log_c: (0..SMALL_COUNTS).map(stats::c_log_c).collect(),
        }
    }

    /// Whether the last joint may hold, without a logarithm.
    fn may_hold(&self, seen: &Seen<'_, u16>) -> bool {
        let [.., left, whole] = seen.counts else { return false };
        let right = self.runs.count(seen.sequence[seen.sequence.len() - 1] as usize);
        f64::from(*whole) * self.characters as f64 >= self.least_ratio * f64::from(*left) * right as f64
    }

    /// Whether a side may be free enough, without a logarithm for each neighbour.
    fn may_be_free(&self, neighbours: impl Iterator<Item = u32>, occurrences: u32) -> bool {
        let c_log_c = |count: u32| self.c_log_c.get(count as usize).copied().unwrap_or_else(|| stats::c_log_c(count));
        let sum: f64 = neighbours.map(c_log_c).sum();
        let entropy = (c_log_c(occurrences) - sum) / f64::from(occurrences);
        entropy + SLACK >= self.min_entropy as f64 / 1e6
    }

    /// The entropy of a side as printed, if it is high enough.
    fn entropy(&self, neighbours: Vec<u32>, occurrences: u32) -> Option<i64> {
        let entropy = stats::branching_entropy(neighbours, u64::from(occurrences)).and_then(millionths)?;
        (entropy >= self.min_entropy).then_some(entropy)
    }

    /// The free strings whose every joint may hold, each with the PMI of its weakest: first the last joint of all strings is looked at, then
    /// that before it, so that the tree is read once for each of them.
    fn holding(&self, strings: Vec<FreeString>, frequent: &Frequent) -> Vec<(FreeString, f64)> {
        let mut holding: Vec<(FreeString, f64)> = strings.into_iter().map(|string| (string, f64::INFINITY)).collect();
        for behind in 1..LONGEST {
            // A part is at least as frequent as the whole, so the tree holds it. Nothing is behind the joint where a string has no such joint.
            let rights: Vec<&[u32]> = holding.iter().map(|(string, _)| string.behind_joint(behind)).collect();
            let rights = frequent.nodes(&rights);
            let with_joint = |((string, weakest), right): ((FreeString, f64), Option<Node>)| {
                let cut = usize::from(string.length).checked_sub(behind).filter(|cut| *cut > 0);
                let weaker = cut.map_or(Some(weakest), |cut| Some(weakest.min(self.joint(&string, cut, right?.count)?)))?;
                Some((string, weaker))
            };
            holding = holding.into_par_iter().zip(rights).with_min_len(64).filter_map(with_joint).collect();
        }
        holding
    }

    /// The PMI of the joint at `cut`, with what is behind it so often, if it may hold.
    fn joint(&self, string: &FreeString, cut: usize, right: u32) -> Option<f64> {
        let (tf, left) = (string.counts[usize::from(string.length) - 1], string.counts[cut - 1]);
        if f64::from(tf) * (self.characters as f64) < self.least_ratio * f64::from(left) * f64::from(right) {
            return None;
        }
        stats::cut_pmi(u64::from(tf), u64::from(left), u64::from(right), self.characters)
    }

    /// A free string whose weakest joint holds.
    fn candidate(&self, string: &FreeString, weakest: f64) -> Option<Candidate> {
        let tf = string.counts[usize::from(string.length) - 1];
        let pmi_min = millionths(weakest).filter(|pmi| *pmi >= self.min_pmi)?;
        // The sum of what is printed, so that anyone can add it up.
        let score = pmi_min + string.left_entropy.min(string.right_entropy);
        let FreeString { symbols, length, left_entropy, right_entropy, tf_as_token, in_documents, .. } = *string;
        Some(Candidate { symbols, length, tf, pmi_min, left_entropy, right_entropy, score, tf_as_token, in_documents })
    }
}

/// A number as it is printed, in millionths.
fn millionths(value: f64) -> Option<i64> {
    Decimal::rounded(value, 6).and_then(|decimal| i64::try_from(decimal.scaled()).ok())
}

/// A string that is free on both sides, and holds at its last joint.
struct FreeString {
    symbols: [u32; LONGEST],
    /// Of its beginnings.
    counts: [u32; LONGEST],
    length: u8,
    left_entropy: i64,
    right_entropy: i64,
    tf_as_token: u32,
    in_documents: bool,
}

impl FreeString {
    /// Its last symbols, so many; nothing if it has no more than that.
    fn behind_joint(&self, symbols: usize) -> &[u32] {
        let all = &self.symbols[..usize::from(self.length)];
        if symbols < all.len() { &all[all.len() - symbols..] } else { &[] }
    }
}

/// Collects free strings while they are found.
struct Free<'a> {
    search: &'a Search<'a>,
    found: Vec<FreeString>,
    /// By symbol, how often it stands before; all zero between two strings.
    before: Vec<u32>,
    touched: Vec<u32>,
}

impl<'a> Free<'a> {
    fn new(search: &'a Search<'a>) -> Self {
        Self { search, found: Vec::new(), before: vec![0; search.kinds], touched: Vec::new() }
    }

    /// How often each character stands before these places, edges left out.
    fn neighbours_before(&mut self, rows: Rows<'_, u16>) -> Vec<u32> {
        for symbol in rows.windows().map(Window::before) {
            if self.before[symbol] == 0 {
                self.touched.push(symbol as u32);
            }
            self.before[symbol] += 1;
        }
        self.before[END] = 0;
        let counts = self.touched.drain(..).map(|symbol| std::mem::take(&mut self.before[symbol as usize])).filter(|count| *count > 0);
        counts.collect()
    }
}

impl Visit<u16> for Free<'_> {
    const LOOKS: bool = true;

    fn see(&mut self, seen: &Seen<'_, u16>) {
        let search = self.search;
        if !search.edges.allow(seen.sequence) || !search.may_hold(seen) {
            return;
        }
        let tf = seen.rows.len() as u32;
        let after = || seen.next.iter().filter(|symbol| **symbol as usize != END).map(|symbol| seen.next_counts[*symbol as usize]);
        if !search.may_be_free(after(), tf) {
            return;
        }
        let before = self.neighbours_before(seen.rows);
        if !search.may_be_free(before.iter().copied(), tf) {
            return;
        }
        let Some(left_entropy) = search.entropy(before, tf) else { return };
        let Some(right_entropy) = search.entropy(after().collect(), tf) else { return };
        let (mut symbols, mut counts) = ([0; LONGEST], [0; LONGEST]);
        symbols.iter_mut().zip(seen.sequence).for_each(|(symbol, seen)| *symbol = *seen);
        counts.iter_mut().zip(seen.counts).for_each(|(count, seen)| *count = *seen);
        let length = seen.sequence.len();
        self.found.push(FreeString {
            symbols,
            counts,
            length: length as u8,
            left_entropy,
            right_entropy,
            tf_as_token: search.text.tokens_if_added(seen.rows.places(), length),
            in_documents: search.text.text.reach_documents(seen.rows.places(), search.min_df),
        });
    }
}
