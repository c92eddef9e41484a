//! What changes.csv says after a second run, and that no edit of a list is taken for news.

use std::collections::BTreeMap;

use super::project::{CONFIG, Project, TAXONOMY};
use super::support::{rows, tables};

/// Twelve old documents with 旧词组合 in each, so that its loss in many new ones shows.
fn project() -> Project {
    let project = Project::new(&[]);
    project.write("config/dictionary.txt", "新质生产力\n旧词组合\n低空经济\n");
    for number in 0..12 {
        project.write(&format!("input/old{number:02}.txt"), &format!("第{number}次会议讨论旧词组合。旧词组合与改革开放有关。"));
    }
    project.runs(0, &["-q"]);
    project
}

fn changes(project: &Project, kind: &str) -> Vec<BTreeMap<String, String>> {
    let all = rows(&project.output(), "changes");
    all.into_iter().filter(|row| row["comparison"] == "run" && row["kind"] == kind).collect()
}

/// A run that dies between publishing and remembering leaves its report compared with the run before.
#[test]
fn a_run_that_could_not_remember_is_not_what_the_next_is_compared_with() {
    let project = Project::new(&[("a.txt", "深化改革。".as_bytes())]);
    project.runs(0, &["-q"]);
    let first = project.manifest()["run_id"].clone();
    project.write("input/b.txt", "扩大开放。");
    project.crash("after_baseline");
    let said = project.runs(0, &[]);
    assert!(!said.contains("W_OUTPUT_CHANGED"), "nobody touched it: {said}");
    assert_eq!(project.manifest()["changes"]["baseline_run_id"], first);
    assert_eq!(project.manifest()["counts"]["new"], 0);
    let changes = std::fs::read_to_string(project.output().join("changes.csv")).unwrap();
    assert!(changes.contains(",document,"), "{changes}");
    project.runs(0, &["-q"]);
    assert_eq!(project.manifest()["changes"]["baseline_run_id"], first, "nothing new since");
}

fn status_of(project: &Project, kind: &str, key: &str) -> Option<String> {
    changes(project, kind).into_iter().find(|row| row["key"] == key).map(|row| row["status"].clone())
}

fn add_new_documents(project: &Project) {
    for number in 0..12 {
        project.write(&format!("input/new{number:02}.txt"), &format!("第{number}场论坛谈低空经济。低空经济推动绿色发展。"));
    }
}

#[test]
fn a_first_run_compares_with_nothing() {
    let project = project();
    assert_eq!(rows(&project.output(), "changes").len(), 0);
    assert!(project.manifest()["changes"]["baseline_run_id"].is_null());
}

#[test]
fn planted_words_are_found_with_their_counts() {
    let project = project();
    add_new_documents(&project);
    project.runs(0, &["-q"]);
    let terms = changes(&project, "term");
    let row = terms.iter().find(|row| row["key"] == "低空经济").unwrap();
    // Twice in each of twelve new documents, never before.
    let counts =
        ["status", "previous_count", "current_count", "previous_documents", "current_documents"].map(|column| row[column].as_str());
    assert_eq!(counts, ["new", "0", "24", "0", "12"]);
    // The shortest sentence; of twelve as long that of the first id.
    assert!(row["example"].starts_with('第') && row["example"].ends_with("场论坛谈低空经济。") && row["example"].chars().count() == 11);
    let row = terms.iter().find(|row| row["key"] == "旧词组合").unwrap();
    let counts =
        ["status", "previous_count", "current_count", "previous_documents", "current_documents"].map(|column| row[column].as_str());
    assert_eq!(counts, ["vanished", "24", "0", "12", "0"]);
    assert_eq!(status_of(&project, "theme", "green").as_deref(), Some("new"));
    let documents = changes(&project, "document");
    assert!(documents.len() == 12 && documents.iter().all(|row| row["status"] == "new"));
    assert_eq!(project.number("/counts/new"), 12);
    // A run that brings nothing keeps what is new; so does one with other options only.
    let before = tables(&project.output())["changes.csv"].clone();
    project.runs(0, &["-q", "--set", "ngrams.top=7"]);
    assert_eq!(tables(&project.output())["changes.csv"], before);
    // The next documents are compared with all of those.
    project.write("input/x.txt", "改革开放。");
    project.runs(0, &["-q"]);
    assert_eq!((changes(&project, "term").len(), changes(&project, "document").len()), (0, 1));
}

