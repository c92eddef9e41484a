use std::collections::BTreeSet;

use proptest::prelude::*;

use super::naive::{self, TITLE, Text, written};
use super::*;

const WORDS: [&str; 8] = ["绿色", "开放", "落实", "增长", "发展", "的", TITLE, "，"];
const DATES: [&str; 5] = ["", "2024-01-05", "2024-01-20", "2024-02-03", "2024-04-09"];

/// Sentences that repeat, so that a difference may be more than chance.
fn body() -> impl Strategy<Value = Vec<Vec<&'static str>>> {
    let sentence = prop::collection::vec(prop::sample::select(&WORDS[..]), 1..4);
    let repeated = (sentence, 1usize..9).prop_map(|(sentence, times)| vec![sentence; times]);
    prop::collection::vec(repeated, 0..4).prop_map(|parts| parts.concat())
}

/// A text with a date and what became of it: 0 new, 1 changed, 2 the same, 3 gone.
type Planned = (Vec<Vec<&'static str>>, &'static str, u8, Vec<Vec<&'static str>>);

fn planned() -> impl Strategy<Value = Vec<Planned>> {
    prop::collection::vec((body(), prop::sample::select(&DATES[..]), 0u8..4, body()), 0..7)
}

fn document_of(path: &str, date: &str, sentences: &[Vec<&'static str>]) -> (Document, Text) {
    let document = text(path, date, &sentences.iter().map(|words| written(words)).collect::<String>());
    let naive = Text { id: document.id, date: document.date, sentences: sentences.to_vec() };
    (document, naive)
}

/// A scene, and its texts by what became of them: new or edited, the same, earlier or gone.
fn scene(planned: &[Planned], options: ChangeOptions, cuts: Vec<usize>) -> (Scene, [Vec<Text>; 3]) {
    let (mut scene, mut texts) = (Scene { options, cuts, ..Scene::default() }, [Vec::new(), Vec::new(), Vec::new()]);
    for (number, (sentences, date, state, earlier)) in planned.iter().enumerate() {
        let (document, naive) = document_of(&format!("{number}.txt"), date, sentences);
        let state = match state {
            0 => DocumentState::New,
            1 => DocumentState::Changed { previous_tokens: 0 },
            2 => DocumentState::Same,
            _ => {
                scene.retired.push(document);
                texts[2].push(naive);
                continue;
            }
        };
        texts[usize::from(state == DocumentState::Same)].push(naive);
        scene.now.push((document, Some(state)));
        if state == (DocumentState::Changed { previous_tokens: 0 }) {
            let (document, naive) = document_of(&format!("{number}.txt"), date, earlier);
            scene.retired.push(document);
            texts[2].push(naive);
        }
    }
    (scene, texts)
}

/// The texts of the latest month and of the last one before it.
fn by_month(of_today: &[&Text]) -> Option<[Vec<usize>; 2]> {
    let month = |text: &Text| text.date.map(|date| (date.year(), date.month()));
    let months: BTreeSet<_> = of_today.iter().filter_map(|text| month(text)).collect();
    let mut latest = months.into_iter().rev();
    let months = [latest.next()?, latest.next()?];
    Some(months.map(|wanted| (0..of_today.len()).filter(|at| month(of_today[*at]) == Some(wanted)).collect()))
}

fn options() -> impl Strategy<Value = ChangeOptions> {
    (0u64..5, 0u64..4, 0usize..4).prop_map(|(min_count, min_documents, top)| ChangeOptions {
        min_count,
        min_documents,
        top,
        ..ChangeOptions::default()
    })
}

proptest! {
    #[test]
    fn every_row_is_the_one_that_a_naive_recount_gives(
        planned in planned(), options in options(), cuts in prop::collection::vec(any::<usize>(), 0..3)
    ) {
        let (scene, [target, same, gone]) = scene(&planned, options.clone(), cuts);
        let of_today: Vec<&Text> = target.iter().chain(&same).collect();
        let previous: Vec<&Text> = same.iter().chain(&gone).collect();
        let table = scene.table();
        let rows = |comparison: &str| -> Vec<String> {
            let of = table.rows.iter().filter_map(|row| row.strip_prefix(&format!("{comparison}|")).map(str::to_string));
            of.filter(|row| !row.starts_with("document|")).collect()
        };
        prop_assert_eq!(rows("run"), naive::rows(&target.iter().collect::<Vec<_>>(), &previous, &of_today, &options));
        let by_month = by_month(&of_today).map(|sides| sides.map(|at| at.into_iter().map(|at| of_today[at]).collect::<Vec<_>>()));
        let expected = by_month.map(|[current, previous]| naive::rows(&current, &previous, &of_today, &options));
        prop_assert_eq!(rows("period"), expected.unwrap_or_default());
        let documents = table.rows.iter().filter(|row| row.starts_with("run|document|")).count();
        prop_assert_eq!(documents, target.len());
    }

    #[test]
    fn keys_are_unique_and_cut_rows_are_counted(planned in planned(), options in options()) {
        let (scene, _) = scene(&planned, options.clone(), Vec::new());
        let all = Scene { options: ChangeOptions { top: 0, ..options }, ..scene.clone() }.table();
        let keys: BTreeSet<Vec<&str>> = all.rows.iter().map(|row| row.split('|').take(3).collect()).collect();
        prop_assert_eq!(keys.len(), all.rows.len());
        let cut = scene.table();
        let dropped = cut.dropped.iter().find(|(option, _)| *option == "changes.top").map_or(0, |(_, rows)| *rows);
        prop_assert_eq!(cut.rows.len() as u64 + dropped, all.rows.len() as u64);
    }

    #[test]
    fn what_the_texts_that_are_gone_say_counts_as_if_they_were_there(planned in planned(), options in options()) {
        // Terms, themes and entities are merged; pairs are of terms of today, and examples name documents.
        let (scene, _) = scene(&planned, options, Vec::new());
        let mut there = scene.clone();
        let moved = there.retired.drain(..).enumerate().map(|(at, document)| (text(&format!("r{at}"), "", &document.body), SAME));
        there.now.extend(moved.collect::<Vec<_>>());
        for kind in ["term", "theme", "entity"] {
            let counts = |scene: &Scene| -> Vec<String> {
                scene.rows("run", kind).iter().map(|row| row.split('|').take(16).collect::<Vec<_>>().join("|")).collect()
            };
            prop_assert_eq!(counts(&scene), counts(&there));
        }
    }
}
