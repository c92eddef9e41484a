//! Runs that go on from earlier runs: what is read again and what is not, and that it never shows in a table.

use std::fs;

use proptest::prelude::*;

use super::project::{CONFIG, Project, TAXONOMY, snapshot};
use super::support::{code, rows, stderr, stdout, yuliao};

const JSONL: &str = "{\"id\":\"1\",\"title\":\"深化改革\",\"date\":\"2024-01-05\",\"text\":\"深化改革开放。推动绿色发展。\"}\n";

fn small() -> Project {
    Project::new(&[
        ("a.txt", "深化改革。扩大开放。".as_bytes()),
        ("b.txt", "推动绿色发展，保护生态。".as_bytes()),
        ("c.jsonl", JSONL.as_bytes()),
    ])
}

/// Puts the times of all inputs back, so that they count as settled and are known by their looks.
fn settle(project: &Project) {
    for entry in fs::read_dir(project.path().join("input")).unwrap().map(|entry| entry.unwrap()) {
        let file = fs::File::options().append(true).open(entry.path()).unwrap();
        file.set_modified(std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_700_000_000)).unwrap();
    }
}

fn plan_of(project: &Project) -> String {
    stdout(&yuliao(project.path(), &["run", "--dry-run", "-v"]))
}

#[test]
fn only_what_changed_is_read_and_the_tables_are_those_of_a_clean_run() {
    let project = small();
    settle(&project);
    project.runs(0, &["-q"]);
    assert_eq!([project.number("/counts/new"), project.number("/counts/unchanged")], [3, 0]);
    project.write("input/a.txt", "深化改革。全面开放。");
    project.write("input/d.txt", "新质生产力发展。");
    project.remove("input/b.txt");
    let plan = plan_of(&project);
    for line in [
        "new         1 file",
        "changed     1 file",
        "unchanged   1 file",
        "removed     1 file",
        "  new         d.txt",
        "  changed     a.txt",
    ] {
        assert!(plan.lines().any(|l| l == line), "{line:?} in\n{plan}");
    }
    let said = project.runs(0, &[]);
    assert!(said.contains("files new=1 changed=1 unchanged=1 retry=0 fingerprint=0 removed=1"), "{said}");
    let counts = ["new", "changed", "unchanged", "removed"].map(|name| project.number(&format!("/counts/{name}")));
    assert_eq!(counts, [1, 1, 1, 1]);
    project.is_as_a_clean_run();
}

#[test]
fn what_is_damaged_is_not_tried_again_until_it_changes() {
    let project = small();
    // A .gz that ends behind its header. If it is still being copied, its bytes will be others.
    fs::write(project.path().join("input/cut.txt.gz"), [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]).unwrap();
    settle(&project);
    project.runs(3, &["-q"]);
    let counts = || ["/inputs/records", "/counts/documents", "/counts/quarantined", "/counts/retried"].map(|name| project.number(name));
    assert_eq!(counts(), [4, 3, 1, 0]);
    project.write("input/d.txt", "新质生产力发展。");
    project.runs(3, &["-q"]);
    assert_eq!(counts(), [5, 4, 1, 0]);
    let said = project.runs(0, &[]);
    assert!(said.contains("nothing new"), "{said}");
    assert!(project.manifest()["tool"]["rustc"].as_str().unwrap().starts_with("rustc "));
}

#[test]
fn nothing_new_leaves_every_byte_and_every_time() {
    let project = small();
    project.write("config/yuliao.toml", &format!("{CONFIG}[history]\nkeep = 2\n").replace("[run]", "[run]\nno_change_exit = 99"));
    project.runs(0, &["-q"]);
    let before = snapshot(&project.output());
    for threads in ["1", "2"] {
        let said = project.runs(99, &["-t", threads]);
        assert!(said.contains("nothing new documents=3"), "{said}");
    }
    assert_eq!(snapshot(&project.output()), before);
    // A file that is written anew with the same bytes is nothing new either.
    fs::write(project.path().join("input/a.txt"), fs::read(project.path().join("input/a.txt")).unwrap()).unwrap();
    project.runs(99, &[]);
    assert_eq!(snapshot(&project.output()), before);
    // What a person changed or removed comes back, and the rest is not touched.
    fs::write(project.output().join("terms.csv"), "x").unwrap();
    fs::remove_file(project.output().join("themes.csv")).unwrap();
    project.runs(0, &["-q"]);
    assert!(project.warnings().contains(&"W_OUTPUT_CHANGED".to_string()));
    let after = snapshot(&project.output());
    assert_eq!(after["terms.csv"].0, before["terms.csv"].0);
    assert_eq!(after["documents.csv"], before["documents.csv"]);
    assert_eq!(fs::read_dir(project.state().join("history")).unwrap().count(), 2);
}

