//! What the person who schedules the runs sees: status, events, metrics, copies.

use std::fs;

use super::project::{CONFIG, Project};
use super::support::{code, stderr, stdout, yuliao};

fn project() -> Project {
    Project::new(&[("a.txt", "深化改革。扩大开放。".as_bytes()), ("b.txt", "推动绿色发展。".as_bytes())])
}

fn status(project: &Project, arguments: &[&str]) -> (i32, String) {
    let done = yuliao(project.path(), &[&["status"], arguments].concat());
    assert_eq!(stderr(&done), "");
    (code(&done), stdout(&done))
}

#[test]
fn status_speaks_to_a_monitor() {
    let project = project();
    let (code, text) = status(&project, &["--max-age", "26h"]);
    assert!(code == 3 && text.starts_with("UNKNOWN"), "{text}");
    project.runs(0, &["-q"]);
    let (code, text) = status(&project, &["--max-age", "26h"]);
    assert!(code == 0 && text.starts_with("OK last success") && text.contains("2 documents"), "{text}");
    std::thread::sleep(std::time::Duration::from_millis(1_100));
    let (code, text) = status(&project, &["--max-age", "0s"]);
    assert!(code == 2 && text.starts_with("CRITICAL") && text.contains("too long"), "{text}");
    project.write("input/c.docx", "PK\u{3}\u{4}");
    project.runs(3, &["-q"]);
    let (code, text) = status(&project, &[]);
    assert!(code == 1 && text.starts_with("WARNING") && text.contains("1 inputs could not be used"), "{text}");
    // Nothing new since: what was partial is still partial.
    project.runs(0, &["-q"]);
    assert_eq!(status(&project, &[]).0, 1);
    project.write("config/themes.toml", "no taxonomy");
    project.runs(65, &["-q"]);
    let (code, text) = status(&project, &[]);
    assert!(code == 2 && text.contains("the last run failed with exit code 65") && text.contains("error"), "{text}");
}

#[test]
fn status_knows_of_a_run_that_was_killed() {
    let project = project();
    let killed = project.crash("after_shard_write");
    assert!(!killed.status.success());
    let (code, text) = status(&project, &[]);
    assert!(code == 2 && text.starts_with("CRITICAL the last run ended without a word") && text.contains("(run r"), "{text}");
    project.runs(0, &["-q"]);
    assert_eq!(status(&project, &[]).0, 0);
    project.write("input/c.txt", "开放。");
    project.crash("after_stage");
    let (code, text) = status(&project, &["--max-age", "26h"]);
    assert!(code == 2 && text.starts_with("CRITICAL last success") && text.contains("ended without a word"), "{text}");
    project.runs(0, &["-q"]);
    assert!(status(&project, &[]).1.starts_with("OK last success"));
}

#[test]
fn events_are_one_object_a_line_and_hold_no_text_of_a_document() {
    let project = project();
    project.write("input/c.docx", "PK\u{3}\u{4}");
    let done = project.run(&["--log-format", "json"]);
    assert_eq!((code(&done), stdout(&done).as_str()), (3, ""));
    let events: Vec<serde_json::Value> = stderr(&done).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let names: Vec<&str> = events.iter().map(|event| event["event"].as_str().unwrap()).collect();
    assert_eq!(names, ["run_start", "plan", "document_quarantined", "self_check", "published", "run_end"]);
    assert_eq!((events[2]["code"].as_str(), events[2]["path"].as_str()), (Some("E_FORMAT"), Some("c.docx")));
    assert_eq!(events[5]["code"], "3");
    let run_id = project.manifest()["run_id"].as_str().unwrap().to_string();
    assert!(events.iter().all(|event| event["run_id"] == run_id && event["ts"].is_string() && event["ms"].is_u64()));
    let log = fs::read_to_string(project.state().join(format!("logs/{run_id}.jsonl"))).unwrap();
    assert_eq!(log, stderr(&done));
    assert!(!log.contains("改革"));
    let done = project.run(&["--log-format", "json", "-q"]);
    assert_eq!(stderr(&done), "", "quiet: nothing went wrong");
    assert_eq!(fs::read_to_string(project.state().join("runs.jsonl")).unwrap().lines().count(), 2);
}

#[test]
fn an_empty_file_makes_no_report_partial() {
    let project = project();
    project.write("input/e.txt", "");
    project.runs(0, &["-q"]);
    assert_eq!(status(&project, &[]).0, 0);
}

