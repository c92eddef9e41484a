//! text_statistics.csv and lengths.csv, counted by hand over text whose words are given.

use std::collections::BTreeMap;
use std::path::Path;

use super::support::{code, inputs, manifest, rows, stderr, yuliao};

type Row = BTreeMap<String, String>;

fn report(files: &[(&str, &[u8])], more: &[&str]) -> tempfile::TempDir {
    let folder = inputs(files);
    let arguments = [&["run", "-q", "-i", "input", "--set", "segment.mode=spaces"][..], more].concat();
    let done = yuliao(folder.path(), &arguments);
    assert_eq!(code(&done), 0, "{}", stderr(&done));
    folder
}

fn table(folder: &Path, name: &str) -> Vec<Row> {
    rows(&folder.join("output"), name)
}

fn cells(row: &Row, columns: &[&str]) -> Vec<String> {
    columns.iter().map(|column| row[*column].clone()).collect()
}

/// Two sentences in two paragraphs: the first line is the title and one sentence, 甲 甲 乙丙 gdp 甲 5.2% | 一二三四. Marks are no words.
const TEXT: &str = "甲 ， 甲 ， 乙丙 GDP 。 甲 5.2% ！\n一二三四 。\n";

#[test]
fn a_document_is_as_counted_by_hand() {
    let folder = report(&[("a.txt", TEXT.as_bytes()), ("b.txt", "…… 。".as_bytes())], &["--set", "text_statistics.mattr_window=3"]);
    let statistics = table(folder.path(), "text_statistics");
    assert_eq!(statistics.len(), 2);
    let a = statistics.iter().find(|row| row["tokens"] == "7").unwrap();
    let counts = ["paragraphs", "sentences", "clauses", "tokens", "types", "hapaxes"];
    assert_eq!(cells(a, &counts), ["2", "2", "4", "7", "5", "4"]);
    // 5 / 7; windows of three hold 2, 3, 3, 3, 3 types: 14 / 15; f = 3, 1, 1, 1, 1: (13 − 7) / 49 · 10^4.
    assert_eq!(cells(a, &["ttr", "mattr", "yule_k"]), ["0.714286", "0.933333", "1224.489796"]);
    // 6 and 1 tokens; 12 and 4 characters.
    let sentences = ["mean_sentence_tokens", "median_sentence_tokens", "longest_sentence_tokens"];
    assert_eq!(cells(a, &sentences), ["3.500000", "3.500000", "6"]);
    let sentences = ["mean_sentence_characters", "median_sentence_characters", "longest_sentence_characters", "longest_sentence_no"];
    assert_eq!(cells(a, &sentences), ["8.000000", "8.000000", "12", "1"]);
    assert_eq!(cells(a, &["clauses_per_sentence", "mean_clause_characters", "mean_word_characters"]), ["2.000000", "4.000000", "2.285714"]);
    // 甲 three times; 乙丙; gdp; 5.2% and 一二三四.
    let shares =
        ["one_character_share", "two_character_share", "three_character_share", "longer_word_share", "number_share", "latin_share"];
    assert_eq!(cells(a, &shares), ["0.4286", "0.1429", "0.1429", "0.2857", "0.1429", "0.1429"]);
    // A document of marks alone has nothing to measure.
    let b = statistics.iter().find(|row| row["tokens"] == "0").unwrap();
    let measured: Vec<&String> = b.iter().filter(|(name, cell)| *name != "doc_id" && !cell.is_empty()).map(|(name, _)| name).collect();
    assert_eq!(measured, ["clauses", "hapaxes", "paragraphs", "sentences", "tokens", "types"]);
}

#[test]
fn lengths_are_as_counted_by_hand() {
    let folder = report(&[("a.txt", TEXT.as_bytes()), ("b.txt", "…… 。".as_bytes()), ("c.txt", "乙丙 甲 。".as_bytes())], &[]);
    let lengths = table(folder.path(), "lengths");
    let shown: Vec<String> = lengths
        .iter()
        .map(|row| cells(row, &["what", "length", "count", "share", "cumulative_share", "example_sentence_no", "example"]).join(" "))
        .collect();
    let first =
        ["word_characters 1 4 0.4444 0.4444  甲", "word_characters 2 2 0.2222 0.6667  乙丙", "word_characters 3 1 0.1111 0.7778  gdp"];
    assert_eq!(shown[..3], first);
    assert_eq!(shown[3], "word_characters 4 2 0.2222 1.0000  5.2%");
    // The example of paragraphs of one sentence is that of the first doc_id.
    let kinds: Vec<String> =
        lengths[4..].iter().map(|row| cells(row, &["what", "length", "count", "cumulative_share"]).join(" ")).collect();
    let expected = [
        "sentence_tokens 1 1 0.3333",
        "sentence_tokens 2 1 0.6667",
        "sentence_tokens 6 1 1.0000",
        "sentence_characters 3 1 0.3333",
        "sentence_characters 4 1 0.6667",
        "sentence_characters 12 1 1.0000",
        "paragraph_sentences 1 3 1.0000",
    ];
    assert_eq!(kinds, expected);
    let last = &lengths[lengths.len() - 1];
    let documents = table(folder.path(), "documents");
    let smallest = documents.iter().filter(|d| d["path"] != "b.txt").map(|d| d["doc_id"].clone()).min().unwrap();
    assert_eq!(last["example_doc_id"], smallest);
}

#[test]
fn sums_are_those_of_the_other_tables() {
    let folder = inputs(&[]);
    let report = folder.path().join("output");
    assert_eq!(code(&yuliao(&super::support::project(), &["run", "-q", "-o", report.to_str().unwrap()])), 0);
    let tokens = manifest(&report)["corpus"]["tokens"].as_u64().unwrap();
    let sum = |rows: &[Row], column: &str| rows.iter().map(|row| row[column].parse::<u64>().unwrap()).sum::<u64>();
    let (statistics, lengths) = (rows(&report, "text_statistics"), rows(&report, "lengths"));
    assert_eq!(sum(&statistics, "tokens"), tokens);
    let of = |what: &str| lengths.iter().filter(|row| row["what"] == what).cloned().collect::<Vec<Row>>();
    assert_eq!(sum(&of("word_characters"), "count"), tokens);
    assert_eq!(sum(&of("sentence_tokens"), "count"), sum(&statistics, "sentences"));
    let weighted =
        |what: &str| of(what).iter().map(|row| row["length"].parse::<u64>().unwrap() * row["count"].parse::<u64>().unwrap()).sum::<u64>();
    assert_eq!(weighted("sentence_tokens"), tokens);
    assert_eq!(weighted("sentence_characters"), weighted("word_characters"));
    assert_eq!(weighted("paragraph_sentences"), sum(&statistics, "sentences"));
    let documents: BTreeMap<String, String> =
        rows(&report, "documents").into_iter().map(|row| (row["doc_id"].clone(), row["tokens"].clone())).collect();
    assert!(statistics.iter().all(|row| documents[&row["doc_id"]] == row["tokens"]));
    assert!(statistics.windows(2).all(|pair| pair[0]["doc_id"] < pair[1]["doc_id"]));
}

#[test]
fn a_window_of_nothing_is_a_configuration_error() {
    let folder = inputs(&[("a.txt", "甲。".as_bytes())]);
    let done = yuliao(folder.path(), &["run", "-q", "-i", "input", "--set", "text_statistics.mattr_window=0"]);
    assert_eq!(code(&done), 78, "{}", stderr(&done));
}
