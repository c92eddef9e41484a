//! The word lists as people type them: what takes effect, what the audit says of it, what `dictionary add` changes.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::support::{code, inputs, manifest, project, stderr, yuliao};

type Row = BTreeMap<String, String>;

/// A project folder with these lists and one document.
fn folder(dictionary: &[u8], stop_words: &[u8], text: &str) -> tempfile::TempDir {
    let folder = inputs(&[("a.txt", text.as_bytes())]);
    let config =
        "[input]\npaths = [\"input\"]\n[dictionary]\nfiles = [\"d.txt\"]\n[stopwords]\nfiles = [\"s.txt\"]\n[themes]\ntaxonomy = []\n";
    fs::write(folder.path().join("yuliao.toml"), config).unwrap();
    fs::write(folder.path().join("d.txt"), dictionary).unwrap();
    fs::write(folder.path().join("s.txt"), stop_words).unwrap();
    folder
}

fn run_in(folder: &Path, arguments: &[&str]) -> std::process::Output {
    yuliao(folder, &[arguments, &["--config", "yuliao.toml"]].concat())
}

fn stdout(output: &std::process::Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn parse(csv_text: &str) -> Vec<Row> {
    let mut reader = csv::Reader::from_reader(csv_text.trim_start_matches('\u{FEFF}').as_bytes());
    let header = reader.headers().unwrap().clone();
    reader.records().map(|r| header.iter().zip(r.unwrap().iter()).map(|(h, c)| (h.to_string(), c.to_string())).collect()).collect()
}

fn cells(rows: &[Row], word: &str) -> String {
    let found: Vec<&Row> = rows.iter().filter(|row| row["word"] == word).collect();
    assert_eq!(found.len(), 1, "{word}");
    ["list", "line", "status", "substring_count", "token_count", "swallowed_by", "note"].map(|column| found[0][column].clone()).join("|")
}

const LIST: &str = "# 词表\r\n国内生产总值 n\r\n生产总值\r\n双碳\t10\tnz\r\n\"五个中心\" nz\r\n";

#[test]
fn a_list_takes_effect_in_any_encoding() {
    let text = "国内生产总值和“双碳”目标。";
    let (utf8, gbk) = (LIST.as_bytes().to_vec(), encoding_rs::GB18030.encode(LIST).0.into_owned());
    let utf16: Vec<u8> = "\u{FEFF}".encode_utf16().chain(LIST.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let marked = ["\u{FEFF}".as_bytes(), &utf8].concat();
    for list in [utf8, gbk, utf16, marked] {
        let folder = folder(&list, "和\n".as_bytes(), text);
        let done = run_in(folder.path(), &["tokens"]);
        assert_eq!((code(&done), stdout(&done).as_str()), (0, "国内生产总值/n 和/c 双碳/nz 目标/n\n"), "{}", stderr(&done));
    }
}

#[test]
fn the_audit_is_one_table_whoever_writes_it_and_on_any_number_of_threads() {
    let folder = folder(LIST.as_bytes(), "和\n和\n无\n".as_bytes(), "国内生产总值和生产总值。双碳。");
    let done = run_in(folder.path(), &["dictionary", "audit", "-t", "1"]);
    assert_eq!(code(&done), 0, "{}", stderr(&done));
    assert!(stderr(&done).contains("user: absent 1, partial 1, ok 2\nstop: duplicate 1, absent 1\n"), "{}", stderr(&done));
    let audit = parse(&stdout(&done));
    assert_eq!(cells(&audit, "生产总值"), "user|3|partial|2|1|国内生产总值 (1)|default");
    assert_eq!(cells(&audit, "和"), "stop|1|duplicate|1|1||again in line 2");
    for output in ["audit.csv", "tables"] {
        fs::create_dir_all(folder.path().join("tables")).unwrap();
        let done = run_in(folder.path(), &["dictionary", "audit", "-q", "-t", "2", "-o", output]);
        assert!(code(&done) == 0 && done.stdout.is_empty() && done.stderr.is_empty());
    }
    let done = run_in(folder.path(), &["run", "-q", "--set", "dictionary.audit=true"]);
    assert_eq!(code(&done), 0, "{}", stderr(&done));
    for file in ["audit.csv", "tables/dictionary_audit.csv", "output/dictionary_audit.csv"] {
        assert_eq!(
            fs::read_to_string(folder.path().join(file)).unwrap(),
            stdout(&run_in(folder.path(), &["dictionary", "audit"])),
            "{file}"
        );
    }
    let outputs = manifest(&folder.path().join("output"))["outputs"].clone();
    assert!(outputs.as_array().unwrap().iter().any(|o| o["path"] == "dictionary_audit.csv"));
}

#[test]
fn every_word_of_the_shipped_lists_is_explained() {
    let done = yuliao(&project(), &["dictionary", "audit", "-q"]);
    assert_eq!(code(&done), 0, "{}", stderr(&done));
    let audit = parse(&stdout(&done));
    for (list, file) in [("user", "config/dictionary.txt"), ("stop", "config/stopwords.txt")] {
        let text = fs::read_to_string(project().join(file)).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        let typed = lines.iter().filter(|l| !l.trim().is_empty() && !l.starts_with('#')).count();
        let of_list: Vec<&Row> = audit.iter().filter(|row| row["list"] == list).collect();
        assert_eq!(of_list.len(), typed, "{list}");
        for row in of_list {
            assert!(lines[row["line"].parse::<usize>().unwrap() - 1].starts_with(&row["word"]), "{row:?}");
            assert!(!["rejected", "unreachable", "conflict", "duplicate"].contains(&row["status"].as_str()), "{row:?}");
        }
    }
    assert!(audit.iter().filter(|row| row["list"] == "theme").count() > 1_000);
    for row in audit.iter().filter(|row| row["list"] != "theme") {
        let is_token_each_time = row["substring_count"] == row["token_count"];
        let is_explained = !row["swallowed_by"].is_empty() || !row["note"].is_empty();
        assert!(is_token_each_time || is_explained, "{row:?}");
    }
}

#[test]
fn a_line_that_cannot_be_used_stops_the_run_or_stands_in_the_audit() {
    let folder = folder("双碳\n甲乙 名词\n好。\n".as_bytes(), b"", "双碳。");
    let done = run_in(folder.path(), &["run"]);
    assert_eq!(code(&done), 65);
    assert!(stderr(&done).contains("d.txt:2: error[D002]") && stderr(&done).contains("d.txt:3: error[D004]"), "{}", stderr(&done));
    let done = run_in(folder.path(), &["dictionary", "audit", "--set", "dictionary.strict=false"]);
    assert_eq!(code(&done), 0, "{}", stderr(&done));
    let audit = parse(&stdout(&done));
    assert!(cells(&audit, "甲乙 名词").starts_with("user|2|rejected||||expected a tag"));
    assert!(cells(&audit, "好。").starts_with("user|3|unreachable||||"));
    assert_eq!(code(&run_in(folder.path(), &["run", "-q", "--set", "dictionary.strict=false"])), 0);
    let warnings = manifest(&folder.path().join("output"))["warnings"].to_string();
    assert!(warnings.contains("D002") && warnings.contains("D004"), "{warnings}");
}

#[test]
fn patterns_are_an_option_that_the_fingerprint_knows() {
    let folder = folder(b"", b"", "国办发〔2024〕1号：2024年11月30日增长5.2%。");
    let tokens = |setting: &str| stdout(&run_in(folder.path(), &["tokens", "--set", setting]));
    assert_eq!(tokens("dictionary.patterns=true"), "国办发〔2024〕1号/m 2024年11月30日/m 增长/v 5.2%/m\n");
    assert!(tokens("dictionary.patterns=false").contains("2024/m 年/m 11/m 月/m 30/m"));
    let fingerprint = |setting: &str| {
        assert_eq!(code(&run_in(folder.path(), &["run", "-q", "--set", setting])), 0);
        manifest(&folder.path().join("output"))["fingerprint"]["all"].clone()
    };
    assert_ne!(fingerprint("dictionary.patterns=true"), fingerprint("dictionary.patterns=false"));
}

#[test]
fn a_stop_list_that_takes_away_frequent_nouns_is_warned_of() {
    let folder = folder(b"", "经济\n的\n".as_bytes(), "经济发展的质量。经济和社会的发展。");
    let done = run_in(folder.path(), &["run"]);
    assert_eq!(code(&done), 0);
    assert!(stderr(&done).contains("W_STOPWORDS") && stderr(&done).contains("经济 would be among"), "{}", stderr(&done));
    let warnings = manifest(&folder.path().join("output"))["warnings"].to_string();
    assert!(warnings.contains("W_STOPWORDS") && warnings.contains("经济"), "{warnings}");
    fs::write(folder.path().join("s.txt"), "的\n").unwrap();
    assert!(!stderr(&run_in(folder.path(), &["run"])).contains("W_STOPWORDS"));
    let seed = tempfile::tempdir().unwrap();
    let done = yuliao(&project(), &["run", "-o", seed.path().join("o").to_str().unwrap()]);
    assert!(!stderr(&done).contains("W_STOPWORDS"), "{}", stderr(&done));
}

#[test]
fn words_are_appended_once_and_nothing_else_changes() {
    let folder = folder("双碳 n\r\n长三角".as_bytes(), b"", "推进新质生产力和Big Data。");
    let done = run_in(folder.path(), &["dictionary", "add", "新质生产力", "长三角", "新质生产力", "Big Data", "--tag", "n"]);
    // 长三角 stands there without a tag: nothing is changed in silence, and nothing is written.
    assert_eq!(code(&done), 65);
    assert!(stderr(&done).contains("`长三角` is listed already, without a tag (d.txt:2)"), "{}", stderr(&done));
    let list = || fs::read_to_string(folder.path().join("d.txt")).unwrap();
    assert_eq!(list(), "双碳 n\r\n长三角");
    let done = run_in(folder.path(), &["dictionary", "add", "新质生产力", "长三角", "新质生产力", "Big Data"]);
    assert_eq!(code(&done), 0, "{}", stderr(&done));
    assert!(
        stderr(&done).contains("added to d.txt: 新质生产力\nalready in d.txt:2: 长三角\nadded to d.txt: big data\n"),
        "{}",
        stderr(&done)
    );
    assert_eq!(list(), "双碳 n\r\n长三角\r\n新质生产力\r\nBig Data\tn\r\n");
    let again = run_in(folder.path(), &["dictionary", "add", "-q", "新质生产力", "big data"]);
    assert!(code(&again) == 0 && again.stderr.is_empty());
    assert_eq!(list(), "双碳 n\r\n长三角\r\n新质生产力\r\nBig Data\tn\r\n");
    assert_eq!(stdout(&run_in(folder.path(), &["tokens"])), "推进/v 新质生产力/n 和/c big_data/n\n");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 4, "no file is left behind");
}

#[test]
fn a_word_or_list_that_cannot_be_changed_is_refused() {
    let folder = folder("双碳\n".as_bytes(), b"", "双碳。");
    for (word, reason) in [("。", "can never be a token"), ("好。", "ends a sentence"), ("甲,乙", "a comma parts"), ("#甲", "comment")]
    {
        let done = run_in(folder.path(), &["dictionary", "add", "甲乙丙", word]);
        assert!(code(&done) == 65 && stderr(&done).contains(reason), "{word}: {}", stderr(&done));
    }
    assert_eq!(code(&run_in(folder.path(), &["dictionary", "add", "甲乙", "--tag", "名词"])), 65);
    assert_eq!(fs::read_to_string(folder.path().join("d.txt")).unwrap(), "双碳\n");
    let gbk = encoding_rs::GB18030.encode("国内生产总值\n双碳\n").0.into_owned();
    fs::write(folder.path().join("d.txt"), &gbk).unwrap();
    let done = run_in(folder.path(), &["dictionary", "add", "长三角"]);
    assert!(code(&done) == 65 && stderr(&done).contains("save the file as UTF-8"), "{}", stderr(&done));
    assert_eq!(fs::read(folder.path().join("d.txt")).unwrap(), gbk);
    let done = run_in(folder.path(), &["dictionary", "add", "长三角", "--file", "more.txt"]);
    assert!(code(&done) == 0 && stderr(&done).contains("more.txt is not in dictionary.files"), "{}", stderr(&done));
    assert_eq!(fs::read_to_string(folder.path().join("more.txt")).unwrap(), "长三角\n");
    // Without a configuration file the list is part of the program.
    let bare = tempfile::tempdir().unwrap();
    assert_eq!(code(&yuliao(bare.path(), &["dictionary", "add", "长三角"])), 78);
    assert_eq!(code(&run_in(folder.path(), &["dictionary", "add"])), 64);
}

#[test]
fn an_input_that_cannot_be_used_is_named_and_is_exit_3() {
    let folder = folder("双碳\n".as_bytes(), b"", "双碳。");
    fs::write(folder.path().join("input/b.csv"), "title\n无正文\n").unwrap();
    let done = run_in(folder.path(), &["dictionary", "audit"]);
    assert!(code(&done) == 3 && stderr(&done).contains("b.csv"), "{} {}", code(&done), stderr(&done));
    assert_eq!(cells(&parse(&stdout(&done)), "双碳"), "user|1|ok|1|1||");
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(code(&yuliao(folder.path(), &["dictionary", "audit", "-i", "nowhere"])), 66);
}
