//! Folders and files that may not be written or read. Who tests as root, to whom nothing is forbidden, runs the program as nobody.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Output};

use super::project::Project;
use super::support::{code, rows, stderr};

/// The user that owns nothing.
const NOBODY: u32 = 65_534;

fn allow(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

/// A project that was published once, and has a new text since.
fn published() -> Project {
    let project = Project::new(&[("a.txt", "深化改革。".as_bytes()), ("b.txt", "绿色发展。".as_bytes())]);
    project.runs(0, &["-q"]);
    project.write("input/c.txt", "扩大开放。");
    project
}

/// Runs the program as somebody who owns nothing of the project; all but what `closed` names may be written.
fn run_without_rights(project: &Project, closed: &[(&str, u32)]) -> Output {
    for entry in ["", "input", ".yuliao", "output"] {
        open_all(&project.path().join(entry));
    }
    closed.iter().for_each(|(name, mode)| allow(&project.path().join(name), *mode));
    // The program itself may lie where nobody can reach it.
    let program = project.path().join("yuliao");
    fs::copy(env!("CARGO_BIN_EXE_yuliao"), &program).unwrap();
    let mut command = Command::new(&program);
    if fs::metadata(project.path()).unwrap().uid() == 0 {
        command.uid(NOBODY).gid(NOBODY);
    }
    let done = command.current_dir(project.path()).args(["run", "-q"]).output().unwrap();
    closed.iter().for_each(|(name, _)| allow(&project.path().join(name), 0o777));
    done
}

/// Lets anybody read and write a folder and all in it.
fn open_all(folder: &Path) {
    allow(folder, 0o777);
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        match entry.file_type().unwrap().is_dir() {
            true => open_all(&entry.path()),
            false => allow(&entry.path(), 0o666),
        }
    }
}

#[test]
fn a_read_only_output_folder_keeps_its_tables_and_the_next_run_goes_on() {
    let project = published();
    let before = (project.tables(), project.manifest());
    let done = run_without_rights(&project, &[("output", 0o555)]);
    assert_eq!(code(&done), 73, "{}", stderr(&done));
    assert!(stderr(&done).contains("output"), "{}", stderr(&done));
    assert_eq!((project.tables(), project.manifest()), before);
    project.runs(0, &["-q"]);
    assert_eq!(project.number("/counts/new"), 1);
    project.is_as_a_clean_run();
}

#[test]
fn a_read_only_state_folder_is_named_and_nothing_is_published() {
    let project = published();
    let before = (project.tables(), project.manifest());
    let done = run_without_rights(&project, &[(".yuliao", 0o555), (".yuliao/lock", 0o444)]);
    assert_ne!(code(&done), 0, "{}", stderr(&done));
    assert!(stderr(&done).contains(".yuliao"), "{}", stderr(&done));
    assert_eq!((project.tables(), project.manifest()), before);
    project.runs(0, &["-q"]);
    project.is_as_a_clean_run();
}

#[test]
fn files_and_folders_that_may_not_be_read_are_set_aside_and_tried_again() {
    let project = published();
    project.write("input/secret/d.txt", "生态保护。");
    let done = run_without_rights(&project, &[("input/b.txt", 0o000), ("input/secret", 0o000)]);
    assert_eq!(code(&done), 3, "{}", stderr(&done));
    let mut codes: Vec<(String, String)> =
        rows(&project.output(), "quarantine").into_iter().map(|row| (row["path"].clone(), row["code"].clone())).collect();
    codes.sort();
    assert_eq!(codes, [("b.txt".to_string(), "E_READ".to_string()), ("secret".to_string(), "E_READ".to_string())]);
    assert_eq!(project.number("/counts/documents"), 2);
    project.runs(0, &["-q"]);
    assert_eq!([project.number("/counts/documents"), project.number("/counts/retried")], [4, 1]);
    project.is_as_a_clean_run();
}
