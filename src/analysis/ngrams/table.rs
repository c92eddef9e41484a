//! The rows and columns of ngrams.csv.

use std::sync::Arc;

use crate::analysis::sequences::{PlaceEvidence, Rows, Text, Window};
use crate::analysis::{Inputs, Shared};
use crate::stats;
use crate::table::{Cells, Column, Definition, Dropped, Table};

use super::candidates::{self, Chosen, Joined, spaced, word};

pub(in crate::analysis) static DEFINITION: Definition = Definition {
    name: "ngrams",
    title_zh: "词语序列",
    title_en: "N-grams",
    description: "One row a sequence of 2 to 5 tokens that stand next to each other again and again, with the strength of its weakest joint and the shortest sentence that shows it. Marks and sentence ends are never crossed, white space is. Association is counted over joints, the places between two neighbouring tokens: for two tokens this is the usual table of adjacent pairs, and for more it is asked at each joint, left part against right part, where the weakest joint decides (as in new_words).",
    key: "n, g2 descending (undefined last), tokens",
    columns: &[
        Column::integer("n", "tokens", "词数", "Size", "Number of tokens."),
        Column::text("ngram", "词语序列", "N-gram", "Its tokens as one text; a space only between two Latin words or numbers."),
        Column::text("tokens", "分词形式", "Tokens", "The same, tokens parted by spaces."),
        Column::integer("tf", "occurrences", "频次", "Frequency", "Occurrences, also overlapping ones."),
        Column::integer("df", "documents", "文档频率", "Document frequency", "Documents that hold it."),
        Column::decimal(
            "per_million",
            "per million tokens",
            "每百万词频率",
            "Frequency per million",
            "tf / N · 10^6, N = all tokens, stop words included, punctuation not.",
        ),
        Column::text(
            "split",
            "最弱连接处",
            "Weakest joint",
            "The n-gram with | at the joint of the lowest g2 (the leftmost of equals); the next columns are of this joint.",
        ),
        Column::integer("n_a", "joints", "左部次数", "With left part", "Joints behind an occurrence of the left part."),
        Column::integer("n_b", "joints", "右部次数", "With right part", "Joints before an occurrence of the right part."),
        Column::integer(
            "n_joints",
            "joints",
            "连接处总数",
            "All joints",
            "All pairs of neighbouring tokens in the corpus, across no mark and no sentence end.",
        ),
        Column::decimal("expected", "joints", "期望次数", "Expected", "n_a · n_b / n_joints: what independence gives."),
        Column::decimal(
            "pmi",
            "bits",
            "点互信息",
            "PMI",
            "log2(tf · n_joints / (n_a · n_b)); 0 = independent; favours rare n-grams. Church & Hanks 1990.",
        ),
        Column::decimal(
            "npmi",
            "-1 to 1",
            "归一化点互信息",
            "Normalised PMI",
            "pmi / −log2(tf / n_joints); 0 independent, 1 only together; empty if tf = n_joints. Bouma 2009.",
        ),
        Column::decimal(
            "g2",
            "signed log-likelihood ratio",
            "G² 对数似然比",
            "Log-likelihood ratio G²",
            "Four-term, natural log, of the table (tf, n_a, n_b, n_joints), negative below expectation; empty if n_a or n_b = n_joints. A ranking: words are never put side by side by chance, and the least of several is no test. Dunning 1993.",
        ),
        Column::decimal("log_dice", "bits, at most 14", "logDice", "logDice", "14 + log2(2 · tf / (n_a + n_b)). Rychlý 2008."),
        Column::decimal("t_score", "score", "t 值", "t-score", "(tf − expected) / √tf; a ranking, not a test. Church et al. 1991."),
        Column::text(
            "longer",
            "最常见的加长形式",
            "Longer form",
            "The most frequent sequence that is one token longer on either side, tokens parted by spaces; ties: longer on the left first, then in code-point order. Empty if no occurrence has a neighbour.",
        ),
        Column::share(
            "longer_share",
            "加长形式占比",
            "Share of the longer form",
            "Its occurrences / tf. Near 1, the row is a piece of that longer form. Empty with it.",
        ),
        Column::text("example_doc_id", "例句文档", "Example document", "doc_id of the example."),
        Column::integer(
            "example_sentence_no",
            "1 = first",
            "例句句号",
            "Example sentence",
            "Sentence number of the example in its document.",
        ),
        Column::text("example", "例句", "Example", "Shortest sentence that holds it; ties by doc_id, then sentence number."),
    ],
    optional: &[],
};

struct Row {
    joined: Joined,
    found: Found,
}

/// What is seen at the places of an n-gram.
struct Found {
    evidence: PlaceEvidence,
    longer: Option<Longer>,
}

/// The most frequent sequence that is one token longer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Longer {
    symbol: u32,
    side: Side,
    count: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Left,
    Right,
}

struct Ngrams<'a> {
    inputs: Inputs<'a>,
    shared: Arc<Shared>,
    rows: Vec<Row>,
    dropped: Vec<Dropped>,
}

pub(in crate::analysis) fn build<'a>(inputs: &Inputs<'a>, shared: &Arc<Shared>) -> Box<dyn Table + 'a> {
    let text = candidates::text(inputs.corpus);
    let chosen = candidates::choose(inputs, &text);
    let dropped = dropped(&chosen);
    let found = look_at_places(inputs, shared, &text, &chosen.rows);
    let rows = chosen.rows.into_iter().zip(found).map(|(joined, found)| Row { joined, found }).collect();
    Box::new(Ngrams { inputs: *inputs, shared: Arc::clone(shared), rows, dropped })
}

