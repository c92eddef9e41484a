//! How the themes of a shard lie in a file: hits, and sentences with their themes, as numbers of fixed size, so that those of a document
//! are read without the others, and the sentences without the hits.

use std::ops::Range;

use crate::theme::{Blocked, CodedSentence, Hit, NegatorId, PatternId};

use super::super::builder::index;
use super::super::shard::{Shard, ShardThemes};
use super::rows::Entry;
use super::scratch::Scratch;

/// Numbers of a hit.
const HIT: usize = 9;
/// Numbers of a sentence with themes: which it is, and which of the scores is its first.
const CODED: usize = 2;
/// Numbers of a theme with its score.
const SCORE: usize = 3;
/// Numbers of a document with evidence left out, and of how much.
const CAPPED: usize = 3;

/// Where the themes under one taxonomy lie.
#[derive(Debug)]
pub(super) struct ThemesLayout {
    hits: u64,
    coded: u64,
    scores: u64,
    capped: u64,
    /// How many documents have evidence left out.
    capped_documents: usize,
}

impl ThemesLayout {
    /// Appends the themes. Where they lie is told from the beginning of `bytes`; see [`Self::moved`].
    pub fn write(themes: &ShardThemes, bytes: &mut Vec<u8>) -> Self {
        let at = |bytes: &Vec<u8>| bytes.len() as u64;
        let hits = at(bytes);
        themes.hits.iter().for_each(|hit| hit_numbers(hit).write(bytes));
        let (coded, mut first_score) = (at(bytes), 0);
        for sentence in &themes.coded {
            [sentence.sentence, first_score].write(bytes);
            first_score += index(sentence.themes.len());
        }
        [0, first_score].write(bytes);
        let scores = at(bytes);
        for (theme, score) in themes.coded.iter().flat_map(|sentence| &sentence.themes) {
            with_halves(*theme, score.cast_unsigned()).write(bytes);
        }
        let capped = at(bytes);
        themes.capped_rows.iter().for_each(|(document, rows)| with_halves(*document, *rows).write(bytes));
        Self { hits, coded, scores, capped, capped_documents: themes.capped_rows.len() }
    }

    /// The same, where the bytes stand in the file from `start` on.
    pub fn moved(&self, start: u64) -> Self {
        let [hits, coded, scores, capped] = [self.hits, self.coded, self.scores, self.capped].map(|at| start + at);
        Self { hits, coded, scores, capped, ..*self }
    }

    /// Hits by number.
    pub fn hits(&self, file: &Scratch, range: Range<usize>) -> Vec<Hit> {
        rows::<HIT>(file, self.hits, range).iter().map(hit).collect()
    }

    /// Sentences with themes, by their number among those.
    pub fn coded(&self, file: &Scratch, range: Range<usize>) -> Vec<CodedSentence> {
        if range.is_empty() {
            return Vec::new();
        }
        let heads = rows::<CODED>(file, self.coded, range.start..range.end + 1);
        let (first, end) = (heads[0][1], heads[heads.len() - 1][1].max(heads[0][1]));
        let scores = rows::<SCORE>(file, self.scores, first as usize..end as usize);
        let themes = |from: u32, to: u32| {
            let of_sentence = scores.get((from - first) as usize..(to - first) as usize).unwrap_or_default();
            of_sentence.iter().map(|[theme, low, high]| (*theme, halves(*low, *high).cast_signed())).collect()
        };
        let pairs = heads.windows(2).map(|pair| (pair[0], pair[1][1]));
        // What could not be read is zeros: no sentence has no theme.
        let whole = pairs.filter(|([_, from], to)| first <= *from && from < to);
        whole.map(|([sentence, from], to)| CodedSentence { sentence, themes: themes(from, to) }).collect()
    }

    /// Documents with evidence left out, and how much.
    pub fn capped_rows(&self, file: &Scratch) -> Vec<(u32, u64)> {
        rows::<CAPPED>(file, self.capped, 0..self.capped_documents)
            .iter()
            .map(|[document, low, high]| (*document, halves(*low, *high)))
            .collect()
    }
}

/// For each document of a shard the number of its first hit and of its first sentence with a theme; one more entry with the ends.
pub(super) fn theme_starts(shard: &Shard, taxonomy: usize) -> Vec<(u32, u32)> {
    let ShardThemes { hits, coded, .. } = shard.themes(taxonomy);
    // A document has a few of them: walking is faster than searching all that follow.
    let (mut hit, mut sentence) = (0, 0);
    let mut starts = Vec::with_capacity(shard.documents.len() + 1);
    for document in shard.documents.iter() {
        starts.push((index(hit), index(sentence)));
        hit += hits[hit..].iter().take_while(|hit| hit.sentence < document.sentence_end).count();
        sentence += coded[sentence..].iter().take_while(|coded| coded.sentence < document.sentence_end).count();
    }
    starts.push((index(hit), index(sentence)));
    starts
}

/// Rows of so many numbers each, by number.
fn rows<const N: usize>(file: &Scratch, start: u64, range: Range<usize>) -> Vec<[u32; N]> {
    let numbers: Vec<u32> = file.numbers(start + (range.start * N * 4) as u64, range.len() * N);
    numbers.as_chunks().0.to_vec()
}

