//! What holds for every corpus: the same bytes however it is cut, and sums that add up.

use std::fs;

use proptest::prelude::*;
use yuliao::analysis::{AnalysisOptions, Inputs, OptionalMeasure, Unit, tables};
use yuliao::config::Config;
use yuliao::corpus::{CopyOptions, Corpus, Room, Selection, WordTags, build_shard};
use yuliao::run::Prepared;
use yuliao::source::{BatchReader, Document};
use yuliao::table::{Cell, row_values};

use super::support::{code, inputs, project, rows, tables as files, yuliao};

/// Everything that the small corpus needs, with every unit of co-occurrence and some optional measures.
fn prepared(folder: &std::path::Path) -> (Prepared, AnalysisOptions) {
    let small = project().join("tests/small");
    let mut config = yuliao::config::load(&small.join("yuliao.toml"), &[]).unwrap();
    config.input.paths = vec![folder.to_path_buf()];
    config.cooccurrence.units = vec![Unit::Sentence, Unit::Paragraph, Unit::Document, Unit::Window(2)];
    config.cooccurrence.measures = vec![OptionalMeasure::LogRatioLow, OptionalMeasure::Fisher];
    let options = config.analysis();
    (Prepared::for_reading(&config).unwrap(), options)
}

fn documents(prepared: &Prepared) -> Vec<Document> {
    let options = Config::default().input.source;
    BatchReader::new(&prepared.listing().files, &options).flat_map(|batch| batch.read(&options).documents).collect()
}

/// All rows of all tables when the documents are cut into shards at these places.
fn rows_when_cut(
    prepared: &Prepared,
    options: &AnalysisOptions,
    (documents, cuts): (&[Document], &[usize]),
    room: &Room,
) -> Vec<(String, Vec<Vec<Cell>>)> {
    let mut borders: Vec<usize> = cuts.iter().map(|c| c % (documents.len() + 1)).chain([0, documents.len()]).collect();
    borders.sort_unstable();
    let shards = borders.windows(2).map(|w| room.keep(build_shard(&documents[w[0]..w[1]], prepared.tools()))).collect();
    let corpus = Corpus::with_copies(shards, &CopyOptions::default(), room);
    let selection = Selection::new(&corpus, &options.terms, prepared.stop_words(), &|word| prepared.segmenter().tag(word));
    let word_tags = WordTags::new(&corpus, &selection, &|word| prepared.segmenter().tag(word));
    let inputs = Inputs {
        corpus: &corpus,
        selection: &selection,
        word_tags: &word_tags,
        entities: prepared.entities(),
        taggers: prepared.taggers(),
        taxonomy: 0,
        gold_patterns: &[],
        reference: None,
        baseline: None,
        segmenter: prepared.segmenter(),
        stop_words: prepared.stop_words(),
        quarantined: &[],
        options,
    };
    let (tables, _) = tables(&inputs, true, &|_| ());
    tables.iter().map(|t| (t.definition().name.to_string(), (0..t.row_count()).map(|row| row_values(&**t, row)).collect())).collect()
}

/// Sentences over the words of the small corpus.
fn text() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "改革",
        "改革办",
        "开放",
        "发展",
        "促进",
        "绿色",
        "转型",
        "深化",
        "城市",
        "的",
        "和",
        "，",
        "不涉及",
        " ",
    ]);
    let sentence = prop::collection::vec(word, 1..8).prop_map(|words| words.concat());
    let end = prop::sample::select(vec!["。", "！", "；", "\n"]);
    prop::collection::vec((sentence, end), 1..6).prop_map(|parts| parts.iter().map(|(s, e)| format!("{s}{e}")).collect())
}

fn corpus_folder(texts: &[String]) -> tempfile::TempDir {
    let files: Vec<(String, &[u8])> = texts.iter().enumerate().map(|(at, t)| (format!("{at:02}.txt"), t.as_bytes())).collect();
    let files: Vec<(&str, &[u8])> = files.iter().map(|(name, bytes)| (name.as_str(), *bytes)).collect();
    inputs(&files)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn tables_do_not_depend_on_where_the_corpus_is_cut(texts in prop::collection::vec(text(), 1..7), cuts in prop::collection::vec(any::<usize>(), 0..5)) {
        let folder = corpus_folder(&texts);
        let (prepared, options) = prepared(&folder.path().join("input"));
        let documents = documents(&prepared);
        let whole = rows_when_cut(&prepared, &options, (&documents, &[]), &Room::unlimited());
        prop_assert_eq!(&whole, &rows_when_cut(&prepared, &options, (&documents, &cuts), &Room::unlimited()));
        // No room at all: every part of every shard is read from the file.
        let room = Room::of_bytes(0, tempfile::tempfile().unwrap());
        prop_assert_eq!(&whole, &rows_when_cut(&prepared, &options, (&documents, &cuts), &room));
        prop_assert!(room.check().is_ok());
        let mut backwards = documents;
        backwards.reverse();
        prop_assert_eq!(&whole, &rows_when_cut(&prepared, &options, (&backwards, &cuts), &Room::unlimited()));
    }

    #[test]
    fn sums_add_up(texts in prop::collection::vec(text(), 1..7)) {
        let folder = corpus_folder(&texts);
        let done = yuliao(&project(), &["run", "-q", "--config", "tests/small/yuliao.toml", "-i", folder.path().join("input").to_str().unwrap(), "-o", folder.path().join("output").to_str().unwrap()]);
        // A text of nothing but white space is set aside.
        prop_assert_eq!(code(&done), if texts.iter().any(|text| text.trim().is_empty()) { 3 } else { 0 });
        check_sums(&folder.path().join("output"));
    }

    #[test]
    fn no_configuration_and_no_list_panics(text in "\\PC{0,120}") {
        let _ = yuliao::config::load_text("c.toml", &text, &[]);
        let _ = yuliao::lexicon::Dictionary::default().add_file("d.txt", text.as_bytes());
        let _ = yuliao::lexicon::StopWords::default().add_file("s.txt", text.as_bytes());
    }
}