#[test]
fn inputs_that_turned_bad_are_told_before_their_documents_are_missed() {
    let project = Project::new(&[]);
    (0..12).for_each(|n| project.write(&format!("input/{n}.txt"), &format!("第{n}次深化改革。")));
    project.runs(0, &["-q"]);
    (0..12).for_each(|n| fs::write(project.path().join(format!("input/{n}.txt")), [0, 255, 254, 1].repeat(50)).unwrap());
    let done = project.run(&["--log-format", "json"]);
    assert_eq!(code(&done), 65, "{}", stderr(&done));
    let events = stderr(&done);
    assert_eq!(events.matches("\"document_quarantined\"").count(), 10);
    assert!(events.contains("12 inputs in all"), "{events}");
    let list = fs::read_to_string(project.state().join("quarantine.csv")).unwrap();
    assert_eq!(list.lines().count(), 13, "{list}");
    // What is gone is another matter, and each is named once.
    (0..7).for_each(|n| project.remove(&format!("input/{n}.txt")));
    (7..12).for_each(|n| project.write(&format!("input/{n}.txt"), &format!("第{n}次深化改革。")));
    let told = project.runs(66, &[]);
    assert!(told.contains("7 of 12 documents") && told.matches("\n  ").count() == 7, "{told}");
}

#[test]
fn a_folder_that_is_not_mounted_is_told_although_what_is_left_is_bad() {
    let project = Project::new(&[]);
    (0..12).for_each(|n| project.write(&format!("input/sub/{n}.txt"), &format!("第{n}次深化改革。")));
    (0..3).for_each(|n| project.write(&format!("input/{n}.docx"), "PK\u{3}\u{4}"));
    project.runs(3, &["-q"]);
    let (there, away) = (project.path().join("input/sub"), project.path().join("away"));
    fs::rename(&there, &away).unwrap();
    assert!(project.runs(66, &[]).contains("12 of 12 documents of the last run are gone"));
    fs::rename(&away, &there).unwrap();
    assert!(project.runs(0, &[]).contains("nothing new"), "what was known is still known");
}

#[test]
fn a_report_that_was_touched_or_a_call_from_elsewhere_is_nothing_new() {
    let project = project();
    project.runs(0, &["-q"]);
    for file in ["README.md", "datapackage.json", "run.json", "terms.csv"] {
        let path = project.output().join(file);
        fs::write(&path, fs::read(&path).unwrap()).unwrap();
    }
    assert!(project.runs(0, &[]).contains("nothing new"));
    let config = project.path().join("config/yuliao.toml");
    let elsewhere = tempfile::tempdir().unwrap();
    let done = yuliao(elsewhere.path(), &["run", "--config", config.to_str().unwrap()]);
    assert!(code(&done) == 0 && stderr(&done).contains("nothing new"), "{}", stderr(&done));
    // A table that somebody changed is put back with a word, also where something is new.
    fs::write(project.output().join("terms.csv"), "x").unwrap();
    project.write("input/d.txt", "开放。");
    assert!(project.runs(0, &[]).contains("W_OUTPUT_CHANGED"));
}

#[test]
fn comments_in_a_taxonomy_are_no_break() {
    let project = project();
    project.runs(0, &["-q"]);
    project.write("config/themes.toml", &format!("# 注释\n{}", super::project::TAXONOMY));
    project.write("input/d.txt", "开放。");
    project.runs(0, &["-q", "--set", "changes.on_series_break=\"stop\""]);
    assert!(project.manifest()["series_break"].is_null());
}

