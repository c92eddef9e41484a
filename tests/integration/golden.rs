//! Tables in full, kept under tests/golden/ and read by eye when they change. Made anew by
//! `YULIAO_UPDATE_GOLDEN=1 cargo test golden`, never silently.

use std::fs;
use std::path::Path;

use super::support::{code, project, stderr, tables, yuliao};

fn check(name: &str, config: &Path) {
    let output = tempfile::tempdir().unwrap();
    let folder = output.path().join("output");
    let done = yuliao(&project(), &["run", "--quiet", "--config", config.to_str().unwrap(), "--output", folder.to_str().unwrap()]);
    assert_eq!(code(&done), 0, "{}", stderr(&done));
    let golden = project().join("tests/golden").join(name);
    let found = tables(&folder).into_iter().filter(|(name, _)| name.ends_with(".csv"));
    let mut names = Vec::new();
    for (file, bytes) in found {
        let path = golden.join(&file);
        if std::env::var_os("YULIAO_UPDATE_GOLDEN").is_some() {
            fs::write(&path, &bytes).unwrap();
        }
        let expected = fs::read(&path).unwrap_or_default();
        assert!(expected == bytes, "{file} is not as in {}: {}", path.display(), first_difference(&expected, &bytes));
        names.push(file);
    }
    let mut kept: Vec<String> = fs::read_dir(&golden).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    kept.sort();
    assert_eq!(kept, names, "a golden table that no run writes, or the reverse");
}

fn first_difference(expected: &[u8], found: &[u8]) -> String {
    let (expected, found) = (String::from_utf8_lossy(expected), String::from_utf8_lossy(found));
    let differs = expected.lines().zip(found.lines()).enumerate().find(|(_, (a, b))| a != b);
    match differs {
        Some((line, (a, b))) => format!("line {}:\n- {a}\n+ {b}", line + 1),
        None => format!("{} lines, expected {}", found.lines().count(), expected.lines().count()),
    }
}

#[test]
fn tables_of_the_seed_are_golden() {
    check("seed", &project().join("config/yuliao.toml"));
}

#[test]
fn tables_of_the_small_corpus_are_golden() {
    check("small", &project().join("tests/small/yuliao.toml"));
}

#[test]
fn the_data_dictionary_in_the_repository_is_that_of_the_program() {
    let path = project().join("output/README.md");
    let text = yuliao::report::readme_text(&yuliao::analysis::definitions(), &yuliao::report::ReportOptions::default());
    if std::env::var_os("YULIAO_UPDATE_GOLDEN").is_some() {
        fs::write(&path, &text).unwrap();
    }
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
}
