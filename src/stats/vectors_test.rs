//! Every measure against numbers from the literature and from other packages; see tests/vectors/.
//!
//! Each file is checked whole: a row is ours and computed, or of a measure named as foreign, and both are counted.

use super::{Contingency, Parts, Ratio};

/// One line of a CSV file by the names of its columns.
struct Row<'a> {
    header: &'a [String],
    cells: Vec<String>,
}

impl Row<'_> {
    fn text(&self, column: &str) -> &str {
        let at = self.header.iter().position(|name| name == column).unwrap_or_else(|| panic!("no column {column}"));
        &self.cells[at]
    }

    fn integer(&self, column: &str) -> u64 {
        self.text(column).parse().unwrap()
    }

    fn decimal(&self, column: &str) -> f64 {
        self.text(column).parse().unwrap()
    }

    fn list(&self, column: &str) -> Vec<u64> {
        self.text(column).split(';').map(|cell| cell.parse().unwrap()).collect()
    }
}

/// The cells of a line; a comma between quotation marks does not separate. The files hold no quoted quotation mark.
fn cells(line: &str) -> Vec<String> {
    let mut quoted = false;
    let parts = line.split(|c: char| {
        quoted ^= c == '"';
        c == ',' && !quoted
    });
    parts.map(|cell| cell.replace('"', "")).collect()
}