#[test]
fn a_changed_taxonomy_cuts_nothing_again_and_a_changed_dictionary_does() {
    let project = small();
    settle(&project);
    project.runs(0, &["-q"]);
    project.write("config/themes.toml", &TAXONOMY.replace("\"绿色\", ", ""));
    let said = project.runs(0, &[]);
    assert!(said.contains("unchanged=3 retry=0 fingerprint=0"), "{said}");
    project.is_as_a_clean_run();
    project.write("config/dictionary.txt", "新质生产力\n绿色发展\n");
    let said = project.runs(0, &[]);
    assert!(said.contains("unchanged=0 retry=0 fingerprint=3") && said.contains("all text is cut again"), "{said}");
    project.is_as_a_clean_run();
    // Stop words and cuts shape no shard.
    project.write("config/stopwords.txt", "发展\n");
    assert!(project.runs(0, &[]).contains("unchanged=3"));
    project.is_as_a_clean_run();
}

#[test]
fn moved_files_and_records_are_read_and_not_cut_again() {
    let project = small();
    project.runs(0, &["-q"]);
    let shards = || fs::read_dir(project.state().join("shards")).unwrap().count();
    let before = shards();
    fs::create_dir(project.path().join("input/2024")).unwrap();
    fs::rename(project.path().join("input/a.txt"), project.path().join("input/2024/z.txt")).unwrap();
    project.write("input/c.jsonl", &format!("{}{JSONL}", JSONL.replace("\"1\"", "\"0\"").replace("深化", "推进")));
    project.runs(0, &["-q"]);
    project.is_as_a_clean_run();
    assert_eq!(shards(), before, "the few documents still share a shard");
}

#[test]
fn what_could_not_be_used_is_remembered_and_tried_again_when_it_changes() {
    let project = Project::new(&[
        ("a.txt", "改革开放。".as_bytes()),
        ("b.docx", b"PK\x03\x04"),
        ("c.jsonl", b"{\"text\":\"\xE6\x94\xB9\xE9\x9D\xA9\"}\n{no\n"),
    ]);
    settle(&project);
    project.runs(3, &["-q"]);
    let seen = |row: usize| {
        let text = fs::read_to_string(project.state().join("quarantine.csv")).unwrap();
        let row = csv::Reader::from_reader(text.as_bytes()).records().nth(row).unwrap().unwrap();
        (row[0].to_string(), row[6].to_string())
    };
    assert_eq!([seen(0), seen(1)], [("b.docx".to_string(), "1".to_string()), ("c.jsonl".to_string(), "1".to_string())]);
    // What is not mended is said again.
    assert!(project.runs(0, &[]).contains("nothing new documents=2 new=0 changed=0 removed=0 quarantined=2"));
    project.write("input/d.txt", "绿色。");
    let said = project.runs(3, &[]);
    assert!(said.contains("new=1 changed=0 unchanged=3"), "{said}");
    assert_eq!(seen(0), ("b.docx".to_string(), "1".to_string()), "it was not tried again");
    assert_eq!(rows(&project.output(), "quarantine").len(), 2);
    project.is_as_a_clean_run();
    project.write("input/c.jsonl", "{\"text\":\"改革\"}\n{\"text\":\"开放\"}\n");
    project.remove("input/b.docx");
    project.runs(0, &["-q"]);
    assert_eq!(rows(&project.output(), "quarantine").len(), 0);
    project.is_as_a_clean_run();
}

