//! What an analyst does with a taxonomy: export it, edit it in a spreadsheet, take it back, check it, measure it, learn from it.

use std::fs;
use std::path::Path;
use std::process::Output;

use super::support::{code, inputs, project, rows, stderr, stdout, yuliao};

const TAXONOMY: &str = "# Ours.\n[taxonomy]\nid = \"ours\"\nversion = \"1\"\n\n[[theme]]\nid = \"a\"\nname = \"甲\"\nkind = \"policy\"\n\n[[theme]]\nid = \"a.reform\"\nname = \"改革\"\nterms = [\"改革\"] # the word\nexamples = [\"推进改革。\"]\n\n[[theme]]\nid = \"a.open\"\nname = \"开放\"\nterms = [\"开放\"]\nreplaces = [\"a.old\"]\n";

fn folder() -> tempfile::TempDir {
    let folder =
        inputs(&[("a.txt", "推进改革。\n扩大开放，推进改革。\n天气晴好。\n".as_bytes()), ("b.txt", "扩大开放。\n足球比赛。\n".as_bytes())]);
    fs::write(folder.path().join("ours.toml"), TAXONOMY).unwrap();
    let config = "[input]\npaths = [\"input\"]\n[dictionary]\nfiles = []\n[stopwords]\nfiles = []\n[themes]\ntaxonomy = [\"ours.toml\"]\n";
    fs::write(folder.path().join("yuliao.toml"), config).unwrap();
    folder
}

fn themes(folder: &Path, arguments: &[&str]) -> Output {
    yuliao(folder, &[&["themes"], arguments, &["--config", "yuliao.toml"]].concat())
}

/// What is said on both streams.
fn said(done: &Output) -> String {
    format!("{}{}", stdout(done), stderr(done))
}

#[test]
fn a_taxonomy_goes_through_a_spreadsheet_and_back() {
    let folder = folder();
    let path = folder.path();
    let done = themes(path, &["export", "-o", "pair"]);
    assert_eq!(code(&done), 0, "{}", stderr(&done));
    assert!(stderr(&done).contains("3 themes, 4 patterns, masks and examples"), "{}", stderr(&done));
    assert!(stderr(&done).contains("note: 2 comments of ours.toml left out"), "{}", stderr(&done));
    // What is there is not replaced by accident.
    assert_eq!(code(&themes(path, &["export", "-o", "pair"])), 73);
    // Excel saves GB18030 with another order of columns and blank rows.
    let patterns = "note,pattern,op,theme_id,weight,scope\r\n,id=ours,set,*,,\r\n,version=2,set,*,,\r\n,,,,,\r\n,改革,term,a.reform,,\r\n新,深化改革,term,a.reform,2,\r\n,推进改革。,example,a.reform,,\r\n,开放,term,a.open,,\r\n,a.old,replaces,a.open,,\r\n";
    fs::write(path.join("pair/patterns.csv"), encoding_rs::GB18030.encode(patterns).0).unwrap();
    // Nor does import write over what somebody wrote.
    fs::write(path.join("notes.txt"), "mine").unwrap();
    assert_eq!(code(&themes(path, &["import", "pair", "-o", "notes.txt"])), 73);
    assert_eq!(fs::read_to_string(path.join("notes.txt")).unwrap(), "mine");
    assert_eq!(code(&themes(path, &["import", "pair", "-o", "notes.txt", "--force"])), 0);
    let done = themes(path, &["import", "pair", "--dry-run"]);
    assert_eq!(code(&done), 0, "{}", said(&done));
    assert_eq!(stdout(&done), "~ version: `1` → `2`\n+ a.reform term { t = \"深化改革\", w = 2, note = \"新\" }\n");
    assert_eq!(fs::read_to_string(path.join("ours.toml")).unwrap(), TAXONOMY);
    assert_eq!(code(&themes(path, &["import", "pair"])), 0);
    let changed = fs::read_to_string(path.join("ours.toml")).unwrap();
    for kept in ["# Ours.\n", "# the word\n", "version = \"2\"", "{ t = \"深化改革\", w = 2, note = \"新\" }"] {
        assert!(changed.contains(kept), "{kept}\n{changed}");
    }
    // The folder itself may be the taxonomy of a run, and finds the same.
    for (taxonomy, output) in [("ours.toml", "one"), ("pair", "two")] {
        let done = yuliao(path, &["run", "--config", "yuliao.toml", "--taxonomy", taxonomy, "-o", output]);
        assert_eq!(code(&done), 0, "{}", stderr(&done));
    }
    let evidence = |output: &str| fs::read(path.join(output).join("theme_evidence.csv")).unwrap();
    assert_eq!(evidence("one"), evidence("two"));
    assert!(stderr(&themes(path, &["import", "pair"])).contains("ours.toml: nothing changes"));
}