/// Compares every row with what `compute` makes of it: `Some(value)` for our measures, `None` for those of others, which must
/// be listed in `foreign`. `kind` is the column that names the measure, `ours` how many rows must have been computed.
fn check(text: &str, kind: &str, foreign: &[&str], ours: usize, compute: impl Fn(&Row<'_>) -> Option<Option<f64>>) {
    let mut lines = text.lines();
    let header = cells(lines.next().unwrap());
    let mut checked = 0;
    for line in lines {
        let row = Row { header: &header, cells: cells(line) };
        assert_eq!(row.cells.len(), header.len(), "{line}");
        let Some(got) = compute(&row) else {
            assert!(foreign.contains(&row.text(kind)), "not tested: {line}");
            continue;
        };
        let got = got.unwrap_or_else(|| panic!("not defined: {line}"));
        assert!((got - row.decimal("expected")).abs() <= row.decimal("tolerance"), "got {got}: {line}");
        checked += 1;
    }
    assert_eq!(checked, ours);
}

#[test]
fn association() {
    let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/association.csv"));
    check(text, "measure", &["pmi_log10", "mi3_log10", "chi2_yates"], 36, |row| {
        let (n_ab, n_a, n_b) = (row.integer("n_ab"), row.integer("n_a"), row.integer("n_b"));
        let n = if row.text("n").is_empty() { n_a + n_b } else { row.integer("n") };
        let table = Contingency::new(n_ab, n_a, n_b, n).unwrap();
        let quotient = |measure: fn(&Contingency) -> Option<Ratio>| Some(measure(&table).map(Ratio::value));
        match row.text("measure") {
            "expected" => quotient(super::expected),
            "pmi" => Some(super::pmi(&table)),
            "npmi" => Some(super::npmi(&table)),
            "mi3" => Some(super::mi3(&table)),
            "g2" => Some(super::g2(&table)),
            "chi2" => Some(super::chi2(&table)),
            "t_score" => Some(super::t_score(&table)),
            "dice" => quotient(super::dice),
            "log_dice" => Some(super::log_dice(&table)),
            "jaccard" => quotient(super::jaccard),
            "min_sensitivity" => quotient(super::min_sensitivity),
            "delta_p_b_given_a" => quotient(super::delta_p_b_given_a),
            "delta_p_a_given_b" => quotient(super::delta_p_a_given_b),
            _ => None,
        }
    });
}

#[test]
fn optional_association() {
    let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/optional.csv"));
    check(text, "measure", &[], 106, |row| {
        let [n_ab, n_a, n_b, n] = ["n_ab", "n_a", "n_b", "n"].map(|column| row.integer(column));
        let t = Contingency::new(n_ab, n_a, n_b, n).unwrap();
        let odds = || super::odds_ratio(&t).map(Ratio::value);
        let corrected = |tests| super::conservative_log_ratio([n_ab, n_a], [n_b - n_ab, n - n_a], tests);
        match row.text("measure") {
            "mi2" => Some(super::mi2(&t)),
            "mi2_log10" => Some(super::mi2(&t).map(|bits| bits * std::f64::consts::LOG10_2)),
            "simple_ll" => Some(super::simple_ll(&t)),
            "z_score" => Some(super::z_score(&t)),
            "local_mi" => Some(super::local_mi(&t)),
            "local_mi_log10" => Some(super::local_mi(&t).map(|bits| bits * std::f64::consts::LOG10_2)),
            "odds_ratio" => Some(odds()),
            "odds_ratio_log10" => Some(odds().map(libm::log10)),
            "fisher" => Some(super::fisher(&t)),
            "log_ratio_low" => Some(super::log_ratio_low(&t)),
            other => other.strip_prefix("log_ratio_low_of_").map(|tests| corrected(tests.parse().unwrap())),
        }
    });
}

#[test]
fn keyness() {
    let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/keyness.csv"));
    let foreign = ["g2_two_term", "log_ratio_walter", "chi2_yates", "chi2_williams"];
    check(text, "measure", &foreign, 15, |row| {
        let [a, c, b, d] = ["tf_target", "tokens_target", "tf_reference", "tokens_reference"].map(|column| row.integer(column));
        let table = Contingency::from_slices(a, c, b, d).unwrap();
        match row.text("measure") {
            "g2" => Some(super::g2(&table)),
            "chi2" => Some(super::chi2(&table)),
            "log_ratio" => Some(super::log_ratio(a, c, b, d)),
            "percent_diff" => Some(super::percent_diff(a, c, b, d).map(super::Ratio::value)),
            "bic" => Some(super::g2(&table).and_then(|g2| super::bic(g2, c, d))),
            _ => None,
        }
    });
}

#[test]
fn dispersion() {
    let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/dispersion.csv"));
    let foreign = ["juilland_d_sample_sd", "carroll_d2", "rosengren_s", "lyne_d3"];
    check(text, "measure", &foreign, 10, |row| {
        let (sizes, counts) = (row.list("sizes"), row.list("counts"));
        let parts = Parts::of(sizes.iter().copied());
        let held = || counts.iter().copied().zip(sizes.iter().copied()).filter(|(v, _)| *v > 0);
        // DP itself is a step of dp_norm: the divisor taken back.
        let dp = || super::dp_norm(&parts, held()).map(|norm| norm.value() * (1.0 - parts.smallest as f64 / parts.total as f64));
        match row.text("measure") {
            "dp_norm" => Some(super::dp_norm(&parts, held()).map(Ratio::value)),
            "dp" => Some(dp()),
            "dp_inverted" => Some(dp().map(|dp| 1.0 - dp)),
            "juilland_d" => Some(super::juilland_d(&parts, held())),
            _ => None,
        }
    });
}

#[test]
fn tf_idf() {
    let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/tfidf.csv"));
    let foreign = ["sklearn_smooth_l2", "sklearn_plain_l2", "quanteda_prop_log10"];
    check(text, "convention", &foreign, 4, |row| {
        let (tf, df, at) = (row.list("row_tf"), row.list("df"), row.integer("term") as usize - 1);
        let idf = super::idf(row.integer("documents"), df[at]);
        match row.text("convention") {
            "terms" => Some(idf.map(|idf| super::tf_idf(tf[at], idf))),
            "keywords" => Some(idf.and_then(|idf| super::relative_tf_idf(tf[at], tf.iter().sum(), idf))),
            _ => None,
        }
    });
}

/// The counts of a window are tested where windows are counted; here the pmi of the counts that the same file gives.
#[test]
fn window_pmi() {
    let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/window.csv"));
    let header = cells(text.lines().next().unwrap());
    let rows: Vec<Row<'_>> = text.lines().skip(1).map(|line| Row { header: &header, cells: cells(line) }).collect();
    let given = |of: &Row<'_>, measure: &str, [a, b]: [&str; 2]| {
        let same = |row: &&Row<'_>| ["tokens", "k"].iter().all(|column| row.text(column) == of.text(column));
        let mut found = rows.iter().filter(same).filter(|row| row.text("measure") == measure);
        found.find(|row| row.text("term_a") == a && row.text("term_b") == b).unwrap().integer("expected")
    };
    let foreign = ["n_ab", "n_a", "n", "self_pairs", "weighted_inverse_distance", "nltk_pmi"];
    check(text, "measure", &foreign, 3, |row| {
        let (a, b) = (row.text("term_a"), row.text("term_b"));
        let counts = || [("n_ab", [a, b]), ("n_a", [a, ""]), ("n_a", [b, ""]), ("n", ["", ""])].map(|(m, terms)| given(row, m, terms));
        (row.text("measure") == "pmi").then(|| {
            let [n_ab, n_a, n_b, n] = counts();
            super::pmi(&Contingency::new(n_ab, n_a, n_b, n).unwrap())
        })
    });
}
