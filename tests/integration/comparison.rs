//! Trends and keyness as a user meets them: conditions in the configuration, lists of frequencies, documents without a date.

use std::fs;
use std::path::Path;

use super::support::{code, inputs, manifest, rows, stderr, yuliao};

fn folder() -> tempfile::TempDir {
    let folder = inputs(&[
        ("old/2023-11-05.txt", "改革开放。\n".as_bytes()),
        ("new/2024-01-10.txt", "改革开放。绿色发展。\n".as_bytes()),
        ("new/undated.txt", "绿色发展。\n".as_bytes()),
    ]);
    let config = "[input]\npaths = [\"input\"]\n[dictionary]\nfiles = []\n[stopwords]\nfiles = []\n[themes]\ntaxonomy = []\n[keyness]\nmin_count = 1\n";
    fs::write(folder.path().join("yuliao.toml"), config).unwrap();
    folder
}

fn yuliao_with(folder: &Path, command: &str, settings: &[&str]) -> std::process::Output {
    let set: Vec<&str> = settings.iter().flat_map(|setting| ["--set", setting]).collect();
    yuliao(folder, &[&[command, "--config", "yuliao.toml"], &set[..]].concat())
}

fn note(report: &Path, table: &str) -> String {
    let manifest = manifest(report);
    let outputs = manifest["outputs"].as_array().unwrap();
    outputs.iter().find(|output| output["path"] == format!("{table}.csv")).unwrap()["note"].as_str().unwrap().to_string()
}

#[test]
fn what_was_compared_and_what_has_no_date_stands_in_the_manifest() {
    let folder = folder();
    let done = yuliao_with(folder.path(), "run", &["keyness.target=folder=new", "trends.period=month"]);
    assert_eq!(code(&done), 0, "{}", stderr(&done));
    let report = folder.path().join("output");
    assert_eq!(manifest(&report)["corpus"]["undated"], 1);
    assert!(note(&report, "keyness").starts_with("target: folder=new (2 documents, "), "{}", note(&report, "keyness"));
    assert!(note(&report, "term_trends").starts_with("3 months, from that of 2023-11-01 to that of 2024-01-01; 1 document without a date"));
    let trend: Vec<String> =
        rows(&report, "term_trends").iter().filter(|row| row["term"] == "改革开放").map(|row| row["tf"].clone()).collect();
    assert_eq!(trend, ["1", "0", "1"]);
    assert!(rows(&report, "keyness").iter().any(|row| row["direction"] == "target" && row["example"].contains("绿色")));
}

#[test]
fn a_condition_that_is_none_is_found_before_any_work() {
    let folder = folder();
    for (setting, message) in [
        ("keyness.target=yeer=2023", "keyness.target = \"yeer=2023\": character 1: expected a field (year, quarter"),
        ("keyness.reference=year<", "keyness.reference = \"year<\": character 6: expected a value of `year`, found the end"),
        ("keyness.target=theme=reform", "character 7: expected the id of a theme of the taxonomy, found `reform`"),
        ("keyness.reference_tokens=5", "keyness.reference_tokens: expected a list"),
        ("keyness.target=folder=/", "character 8: expected a folder, found `/`"),
        ("trends.top=50001", "trends.top: expected 0 to 50000, found 50001"),
    ] {
        for command in ["run", "check"] {
            let done = yuliao_with(folder.path(), command, &[setting]);
            assert_eq!(code(&done), 78, "{setting}");
            assert!(stderr(&done).contains(message), "{setting}: {}", stderr(&done));
        }
    }
    let without = yuliao(folder.path(), &["run", "--set", "themes.taxonomy=", "--set", "keyness.target=theme=reform", "-i", "input"]);
    assert_eq!(code(&without), 78);
    assert!(stderr(&without).contains("but no taxonomy is set; name one in themes.taxonomy"), "{}", stderr(&without));
    assert!(!folder.path().join("output").exists());
    let tokens = yuliao(folder.path(), &["tokens", "--config", "yuliao.toml", "--set", "keyness.target=theme=reform", "input"]);
    assert_eq!(code(&tokens), 0, "{}", stderr(&tokens));
}

