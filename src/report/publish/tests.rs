use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::journal::Journal;
use super::*;
use crate::report::csv::sha256_of_file;

/// The files of a folder with their texts.
fn files(folder: &Path) -> BTreeMap<String, String> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    entries.map(|entry| (entry.file_name().into_string().unwrap(), fs::read_to_string(entry.path()).unwrap())).collect()
}

fn expected(files: &[(&str, &str)]) -> BTreeMap<String, String> {
    files.iter().map(|(name, text)| (name.to_string(), text.to_string())).collect()
}

/// A new report of these files; the last one is the manifest. A file without a text is named, but not there.
fn report<'a>(staging: &Path, files: &[(&str, Option<&str>)], obsolete: &'a [String]) -> NewReport<'a> {
    let mut all: Vec<NewFile> = Vec::new();
    for (name, text) in files {
        text.iter().for_each(|text| fs::write(staging.join(name), text).unwrap());
        all.push(NewFile { name: name.to_string(), sha256: sha256_of_file(&staging.join(name)).unwrap_or_default() });
    }
    let manifest = all.pop().unwrap();
    NewReport { files: all, manifest, obsolete }
}

#[test]
fn nothing_is_seen_before_publishing_and_unchanged_files_stay() {
    let root = tempfile::tempdir().unwrap();
    let (output, state) = (root.path().join("output"), root.path().join("state"));
    fs::create_dir_all(&output).unwrap();
    for folder in [None, Some(state.as_path())] {
        fs::write(output.join("same.csv"), "一").unwrap();
        fs::write(output.join("old.part-0002.csv"), "旧").unwrap();
        fs::remove_file(output.join("new.csv")).ok();
        let before = fs::metadata(output.join("same.csv")).unwrap().modified().unwrap();
        folder.iter().for_each(|state| fs::create_dir_all(state).unwrap());
        let staging = Staging::create(&output, folder).unwrap();
        let obsolete = ["old.part-0002.csv".to_string(), "../escape".to_string()];
        let report = report(staging.path(), &[("same.csv", Some("一")), ("new.csv", Some("一")), ("run.json", Some("{}"))], &obsolete);
        assert!(!output.join("new.csv").exists());
        staging.publish(&report).unwrap();
        assert_eq!(files(&output), expected(&[("same.csv", "一"), ("new.csv", "一"), ("run.json", "{}")]));
        assert_eq!(fs::metadata(output.join("same.csv")).unwrap().modified().unwrap(), before);
    }
    assert_eq!(fs::read_dir(root.path()).unwrap().count(), 2, "no staging folder is left beside the output");
    assert_eq!(fs::read_dir(state.join("staging")).unwrap().count(), 0);
    assert!(!state.join("publish.json").exists());
}

#[test]
fn a_file_that_cannot_be_replaced_brings_the_old_report_back() {
    let root = tempfile::tempdir().unwrap();
    let output = root.path().join("output");
    fs::create_dir(&output).unwrap();
    for name in ["a.csv", "same.csv", "run.json"] {
        fs::write(output.join(name), "旧").unwrap();
    }
    let old = expected(&[("a.csv", "旧"), ("same.csv", "旧"), ("run.json", "旧")]);
    let staging = Staging::create(&output, None).unwrap();
    let new = Some("新");
    // The last of four files was never written: renaming it must fail after the others were renamed.
    let report_ =
        report(staging.path(), &[("a.csv", new), ("b.csv", new), ("same.csv", Some("旧")), ("missing.csv", None), ("run.json", new)], &[]);
    let error = staging.publish(&report_).unwrap_err();
    assert!(matches!(&error, PublishError::Replace { path, .. } if path.ends_with("missing.csv")), "{error}");
    assert_eq!(files(&output), old);
    fs::create_dir(output.join("b.csv")).unwrap();
    let staging = Staging::create(&output, None).unwrap();
    let report_ = report(staging.path(), &[("a.csv", new), ("b.csv", new), ("run.json", new)], &[]);
    assert!(staging.publish(&report_).is_err());
    fs::remove_dir(output.join("b.csv")).unwrap();
    assert_eq!(files(&output), old, "nothing was touched");
}

#[test]
fn one_run_at_a_time_and_leftovers_go() {
    let root = tempfile::tempdir().unwrap();
    let output = root.path().join("output");
    let leftover = root.path().join(".output.staging-dead");
    fs::create_dir_all(&leftover).unwrap();
    let first = Staging::create(&output, None).unwrap();
    assert!(!leftover.exists());
    assert!(matches!(Staging::create(&output, None), Err(PublishError::Busy { .. })));
    drop(first);
    assert!(Staging::create(&output, None).is_ok());
    assert!(Staging::check(&root.path().join("new")).is_ok() && !root.path().join("new").exists());
}

