//! The small corpus, counted by hand: see tests/small/README.md.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::LazyLock;

use super::support::{code, manifest, project, rows, stderr, yuliao};

static REPORT: LazyLock<(tempfile::TempDir, PathBuf)> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let output = folder.path().join("output");
    let done = yuliao(&project(), &["run", "-q", "--config", "tests/small/yuliao.toml", "-o", output.to_str().unwrap()]);
    assert_eq!(code(&done), 0, "{}", stderr(&done));
    (folder, output)
});

type Row = BTreeMap<String, String>;

fn find(table: &str, wanted: &[(&str, &str)]) -> Row {
    let all = rows(&REPORT.1, table);
    let found: Vec<&Row> = all.iter().filter(|row| wanted.iter().all(|(column, cell)| row[*column] == *cell)).collect();
    assert_eq!(found.len(), 1, "{table} {wanted:?}");
    found[0].clone()
}

fn cells(row: &Row, columns: &[&str]) -> Vec<String> {
    columns.iter().map(|c| row[*c].clone()).collect()
}

#[test]
fn tokens_terms_and_documents_are_as_counted() {
    // a.txt: 深化 改革 | 改革 和 开放 促进 发展 | 深化 改革: 9 tokens, 8 terms, 5 distinct; 15 characters without the title.
    let a = find("documents", &[("path", "a.txt")]);
    let columns = ["title", "date", "characters", "sentences", "tokens", "terms", "distinct_terms", "primary_theme"];
    assert_eq!(cells(&a, &columns), ["深化改革", "2024-01-05", "15", "3", "9", "8", "5", "reform"]);
    // d.csv#1: 开放 | 开放 促进 开放: 4 tokens, no theme.
    let d = find("documents", &[("path", "d.csv"), ("record", "1")]);
    assert_eq!(cells(&d, &columns), ["开放", "2024-03-01", "7", "2", "4", "4", "2", ""]);
    let manifest = manifest(&REPORT.1);
    assert_eq!(manifest["corpus"]["tokens"], 9 + 9 + 8 + 9 + 4 + 5);
    assert_eq!(manifest["corpus"]["sentences"], 3 + 3 + 3 + 3 + 2 + 2);
}

#[test]
fn copies_are_named_and_counted() {
    let copy = find("documents", &[("path", "c.jsonl"), ("record", "2")]);
    let first = find("documents", &[("path", "b.txt")]);
    assert_eq!((copy["duplicate_of"].as_str(), first["duplicate_of"].as_str()), (first["doc_id"].as_str(), ""));
    assert_eq!(copy["content_hash"], first["content_hash"]);
}

#[test]
fn frequencies_are_as_counted() {
    // 改革: a.txt 3, b.txt 1, c#1 2, c#2 1, d#2 1; 改革办 is another word.
    let row = find("terms", &[("term", "改革")]);
    assert_eq!(
        cells(&row, &["rank", "pos", "tf", "df", "first_date", "last_date", "example"]),
        ["1", "n", "8", "5", "2023-12-31", "2024-02-01", "深化改革"]
    );
    // 8 / 44 · 10^6; ln(6 / 5); 8 · ln(6 / 5).
    assert_eq!(cells(&row, &["per_million", "idf", "tf_idf"]), ["181818.181818", "0.182322", "1.458572"]);
    let row = find("terms", &[("term", "开放")]);
    assert_eq!(cells(&row, &["tf", "df", "example"]), ["6", "4", "开放"]);
    assert_eq!(
        rows(&REPORT.1, "terms").iter().filter(|r| ["的", "和"].contains(&r["term"].as_str())).count(),
        0,
        "stop words are no terms"
    );
}

#[test]
fn dispersion_is_as_computed_by_hand() {
    // 乡村: 2 in c#1 (8 of 44 tokens). DP = ½ (|1 − 8/44| + 36/44) = 36/44; divided by 1 − 4/44 = 40/44: 0.9.
    // Rates: one of six parts holds it, so V = √5 and D = 1 − √5/√5 = 0.
    assert_eq!(cells(&find("terms", &[("term", "乡村")]), &["dp_norm", "juilland_d"]), ["0.900000", "0.000000"]);
}

#[test]
fn pairs_are_as_counted() {
    // 改革 and 开放 stand together in a.txt sentence 2, c#1 sentence 2, d#2 sentence 2. 改革 stands in 8 sentences: three of
    // a.txt, one of b.txt, two of c#1, one of c#2, one of d#2; 开放 in 5 of the 16.
    let pair = find("cooccurrence", &[("term_a", "开放"), ("term_b", "改革")]);
    assert_eq!(
        cells(&pair, &["unit", "n_ab", "n_a", "n_b", "n", "expected", "documents"]),
        ["sentence", "3", "5", "8", "16", "2.500000", "3"]
    );
    assert_eq!(cells(&pair, &["pmi", "dice", "jaccard", "min_sensitivity"]), ["0.263034", "0.461538", "0.300000", "0.375000"]);
    assert_eq!(cells(&pair, &["example_sentence_no", "example"]), ["2", "改革开放。"]);
    // 开放 twice in one sentence adds 1: presence, not multiplicity.
    assert_eq!(find("cooccurrence", &[("term_a", "促进"), ("term_b", "开放")])["n_ab"], "2");
}

#[test]
fn themes_are_as_counted() {
    // 深化改革 (weight 2) in a.txt twice, hiding 改革; 改革 once in a.txt, b.txt, c#2, d#2 and twice in c#1; 改革办 masks two.
    let reform = find("themes", &[("theme_id", "reform.core")]);
    assert_eq!(cells(&reform, &["documents", "sentences", "score"]), ["5", "8", "10.000000"]);
    // 绿色 weighs 0.5 in three documents: below the threshold of 1, so nothing is coded, but the score stays.
    let green = find("themes", &[("theme_id", "green")]);
    assert_eq!(cells(&green, &["documents", "sentences", "score"]), ["0", "0", "1.500000"]);
    let evidence = rows(&REPORT.1, "theme_evidence");
    assert_eq!(evidence.iter().filter(|r| r["blocked_by"] == "mask:改革办").count(), 2);
    assert_eq!(evidence.iter().filter(|r| r["blocked_by"].starts_with("longer:")).count(), 2);
}

#[test]
fn keywords_are_those_that_set_a_document_apart() {
    let first = find("keywords", &[("term", "改革办")]);
    // (2 / 4 terms of the document) · ln 6.
    assert_eq!(cells(&first, &["rank", "tf", "df", "tf_idf"]), ["1", "2", "1", "0.895880"]);
}
