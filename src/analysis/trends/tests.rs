use proptest::prelude::*;

use super::TrendOptions;
use crate::analysis::AnalysisOptions;
use crate::analysis::period::PeriodChoice;
use crate::analysis::test_corpus::{Made, Setting, document};
use crate::source::{DocId, Document};

const TAXONOMY: &str = "taxonomy = { id = \"t\", version = \"1\" }
[[theme]]
id = \"a\"
name = \"甲\"
kind = \"policy\"
[[theme]]
id = \"a.b\"
name = \"乙\"
terms = [\"改革\"]
[[theme]]
id = \"f\"
name = \"丙\"
kind = \"framing\"
[[theme]]
id = \"f.x\"
name = \"丁\"
terms = [\"开放\"]
";

/// 改革 grows from month to month; March has no document; one document has no date.
fn planted() -> Vec<Document> {
    vec![
        document("a.txt", "2024-01-10", "", "改革 开放 。"),
        document("b.txt", "2024-01-20", "", "开放 的 发展 。"),
        document("c.txt", "2024-02-05", "", "改革 改革 开放 。改革 。"),
        document("d.txt", "2024-04-30", "", "改革 改革 改革 改革 。"),
        document("e.txt", "", "", "改革 。"),
    ]
}

fn options(period: PeriodChoice, top: usize, terms: &[&str]) -> AnalysisOptions {
    let trends = TrendOptions { period, top, terms: terms.iter().map(ToString::to_string).collect() };
    AnalysisOptions { trends: trends.matched(true), ..AnalysisOptions::default() }
}

fn followed(documents: &[Document], period: PeriodChoice, terms: &[&str]) -> Made {
    Setting { options: options(period, 0, terms), ..Setting::default() }.table(documents, "term_trends")
}

fn id(path: &str) -> String {
    DocId::of(path, None).to_string()
}

#[test]
fn a_planted_trend_is_found_as_planted() {
    let setting = Setting { options: options(PeriodChoice::Month, 1, &["的", "新质"]), ..Setting::default() };
    let made = setting.table(&planted(), "term_trends");
    let [a, b, c, d] = ["a.txt", "b.txt", "c.txt", "d.txt"].map(id);
    // January: 2 documents of 2 and 3 tokens. 改革: 1/2 and 0/3, r = 0.2, Σ(v − rt)² = 0.6² + 0.6², √(2 · 0.72) / 5 = 0.24.
    // 的: 0/2 and 1/3, Σ = 0.4² + 0.4², √(2 · 0.32) / 5 = 0.16. Wilson of 1/2: 0.5 ± 0.405469; of 1/1: from 1 / (1 + z²) = 0.206549.
    let expected = [
        format!("改革|2024-01-01|2024|1|1||1|1|2|5|200000.000000|0.5000|0.0945|0.9055|0.000000|670391.356290|{a}|1|改革 开放 。"),
        format!("改革|2024-02-01|2024|1|2||3|1|1|4|750000.000000|1.0000|0.2065|1.0000|||{c}|2|改革 。"),
        "改革|2024-03-01|2024|1|3||0|0|0|0|||||||||".to_string(),
        format!("改革|2024-04-01|2024|2|4||4|1|1|4|1000000.000000|1.0000|0.2065|1.0000|||{d}|1|改革 改革 改革 改革 。"),
        "新质|2024-01-01|2024|1|1||0|0|2|5|0.000000|0.0000|0.0000|0.6576|0.000000|0.000000|||".to_string(),
        "新质|2024-02-01|2024|1|2||0|0|1|4|0.000000|0.0000|0.0000|0.7935|||||".to_string(),
        "新质|2024-03-01|2024|1|3||0|0|0|0|||||||||".to_string(),
        "新质|2024-04-01|2024|2|4||0|0|1|4|0.000000|0.0000|0.0000|0.7935|||||".to_string(),
        format!("的|2024-01-01|2024|1|1||1|1|2|5|200000.000000|0.5000|0.0945|0.9055|0.000000|513594.237526|{b}|1|开放 的 发展 。"),
        "的|2024-02-01|2024|1|2||0|0|1|4|0.000000|0.0000|0.0000|0.7935|||||".to_string(),
        "的|2024-03-01|2024|1|3||0|0|0|0|||||||||".to_string(),
        "的|2024-04-01|2024|2|4||0|0|1|4|0.000000|0.0000|0.0000|0.7935|||||".to_string(),
    ];
    assert_eq!(made.rows, expected);
    assert_eq!(
        made.note,
        "4 months, from that of 2024-01-01 to that of 2024-04-01; 1 document without a date is left out; of trends.terms these are no \
         token anywhere, perhaps since they are cut in parts (the dictionary keeps a word whole): 新质"
    );
    // 开放 and 发展 are terms too, with four periods each.
    assert_eq!((made.dropped, made.warnings), (vec![("trends.top", 8)], vec![]));
}

#[test]
fn themes_have_the_bases_of_their_kind() {
    let setting = Setting { options: options(PeriodChoice::Month, 0, &[]), taxonomy: Some(TAXONOMY), ..Setting::default() };
    let made = setting.table(&planted(), "theme_trends");
    let [a, b, c, d] = ["a.txt", "b.txt", "c.txt", "d.txt"].map(id);
    // 改革 is policy: of 2 sentences of January 1 has it, of 2 of February 2. A pattern counts twice a sentence at most, so April
    // has 2 hits of 4 tokens. 开放 is framing: over all sentences.
    let policy = |theme: &str, name: &str| {
        [
            format!(
                "{theme}|2024-01-01|2024|1|1||1|1|2|5|200000.000000|0.5000|0.0945|0.9055|1|1.0000|1.000000|1|{name}|{a}|1|改革 开放 。"
            ),
            format!("{theme}|2024-02-01|2024|1|2||3|1|1|4|750000.000000|1.0000|0.2065|1.0000|2|1.0000|3.000000|2|{name}|{c}|2|改革 。"),
            format!("{theme}|2024-03-01|2024|1|3||0|0|0|0|||||0||0.000000|0|{name}|||"),
            format!(
                "{theme}|2024-04-01|2024|2|4||2|1|1|4|500000.000000|1.0000|0.2065|1.0000|1|1.0000|2.000000|1|{name}|{d}|1|改革 改革 改革 改革 。"
            ),
        ]
    };
    let framing = |theme: &str, name: &str| {
        [
            format!(
                "{theme}|2024-01-01|2024|1|1||2|2|2|5|400000.000000|1.0000|0.3424|1.0000|2|1.0000|2.000000|2|{name}|{a}|1|改革 开放 。"
            ),
            format!(
                "{theme}|2024-02-01|2024|1|2||1|1|1|4|250000.000000|1.0000|0.2065|1.0000|1|0.5000|1.000000|2|{name}|{c}|1|改革 改革 开放 。"
            ),
            format!("{theme}|2024-03-01|2024|1|3||0|0|0|0|||||0||0.000000|0|{name}|||"),
            format!("{theme}|2024-04-01|2024|2|4||0|0|1|4|0.000000|0.0000|0.0000|0.7935|0|0.0000|0.000000|1|{name}|||"),
        ]
    };
    let expected = [policy("a", "甲"), policy("a.b", "乙"), framing("f", "丙"), framing("f.x", "丁")].concat();
    assert_eq!(made.rows, expected);
    assert!(!b.is_empty() && made.note.starts_with("4 months, from that of 2024-01-01"), "{}", made.note);
    let none = Setting { options: options(PeriodChoice::Month, 0, &[]), ..Setting::default() }.table(&planted(), "theme_trends");
    assert_eq!((none.rows.len(), none.note.as_str()), (0, "there is no taxonomy, so there are no themes"));
}

#[test]
fn weeks_and_days_have_their_own_numbers() {
    let documents = [document("a.txt", "2024-12-30", "", "改革 。")];
    let start = |period| followed(&documents, period, &["改革"]).rows[0].split('|').skip(1).take(5).collect::<Vec<_>>().join("|");
    assert_eq!(start(PeriodChoice::Week), "2024-12-30|2025|||1");
    assert_eq!(start(PeriodChoice::Day), "2024-12-30|2024|4|12|");
    assert_eq!(start(PeriodChoice::Quarter), "2024-10-01|2024|4||");
    assert_eq!(start(PeriodChoice::Year), "2024-01-01|2024|||");
}

#[test]
fn without_a_date_there_is_a_header_and_a_reason() {
    let undated = [document("a.txt", "", "", "改革 。"), document("b.txt", "", "", "开放 。")];
    let made = followed(&undated, PeriodChoice::Auto, &["改革"]);
    assert_eq!(
        (made.rows.len(), made.note.as_str()),
        (0, "no document has a date, so there are no periods; 2 documents without a date are left out")
    );
    assert!(followed(&[], PeriodChoice::Day, &["改革"]).note.starts_with("no document has a date"));
}

#[test]
fn one_wrong_date_makes_periods_coarser_with_a_warning() {
    let documents = [document("a.txt", "1900-01-01", "", "改革 。"), document("b.txt", "2024-12-31", "", "改革 。")];
    let made = followed(&documents, PeriodChoice::Day, &["改革"]);
    assert_eq!(made.rows.len(), 125 * 12);
    assert_eq!(made.warnings.iter().map(|w| (w.code, w.count)).collect::<Vec<_>>(), [("W_PERIOD", 1)]);
    assert!(made.note.contains("1500 months (trends.period = \"day\" would have made too many), from that of 1900-01-01"), "{}", made.note);
    assert_eq!(followed(&documents, PeriodChoice::Auto, &["改革"]).rows.len(), 125);
}

type Written = (Option<u8>, Vec<u8>);

const WORDS: [&str; 4] = ["改革", "开放", "的", "发展"];

/// Documents of up to four sentences of one word each, within some three months.
fn written() -> impl Strategy<Value = Vec<Written>> {
    let document = (prop::option::weighted(0.8, 0u8..90), prop::collection::vec(0u8..4, 0..9));
    prop::collection::vec(document, 0..9)
}

fn corpus(written: &[Written]) -> Vec<Document> {
    let date = |day: &u8| format!("2024-{:02}-{:02}", 1 + day / 28, 1 + day % 28);
    let text = |words: &[u8]| words.iter().map(|word| format!("{} 。", WORDS[usize::from(*word)])).collect::<String>();
    let one = |(at, (day, words)): (usize, &Written)| {
        document(&format!("{at}.txt"), &day.as_ref().map(date).unwrap_or_default(), "", &text(words))
    };
    written.iter().enumerate().map(one).collect()
}

fn cell(row: &str, column: usize) -> u64 {
    row.split('|').nth(column).and_then(|cell| cell.parse().ok()).unwrap_or(0)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn every_count_is_that_of_the_definition(written in written()) {
        let made = followed(&corpus(&written), PeriodChoice::Month, &WORDS);
        for row in &made.rows {
            let word = row.split('|').next().unwrap();
            let month = cell(row, 4);
            let documents: Vec<&Written> = written.iter().filter(|(day, _)| day.is_some_and(|day| u64::from(1 + day / 28) == month)).collect();
            let tf = |words: &[u8]| words.iter().filter(|at| WORDS[usize::from(**at)] == word).count() as u64;
            let expected = [
                documents.iter().map(|(_, words)| tf(words)).sum(),
                documents.iter().filter(|(_, words)| tf(words) > 0).count() as u64,
                documents.len() as u64,
                documents.iter().map(|(_, words)| words.len() as u64).sum(),
            ];
            prop_assert_eq!([6, 7, 8, 9].map(|column| cell(row, column)), expected, "{}", row);
        }
        let dated = written.iter().filter(|(day, _)| day.is_some()).map(|(_, words)| words.len() as u64).sum::<u64>();
        prop_assert_eq!(made.rows.iter().map(|row| cell(row, 6)).sum::<u64>(), dated);
    }

    #[test]
    fn order_and_batches_change_nothing(written in written(), cuts in prop::collection::vec(any::<usize>(), 0..4)) {
        let mut documents = corpus(&written);
        for table in ["term_trends", "theme_trends"] {
            let setting = |cuts| Setting { options: options(PeriodChoice::Auto, 2, &["的"]), taxonomy: Some(TAXONOMY), list: None, cuts };
            let whole = setting(&[]).table(&documents, table);
            prop_assert_eq!(&whole, &setting(&cuts).table(&documents, table));
            documents.reverse();
            prop_assert_eq!(&whole, &setting(&cuts).table(&documents, table));
        }
    }

    #[test]
    fn another_document_changes_only_the_sizes_of_its_period(written in written(), day in 0u8..90) {
        // Two documents hold the ends, so that no period is added.
        let ends = [(Some(0), vec![0]), (Some(89), vec![0])];
        let before: Vec<Written> = written.into_iter().chain(ends).collect();
        let after: Vec<Written> = before.iter().cloned().chain([(Some(day), vec![3, 3])]).collect();
        let rows = |written: &[Written]| followed(&corpus(written), PeriodChoice::Month, &["改革", "的"]).rows;
        for (old, new) in rows(&before).iter().zip(rows(&after)) {
            let is_there = cell(old, 4) == u64::from(1 + day / 28);
            prop_assert_eq!([6, 7].map(|column| cell(old, column)), [6, 7].map(|column| cell(&new, column)));
            prop_assert_eq!((cell(&new, 8), cell(&new, 9)), (cell(old, 8) + u64::from(is_there), cell(old, 9) + 2 * u64::from(is_there)));
            prop_assert!(is_there || *old == new, "{} {}", old, new);
        }
    }
}
