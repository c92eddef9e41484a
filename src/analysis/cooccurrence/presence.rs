//! Units as sets: a sentence, a paragraph or a document holds a term or does not.

use std::ops::Range;

use rayon::prelude::*;

use crate::corpus::{Corpus, NOT_A_TERM, Selection, Shard};

use super::{Incidence, PARTS, PairedTerms};

/// Marks the end of a unit in `terms`, greater than every term number.
const END: u32 = u32::MAX;

/// The sparse unit × term matrix, by unit and by term.
pub(super) struct Presence {
    n: u64,
    marginals: Vec<u64>,
    /// The terms of each unit that holds at least two, ascending, each unit closed by [`END`].
    terms: Vec<u32>,
    /// Where each of these units begins in `terms`.
    starts: Vec<u32>,
    /// A sentence of each of these units.
    sentences: Vec<u32>,
    /// For each term its places in `terms`: `places[place_starts[t]..place_starts[t + 1]]`.
    places: Vec<u32>,
    place_starts: Vec<usize>,
    /// Ranges of units that hold whole shards.
    parts: Vec<Range<usize>>,
}

/// Sentence ranges of a shard that are one unit.
pub(super) type UnitsOf = fn(&Shard, &mut dyn FnMut(Range<usize>));

/// Each sentence is a unit.
pub(super) fn sentences(shard: &Shard, emit: &mut dyn FnMut(Range<usize>)) {
    (0..shard.sentences.len()).for_each(|at| emit(at..at + 1));
}

/// Each paragraph is a unit; the title is one.
pub(super) fn paragraphs(shard: &Shard, emit: &mut dyn FnMut(Range<usize>)) {
    let mut at = 0;
    for group in shard.sentences.chunk_by(|a, b| (a.document, a.paragraph) == (b.document, b.paragraph)) {
        emit(at..at + group.len());
        at += group.len();
    }
}

/// Each document is a unit.
pub(super) fn documents(shard: &Shard, emit: &mut dyn FnMut(Range<usize>)) {
    (0..shard.documents.len()).for_each(|document| emit(shard.document_sentences(document)));
}

/// The units of one shard.
struct Part {
    n: u64,
    marginals: Vec<u32>,
    terms: Vec<u32>,
    starts: Vec<u32>,
    sentences: Vec<u32>,
}

impl Presence {
    pub fn new(corpus: &Corpus, selection: &Selection, paired: &PairedTerms, units_of: UnitsOf) -> Self {
        let parts: Vec<Part> = (0..corpus.shards().len())
            .into_par_iter()
            .map(|shard| part(&corpus.shards()[shard], &paired.of_words(selection, shard), paired.len(), units_of))
            .collect();
        let mut all = Self::with_capacity(parts.iter().map(|p| p.terms.len()).sum(), paired.len());
        let shards_a_part = parts.len().div_ceil(PARTS).max(1);
        for (shard, part) in parts.into_iter().enumerate() {
            let first = all.starts.len();
            all.append(part, corpus.sentence_offset(shard));
            match all.parts.last_mut().filter(|_| shard % shards_a_part != 0) {
                Some(last) => last.end = all.starts.len(),
                None => all.parts.push(first..all.starts.len()),
            }
        }
        all.index_places(paired.len());
        all
    }

    fn with_capacity(places: usize, terms: usize) -> Self {
        Self {
            n: 0,
            marginals: vec![0; terms],
            terms: Vec::with_capacity(places),
            starts: Vec::new(),
            sentences: Vec::new(),
            places: Vec::new(),
            place_starts: vec![0; terms + 1],
            parts: Vec::new(),
        }
    }

    fn append(&mut self, part: Part, sentence_offset: usize) {
        let place_offset = u32::try_from(self.terms.len()).unwrap_or(u32::MAX);
        let sentence_offset = u32::try_from(sentence_offset).unwrap_or(u32::MAX);
        self.n += part.n;
        for (total, count) in self.marginals.iter_mut().zip(&part.marginals) {
            *total += u64::from(*count);
        }
        self.terms.extend_from_slice(&part.terms);
        self.starts.extend(part.starts.iter().map(|s| s + place_offset));
        self.sentences.extend(part.sentences.iter().map(|s| s + sentence_offset));
    }

    fn index_places(&mut self, terms: usize) {
        for term in self.terms.iter().filter(|t| **t != END) {
            self.place_starts[*term as usize + 1] += 1;
        }
        for at in 0..terms {
            self.place_starts[at + 1] += self.place_starts[at];
        }
        let mut next = self.place_starts.clone();
        self.places = vec![0; self.place_starts[terms]];
        for (place, term) in (0u32..).zip(&self.terms) {
            if *term != END {
                let slot = &mut next[*term as usize];
                self.places[*slot] = place;
                *slot += 1;
            }
        }
    }
}

fn part(shard: &Shard, paired_of: &[u32], term_count: usize, units_of: UnitsOf) -> Part {
    let mut part = Part { n: 0, marginals: vec![0; term_count], terms: Vec::new(), starts: Vec::new(), sentences: Vec::new() };
    let mut unit: Vec<u32> = Vec::new();
    units_of(shard, &mut |range| {
        let mut tokens = 0;
        unit.clear();
        for sentence in range.clone() {
            let words = shard.sentence_tokens(sentence);
            tokens += words.len();
            unit.extend(words.iter().map(|word| paired_of[*word as usize]).filter(|term| *term != NOT_A_TERM));
        }
        part.n += u64::from(tokens > 0);
        unit.sort_unstable();
        unit.dedup();
        unit.iter().for_each(|term| part.marginals[*term as usize] += 1);
        if unit.len() > 1 {
            part.starts.push(u32::try_from(part.terms.len()).unwrap_or(u32::MAX));
            part.sentences.push(u32::try_from(range.start).unwrap_or(u32::MAX));
            part.terms.extend_from_slice(&unit);
            part.terms.push(END);
        }
    });
    part
}

impl Incidence for Presence {
    fn n(&self) -> u64 {
        self.n
    }

    fn marginal(&self, term: usize) -> u64 {
        self.marginals[term]
    }

    fn meetings(&self, term: usize, mut visit: impl FnMut(u32)) {
        for place in &self.places[self.place_starts[term]..self.place_starts[term + 1]] {
            for other in &self.terms[*place as usize + 1..] {
                if *other == END {
                    break;
                }
                visit(*other);
            }
        }
    }

    fn parts(&self) -> Vec<Range<usize>> {
        self.parts.clone()
    }

    fn pairs_of_units<'p>(&self, part: Range<usize>, partners_of: &dyn Fn(u32) -> &'p [(u32, u32)], visit: &mut dyn FnMut(usize, u32)) {
        let mut marks = vec![u32::MAX; self.marginals.len()];
        for unit in part {
            let start = self.starts[unit] as usize;
            let end = self.starts.get(unit + 1).map_or(self.terms.len(), |next| *next as usize) - 1;
            let terms = &self.terms[start..end];
            let mark = self.starts[unit];
            terms.iter().for_each(|term| marks[*term as usize] = mark);
            for term in terms {
                for (partner, pair) in partners_of(*term) {
                    if marks[*partner as usize] == mark {
                        visit(self.sentences[unit] as usize, *pair);
                    }
                }
            }
        }
    }
}