#[test]
fn too_many_bad_inputs_are_listed_in_the_state() {
    let project = Project::new(&[("a.txt", "改革。".as_bytes()), ("b.docx", b"PK\x03\x04"), ("c.docx", b"PK\x03\x04")]);
    project.runs(65, &["-q", "--set", "run.max_bad=50%"]);
    let listed = fs::read_to_string(project.state().join("quarantine.csv")).unwrap();
    assert_eq!((listed.lines().count(), project.output().join("run.json").exists()), (3, false));
    assert!(fs::read_to_string(project.state().join("runs.jsonl")).unwrap().contains("\"exit_code\":65"));
}

#[cfg(unix)]
#[test]
fn a_file_that_failed_by_chance_is_tried_on_every_run() {
    let project = small();
    let blocked = project.path().join("input/loop.txt");
    std::os::unix::fs::symlink(&blocked, &blocked).unwrap();
    project.runs(3, &["-q"]);
    fs::remove_file(&blocked).unwrap();
    project.runs(0, &["-q"]);
    project.is_as_a_clean_run();
}

#[test]
fn too_much_gone_is_refused_unless_it_was_meant() {
    let project = Project::new(&[]);
    for number in 0..12 {
        project.write(&format!("input/{number:02}.txt"), "改革开放。");
    }
    project.runs(0, &["-q"]);
    let before = snapshot(&project.output());
    for number in 0..7 {
        project.remove(&format!("input/{number:02}.txt"));
    }
    let said = project.runs(66, &[]);
    assert!(said.contains("7 of 12 documents of the last run are gone") && said.contains("00.txt"), "{said}");
    assert_eq!(code(&yuliao(project.path(), &["run", "--dry-run"])), 66);
    assert_eq!(snapshot(&project.output()), before);
    // Also where the state is lost, in part or as a whole: the report itself tells how many documents it had.
    project.remove(".yuliao/state.json");
    project.runs(66, &[]);
    assert_eq!(code(&yuliao(project.path(), &["run", "--dry-run", "--full"])), 66);
    std::fs::remove_dir_all(project.state()).unwrap();
    assert!(project.runs(66, &[]).contains("7 of 12 documents of the last run are gone"));
    assert_eq!(snapshot(&project.output()), before);
    project.runs(0, &["-q", "--set", "run.max_removed=60%"]);
    project.is_as_a_clean_run();
    for number in 7..12 {
        project.remove(&format!("input/{number:02}.txt"));
    }
    project.runs(66, &["--require-input"]);
    project.runs(66, &[]);
    project.runs(0, &["--allow-removals"]);
    assert_eq!(project.number("/counts/removed"), 5);
    assert_eq!(code(&yuliao(project.path(), &["run", "--require-input", "--allow-removals"])), 66);
}

#[test]
fn damaged_or_foreign_state_is_made_anew() {
    let project = small();
    settle(&project);
    project.runs(0, &["-q"]);
    let state_files = || {
        let mut all = vec![project.state().join("catalogue"), project.state().join("state.json")];
        for folder in ["shards", "baselines"] {
            all.extend(fs::read_dir(project.state().join(folder)).unwrap().map(|entry| entry.unwrap().path()));
        }
        all.sort();
        all
    };
    for number in 0..state_files().len() {
        for cut in [false, true] {
            let file = state_files()[number].clone();
            let mut bytes = fs::read(&file).unwrap();
            let middle = bytes.len() / 2;
            if cut {
                bytes.truncate(middle)
            } else {
                bytes[middle] ^= 0x20
            }
            fs::write(&file, bytes).unwrap();
            // Another text, so that there is something to do.
            project.write("input/d.txt", &format!("绿色发展第{number}次{cut}。"));
            project.runs(0, &["-q"]);
            project.is_as_a_clean_run();
        }
    }
    fs::remove_dir_all(project.state()).unwrap();
    let said = project.runs(0, &[]);
    assert!(said.contains("files new=4"), "{said}");
    project.is_as_a_clean_run();
}

/// What a run says that comes upon a folder of the state whose files are all damaged, and a new document.
fn said_of_damaged(project: &Project, folder: &str) -> String {
    settle(project);
    project.runs(0, &["-q"]);
    for entry in fs::read_dir(project.state().join(folder)).unwrap().map(|entry| entry.unwrap().path()) {
        fs::write(entry, "x").unwrap();
    }
    project.write("input/d.txt", "绿色。");
    let said = project.runs(0, &[]);
    assert!(project.warnings().contains(&"W_STATE".to_string()));
    said
}