fn number(row: &std::collections::BTreeMap<String, String>, column: &str) -> i64 {
    let cell = row[column].replace('.', "");
    if cell.is_empty() { 0 } else { cell.parse().unwrap() }
}

/// Law 4: Σ tf = terms; df ≤ D; n_ab ≤ min(n_a, n_b); Σ contribution = score; a parent is the sum of its parts.
fn check_sums(report: &std::path::Path) {
    let (documents, terms, pairs) = (rows(report, "documents"), rows(report, "terms"), rows(report, "cooccurrence"));
    let sum = |rows: &[std::collections::BTreeMap<String, String>], column: &str| rows.iter().map(|r| number(r, column)).sum::<i64>();
    assert_eq!(sum(&terms, "tf"), sum(&documents, "terms"));
    assert!(terms.iter().all(|t| number(t, "df") <= documents.len() as i64 && number(t, "df") <= number(t, "tf")));
    for pair in &pairs {
        assert!(number(pair, "n_ab") <= number(pair, "n_a").min(number(pair, "n_b")) && pair["term_a"] < pair["term_b"], "{pair:?}");
        assert!(pair["example"].contains(&pair["term_a"]) && pair["example"].contains(&pair["term_b"]), "{pair:?}");
    }
    let (evidence, themes, coded) = (rows(report, "theme_evidence"), rows(report, "themes"), rows(report, "sentence_themes"));
    let leaves = |t: &&std::collections::BTreeMap<String, String>| t["theme_id"].contains('.');
    assert_eq!(sum(&evidence, "contribution"), themes.iter().filter(leaves).map(|t| number(t, "score")).sum::<i64>());
    assert_eq!(sum(&evidence, "contribution"), themes.iter().filter(|t| !leaves(t)).map(|t| number(t, "score")).sum::<i64>());
    for row in &coded {
        let of_theme = evidence
            .iter()
            .filter(|e| e["doc_id"] == row["doc_id"] && e["sentence_no"] == row["sentence_no"] && e["theme_id"] == row["primary_theme"]);
        assert_eq!(of_theme.map(|e| number(e, "contribution")).sum::<i64>(), number(row, "score"));
    }
}

#[test]
fn sums_of_the_seed_add_up_and_matches_are_what_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let report = folder.path().join("output");
    assert_eq!(code(&yuliao(&project(), &["run", "-q", "-o", report.to_str().unwrap()])), 0);
    check_sums(&report);
    let sentences = rows(&report, "sentence_themes");
    let mut checked = 0;
    for hit in rows(&report, "theme_evidence") {
        let Some(row) = sentences.iter().find(|s| s["sentence_no"] == hit["sentence_no"]) else { continue };
        let (start, end) = (number(&hit, "start") as usize, number(&hit, "end") as usize);
        let cut: String = row["sentence"].chars().skip(start).take(end - start).collect();
        assert_eq!(cut, hit["matched"]);
        checked += 1;
    }
    assert!(checked > 200);
}

#[test]
fn tables_are_equal_at_any_number_of_threads_and_after_another_run() {
    let folder = inputs(&[]);
    let input = folder.path().join("input");
    fs::create_dir(&input).unwrap();
    // Enough text for several batches.
    let seed = fs::read_to_string(project().join("seeds/000_fb77fa30169a27a9.txt")).unwrap();
    let lines: String = (0..300).map(|n| serde_json::json!({"id": n, "date": format!("2024-{:02}-01", n % 12 + 1), "text": &seed[..seed.char_indices().nth(400 + n * 7).map_or(seed.len(), |(at, _)| at)]}).to_string() + "\n").collect();
    fs::write(input.join("a.jsonl"), lines).unwrap();
    let run = |threads: &str, output: &str| {
        let output = folder.path().join(output);
        let done = yuliao(&project(), &["run", "-q", "-i", input.to_str().unwrap(), "-o", output.to_str().unwrap(), "-t", threads]);
        assert_eq!(code(&done), 0);
        files(&output)
    };
    let one = run("1", "one");
    assert_eq!(one, run("4", "four"));
    assert_eq!(one, run("2", "four"), "a second run over an old report");
}
