//! The corpus with planted findings, each found as planted: see tests/planted/README.md.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::LazyLock;

use super::support::{code, project, rows, stderr, yuliao};

type Row = BTreeMap<String, String>;

static REPORT: LazyLock<(tempfile::TempDir, PathBuf)> = LazyLock::new(|| report(&[]));

/// A run over the planted corpus with these settings beside those of the project.
fn report(settings: &[&str]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let output = folder.path().join("output");
    let mut arguments = vec!["run", "-q", "-i", "tests/planted/input", "-o", output.to_str().unwrap()];
    for setting in ["new_words.min_df=2", "trends.terms=煤炭,低空经济"].iter().chain(settings) {
        arguments.extend(["--set", setting]);
    }
    let done = yuliao(&project(), &arguments);
    assert_eq!(code(&done), 0, "{}", stderr(&done));
    (folder, output)
}

fn matching(table: &str, wanted: &[(&str, &str)]) -> Vec<Row> {
    let all = rows(&REPORT.1, table);
    all.into_iter().filter(|row| wanted.iter().all(|(column, cell)| row[*column] == *cell)).collect()
}

fn one(table: &str, wanted: &[(&str, &str)]) -> Row {
    let mut found = matching(table, wanted);
    assert_eq!(found.len(), 1, "{table} {wanted:?}");
    found.remove(0)
}

fn cells(row: &Row, columns: &[&str]) -> Vec<String> {
    columns.iter().map(|column| row[*column].clone()).collect()
}

/// doc_id of the item with this number.
fn id(record_title: &str, source: &str) -> String {
    one("documents", &[("title", record_title), ("source", source)])["doc_id"].clone()
}

#[test]
fn a_rising_term_rises_and_an_empty_month_is_there() {
    // 24 months of two years, one a row; 低空经济 as counted in tests/planted/README.md.
    let months = matching("term_trends", &[("term", "低空经济")]);
    assert_eq!(months.len(), 24);
    let tf: Vec<&str> = months.iter().map(|row| row["tf"].as_str()).collect();
    let expected = ["0"; 14].into_iter().chain(["2", "0", "1", "1", "0", "3", "2", "3", "3", "4"]).collect::<Vec<_>>();
    assert_eq!(tf, expected);
    // August 2023 has no item: true zeros, and no rate.
    let empty = one("term_trends", &[("term", "煤炭"), ("year", "2023"), ("month", "8")]);
    assert_eq!(
        cells(&empty, &["period_start", "tf", "documents", "tokens", "per_million", "document_share", "document_share_low"]),
        ["2023-08-01", "0", "0", "0", "", "", ""]
    );
    // January 2023: twice in the one item. Wilson of 1 of 1: centre (1 + z²/2) / (1 + z²), low end 1 / (1 + z²) = 0.2065.
    let first = one("term_trends", &[("term", "煤炭"), ("year", "2023"), ("month", "1")]);
    assert_eq!(
        cells(&first, &["tf", "df", "documents", "document_share", "document_share_low", "document_share_high"]),
        ["2", "1", "1", "1.0000", "0.2065", "1.0000"]
    );
    assert!(first["example"].contains("煤炭"));
    // The tokens of a period are those of its documents: December 2024 has three items and the copy.
    let of_december: u64 = rows(&REPORT.1, "documents")
        .iter()
        .filter(|row| row["date"].starts_with("2024-12"))
        .map(|row| row["tokens"].parse::<u64>().unwrap())
        .sum();
    assert_eq!(one("term_trends", &[("term", "煤炭"), ("year", "2024"), ("month", "12")])["tokens"], of_december.to_string());
}