#[test]
fn a_pair_with_errors_is_refused_with_row_and_column() {
    let folder = folder();
    let path = folder.path();
    assert_eq!(code(&themes(path, &["export", "-o", "pair"])), 0);
    let patterns = fs::read_to_string(path.join("pair/patterns.csv")).unwrap();
    let exported = patterns.lines().count();
    fs::write(path.join("pair/patterns.csv"), patterns + "a.reform,terms,深化,,,\r\n,term,发展,,,\r\na.reform,example,天气。,,,\r\n")
        .unwrap();
    let done = themes(path, &["import", "pair"]);
    assert_eq!(code(&done), 65);
    for expected in [
        format!("patterns.csv:{}:2: error[T002]: unknown op `terms`, did you mean `term`?", exported + 1),
        format!("patterns.csv:{}:1: error[T003]", exported + 2),
    ] {
        assert!(stderr(&done).contains(&expected), "{expected}\n{}", stderr(&done));
    }
    assert_eq!(fs::read_to_string(path.join("ours.toml")).unwrap(), TAXONOMY);
}

#[test]
fn a_check_lists_everything_for_people_and_programs() {
    let folder = folder();
    let path = folder.path();
    assert_eq!(code(&themes(path, &["check", "--strict"])), 0);
    let more = "[[theme]]\nid = \"a.more\"\nterms = [\"深化改革\", \"从未出现\"]\nmask = [\"无关\"]\n";
    fs::write(path.join("ours.toml"), format!("{TAXONOMY}{more}")).unwrap();
    let done = themes(path, &["check", "--corpus"]);
    assert_eq!(code(&done), 0);
    for expected in [
        "ours.toml:14:10: info[T017]: `改革` of `a.reform` does not count inside `深化改革` of `a.more`, line 24",
        "ours.toml:25:9: info[T018]: the mask `无关` of `a.more` holds none of its patterns",
        "ours.toml:24:18: info[T021]: `从未出现` is never found in 5 sentences",
        "0 errors, 0 warnings, 4 notes",
    ] {
        assert!(stderr(&done).contains(expected), "{expected}\n{}", stderr(&done));
    }
    let again = "[[theme]]\nid = \"a.again\"\nterms = [\"改革\"]\nuse = [\"a.open<1\"]\n";
    fs::write(path.join("ours.toml"), format!("{TAXONOMY}use = [\"a.again>=1\"]\n{again}")).unwrap();
    let done = themes(path, &["check", "--format", "json"]);
    assert_eq!(code(&done), 65);
    let records: Vec<serde_json::Value> = stdout(&done).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let circle = records.iter().find(|record| record["code"] == "T013").unwrap();
    assert_eq!(circle["message"], "themes use each other in a circle: a.open -> a.again -> a.open");
    assert_eq!((&circle["line"], &circle["level"]), (&22.into(), &"error".into()));
}

