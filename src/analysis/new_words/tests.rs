use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;
use crate::analysis::tables_of_texts::Workshop;
use crate::segment::Mode;
use crate::stats;
use crate::table::Decimal;

/// Everything is proposed that occurs twice and holds together at all.
fn workshop(dictionary: &str) -> Workshop {
    let mut workshop = Workshop::new(Mode::Jieba, dictionary, "");
    workshop.options.new_words = NewWordOptions { min_tf: 2, min_df: 1, min_pmi: 0.0, min_entropy: 1.0, ..NewWordOptions::default() };
    workshop
}

static PLAIN: LazyLock<Workshop> = LazyLock::new(|| workshop(""));

const MEASURES: [&str; 6] = ["word", "tf", "pmi_min", "left_entropy", "right_entropy", "score"];

#[test]
fn the_worked_example_of_the_definition() {
    let rows = PLAIN.rows("new_words", &MEASURES, &["甲鑫淼，丁鑫淼。鑫淼戊，鑫淼戊"]);
    assert_eq!(rows, ["鑫淼,4,1.584963,2.000000,1.500000,3.084963"]);
}

#[test]
fn white_space_latin_letters_and_digits_end_a_run() {
    // Three neighbours by characters, but each is across a border: all six sides are edges, so both entropies are log2 3.
    for text in ["甲 鑫淼 丁。甲 鑫淼 丁。甲 鑫淼 丁", "甲A鑫淼B丁。甲A鑫淼B丁。甲A鑫淼B丁", "甲1鑫淼2丁。甲1鑫淼2丁。甲1鑫淼2丁"]
    {
        let rows = PLAIN.rows("new_words", &["word", "tf", "left_entropy", "right_entropy"], &[text]);
        assert_eq!(rows, ["鑫淼,3,1.584963,1.584963"], "{text}");
    }
}

#[test]
fn known_words_numbers_and_grammar_at_the_edges_are_left_out() {
    let text = "经济，经济，经济。二〇二四，二〇二四，二〇二四。的戊，的戊，的戊。己对，己对，己对。庚辛，庚辛，庚辛";
    assert_eq!(PLAIN.rows("new_words", &["word"], &[text]), ["庚辛"]);
    assert_eq!(workshop("庚辛 n\n").rows("new_words", &["word"], &[text]), Vec::<String>::new());
}

#[test]
fn a_word_of_the_dictionary_is_not_cut_across() {
    // 壬癸 begins inside 辛壬 everywhere: it would never be matched. 子辛 begins before it and would take it apart.
    let text = "甲子辛壬癸乙。丙子辛壬癸丁。戊子辛壬癸己。庚子辛壬癸甲";
    let words = workshop("辛壬 n\n").rows("new_words", &["word", "tf_as_token", "words_affected"], &[text]);
    assert!(words.iter().all(|row| !row.starts_with("壬癸")), "{words:?}");
    assert!(words.iter().any(|row| row.starts_with("子辛壬癸,4,辛壬 (4)")), "{words:?}");
}

#[test]
fn what_adding_a_word_would_change_is_told() {
    let columns = [
        "word",
        "tf",
        "current_segmentation",
        "segmentation_share",
        "tf_now",
        "tf_as_token",
        "tokens_before",
        "tokens_after",
        "words_affected",
        "dictionary_line",
    ];
    // 粮安 is forced; 粮安办 is cut as 粮安|办 in all four places.
    let text = "查粮安办。问粮安办。请粮安办。到粮安办";
    let rows = workshop("粮安 n\n").rows("new_words", &columns, &[text]);
    assert_eq!(rows, ["粮安办,4,粮安|办,1.0000,0,4,8,4,办 (4); 粮安 (4),粮安办 n"]);
}