fn hit_numbers(hit: &Hit) -> [u32; HIT] {
    let Hit { sentence, start, end, pattern, contribution_micro, negation, blocked } = *hit;
    let (why, by) = match blocked {
        None => (0, 0),
        Some(Blocked::Mask(mask)) => (1, mask),
        Some(Blocked::Longer(pattern)) => (2, pattern.0),
        Some(Blocked::Overlap(pattern)) => (3, pattern.0),
        Some(Blocked::Negation) => (4, 0),
        Some(Blocked::Cap) => (5, 0),
        Some(Blocked::Gate(gate)) => (6, gate),
    };
    let [_, low, high] = with_halves(0, contribution_micro.cast_unsigned());
    // A taxonomy has fewer negators than there are numbers.
    [sentence, start, end, pattern.0, low, high, negation.map_or(0, |negator| negator.0 + 1), why, by]
}

fn hit(numbers: &[u32; HIT]) -> Hit {
    let [sentence, start, end, pattern, low, high, negation, why, by] = *numbers;
    let blocked = match why {
        1 => Some(Blocked::Mask(by)),
        2 => Some(Blocked::Longer(PatternId(by))),
        3 => Some(Blocked::Overlap(PatternId(by))),
        4 => Some(Blocked::Negation),
        5 => Some(Blocked::Cap),
        6 => Some(Blocked::Gate(by)),
        _ => None,
    };
    let (pattern, contribution_micro) = (PatternId(pattern), halves(low, high).cast_signed());
    Hit { sentence, start, end, pattern, contribution_micro, negation: negation.checked_sub(1).map(NegatorId), blocked }
}

/// A number, and a longer one in two halves.
fn with_halves(number: u32, long: u64) -> [u32; 3] {
    [number, (long & u64::from(u32::MAX)) as u32, (long >> 32) as u32]
}

fn halves(low: u32, high: u32) -> u64 {
    u64::from(low) | u64::from(high) << 32
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn blocked() -> impl Strategy<Value = Option<Blocked>> {
        prop_oneof![
            Just(None),
            any::<u32>().prop_map(|mask| Some(Blocked::Mask(mask))),
            any::<u32>().prop_map(|pattern| Some(Blocked::Longer(PatternId(pattern)))),
            any::<u32>().prop_map(|pattern| Some(Blocked::Overlap(PatternId(pattern)))),
            Just(Some(Blocked::Negation)),
            Just(Some(Blocked::Cap)),
            any::<u32>().prop_map(|gate| Some(Blocked::Gate(gate))),
        ]
    }

    fn hits() -> impl Strategy<Value = Vec<Hit>> {
        let places = (any::<u32>(), any::<u32>(), any::<u32>(), any::<u32>());
        let hit = (places, any::<i64>(), proptest::option::of(0..u32::MAX), blocked()).prop_map(|(places, weight, negation, blocked)| {
            let (sentence, start, end, pattern) = places;
            let (pattern, negation) = (PatternId(pattern), negation.map(NegatorId));
            Hit { sentence, start, end, pattern, contribution_micro: weight, negation, blocked }
        });
        proptest::collection::vec(hit, 0..6)
    }

    fn coded() -> impl Strategy<Value = Vec<CodedSentence>> {
        let themes = proptest::collection::vec((any::<u32>(), any::<i64>()), 1..4);
        let sentence = (any::<u32>(), themes).prop_map(|(sentence, themes)| CodedSentence { sentence, themes: themes.into() });
        proptest::collection::vec(sentence, 0..6)
    }

    proptest! {
        #[test]
        fn what_was_written_is_read(hits in hits(), coded in coded(), capped in proptest::collection::vec((any::<u32>(), any::<u64>()), 0..3)) {
            let themes = ShardThemes { hits, coded, capped_rows: capped };
            let file = Scratch::new(tempfile::tempfile().unwrap());
            let mut bytes = b"before".to_vec();
            let layout = ThemesLayout::write(&themes, &mut bytes);
            file.write(b"others").unwrap();
            let layout = layout.moved(file.write(&bytes).unwrap());
            prop_assert_eq!(layout.capped_rows(&file), themes.capped_rows);
            for from in 0..=themes.hits.len() {
                prop_assert_eq!(layout.hits(&file, from..themes.hits.len()), &themes.hits[from..]);
            }
            for from in 0..=themes.coded.len() {
                for to in from..=themes.coded.len() {
                    prop_assert_eq!(layout.coded(&file, from..to), &themes.coded[from..to]);
                }
            }
        }
    }

    #[test]
    fn what_cannot_be_read_has_no_themes() {
        let file = Scratch::new(tempfile::tempfile().unwrap());
        let themes = ShardThemes { coded: vec![CodedSentence { sentence: 3, themes: [(1, 2)].into() }], ..ShardThemes::default() };
        let layout = ThemesLayout::write(&themes, &mut Vec::new());
        assert_eq!(layout.coded(&file, 0..1), []);
        assert!(file.check().is_err());
    }
}
