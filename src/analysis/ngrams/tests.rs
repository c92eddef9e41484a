use std::collections::BTreeMap;
use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;
use crate::analysis::tables_of_texts::Workshop;
use crate::segment::Mode;
use crate::stats::{self, Contingency};
use crate::table::Decimal;

/// Text whose words are parted by spaces, every n-gram of two occurrences.
fn workshop(edges: Edges) -> Workshop {
    let mut workshop = Workshop::new(Mode::Spaces, "", "的\n");
    workshop.options.ngrams = NgramOptions { min_count: 2, edges, ..NgramOptions::default() };
    workshop
}

const TEXTS: [&str; 2] = ["推进 改革 开放 ， 推进 改革 开放 的 事业 。", "改革 开放 推进 改革"];

#[test]
fn pairs_are_counted_over_joints_and_never_across_a_mark() {
    // Runs: 推进 改革 开放 | 推进 改革 开放 的 事业 | 改革 开放 推进 改革: 2 + 4 + 3 = 9 joints.
    // 推进 改革: 3 times; 3 joints begin with 推进, 3 end with 改革.
    // 改革 开放: 3 times; 改革 stands 4 times, once at the end of its run: 3 joints; 开放 is never first: 3.
    // 推进 改革 开放: twice; weakest joint: 推进|改革 开放 has n_a 3, n_b 2 (改革 开放 begins the last run);
    // 推进 改革|开放 has n_a 2 (推进 改革 ends the last run) and n_b 3: the same g2, so the leftmost.
    let columns = ["n", "ngram", "tokens", "tf", "df", "split", "n_a", "n_b", "n_joints", "expected", "pmi"];
    let rows = workshop(Edges::Any).rows("ngrams", &columns, &TEXTS);
    assert_eq!(
        rows,
        [
            "2,推进改革,推进 改革,3,2,推进|改革,3,3,9,1.000000,1.584963",
            "2,改革开放,改革 开放,3,2,改革|开放,3,3,9,1.000000,1.584963",
            "3,推进改革开放,推进 改革 开放,2,1,推进|改革 开放,3,2,9,0.666667,1.584963",
        ]
    );
}

#[test]
fn the_longer_form_and_the_example_are_those_of_its_places() {
    let columns = ["tokens", "longer", "longer_share", "example_sentence_no", "example"];
    let rows = workshop(Edges::Any).rows("ngrams", &columns, &TEXTS);
    // Before 推进 改革: an end, an end, 开放; behind it 开放 twice. Before 改革 开放: 推进 twice.
    assert_eq!(
        rows,
        [
            "推进 改革,推进 改革 开放,0.6667,1,改革 开放 推进 改革",
            "改革 开放,推进 改革 开放,0.6667,1,改革 开放 推进 改革",
            "推进 改革 开放,推进 改革 开放 的,0.5000,1,推进 改革 开放 ， 推进 改革 开放 的 事业 。",
        ]
    );
}

#[test]
fn content_edges_leave_out_stop_words_and_numbers_but_not_short_words() {
    let text = "从严 治 党 的 事业 2024 。 从严 治 党 的 事业 2024";
    let of = |edges| workshop(edges).rows("ngrams", &["tokens"], &[text]);
    // 治 and 党 are no terms, since they are too short; 的 is a stop word and 2024 a number.
    let content = of(Edges::Content);
    assert!(content.contains(&"治 党".to_string()) && content.contains(&"党 的 事业".to_string()), "{content:?}");
    assert!(content.iter().all(|tokens| !tokens.ends_with('的') && !tokens.starts_with('的') && !tokens.contains("2024")));
    assert_eq!(of(Edges::Any).len(), 5 + 4 + 3 + 2);
    let kept_out = workshop(Edges::Content).with_table("ngrams", &[text], |table| table.dropped());
    assert_eq!(kept_out.iter().map(|d| (d.option, d.rows)).collect::<Vec<_>>(), [("ngrams.edges", (5 + 4 + 3 + 2) - content.len() as u64)]);
}

#[test]
fn cuts_are_made_by_size_and_told() {
    let mut two = workshop(Edges::Any);
    two.options.ngrams = NgramOptions { sizes: vec![Size(2)], min_df: 2, top: 1, ..two.options.ngrams };
    assert_eq!(two.rows("ngrams", &["tokens"], &TEXTS), ["推进 改革"]);
    let dropped = two.with_table("ngrams", &TEXTS, |table| table.dropped());
    assert_eq!(dropped.iter().map(|d| (d.option, d.rows)).collect::<Vec<_>>(), [("ngrams.top", 1)]);
    two.options.ngrams.min_df = 3;
    let dropped = two.with_table("ngrams", &TEXTS, |table| table.dropped());
    assert_eq!(dropped.iter().map(|d| (d.option, d.rows)).collect::<Vec<_>>(), [("ngrams.min_df", 2)]);
}