#[test]
fn listed_words_count_as_terms_that_are_followed() {
    let folder = folder();
    let words: Vec<String> = (0..400_000).map(|number| format!("\"词{number}\"")).collect();
    let config = fs::read_to_string(folder.path().join("yuliao.toml")).unwrap();
    fs::write(folder.path().join("yuliao.toml"), format!("{config}[trends]\nterms = [{}]\n", words.join(", "))).unwrap();
    for command in ["run", "check"] {
        let done = yuliao_with(folder.path(), command, &[]);
        let message = "trends.terms: expected at most 50000 terms together with trends.top = 200, found 400000";
        assert!(code(&done) == 78 && stderr(&done).contains(message), "{}", stderr(&done));
    }
}

#[test]
fn a_side_that_was_asked_for_and_holds_no_token_is_warned_of() {
    let folder = folder();
    let done = yuliao_with(folder.path(), "run", &["keyness.target=year=1999"]);
    let message = "warning W_EMPTY_SLICE: keyness.csv has no rows: the target holds no token (year=1999)";
    assert!(code(&done) == 0 && stderr(&done).contains(message), "{}", stderr(&done));
    assert!(manifest(&folder.path().join("output"))["warnings"].to_string().contains("W_EMPTY_SLICE"));
}

#[test]
fn a_list_of_frequencies_is_read_from_the_project_folder() {
    let folder = folder();
    fs::write(folder.path().join("list.csv"), "词,频率\n改革开放,一\n").unwrap();
    for command in ["run", "check"] {
        let done = yuliao_with(folder.path(), command, &["keyness.reference_list=list.csv"]);
        assert_eq!(code(&done), 65);
        assert!(stderr(&done).contains("list.csv:2: error[R001]: expected a whole number"), "{}", stderr(&done));
    }
    fs::write(folder.path().join("list.csv"), "词,频率\n改革开放,90\n发展,10\n").unwrap();
    let few = yuliao_with(folder.path(), "run", &["keyness.reference_list=list.csv", "keyness.reference_tokens=99"]);
    assert!(code(&few) == 78 && stderr(&few).contains("expected at least 100"), "{}", stderr(&few));
    let done = yuliao_with(folder.path(), "run", &["keyness.reference_list=list.csv"]);
    assert_eq!(code(&done), 0, "{}", stderr(&done));
    let report = folder.path().join("output");
    let note = note(&report, "keyness");
    assert!(
        note.starts_with("target: all documents (3 documents, ") && note.contains("the 2 words of ") && note.contains("(100 tokens)"),
        "{note}"
    );
    assert!(manifest(&report)["fingerprint"]["reference_list"].is_string());
    let row = rows(&report, "keyness").into_iter().find(|row| row["term"] == "改革开放").unwrap();
    assert_eq!((row["tf_target"].as_str(), row["tf_reference"].as_str(), row["documents_reference"].as_str()), ("2", "90", ""));
}

#[test]
fn conditions_that_overlap_are_warned_of() {
    let folder = folder();
    let done = yuliao_with(folder.path(), "run", &["keyness.target=year=2024", "keyness.reference=year>=2023"]);
    assert!(code(&done) == 0 && stderr(&done).contains("warning W_SLICES_OVERLAP: 1 time, first new/2024-01-10.txt"), "{}", stderr(&done));
    let warnings = manifest(&folder.path().join("output"))["warnings"].to_string();
    assert!(warnings.contains("W_SLICES_OVERLAP"), "{warnings}");
}

#[test]
fn a_size_that_is_named_twice_is_written_once() {
    let folder = folder();
    let ngrams = |sizes: &str, output: &str| {
        let settings = [format!("ngrams.sizes={sizes}"), "ngrams.min_count=1".to_string(), format!("run.output={output}")];
        let done = yuliao_with(folder.path(), "run", &settings.each_ref().map(String::as_str));
        assert_eq!(code(&done), 0, "{}", stderr(&done));
        rows(&folder.path().join(output), "ngrams")
    };
    let once = ngrams("2,3", "once");
    assert!(!once.is_empty() && once == ngrams("3,2,3,2", "twice"));
}