#[test]
fn damaged_themes_are_found_again_and_told_of() {
    let project = small();
    settle(&project);
    project.runs(0, &["-q"]);
    for entry in fs::read_dir(project.state().join("shards")).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.extension().is_some_and(|extension| extension == "themes") {
            let mut bytes = fs::read(&entry).unwrap();
            *bytes.last_mut().unwrap() ^= 1;
            fs::write(entry, bytes).unwrap();
        }
    }
    project.write("input/d.txt", "绿色。");
    let said = project.runs(0, &[]);
    assert!(said.contains("the themes of 1 shards are damaged; they are found again"), "{said}");
    project.is_as_a_clean_run();
}

#[test]
fn a_stricter_limit_for_bad_inputs_is_held_against_what_is_there() {
    let project = Project::new(&[("a.txt", "改革。".as_bytes()), ("b.txt", "开放。".as_bytes()), ("c.docx", b"PK\x03\x04")]);
    settle(&project);
    project.runs(3, &["-q"]);
    assert!(project.runs(0, &[]).contains("nothing new"));
    project.runs(65, &["-q", "--set", "run.max_bad=0"]);
}

#[test]
fn a_dry_run_does_not_refuse_what_the_run_will_find_elsewhere() {
    let project = Project::new(&[]);
    (0..3).for_each(|number| project.write(&format!("input/{number}.txt"), &format!("第{number}次改革。")));
    project.runs(0, &["-q"]);
    let records: String = (0..3).map(|number| format!("{{\"text\":\"第{number}次改革。\"}}\n")).collect();
    (0..3).for_each(|number| project.remove(&format!("input/{number}.txt")));
    assert_eq!(code(&yuliao(project.path(), &["run", "--dry-run"])), 66);
    project.write("input/all.jsonl", &records);
    let done = yuliao(project.path(), &["run", "--dry-run"]);
    assert!(code(&done) == 0 && stdout(&done).contains("refused unless the new ones hold their documents"), "{}", stdout(&done));
    project.runs(0, &["-q"]);
    assert_eq!(rows(&project.output(), "documents").len(), 3);
}

#[test]
fn damaged_shards_are_told_of() {
    let project = small();
    let said = said_of_damaged(&project, "shards");
    assert!(said.contains("warning W_STATE: 1 shards are damaged"), "{said}");
    project.is_as_a_clean_run();
}

#[test]
fn a_damaged_list_of_earlier_documents_is_told_of() {
    let said = said_of_damaged(&small(), "baselines");
    assert!(
        said.contains("W_STATE")
            && said
                .contains("cannot be read (damaged, or written by another version); changes.csv compares with another run, or with none"),
        "{said}"
    );
}

#[test]
fn two_configurations_do_not_share_an_output_and_a_call_with_folders_of_its_own_leaves_the_state_alone() {
    let project = small();
    project.runs(0, &["-q"]);
    project.write("config/other.toml", &CONFIG.replace("[run]", "[run]\nstate = \".other\"\noutput = \"output2\""));
    project.runs(0, &["-q", "--config", "config/other.toml"]);
    let said = project.runs(78, &["--config", "config/other.toml", "--set", "run.output=output"]);
    assert!(said.contains("published with another state"), "{said}");
    let state = || (fs::read(project.state().join("catalogue")).unwrap(), fs::read(project.state().join("state.json")).unwrap());
    let before = state();
    project.runs(0, &["-q", "-i", "input/a.txt", "-o", "elsewhere"]);
    assert_eq!(state(), before);
    assert_eq!(rows(&project.path().join("elsewhere"), "documents").len(), 1);
    let said = project.runs(0, &[]);
    assert!(said.contains("nothing new"), "{said}");
    // One that never ran takes the folder over, and says so.
    project.write("config/fresh.toml", &CONFIG.replace("[run]", "[run]\nstate = \".fresh\""));
    let said = project.runs(0, &["--config", "config/fresh.toml"]);
    assert!(said.contains("W_STATE") && said.contains("it is taken over"), "{said}");
    project.runs(78, &[]);
}