#[test]
fn edited_moved_and_removed_documents_are_told_apart() {
    let project = project();
    project.write("input/old00.txt", "第0次会议讨论绿色发展。");
    project.remove("input/old01.txt");
    std::fs::rename(project.path().join("input/old02.txt"), project.path().join("input/moved.txt")).unwrap();
    project.runs(0, &["-q"]);
    let documents = changes(&project, "document");
    let seen: Vec<(&str, bool)> = documents.iter().map(|row| (row["status"].as_str(), row["previous_count"].is_empty())).collect();
    assert_eq!(seen.len(), 2, "{documents:?}");
    assert!(seen.contains(&("changed", false)) && seen.contains(&("vanished", false)), "{documents:?}");
    assert_eq!(project.manifest()["changes"]["unavailable_documents"], 0);
    let before = tables(&project.output())["changes.csv"].clone();
    project.runs(0, &["-q", "--full"]);
    assert_eq!(tables(&project.output())["changes.csv"], before, "a run over everything has the same earlier texts");
    // The earlier texts of both were kept for the comparison, and the next one does not need them.
    let retired = || std::fs::read_dir(project.state().join("shards")).unwrap().count();
    let with_retired = retired();
    project.write("input/y.txt", "绿色。");
    project.runs(0, &["-q"]);
    assert!(retired() <= with_retired);
}

#[test]
fn a_project_that_is_moved_goes_on_where_it_was() {
    let mut project = project();
    project.move_to_another_place();
    assert!(project.runs(0, &[]).contains("nothing new"));
    project.write("input/old00.txt", "第0次会议讨论绿色发展。");
    project.runs(0, &["-q"]);
    let documents = changes(&project, "document");
    assert_eq!(documents.iter().map(|row| row["status"].as_str()).collect::<Vec<_>>(), ["changed"]);
    assert_eq!(project.warnings(), [""; 0]);
}

/// `name,status,previous_count,previous_total,current_count,current_total` of a term.
fn term(project: &Project, key: &str) -> Vec<String> {
    let terms = changes(project, "term");
    let row = terms.iter().find(|row| row["key"] == key).unwrap_or_else(|| panic!("{key} has no row"));
    ["status", "previous_count", "previous_total", "current_count", "current_total"].map(|column| row[column].clone()).to_vec()
}

#[test]
fn the_text_of_a_copy_that_is_gone_or_edited_is_still_that_of_the_other() {
    let text = "改革推动发展。";
    let new = "创新创新创新。";
    for edited in [None, Some("教育。")] {
        let project = Project::new(&[("x.txt", text.as_bytes()), ("y.txt", text.as_bytes()), ("z.txt", "健康。".as_bytes())]);
        let set = ["-q", "--set", "changes.min_count=1", "--set", "changes.min_documents=1"];
        project.runs(0, &set);
        match edited {
            None => project.remove("input/y.txt"),
            Some(text) => project.write("input/y.txt", text),
        }
        project.write("input/n.txt", new);
        project.runs(0, &set);
        // Twice 改革 推动 发展 and 健康 before: 7 tokens. 创新 three times in 3 tokens since, and 教育 where that came too.
        let current = if edited.is_none() { "3" } else { "4" };
        assert_eq!(term(&project, "创新"), ["new", "0", "7", "3", current], "{edited:?}");
        let documents: Vec<(String, String)> =
            changes(&project, "document").iter().map(|row| (row["status"].clone(), row["name"].clone())).collect();
        // The text of y is still there, so it has not vanished.
        let expected = if edited.is_none() { vec!["new"] } else { vec!["changed", "new"] };
        let mut found: Vec<&str> = documents.iter().map(|(status, _)| status.as_str()).collect();
        found.sort_unstable();
        assert_eq!(found, expected);
        assert_eq!(project.manifest()["changes"]["unavailable_documents"], 0);
        // Now the other one goes too: both texts must have been kept for a report that looks back as far.
        project.remove("input/x.txt");
        project.runs(0, &[&set[..], &["--set", "changes.baseline=1d"]].concat());
        assert_eq!(term(&project, "创新")[..3], ["new", "0", "7"], "{edited:?}");
    }
}

#[test]
fn after_a_damaged_state_file_counts_and_changes_still_agree() {
    let project = project();
    project.write("input/more.txt", "第0场论坛谈绿色发展。");
    project.write(".yuliao/state.json", "{");
    project.runs(0, &["-q"]);
    let counts = &project.manifest()["counts"];
    assert_eq!((&counts["new"], &counts["unchanged"], &counts["removed"]), (&1.into(), &12.into(), &0.into()));
    assert_eq!(changes(&project, "document").len(), 1);
    assert!(project.warnings().iter().any(|warning| warning == "W_STATE"), "{:?}", project.warnings());
}

