//! Every measure against numbers from the literature and from other packages; see tests/vectors/.

use super::{Contingency, Parts};

fn rows(text: &str) -> Vec<csv::StringRecord> {
    csv::Reader::from_reader(text.as_bytes()).records().map(Result::unwrap).collect()
}

/// Compares what we compute with what is printed; gives how many rows had one of our measures.
fn check(rows: &[csv::StringRecord], measure: usize, compute: impl Fn(&csv::StringRecord) -> Option<Option<f64>>) -> usize {
    let mut checked = 0;
    for row in rows {
        let Some(got) = compute(row) else { continue };
        let (expected, tolerance): (f64, f64) = (row[measure + 1].parse().unwrap(), row[measure + 2].parse().unwrap());
        let got = got.unwrap_or_else(|| panic!("not defined: {row:?}"));
        assert!((got - expected).abs() <= tolerance, "got {got}: {row:?}");
        checked += 1;
    }
    checked
}

fn number(text: &str) -> u64 {
    text.parse().unwrap()
}

#[test]
fn association() {
    let rows = rows(include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/association.csv")));
    let checked = check(&rows, 5, |row| {
        let (n_ab, n_a, n_b) = (number(&row[1]), number(&row[2]), number(&row[3]));
        let n = if row[4].is_empty() { n_a + n_b } else { number(&row[4]) };
        let table = Contingency::new(n_ab, n_a, n_b, n).unwrap();
        let measure: fn(&Contingency) -> Option<f64> = match &row[5] {
            "expected" => super::expected,
            "pmi" => super::pmi,
            "npmi" => super::npmi,
            "mi3" => super::mi3,
            "g2" => super::g2,
            "chi2" => super::chi2,
            "t_score" => super::t_score,
            "dice" => super::dice,
            "log_dice" => super::log_dice,
            "jaccard" => super::jaccard,
            "min_sensitivity" => super::min_sensitivity,
            "delta_p_b_given_a" => super::delta_p_b_given_a,
            "delta_p_a_given_b" => super::delta_p_a_given_b,
            _ => return None,
        };
        Some(measure(&table))
    });
    let others = rows.iter().filter(|r| matches!(&r[5], "pmi_log10" | "mi3_log10" | "chi2_yates")).count();
    assert_eq!(checked + others, rows.len());
    assert!(checked >= 30);
}

#[test]
fn keyness() {
    let rows = rows(include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/keyness.csv")));
    let checked = check(&rows, 6, |row| {
        let [a, c, b, d] = [2, 3, 4, 5].map(|at| number(&row[at]));
        let g2 = || Contingency::from_slices(a, c, b, d).ok().and_then(|t| super::g2(&t));
        match &row[6] {
            "g2" => Some(g2()),
            "chi2" => Some(Contingency::from_slices(a, c, b, d).ok().and_then(|t| super::chi2(&t))),
            "log_ratio" => Some(super::log_ratio(a, c, b, d)),
            "percent_diff" => Some(super::percent_diff(a, c, b, d)),
            "bic" => Some(g2().and_then(|g2| super::bic(g2, c, d))),
            _ => None,
        }
    });
    let ours = rows.iter().filter(|r| matches!(&r[6], "g2" | "chi2" | "log_ratio" | "percent_diff" | "bic")).count();
    assert!(checked == ours && checked >= 15, "{checked} of {ours}");
}

#[test]
fn dispersion() {
    let rows = rows(include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/dispersion.csv")));
    let checked = check(&rows, 3, |row| {
        let list = |at: usize| row[at].split(';').map(number).collect::<Vec<u64>>();
        let (sizes, counts) = (list(1), list(2));
        let parts = Parts::of(sizes.iter().copied());
        let held = || counts.iter().copied().zip(sizes.iter().copied()).filter(|(v, _)| *v > 0);
        match &row[3] {
            "dp_norm" => Some(super::dp_norm(&parts, held())),
            "juilland_d" => Some(super::juilland_d(&parts, held())),
            _ => None,
        }
    });
    let ours = rows.iter().filter(|r| matches!(&r[3], "dp_norm" | "juilland_d")).count();
    assert!(checked == ours && checked >= 4, "{checked} of {ours}");
}

#[test]
fn tf_idf() {
    let rows = rows(include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/tfidf.csv")));
    let checked = check(&rows, 5, |row| {
        let list = |at: usize| row[at].split(';').map(number).collect::<Vec<u64>>();
        let (tf, df, at) = (list(2), list(3), row[5].parse::<usize>().unwrap() - 1);
        let idf = super::idf(number(&row[4]), df[at]);
        match &row[1] {
            "terms" => Some(idf.map(|idf| super::tf_idf(tf[at], idf))),
            "keywords" => Some(idf.and_then(|idf| super::relative_tf_idf(tf[at], tf.iter().sum(), idf))),
            _ => None,
        }
    });
    let ours = rows.iter().filter(|r| matches!(&r[1], "terms" | "keywords")).count();
    assert!(checked == ours && checked >= 2, "{checked} of {ours}");
}
