use proptest::prelude::*;

use super::{KeynessOptions, Reference, Target};
use crate::analysis::AnalysisOptions;
use crate::analysis::test_corpus::{Made, Setting, document};
use crate::source::{DocId, Document};
use crate::stats::{self, Contingency};
use crate::table::Decimal;

const TAXONOMY: &str = "taxonomy = { id = \"t\", version = \"1\" }
[[theme]]
id = \"a\"
name = \"甲\"
kind = \"policy\"
[[theme]]
id = \"a.b\"
name = \"乙\"
terms = [\"改革\"]
";

/// 5 tokens of 2022, 6 of 2023, 1 without a date.
fn documents() -> Vec<Document> {
    vec![
        document("a.txt", "2022-03-01", "甲社", "改革 改革 开放 。"),
        document("b.txt", "2022-06-01", "乙社", "开放 发展 。"),
        document("c.txt", "2023-01-05", "甲社", "开放 开放 开放 绿色 。"),
        document("d.txt", "2023-02-01", "", "绿色 绿色 。"),
        document("e.txt", "", "甲社", "绿色 。"),
    ]
}

fn options(target: &str, reference: &str) -> KeynessOptions {
    KeynessOptions { target: target.into(), reference: reference.into(), min_count: 1, ..KeynessOptions::default() }
}

fn table(documents: &[Document], keyness: KeynessOptions, list: Option<&str>) -> Made {
    let options = AnalysisOptions { keyness, ..AnalysisOptions::default() };
    Setting { options, taxonomy: Some(TAXONOMY), list, cuts: &[1] }.table(documents, "keyness")
}

fn id(path: &str) -> String {
    DocId::of(path, None).to_string()
}

fn column(made: &Made, column: usize) -> Vec<&str> {
    made.rows.iter().map(|row| row.split('|').nth(column).unwrap()).collect()
}

#[test]
fn one_year_against_those_before_is_as_counted() {
    let made = table(&documents(), options("year=2023", "year<2023"), None);
    // q over four tests: p of 4.573191, 3.700948, 1.697970, 0.110320 times 4 / rank, the least of it and all that follow.
    // dp_norm of 开放 in c (3 of 4 tokens) and d (0 of 2): (|3·6 − 4·3| + |0 − 2·3|) / (2 · 3 · (6 − 2)); 绿色 1 and 2.
    // The shortest sentence with 绿色 is that of e.txt, which is on neither side.
    let expected = [
        format!(
            "绿色|n|3|0|6|5|500000.000000|0.000000|4.573191|2.321928||2.175296|0.108763|2|target|0|0.500000|{}|1|绿色 绿色 。",
            id("d.txt")
        ),
        format!(
            "改革|n|0|2|6|5|0.000000|400000.000000|-3.700948|-2.263034|-100.000000|1.303053|0.108763|0|reference|1||{}|1|改革 改革 开放 。",
            id("a.txt")
        ),
        format!(
            "发展|n|0|1|6|5|0.000000|200000.000000|-1.697970|-1.263034|-100.000000|-0.699925|0.256738|0|reference|1||{}|1|开放 发展 。",
            id("b.txt")
        ),
        format!(
            "开放|n|3|2|6|5|500000.000000|400000.000000|0.110320|0.321928|25.000000|-2.287575|0.739780|1|target|2|0.500000|{}|1|开放 开放 开放 绿色 。",
            id("c.txt")
        ),
    ];
    assert_eq!(made.rows, expected);
    assert_eq!(
        made.note,
        "target: year=2023 (2 documents, 6 tokens); reference: year<2023 (2 documents, 5 tokens); 1 document on neither side, since a \
         field that is asked for (such as the date) is not known"
    );
    assert_eq!((made.dropped, made.warnings), (vec![], vec![]));
}

#[test]
fn the_latest_period_is_compared_with_those_before_by_default() {
    // From March 2022 to February 2023: twelve months.
    let made = table(&documents(), options("", ""), None);
    assert!(
        made.note.starts_with("target: month=2023-02 (1 document, 2 tokens); reference: month<2023-02 (3 documents, 9 tokens)"),
        "{}",
        made.note
    );
    assert_eq!((column(&made, 2), column(&made, 3)), (vec!["2", "0", "0", "0"], vec!["1", "5", "2", "1"]));
    assert_eq!(column(&made, 0), ["绿色", "开放", "改革", "发展"]);
}

#[test]
fn rest_is_what_the_condition_denies_and_nothing_unknown() {
    let made = table(&documents(), options("source=甲社", ""), None);
    // d.txt has no source: it may be of 甲社.
    assert!(made.note.starts_with("target: source=甲社 (3 documents, 8 tokens); reference: all other documents (1 document, 2 tokens); 1 document on neither side, since"), "{}", made.note);
    assert_eq!(made, table(&documents(), options("source=甲社", "rest"), None));
    let themed = table(&documents(), options("theme=a", ""), None);
    assert!(
        themed.note.starts_with("target: theme=a (1 document, 3 tokens); reference: all other documents (4 documents, 9 tokens)"),
        "{}",
        themed.note
    );
}

#[test]
fn documents_of_both_are_in_the_target_only_with_a_warning() {
    let made = table(&documents(), options("year=2023", "year>=2022"), None);
    assert!(made.note.contains("reference: year>=2022 (2 documents, 5 tokens); 2 documents of both in the target only"), "{}", made.note);
    let warnings: Vec<_> = made.warnings.iter().map(|w| (w.code, w.count, w.first.as_str())).collect();
    assert_eq!(warnings, [("W_SLICES_OVERLAP", 2, "c.txt")]);
    assert_eq!(made.rows, table(&documents(), options("year=2023", "year<2023"), None).rows);
}

#[test]
fn a_list_takes_the_place_of_documents() {
    let keyness = KeynessOptions { reference_list: "r.csv".into(), min_count: 1, ..KeynessOptions::default() };
    let list = Some("开放,10\n绿色,1\n没有,9\n");
    let made = table(&documents(), keyness.clone(), list);
    // c = 12, d = 20; 改革 2 and 0, 开放 5 and 10, 发展 1 and 0, 绿色 4 and 1.
    assert_eq!(
        (column(&made, 0), column(&made, 8)),
        (vec!["绿色", "改革", "发展", "开放"], vec!["4.520578", "4.149197", "2.015828", "-0.209812"])
    );
    assert_eq!((column(&made, 2), column(&made, 3), column(&made, 15)), (vec!["4", "2", "1", "5"], vec!["1", "0", "0", "10"], vec![""; 4]));
    assert_eq!(column(&made, 14), ["target", "target", "target", "reference"]);
    // Documents of the list are not known: the example of 开放 is one of the corpus.
    assert_eq!(column(&made, 19), ["绿色 。", "改革 改革 开放 。", "开放 发展 。", "开放 发展 。"]);
    assert_eq!(
        made.note,
        "target: all documents (5 documents, 12 tokens); reference: the 3 words of r.csv (20 tokens); words of the list that are no terms of \
         the corpus and have no row: 1"
    );
    let larger = table(&documents(), KeynessOptions { reference_tokens: 100, ..keyness }, list);
    assert_eq!(column(&larger, 8), ["14.387351", "9.252009", "6.891078", "4.543979"]);
}

#[test]
fn a_side_without_tokens_has_no_rows_but_a_reason() {
    for (documents, target, reference, reason) in [
        (documents(), "year=2020", "", "target: year=2020 (0 documents, 0 tokens); "),
        (documents()[3..4].to_vec(), "", "", "the reference holds no token, so there is nothing to compare"),
        (documents()[4..].to_vec(), "", "", "target: the latest period, but no document has a date (0 documents, 0 tokens)"),
        (vec![], "", "", "the target holds no token, so there is nothing to compare"),
        (documents(), "yaer=2023", "", "keyness.target = \"yaer=2023\": character 1: expected a field"),
    ] {
        let made = table(&documents, options(target, reference), None);
        assert!(made.rows.is_empty() && made.note.contains(reason), "{}", made.note);
    }
}

#[test]
fn a_side_that_was_asked_for_and_is_empty_is_warned_of() {
    let warnings = |documents: &[Document], target: &str, reference: &str| {
        let made = table(documents, options(target, reference), None);
        made.warnings.iter().map(|w| format!("{} {} {}", w.code, w.count, w.first)).collect::<Vec<_>>()
    };
    let message = "W_EMPTY_SLICE 1 keyness.csv has no rows: the";
    assert_eq!(warnings(&documents(), "year=2020", ""), [format!("{message} target holds no token (year=2020)")]);
    assert_eq!(warnings(&documents(), "", "year=2020"), [format!("{message} reference holds no token (year=2020)")]);
    assert_eq!(warnings(&documents(), "year=2023", ""), Vec::<String>::new());
    // One period alone, or no dates: nobody asked for anything that is not there.
    assert_eq!((warnings(&documents()[3..4], "", ""), warnings(&documents()[4..], "", "")), (vec![], vec![]));
}

#[test]
fn the_largest_reference_is_counted_with_and_equal_rates_are_equal() {
    let keyness =
        KeynessOptions { reference_list: "r.csv".into(), reference_tokens: 999_999_999_999_999, min_count: 1, ..KeynessOptions::default() };
    let made = table(&documents(), keyness, Some("开放,10\n"));
    assert!(column(&made, 8).iter().all(|g2| !g2.is_empty()), "{:?}", made.rows);
    // 发展: log2((1 / 12) / (0.5 / 10^15)) = 49.83 + 1 − 3.58.
    let row = column(&made, 0).iter().position(|term| *term == "发展").unwrap();
    assert_eq!(column(&made, 9)[row].split('.').next(), Some("47"));
    // All tokens are this term: the rates are the same.
    let same = [document("a.txt", "2022-03-01", "", "改革 。"), document("b.txt", "2023-03-01", "", "改革 改革 。")];
    let made = table(&same, options("year=2023", "year=2022"), None);
    assert_eq!((column(&made, 8), column(&made, 14)), (vec![""], vec!["equal"]));
}

#[test]
fn options_drop_rows_and_say_so() {
    let keyness = options("year=2023", "year<2023");
    let made = table(&documents(), KeynessOptions { min_count: 2, min_documents: 2, top: 1, ..keyness.clone() }, None);
    // 发展 has one occurrence. 改革 is key in one document of the reference, 开放 in one of the target. q is over three terms.
    assert_eq!(made.dropped, [("keyness.min_count (terms)", 1), ("keyness.min_documents", 2)]);
    assert_eq!((column(&made, 0), column(&made, 12)), (vec!["绿色"], vec!["0.081572"]));
    let top = table(&documents(), KeynessOptions { top: 3, ..keyness }, None);
    assert_eq!((top.rows.len(), &top.dropped), (3, &vec![("keyness.top", 1)]));
    assert_eq!(column(&top, 12), ["0.108763", "0.108763", "0.256738"]);
}

#[test]
fn examples_are_of_the_right_side_however_many_are_wanted() {
    for terms in [3, 40] {
        let text = |times: usize| (0..terms).map(|at| format!("{}。", format!("词{at} ").repeat(times))).collect::<String>();
        let documents = [
            document("a.txt", "", "", &text(1)),
            document("b.txt", "2023-01-01", "", &text(2)),
            document("c.txt", "2022-01-01", "", &format!("改革 。{}", text(3))),
            document("d.txt", "2022-02-01", "", &"改革 ".repeat(30 * terms)),
        ];
        let made = table(&documents, options("year=2023", "year=2022"), None);
        let (words, examples) = (column(&made, 0), column(&made, 19));
        let expected = |word: &&str| if *word == "改革" { "改革 。".to_string() } else { format!("{word} {word} 。") };
        assert_eq!(examples, words.iter().map(expected).collect::<Vec<_>>());
        assert_eq!(words.len(), terms + 1);
    }
}

#[test]
fn settings_that_contradict_each_other_are_refused() {
    let none = None::<std::iter::Empty<&str>>;
    let list = KeynessOptions { reference_list: "r.csv".into(), ..KeynessOptions::default() };
    assert!(
        KeynessOptions { reference: "rest".into(), ..list.clone() }.comparison(none.clone()).unwrap_err().contains("expected one of them")
    );
    let too_many = KeynessOptions { reference_tokens: 1_000_000_000_000_000, ..list.clone() }.comparison(none.clone()).unwrap_err();
    assert_eq!(too_many, "keyness.reference_tokens: expected at most 999999999999999, found 1000000000000000");
    assert!(KeynessOptions { reference_tokens: 999_999_999_999_999, ..list.clone() }.comparison(none.clone()).is_ok());
    assert!(KeynessOptions { reference_tokens: 5, ..KeynessOptions::default() }.comparison(none.clone()).is_err());
    assert!(options("theme=nosuch", "").comparison(Some(["a"].into_iter())).unwrap_err().contains("`nosuch`"));
    assert!(options("theme=nosuch", "").comparison(none.clone()).is_ok());
    let sides = |options: KeynessOptions| options.comparison(none.clone()).map(|c| (c.target, c.reference)).unwrap();
    assert_eq!(sides(KeynessOptions::default()), (Target::LatestPeriod, Reference::PeriodsBefore));
    assert_eq!(sides(options("", " rest ")), (Target::LatestPeriod, Reference::Rest));
    assert_eq!(sides(list), (Target::AllDocuments, Reference::List));
}

const WORDS: [&str; 4] = ["改革", "开放", "绿色", "发展"];

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn every_row_is_that_of_the_definition(
        written in prop::collection::vec((prop::option::weighted(0.8, 2020i32..2024), prop::collection::vec(0usize..4, 0..9)), 0..9),
        cuts in prop::collection::vec(any::<usize>(), 0..4),
    ) {
        let text = |words: &[usize]| words.iter().map(|word| format!("{} 。", WORDS[*word])).collect::<String>();
        let date = |year: &Option<i32>| year.map(|year| format!("{year}-05-01")).unwrap_or_default();
        let mut documents: Vec<Document> =
            written.iter().enumerate().map(|(at, (year, words))| document(&format!("{at}.txt"), &date(year), "", &text(words))).collect();
        let made = |documents: &[Document], cuts: &[usize]| {
            let options = AnalysisOptions { keyness: options("year>=2022", "year=2021"), ..AnalysisOptions::default() };
            Setting { options, cuts, ..Setting::default() }.table(documents, "keyness")
        };
        let whole = made(&documents, &[]);
        prop_assert_eq!(&whole, &made(&documents, &cuts));
        documents.reverse();
        prop_assert_eq!(&whole, &made(&documents, &cuts));

        let side = |target: bool| written.iter().filter(move |(year, _)| year.is_some_and(|y| if target { y >= 2022 } else { y == 2021 }));
        let count = |target, word: usize| side(target).flat_map(|(_, words)| words).filter(|w| **w == word).count() as u64;
        let held = |target, word: usize| side(target).filter(|(_, words)| words.contains(&word)).count() as u64;
        let [c, d] = [true, false].map(|target| side(target).map(|(_, words)| words.len() as u64).sum::<u64>());
        let mut expected: Vec<(i128, &str, String)> = Vec::new();
        for (word, text) in WORDS.iter().enumerate().filter(|(word, _)| count(true, *word) + count(false, *word) > 0 && c > 0 && d > 0) {
            let (a, b) = (count(true, word), count(false, word));
            let g2 = stats::g2(&Contingency::from_slices(a, c, b, d).unwrap()).and_then(|g2| Decimal::rounded(g2, 6));
            let shown = g2.map(|g2| g2.to_string()).unwrap_or_default();
            let row = format!("{text}|{a}|{b}|{c}|{d}|{shown}|{}|{}", held(true, word), held(false, word));
            expected.push((g2.map_or(1, |g2| -g2.scaled().abs()), text, row));
        }
        expected.sort();
        let found: Vec<String> = whole.rows.iter().map(|row| {
            let cells: Vec<&str> = row.split('|').collect();
            [0, 2, 3, 4, 5, 8, 13, 15].map(|column| cells[column]).join("|")
        }).collect();
        prop_assert_eq!(found, expected.into_iter().map(|(_, _, row)| row).collect::<Vec<_>>());
    }
}
