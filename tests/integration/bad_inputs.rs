//! Whatever is bad about an input costs only that input; whatever is bad about the settings costs nothing but time.

use std::fs;

use super::support::{code, inputs, manifest, rows, stderr, tables, yuliao};

const TEXT: &[u8] = "推进改革的通知\n2024-03-05\n\n要加快完善体制机制，推动高质量发展。\n".as_bytes();

fn codes(folder: &std::path::Path) -> Vec<(String, String, String)> {
    rows(folder, "quarantine").into_iter().map(|r| (r["path"].clone(), r["record"].clone(), r["code"].clone())).collect()
}

#[test]
fn bad_files_are_rows_and_the_rest_is_done() {
    let folder = inputs(&[
        ("a_empty.txt", b""),
        ("b_spaces.txt", "\u{3000} \n".as_bytes()),
        ("c_bytes.txt", b"caf\xE9 \xFF\xFD d\xE9j\xE0 vu \xC3"),
        ("d_notext.jsonl", b"{\"title\":\"x\"}\n"),
        ("e_broken.jsonl", "{\"text\":\"一。\"}\n{\"text\":\"二。\"}\n\n\n\n\n{\"text\":\n{\"text\":\"八。\"}\n".as_bytes()),
        ("f_ragged.csv", "title,text\n甲,一。\n乙\n丙,三。\n".as_bytes()),
        ("g_word.docx", b"PK\x03\x04"),
        ("h_good.txt", TEXT),
    ]);
    let done = yuliao(folder.path(), &["run", "-i", "input"]);
    assert_eq!(code(&done), 3, "{}", stderr(&done));
    let output = folder.path().join("output");
    let row = |path: &str, record: &str, code: &str| (path.to_string(), record.to_string(), code.to_string());
    assert_eq!(
        codes(&output),
        [
            row("a_empty.txt", "", "E_EMPTY"),
            row("b_spaces.txt", "", "E_EMPTY"),
            row("c_bytes.txt", "", "E_ENCODING"),
            row("d_notext.jsonl", "1", "E_ROW"),
            row("e_broken.jsonl", "7", "E_ROW"),
            row("f_ragged.csv", "2", "E_ROW"),
            row("g_word.docx", "", "E_FORMAT"),
        ]
    );
    let quarantine = rows(&output, "quarantine");
    assert!(quarantine[4]["message"].starts_with("line 7: no JSON"), "{quarantine:?}");
    assert!(quarantine[5]["message"].starts_with("line 3: expected 2 fields"), "{quarantine:?}");
    assert_eq!(rows(&output, "documents").len(), 6);
    let manifest = manifest(&output);
    assert_eq!((manifest["status"].as_str(), manifest["exit_code"].as_u64()), (Some("partial"), Some(3)));
    assert!(stderr(&done).contains("quarantined=7"));
    assert!(done.stdout.is_empty());
}

#[test]
fn an_empty_file_alone_is_no_failure() {
    let folder = inputs(&[("a.txt", b""), ("b.txt", TEXT)]);
    assert_eq!(code(&yuliao(folder.path(), &["run", "-q", "-i", "input"])), 0);
    assert_eq!(codes(&folder.path().join("output")).len(), 1);
}

#[test]
fn a_file_of_spaces_or_a_record_without_text_is_exit_3() {
    for (name, bytes) in [("a.txt", &b" \n"[..]), ("a.jsonl", b"{\"text\":\"\"}\n"), ("a.txt", &[0; 100])] {
        let folder = inputs(&[(name, bytes), ("b.txt", TEXT), ("c.txt", TEXT)]);
        assert_eq!(code(&yuliao(folder.path(), &["run", "-q", "-i", "input"])), 3, "{name}");
    }
}

#[test]
fn a_report_is_not_replaced_by_nothing() {
    let folder = inputs(&[("a.txt", TEXT)]);
    assert_eq!(code(&yuliao(folder.path(), &["run", "-q", "-i", "input"])), 0);
    let output = folder.path().join("output");
    let before = tables(&output);
    fs::remove_file(folder.path().join("input/a.txt")).unwrap();
    let refused = yuliao(folder.path(), &["run", "-i", "input"]);
    assert_eq!(code(&refused), 66);
    assert!(stderr(&refused).contains("--allow-removals"), "{}", stderr(&refused));
    assert_eq!(tables(&output), before);
    assert_eq!(code(&yuliao(folder.path(), &["run", "-q", "-i", "input", "--allow-removals"])), 0);
    assert_eq!(rows(&output, "documents").len(), 0);
}