#[test]
fn an_output_that_is_a_file_is_known_at_once() {
    let root = tempfile::tempdir().unwrap();
    let output = root.path().join("output");
    fs::write(&output, "").unwrap();
    assert!(matches!(Staging::create(&output, None), Err(PublishError::Unwritable { .. })));
}

/// A crash after so many of three renames, with the new files whole or one of them damaged.
fn interrupted(renamed: usize, damaged: bool) -> (Option<Recovered>, BTreeMap<String, String>) {
    let root = tempfile::tempdir().unwrap();
    let (output, staging, journal_file) = (root.path().join("output"), root.path().join("new"), root.path().join("publish.json"));
    for folder in [&output, &staging, &staging.join("prev")] {
        fs::create_dir(folder).unwrap();
    }
    for name in ["a.csv", "gone.csv", "run.json"] {
        fs::write(output.join(name), "旧").unwrap();
        fs::hard_link(output.join(name), staging.join("prev").join(name)).unwrap();
    }
    let output = output.canonicalize().unwrap();
    let obsolete = ["gone.csv".to_string()];
    let new = report(&staging, &[("a.csv", Some("新")), ("b.csv", Some("新")), ("run.json", Some("新"))], &obsolete);
    let journal = Journal {
        staging: staging.clone(),
        output: output.clone(),
        files: new.files,
        manifest: new.manifest,
        obsolete: obsolete.to_vec(),
        created: vec!["b.csv".to_string()],
    };
    journal.write(&journal_file).unwrap();
    for name in ["a.csv", "b.csv", "run.json"].iter().take(renamed) {
        fs::rename(staging.join(name), output.join(name)).unwrap();
    }
    if damaged {
        fs::write(staging.join("run.json"), "坏").unwrap();
    }
    let ended = recover(&journal_file, std::slice::from_ref(&output)).unwrap();
    assert!(!journal_file.exists() && !staging.exists());
    assert_eq!(recover(&journal_file, std::slice::from_ref(&output)).unwrap(), None);
    (ended, files(&output))
}

#[test]
fn the_next_run_ends_what_a_crash_interrupted() {
    let new = expected(&[("a.csv", "新"), ("b.csv", "新"), ("run.json", "新")]);
    for renamed in 0..=3 {
        assert_eq!(interrupted(renamed, false), (Some(Recovered::Forward), new.clone()), "{renamed}");
    }
    let old = expected(&[("a.csv", "旧"), ("gone.csv", "旧"), ("run.json", "旧")]);
    for renamed in 0..3 {
        assert_eq!(interrupted(renamed, true), (Some(Recovered::Back), old.clone()), "{renamed}");
    }
}

#[test]
fn no_file_is_lost_with_the_staging_folder() {
    let root = tempfile::tempdir().unwrap();
    let (output, staging, journal_file) = (root.path().join("output"), root.path().join("new"), root.path().join("publish.json"));
    for folder in [&output, &staging] {
        fs::create_dir(folder).unwrap();
    }
    // One file that both reports have alike, one that is replaced already, one that there was none of.
    let old = [("same.csv", "同"), ("a.csv", "新"), ("b.csv", "新"), ("run.json", "旧")];
    old.iter().for_each(|(name, text)| fs::write(output.join(name), text).unwrap());
    let files_of_both = [("same.csv", Some("同")), ("a.csv", Some("新")), ("b.csv", Some("新")), ("run.json", Some("新"))];
    let new = report(&staging, &files_of_both, &[]);
    let output = output.canonicalize().unwrap();
    let created = vec!["b.csv".to_string()];
    let (files_, manifest) = (new.files, new.manifest);
    let journal = Journal { staging: staging.clone(), output: output.clone(), files: files_, manifest, obsolete: Vec::new(), created };
    journal.write(&journal_file).unwrap();
    fs::remove_dir_all(&staging).unwrap();
    assert_eq!(recover(&journal_file, std::slice::from_ref(&output)).unwrap(), Some(Recovered::Back));
    assert_eq!(files(&output), expected(&[("same.csv", "同"), ("a.csv", "新"), ("run.json", "旧")]));
}

#[test]
fn a_journal_of_something_else_is_thrown_away() {
    let root = tempfile::tempdir().unwrap();
    let (output, journal) = (root.path().join("output"), root.path().join("publish.json"));
    fs::create_dir(&output).unwrap();
    for text in
        ["", "{\"sta", "{\"staging\":\"/\",\"output\":\"/\",\"files\":[],\"manifest\":{\"name\":\"x\",\"sha256\":\"\"},\"obsolete\":[]}"]
    {
        fs::write(&journal, text).unwrap();
        assert_eq!(recover(&journal, std::slice::from_ref(&output)).unwrap(), None);
        assert!(!journal.exists() && output.exists());
    }
}
