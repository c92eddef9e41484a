//! Imports run one way: a module names only those above it.

use std::fs;
use std::path::{Path, PathBuf};

use super::support::project;

/// The rooms from the ground up. A room may name itself and those before it.
const ORDER: [&str; 17] = [
    "failpoint",
    "diagnostic",
    "encoding",
    "text",
    "lexicon",
    "stats",
    "table",
    "source",
    "segment",
    "theme",
    "corpus",
    "analysis",
    "report",
    "state",
    "config",
    "run",
    "cli",
];

fn rust_files(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()) {
        match entry.is_dir() {
            true => rust_files(&entry, out),
            false if entry.extension().is_some_and(|e| e == "rs") => out.push(entry),
            false => {}
        }
    }
}

#[test]
fn a_room_names_only_rooms_before_it() {
    let source = project().join("src");
    let mut files = Vec::new();
    rust_files(&source, &mut files);
    let mut seen = 0;
    for file in files {
        let relative = file.strip_prefix(&source).unwrap();
        let room = relative.iter().next().unwrap().to_str().unwrap().trim_end_matches(".rs");
        let Some(own) = ORDER.iter().position(|r| *r == room) else {
            assert!(["lib", "main"].contains(&room), "{room} has no place in the order");
            continue;
        };
        seen += 1;
        for (line, text) in fs::read_to_string(&file).unwrap().lines().enumerate() {
            for named in text.split("crate::").skip(1) {
                let named: String = named.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                let Some(other) = ORDER.iter().position(|r| *r == named) else { continue };
                assert!(other <= own, "{}:{}: {room} names {named}, which stands above it", relative.display(), line + 1);
            }
        }
    }
    assert!(seen > 40);
}

#[test]
fn only_one_file_names_the_segmenter_library() {
    let mut files = Vec::new();
    rust_files(&project().join("src"), &mut files);
    let naming: Vec<PathBuf> = files.into_iter().filter(|f| fs::read_to_string(f).unwrap().contains("jieba_rs")).collect();
    assert_eq!(naming, [project().join("src/segment/jieba.rs")]);
}