#[test]
fn token_patterns_are_held_against_the_segmenter() {
    let folder = folder();
    let path = folder.path();
    let token =
        "[[theme]]\nid = \"a.t\"\ntoken = [\"天气\", \"非常好天气\"]\nexamples = [\"天气很好。\"]\ncounterexamples = [\"全球比较。\"]\n";
    fs::write(path.join("ours.toml"), format!("{TAXONOMY}{token}")).unwrap();
    let done = themes(path, &["check"]);
    assert_eq!(code(&done), 0, "{}", stderr(&done));
    assert!(stderr(&done).contains("ours.toml:24:16: warning[T020]: `非常好天气` is cut 非常/"), "{}", stderr(&done));
    assert_eq!(code(&themes(path, &["check", "--strict"])), 65);
    fs::write(path.join("ours.toml"), format!("{TAXONOMY}{}", token.replace("天气很好", "足球比赛"))).unwrap();
    for command in
        [&["themes", "check", "--config", "yuliao.toml"][..], &["run", "--config", "yuliao.toml"], &["check", "--config", "yuliao.toml"]]
    {
        let done = yuliao(path, command);
        assert_eq!(code(&done), 65, "{command:?} {}", stderr(&done));
        assert!(
            stderr(&done).contains("ours.toml:25:13: error[T014]: the example `足球比赛。` is not coded with `a.t`; no pattern matches"),
            "{}",
            stderr(&done)
        );
    }
}

#[test]
fn labels_are_scored_with_and_without_the_text() {
    let folder = folder();
    let path = folder.path();
    let done = yuliao(path, &["run", "--config", "yuliao.toml"]);
    assert_eq!(code(&done), 0, "{}", stderr(&done));
    // The labels of a run, taken as gold, agree with themselves.
    let done = themes(path, &["score", "--gold", "output/sentence_themes.csv", "--min-f1", "1"]);
    assert_eq!(code(&done), 0, "{}", said(&done));
    assert!(stdout(&done).contains("total.leaf.micro,4,4,0,0,1.0000,1.0000,1.0000"), "{}", stdout(&done));
    // A person differs in one sentence, and uses a former id in another.
    let table = fs::read_to_string(path.join("output/sentence_themes.csv")).unwrap();
    let gold = table.replacen("a.reform,a.reform,", "a.reform,,", 1).replacen("a.open,a.open,", "a.open,a.old,", 1);
    assert_ne!(gold, table);
    fs::write(path.join("gold.csv"), &gold).unwrap();
    let done = themes(
        path,
        &["score", "--gold", "gold.csv", "-v", "--evidence", "evidence.csv", "--without-text", "labels.csv", "--min-f1", "0.95"],
    );
    assert_eq!(code(&done), 65);
    // tp 3, fp 1: precision 3/4, recall 1, f1 6/7. Wilson of 3/4: 0.300642 to 0.954413; 2j/(1+j): 0.4623 to 0.9767.
    assert!(stdout(&done).contains("total.leaf.micro,3,3,1,0,0.7500,1.0000,0.8571,0.4623,0.9767"), "{}", stdout(&done));
    assert!(stderr(&done).contains("too many [a.reform] by 改革 missing []"), "{}", stderr(&done));
    assert!(stderr(&done).contains("error: expected an F1 of at least 0.95, found 0.8571"), "{}", stderr(&done));
    assert!(fs::read_to_string(path.join("evidence.csv")).unwrap().contains("a.reform,term,改革,"));
    // The labels alone, held against the documents.
    let labels = fs::read_to_string(path.join("labels.csv")).unwrap();
    assert!(labels.starts_with("\u{FEFF}doc_id,sentence_no,sentence_hash,themes\r\n") && !labels.contains("改革"), "{labels}");
    let by_reference = themes(path, &["score", "--gold", "labels.csv"]);
    assert_eq!((code(&by_reference), stdout(&by_reference)), (0, stdout(&done)));
    fs::write(path.join("input/b.txt"), "改过的句子。\n").unwrap();
    let done = themes(path, &["score", "--gold", "labels.csv"]);
    assert_eq!(code(&done), 3, "{}", said(&done));
    assert!(stderr(&done).contains("1 sentence of labels.csv not in the documents, or changed"), "{}", stderr(&done));
    fs::write(path.join("input/a.txt"), "别的。\n").unwrap();
    assert_eq!(code(&themes(path, &["score", "--gold", "labels.csv"])), 66);
    for (bad, expected) in [
        ("sentence,themes\n推进改革。,a.none\n", "bad.csv:2: error[G002]: there is no theme `a.none` in ours"),
        ("sentence,themes\n推进改革。,a\n", "bad.csv:2: error[G002]: `a` has parts"),
        ("text,themes\n推进改革。,a\n", "bad.csv:1: error[G001]: expected the columns sentence and themes"),
        ("sentence,themes,sentence_no\n推进改革。,,x\n", "bad.csv:2:3: error[G001]: expected a whole number, found `x`"),
    ] {
        fs::write(path.join("bad.csv"), bad).unwrap();
        let done = themes(path, &["score", "--gold", "bad.csv"]);
        assert_eq!(code(&done), 65);
        assert!(stderr(&done).contains(expected), "{expected}\n{}", stderr(&done));
    }
}