#[test]
fn a_file_of_a_million_bad_records_is_a_thousand_rows() {
    let folder = inputs(&[("a.jsonl", "x\n".repeat(100_000).as_bytes()), ("b.txt", TEXT)]);
    let done = yuliao(folder.path(), &["run", "-i", "input", "--set", "run.max_bad=100%"]);
    assert_eq!(code(&done), 3, "{}", stderr(&done));
    let output = folder.path().join("output");
    let found = rows(&output, "quarantine");
    assert!(found.len() <= 1_001 && found[0]["message"].contains("more records of this file"), "{:?}", found[0]);
    assert_eq!(manifest(&output)["counts"]["quarantined"], 100_000);
}

#[test]
fn one_run_at_a_time_publishes_into_a_folder() {
    let folder = inputs(&[("a.txt", TEXT)]);
    let output = folder.path().join("output");
    fs::create_dir(&output).unwrap();
    let held = yuliao::report::Staging::create(&output, None).unwrap();
    let done = yuliao(folder.path(), &["run", "-i", "input"]);
    assert_eq!(code(&done), 75);
    assert!(stderr(&done).contains("another run holds the output folder"), "{}", stderr(&done));
    drop(held);
    assert_eq!(code(&yuliao(folder.path(), &["run", "-q", "-i", "input"])), 0);
}

#[test]
fn a_table_that_cannot_be_replaced_leaves_the_old_report_whole() {
    fails_and_leaves_the_report_beside(73, "a folder has the name of a table", |f| {
        fs::remove_file(f.join("output/themes.csv")).unwrap();
        fs::create_dir(f.join("output/themes.csv")).unwrap();
        fs::write(f.join("input/b.txt"), "另一篇文章。").unwrap();
    });
}

/// A report that is spoiled; then a run must fail and leave every file of it as it is.
fn fails_and_leaves_the_report_beside(expected: i32, message: &str, spoil: impl Fn(&std::path::Path)) {
    let folder = inputs(&[("a.txt", TEXT)]);
    assert_eq!(code(&yuliao(folder.path(), &["run", "-q", "-i", "input"])), 0);
    spoil(folder.path());
    let read_all = || {
        let files = fs::read_dir(folder.path().join("output")).unwrap().map(|e| e.unwrap().path()).filter(|path| path.is_file());
        files.map(|path| (path.clone(), fs::read(path).unwrap())).collect::<std::collections::BTreeMap<_, _>>()
    };
    let before = read_all();
    let done = yuliao(folder.path(), &["run", "-i", "input"]);
    assert_eq!(code(&done), expected, "{}", stderr(&done));
    assert!(stderr(&done).contains(message), "{}", stderr(&done));
    assert_eq!(read_all(), before);
}

#[test]
fn an_empty_folder_gives_tables_with_a_header_only() {
    let folder = inputs(&[]);
    fs::create_dir(folder.path().join("input")).unwrap();
    assert_eq!(code(&yuliao(folder.path(), &["run", "-q", "-i", "input"])), 0);
    for (name, bytes) in tables(&folder.path().join("output"))
        .iter()
        .filter(|(name, _)| name.ends_with(".csv") && !["themes.csv", "pattern_stats.csv"].contains(&name.as_str()))
    {
        assert_eq!(String::from_utf8_lossy(bytes).lines().count(), 1, "{name}");
    }
}

#[test]
fn a_huge_line_is_one_row_and_little_memory() {
    let folder = inputs(&[("b.txt", TEXT)]);
    let file = fs::File::create(folder.path().join("input/a.txt")).unwrap();
    // A sparse file: 200 MB without a line end, which no reader may hold.
    file.set_len(200 << 20).unwrap();
    let lines = fs::File::create(folder.path().join("input/c.jsonl")).unwrap();
    lines.set_len(200 << 20).unwrap();
    let done = yuliao(folder.path(), &["run", "-q", "-i", "input", "--set", "run.max_bad=100%"]);
    assert_eq!(code(&done), 3, "{}", stderr(&done));
    let output = folder.path().join("output");
    let found = codes(&output);
    assert_eq!(found[0], ("a.txt".to_string(), String::new(), "E_TOO_LARGE".to_string()));
    assert_eq!(found[1], ("c.jsonl".to_string(), "1".to_string(), "E_TOO_LARGE".to_string()));
    assert_eq!(rows(&output, "documents").len(), 1);
}

