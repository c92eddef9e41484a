//! How the themes of a shard lie in a file: hits, and sentences with their themes, apart from each other and document by document, so that
//! those of a document are read without the others, and the sentences without the hits. Packed: numbers of fixed size were unpacked
//! faster, but took three times the room, and what is written in a hurry waits for the disk.

use std::ops::Range;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::theme::{CodedSentence, Hit};

use super::super::builder::index;
use super::super::shard::{Shard, ShardThemes};
use super::scratch::Scratch;

/// Where the themes under one taxonomy lie.
#[derive(Debug)]
pub(super) struct ThemesLayout {
    hits: Lists,
    coded: Lists,
    /// One list for the shard.
    capped: Lists,
}

impl ThemesLayout {
    /// Appends the themes of a shard under a taxonomy, of which each document has those from one of these numbers to the next. Where they
    /// lie is told from the beginning of `bytes`; see [`Self::moved`].
    pub fn write(themes: &ShardThemes, starts: &[(u32, u32)], bytes: &mut Vec<u8>) -> Option<Self> {
        let documents = || starts.windows(2).map(|pair| (pair[0], pair[1]));
        let hits = documents().map(|((from, _), (to, _))| &themes.hits[from as usize..to as usize]);
        let coded = documents().map(|((_, from), (_, to))| &themes.coded[from as usize..to as usize]);
        Some(Self {
            hits: Lists::write(hits, bytes)?,
            coded: Lists::write(coded, bytes)?,
            capped: Lists::write([themes.capped_rows.as_slice()].into_iter(), bytes)?,
        })
    }

    /// The same, where the bytes stand in the file from `start` on.
    pub fn moved(self, start: u64) -> Self {
        let [hits, coded, capped] = [self.hits, self.coded, self.capped].map(|lists| Lists { start: lists.start + start, ..lists });
        Self { hits, coded, capped }
    }

    /// The hits of documents that follow one another.
    pub fn hits(&self, file: &Scratch, documents: Range<usize>) -> Vec<Hit> {
        self.hits.read(file, documents)
    }

    /// Their sentences with themes.
    pub fn coded(&self, file: &Scratch, documents: Range<usize>) -> Vec<CodedSentence> {
        self.coded.read(file, documents)
    }

    /// The documents of the shard with evidence left out, and how much.
    pub fn capped_rows(&self, file: &Scratch) -> Vec<(u32, u64)> {
        self.capped.read(file, 0..1)
    }
}

/// Packed lists, one behind the other.
#[derive(Debug)]
struct Lists {
    start: u64,
    /// Where each begins, from `start` on; one more entry with the end.
    starts: Vec<u32>,
}

impl Lists {
    fn write<'t, T: Serialize + 't>(lists: impl Iterator<Item = &'t [T]>, bytes: &mut Vec<u8>) -> Option<Self> {
        let first = bytes.len();
        let mut starts = vec![0];
        for list in lists {
            *bytes = postcard::to_extend(list, std::mem::take(bytes)).ok()?;
            starts.push(index(bytes.len() - first));
        }
        Some(Self { start: first as u64, starts })
    }

    /// Some lists that follow one another, as one. What cannot be read is not there; the run then ends with that.
    fn read<T: DeserializeOwned>(&self, file: &Scratch, lists: Range<usize>) -> Vec<T> {
        let (from, to) = (self.starts[lists.start], self.starts[lists.end]);
        let bytes = file.read(self.start + u64::from(from), (to - from) as usize);
        let mut rest = bytes.as_slice();
        let mut all = Vec::new();
        for _ in lists {
            let Ok((list, behind)) = postcard::take_from_bytes::<Vec<T>>(rest) else { break };
            rest = behind;
            all.extend(list);
        }
        all
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::theme::{Blocked, NegatorId, PatternId};

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
        let hit = (places, any::<i64>(), proptest::option::of(any::<u32>()), blocked()).prop_map(|(places, weight, negation, blocked)| {
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
            let middle = (index(themes.hits.len() / 2), index(themes.coded.len() / 3));
            let starts = [(0, 0), middle, middle, (index(themes.hits.len()), index(themes.coded.len()))];
            let layout = ThemesLayout::write(&themes, &starts, &mut bytes).unwrap();
            file.write(b"others").unwrap();
            let layout = layout.moved(file.write(&bytes).unwrap());
            prop_assert_eq!(layout.capped_rows(&file), themes.capped_rows);
            for from in 0..starts.len() {
                for to in from..starts.len() {
                    let (first, end) = (starts[from], starts[to]);
                    prop_assert_eq!(layout.hits(&file, from..to), &themes.hits[first.0 as usize..end.0 as usize]);
                    prop_assert_eq!(layout.coded(&file, from..to), &themes.coded[first.1 as usize..end.1 as usize]);
                }
            }
        }
    }

    #[test]
    fn what_cannot_be_read_has_no_themes() {
        let file = Scratch::new(tempfile::tempfile().unwrap());
        let themes = ShardThemes { coded: vec![CodedSentence { sentence: 3, themes: [(1, 2)].into() }], ..ShardThemes::default() };
        let layout = ThemesLayout::write(&themes, &[(0, 0), (0, 1)], &mut Vec::new()).unwrap();
        assert_eq!(layout.coded(&file, 0..1), []);
        assert!(file.check().is_err());
    }
}