#[test]
fn metrics_are_written_after_every_run() {
    let project = project();
    project.write("config/yuliao.toml", &CONFIG.replace("[run]", "[run]\nmetrics = \"yuliao.prom\""));
    let metrics = || fs::read_to_string(project.path().join("yuliao.prom")).unwrap();
    let value = |name: &str| {
        let text = metrics();
        text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' ')?.parse::<f64>().ok())
    };
    project.runs(0, &["-q"]);
    assert_eq!([value("yuliao_documents{state=\"new\"}"), value("yuliao_last_exit_code")], [Some(2.0), Some(0.0)]);
    assert_eq!(value("yuliao_output_rows{table=\"documents\"}"), Some(2.0));
    assert_eq!(value("yuliao_sentences_coded_ratio{taxonomy=\"t\"}"), Some(1.0));
    let success = value("yuliao_last_success_timestamp_seconds");
    assert!(success.is_some_and(|at| at > 1.7e9));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(project.path().join("yuliao.prom")).unwrap().permissions().mode() & 0o777, 0o644);
    }
    project.runs(0, &["-q"]);
    assert_eq!(value("yuliao_documents{state=\"unchanged\"}"), Some(2.0), "nothing was new");
    assert_eq!(value("yuliao_output_rows{table=\"documents\"}"), Some(2.0));
    let success = value("yuliao_last_success_timestamp_seconds");
    project.write("config/themes.toml", "no taxonomy");
    project.runs(65, &["-q"]);
    assert_eq!(value("yuliao_sentences_coded_ratio{taxonomy=\"t\"}"), Some(1.0), "the report is still there");
    assert_eq!([value("yuliao_last_exit_code"), value("yuliao_last_success_timestamp_seconds")], [Some(65.0), success]);
    project.write("config/yuliao.toml", &CONFIG.replace("[run]", "[run]\nmetrics = \"none/yuliao.prom\""));
    project.write("config/themes.toml", super::project::TAXONOMY);
    project.write("input/c.txt", "开放。");
    assert!(project.runs(0, &[]).contains("warning: none/yuliao.prom: cannot be written"));
}

#[test]
fn a_line_that_was_cut_does_not_take_the_next_with_it() {
    let project = project();
    project.runs(0, &["-q"]);
    let runs = project.state().join("runs.jsonl");
    let mut text = fs::read(&runs).unwrap();
    text.extend_from_slice(b"{\"run_id\":\"torn");
    fs::write(&runs, text).unwrap();
    project.write("config/themes.toml", "no taxonomy");
    project.runs(65, &["-q"]);
    assert!(status(&project, &[]).1.contains("the last run failed with exit code 65"));
}

#[test]
fn copies_of_the_tables_are_kept_outside_the_output() {
    let project = project();
    project.write("config/yuliao.toml", &format!("{CONFIG}[history]\nkeep = 2\n"));
    let mut ids = Vec::new();
    for number in 0..3 {
        project.write("input/c.txt", &format!("开放之{number}。"));
        project.runs(0, &["-q"]);
        ids.push((project.manifest()["run_id"].as_str().unwrap().to_string(), fs::read(project.output().join("documents.csv")).unwrap()));
    }
    let history = project.state().join("history");
    let mut kept: Vec<String> = fs::read_dir(&history).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    kept.sort();
    let mut expected: Vec<String> = ids[1..].iter().map(|(id, _)| id.clone()).collect();
    expected.sort();
    assert_eq!(kept, expected);
    for (id, documents) in &ids[1..] {
        assert_eq!(fs::read(history.join(id).join("documents.csv")).unwrap(), *documents);
        assert!(history.join(id).join("run.json").exists());
    }
}

#[test]
fn a_dry_run_writes_nothing_and_exits_as_the_run_would() {
    let project = project();
    let done = project.run(&["--dry-run"]);
    assert_eq!(code(&done), 0, "{}", stderr(&done));
    assert!(stdout(&done).contains("new         2 files") && stdout(&done).contains("made anew"), "{}", stdout(&done));
    assert!(!project.state().exists() && !project.output().exists());
    project.runs(0, &["-q"]);
    let done = project.run(&["--dry-run", "--set", "run.no_change_exit=99"]);
    assert_eq!(code(&done), 99);
    assert!(stdout(&done).contains("nothing is new"), "{}", stdout(&done));
    assert_eq!(code(&project.run(&["--dry-run", "--set", "input.paths=[\"none\"]"])), 66);
    // A table that someone took away would be made again.
    fs::remove_file(project.output().join("terms.csv")).unwrap();
    let done = project.run(&["--dry-run", "--set", "run.no_change_exit=99"]);
    assert!(code(&done) == 0 && stdout(&done).contains("made anew"), "{}", stdout(&done));
    assert_eq!(code(&project.run(&["--wait", "5x"])), 64);
}

#[test]
fn the_manifest_says_what_the_run_took_and_whose_it_is() {
    let project = project();
    project.runs(0, &["-q"]);
    let manifest = project.manifest();
    assert!(manifest["state_id"].as_str().is_some_and(|id| id.starts_with('y')));
    assert!(manifest["resources"]["threads"].as_u64().is_some_and(|threads| threads > 0));
    assert!(manifest["duration_ms"]["check"].is_u64());
    if cfg!(target_os = "linux") {
        assert!(manifest["resources"]["peak_memory_bytes"].as_u64().is_some_and(|bytes| bytes > 1 << 20));
        assert!(manifest["resources"]["processor_ms"].is_u64());
    }
}
