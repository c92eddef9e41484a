//! Several units of co-occurrence in one run, and optional measures, counted by hand.

use std::collections::BTreeMap;

use super::support::{code, inputs, project, rows, stderr, yuliao};

/// 改革 开放 | 发展 // 开放 发展 改革; 改革 // 开放; 绿色 // 转型: sentences |, paragraphs //, documents ;
const TEXTS: [&str; 3] = ["改革开放。发展。\n开放发展改革。", "改革。\n开放。", "绿色。\n转型。"];

fn report() -> tempfile::TempDir {
    let lines: String = TEXTS.iter().zip(1..).map(|(text, id)| serde_json::json!({"id": id, "text": text}).to_string() + "\n").collect();
    let folder = inputs(&[("a.jsonl", lines.as_bytes())]);
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_string();
    let units = "cooccurrence.units=document,window:2,sentence,paragraph";
    let arguments = ["run", "-q", "--config", "tests/small/yuliao.toml", "-i", &path("input"), "-o", &path("output")];
    let sets = ["--set", units, "--set", "cooccurrence.measures=odds_ratio,mi2,odds_ratio"];
    let done = yuliao(&project(), &[&arguments[..], &sets].concat());
    assert_eq!(code(&done), 0, "{}", stderr(&done));
    folder
}

fn of_pair(all: &[BTreeMap<String, String>], pair: [&str; 2], columns: &[&str]) -> BTreeMap<String, Vec<String>> {
    let of = all.iter().filter(|row| [row["term_a"].as_str(), row["term_b"].as_str()] == pair);
    of.map(|row| (row["unit"].clone(), columns.iter().map(|column| row[*column].clone()).collect())).collect()
}

#[test]
fn each_unit_has_its_own_counts() {
    let folder = report();
    let all = rows(&folder.path().join("output"), "cooccurrence");
    let counts = of_pair(&all, ["开放", "改革"], &["n_ab", "n_a", "n_b", "n", "documents", "example_sentence_no", "example"]);
    let expected = [
        // Both in two of seven sentences, each in three; in two of six paragraphs; in two of three documents.
        ("sentence", ["2", "3", "3", "7", "1"]),
        ("paragraph", ["2", "3", "3", "6", "1"]),
        ("document", ["2", "2", "2", "3", "2"]),
        // Ordered pairs of tokens at most 2 apart: 2 in the sentence of two tokens and 6 in that of three; 开放 and 改革 each begin
        // one of the former and two of the latter; together they are one pair in each.
        ("window:2", ["2", "3", "3", "8", "1"]),
    ];
    assert_eq!(counts.len(), 4);
    for (unit, numbers) in expected {
        assert_eq!(counts[unit][..5], numbers, "{unit}");
        assert_eq!(counts[unit][5..], ["1", "改革开放。"], "{unit}");
    }
    // Two terms that no sentence holds together have a row by document, without an example.
    let apart = of_pair(&all, ["绿色", "转型"], &["n_ab", "documents", "example_doc_id", "example"]);
    assert_eq!(apart.into_iter().collect::<Vec<_>>(), [("document".to_string(), ["1", "1", "", ""].map(String::from).to_vec())]);
}

#[test]
fn optional_measures_are_the_last_columns_in_their_own_order() {
    let folder = report();
    let output = folder.path().join("output");
    let header = std::fs::read_to_string(output.join("cooccurrence.csv")).unwrap().lines().next().unwrap().to_string();
    assert!(header.ends_with(",example,mi2,odds_ratio"), "{header}");
    let of_entities = std::fs::read_to_string(output.join("entity_pairs.csv")).unwrap();
    assert!(of_entities.lines().next().is_some_and(|header| header.ends_with(",example,mi2,odds_ratio")), "{of_entities}");
    let measures = of_pair(&rows(&output, "cooccurrence"), ["开放", "改革"], &["mi2", "odds_ratio"]);
    // log2(4 · 7 / 9) and 2 · 3 / (1 · 1); log2(4 · 6 / 9) and 2 · 2; log2(4 · 3 / 4), neither ever without the other; log2(4 · 8 / 9), 2 · 4.
    assert_eq!(measures["sentence"], ["1.637430", "6.000000"]);
    assert_eq!(measures["paragraph"], ["1.415037", "4.000000"]);
    assert_eq!(measures["document"], ["1.584963", ""]);
    assert_eq!(measures["window:2"], ["1.830075", "8.000000"]);
}