#[test]
fn state_that_would_be_read_as_documents_is_refused() {
    let project = small();
    for (state, word) in [("input/state", "run.state"), ("output/.state", "inside the output folder")] {
        let done = project.run(&["--set", &format!("run.state={state}")]);
        assert_eq!(code(&done), 78, "{}", stderr(&done));
        assert!(stderr(&done).contains(word), "{}", stderr(&done));
    }
    project.write("input/only.txt", "改革。");
    for (setting, word) in [
        ("run.state=input", "run.state"),
        ("run.output=.yuliao/staging/x", "inside the state"),
        ("run.metrics=input/m.prom", "run.metrics"),
        ("run.metrics=output/m.prom", "run.metrics"),
    ] {
        let done = project.run(&["--set", setting]);
        assert!(code(&done) == 78 && stderr(&done).contains(word), "{setting}: {}", stderr(&done));
        let done = yuliao(project.path(), &["check", "--set", setting]);
        assert!(code(&done) == 78, "{setting}: {}", stderr(&done));
    }
    assert!(!project.path().join("input/runs.jsonl").exists());
    project.runs(0, &["-q", "--set", "run.state=input/.yuliao"]);
}

#[test]
fn inputs_that_lie_in_each_other_are_refused() {
    let project = small();
    project.write("input/part/x.txt", "改革。");
    for inner in ["input/part", "input/part/x.txt"] {
        let said = project.runs(78, &["-i", "input", "-i", inner]);
        assert!(said.contains(&format!("{inner} lies in input")), "{said}");
    }
    project.runs(0, &["-q", "-i", "input/part", "-o", "elsewhere"]);
}

#[test]
fn files_that_were_just_written_can_be_left_for_the_next_run() {
    let project = small();
    settle(&project);
    project.write("input/d.txt", "绿色。");
    project.runs(0, &["-q", "--set", "input.settle_seconds=30"]);
    assert_eq!([project.number("/inputs/unsettled"), project.number("/counts/documents")], [1, 3]);
    settle(&project);
    project.runs(0, &["-q", "--set", "input.settle_seconds=30"]);
    assert_eq!([project.number("/inputs/unsettled"), project.number("/counts/documents")], [0, 4]);
    // What is dated in the future was not written just now.
    let dated = std::fs::File::options().append(true).open(project.path().join("input/d.txt")).unwrap();
    let written = dated.metadata().unwrap().modified().unwrap();
    dated.set_modified(written + std::time::Duration::from_secs(86_400)).unwrap();
    assert!(project.runs(0, &["--set", "input.settle_seconds=30", "--full"]).contains("documents=4"));
    settle(&project);
    project.runs(0, &["-q", "--set", "input.settle_seconds=30"]);
    // One that is known stands as it was read: it is neither gone now nor new later.
    let counts = |project: &Project| ["unchanged", "changed", "removed", "new"].map(|name| project.number(&format!("/counts/{name}")));
    project.write("input/f.txt", "蓝天。");
    settle(&project);
    project.write("input/d.txt", "绿色。绿水。");
    project.write("input/e.txt", "青山。");
    project.runs(0, &["-q", "--set", "input.settle_seconds=30"]);
    assert_eq!((project.number("/inputs/unsettled"), counts(&project)), (2, [4, 0, 0, 1]));
    settle(&project);
    project.runs(0, &["-q", "--set", "input.settle_seconds=30"]);
    assert_eq!((project.number("/inputs/unsettled"), counts(&project)), (0, [4, 1, 0, 1]));
}