#[test]
fn a_run_with_a_gold_file_says_how_far_to_trust_each_theme() {
    let folder = folder();
    let path = folder.path();
    fs::write(path.join("gold.csv"), "句子,主题\n推进改革。,a.reform\n谈改革。,\n天气晴。,a.open\n").unwrap();
    let done = yuliao(path, &["run", "--config", "yuliao.toml", "--set", "themes.gold=gold.csv"]);
    assert_eq!(code(&done), 0, "{}", stderr(&done));
    let output = path.join("output");
    let quality = rows(&output, "theme_quality");
    let of = |id: &str| quality.iter().find(|row| row["theme_id"] == id).unwrap();
    assert_eq!((of("a.reform")["tp"].as_str(), of("a.reform")["fp"].as_str(), of("a.open")["fn"].as_str()), ("1", "1", "1"));
    let patterns = rows(&output, "pattern_stats");
    let reform = patterns.iter().find(|row| row["pattern"] == "改革").unwrap();
    assert_eq!((reform["gold_sentences"].as_str(), reform["gold_right"].as_str(), reform["precision"].as_str()), ("2", "1", "0.5000"));
    let done = yuliao(path, &["run", "--config", "yuliao.toml", "--set", "themes.gold=none.csv"]);
    assert_eq!(code(&done), 65);
}

#[test]
fn the_quality_of_the_seed_is_that_of_the_reference() {
    let folder = folder();
    let vectors = project().join("tests/vectors");
    let (gold, taxonomy) = (vectors.join("seed_gold.csv"), vectors.join("seed_reference_taxonomy.toml"));
    let done = themes(folder.path(), &["score", "--gold", gold.to_str().unwrap(), "--taxonomy", taxonomy.to_str().unwrap()]);
    assert_eq!(code(&done), 0, "{}", stderr(&done));
    for expected in ["total.leaf.micro,135,135,1,0,0.9926,1.0000,0.9963,", "total.main.micro,84,84,1,0,0.9882,1.0000,0.9941,"] {
        assert!(stdout(&done).contains(expected), "{expected}\n{}", stdout(&done));
    }
    let expected = fs::read_to_string(vectors.join("seed_quality.csv")).unwrap();
    assert_eq!(
        stdout(&done).replace("\r\n", "\n").trim_start_matches('\u{FEFF}'),
        expected.replace("\r\n", "\n").trim_start_matches('\u{FEFF}')
    );
}