#[cfg(unix)]
#[test]
fn odd_names_and_links_that_go_round_are_survived() {
    use std::os::unix::ffi::OsStrExt;
    let folder = inputs(&[("sub/good.txt", TEXT)]);
    let input = folder.path().join("input");
    std::os::unix::fs::symlink(&input, input.join("sub/loop")).unwrap();
    fs::write(input.join(std::ffi::OsStr::from_bytes(b"odd\xFF\xFE.txt")), TEXT).unwrap();
    let done = yuliao(folder.path(), &["run", "-q", "-i", "input"]);
    assert_eq!(code(&done), 3, "{}", stderr(&done));
    let output = folder.path().join("output");
    assert_eq!(codes(&output), [("sub/loop".to_string(), String::new(), "E_READ".to_string())]);
    let paths: Vec<String> = rows(&output, "documents").into_iter().map(|r| r["path"].clone()).collect();
    assert_eq!(paths, ["odd\\xFF\\xFE.txt", "sub/good.txt"]);
}

#[test]
fn too_many_bad_inputs_publish_nothing() {
    let folder = inputs(&[("a.docx", b"PK\x03\x04"), ("b.docx", b"PK\x03\x04"), ("c.txt", TEXT)]);
    let done = yuliao(folder.path(), &["run", "-i", "input"]);
    assert_eq!(code(&done), 65);
    assert!(stderr(&done).contains("2 of 3 inputs") && stderr(&done).contains("a.docx"), "{}", stderr(&done));
    assert!(!folder.path().join("output/run.json").exists());
}

/// A report, then a run that must fail with `expected` and leave every byte of the report as it was.
fn fails_and_leaves_the_report(expected: i32, message: &str, spoil: impl Fn(&std::path::Path), arguments: &[&str]) {
    let folder = inputs(&[("a.txt", TEXT)]);
    fs::create_dir(folder.path().join("config")).unwrap();
    let config = "[input]\npaths = [\"input\"]\n[themes]\ntaxonomy = [\"themes.toml\"]\n[dictionary]\nfiles = [\"dictionary.txt\"]\n[stopwords]\nfiles = []\n";
    fs::write(folder.path().join("config/yuliao.toml"), config).unwrap();
    fs::write(folder.path().join("dictionary.txt"), "改革\n").unwrap();
    let taxonomy = "[taxonomy]\nid = \"t\"\n[[theme]]\nid = \"a\"\nkind = \"policy\"\nterms = [\"改革\"]\n";
    fs::write(folder.path().join("themes.toml"), taxonomy).unwrap();
    let first = yuliao(folder.path(), &["run", "-q"]);
    assert_eq!(code(&first), 0, "{}", stderr(&first));
    let output = folder.path().join("output");
    let before = tables(&output);
    let manifest_before = fs::read(output.join("run.json")).unwrap();
    spoil(folder.path());
    let done = yuliao(folder.path(), &[&["run"], arguments].concat());
    assert_eq!(code(&done), expected, "{}", stderr(&done));
    assert!(stderr(&done).contains(message), "{}", stderr(&done));
    assert_eq!(tables(&output), before);
    assert_eq!(fs::read(output.join("run.json")).unwrap(), manifest_before);
    let left: Vec<String> = fs::read_dir(folder.path())
        .unwrap()
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .filter(|n| n.contains("staging"))
        .collect();
    assert_eq!(left, Vec::<String>::new());
}

#[test]
fn a_missing_input_is_66() {
    fails_and_leaves_the_report(66, "the input cannot be read", |f| fs::remove_dir_all(f.join("input")).unwrap(), &[]);
}

#[test]
fn a_broken_taxonomy_is_65() {
    let text = "[taxonomy]\nid = \"t\"\n[[theme]]\nid = \"a\"\nkind = \"policy\"\nterms = [\"改\"]\ntemrs = []\n";
    fails_and_leaves_the_report(65, "themes.toml:6:10: error[T007]", |f| fs::write(f.join("themes.toml"), text).unwrap(), &[]);
    fails_and_leaves_the_report(
        65,
        "themes.toml:7:1: error[T002]: unknown key `temrs`",
        |f| fs::write(f.join("themes.toml"), text).unwrap(),
        &[],
    );
}