fn dropped(chosen: &Chosen) -> Vec<Dropped> {
    let all = [("ngrams.edges", chosen.at_edges), ("ngrams.min_df", chosen.below_min_df), ("ngrams.top", chosen.beyond_top)];
    all.into_iter().filter(|(_, rows)| *rows > 0).map(|(option, rows)| Dropped { option, rows }).collect()
}

/// What is seen at the places of each row, in their order.
fn look_at_places(inputs: &Inputs<'_>, shared: &Shared, text: &Text<u32>, rows: &[Joined]) -> Vec<Found> {
    let mut order: Vec<usize> = (0..rows.len()).collect();
    order.sort_unstable_by_key(|row| rows[*row].ngram);
    let sequences: Vec<&[u32]> = order.iter().map(|row| rows[*row].ngram.symbols()).collect();
    let found = text.runs.find_all(&sequences, |at, rows| Found {
        evidence: text.evidence(rows.places(), &shared.examples),
        longer: longer(inputs, rows, sequences[at].len()),
    });
    let mut in_order: Vec<(usize, Found)> = order.into_iter().zip(found).collect();
    in_order.sort_unstable_by_key(|(row, _)| *row);
    in_order.into_iter().map(|(_, found)| found).collect()
}

fn longer(inputs: &Inputs<'_>, rows: Rows<'_, u32>, size: usize) -> Option<Longer> {
    let best = |neighbours: &mut Vec<u32>, side| {
        neighbours.sort_unstable();
        let counted = neighbours.chunk_by(|a, b| a == b).map(|same| Longer { symbol: same[0], side, count: same.len() as u32 });
        // The first in code-point order of the most frequent.
        counted.max_by(|a, b| {
            let by_text = || word(inputs.corpus, b.symbol).cmp(word(inputs.corpus, a.symbol));
            a.count.cmp(&b.count).then_with(by_text)
        })
    };
    let neighbours = |of: &dyn Fn(&Window<u32>) -> usize| -> Vec<u32> {
        rows.windows().map(|window| of(window) as u32).filter(|symbol| *symbol != 0).collect()
    };
    let left = best(&mut neighbours(&Window::before), Side::Left);
    let right = best(&mut neighbours(&|window| window.at(size)), Side::Right);
    match (left, right) {
        (Some(left), Some(right)) => Some(if right.count > left.count { right } else { left }),
        (left, right) => left.or(right),
    }
}

impl Table for Ngrams<'_> {
    fn definition(&self) -> &'static Definition {
        &DEFINITION
    }

    fn row_count(&self) -> usize {
        self.rows.len()
    }

    fn write_row(&self, row: usize, cells: &mut dyn Cells) {
        let (corpus, Row { joined, found }) = (self.inputs.corpus, &self.rows[row]);
        let (symbols, c) = (joined.ngram.symbols(), &joined.contingency);
        cells.integer(symbols.len() as u64);
        cells.text(&as_text(symbols.iter().map(|symbol| word(corpus, *symbol))));
        cells.text(&joined.ngram.tokens(corpus));
        cells.integer(u64::from(joined.tf));
        cells.integer(u64::from(found.evidence.documents));
        cells.ratio(stats::per_million(u64::from(joined.tf), corpus.token_count()));
        let (left, right) = symbols.split_at(joined.split);
        cells.text(&format!("{}|{}", spaced(corpus, left), spaced(corpus, right)));
        [c.n_a(), c.n_b(), c.n()].into_iter().for_each(|count| cells.integer(count));
        cells.ratio(stats::expected(c));
        for value in [stats::pmi(c), stats::npmi(c), stats::g2(c), stats::log_dice(c), stats::t_score(c)] {
            cells.number(value);
        }
        self.write_longer(joined, found.longer, cells);
        self.shared.examples.write(corpus, found.evidence.example, cells);
    }

    fn dropped(&self) -> Vec<Dropped> {
        self.dropped.clone()
    }

    fn note(&self) -> Option<String> {
        let least = self.inputs.options.ngrams.min_count;
        Some(format!("sequences of fewer than {least} occurrences (ngrams.min_count) are not followed, so nobody knows how many there are"))
    }
}

impl Ngrams<'_> {
    fn write_longer(&self, joined: &Joined, longer: Option<Longer>, cells: &mut dyn Cells) {
        let Some(longer) = longer else {
            cells.empty();
            cells.empty();
            return;
        };
        let (corpus, tokens) = (self.inputs.corpus, joined.ngram.tokens(self.inputs.corpus));
        cells.text(&match longer.side {
            Side::Left => format!("{} {tokens}", word(corpus, longer.symbol)),
            Side::Right => format!("{tokens} {}", word(corpus, longer.symbol)),
        });
        cells.share(stats::share(u64::from(longer.count), u64::from(joined.tf)));
    }
}

/// Tokens as one text.
fn as_text<'a>(tokens: impl Iterator<Item = &'a str>) -> String {
    let mut text = String::new();
    for token in tokens {
        let is_latin = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
        if is_latin(text.as_bytes().last()) && is_latin(token.as_bytes().first()) {
            text.push(' ');
        }
        text.push_str(token);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn latin_words_are_parted_and_others_are_not() {
        assert_eq!(as_text(["big", "data", "产业", "5g", "网络"].into_iter()), "big data产业5g网络");
    }
}
