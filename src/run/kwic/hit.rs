//! A hit in its document: its context, and the orders in which hits can be listed.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::sync::Arc;

use crate::source::Document;

use super::scan::Place;

/// In which order hits are listed. Ties go on in the order of the documents, then by place; no two hits are equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// Input order: path, record, place. Written while the search goes on, in little memory.
    #[default]
    Document,
    /// Date (undated last), then path and record: the order of documents.csv.
    Date,
    /// The text before the hit, from the hit outwards; then the hit and the text behind it.
    Left,
    /// The text behind the hit, then the hit and the text before it.
    Right,
    /// The hit itself, then the text behind it and the text before it.
    Node,
}

/// One hit. Cheap to hold: the document is shared, and texts are cut out of it when they are asked for.
#[derive(Debug, Clone)]
pub(super) struct Hit {
    pub document: Arc<Document>,
    pub place: Place,
}

/// What stands for the end of a paragraph in a context.
const PARAGRAPH_MARK: char = '¶';

/// Longest sentence in characters that a table shows whole.
const LONGEST_WHOLE: usize = 1_000;
/// Characters on each side of a hit that it shows of a longer one.
const WINDOW: usize = 300;

impl Hit {
    fn text(&self) -> &str {
        if self.place.is_title { &self.document.title } else { &self.document.body }
    }

    fn cut(&self, (start, end): (u32, u32)) -> &str {
        self.text().get(start as usize..end as usize).unwrap_or_default()
    }

    /// The hit as written.
    pub fn node(&self) -> &str {
        self.cut(self.place.node)
    }

    /// Its sentence as written.
    pub fn sentence(&self) -> &str {
        self.cut(self.place.sentence)
    }

    /// Its sentence as a table shows it: as written; of a long one what stands around the hit, `…` where it is cut. Else a report
    /// in one line would be written out once a hit.
    pub fn shown_sentence(&self) -> Cow<'_, str> {
        let (sentence, begins) = (self.sentence(), self.place.sentence.0);
        // Counting is for those in between: a character has one byte to four.
        if sentence.len() <= LONGEST_WHOLE || (sentence.len() <= 4 * LONGEST_WHOLE && sentence.chars().nth(LONGEST_WHOLE).is_none()) {
            return Cow::Borrowed(sentence);
        }
        let (start, end) = ((self.place.node.0 - begins) as usize, (self.place.node.1 - begins) as usize);
        let (before, behind) = (sentence.get(..start).unwrap_or_default(), sentence.get(end..).unwrap_or_default());
        let from = before.char_indices().rev().nth(WINDOW - 1).map_or(0, |(at, _)| at);
        let to = end + behind.char_indices().nth(WINDOW).map_or(behind.len(), |(at, _)| at);
        let cut = |is_cut: bool| if is_cut { "…" } else { "" };
        let window = sentence.get(from..to).unwrap_or_default();
        Cow::Owned([cut(from > 0), window, cut(to < sentence.len())].concat())
    }

    /// At most so many characters before the hit, the nearest first.
    fn before(&self, characters: usize) -> impl Iterator<Item = char> {
        let text = self.text().get(..self.place.node.0 as usize).unwrap_or_default();
        shown(text.chars().rev()).take(characters)
    }

    /// At most so many characters behind the hit.
    fn behind(&self, characters: usize) -> impl Iterator<Item = char> {
        let text = self.text().get(self.place.node.1 as usize..).unwrap_or_default();
        shown(text.chars()).take(characters)
    }

    /// The text before the hit.
    pub fn left(&self, characters: usize) -> String {
        let outwards: Vec<char> = self.before(characters).collect();
        outwards.into_iter().rev().collect()
    }

    /// The text behind the hit.
    pub fn right(&self, characters: usize) -> String {
        self.behind(characters).collect()
    }

    /// Compares by `order`; contexts are compared as far as they are shown.
    pub fn compare(&self, other: &Self, order: Order, context: usize) -> Ordering {
        let left = || self.before(context).cmp(other.before(context));
        let right = || self.behind(context).cmp(other.behind(context));
        let node = || self.node().cmp(other.node());
        let chosen = match order {
            Order::Document => Ordering::Equal,
            Order::Date => (self.document.date.is_none(), self.document.date).cmp(&(other.document.date.is_none(), other.document.date)),
            Order::Left => left().then_with(node).then_with(right),
            Order::Right => right().then_with(node).then_with(left),
            Order::Node => node().then_with(right).then_with(left),
        };
        chosen.then_with(|| self.position().cmp(&other.position()))
    }

    fn position(&self) -> (&str, Option<u64>, u32, u32, u32) {
        (&self.document.path, self.document.record, self.place.number, self.place.node.0, self.place.node.1)
    }

    /// A number that looks as if it were drawn, but depends on nothing than where the hit stands: the hits of the smallest
    /// numbers are a sample that every run draws alike.
    pub fn lot(&self) -> u64 {
        let mut state = self.document.id.write(&mut [0; 13]).bytes().fold(0u64, |state, byte| mixed(state ^ u64::from(byte)));
        for part in [self.place.number, self.place.start, self.place.node.1 - self.place.node.0] {
            state = mixed(state ^ u64::from(part));
        }
        state
    }
}

/// The finaliser of SplitMix64 (Steele, Lea & Flood 2014): every bit of the input changes half of the bits.
fn mixed(state: u64) -> u64 {
    let state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let state = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let state = (state ^ (state >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    state ^ (state >> 31)
}

/// Text as a context shows it: white space is one space, or one ¶ where it holds a line break; none at the end of the text.
fn shown(characters: impl Iterator<Item = char> + Clone) -> impl Iterator<Item = char> {
    let mut rest = characters.peekable();
    std::iter::from_fn(move || {
        let next = rest.next()?;
        if !next.is_whitespace() {
            return Some(next);
        }
        let mut ends_paragraph = next == '\n';
        while let Some(more) = rest.next_if(|c| c.is_whitespace()) {
            ends_paragraph |= more == '\n';
        }
        rest.peek()?;
        Some(if ends_paragraph { PARAGRAPH_MARK } else { ' ' })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_is_shown_as_a_space_or_the_end_of_a_paragraph() {
        let show = |text: &str| shown(text.chars()).collect::<String>();
        assert_eq!(show("甲\u{3000}乙 \n\n\u{3000}丙\n"), "甲 乙¶丙");
        assert_eq!(shown("\n\u{3000}甲".chars().rev()).collect::<String>(), "甲");
        assert_eq!(show(" \n "), "");
    }

    #[test]
    fn lots_differ_between_neighbours() {
        let lots: std::collections::BTreeSet<u64> = (0..10_000).map(mixed).collect();
        assert_eq!(lots.len(), 10_000);
        let low = lots.iter().filter(|lot| **lot < u64::MAX / 4).count();
        assert!((2_300..2_700).contains(&low), "{low}");
    }
}
