//! The rows and columns of keyness.csv.

use std::sync::Arc;

use rayon::prelude::*;

use crate::analysis::{Inputs, Shared};
use crate::lexicon::FrequencyList;
use crate::stats::{self, Contingency, Direction, Ratio};
use crate::table::{Cells, Column, Decimal, Definition, Dropped, Table, TableWarning};

use super::counts::{self, TermCounts};
use super::evidence::Evidence;
use super::sides::Sides;
use super::{KeynessOptions, Reference};

pub(in crate::analysis) static DEFINITION: Definition = Definition {
    name: "keyness",
    title_zh: "关键性表",
    title_en: "Keyness",
    description: "One row a term: how often in one part of the corpus (the target) and in another (the reference), and how far that is from chance. run.json says what was compared, in documents and tokens. The order mixes both directions: filter by direction. Use g2 and q_value for evidence, log_ratio for size, documents_target and dp_norm_target against a word of one text; texts are no independent draws of words, so q-values are too small.",
    key: "|g2| descending (undefined last), term",
    columns: &[
        Column::text("term", "词语", "Term", "A term of the corpus."),
        Column::text("pos", "词性", "Part of speech", "As in terms.csv."),
        Column::integer("tf_target", "occurrences", "目标词频", "Frequency in target", "a: occurrences in documents of the target."),
        Column::integer(
            "tf_reference",
            "occurrences",
            "参照词频",
            "Frequency in reference",
            "b: occurrences in documents of the reference, or the frequency in keyness.reference_list, 0 if it is not there.",
        ),
        Column::integer("tokens_target", "tokens", "目标词数", "Tokens of target", "c: all tokens of the target, stop words included."),
        Column::integer(
            "tokens_reference",
            "tokens",
            "参照词数",
            "Tokens of reference",
            "d: all tokens of the reference; for a list keyness.reference_tokens, or the sum of its frequencies.",
        ),
        Column::decimal("per_million_target", "per million tokens", "目标每百万词频率", "Target per million", "a / c · 10^6."),
        Column::decimal("per_million_reference", "per million tokens", "参照每百万词频率", "Reference per million", "b / d · 10^6."),
        Column::decimal(
            "g2",
            "signed log-likelihood ratio",
            "G² 对数似然比",
            "Log-likelihood ratio G²",
            "Four-term, of (a, c, a + b, c + d), natural log; positive = more frequent in the target; 3.84, 6.63, 10.83, 15.13 for p = .05, .01, .001, .0001. Empty if all tokens are this term. Dunning 1993.",
        ),
        Column::decimal(
            "log_ratio",
            "bits",
            "对数比率",
            "Log ratio",
            "log2((a / c) / (b / d)), a zero count replaced by 0.5; 1 = twice as frequent in the target. Hardie 2014.",
        ),
        Column::decimal(
            "percent_diff",
            "percent",
            "差异百分比",
            "Percent difference",
            "100 · (a / c − b / d) / (b / d); empty if b = 0. Gabrielatos & Marchi 2012.",
        ),
        Column::decimal(
            "bic",
            "BIC",
            "贝叶斯信息准则",
            "Bayes factor (BIC)",
            "|g2| − ln(c + d): below 0 no evidence, 0–2 bare, 2–6 positive, 6–10 strong, above 10 very strong. Wilson 2013.",
        ),
        Column::decimal(
            "q_value",
            "0 to 1",
            "q 值",
            "q-value",
            "Benjamini & Hochberg 1995 over all terms with a + b of at least keyness.min_count, from g2 with one degree of freedom, before any row is left out. 0.000000 means below 5 · 10^-7.",
        ),
        Column::integer(
            "documents_target",
            "documents",
            "目标文档数",
            "Documents of target",
            "Documents of the target that hold the term.",
        ),
        Column::text(
            "direction",
            "方向",
            "Direction",
            "Where it is more frequent: target, reference, or equal. The sign of g2; empty if g2 is not defined although the rates differ, as in more than 2^53 tokens.",
        ),
        Column::integer(
            "documents_reference",
            "documents",
            "参照文档数",
            "Documents of reference",
            "Documents of the reference that hold the term; empty for a list.",
        ),
        Column::decimal(
            "dp_norm_target",
            "0 = even, 1 = in one document",
            "目标内归一化离散度",
            "Normalised deviation of proportions in target",
            "dp_norm of terms.csv over the documents of the target alone: 1 for a word of one text. Over many short documents it is high for every word, so compare words of like frequency. Empty if a = 0 or fewer than two documents of the target hold tokens. Gries 2008; Lijffijt & Gries 2012.",
        ),
        Column::text(
            "example_doc_id",
            "例句文档",
            "Example document",
            "doc_id of the example: of the side where the term is key; of the target if that is a list or the term is equally frequent.",
        ),
        Column::integer(
            "example_sentence_no",
            "1 = first",
            "例句句号",
            "Example sentence",
            "Sentence number of the example in its document.",
        ),
        Column::text(
            "example",
            "例句",
            "Example",
            "Shortest sentence of that side that holds the term; ties by doc_id, then sentence number. Empty if no document of it does.",
        ),
    ],
    optional: &[],
};

