//! Measures that a table of pairs has only when the configuration names them.

use serde::{Deserialize, Serialize};

use crate::stats::{self, Contingency};
use crate::table::{Cells, Column};

/// A measure that can be added to a table of pairs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OptionalMeasure {
    /// log2(n_ab² · n / (n_a · n_b)).
    Mi2,
    /// Likelihood ratio of n_ab alone.
    SimpleLl,
    /// (n_ab − expected) / √expected.
    ZScore,
    /// n_ab · pmi.
    LocalMi,
    /// Ratio of the odds of b with and without a.
    OddsRatio,
    /// −log10 p of Fisher's exact test.
    Fisher,
    /// Conservative log ratio of b with against without a.
    LogRatioLow,
}

/// All of them, in the order of [`OptionalMeasure`].
pub static OPTIONAL_COLUMNS: [Column; 7] = [
    Column::decimal("mi2", "bits", "平方互信息", "MI²", "log2(n_ab² · n / (n_a · n_b)): between pmi and mi3. Daille 1994."),
    Column::decimal(
        "simple_ll",
        "signed log-likelihood ratio",
        "简单对数似然比",
        "Simple log-likelihood",
        "2 · (n_ab · ln(n_ab / expected) − (n_ab − expected)), negative below expectation: the part of g2 that n_ab makes. Evert 2005.",
    ),
    Column::decimal(
        "z_score",
        "score",
        "z 值",
        "z-score",
        "(n_ab − expected) / √expected; overrates pairs with expected below 5. Dennis 1965; Evert 2005.",
    ),
    Column::decimal("local_mi", "bits", "局部互信息", "Local MI", "n_ab · pmi; favours frequent pairs. Evert 2005."),
    Column::decimal(
        "odds_ratio",
        "ratio of odds",
        "优势比",
        "Odds ratio",
        "n_ab · (n − n_a − n_b + n_ab) / ((n_a − n_ab) · (n_b − n_ab)); 1 = independent; empty if one never stands without the other. Evert 2005.",
    ),
    Column::decimal(
        "fisher",
        "signed −log10 p",
        "Fisher 精确检验（−log10 p）",
        "Fisher's exact test (−log10 p)",
        "One-sided in the direction of the deviation, negative below expectation: −log10 P(X ≥ n_ab), or log10 P(X ≤ n_ab), X hypergeometric; 1.30, 2, 3 for p = .05, .01, .001; not corrected for the number of pairs; empty if n_a = n or n_b = n. Fisher 1935; Pedersen 1996; Evert 2005.",
    ),
    Column::decimal(
        "log_ratio_low",
        "bits",
        "保守对数比（95%）",
        "Conservative log ratio (95 %)",
        "Of the rate of B in units with A against units without A: log2((n_ab / n_a) / ((n_b − n_ab) / (n − n_a))), the end nearer to 0 of its 95 % interval, 0 if the interval holds 0 (Clopper & Pearson given n_b; two-sided, for each pair on its own, not corrected for the number of pairs). 1 = surely twice as frequent. Not symmetric; empty if n_a = n. Evert 2022.",
    ),
];

/// The measures that a table adds, in the order of [`OPTIONAL_COLUMNS`].
#[derive(Debug, Clone, Default)]
pub struct AddedMeasures {
    measures: Vec<OptionalMeasure>,
    columns: Vec<&'static Column>,
}

impl AddedMeasures {
    /// Those asked for, each once.
    pub fn new(asked: &[OptionalMeasure]) -> Self {
        let mut measures = asked.to_vec();
        measures.sort_unstable();
        measures.dedup();
        let columns = measures.iter().map(|measure| &OPTIONAL_COLUMNS[*measure as usize]).collect();
        Self { measures, columns }
    }

    /// Their columns.
    pub fn columns(&self) -> &[&'static Column] {
        &self.columns
    }

    /// Their cells.
    pub fn write(&self, c: &Contingency, cells: &mut dyn Cells) {
        for measure in &self.measures {
            match measure {
                OptionalMeasure::Mi2 => cells.number(stats::mi2(c)),
                OptionalMeasure::SimpleLl => cells.number(stats::simple_ll(c)),
                OptionalMeasure::ZScore => cells.number(stats::z_score(c)),
                OptionalMeasure::LocalMi => cells.number(stats::local_mi(c)),
                OptionalMeasure::OddsRatio => cells.ratio(stats::odds_ratio(c)),
                OptionalMeasure::Fisher => cells.number(stats::fisher(c)),
                OptionalMeasure::LogRatioLow => cells.number(stats::log_ratio_low(c)),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_measure_has_the_column_of_its_name() {
        let names = ["log_ratio_low", "fisher", "mi2", "simple_ll", "z_score", "local_mi", "odds_ratio", "fisher"];
        let asked = names.map(|name| serde_json::from_str(&format!("\"{name}\"")).unwrap());
        let added = AddedMeasures::new(&asked);
        let columns: Vec<&str> = added.columns().iter().map(|column| column.name).collect();
        assert_eq!(columns, ["mi2", "simple_ll", "z_score", "local_mi", "odds_ratio", "fisher", "log_ratio_low"]);
        for (measure, column) in added.measures.iter().zip(columns) {
            assert_eq!(serde_json::to_string(measure).unwrap(), format!("\"{column}\""));
        }
    }
}
