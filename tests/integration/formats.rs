//! Every format, encoding and trap of `tests/formats`, through the program.

use std::collections::BTreeMap;
use std::fs;

use super::support::{code, project, rows, stderr, yuliao};

type Row = BTreeMap<String, String>;

/// The rows of a file or of what lies in it.
fn of_file<'a>(rows: &'a [Row], file: &str) -> Vec<&'a Row> {
    let inside = format!("{file}/");
    rows.iter().filter(|row| row["path"] == file || row["path"].starts_with(&inside)).collect()
}

#[test]
fn every_file_is_read_as_its_manifest_says() {
    let folder = project().join("tests/formats");
    let output = tempfile::tempdir().unwrap();
    let (input, tables) = (folder.join("input"), output.path().join("tables"));
    let input_path = input.to_str().unwrap();
    let run = yuliao(output.path(), &["run", "-i", input_path, "-o", tables.to_str().unwrap()]);
    assert_eq!(code(&run), 3, "{}", stderr(&run));
    let tokens = yuliao(output.path(), &["tokens", "--format", "jsonl", input_path]);
    let mut texts: BTreeMap<String, String> = BTreeMap::new();
    for line in String::from_utf8(tokens.stdout).unwrap().lines() {
        let sentence: serde_json::Value = serde_json::from_str(line).unwrap();
        texts.entry(sentence["doc_id"].as_str().unwrap().to_string()).or_default().push_str(sentence["sentence"].as_str().unwrap());
    }
    let (documents, quarantine) = (rows(&tables, "documents"), rows(&tables, "quarantine"));
    let manifest = rows(&folder, "manifest");
    for expected in &manifest {
        let file = expected["file"].as_str();
        if file.ends_with(".pdf") && !cfg!(feature = "pdf") {
            continue;
        }
        let found = of_file(&documents, file);
        let codes: Vec<&str> = of_file(&quarantine, file).iter().map(|row| row["code"].as_str()).collect();
        assert_eq!(found.len().to_string(), expected["documents"], "{file}: {codes:?}");
        let wanted: Vec<&str> = Some(expected["code"].as_str()).filter(|code| !code.is_empty()).into_iter().collect();
        assert_eq!(codes, wanted, "{file}");
        let Some(first) = found.first() else { continue };
        for column in ["title", "date", "format", "encoding"] {
            assert_eq!(first[column], expected[column], "{column} of {file}");
        }
        let text: String = found.iter().filter_map(|row| texts.get(&row["doc_id"])).flat_map(|text| text.split_whitespace()).collect();
        assert!(text.contains(&expected["phrase"]), "{file}: {text}");
        for noise in ["隐藏的文字", "脚本里的文字", "分享到微信", "版权所有"] {
            assert!(!text.contains(noise), "{file} holds {noise}");
        }
    }
    assert_eq!(manifest.len(), fs::read_dir(&input).unwrap().count(), "a file without a line, or a line without a file");
    let said = stderr(&run);
    for warning in ["W_EXTENSION", "W_HIDDEN_SHEET", "W_CELL_ERROR", "W_NO_TEXT_COLUMN", "W_DAMAGED"] {
        assert!(said.contains(warning), "{warning} in {said}");
    }
}