/// A term that is tested.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tested {
    pub term: u32,
    pub counts: TermCounts,
    pub g2: Option<f64>,
    /// Nothing where the counts are too large for a table, and so for g2.
    pub direction: Option<Direction>,
}

struct Row {
    tested: Tested,
    q_value: Option<f64>,
    dp_norm: Option<Ratio>,
    example: u32,
}

struct Keyness<'a> {
    inputs: Inputs<'a>,
    shared: Arc<Shared>,
    sides: Sides,
    has_list: bool,
    rows: Vec<Row>,
    dropped: Vec<Dropped>,
    /// Why there are no rows, or what else is to be known.
    remarks: Vec<String>,
    /// The side that was asked for and holds no token, in words.
    empty: Option<String>,
}

pub(in crate::analysis) fn build<'a>(inputs: &Inputs<'a>, shared: &Arc<Shared>) -> Box<dyn Table + 'a> {
    let options = &inputs.options.keyness;
    let ids = inputs.tagger().map(|tagger| tagger.themes().iter().map(|theme| theme.id.as_str()));
    let mut table = Keyness {
        inputs: *inputs,
        shared: Arc::clone(shared),
        sides: Sides::default(),
        has_list: false,
        rows: Vec::new(),
        dropped: Vec::new(),
        remarks: Vec::new(),
        empty: None,
    };
    let comparison = match options.comparison(ids) {
        Ok(comparison) => comparison,
        Err(problem) => {
            table.remarks.push(problem);
            return Box::new(table);
        }
    };
    table.sides = Sides::new(inputs, shared, &comparison);
    let list = inputs.reference.filter(|_| comparison.reference == Reference::List);
    table.has_list = comparison.reference == Reference::List;
    let counts = counts::count(inputs, shared, &table.sides, list);
    if let Some(list) = list {
        table.take_list(list, options);
    }
    match table.sides.without_tokens() {
        Some((name, side)) => {
            table.remarks.push(format!("the {name} holds no token, so there is nothing to compare"));
            // A corpus without dates, or of one period, is as it is; what somebody typed is probably not what they meant.
            if options.asks_for_something() {
                table.empty = Some(format!("keyness.csv has no rows: the {name} holds no token ({})", side.asked));
            }
        }
        None => table.fill(&counts, options),
    }
    Box::new(table)
}