#[test]
fn a_sample_is_blind_and_two_coders_are_compared() {
    let folder = folder();
    let path = folder.path();
    let done = themes(path, &["sample", "--per-theme", "2", "--uncoded", "1", "-o", "sample.csv", "--codebook", "codebook.csv"]);
    assert_eq!(code(&done), 0, "{}", said(&done));
    let sample = rows(path, "sample");
    // Two sentences of each of the two leaves, one of them both, and one without a theme.
    assert!((3..=5).contains(&sample.len()), "{}", sample.len());
    assert!(sample.iter().all(|row| row["themes"].is_empty() && row["sentence_hash"].len() == 17));
    assert_eq!(sample.iter().filter(|row| row["sentence"].contains("天气") || row["sentence"].contains("足球")).count(), 1);
    assert_eq!(rows(path, "codebook").len(), 2);
    let larger = themes(path, &["sample", "--per-theme", "5", "--uncoded", "5"]);
    assert!(sample.iter().all(|row| stdout(&larger).contains(&row["sentence_hash"])));
    // Four sentences: both label the first, only the second coder the second. n₁ = 3 of 8 values, d = 1: α = 1 − 7 / 15.
    fs::write(path.join("one.csv"), "sentence,themes\n甲。,a.reform\n乙。,\n丙。,\n丁。,\n只有甲。,\n").unwrap();
    fs::write(path.join("two.csv"), "sentence,themes\n丁。,\n丙。,\n乙。,a.reform\n甲。,a.reform\n").unwrap();
    let done = themes(path, &["agree", "one.csv", "two.csv"]);
    assert_eq!(code(&done), 0, "{}", said(&done));
    assert!(stdout(&done).contains("a.reform,4,1,0,1,2,0.7500,0.533333,weak\r\n"), "{}", stdout(&done));
    assert!(stderr(&done).contains("1 sentence only in one.csv, not compared"), "{}", stderr(&done));
    // Only what is marked for a second coder is compared, and a misspelt label is named.
    fs::write(path.join("one.csv"), "sentence,themes,second_coder\n甲。,a.reform,yes\n乙。,,yes\n丙。,a.reform,\n丁。,a.refrom,\n")
        .unwrap();
    fs::write(path.join("two.csv"), "sentence,themes,second_coder\n甲。,a.reform,yes\n乙。,,yes\n丙。,,\n丁。,,\n").unwrap();
    let done = themes(path, &["agree", "one.csv", "two.csv"]);
    assert_eq!(code(&done), 0, "{}", said(&done));
    assert!(stdout(&done).contains("a.reform,2,1,0,0,1,1.0000,1.000000,firm\r\n"), "{}", stdout(&done));
    assert!(stderr(&done).contains("2 sentences not marked in second_coder, not compared"), "{}", stderr(&done));
    assert!(stderr(&done).contains("warning: one.csv:5: there is no theme `a.refrom`"), "{}", stderr(&done));
}

#[test]
fn proposals_are_decided_in_a_spreadsheet_and_taken_over() {
    let folder = folder();
    let path = folder.path();
    let text = "推进改革，优化营商环境。\n".repeat(60) + &"优化营商环境很重要。\n".repeat(3) + &"扩大开放，欢迎外资。\n".repeat(60);
    fs::write(path.join("input/c.txt"), text).unwrap();
    let done = themes(path, &["suggest", "--level", "2", "-o", "proposals.csv"]);
    assert_eq!(code(&done), 0, "{}", said(&done));
    let proposals = rows(path, "proposals");
    let found = proposals.iter().find(|row| row["theme_id"] == "a.reform" && row["word"] == "环境").unwrap();
    assert_eq!(
        (found["tf"].as_str(), found["tf_theme"].as_str(), found["gain"].as_str(), found["example"].as_str()),
        ("63", "60", "3", "优化营商环境很重要。")
    );
    let table = fs::read_to_string(path.join("proposals.csv")).unwrap();
    let decided: String = table
        .lines()
        .map(|line| match line {
            _ if line.starts_with("a.reform,环境,") => format!("{line}accept\n"),
            _ if line.starts_with("a.open,外资,") => format!("{line}reject\n"),
            _ => format!("{line}\n"),
        })
        .collect();
    fs::write(path.join("proposals.csv"), decided).unwrap();
    let done = themes(path, &["import", "--suggestions", "proposals.csv"]);
    assert_eq!(
        (code(&done), stdout(&done)),
        (0, "+ a.reform term { t = \"环境\", note = \"suggested\" }\n+ a.open rejected \"外资\"\n".to_string()),
        "{}",
        stderr(&done)
    );
    // What was accepted is a pattern now, and what was refused is not proposed again.
    let done = themes(path, &["suggest", "--level", "2"]);
    assert!(!stdout(&done).contains("a.reform,环境,") && !stdout(&done).contains("a.open,外资,"), "{}", stdout(&done));
    let done = themes(path, &["selftest"]);
    assert_eq!(code(&done), 0, "{}", said(&done));
    assert_eq!(stdout(&done).lines().count(), 1 + 5 * 2);
}

