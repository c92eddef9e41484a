//! A small project with a configuration of its own, run again and again.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use super::support::{code, inputs, manifest, stderr, tables, yuliao};

pub const CONFIG: &str = "\
[input]\npaths = [\"input\"]\n
[run]\nmax_bad = \"80%\"\n
[themes]\ntaxonomy = [\"config/themes.toml\"]\n
[dictionary]\nfiles = [\"config/dictionary.txt\"]\n
[stopwords]\nfiles = [\"config/stopwords.txt\"]\n
[terms]\nmin_length = 2\n";

pub const TAXONOMY: &str = "\
[taxonomy]\nid = \"t\"\nversion = \"1\"\n
[[theme]]\nid = \"reform\"\nkind = \"policy\"\nterms = [\"改革\", \"开放\"]\n
[[theme]]\nid = \"green\"\nkind = \"policy\"\nterms = [\"绿色\", \"生态\"]\n";

/// A project folder with `input/`, `config/` and, after a run, `output/` and `.yuliao/`.
pub struct Project(tempfile::TempDir);

impl Project {
    pub fn new(files: &[(&str, &[u8])]) -> Self {
        let folder = inputs(files);
        fs::create_dir_all(folder.path().join("input")).unwrap();
        fs::create_dir(folder.path().join("config")).unwrap();
        let project = Self(folder);
        project.write("config/yuliao.toml", CONFIG);
        project.write("config/themes.toml", TAXONOMY);
        project.write("config/dictionary.txt", "新质生产力\n");
        project.write("config/stopwords.txt", "进行\n");
        project
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// Moves the whole project elsewhere, as a person does who tidies up.
    pub fn move_to_another_place(&mut self) {
        let other = tempfile::tempdir().unwrap();
        for entry in fs::read_dir(self.path()).unwrap().map(|entry| entry.unwrap()) {
            fs::rename(entry.path(), other.path().join(entry.file_name())).unwrap();
        }
        self.0 = other;
    }

    pub fn output(&self) -> PathBuf {
        self.path().join("output")
    }

    pub fn state(&self) -> PathBuf {
        self.path().join(".yuliao")
    }

    pub fn write(&self, name: &str, text: &str) {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub fn remove(&self, name: &str) {
        fs::remove_file(self.path().join(name)).unwrap();
    }

    pub fn run(&self, arguments: &[&str]) -> Output {
        yuliao(self.path(), &[&["run"], arguments].concat())
    }

    /// Runs and checks the exit code.
    pub fn runs(&self, expected: i32, arguments: &[&str]) -> String {
        let done = self.run(arguments);
        assert_eq!(code(&done), expected, "{}", stderr(&done));
        stderr(&done)
    }

    /// Runs with this failpoint, which ends the program there.
    pub fn crash(&self, failpoint: &str) -> Output {
        self.command().args(["run"]).env("YULIAO_FAIL", failpoint).output().unwrap()
    }

    /// The program in the background.
    pub fn start(&self, arguments: &[&str]) -> Child {
        self.command().args(arguments).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
    }

    fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_yuliao"));
        command.current_dir(self.path());
        command
    }

    /// The tables but for the one that depends on earlier reports.
    pub fn tables(&self) -> BTreeMap<String, Vec<u8>> {
        without_changes(tables(&self.output()))
    }

    /// What one run over everything gives for the same input and configuration in a new folder.
    pub fn tables_of_a_clean_run(&self) -> BTreeMap<String, Vec<u8>> {
        let clean = tempfile::tempdir().unwrap();
        for folder in ["input", "config"] {
            copy(&self.path().join(folder), &clean.path().join(folder));
        }
        let done = yuliao(clean.path(), &["run", "-q"]);
        assert!([0, 3].contains(&code(&done)), "{}", stderr(&done));
        without_changes(tables(&clean.path().join("output")))
    }

    /// Checks that the report is that of a clean run, and names the table that is not.
    pub fn is_as_a_clean_run(&self) {
        let (found, expected) = (self.tables(), self.tables_of_a_clean_run());
        assert_eq!(found.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>());
        for (name, bytes) in &found {
            let texts = || (String::from_utf8_lossy(bytes), String::from_utf8_lossy(&expected[name]));
            assert!(*bytes == expected[name], "{name} differs:\n{}\n--- expected\n{}", texts().0, texts().1);
        }
    }

    pub fn manifest(&self) -> serde_json::Value {
        manifest(&self.output())
    }

    /// A number of run.json, such as `/counts/new`.
    pub fn number(&self, pointer: &str) -> u64 {
        self.manifest().pointer(pointer).unwrap().as_u64().unwrap()
    }

    /// Codes of the warnings in run.json.
    pub fn warnings(&self) -> Vec<String> {
        let list = self.manifest()["warnings"].as_array().unwrap().clone();
        list.iter().map(|warning| warning["code"].as_str().unwrap().to_string()).collect()
    }
}

fn without_changes(mut tables: BTreeMap<String, Vec<u8>>) -> BTreeMap<String, Vec<u8>> {
    tables.remove("changes.csv");
    // It holds the hash of changes.csv.
    tables.remove("datapackage.json");
    tables
}

pub fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(|entry| entry.unwrap()) {
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() { copy(&entry.path(), &target) } else { fs::copy(entry.path(), target).map(|_| ()).unwrap() }
    }
}

/// The files of a folder and below with their bytes and the time of the last change.
pub fn snapshot(folder: &Path) -> BTreeMap<String, (Vec<u8>, std::time::SystemTime)> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    let facts = |entry: &fs::DirEntry| (fs::read(entry.path()).unwrap(), entry.metadata().unwrap().modified().unwrap());
    entries.map(|entry| (entry.file_name().into_string().unwrap(), facts(&entry))).collect()
}