impl Keyness<'_> {
    /// The reference is a list.
    fn take_list(&mut self, list: &FrequencyList, options: &KeynessOptions) {
        let tokens = if options.reference_tokens == 0 { list.total() } else { options.reference_tokens };
        let terms = self.inputs.selection.terms();
        let known = terms.iter().filter(|term| list.get(&term.text) > 0).count();
        self.sides.reference.tokens = tokens;
        self.sides.reference.asked = format!("the {} words of {}", list.words().len(), options.reference_list.display());
        let absent = list.words().filter(|(_, count)| *count > 0).count() - known;
        if absent > 0 {
            self.remarks.push(format!("words of the list that are no terms of the corpus and have no row: {absent}"));
        }
    }

    fn fill(&mut self, counts: &[TermCounts], options: &KeynessOptions) {
        let mut tested = self.test(counts, options.min_count);
        let untested = counts.iter().filter(|c| c.tf_target + c.tf_reference > 0).count() - tested.len();
        let magnitudes = self.sort(&mut tested);
        let all = tested.len();
        tested.retain(|t| self.is_in_enough_documents(t, options.min_documents));
        let in_few = all - tested.len();
        let beyond = if options.top == 0 { 0 } else { tested.len().saturating_sub(options.top) };
        tested.truncate(tested.len() - beyond);
        for (option, rows) in [("keyness.min_count (terms)", untested), ("keyness.min_documents", in_few), ("keyness.top", beyond)] {
            if rows > 0 {
                self.dropped.push(Dropped { option, rows: rows as u64 });
            }
        }
        let q_values = q_values(&magnitudes, &tested);
        let evidence = Evidence { inputs: &self.inputs, shared: &self.shared, sides: &self.sides, has_list: self.has_list };
        let (dp_norms, examples) = (evidence.dispersion(&tested), evidence.examples(&tested));
        let rows = tested.into_iter().zip(q_values).zip(dp_norms).zip(examples);
        self.rows = rows.map(|(((tested, q_value), dp_norm), example)| Row { tested, q_value, dp_norm, example }).collect();
    }

    /// Every term that is frequent enough, with its g2.
    fn test(&self, counts: &[TermCounts], min_count: u64) -> Vec<Tested> {
        let (c, d) = (self.sides.target.tokens, self.sides.reference.tokens);
        (0u32..)
            .zip(counts)
            .collect::<Vec<_>>()
            .into_par_iter()
            .with_min_len(1024)
            .filter(|(_, counts)| counts.tf_target + counts.tf_reference >= min_count.max(1))
            .map(|(term, counts)| {
                let contingency = Contingency::from_slices(counts.tf_target, c, counts.tf_reference, d).ok();
                let direction = contingency.as_ref().map(stats::direction);
                Tested { term, counts: *counts, g2: contingency.as_ref().and_then(stats::g2), direction }
            })
            .collect()
    }

    /// Puts the terms in the order of the rows; |g2| of all that have one, descending.
    fn sort(&self, tested: &mut [Tested]) -> Vec<f64> {
        let terms = self.inputs.selection.terms();
        let printed = |t: &Tested| t.g2.and_then(|g2| Decimal::rounded(g2, 6)).map(|g2| g2.scaled().unsigned_abs());
        tested.par_sort_unstable_by(|a, b| {
            printed(b).cmp(&printed(a)).then_with(|| terms[a.term as usize].text.cmp(&terms[b.term as usize].text))
        });
        let mut magnitudes: Vec<f64> = tested.iter().filter_map(|t| t.g2).map(f64::abs).collect();
        magnitudes.sort_unstable_by(|a, b| b.total_cmp(a));
        magnitudes
    }

    /// A list has no documents that could be too few.
    fn is_in_enough_documents(&self, tested: &Tested, least: u64) -> bool {
        let (target, reference) = (tested.counts.documents_target, tested.counts.documents_reference);
        match tested.direction {
            Some(Direction::Target) => target >= least,
            Some(Direction::Reference) => self.has_list || reference >= least,
            Some(Direction::Equal) | None => self.has_list || target.max(reference) >= least,
        }
    }
}

/// The q-values of the rows, by the |g2| of all terms tested, descending.
fn q_values(magnitudes: &[f64], rows: &[Tested]) -> Vec<Option<f64>> {
    let lowest = rows.iter().filter_map(|row| row.g2).map(f64::abs).fold(f64::INFINITY, f64::min);
    let q_values = stats::q_values_of_top(magnitudes, magnitudes.partition_point(|magnitude| *magnitude >= lowest));
    let of = |g2: f64| q_values.get(magnitudes.partition_point(|magnitude| *magnitude > g2.abs())).copied();
    rows.iter().map(|row| row.g2.and_then(of)).collect()
}

impl Table for Keyness<'_> {
    fn definition(&self) -> &'static Definition {
        &DEFINITION
    }

    fn row_count(&self) -> usize {
        self.rows.len()
    }

    fn write_row(&self, row: usize, cells: &mut dyn Cells) {
        let Row { tested, q_value, dp_norm, example } = &self.rows[row];
        let term = &self.inputs.selection.terms()[tested.term as usize];
        let TermCounts { tf_target: a, tf_reference: b, documents_target, documents_reference } = tested.counts;
        let (c, d) = (self.sides.target.tokens, self.sides.reference.tokens);
        cells.text(&term.text);
        cells.text(&term.pos);
        [a, b, c, d].into_iter().for_each(|count| cells.integer(count));
        cells.ratio(stats::per_million(a, c));
        cells.ratio(stats::per_million(b, d));
        cells.number(tested.g2);
        cells.number(stats::log_ratio(a, c, b, d));
        cells.ratio(stats::percent_diff(a, c, b, d));
        cells.number(tested.g2.and_then(|g2| stats::bic(g2, c, d)));
        cells.number(*q_value);
        cells.integer(documents_target);
        cells.code(tested.direction.map_or("", Direction::as_str));
        cells.optional_integer((!self.has_list).then_some(documents_reference));
        cells.ratio(*dp_norm);
        self.shared.examples.write(self.inputs.corpus, *example, cells);
    }

    fn dropped(&self) -> Vec<Dropped> {
        self.dropped.clone()
    }

    fn note(&self) -> Option<String> {
        let compared = (!self.sides.of_documents().is_empty()).then(|| self.sides.note());
        Some(compared.into_iter().chain(self.remarks.iter().cloned()).collect::<Vec<_>>().join("; "))
    }

    fn warnings(&self) -> Vec<TableWarning> {
        let empty = self.empty.iter().map(|first| TableWarning { code: "W_EMPTY_SLICE", count: 1, first: first.clone() });
        self.sides.warning().into_iter().chain(empty).collect()
    }
}
