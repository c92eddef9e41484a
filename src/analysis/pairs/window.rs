//! Units as pairs of tokens: every two tokens of a sentence at most K apart, each pair read from both ends (Evert 2008).
//!
//! All tokens count in n and in the marginals, stop words and repeats too; only rows are limited to terms. So a changed stop
//! list removes rows and never changes the numbers of the rows that stay.

use std::ops::Range;

use crate::corpus::{Corpus, Parts};

use super::product::{Meetings, over_rows};
use super::{Incidence, NOT_PAIRED, PARTS};

/// A token that is no paired item.
const OTHER: u32 = u32::MAX - 1;
/// Marks the end of a sentence.
const END: u32 = u32::MAX;

/// The tokens of all sentences with the places of each term.
pub struct Window {
    width: usize,
    n: u64,
    marginals: Vec<u64>,
    /// The paired number of every token, or [`OTHER`]; each sentence closed by [`END`].
    tokens: Vec<u32>,
    /// Where each sentence with tokens begins in `tokens`, and its number in the corpus.
    sentences: Vec<(u32, u32)>,
    places: Vec<u32>,
    place_starts: Vec<usize>,
    /// Ranges of sentences that hold whole shards.
    parts: Vec<Range<usize>>,
}

impl Window {
    /// `items` is the number of paired items, `of_words` gives that of each word of a shard, or [`NOT_PAIRED`].
    pub fn new(corpus: &Corpus, width: u16, items: usize, of_words: impl Fn(usize) -> Vec<u32>) -> Self {
        let mut window = Self {
            width: usize::from(width),
            n: 0,
            marginals: vec![0; items],
            tokens: Vec::new(),
            sentences: Vec::new(),
            places: Vec::new(),
            place_starts: vec![0; items + 1],
            parts: Vec::new(),
        };
        let shards_a_part = corpus.shards().len().div_ceil(PARTS).max(1);
        for (number, shard) in corpus.shards().iter().enumerate() {
            let (shard, paired_of) = (shard.read(Parts::TOKENS), of_words(number));
            for sentence in 0..shard.sentences.len() {
                let words = shard.sentence_tokens(sentence);
                let terms = words.iter().map(|word| paired_of[*word as usize]);
                window.add_sentence(corpus.sentence_offset(number) + sentence, terms);
            }
            let end = window.sentences.len();
            match window.parts.last_mut().filter(|_| number % shards_a_part != 0) {
                Some(last) => last.end = end,
                None => {
                    let start = window.parts.last().map_or(0, |last| last.end);
                    window.parts.push(start..end);
                }
            }
        }
        window.index_places(items);
        window
    }

    fn add_sentence(&mut self, number: usize, terms: impl Iterator<Item = u32>) {
        let start = self.tokens.len();
        self.tokens.extend(terms.map(|term| if term == NOT_PAIRED { OTHER } else { term }));
        let length = self.tokens.len() - start;
        if length == 0 {
            return;
        }
        for place in 0..length {
            let neighbours = (place.min(self.width) + (length - 1 - place).min(self.width)) as u64;
            self.n += neighbours;
            let term = self.tokens[start + place];
            if term < OTHER {
                self.marginals[term as usize] += neighbours;
            }
        }
        self.sentences.push((u32::try_from(start).unwrap_or(u32::MAX), u32::try_from(number).unwrap_or(u32::MAX)));
        self.tokens.push(END);
    }

    fn index_places(&mut self, terms: usize) {
        for term in self.tokens.iter().filter(|t| **t < OTHER) {
            self.place_starts[*term as usize + 1] += 1;
        }
        for at in 0..terms {
            self.place_starts[at + 1] += self.place_starts[at];
        }
        let mut next = self.place_starts.clone();
        self.places = vec![0; self.place_starts[terms]];
        for (place, term) in (0u32..).zip(&self.tokens) {
            if *term < OTHER {
                let slot = &mut next[*term as usize];
                self.places[*slot] = place;
                *slot += 1;
            }
        }
    }
}

impl Meetings for Window {
    fn meetings(&self, term: usize, visit: &mut impl FnMut(u32)) {
        let is_partner = |other: u32| other < OTHER && other as usize > term;
        for place in &self.places[self.place_starts[term]..self.place_starts[term + 1]] {
            let at = *place as usize;
            let before = self.tokens[at.saturating_sub(self.width)..at].iter().rev();
            before.take_while(|t| **t != END).filter(|t| is_partner(**t)).for_each(|other| visit(*other));
            let after = self.tokens[at + 1..].iter().take(self.width);
            after.take_while(|t| **t != END).filter(|t| is_partner(**t)).for_each(|other| visit(*other));
        }
    }
}