/// A file beside the others.
fn put(folder: &Path, name: &str, text: &str) {
    fs::write(folder.join(name), text).unwrap();
}

#[test]
fn labels_are_scored_as_a_run_codes_them() {
    let folder = folder();
    let path = folder.path();
    // Traditional characters are counted in simplified ones: a run codes this, and what it labels is right by itself.
    put(path, "input/c.txt", "擴大開放，推進體制改革。\n推進經濟體制改革。\n");
    assert_eq!(code(&yuliao(path, &["run", "--config", "yuliao.toml", "-q"])), 0);
    let done = themes(path, &["score", "--gold", "output/sentence_themes.csv", "--min-f1", "1"]);
    assert_eq!(code(&done), 0, "{}", said(&done));
    assert!(stdout(&done).contains("total.leaf.micro,7,7,0,0,"), "{}", stdout(&done));
    // Where the documents are at hand they tell how a sentence is counted, not the few that are labelled.
    put(path, "input/c.txt", "擴大對外開放，經濟體制與農業發展。\n推进改革。\n天氣晴好。\n");
    assert_eq!(code(&yuliao(path, &["run", "--config", "yuliao.toml", "-q"])), 0);
    let labels = themes(path, &["score", "--gold", "output/sentence_themes.csv", "--without-text", "labels.csv"]);
    assert_eq!(code(&labels), 0, "{}", said(&labels));
    let done = themes(path, &["score", "--gold", "labels.csv", "--min-f1", "1"]);
    assert_eq!(code(&done), 0, "{}", said(&done));
    // So is an example of a taxonomy.
    put(path, "ours.toml", &TAXONOMY.replace("[\"推进改革。\"]", "[\"推進體制改革。\"]"));
    assert_eq!(code(&themes(path, &["check"])), 0);
    // A taxonomy in traditional characters finds nothing that way.
    put(path, "ours.toml", &TAXONOMY.replace("version", "language = \"zh-Hant\"\nversion").replace("开放", "開放").replace("推进", "推進"));
    let done = themes(path, &["check"]);
    assert!(code(&done) == 0 && said(&done).contains("T025") && said(&done).contains("text.simplify = false"), "{}", said(&done));
    assert!(!said(&themes(path, &["check", "--set", "text.simplify=false"])).contains("T025"));
}

#[test]
fn rows_of_a_gold_file_may_stand_in_any_order_but_must_be_whole() {
    let folder = folder();
    let path = folder.path();
    put(
        path,
        "ours.toml",
        &TAXONOMY
            .replace("terms = [\"改革\"]", "unit = \"paragraph\"\nthreshold = 2\nterms = [\"改革\"]")
            .replace("examples = [\"推进改革。\"]\n", ""),
    );
    // 改革 twice in the first paragraph, once in the second.
    let rows = ["d,1,1,改革一。,a.reform", "d,2,3,改革三。,", "d,1,2,改革二。,a.reform"];
    let header = "doc_id,paragraph_no,sentence_no,sentence,themes";
    put(path, "gold.csv", &format!("{header}\n{}\n", rows.join("\n")));
    let done = themes(path, &["score", "--gold", "gold.csv", "--min-f1", "1"]);
    assert_eq!(code(&done), 0, "{}", said(&done));
    for (name, rows, problem) in [
        ("wide", "sentence,themes\n改革。,a.reform,a.open\n", "wide.csv:2: error[G001]: 3 fields, the header has 2"),
        ("cut", "sentence,themes\n改革。,a.reform\n改革。\n", "cut.csv:3: error[G001]: 1 fields, the header has 2"),
        ("open", "sentence,themes\n改革。,\"a.reform\n开放。,a.open\n", "open.csv:2: error[G001]: a cell begins with a double quote"),
        ("twice", "doc_id,sentence_no,sentence,themes\nd,1,改革。,a.reform\nd,1,改革。,\n", "sentence d#1 is labelled in line 2 already"),
    ] {
        put(path, &format!("{name}.csv"), rows);
        let done = themes(path, &["score", "--gold", &format!("{name}.csv")]);
        assert!(code(&done) == 65 && stderr(&done).contains(problem), "{name}: {}", said(&done));
    }
}

