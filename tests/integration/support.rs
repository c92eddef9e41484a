//! Running the program and reading its tables.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The folder of the project.
pub fn project() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Runs the program in `folder` with none of the user's settings.
pub fn yuliao(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_yuliao"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("YULIAO_")) {
        command.env_remove(name);
    }
    if let Some(state) = state_of_a_trial(folder, arguments) {
        command.env("YULIAO_RUN_STATE", state);
    }
    command.current_dir(folder).args(arguments).output().unwrap()
}

/// Tests run at the same time with configurations of the repository: each remembers what it reads beside its own output.
fn state_of_a_trial(folder: &Path, arguments: &[&str]) -> Option<PathBuf> {
    let is_of_project = |path: &&str| folder.join(path).starts_with(project());
    let config = arguments.iter().position(|a| *a == "--config").and_then(|at| arguments.get(at + 1));
    let output = arguments.iter().position(|a| *a == "-o" || *a == "--output").and_then(|at| arguments.get(at + 1))?;
    let is_run = arguments.first() == Some(&"run");
    (is_run && (folder == project() || config.is_some_and(is_of_project))).then(|| folder.join(format!("{output}.state")))
}

pub fn code(output: &Output) -> i32 {
    output.status.code().unwrap_or(-1)
}

pub fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The tables of a report: name and bytes. Left out: run.json, the only file with times, and what it leads to.
pub fn tables(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).unwrap().map(|e| e.unwrap());
    let files = entries.map(|e| (e.file_name().into_string().unwrap(), fs::read(e.path()).unwrap()));
    files.filter(|(name, _)| name != "run.json").collect()
}

/// Rows of a table as maps from column to cell.
pub fn rows(folder: &Path, table: &str) -> Vec<BTreeMap<String, String>> {
    let bytes = fs::read(folder.join(format!("{table}.csv"))).unwrap();
    let text = String::from_utf8(bytes).unwrap();
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{FEFF}').as_bytes());
    let header = reader.headers().unwrap().clone();
    let row = |record: csv::StringRecord| header.iter().zip(record.iter()).map(|(h, c)| (h.to_string(), c.to_string())).collect();
    reader.records().map(|r| row(r.unwrap())).collect()
}

/// run.json of a report.
pub fn manifest(folder: &Path) -> serde_json::Value {
    serde_json::from_slice(&fs::read(folder.join("run.json")).unwrap()).unwrap()
}

/// A folder with an `input` folder that holds these files.
pub fn inputs(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path = folder.path().join("input").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    folder
}