#[test]
fn a_feed_that_was_cut_is_refused_and_a_file_that_was_renamed_is_not() {
    let project = Project::new(&[]);
    let feed = |records: std::ops::Range<usize>| {
        records.map(|number| format!("{{\"id\":\"n{number}\",\"text\":\"第{number}条：改革开放。\"}}\n")).collect::<String>()
    };
    project.write("input/a.jsonl", &feed(0..12));
    project.runs(0, &["-q"]);
    project.remove("input/a.jsonl");
    project.write("input/b.jsonl", &feed(0..12));
    assert_eq!(code(&yuliao(project.path(), &["run", "--dry-run"])), 0);
    project.runs(0, &["-q"]);
    let before = snapshot(&project.output());
    project.write("input/b.jsonl", &feed(0..5));
    for arguments in [&[][..], &["--full"], &[]] {
        let said = project.runs(66, arguments);
        assert!(said.contains("7 of 12 documents of the last run are gone"), "{said}");
    }
    assert_eq!(snapshot(&project.output()), before);
    project.runs(0, &["-q", "--allow-removals"]);
    project.is_as_a_clean_run();
}

/// What may happen to the inputs between two runs.
#[derive(Debug, Clone)]
enum Step {
    Write(u8, u8),
    Delete(u8),
    Move(u8, u8),
    Append(u8),
    Dictionary(bool),
    Stopwords(bool),
    Taxonomy(bool),
    Full,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0..6u8, 0..8u8).prop_map(|(file, text)| Step::Write(file, text)),
        2 => (0..6u8).prop_map(Step::Delete),
        2 => (0..6u8, 0..6u8).prop_map(|(from, to)| Step::Move(from, to)),
        3 => (0..8u8).prop_map(Step::Append),
        1 => any::<bool>().prop_map(Step::Dictionary),
        1 => any::<bool>().prop_map(Step::Stopwords),
        1 => any::<bool>().prop_map(Step::Taxonomy),
        1 => Just(Step::Full),
    ]
}

const TEXTS: [&str; 8] = [
    "深化改革开放。\n推动绿色发展。",
    "2024年3月5日，新华社北京3月5日电 绿色发展促进改革。",
    "改革改革改革。",
    "",
    "新质生产力与绿色发展；保护生态。",
    "深化改革开放。\n推动绿色发展。",
    "城市更新进行中。开放的城市，绿色的城市！",
    "\u{0}\u{0}",
];

fn apply(project: &Project, step: &Step) {
    let file = |number: u8| project.path().join(format!("input/{number}.txt"));
    match step {
        Step::Write(number, text) => fs::write(file(*number), TEXTS[*text as usize]).unwrap(),
        Step::Delete(number) => drop(fs::remove_file(file(*number))),
        Step::Move(from, to) => drop(fs::rename(file(*from), file(*to))),
        Step::Append(text) => {
            let path = project.path().join("input/r.jsonl");
            let mut lines = fs::read_to_string(&path).unwrap_or_default();
            lines.push_str(&format!("{}\n", serde_json::json!({ "title": "题", "text": TEXTS[*text as usize] })));
            fs::write(&path, lines).unwrap();
        }
        Step::Dictionary(more) => project.write("config/dictionary.txt", if *more { "新质生产力\n绿色发展\n" } else { "新质生产力\n" }),
        Step::Stopwords(more) => project.write("config/stopwords.txt", if *more { "进行\n城市\n" } else { "进行\n" }),
        Step::Taxonomy(more) => {
            project.write("config/themes.toml", &if *more { TAXONOMY.replace("\"开放\"", "\"城市\"") } else { TAXONOMY.to_string() });
        }
        Step::Full => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, max_shrink_iters: 20, ..ProptestConfig::default() })]

    /// The law of incremental runs: after any sequence of changes the tables are those of one run over everything.
    #[test]
    fn any_sequence_of_changes_gives_the_tables_of_a_clean_run(nights in prop::collection::vec(prop::collection::vec(step(), 1..5), 1..5)) {
        let project = Project::new(&[("base.txt", "改革开放。".as_bytes())]);
        for (number, night) in nights.iter().enumerate() {
            night.iter().for_each(|step| apply(&project, step));
            let full = night.iter().any(|step| matches!(step, Step::Full));
            // Every other night has no memory to spare.
            let memory = ["run.memory=0", "run.memory=1KiB"][number % 2];
            let mut arguments = vec!["-q", "--allow-removals", "--set", memory];
            arguments.extend(full.then_some("--full"));
            let done = project.run(&arguments);
            prop_assert!([0, 3].contains(&code(&done)), "{}", stderr(&done));
        }
        project.is_as_a_clean_run();
    }
}
