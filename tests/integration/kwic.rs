//! `yuliao kwic`: hits stand where a run counts, in every format and order.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Output;

use proptest::prelude::*;
use yuliao::analysis::Unit;
use yuliao::config::Config;
use yuliao::run::{KwicOutcome, KwicRequest, Order, PairOrder, Pattern, Prepared, Quiet};
use yuliao::table::{Cell, Table, row_values};

use super::support::{code, inputs, project, stderr, yuliao};

type Row = BTreeMap<String, String>;

fn kwic(folder: &Path, arguments: &[&str]) -> Output {
    yuliao(folder, &[&["kwic"][..], arguments].concat())
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn csv_rows(text: &str) -> Vec<Row> {
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{FEFF}').as_bytes());
    let header = reader.headers().unwrap().clone();
    reader.records().map(|r| header.iter().zip(r.unwrap().iter()).map(|(h, c)| (h.to_string(), c.to_string())).collect()).collect()
}

/// The hits of a word as rows of the CSV.
fn hits(folder: &Path, arguments: &[&str]) -> Vec<Row> {
    let done = kwic(folder, &[arguments, &["input", "--csv", "-q"]].concat());
    assert_eq!(code(&done), 0, "{}", stderr(&done));
    csv_rows(&stdout(&done))
}

fn column(rows: &[Row], name: &str) -> Vec<String> {
    rows.iter().map(|row| row[name].clone()).collect()
}

fn request(pattern: Pattern) -> KwicRequest {
    KwicRequest { pattern, context: 5, order: Order::Document, limit: None, sample: None }
}

/// All rows and the counts of a search.
fn search(prepared: &Prepared, request: &KwicRequest) -> (Vec<Vec<Cell>>, KwicOutcome) {
    let mut rows = Vec::new();
    let outcome = prepared.in_pool(|| {
        prepared.kwic(request, &mut |part| {
            rows.extend((0..part.row_count()).map(|row| row_values(part, row)));
            Ok(())
        })
    });
    (rows, outcome.unwrap())
}

fn small_config() -> Config {
    yuliao::config::load(&project().join("tests/small/yuliao.toml"), &[]).unwrap()
}

/// The rows of a table of a run as texts.
fn table(prepared: &Prepared, name: &str, wanted: &[&str]) -> Vec<Vec<String>> {
    prepared.in_pool(|| {
        let built = prepared.build(&Quiet).unwrap();
        let (tables, _) = built.tables(prepared, &Quiet);
        let table = tables.iter().find(|t| t.definition().name == name).unwrap();
        let at = |column: &&str| table.definition().columns.iter().position(|c| c.name == *column).unwrap();
        let places: Vec<usize> = wanted.iter().map(at).collect();
        let show = |cell: &Cell| match cell {
            Cell::Text(text) => text.clone(),
            Cell::Integer(value) => value.to_string(),
            other => format!("{other:?}"),
        };
        (0..table.row_count()).map(|row| row_values(&**table, row)).map(|cells| places.iter().map(|p| show(&cells[*p])).collect()).collect()
    })
}

/// The hits of every term are its occurrences, and the documents those that hold it.
fn check_terms(config: &Config, most: usize) {
    let prepared = Prepared::for_reading(config).unwrap();
    let terms = table(&prepared, "terms", &["term", "tf", "df"]);
    assert!(!terms.is_empty());
    for row in terms.iter().take(most) {
        let (rows, outcome) = search(&prepared, &request(Pattern::Word(row[0].clone())));
        let found = [row[0].clone(), outcome.hits.to_string(), outcome.documents.to_string()];
        assert_eq!(found.as_slice(), row.as_slice());
        assert_eq!((rows.len() as u64, outcome.words[0].1.as_token), (outcome.hits, outcome.hits));
        assert!(outcome.words[0].1.in_text >= outcome.hits);
    }
}

#[test]
fn hits_are_the_occurrences_that_a_run_counts() {
    check_terms(&small_config(), usize::MAX);
    let mut seeds = yuliao::run::built_in_config();
    seeds.input.paths = vec![project().join("seeds")];
    check_terms(&seeds, 40);
}

#[test]
fn documents_have_the_ids_that_they_have_in_the_tables() {
    let line = |id: &str, text: &str| format!("{{\"id\":\"{id}\",\"text\":\"{text}\"}}\n");
    let records = [line("1", "改革。"), line("1", "开放。"), line("1", "再改革。"), line("2", "改革改革。")].concat();
    let folder = inputs(&[("a.jsonl", records.as_bytes()), ("b.txt", "没有。".as_bytes())]);
    assert_eq!(code(&yuliao(folder.path(), &["run", "-q", "-i", "input"])), 0);
    let documents = super::support::rows(&folder.path().join("output"), "documents");
    let id = |record: &str| documents.iter().find(|d| d["record"] == record).unwrap()["doc_id"].clone();
    let found = hits(folder.path(), &["改革"]);
    assert_eq!(column(&found, "record"), ["1", "3", "4", "4"]);
    assert_eq!(column(&found, "doc_id"), [id("1"), id("3"), id("4"), id("4")]);
    assert_eq!(documents.iter().map(|d| &d["doc_id"]).collect::<BTreeSet<_>>().len(), 5);
}

#[test]
fn a_hit_has_its_context_and_leads_back_to_its_sentence() {
    let text = "标题：\u{3000}ＧＤＰ增长\n2024-05-06\n\n\u{3000}\u{3000}第一段。ＧＤＰ　增长５．２％，好。\n第二段！";
    let folder = inputs(&[("a.txt", text.as_bytes())]);
    let rows = hits(folder.path(), &["gdp", "--context", "6"]);
    assert_eq!(column(&rows, "node"), ["ＧＤＰ", "ＧＤＰ"]);
    assert_eq!(column(&rows, "left"), ["", "第一段。"]);
    assert_eq!(column(&rows, "right"), ["增长", " 增长５．２"]);
    assert_eq!(column(&rows, "sentence_no"), ["1", "3"]);
    assert_eq!(column(&rows, "date"), ["2024-05-06", "2024-05-06"]);
    let phrase = hits(folder.path(), &["好。", "--phrase", "--context", "3"]);
    assert_eq!((column(&phrase, "left"), column(&phrase, "right")), (vec!["２％，".to_string()], vec!["¶第二".to_string()]));
    for row in hits(folder.path(), &["增长"]).iter().chain(&phrase) {
        let sentence: Vec<char> = row["sentence"].chars().collect();
        let start: usize = row["start"].parse().unwrap();
        assert_eq!(sentence[start..start + row["node"].chars().count()].iter().collect::<String>(), row["node"]);
    }
}

#[test]
fn phrases_cross_words_but_no_sentence() {
    let folder = inputs(&[("a.txt", "深化改革开放。深化改革；开放。改革开放".as_bytes())]);
    assert_eq!(column(&hits(folder.path(), &["革开", "--phrase"]), "sentence_no"), ["1", "4"]);
    assert_eq!(hits(folder.path(), &["改革；开放", "--phrase"]), Vec::<Row>::new());
    assert_eq!(column(&hits(folder.path(), &["深化.*开", "--regex"]), "node"), ["深化改革开"]);
}

#[test]
fn either_script_finds_either_and_what_is_quoted_is_as_written() {
    let traditional = "關於經濟發展的報告。這裏說的經濟問題，還沒有解決。";
    let folder = inputs(&[("a.txt", traditional.as_bytes()), ("b.txt", "关于经济发展的报告。".as_bytes())]);
    for typed in ["经济", "經濟"] {
        assert_eq!(column(&hits(folder.path(), &[typed]), "node"), ["經濟", "經濟", "经济"], "{typed}");
        assert_eq!(column(&hits(folder.path(), &[typed, "--phrase"]), "node"), ["經濟", "經濟", "经济"], "{typed}");
        let regex = format!("{typed}.");
        assert_eq!(column(&hits(folder.path(), &[&regex, "--regex"]), "node"), ["經濟發", "經濟問", "经济发"], "{typed}");
    }
    let as_written = hits(folder.path(), &["经济", "--phrase", "--set", "text.simplify=false"]);
    assert_eq!(column(&as_written, "node"), ["经济"]);
}

#[test]
fn orders_limit_and_sample() {
    let folder = inputs(&[
        ("a.txt", "日期：2024-02-01\n\n甲改革乙。".as_bytes()),
        ("b.txt", "日期：2024-01-01\n\n丁改革甲。丙改革丙。".as_bytes()),
        ("c.txt", "乙改革丁。".as_bytes()),
    ]);
    let phrase = |more: &[&str]| hits(folder.path(), &[&["改革", "--phrase", "--context", "1"], more].concat());
    let contexts = |rows: &[Row]| rows.iter().map(|r| format!("{}{}", r["left"], r["right"])).collect::<Vec<_>>();
    assert_eq!(contexts(&phrase(&[])), ["甲乙", "丁甲", "丙丙", "乙丁"]);
    assert_eq!(contexts(&phrase(&["--sort", "date"])), ["丁甲", "丙丙", "甲乙", "乙丁"]);
    // Code points: 丁 < 丙 < 乙 < 甲.
    assert_eq!(contexts(&phrase(&["--sort", "left"])), ["丁甲", "丙丙", "乙丁", "甲乙"]);
    assert_eq!(contexts(&phrase(&["--sort", "right"])), ["乙丁", "丙丙", "甲乙", "丁甲"]);
    assert_eq!(contexts(&phrase(&["--sort", "left", "--limit", "2"])), ["丁甲", "丙丙"]);
    assert_eq!(contexts(&phrase(&["--limit", "3"])), ["甲乙", "丁甲", "丙丙"]);
    let sample = contexts(&phrase(&["--sample", "2"]));
    assert_eq!(sample.len(), 2);
    assert_eq!(sample, contexts(&phrase(&["--sample", "2", "--threads", "1"])));
    let limited = kwic(folder.path(), &["改革", "input", "--phrase", "--limit", "1"]);
    assert!(stderr(&limited).contains("note: 3 of 4 hits are not listed: --limit 1"), "{}", stderr(&limited));
}

#[test]
fn a_word_that_is_no_token_is_explained_and_no_hit_is_no_error() {
    let folder = inputs(&[("a.txt", "深化改革开放的新经验。".as_bytes())]);
    let done = kwic(folder.path(), &["革开", "input"]);
    assert_eq!((code(&done), stdout(&done)), (0, String::new()));
    let text = stderr(&done);
    assert!(text.contains("革开: 0 as a word, 1 in the text: ") && text.contains("--phrase"), "{text}");
    assert!(text.contains("ok hits=0 documents=0 searched=1 listed=0 exit=0"), "{text}");
    let csv = kwic(folder.path(), &["没有", "input", "--csv", "-q"]);
    assert_eq!((code(&csv), csv_rows(&stdout(&csv))), (0, Vec::new()));
    assert!(stdout(&csv).starts_with("\u{FEFF}left,node,right,doc_id,") && csv.stderr.is_empty());
}

#[test]
fn wrong_patterns_are_64_and_bad_inputs_3() {
    let folder = inputs(&[("a.txt", "改革。".as_bytes()), ("b.docx", b"PK\x03\x04broken")]);
    for arguments in
        [&["", "input"][..], &["。", "input"], &["改(", "input", "--regex"], &["改*", "input", "--regex"], &["改革", "--within", "3"]]
    {
        let done = kwic(folder.path(), arguments);
        assert!(code(&done) == 64 && done.stdout.is_empty() && !done.stderr.is_empty(), "{arguments:?} {}", stderr(&done));
    }
    let done = kwic(folder.path(), &["改革", "input"]);
    assert_eq!((code(&done), stdout(&done).lines().count()), (3, 1));
    assert!(stderr(&done).contains("warning: b.docx: "), "{}", stderr(&done));
    assert_eq!(code(&kwic(folder.path(), &["改革", "nowhere"])), 66);
}

#[test]
fn formats_and_files() {
    let folder = inputs(&[("a.txt", "=改革，\"好\"\u{1B}[2J。".as_bytes())]);
    let text = stdout(&kwic(folder.path(), &["改革", "input", "-q", "--context", "2"]));
    assert_eq!(text, "               =  改革  ，\"   a.txt\n");
    assert_eq!(column(&hits(folder.path(), &["改革"]), "left"), ["'="]);
    let json = stdout(&kwic(folder.path(), &["改革", "input", "-q", "--format", "jsonl"]));
    let json: serde_json::Value = serde_json::from_str(json.trim_end()).unwrap();
    assert_eq!(
        (&json["left"], &json["node"], &json["record"], &json["start"]),
        (&"=".into(), &"改革".into(), &serde_json::Value::Null, &1.into())
    );
    let written = kwic(folder.path(), &["改革", "input", "-q", "-o", "hits.csv"]);
    assert!(code(&written) == 0 && written.stdout.is_empty());
    assert_eq!(csv_rows(&fs::read_to_string(folder.path().join("hits.csv")).unwrap()).len(), 1);
    assert_eq!(code(&kwic(folder.path(), &["改革", "input", "-q", "-o", "no/hits.csv"])), 73);
    let help = stdout(&kwic(folder.path(), &["--help"]));
    assert!(help.contains("sentence_no") && help.contains("--near"));
}

#[test]
fn nothing_is_destroyed_by_what_is_written() {
    let folder = inputs(&[("a.txt", "改革。".as_bytes())]);
    let at = |name: &str| folder.path().join(name);
    fs::create_dir_all(at("tables/kwic.csv")).unwrap();
    fs::write(at("outside.txt"), "改革在外。").unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink(at("outside.txt"), at("input/link.txt")).unwrap();
    let cases = [
        ("input/a.txt", 78, "lies inside it"),
        ("input/new.csv", 78, "lies inside it"),
        ("input", 78, "lies inside it"),
        ("outside.txt", 78, "which is that input"),
        ("tables", 78, "a folder of that name"),
        ("/dev/null", 78, "a pipe or device"),
        ("no/hits.csv", 73, "expected a folder no to write into, found none; make it"),
        ("new/", 73, "expected a folder new/ to write into, found none; make it"),
        ("outside.txt/hits.csv", 73, "found a file"),
    ];
    for command in [&["kwic", "改革", "input", "-q"][..], &["dictionary", "audit", "-i", "input", "-q"]] {
        let of_unix = |output: &str| matches!(output, "outside.txt" | "/dev/null");
        let cases = cases.iter().filter(|case| cfg!(unix) || !of_unix(case.0));
        for (output, exit, message) in cases.filter(|case| case.0 != "tables" || command[0] == "kwic") {
            let done = yuliao(folder.path(), &[command, &["-o", output]].concat());
            let text = stderr(&done);
            assert!(code(&done) == *exit && text.contains(message) && text.contains(output), "{command:?} {output}: {text}");
            assert!(!text.contains(".yuliao-"), "{text}");
        }
    }
    let one = kwic(folder.path(), &["改革", "input/a.txt", "-o", "input/a.txt"]);
    assert!(code(&one) == 78 && stderr(&one).contains("which is that input"), "{}", stderr(&one));
    assert_eq!(fs::read_to_string(at("input/a.txt")).unwrap(), "改革。");
    assert_eq!(fs::read_to_string(at("outside.txt")).unwrap(), "改革在外。");
    #[cfg(unix)]
    assert!(!fs::metadata("/dev/null").unwrap().is_file());
}

#[test]
fn a_search_needs_nothing_that_only_a_report_needs() {
    let folder = inputs(&[("a.txt", "改革。".as_bytes())]);
    for setting in ["keyness.target=theme=opening", "keyness.reference_list=missing.csv", "entities.files=missing.csv"] {
        for command in [&["kwic", "改革", "input"][..], &["tokens", "input"]] {
            let done = yuliao(folder.path(), &[command, &["--set", setting]].concat());
            assert_eq!(code(&done), 0, "{command:?} {setting}: {}", stderr(&done));
        }
    }
}

#[test]
fn a_long_sentence_is_shown_in_a_window() {
    let long = |before: usize, behind: usize| format!("{}改革{}\n", "甲".repeat(before), "乙".repeat(behind));
    let text = [long(400, 598), long(400, 599), long(300, 701), long(701, 300)].concat();
    let folder = inputs(&[("a.txt", text.as_bytes())]);
    let rows = hits(folder.path(), &["改革", "--phrase"]);
    let (left, right) = ("甲".repeat(300), "乙".repeat(300));
    let expected =
        [long(400, 598).trim().to_string(), format!("…{left}改革{right}…"), format!("{left}改革{right}…"), format!("…{left}改革{right}")];
    assert_eq!(column(&rows, "sentence"), expected);
    assert_eq!(column(&rows, "start"), ["400", "400", "300", "701"]);
    for row in &rows[1..] {
        let at = row["start"].parse::<usize>().unwrap().min(301);
        assert_eq!(row["sentence"].chars().skip(at).take(2).collect::<String>(), "改革");
    }
}

#[test]
fn a_text_of_one_word_has_more_pairs_than_are_held() {
    // 60,000 words in sentences of 5,000: 20 pairs each, but for the last 20 words of a sentence: 12 * (5,000 * 20 - 210).
    let folder = inputs(&[("a.txt", "的".repeat(60_000).as_bytes()), ("b.txt", "的的。".as_bytes())]);
    let mut config = small_config();
    config.input.paths = vec![folder.path().join("input")];
    let prepared = Prepared::for_reading(&config).unwrap();
    let near = Pattern::Near { first: "的".into(), second: "的".into(), within: 20, order: PairOrder::Either };
    let all = request(near);
    let outcome = prepared.in_pool(|| {
        prepared.kwic(&all, &mut |part| {
            assert!(part.row_count() <= 1 << 16);
            Ok(())
        })
    });
    let outcome = outcome.unwrap();
    assert_eq!((outcome.hits, outcome.listed, outcome.documents), (12 * 99_790 + 1, 12 * 99_790 + 1, 2));
    for (request, listed) in [
        (KwicRequest { limit: Some(3), ..all.clone() }, 3),
        (KwicRequest { sample: Some(3), ..all.clone() }, 3),
        (KwicRequest { order: Order::Right, limit: Some(3), ..all.clone() }, 3),
    ] {
        let (rows, found) = search(&prepared, &request);
        assert_eq!((rows.len(), found.hits), (listed, outcome.hits));
    }
}

fn text() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec!["改革", "改革办", "开放", "发展", "促进", "深化", "的", "，", " ", "。", "\n", "改 革", "ＧＤＰ"]);
    prop::collection::vec(word, 1..24).prop_map(|words| words.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn searches_agree_with_the_tables_of_a_run(texts in prop::collection::vec(text(), 1..5)) {
        let files: Vec<(String, &[u8])> = texts.iter().enumerate().map(|(at, t)| (format!("{at}.txt"), t.as_bytes())).collect();
        let files: Vec<(&str, &[u8])> = files.iter().map(|(name, bytes)| (name.as_str(), *bytes)).collect();
        let folder = inputs(&files);
        let mut config = small_config();
        config.input.paths = vec![folder.path().join("input")];
        config.cooccurrence.units = vec![Unit::Window(3)];
        config.run.threads = 2;
        let prepared = Prepared::for_reading(&config).unwrap();
        for row in table(&prepared, "terms", &["term", "tf", "df"]) {
            let (_, outcome) = search(&prepared, &request(Pattern::Word(row[0].clone())));
            prop_assert_eq!(vec![outcome.hits.to_string(), outcome.documents.to_string()], row[1..].to_vec());
        }
        for row in table(&prepared, "cooccurrence", &["term_a", "term_b", "n_ab"]) {
            let near = |first: usize, second: usize, order| {
                let pattern = Pattern::Near { first: row[first].clone(), second: row[second].clone(), within: 3, order };
                search(&prepared, &request(pattern)).1.hits
            };
            prop_assert_eq!(near(0, 1, PairOrder::Either).to_string(), row[2].clone());
            prop_assert_eq!(near(1, 0, PairOrder::Either).to_string(), row[2].clone());
            prop_assert_eq!((near(0, 1, PairOrder::AsNamed) + near(1, 0, PairOrder::AsNamed)).to_string(), row[2].clone());
        }
    }

    #[test]
    fn a_limited_list_begins_like_the_whole(texts in prop::collection::vec(text(), 1..5), limit in 1usize..6) {
        let files: Vec<(String, &[u8])> = texts.iter().enumerate().map(|(at, t)| (format!("{at}.txt"), t.as_bytes())).collect();
        let files: Vec<(&str, &[u8])> = files.iter().map(|(name, bytes)| (name.as_str(), *bytes)).collect();
        let folder = inputs(&files);
        let mut config = small_config();
        config.input.paths = vec![folder.path().join("input")];
        let prepared = Prepared::for_reading(&config).unwrap();
        for order in [Order::Document, Order::Date, Order::Left, Order::Right, Order::Node] {
            let all = KwicRequest { order, ..request(Pattern::Phrase("改革|发展".into())) };
            let (rows, outcome) = search(&prepared, &all);
            let (first, limited) = search(&prepared, &KwicRequest { limit: Some(limit), ..all.clone() });
            prop_assert_eq!(&first[..], &rows[..limit.min(rows.len())]);
            prop_assert_eq!((limited.hits, limited.listed), (outcome.hits, first.len() as u64));
            let (sample, drawn) = search(&prepared, &KwicRequest { sample: Some(limit), ..all });
            prop_assert_eq!(sample.len(), limit.min(rows.len()));
            prop_assert!(sample.iter().all(|row| rows.contains(row)) && drawn.hits == outcome.hits);
        }
    }

    #[test]
    fn no_pattern_panics(pattern in "\\PC{0,20}", other in "\\PC{0,5}") {
        let near = Pattern::Near { first: pattern.clone(), second: other, within: 3, order: PairOrder::Either };
        for pattern in [Pattern::Word(pattern.clone()), Pattern::Phrase(pattern.clone()), Pattern::Regex(pattern), near] {
            let _ = pattern.check(yuliao::text::Simplify::Auto);
        }
    }
}
