//! Things that texts hold: terms, themes and entities, counted on both sides in one way.

use std::hash::Hash;

use rustc_hash::FxHashMap;

use crate::analysis::side_counts::{self, SideCount};
use crate::corpus::Shard;

use super::sides::{Compared, Texts};

/// The things of one kind in some texts, by number.
pub trait Things: Sync {
    /// Calls `visit` with each thing that a document holds, once, and how often it does.
    fn in_document(&self, document: usize, visit: &mut dyn FnMut(u32, u64));
    /// Calls `visit` with each thing that a sentence of a shard (its number, and its tokens and themes) holds; repeats do no harm.
    fn in_sentence(&self, shard: (usize, &Shard), sentence: usize, visit: &mut dyn FnMut(u32));
    /// For each of `number` things its counts over all documents.
    fn totals(&self, number: usize) -> Vec<SideCount>;
}

/// The things of one kind in the texts of a comparison, under one numbering.
pub struct OfTexts<T> {
    /// In the corpus.
    pub corpus: T,
    /// In the texts that it no longer has.
    pub retired: Option<T>,
    /// How many things there are.
    pub number: usize,
}

impl<T: Things> OfTexts<T> {
    /// For each thing its counts on the current and the previous side.
    pub fn count(&self, compared: &Compared<'_, '_>) -> Vec<[SideCount; 2]> {
        let in_texts = |texts: &Texts<'_, '_>, things: &T| {
            let sizes = texts.shared.term_documents.token_counts();
            side_counts::count(texts.of_document, sizes, &things.totals(self.number), &|document, visit| {
                things.in_document(document, visit)
            })
        };
        let mut counts = in_texts(&compared.corpus, &self.corpus);
        if let (Some(texts), Some(things)) = (&compared.retired, &self.retired) {
            for (sum, more) in counts.iter_mut().zip(in_texts(texts, things)) {
                *sum = [sum[0].plus(more[0]), sum[1].plus(more[1])];
            }
        }
        counts
    }

    /// The texts of a comparison with the things in them.
    pub fn with_texts<'k, 't, 'a>(&'k self, compared: &'k Compared<'t, 'a>) -> impl Iterator<Item = (&'k Texts<'t, 'a>, &'k T)> {
        std::iter::once((&compared.corpus, &self.corpus)).chain(compared.retired.as_ref().zip(self.retired.as_ref()))
    }
}

/// One numbering of the names of two texts.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Numbering {
    /// The number of each name of the first text; a repeated name has one.
    pub first: Vec<u32>,
    /// The number of each name of the second text: that of the same name in the first, or one behind those.
    pub second: Vec<u32>,
    /// For each number the text (0 or 1) and the place where its name stands.
    pub places: Vec<(usize, u32)>,
}

impl Numbering {
    /// Numbers the names of two texts.
    pub fn new<N: Hash + Eq>(first: impl Iterator<Item = N>, second: impl Iterator<Item = N>) -> Self {
        let (mut numbers, mut places) = (FxHashMap::default(), Vec::new());
        let mut number = |text: usize, place: u32, name: N| {
            let next = u32::try_from(places.len()).unwrap_or(u32::MAX);
            *numbers.entry(name).or_insert_with(|| {
                places.push((text, place));
                next
            })
        };
        let first = (0u32..).zip(first).map(|(place, name)| number(0, place, name)).collect();
        let second = (0u32..).zip(second).map(|(place, name)| number(1, place, name)).collect();
        Self { first, second, places }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_name_has_one_number() {
        let numbering = Numbering::new(["甲", "乙", "甲"].into_iter(), ["丙", "乙", "丙"].into_iter());
        assert_eq!(numbering, Numbering { first: vec![0, 1, 0], second: vec![2, 1, 2], places: vec![(0, 0), (0, 1), (1, 0)] });
    }
}
