//! The rows and columns of cooccurrence.csv.

use std::sync::Arc;

use rayon::prelude::*;

use crate::analysis::{Inputs, Shared};
use crate::stats::{self, Contingency};
use crate::table::{Cells, Column, Definition, Dropped, Table};

use super::evidence::{self, PairEvidence};
use super::presence::{self, Presence};
use super::product::{self, Pair};
use super::window::Window;
use super::{Incidence, PairedTerms, Unit};

pub(in crate::analysis) static DEFINITION: Definition = Definition {
    name: "cooccurrence",
    title_zh: "共现表",
    title_en: "Co-occurrence",
    description: "One row a pair of terms seen together in a unit (a sentence by default), with the strength of the pair by several measures and the shortest sentence that shows it. Use g2 to rank, an effect size (pmi, log_dice, ΔP) to judge, documents against pairs made by one text.",
    key: "g2 descending (undefined last), term_a, term_b, unit",
    columns: &[
        Column::text("term_a", "词语甲", "Term A", "The first of the two in code-point order."),
        Column::text("term_b", "词语乙", "Term B", "The second of the two in code-point order."),
        Column::text("unit", "单位", "Unit", "sentence, paragraph, document or window:K."),
        Column::integer(
            "n_ab",
            "units",
            "共现次数",
            "Both",
            "Units that hold both; presence, not multiplicity. For window:K token pairs at most K apart in a sentence, each read from both ends.",
        ),
        Column::integer(
            "n_a",
            "units",
            "甲出现次数",
            "With A",
            "Units that hold term_a. For window:K ordered token pairs that start at it.",
        ),
        Column::integer(
            "n_b",
            "units",
            "乙出现次数",
            "With B",
            "Units that hold term_b. For window:K ordered token pairs that start at it.",
        ),
        Column::integer("n", "units", "单位总数", "All units", "All units with at least one token. For window:K all ordered token pairs."),
        Column::decimal("expected", "units", "期望次数", "Expected", "n_a · n_b / n: what independence gives."),
        Column::decimal(
            "pmi",
            "bits",
            "点互信息",
            "PMI",
            "log2(n_ab · n / (n_a · n_b)); 0 = independent; favours rare pairs. Church & Hanks 1990.",
        ),
        Column::decimal(
            "npmi",
            "-1 to 1",
            "归一化点互信息",
            "Normalised PMI",
            "pmi / −log2(n_ab / n); 0 independent, 1 only together; empty if n_ab = n. Bouma 2009.",
        ),
        Column::decimal("mi3", "bits", "立方互信息", "MI³", "log2(n_ab³ · n / (n_a · n_b)). Daille 1994."),
        Column::decimal(
            "g2",
            "signed log-likelihood ratio",
            "G² 对数似然比",
            "Log-likelihood ratio G²",
            "Four-term, natural log, negative below expectation; 3.84, 6.63, 10.83, 15.13 for p = .05, .01, .001, .0001; empty if n_a = n or n_b = n. Dunning 1993.",
        ),
        Column::decimal(
            "chi2",
            "signed chi-square",
            "卡方",
            "Chi-square",
            "Pearson, no continuity correction, signed like g2; empty if n_a = n or n_b = n.",
        ),
        Column::decimal(
            "log_dice",
            "bits, at most 14",
            "logDice",
            "logDice",
            "14 + log2(dice); +1 = twice as strong; comparable between corpora. Rychlý 2008.",
        ),
        Column::decimal("dice", "0 to 1", "Dice 系数", "Dice", "2 · n_ab / (n_a + n_b)."),
        Column::decimal("jaccard", "0 to 1", "Jaccard 系数", "Jaccard", "n_ab / (n_a + n_b − n_ab)."),
        Column::decimal("t_score", "score", "t 值", "t-score", "(n_ab − expected) / √n_ab; a ranking, not a test. Church et al. 1991."),
        Column::decimal(
            "min_sensitivity",
            "0 to 1",
            "最小敏感度",
            "Minimum sensitivity",
            "n_ab / max(n_a, n_b): the smaller of P(b|a) and P(a|b). Pedersen 1998.",
        ),
        Column::decimal(
            "delta_p_b_given_a",
            "-1 to 1",
            "ΔP（乙|甲）",
            "ΔP(B given A)",
            "n_ab / n_a − (n_b − n_ab) / (n − n_a): how much A raises the chance of B; empty if n_a = n. Gries 2013.",
        ),
        Column::decimal(
            "delta_p_a_given_b",
            "-1 to 1",
            "ΔP（甲|乙）",
            "ΔP(A given B)",
            "n_ab / n_b − (n_a − n_ab) / (n − n_b): how much B raises the chance of A; empty if n_b = n. Gries 2013.",
        ),
        Column::decimal(
            "q_value",
            "0 to 1",
            "q 值（偏乐观）",
            "q-value (optimistic)",
            "Benjamini & Hochberg 1995 over all pairs tested (those that reach min_count), from g2 with one degree of freedom. Optimistic, since min_count looks at n_ab itself and sentences of a text are not independent. 0.000000 means below 5 · 10^-7.",
        ),
        Column::integer("documents", "documents", "文档数", "Documents", "Documents in which the pair occurs."),
        Column::text("example_doc_id", "例句文档", "Example document", "doc_id of the example; empty if no single sentence holds both."),
        Column::integer(
            "example_sentence_no",
            "1 = first",
            "例句句号",
            "Example sentence",
            "Sentence number of the example in its document.",
        ),
        Column::text("example", "例句", "Example", "Shortest sentence that holds both; ties by doc_id, then sentence number."),
    ],
    optional: &[],
};

