//! The examples for schedulers name only what the program knows: its flags, its exit codes, its settings, its metrics.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use yuliao::run::ExitCode;

use super::support::{code, inputs, project, stderr, stdout, yuliao};

/// What stands before the arguments of a command line: in Markdown and comments, a unit or crontab, Airflow, Kubernetes, Windows.
const BEFORE_ARGUMENTS: [&str; 5] = ["`yuliao ", "bin/yuliao ", "bash_command=\"yuliao ", "args: [", "<Arguments>"];

/// What stands before exit codes.
const BEFORE_CODES: [&str; 6] = ["ExitStatus=", "skip_on_exit_code=", "values: [", "_exit_code != ", "_exit = ", "exit "];

/// The exit code of `run.no_change_exit`, as the examples set it.
const NO_CHANGE: u32 = 99;

/// The files, by name.
fn files() -> BTreeMap<String, String> {
    let entries = fs::read_dir(project().join("config/schedule")).unwrap().map(|e| e.unwrap());
    entries.map(|e| (e.file_name().into_string().unwrap(), fs::read_to_string(e.path()).unwrap())).collect()
}

/// The names of the files in which `find` finds something; so that a test that finds nothing any more does not pass.
fn files_with<T>(find: impl Fn(&str) -> Vec<T>) -> Vec<String> {
    files().into_iter().filter(|(_, text)| !find(text).is_empty()).map(|(name, _)| name).collect()
}

/// The arguments of every command line of the program in a text.
fn commands(text: &str) -> Vec<Vec<String>> {
    let starts = BEFORE_ARGUMENTS.iter().flat_map(|before| text.lines().flat_map(move |line| line.split(before).skip(1)));
    starts.map(arguments).collect()
}

/// The words up to what ends a command line: a redirection, or the end of a quotation, list or element.
fn arguments(rest: &str) -> Vec<String> {
    let command = rest.split(" 2>").next().unwrap();
    let end = command.find(['`', '"', '<', ']', '|', ';']).unwrap_or(command.len());
    command[..end].split([' ', ',']).filter(|word| !word.is_empty()).map(String::from).collect()
}

/// The flags that the help of a command lists.
fn flags_of(command: &str) -> BTreeSet<String> {
    let done = yuliao(&project(), &[command, "--help"]);
    assert_eq!(code(&done), 0, "{command}: {}", stderr(&done));
    let help = stdout(&done);
    let lines = help.lines().map(str::trim_start).filter(|line| line.starts_with('-'));
    let flags = |line: &'_ str| -> Vec<String> {
        line.split([' ', ',']).filter(|word| !word.is_empty()).take_while(|word| word.starts_with('-')).map(String::from).collect()
    };
    lines.flat_map(flags).collect()
}

/// The numbers behind `before`, up to the first word that is none.
fn numbers_after(text: &str, before: &str) -> Vec<u32> {
    let words = |rest: &str| -> Vec<u32> {
        let words = rest.split(|c: char| c.is_whitespace() || c == ',').filter(|word| !word.is_empty());
        words.map_while(|word| word.trim_matches(|c: char| !c.is_ascii_digit()).parse().ok()).collect()
    };
    text.split(before).skip(1).flat_map(words).collect()
}

fn codes(text: &str) -> Vec<u32> {
    BEFORE_CODES.iter().flat_map(|before| numbers_after(text, before)).collect()
}

/// The rows of the README's table of exit codes, as cells.
fn table() -> Vec<Vec<String>> {
    let cells = |line: &str| line.trim_matches('|').split('|').map(|cell| cell.trim().to_string()).collect::<Vec<_>>();
    let rows = files()["README.md"].lines().filter(|line| line.starts_with('|')).map(cells).collect::<Vec<_>>();
    rows.into_iter().filter(|row| row[0].starts_with(|c: char| c.is_ascii_digit())).collect()
}

/// Every `[section] key = value` and every block of TOML in a text, as a configuration.
fn settings(text: &str) -> Vec<String> {
    let blocks = text.split("```toml\n").skip(1).map(|block| block.split("```").next().unwrap().to_string());
    let in_section = |section: &'static str| {
        let starts = text.lines().flat_map(move |line| line.split(section).skip(1));
        starts.filter_map(move |rest| Some(format!("{}\n{}\n", section.trim(), setting(rest)?)))
    };
    blocks.chain(in_section("[run] ")).chain(in_section("[input] ")).collect()
}