#[test]
fn nothing_comes_of_nothing() {
    for texts in [&[][..], &[""], &["甲"], &["甲 乙"], &["，。"]] {
        assert_eq!(workshop(Edges::Any).rows("ngrams", &["tokens"], texts), Vec::<String>::new());
    }
    // One pair and nothing else: nothing to compare with.
    assert_eq!(workshop(Edges::Any).rows("ngrams", &["tokens", "tf", "g2"], &["甲 乙 。 甲 乙"]), ["甲 乙,2,"]);
}

#[test]
fn a_size_must_be_possible() {
    assert!(Size::try_from(2).is_ok() && Size::try_from(5).is_ok());
    assert!(Size::try_from(1).is_err() && Size::try_from(6).unwrap_err().contains("found 6"));
}

/// The runs of a text made by [`naive`]'s callers: words parted by spaces, marks as words.
fn runs<'a>(texts: &[&'a str]) -> Vec<Vec<&'a str>> {
    let mut runs = vec![Vec::new()];
    for text in texts {
        for word in text.split(' ') {
            match word {
                "，" | "。" => runs.push(Vec::new()),
                word => runs.last_mut().unwrap().push(word),
            }
        }
        runs.push(Vec::new());
    }
    runs
}

/// Rows `tokens,tf,g2` as the definitions say, window by window.
fn naive(texts: &[&str], min_count: u64) -> Vec<String> {
    let runs = runs(texts);
    let n: usize = runs.iter().map(|run| run.len().saturating_sub(1)).sum();
    let mut counts: BTreeMap<&[&str], u64> = BTreeMap::new();
    runs.iter().for_each(|run| (2..=LONGEST).for_each(|size| run.windows(size).for_each(|window| *counts.entry(window).or_default() += 1)));
    let joints = |holds: &dyn Fn(&[&str], usize) -> bool| {
        runs.iter().map(|run| (1..run.len()).filter(|at| holds(run, *at)).count() as u64).sum::<u64>()
    };
    let mut rows: Vec<(usize, i128, String, u64)> = Vec::new();
    for (window, tf) in counts.into_iter().filter(|(_, tf)| *tf >= min_count) {
        let weakest = (1..window.len()).filter_map(|split| {
            let (left, right) = window.split_at(split);
            let n_a = joints(&|run, at| run[..at].ends_with(left));
            let n_b = joints(&|run, at| run[at..].starts_with(right));
            stats::g2(&Contingency::new(tf, n_a, n_b, n as u64).unwrap()).and_then(|g2| Decimal::rounded(g2, 6)).map(Decimal::scaled)
        });
        rows.push((window.len(), weakest.min().unwrap_or(i128::MIN), window.join(" "), tf));
    }
    rows.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.cmp(&a.1)).then(a.2.cmp(&b.2)));
    rows.into_iter().map(|(_, g2, tokens, tf)| format!("{tokens},{tf},{}", shown(g2))).collect()
}

fn shown(g2: i128) -> String {
    i64::try_from(g2).map_or(String::new(), |millionths| Decimal::from_millionths(millionths).to_string())
}

static ANY: LazyLock<Workshop> = LazyLock::new(|| workshop(Edges::Any));
static TOP_THREE: LazyLock<Workshop> = LazyLock::new(|| {
    let mut workshop = workshop(Edges::Any);
    workshop.options.ngrams.top = 3;
    workshop
});

proptest! {
    #[test]
    fn agrees_with_the_definitions_window_by_window(
        texts in prop::collection::vec(prop::collection::vec(prop::sample::select(vec!["甲", "乙", "丙", "，", "。"]), 1..14), 1..5),
    ) {
        let texts: Vec<String> = texts.iter().map(|words| words.join(" ")).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let expected = naive(&texts, 2);
        prop_assert_eq!(&ANY.rows("ngrams", &["tokens", "tf", "g2"], &texts), &expected);
        // The best three of each size, found without looking at all of them.
        let size = |row: &String| row.split(' ').count();
        let best: Vec<String> = expected.chunk_by(|a, b| size(a) == size(b)).flat_map(|rows| rows.iter().take(3).cloned()).collect();
        prop_assert_eq!(TOP_THREE.rows("ngrams", &["tokens", "tf", "g2"], &texts), best);
    }
}