struct Row {
    pair: Pair,
    unit: Unit,
    contingency: Contingency,
    q_value: Option<f64>,
    evidence: PairEvidence,
}

struct Cooccurrence<'a> {
    inputs: Inputs<'a>,
    shared: Arc<Shared>,
    paired: PairedTerms,
    rows: Vec<Row>,
    left_out: u64,
    rare: u64,
}

pub(in crate::analysis) fn build<'a>(inputs: &Inputs<'a>, shared: &Arc<Shared>) -> Box<dyn Table + 'a> {
    let options = &inputs.options.cooccurrence;
    let paired = PairedTerms::new(inputs.selection, options);
    let mut units = options.units.clone();
    units.sort_unstable();
    units.dedup();
    let by_sentence = Presence::new(inputs.corpus, inputs.selection, &paired, presence::sentences);
    let mut table = Cooccurrence { inputs: *inputs, shared: Arc::clone(shared), paired, rows: Vec::new(), left_out: 0, rare: 0 };
    for unit in units {
        let presence = |units_of| Presence::new(inputs.corpus, inputs.selection, &table.paired, units_of);
        match unit {
            Unit::Sentence => table.add_unit(unit, &by_sentence, None::<&Presence>),
            Unit::Paragraph => table.add_unit(unit, &presence(presence::paragraphs), Some(&by_sentence)),
            Unit::Document => table.add_unit(unit, &presence(presence::documents), Some(&by_sentence)),
            Unit::Window(width) => {
                let window = Window::new(inputs.corpus, inputs.selection, &table.paired, width);
                table.add_unit(unit, &window, Some(&by_sentence));
            }
        }
    }
    let paired = &table.paired;
    table.rows.sort_by_key(|row| (product::order_key(paired, &row.pair), row.unit));
    Box::new(table)
}

impl Cooccurrence<'_> {
    fn add_unit<U: Incidence, S: Incidence>(&mut self, unit: Unit, units: &U, sentences: Option<&S>) {
        let options = &self.inputs.options.cooccurrence;
        let product = product::count(units, &self.paired, options.min_count, options.top);
        let evidence = evidence::find(self.inputs.corpus, &self.shared.examples, &self.paired, &product.pairs, (units, sentences));
        let q_values = QValues::new(product.magnitudes, &product.pairs);
        self.left_out += product.left_out;
        self.rare += product.rare;
        let rows = product.pairs.into_iter().zip(evidence).filter_map(|(pair, evidence)| {
            let contingency = product::contingency(units, &pair)?;
            Some(Row { pair, unit, contingency, q_value: q_values.of(stats::g2(&contingency)), evidence })
        });
        self.rows.extend(rows);
    }

    fn term(&self, paired: u32) -> &str {
        &self.inputs.selection.terms()[self.paired.terms[paired as usize] as usize].text
    }

    fn write_example(&self, rank: u32, cells: &mut dyn Cells) {
        match self.shared.examples.sentence(rank).map(|sentence| self.inputs.corpus.sentence(sentence)) {
            Some(sentence) => {
                cells.code(sentence.document().id.write(&mut [0; 13]));
                cells.integer(u64::from(sentence.sentence().number));
                cells.text(sentence.text());
            }
            None => (0..3).for_each(|_| cells.empty()),
        }
    }
}

/// q-values of the rows of a table, looked up by their g2.
struct QValues {
    /// |g2| of all pairs tested, descending; empty where every q-value of the table is below half of its last digit.
    magnitudes: Vec<f64>,
    q_values: Vec<f64>,
}