#[test]
fn what_is_key_of_a_year_is_what_was_planted() {
    let (_folder, output) = report(&["keyness.target=year=2024", "keyness.reference=year=2023"]);
    let keyness = rows(&output, "keyness");
    let of = |term: &str| keyness.iter().find(|row| row["term"] == term).unwrap().clone();
    // 19 times in 8 items of 2024, never in 2023; 12 times in 11 items of 2023, never in 2024.
    let columns = ["tf_target", "tf_reference", "documents_target", "documents_reference", "direction"];
    assert_eq!(cells(&of("低空经济"), &columns), ["19", "0", "8", "0", "target"]);
    assert_eq!(cells(&of("煤炭"), &columns), ["0", "12", "0", "11", "reference"]);
    let first = |direction: &str| keyness.iter().find(|row| row["direction"] == direction).unwrap()["term"].clone();
    assert_eq!((first("target"), first("reference")), ("低空经济".to_string(), "煤炭".to_string()));
}

#[test]
fn the_new_word_is_found_and_ready_to_paste() {
    let row = one("new_words", &[("word", "云岭快线")]);
    // 11 times in 5 items; all eleven would be a token.
    assert_eq!(cells(&row, &["tf", "df", "tf_as_token"]), ["11", "5", "11"]);
    assert!(row["example"].contains("云岭快线"));
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("words.txt");
    std::fs::write(&list, &row["dictionary_line"]).unwrap();
    let (_folder, output) = report(&[&format!("dictionary.files={}", list.display())]);
    let term = rows(&output, "terms").into_iter().find(|row| row["term"] == "云岭快线").unwrap();
    assert_eq!(cells(&term, &["tf", "df"]), ["11", "5"]);
}

#[test]
fn people_are_found_with_and_without_their_titles_and_who_appears_with_whom() {
    // 林晓峰 stands once in each of nine items, 周文静 in six; together in one sentence in m02, m10.
    let columns = ["mentions", "documents", "first_date", "last_date"];
    assert_eq!(cells(&one("entities", &[("name", "林晓峰")]), &columns), ["9", "9", "2023-01-09", "2024-12-16"]);
    assert_eq!(cells(&one("entities", &[("name", "周文静")]), &columns), ["6", "6", "2023-12-11", "2024-12-16"]);
    let pair = matching("entity_pairs", &[("kind_a", "person"), ("kind_b", "person")]);
    assert_eq!(pair.len(), 1, "{pair:?}");
    assert_eq!(cells(&pair[0], &["entity_a", "entity_b", "n_ab", "n_a", "n_b", "documents"]), ["周文静", "林晓峰", "2", "6", "9", "2"]);
    assert_eq!(one("entities", &[("kind", "document")])["mentions"], "1");
}

#[test]
fn copies_are_found_and_can_be_counted_once() {
    let first = id("寒潮预警发布", "江海晨报");
    let columns = ["kept_doc_id", "kind", "similarity", "shared_shingles", "shingles", "kept_shingles"];
    let exact = one("duplicates", &[("source", "山城日报")]);
    assert_eq!(cells(&exact, &columns), [first.as_str(), "exact", "1.000000", "166", "166", "166"]);
    // 160 common strings of five characters of 181 in all: 160 / 181.
    let near = one("duplicates", &[("title", "我省发布寒潮预警")]);
    assert_eq!(cells(&near, &columns), [first.as_str(), "near", "0.883978", "160", "175", "166"]);
    // The notice: 60 of its 66 strings stand in the article.
    let contained = one("duplicates", &[("title", "值班工作通知")]);
    let article = id("春节保障工作综述", "湖畔时报");
    assert_eq!(cells(&contained, &columns)[..4], [article.as_str(), "contained", "0.909091", "60"]);
    assert_eq!(rows(&REPORT.1, "duplicates").len(), 3);
    let (_folder, output) = report(&["duplicates.collapse=true"]);
    assert_eq!((rows(&REPORT.1, "documents").len(), rows(&output, "documents").len()), (29, 26));
    let manifest = super::support::manifest(&output);
    assert_eq!((&manifest["counts"]["documents_raw"], &manifest["counts"]["documents"]), (&29.into(), &26.into()));
}

#[test]
fn every_place_is_shown() {
    let done = yuliao(&project(), &["kwic", "低空经济", "tests/planted/input", "--csv", "-q"]);
    assert_eq!(code(&done), 0, "{}", stderr(&done));
    let text = String::from_utf8_lossy(&done.stdout).into_owned();
    assert_eq!(text.lines().count(), 1 + 19, "{text}");
}