#[test]
fn documents_are_new_to_a_report_in_another_folder() {
    let project = project();
    project.write("input/more.txt", "第0场论坛谈绿色发展。");
    project.runs(0, &["-q", "-o", "elsewhere"]);
    let manifest: serde_json::Value = serde_json::from_slice(&std::fs::read(project.path().join("elsewhere/run.json")).unwrap()).unwrap();
    let counts = &manifest["counts"];
    assert_eq!((&counts["new"], &counts["unchanged"], &counts["removed"]), (&13.into(), &0.into(), &0.into()));
}

#[test]
fn of_earlier_reports_only_those_are_remembered_that_are_compared_with() {
    let project = project();
    let remembered = || std::fs::read_dir(project.state().join("baselines")).unwrap().count();
    for number in 0..4 {
        project.write(&format!("input/more{number}.txt"), "绿色发展。");
        project.runs(0, &["-q"]);
    }
    assert_eq!(remembered(), 2);
    // What the last two reports do not have was kept for the comparison; now nothing asks for it.
    project.write("input/old00.txt", "第0次会议讨论绿色发展。");
    project.runs(0, &["-q"]);
    assert_eq!((status_of(&project, "term", "旧词组合"), remembered()), (None, 2));
}

#[test]
fn what_is_only_removed_is_told_of() {
    let project = project();
    project.remove("input/old00.txt");
    project.remove("input/old01.txt");
    project.runs(0, &["-q"]);
    let documents = changes(&project, "document");
    assert_eq!(documents.iter().map(|row| row["status"].as_str()).collect::<Vec<_>>(), ["vanished", "vanished"]);
}

#[test]
fn an_edited_taxonomy_is_told_by_the_sentences_it_moved() {
    // One sentence of each theme in a.txt; 开放 is in the theme reform until it is taken out, 生态 goes into green.
    let project = Project::new(&[("a.txt", "扩大开放。深化改革。绿色发展。生态保护。".as_bytes())]);
    project.write("config/themes.toml", &TAXONOMY.replace(", \"生态\"", ""));
    project.runs(0, &["-q"]);
    project.write("input/b.txt", "开放。生态。");
    project.write("config/themes.toml", &TAXONOMY.replace(", \"开放\"", ""));
    let said = project.runs(0, &[]);
    assert!(said.contains("largest effects: green 1 → 2, reform 2 → 1"), "{said}");
    let effects = project.manifest()["series_break"]["largest_effects"].clone();
    let expected = serde_json::json!([
        { "kind": "theme", "key": "green", "before": 1, "after": 2 },
        { "kind": "theme", "key": "reform", "before": 2, "after": 1 },
    ]);
    assert_eq!(effects, expected, "b.txt is new and not compared");
}

#[test]
fn an_edited_dictionary_gives_no_row_but_a_break_in_series() {
    let project = project();
    project.write("config/dictionary.txt", "新质生产力\n低空经济\n改革开放\n");
    project.runs(0, &["-q"]);
    assert_eq!(rows(&project.output(), "changes").len(), 0);
    assert_eq!(project.manifest()["series_break"]["changed"], serde_json::json!(["dictionary"]), "though no document came");
    project.write("input/x.txt", "会议讨论改革开放。");
    project.write("config/dictionary.txt", "新质生产力\n旧词组合\n低空经济\n改革开放\n");
    let said = project.runs(0, &[]);
    assert!(said.contains("since run r") && said.contains("dictionary"), "{said}");
    assert_eq!(changes(&project, "term").len(), 0);
    let series_break = project.manifest()["series_break"].clone();
    assert_eq!(series_break["changed"], serde_json::json!(["dictionary"]));
    let effects: BTreeMap<&str, (u64, u64)> = series_break["largest_effects"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| (e["key"].as_str().unwrap(), (e["before"].as_u64().unwrap(), e["after"].as_u64().unwrap())))
        .collect();
    assert_eq!(effects["旧词组合"], (0, 24));
    assert!(effects.keys().all(|key| *key != "reform"), "what the texts say of themes is the same: {effects:?}");
    project.write("input/z.txt", "会议。");
    project.runs(0, &["-q"]);
    assert!(project.manifest()["series_break"].is_null());
}

#[test]
fn a_break_in_series_can_wait_for_a_person() {
    let project = project();
    project.write("config/yuliao.toml", &format!("{CONFIG}[changes]\non_series_break = \"stop\"\n"));
    project.write("config/themes.toml", &TAXONOMY.replace("\"开放\"", "\"城市\""));
    let said = project.runs(78, &[]);
    assert!(said.contains("taxonomy:t") && said.contains("--accept-series-break"), "{said}");
    let foreseen = project.runs(78, &["--dry-run"]);
    assert!(!foreseen.is_empty() && said.contains(&foreseen), "a dry run says so before: {foreseen}");
    project.runs(0, &["--dry-run", "--accept-series-break"]);
    project.runs(0, &["--accept-series-break"]);
    project.write("input/x.txt", "城市更新。");
    project.runs(0, &["-q"]);
}