/// Below this a q-value is printed as 0.000000.
const PRINTED_AS_ZERO: f64 = 4e-7;

impl QValues {
    fn new(mut magnitudes: Vec<f64>, pairs: &[Pair]) -> Self {
        // Printed g2 is rounded to a millionth: one more on either side reaches every row.
        let lowest = pairs.iter().filter(|p| p.g2_millionths != i64::MIN).map(|p| p.g2_millionths.unsigned_abs()).min().unwrap_or(0);
        let lowest = (lowest as f64 - 1.0) / 1e6;
        // No q-value is above p · m. In a large corpus the top rows are all far below, and millions need not be sorted.
        if lowest > 0.0 && stats::p_value(lowest) * magnitudes.len() as f64 <= PRINTED_AS_ZERO {
            return Self { magnitudes: Vec::new(), q_values: Vec::new() };
        }
        magnitudes.par_sort_unstable_by(|x, y| y.total_cmp(x));
        let needed = magnitudes.partition_point(|m| *m >= lowest);
        let q_values = stats::q_values_of_top(&magnitudes, needed);
        Self { magnitudes, q_values }
    }

    /// Nothing where g2 is not defined.
    fn of(&self, g2: Option<f64>) -> Option<f64> {
        let magnitude = g2?.abs();
        if self.magnitudes.is_empty() {
            return Some(0.0);
        }
        self.q_values.get(self.magnitudes.partition_point(|m| *m > magnitude)).copied()
    }
}

impl Table for Cooccurrence<'_> {
    fn definition(&self) -> &'static Definition {
        &DEFINITION
    }

    fn row_count(&self) -> usize {
        self.rows.len()
    }

    fn write_row(&self, row: usize, cells: &mut dyn Cells) {
        let Row { pair, unit, contingency, q_value, evidence } = &self.rows[row];
        let in_order = self.paired.text_ranks[pair.a as usize] < self.paired.text_ranks[pair.b as usize];
        let (a, b, c) = if in_order { (pair.a, pair.b, *contingency) } else { (pair.b, pair.a, contingency.swapped()) };
        cells.text(self.term(a));
        cells.text(self.term(b));
        cells.code(&unit.to_string());
        [c.n_ab(), c.n_a(), c.n_b(), c.n()].into_iter().for_each(|count| cells.integer(count));
        write_measures(&c, cells);
        cells.number(*q_value);
        cells.integer(u64::from(evidence.documents));
        self.write_example(evidence.example, cells);
    }

    fn dropped(&self) -> Vec<Dropped> {
        let all = [
            ("cooccurrence.top", self.left_out),
            ("cooccurrence.min_count", self.rare),
            ("cooccurrence.min_df (terms)", self.paired.too_rare),
            ("cooccurrence.max_terms (terms)", self.paired.too_many),
        ];
        all.into_iter().filter(|(_, rows)| *rows > 0).map(|(option, rows)| Dropped { option, rows }).collect()
    }
}

/// The measures in column order.
fn write_measures(c: &Contingency, cells: &mut dyn Cells) {
    cells.ratio(stats::expected(c));
    for value in [stats::pmi(c), stats::npmi(c), stats::mi3(c), stats::g2(c), stats::chi2(c), stats::log_dice(c)] {
        cells.number(value);
    }
    cells.ratio(stats::dice(c));
    cells.ratio(stats::jaccard(c));
    cells.number(stats::t_score(c));
    for value in [stats::min_sensitivity(c), stats::delta_p_b_given_a(c), stats::delta_p_a_given_b(c)] {
        cells.ratio(value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 3 pairs at the top and noise below them.
    fn q_values_of(top: f64, noise: usize) -> Vec<String> {
        let magnitudes: Vec<f64> = (0..noise).map(|n| n as f64 / noise as f64).chain([top; 3]).collect();
        let pair = Pair { a: 0, b: 1, n_ab: 3, g2_millionths: (top * 1e6) as i64 };
        let q_values = QValues::new(magnitudes, &[pair]);
        [Some(top), None].iter().map(|g2| crate::table::Decimal::rounded(q_values.of(*g2).unwrap_or(9.0), 6).unwrap().to_string()).collect()
    }

    #[test]
    fn tiny_q_values_are_printed_as_zero_with_or_without_sorting() {
        // p(30) · 1,003 is 4.3e-5, p(60) · 1,003 is 9.5e-12: the first is sorted and divided by its rank, the second is not.
        assert_eq!(q_values_of(30.0, 1_000), ["0.000014", "9.000000"]);
        assert_eq!(q_values_of(60.0, 1_000), ["0.000000", "9.000000"]);
    }
}