#[test]
fn coders_are_compared_by_sentence_and_by_the_ids_of_today() {
    let folder = folder();
    let path = folder.path();
    // The same labels in another order and under a former id; no sentence has a number.
    put(path, "one.csv", "doc_id,sentence,themes\nd,甲。,a.open\nd,乙。,\nd,丙。,a.reform\n");
    put(path, "two.csv", "doc_id,sentence,themes\nd,丙。,a.reform\nd,乙。,\nd,甲。,a.old\n");
    let done = themes(path, &["agree", "one.csv", "two.csv"]);
    assert!(code(&done) == 0 && stderr(&done).contains("3 sentences coded by both, alpha of all leaves 1.000"), "{}", said(&done));
    assert!(!stdout(&done).contains("a.old"), "{}", stdout(&done));
    // A sentence that stands twice is two; numbers of one file alone do not matter.
    put(path, "one.csv", "doc_id,sentence,themes\nd,甲。,a.open\nd,甲。,\n");
    put(path, "two.csv", "doc_id,sentence_no,sentence,themes\nd,4,甲。,a.open\nd,9,甲。,\n");
    let done = themes(path, &["agree", "one.csv", "two.csv"]);
    assert!(code(&done) == 0 && stderr(&done).contains("2 sentences coded by both, alpha of all leaves 1.000"), "{}", said(&done));
}

#[test]
fn a_quote_that_is_not_closed_hides_no_patterns() {
    let folder = folder();
    let path = folder.path();
    assert_eq!(code(&themes(path, &["export", "-o", "pair"])), 0);
    let whole = fs::read_to_string(path.join("pair/patterns.csv")).unwrap();
    let line = 1 + whole.lines().position(|line| line.contains("a.reform,term,改革")).unwrap();
    let text = format!("patterns.csv:{line}: error[T001]");
    for broken in [
        whole.replacen("a.reform,term,改革,,,", "a.reform,term,改革,,,\"好词", 1),
        whole.replacen("a.reform,term,改革,,,", "a.reform,term,\"改革,,,", 1) + "a.open,term,\"新\",,,\r\n",
    ] {
        assert_ne!(broken, whole);
        put(path, "pair/patterns.csv", &broken);
        let done = yuliao(path, &["themes", "check", "--config", "yuliao.toml", "--taxonomy", "pair"]);
        assert!(code(&done) == 65 && said(&done).contains(&text), "{text}: {}", said(&done));
    }
}

#[test]
fn proposals_with_chinese_titles_are_taken_over() {
    let folder = folder();
    let path = folder.path();
    let done = themes(path, &["suggest", "-o", "list.csv", "--set", "report.flavor=zh"]);
    assert!(code(&done) == 0 && fs::read_to_string(path.join("list.csv")).unwrap().starts_with("\u{FEFF}主题编号,"), "{}", said(&done));
    let done = themes(path, &["import", "--suggestions", "list.csv", "--dry-run"]);
    assert_eq!(code(&done), 0, "{}", said(&done));
    put(path, "list.csv", "\u{FEFF}sep=;\r\n主题编号;词语;词性;决定\r\na.reform;转型;vn;accept\r\n");
    let done = themes(path, &["import", "--suggestions", "list.csv", "--dry-run"]);
    assert!(code(&done) == 0 && stdout(&done).contains("+ a.reform term"), "{}", said(&done));
}
