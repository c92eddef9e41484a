//! Columns and cells that every table of pairs has.

use crate::stats::{self, Contingency};
use crate::table::{Cells, Column};

/// How strong a pair is and what shows it.
pub const STRENGTH_COLUMNS: [Column; 18] = [
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
        "Benjamini & Hochberg 1995 over all pairs tested (those that reach min_count, where the table has one), from g2 with one degree of freedom. Optimistic, since min_count looks at n_ab itself and sentences of a text are not independent. 0.000000 means below 5 · 10^-7.",
    ),
    Column::integer("documents", "documents", "文档数", "Documents", "Documents in which the pair occurs."),
    Column::text("example_doc_id", "例句文档", "Example document", "doc_id of the example; empty if no single sentence holds both."),
    Column::integer("example_sentence_no", "1 = first", "例句句号", "Example sentence", "Sentence number of the example in its document."),
    Column::text("example", "例句", "Example", "Shortest sentence that holds both; ties by doc_id, then sentence number."),
];

/// The measures in column order.
pub(super) fn write_measures(c: &Contingency, cells: &mut dyn Cells) {
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