#[test]
fn the_example_is_the_shortest_sentence_and_documents_are_counted() {
    let texts = ["甲鑫淼。他们说丁鑫淼了。", "鑫淼戊。", "鑫淼己"];
    let mut workshop = workshop("");
    let columns = ["word", "tf", "df", "example", "example_sentence_no"];
    assert_eq!(workshop.rows("new_words", &columns, &texts), ["鑫淼,4,3,鑫淼己,1"]);
    workshop.options.new_words.min_df = 4;
    assert_eq!(workshop.rows("new_words", &columns, &texts), Vec::<String>::new());
    let dropped = workshop.with_table("new_words", &texts, |table| table.dropped());
    assert_eq!(dropped.iter().map(|d| (d.option, d.rows)).collect::<Vec<_>>(), [("new_words.min_df", 1)]);
}

#[test]
fn nothing_comes_of_nothing() {
    for texts in [&[][..], &[""], &["甲"], &["abc, 123"]] {
        assert_eq!(PLAIN.rows("new_words", &["word"], texts), Vec::<String>::new());
    }
}

#[test]
fn a_length_must_be_possible() {
    assert!(Length::try_from(2).is_ok() && Length::try_from(8).is_ok());
    assert!(Length::try_from(1).is_err() && Length::try_from(9).unwrap_err().contains("found 9"));
}

/// Documents of common words and invented ones in no order at all: any word may follow any other.
fn planted(words: &[&str]) -> Vec<String> {
    let common = "推进 研究 关注 支持 讨论 规范 利用 介绍 开展 建设 问题 项目 工作 产业 市场 政策 技术 标准 企业 城市 农村 教育 医疗 文化 \
                  历史 音乐 银行 铁路 森林 海洋 学生 教师 医院 粮食 天气 故事 朋友 冬天 桌子 眼睛";
    let vocabulary: Vec<&str> = common.split_whitespace().chain(words.iter().copied()).collect();
    let mut state = 1u64;
    let mut next = || {
        // The generator of Knuth's MMIX; its high bits are the good ones.
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        vocabulary[(state >> 33) as usize % vocabulary.len()]
    };
    let mut sentence = || (0..10).map(|_| next()).collect::<String>() + "。";
    (0..20).map(|_| (0..100).map(|_| sentence()).collect()).collect()
}

#[test]
fn planted_words_are_found_and_chance_neighbours_are_not() {
    let words = ["鲲鹏链", "云麓", "麒溪湾", "青穗算法"];
    let texts = planted(&words);
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let mut workshop = Workshop::new(Mode::Jieba, "", "");
    workshop.options.new_words.min_tf = 10;
    let found: BTreeSet<String> = workshop.rows("new_words", &["word"], &texts).into_iter().collect();
    assert_eq!(found, words.iter().map(ToString::to_string).collect());
}

#[test]
fn a_stop_word_at_the_edge_makes_no_word() {
    let text = "会议指出鑫。会议指出淼。会议指出焱。会议指出垚";
    assert_eq!(PLAIN.rows("new_words", &["word"], &[text]), ["会议指出"]);
    let mut with_stop_words = Workshop::new(Mode::Jieba, "", "指出\n");
    with_stop_words.options = PLAIN.options.clone();
    assert_eq!(with_stop_words.rows("new_words", &["word"], &[text]), Vec::<String>::new());
}

/// Occurrences of a string that do not overlap, the leftmost first: those that a dictionary word would get.
fn apart(string: &[char], runs: &[Vec<char>]) -> u64 {
    let of_run = |run: &Vec<char>| {
        let (mut at, mut found) = (0, 0);
        while at < run.len() {
            let is_here = run[at..].starts_with(string);
            found += u64::from(is_here);
            at += if is_here { string.len() } else { 1 };
        }
        found
    };
    runs.iter().map(of_run).sum()
}

