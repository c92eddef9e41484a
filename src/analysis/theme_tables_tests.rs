//! pattern_stats, theme_pairs and uncoded on one small corpus whose every count is written out.

use super::AnalysisOptions;
use super::test_corpus::{Setting, document};
use super::theme_options::ThemeOptions;
use crate::source::{DocId, Document};

const TAXONOMY: &str = "taxonomy = { id = \"t\", version = \"1\" }
[[theme]]
id = \"a\"
name = \"甲\"
kind = \"policy\"
[[theme]]
id = \"a.reform\"
name = \"改革\"
terms = [\"改革\", { t = \"试点\", w = 0.5 }, \"没有\"]
[[theme]]
id = \"a.open\"
name = \"开放\"
terms = [\"改革开放\", \"开放\"]
none = [\"外国\"]
[[theme]]
id = \"f\"
name = \"丙\"
kind = \"framing\"
[[theme]]
id = \"f.x\"
name = \"丁\"
terms = [\"成效\"]
";

/// Two documents, seven sentences.
fn documents() -> Vec<Document> {
    vec![
        document("a.txt", "", "", "改革 有 成效 。开放 也 有 成效 。足球 比赛 。\n"),
        document("b.txt", "", "", "改革 开放 试点 。足球 试点 。外国 开放 足球 。足球 比赛 天气 。\n"),
    ]
}

fn rows(name: &str, themes: ThemeOptions) -> (Vec<String>, Vec<(&'static str, u64)>) {
    let setting =
        Setting { options: AnalysisOptions { themes, ..AnalysisOptions::default() }, taxonomy: Some(TAXONOMY), ..Setting::default() };
    let made = setting.table(&documents(), name);
    (made.rows, made.dropped)
}

fn id(path: &str) -> String {
    DocId::of(path, None).to_string()
}

#[test]
fn every_pattern_has_its_row_with_every_hit() {
    let (rows, _) = rows("pattern_stats", ThemeOptions::default());
    let b = id("b.txt");
    let a = id("a.txt");
    // 7 sentences in all. 改革 counts in the first of a; in 改革开放 it is hidden. 试点 counts half in two sentences and makes no
    // label alone. 开放: counts in a, hidden in 改革开放, kept out by 外国 in b.
    let expected = [
        format!("a.reform|term|改革|1.000000|2|1|0|1|0|0|0|1|1|0.1429|1|0|0||||{a}|1|改革 有 成效 。"),
        "a.reform|term|没有|1.000000|0|0|0|0|0|0|0|0|0|0.0000|0|0|0||||||".to_string(),
        format!("a.reform|term|试点|0.500000|2|2|0|0|0|0|0|2|1|0.2857|0|0|0||||{b}|2|足球 试点 。"),
        format!("a.open|term|开放|1.000000|3|1|0|1|0|0|1|1|1|0.1429|1|0|0||||{a}|2|开放 也 有 成效 。"),
        format!("a.open|term|改革开放|1.000000|1|1|0|0|0|0|0|1|1|0.1429|1|0|0||||{b}|1|改革 开放 试点 。"),
        format!("f.x|term|成效|1.000000|2|2|0|0|0|0|0|2|1|0.2857|2|0|0||||{a}|1|改革 有 成效 。"),
    ];
    assert_eq!(rows, expected);
}

#[test]
fn themes_of_one_level_are_paired() {
    let counts = |row: &String| row.split('|').take(10).collect::<Vec<_>>().join("|");
    let (pairs, _) = rows("theme_pairs", ThemeOptions::default());
    // Coded: a1 with a.reform and f.x, a2 with a.open and f.x, b1 with a.open: of 7 sentences a has 3, f 2, both 2.
    let expected = [
        "main|a|甲|f|丙|sentence|2|3|2|7",
        // G² of (1, 1, 2, 7) is higher than that of (1, 2, 2, 7).
        "leaf|a.reform|改革|f.x|丁|sentence|1|1|2|7",
        "leaf|a.open|开放|f.x|丁|sentence|1|2|2|7",
    ];
    assert_eq!(pairs.iter().map(counts).collect::<Vec<_>>(), expected);
    assert!(pairs[0].ends_with(&format!("{}|1|改革 有 成效 。", id("a.txt"))), "{}", pairs[0]);
    let units = r#"{"pair_units": ["document", "sentence", "document"]}"#;
    let (pairs, _) = rows("theme_pairs", serde_json::from_str(units).unwrap());
    // In the document a.txt all three leaves meet; b.txt has a.open alone.
    let of_documents: Vec<String> = pairs.iter().map(counts).filter(|row| row.contains("document")).collect();
    let expected = [
        "main|a|甲|f|丙|document|1|2|1|2",
        "leaf|a.reform|改革|f.x|丁|document|1|1|1|2",
        "leaf|a.open|开放|a.reform|改革|document|1|2|1|2",
        "leaf|a.open|开放|f.x|丁|document|1|2|1|2",
    ];
    for row in expected {
        assert!(of_documents.iter().any(|found| found == row), "{row} in {of_documents:#?}");
    }
    assert_eq!(of_documents.len(), 4);
}

#[test]
fn sentences_without_a_theme_show_the_word_that_is_typical_of_them() {
    let (rows, dropped) = rows("uncoded", ThemeOptions::default());
    assert_eq!(dropped, []);
    let (a, b) = (id("a.txt"), id("b.txt"));
    // Without a theme: a3, b2 (试点 counts half), b3 (开放 is kept out by 外国), b4. 足球 stands in all four and in no other, so it
    // is the word of each: n_ab 4, n_a 4, n_b 4, n 7, G² = 2 · (4 ln(4 · 7 / 16) + 3 ln(3 · 7 / 9)) = 9.560713. Which of the four
    // comes first is a matter of their hashes.
    let mut found: Vec<String> = rows;
    let turns: Vec<String> = found.iter().map(|row| row.split('|').nth(8).unwrap().to_string()).collect();
    assert_eq!(turns, ["1", "2", "3", "4"]);
    found.sort_by_key(|row| row.split('|').take(3).map(String::from).collect::<Vec<_>>());
    let without_turn =
        |row: &String| row.split('|').enumerate().filter(|(at, _)| *at != 8).map(|(_, cell)| cell).collect::<Vec<_>>().join("|");
    let mut expected = vec![
        format!("{a}|1|3|none|||5|足球 比赛 。|足球|4|4|9.560713"),
        format!("{b}|1|2|below_threshold|a.reform|0.500000|5|足球 试点 。|足球|4|4|9.560713"),
        format!("{b}|1|3|blocked|||7|外国 开放 足球 。|足球|4|4|9.560713"),
        format!("{b}|1|4|none|||7|足球 比赛 天气 。|足球|4|4|9.560713"),
    ];
    expected.sort();
    assert_eq!(found.iter().map(without_turn).collect::<Vec<_>>(), expected);
}

#[test]
fn a_smaller_sample_is_part_of_the_larger() {
    let key = |row: &String| row.split('|').take(3).map(String::from).collect::<Vec<_>>();
    let of = |uncoded: usize| {
        let (rows, dropped) = rows("uncoded", ThemeOptions { uncoded, ..ThemeOptions::default() });
        (rows.iter().map(key).collect::<Vec<_>>(), dropped)
    };
    let (two, dropped) = of(2);
    assert_eq!((two.len(), dropped), (2, vec![("themes.uncoded", 2)]));
    let (three, dropped) = of(3);
    assert_eq!((three.len(), dropped), (3, vec![("themes.uncoded", 1)]));
    assert!(two.iter().all(|row| three.contains(row)));
    assert_eq!(of(0).0.len(), 4);
}