#[test]
fn a_broken_dictionary_is_65() {
    fails_and_leaves_the_report(
        65,
        "dictionary.txt:2: error[D002]",
        |f| fs::write(f.join("dictionary.txt"), "改革\n开放 动词\n").unwrap(),
        &[],
    );
}

#[test]
fn of_a_list_with_many_bad_lines_the_first_are_shown() {
    let folder = inputs(&[("a.txt", "改革。".as_bytes())]);
    let bad: String = (0..100_000).map(|line| format!("改革{line} 动词\n")).collect();
    fs::write(folder.path().join("d.txt"), bad).unwrap();
    fs::write(folder.path().join("e.csv"), format!("place,{}\n", "甲".repeat(30_000))).unwrap();
    let lists = ["-i", "input", "--set", "dictionary.files=d.txt", "--set", "entities.files=e.csv", "--set", "themes.taxonomy=[]"];
    for command in ["run", "check"] {
        let done = yuliao(folder.path(), &[&[command], &lists[..]].concat());
        let text = stderr(&done);
        assert_eq!((code(&done), text.matches("error[D002]").count()), (65, 20), "{text}");
        assert!(text.contains("d.txt: and 99980 more\n"), "{text}");
        assert!(text.contains("e.csv:1: error[N006]: expected a name of at most 100 characters, found 30000"), "{text}");
    }
}

#[test]
fn the_table_that_says_why_inputs_are_bad_is_always_written() {
    let folder = inputs(&[("a.txt", "改革。".as_bytes()), ("b.pdf", b"no pdf")]);
    for command in ["run", "check"] {
        let done = yuliao(folder.path(), &[command, "-i", "input", "--set", "report.leave_out=quarantine"]);
        assert!(
            code(&done) == 78 && stderr(&done).contains("report.leave_out: expected tables other than `quarantine`"),
            "{}",
            stderr(&done)
        );
        // All that is out of bounds is told at once.
        let sets = ["--set", "run.threads=9999", "--set", "run.nice=77", "--set", "trends.top=999999", "--set", "keyness.target=foo=1"];
        let done = yuliao(folder.path(), &[&[command, "-i", "input"], &sets[..]].concat());
        let told = stderr(&done);
        let all = ["run.threads", "run.nice", "trends.top", "keyness.target"].iter().all(|name| told.contains(&format!("error: {name}")));
        assert!(code(&done) == 78 && all, "{command}: {told}");
    }
}

#[test]
fn a_broken_configuration_is_78() {
    fails_and_leaves_the_report(
        78,
        "config/yuliao.toml:2:1: error[C002]: unknown key `terms.minlength`",
        |f| fs::write(f.join("config/yuliao.toml"), "[terms]\nminlength = 2\n").unwrap(),
        &[],
    );
    fails_and_leaves_the_report(78, "run.threads", |_| (), &["--set", "run.threads=-1"]);
    fails_and_leaves_the_report(78, "lies inside the input", |_| (), &["--output", "input/report"]);
}

#[test]
fn an_output_that_cannot_be_written_is_73() {
    fails_and_leaves_the_report(
        73,
        "the output folder cannot be written",
        |f| fs::write(f.join("file"), "").unwrap(),
        &["--output", "file"],
    );
    fails_and_leaves_the_report(
        73,
        "the output folder cannot be written",
        |f| fs::write(f.join("file"), "").unwrap(),
        &["--output", "file/below"],
    );
}

#[cfg(unix)]
#[test]
fn a_read_only_output_is_73() {
    use std::os::unix::fs::PermissionsExt;
    let folder = inputs(&[("a.txt", TEXT)]);
    let output = folder.path().join("output");
    fs::create_dir(&output).unwrap();
    fs::set_permissions(&output, fs::Permissions::from_mode(0o555)).unwrap();
    if fs::write(output.join("probe"), "").is_ok() {
        return; // The superuser may write everywhere: nothing to see.
    }
    let done = yuliao(folder.path(), &["run", "-i", "input"]);
    assert_eq!(code(&done), 73, "{}", stderr(&done));
}