impl Incidence for Window {
    fn n(&self) -> u64 {
        self.n
    }

    fn marginal(&self, term: usize) -> u64 {
        self.marginals[term]
    }

    fn over_rows<T: Send>(&self, at_once: usize, start: impl Fn() -> T + Sync, see: impl Fn(&mut T, [usize; 2], u32) + Sync) -> Vec<T> {
        over_rows(self, self.marginals.len(), at_once, start, see)
    }

    fn parts(&self) -> Vec<Range<usize>> {
        self.parts.clone()
    }

    fn pairs_of_units<'p>(&self, part: Range<usize>, partners_of: &dyn Fn(u32) -> &'p [(u32, u32)], visit: &mut dyn FnMut(usize, u32)) {
        // The last place of each term: a partner meets the term if its last place is near enough, before or after.
        let mut last_place = vec![None; self.marginals.len()];
        for sentence in part {
            let (start, number) = self.sentences[sentence];
            let length = self.tokens[start as usize..].iter().take_while(|t| **t != END).count();
            let places = start as usize..start as usize + length;
            for reversed in [false, true] {
                let order: Box<dyn Iterator<Item = usize>> =
                    if reversed { Box::new(places.clone().rev()) } else { Box::new(places.clone()) };
                for at in order {
                    let term = self.tokens[at];
                    if term >= OTHER {
                        continue;
                    }
                    for (partner, pair) in partners_of(term) {
                        if last_place[*partner as usize].is_some_and(|place: usize| place.abs_diff(at) <= self.width) {
                            visit(number as usize, *pair);
                        }
                    }
                    last_place[term as usize] = Some(at);
                }
                places.clone().filter(|at| self.tokens[*at] < OTHER).for_each(|at| last_place[self.tokens[at] as usize] = None);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::stats::Contingency;

    use super::*;

    /// One sentence of space-separated tokens, every distinct token paired, numbered by first appearance.
    fn window(text: &str, width: u16) -> (Window, Vec<String>) {
        let mut words: Vec<String> = Vec::new();
        let ids: Vec<u32> = text
            .split(' ')
            .map(|token| {
                let at = words.iter().position(|w| w == token).unwrap_or_else(|| {
                    words.push(token.to_string());
                    words.len() - 1
                });
                u32::try_from(at).unwrap()
            })
            .collect();
        let mut window = Window {
            width: usize::from(width),
            n: 0,
            marginals: vec![0; words.len()],
            tokens: Vec::new(),
            sentences: Vec::new(),
            places: Vec::new(),
            place_starts: vec![0; words.len() + 1],
            parts: Vec::new(),
        };
        window.add_sentence(0, ids.into_iter());
        window.index_places(words.len());
        (window, words)
    }

    fn n_ab(window: &Window, a: usize, b: usize) -> u64 {
        let mut count = 0;
        window.meetings(a.min(b), &mut |other| count += u64::from(other as usize == a.max(b)));
        count
    }

    #[test]
    fn counts_agree_with_the_vectors() {
        let vectors = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/window.csv"));
        let mut checked = 0;
        for record in csv::Reader::from_reader(vectors.as_bytes()).records().map(Result::unwrap) {
            let (window, words) = window(&record[1], record[2].parse().unwrap());
            let number = |name: &str| words.iter().position(|w| w == name);
            let (a, b) = (number(&record[3]), number(&record[4]));
            let marginal = |term: Option<usize>| term.map_or(0, |t| window.marginal(t));
            let both = a.zip(b).map_or(0, |(a, b)| n_ab(&window, a, b));
            let got = match &record[5] {
                "n" => window.n() as f64,
                "n_a" => marginal(a) as f64,
                "n_ab" => both as f64,
                "pmi" => crate::stats::pmi(&Contingency::new(both, marginal(a), marginal(b), window.n()).unwrap()).unwrap(),
                _ => continue,
            };
            let (expected, tolerance): (f64, f64) = (record[6].parse().unwrap(), record[7].parse().unwrap());
            assert!((got - expected).abs() <= tolerance, "got {got}: {record:?}");
            checked += 1;
        }
        assert_eq!(checked, 37, "n, n_a, n_ab and pmi rows of window.csv");
    }
}