/// Rows of [`MEASURES`] as the definitions say, for runs parted by `，`, before the rules of pieces and extensions.
fn naive(runs: &[&str]) -> BTreeMap<String, String> {
    let runs: Vec<Vec<char>> = runs.iter().map(|run| run.chars().collect()).collect();
    let characters: usize = runs.iter().map(Vec::len).sum();
    let count = |part: &[char]| runs.iter().map(|run| run.windows(part.len()).filter(|window| *window == part).count() as u64).sum::<u64>();
    let strings: BTreeSet<&[char]> = (2..=6).flat_map(|length| runs.iter().flat_map(move |run| run.windows(length))).collect();
    let rounded = |value: f64| Decimal::rounded(value, 6).unwrap();
    let mut rows = BTreeMap::new();
    for string in strings.into_iter().filter(|string| count(string) >= 2 && apart(string, &runs) * 2 >= count(string)) {
        let tf = count(string);
        let (mut left, mut right) = (BTreeMap::<char, u32>::new(), BTreeMap::<char, u32>::new());
        let mut edges = (0, 0);
        for run in &runs {
            for at in (0..run.len()).filter(|at| run[*at..].starts_with(string)) {
                match at.checked_sub(1).map(|before| run[before]) {
                    Some(c) => *left.entry(c).or_default() += 1,
                    None => edges.0 += 1,
                }
                match run.get(at + string.len()) {
                    Some(c) => *right.entry(*c).or_default() += 1,
                    None => edges.1 += 1,
                }
            }
        }
        // Written out with one count for every edge.
        let entropy = |counts: BTreeMap<char, u32>, edges: usize| {
            let counts = counts.into_values().chain(std::iter::repeat_n(1, edges));
            let sum: f64 = counts.map(|c| f64::from(c) / tf as f64).map(|p| -p * libm::log2(p)).sum();
            rounded(sum)
        };
        let pmi = (1..string.len())
            .map(|cut| (tf as f64 * characters as f64) / (count(&string[..cut]) as f64 * count(&string[cut..]) as f64))
            .map(|ratio| rounded(libm::log2(ratio)))
            .min_by_key(|pmi| pmi.scaled())
            .unwrap();
        let (left, right) = (entropy(left, edges.0), entropy(right, edges.1));
        if pmi.scaled() >= 0 && left.scaled() >= 1_000_000 && right.scaled() >= 1_000_000 {
            let score = pmi.scaled() + left.scaled().min(right.scaled());
            let word: String = string.iter().collect();
            let score = Decimal::from_millionths(i64::try_from(score).unwrap());
            rows.insert(word.clone(), format!("{word},{tf},{pmi},{left},{right},{score}"));
        }
    }
    rows
}

/// The rules of pieces and extensions, by texts.
fn without_pieces_and_extensions(rows: BTreeMap<String, String>) -> Vec<String> {
    let field = |row: &str, at: usize| row.split(',').nth(at).unwrap().replace('.', "").parse::<i64>().unwrap();
    let whole: Vec<(&String, &String)> = rows
        .iter()
        .filter(|(word, row)| {
            !rows.iter().any(|(longer, other)| longer != *word && longer.contains(*word) && field(other, 1) * 2 > field(row, 1))
        })
        .collect();
    let is_extension = |word: &str, row: &str| {
        whole.iter().any(|(shorter, other)| {
            word.contains(*shorter) && word.chars().count() == shorter.chars().count() + 1 && field(other, 5) >= field(row, 5)
        })
    };
    let mut kept: Vec<&String> = whole.iter().filter(|(word, row)| !is_extension(word, row)).map(|(_, row)| *row).collect();
    kept.sort_by(|a, b| field(b, 5).cmp(&field(a, 5)).then_with(|| a.cmp(b)));
    kept.into_iter().cloned().collect()
}

proptest! {
    #[test]
    fn agrees_with_the_definitions_string_by_string(runs in prop::collection::vec("[鑫淼焱垚]{1,9}", 1..8)) {
        // Characters of which no dictionary makes words, so that nothing is left out for being known.
        let runs: Vec<&str> = runs.iter().map(String::as_str).collect();
        let expected = without_pieces_and_extensions(naive(&runs));
        prop_assert_eq!(PLAIN.rows("new_words", &MEASURES, &[&runs.join("，")]), expected);
    }
}

#[test]
fn the_characters_of_the_property_make_no_known_words() {
    for (a, b) in "鑫淼焱垚".chars().flat_map(|a| "鑫淼焱垚".chars().map(move |b| (a, b))) {
        assert!(!PLAIN.segmenter.knows(&format!("{a}{b}")));
    }
    assert_eq!(stats::c_log_c(1), 0.0);
}