#[test]
fn a_weekly_reader_is_compared_with_the_oldest_report_until_one_is_old_enough() {
    let project = project();
    project.write("config/yuliao.toml", &format!("{CONFIG}[changes]\nbaseline = \"7d\"\n"));
    let first = project.manifest()["run_id"].clone();
    for number in 0..3 {
        project.write(&format!("input/x{number}.txt"), "绿色发展。");
        project.runs(0, &["-q"]);
        assert_eq!(project.manifest()["changes"]["baseline_run_id"], first);
        assert_eq!(changes(&project, "document").len(), number + 1);
    }
}

/// Texts long enough to be compared with each other for their likeness.
fn with_a_near_copy() -> Project {
    let project = Project::new(&[]);
    let body: String = (0..40).map(|n| format!("第{n}项任务由第{}组在第{}个月完成。", n * 7 % 13, n * 5 % 11)).collect();
    project.write("input/a.txt", &body);
    project.write("input/b.txt", &format!("{body}另附说明一份。"));
    project
}

#[test]
fn other_rules_for_copies_are_a_break_and_no_news() {
    let project = with_a_near_copy();
    project.runs(0, &["-q", "--allow-removals"]);
    let collapse = ["-q", "--set", "duplicates.collapse=true"];
    let stopped = project.runs(78, &[&collapse[..], &["--set", "changes.on_series_break=stop"]].concat());
    assert!(stopped.contains("these changed: duplicates"), "{stopped}");
    // Back again nothing was left out in the report that is compared with, which is the first.
    for (arguments, is_break) in [(&collapse[..], true), (&["-q"], false)] {
        project.runs(0, arguments);
        assert_eq!(rows(&project.output(), "changes"), Vec::new());
        let manifest = project.manifest();
        assert_eq!(manifest["series_break"]["changed"], if is_break { serde_json::json!(["duplicates"]) } else { serde_json::Value::Null });
        assert_eq!([&manifest["changes"]["withheld"], &manifest["changes"]["recounted"]], [is_break, false]);
        assert_eq!(["/counts/new", "/counts/changed", "/counts/removed"].map(|count| project.number(count)), [0; 3]);
    }
}

#[test]
fn a_document_that_is_left_out_as_a_copy_is_not_gone() {
    let project = with_a_near_copy();
    project.remove("input/b.txt");
    let collapse = ["-q", "--set", "duplicates.collapse=true", "--set", "changes.min_documents=1"];
    project.runs(0, &collapse);
    // An article that holds the whole text of a.txt: it is kept, and a.txt is left out.
    let body = std::fs::read_to_string(project.path().join("input/a.txt")).unwrap();
    project.write("input/0.txt", &format!("{body}{}", "来源不同的长篇文章，另有许多说法与前文毫不相干，篇幅很长。".repeat(3)));
    project.runs(0, &collapse);
    assert_eq!(rows(&project.output(), "duplicates").len(), 1);
    let statuses: Vec<String> = changes(&project, "document").iter().map(|row| row["status"].clone()).collect();
    assert_eq!(statuses, ["new"]);
    assert_eq!(["/counts/new", "/counts/removed", "/changes/unavailable_documents"].map(|count| project.number(count)), [1, 0, 0]);
    // 任务 stands 40 times in each of the two: what the report before counted is the previous side, whatever is left out now.
    let terms = changes(&project, "term");
    let (new, old): (Vec<_>, Vec<_>) = terms.iter().partition(|row| row["status"] == "new");
    assert!(!new.is_empty() && new.iter().all(|row| !body.contains(row["key"].as_str())), "{new:?} {old:?}");
}

#[test]
fn a_full_run_finds_the_earlier_text_of_a_document_that_had_another_id() {
    let project = project();
    let records = |second: &str| format!("{{\"id\":1,\"text\":\"甲组讨论改革。\"}}\n{{\"id\":1,\"text\":\"{second}\"}}\n");
    project.write("input/two.jsonl", &records("乙组讨论开放。"));
    project.runs(0, &["-q"]);
    project.write("input/two.jsonl", &records("乙组讨论绿色发展。"));
    let state = tempfile::tempdir().unwrap();
    super::project::copy(&project.state(), state.path());
    project.runs(0, &["-q"]);
    let incremental = tables(&project.output())["changes.csv"].clone();
    std::fs::remove_dir_all(project.state()).unwrap();
    super::project::copy(state.path(), &project.state());
    project.runs(0, &["-q", "--full"]);
    assert_eq!(project.number("/changes/unavailable_documents"), 0);
    assert_eq!(String::from_utf8(tables(&project.output())["changes.csv"].clone()).unwrap(), String::from_utf8(incremental).unwrap());
}