/// `key = value` at the beginning of a text.
fn setting(rest: &str) -> Option<String> {
    let (key, value) = rest.split_once(" = ").filter(|(key, _)| !key.contains(' '))?;
    let end = match value.chars().next()? {
        '"' => value[1..].find('"')? + 2,
        '[' => value.find(']')? + 1,
        _ => value.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(value.len()),
    };
    Some(format!("{key} = {}", &value[..end]))
}

#[test]
fn every_command_line_is_one_that_the_program_reads() {
    let with = ["README.md", "airflow_yuliao.py", "crontab", "kubernetes-cronjob.yaml", "windows-task.xml", "yuliao.service"];
    assert_eq!(files_with(commands), with);
    for (file, command) in files().iter().flat_map(|(file, text)| commands(text).into_iter().map(move |command| (file, command))) {
        let known = flags_of(&command[0]);
        for flag in command.iter().filter(|word| word.starts_with('-')) {
            assert!(known.contains(flag.split('=').next().unwrap()), "{file}: {flag} in {command:?}");
        }
        // With --help behind them the arguments before are read, and a wrong value is refused, but nothing runs.
        let arguments: Vec<&str> = command.iter().map(String::as_str).chain(["--help"]).collect();
        let done = yuliao(&project(), &arguments);
        assert_eq!(code(&done), 0, "{file}: {command:?}: {}", stderr(&done));
    }
}

#[test]
fn every_exit_code_is_one_of_the_program() {
    let known: BTreeSet<u32> = ExitCode::ALL.iter().map(|(exit, _)| u32::from(exit.code())).chain([NO_CHANGE]).collect();
    for file in ["README.md", "airflow_yuliao.py", "alerts.yml", "crontab", "kubernetes-cronjob.yaml", "yuliao.service"] {
        assert!(files_with(codes).contains(&file.to_string()), "no exit code found in {file}");
    }
    for (file, text) in files() {
        let unknown: Vec<u32> = codes(&text).into_iter().filter(|code| !known.contains(code)).collect();
        assert!(unknown.is_empty(), "{file}: {unknown:?}");
    }
    let mut listed: Vec<u32> = table().iter().flat_map(|row| row[0].split(' ').map(|c| c.parse().unwrap()).collect::<Vec<_>>()).collect();
    listed.sort_unstable();
    // Equal as lists: each code once.
    assert_eq!(listed, known.into_iter().collect::<Vec<_>>());
}

#[test]
fn schedulers_retry_what_the_table_says() {
    let is_final = |row: &&Vec<String>| row[2] == "old" && row[3].starts_with("no");
    let hopeless: Vec<u32> = table().iter().filter(is_final).map(|row| row[0].parse().unwrap()).collect();
    assert!(!hopeless.is_empty());
    assert_eq!(numbers_after(&files()["yuliao.service"], "RestartPreventExitStatus="), hopeless);
    assert_eq!(numbers_after(&files()["kubernetes-cronjob.yaml"], "values: ["), hopeless);
    assert_eq!(numbers_after(&files()["airflow_yuliao.py"], "skip_on_exit_code="), [NO_CHANGE]);
}

#[test]
fn every_setting_is_one_of_the_program() {
    let with = ["README.md", "airflow_yuliao.py", "alerts.yml", "kubernetes-cronjob.yaml", "yuliao.service"];
    assert_eq!(files_with(settings), with);
    for (file, text) in files() {
        for setting in settings(&text) {
            yuliao::config::load_text(&file, &setting, &[]).unwrap_or_else(|problem| panic!("{setting}{problem}"));
        }
    }
}

#[test]
fn alerts_read_metrics_that_a_run_writes() {
    let folder = inputs(&[("a.txt", "改革开放。".as_bytes())]);
    let metrics = folder.path().join("yuliao.prom");
    let done = yuliao(folder.path(), &["run", "-q", "-i", "input", "--set", &format!("run.metrics={}", metrics.display())]);
    assert_eq!(code(&done), 0, "{}", stderr(&done));
    let (written, alerts) = (fs::read_to_string(metrics).unwrap(), &files()["alerts.yml"]);
    let words = alerts.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    let read: BTreeSet<&str> = words.filter(|word| word.starts_with("yuliao_")).collect();
    assert!(read.len() >= 2, "{read:?}");
    for name in read {
        assert!(written.lines().any(|line| line.strip_prefix(name).is_some_and(|rest| rest.starts_with([' ', '{']))), "{name}");
    }
}
