//! What can be typed, and what comes out where.

use std::fs;

use super::support::{code, inputs, manifest, project, rows, stderr, yuliao};

fn stdout(output: &std::process::Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn help_version_and_completions_go_to_standard_output() {
    for arguments in [&["--help"][..], &["--version"], &["run", "--help"], &["completions", "bash"], &["completions", "zsh"]] {
        let done = yuliao(&project(), arguments);
        assert!(code(&done) == 0 && !done.stdout.is_empty() && done.stderr.is_empty(), "{arguments:?}");
    }
    let help = stdout(&yuliao(&project(), &["run", "--help"]));
    assert!(help.contains("78  configuration invalid"));
}

#[test]
fn a_wrong_argument_is_64() {
    for arguments in [&["rnu"][..], &["run", "--thread", "2"], &[], &["run", "-q", "-v"]] {
        let done = yuliao(&project(), arguments);
        assert!(code(&done) == 64 && done.stdout.is_empty(), "{arguments:?} {}", code(&done));
    }
}

#[test]
fn segmented_text_is_what_is_counted() {
    let folder = inputs(&[]);
    let report = folder.path().join("output");
    assert_eq!(code(&yuliao(&project(), &["run", "-q", "-o", report.to_str().unwrap()])), 0);
    let tokens: u64 = rows(&report, "documents").iter().map(|r| r["tokens"].parse::<u64>().unwrap()).sum();
    let done = yuliao(&project(), &["tokens", "seeds"]);
    assert!(code(&done) == 0 && done.stderr.is_empty(), "{}", stderr(&done));
    let text = stdout(&done);
    assert_eq!(text.split_whitespace().count() as u64, tokens);
    assert_eq!(manifest(&report)["corpus"]["tokens"], tokens);
    assert!(text.split_whitespace().all(|t| t.rsplit_once('/').is_some_and(|(word, tag)| !word.is_empty() && !tag.is_empty())));
    for row in rows(&report, "terms").iter().take(200) {
        let word = format!("{}/{}", row["term"], row["pos"]);
        assert_eq!(text.split_whitespace().filter(|t| *t == word).count().to_string(), row["tf"], "{word}");
    }
}

#[test]
fn segmented_text_is_written_where_it_is_asked_for() {
    let folder = inputs(&[("a.txt", "深化改革。".as_bytes())]);
    let shown = stdout(&yuliao(folder.path(), &["tokens", "input"]));
    for (output, file) in [("words.txt", "words.txt"), (".", "tokens.txt")] {
        let done = yuliao(folder.path(), &["tokens", "input", "-o", output]);
        assert!(code(&done) == 0 && done.stdout.is_empty());
        assert_eq!(std::fs::read_to_string(folder.path().join(file)).unwrap(), shown);
    }
    assert_eq!(code(&yuliao(folder.path(), &["tokens", "input", "-o", "input/a.txt"])), 78);
}

#[test]
fn offsets_lead_back_to_the_sentence_as_written() {
    let folder = inputs(&[("a.txt", "１２６家　企业的ＧＤＰ增长５．２％。".as_bytes())]);
    let done = yuliao(folder.path(), &["tokens", "input", "--format", "jsonl"]);
    let line: serde_json::Value = serde_json::from_str(stdout(&done).lines().next().unwrap()).unwrap();
    let sentence: Vec<char> = line["sentence"].as_str().unwrap().chars().collect();
    let tokens = line["tokens"].as_array().unwrap();
    let cut = |t: &serde_json::Value| {
        sentence[t["start"].as_u64().unwrap() as usize..t["end"].as_u64().unwrap() as usize].iter().collect::<String>()
    };
    let find = |word: &str| tokens.iter().find(|t| t["word"] == word).unwrap_or_else(|| panic!("{word} in {line}"));
    assert_eq!(cut(find("gdp")), "ＧＤＰ");
    assert_eq!(cut(find("5.2%")), "５．２％");
    assert_eq!(cut(find("企业")), "企业");
    let marks = yuliao(folder.path(), &["tokens", "input", "--punctuation"]);
    assert!(stdout(&marks).contains("。/w"));
}

#[test]
fn check_lists_everything_at_once_and_writes_nothing() {
    let good = yuliao(&project(), &["check"]);
    assert_eq!(code(&good), 0, "{}", stderr(&good));
    let folder = inputs(&[]);
    let config = "[input]\npaths = [\"nowhere\"]\n[dictionary]\nfiles = [\"d.txt\", \"missing.txt\"]\n[stopwords]\nfiles = [\"s.txt\"]\n[themes]\ntaxonomy = [\"t.toml\"]\n";
    fs::write(folder.path().join("yuliao.toml"), config).unwrap();
    fs::write(folder.path().join("d.txt"), "改革\n。\n").unwrap();
    fs::write(folder.path().join("s.txt"), "的\n的\n").unwrap();
    fs::write(folder.path().join("t.toml"), "[taxonomy]\nid = \"T\"\n[[theme]]\nid = \"a.b\"\nterms = [\"改革\"]\n").unwrap();
    let done = yuliao(folder.path(), &["check", "--config", "yuliao.toml"]);
    assert_eq!(code(&done), 65);
    let text = stderr(&done);
    for expected in [
        "d.txt:2: error[D003]",
        "missing.txt: error[L001]",
        "s.txt:2: warning[S002]",
        "t.toml:2:6: error[T003]",
        "t.toml:4:6: error[T003]",
        "nowhere",
    ] {
        assert!(text.contains(expected), "{expected} in {text}");
    }
    assert!(!folder.path().join("output").exists());
}

#[test]
fn flags_win_over_settings_and_variables() {
    let folder = inputs(&[("a.txt", "改革。".as_bytes())]);
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_yuliao"));
    command.current_dir(folder.path()).env("YULIAO_REPORT_FLAVOR", "zh").env("YULIAO_RUN_OUTPUT", "other");
    let done = command.args(["run", "-q", "-i", "input", "--set", "report.flavor=plain"]).output().unwrap();
    assert_eq!(code(&done), 0, "{}", stderr(&done));
    let terms = fs::read_to_string(folder.path().join("other/terms.csv")).unwrap();
    assert!(terms.starts_with("rank,term,pos") && !terms.contains('\r'));
}

#[test]
fn the_package_describes_every_file_as_it_is() {
    let folder = inputs(&[("a.txt", "改革开放。".as_bytes())]);
    assert_eq!(code(&yuliao(folder.path(), &["run", "-q", "-i", "input"])), 0);
    let output = folder.path().join("output");
    let package: serde_json::Value = serde_json::from_slice(&fs::read(output.join("datapackage.json")).unwrap()).unwrap();
    let run = manifest(&output);
    let resources = package["resources"].as_array().unwrap();
    // All but the audit and the quality of themes, which are written when they are asked for.
    assert_eq!(resources.len(), yuliao::analysis::definitions().len() - 2);
    for (resource, written) in resources.iter().zip(run["outputs"].as_array().unwrap()) {
        let path = resource["path"].as_str().unwrap();
        let text = fs::read_to_string(output.join(path)).unwrap();
        assert_eq!(resource["bytes"].as_u64().unwrap(), text.len() as u64);
        assert_eq!((&resource["path"], &resource["hash"], &resource["bytes"]), (&written["path"], &written["hash"], &written["bytes"]));
        let names: Vec<&str> = resource["schema"]["fields"].as_array().unwrap().iter().map(|f| f["name"].as_str().unwrap()).collect();
        assert_eq!(text.trim_start_matches('\u{FEFF}').lines().next().unwrap(), names.join(","));
    }
}

#[test]
fn a_second_run_leaves_equal_files_alone() {
    let folder = inputs(&[("a.txt", "改革开放。".as_bytes())]);
    let output = folder.path().join("output");
    let modified = |name: &str| fs::metadata(output.join(name)).unwrap().modified().unwrap();
    assert_eq!(code(&yuliao(folder.path(), &["run", "-q", "-i", "input"])), 0);
    let (before, first) = (modified("terms.csv"), manifest(&output)["run_id"].clone());
    assert_eq!(code(&yuliao(folder.path(), &["run", "-q", "-i", "input", "--full"])), 0);
    assert_eq!(modified("terms.csv"), before);
    assert_eq!(manifest(&output)["previous_run_id"], first);
}
