//! The sparse matrix of units and items, in memory: a unit holds an item or does not.

use std::ops::Range;

use rayon::prelude::*;

use super::product::{Meetings, over_rows};
use super::units::UnitSource;
use super::{Incidence, PARTS};

/// From here on an entry of `items` closes a unit and holds its number; numbers of items are below.
const END: u32 = 1 << 31;

/// The sparse unit × item matrix, by unit and by item.
pub struct Presence {
    n: u64,
    marginals: Vec<u64>,
    /// The items of each unit that holds at least two, ascending, each unit closed by [`END`] and its number.
    items: Vec<u32>,
    /// Where each of these units begins in `items`.
    starts: Vec<u32>,
    /// A sentence of each of these units.
    sentences: Vec<u32>,
    /// For each item its places in `items`: `places[place_starts[t]..place_starts[t + 1]]`.
    places: Vec<u32>,
    place_starts: Vec<usize>,
    /// Ranges of units that hold whole shards.
    parts: Vec<Range<usize>>,
}

/// The units of one shard.
struct Part {
    n: u64,
    /// The item of each unit that holds just one.
    alone: Vec<u32>,
    items: Vec<u32>,
    starts: Vec<u32>,
    sentences: Vec<u32>,
}

impl Presence {
    /// Holds all units of `source`. A unit counts where it has a token, with or without items.
    pub fn new(source: &UnitSource<'_>) -> Self {
        let (corpus, items) = (source.corpus, source.items);
        let parts: Vec<Part> = (0..corpus.shards().len()).into_par_iter().map(|number| part(source, number)).collect();
        let mut all = Self::with_capacity(parts.iter().map(|p| p.items.len()).sum(), items);
        let shards_a_part = parts.len().div_ceil(PARTS).max(1);
        for (shard, part) in parts.into_iter().enumerate() {
            let first = all.starts.len();
            all.append(part, corpus.sentence_offset(shard));
            match all.parts.last_mut().filter(|_| shard % shards_a_part != 0) {
                Some(last) => last.end = all.starts.len(),
                None => all.parts.push(first..all.starts.len()),
            }
        }
        all.index_places(items);
        all
    }

    fn with_capacity(places: usize, item_count: usize) -> Self {
        Self {
            n: 0,
            marginals: vec![0; item_count],
            items: Vec::with_capacity(places),
            starts: Vec::new(),
            sentences: Vec::new(),
            places: Vec::new(),
            place_starts: vec![0; item_count + 1],
            parts: Vec::new(),
        }
    }

    fn append(&mut self, part: Part, sentence_offset: usize) {
        let place_offset = u32::try_from(self.items.len()).unwrap_or(u32::MAX);
        let sentence_offset = u32::try_from(sentence_offset).unwrap_or(u32::MAX);
        self.n += part.n;
        part.alone.iter().for_each(|item| self.marginals[*item as usize] += 1);
        let first_unit = u32::try_from(self.starts.len()).unwrap_or(u32::MAX);
        self.items.extend(part.items.iter().map(|entry| if *entry < END { *entry } else { entry + first_unit }));
        self.starts.extend(part.starts.iter().map(|s| s + place_offset));
        self.sentences.extend(part.sentences.iter().map(|s| s + sentence_offset));
    }

    /// A sentence of each unit that holds at least two items, by the number of the unit.
    pub fn sentences(&self) -> &[u32] {
        &self.sentences
    }

    /// Calls `visit` for each unit that holds `item` beside others, in order, with its number and its items of a higher number.
    pub fn units_with(&self, item: usize, mut visit: impl FnMut(usize, &[u32])) {
        for place in &self.places[self.place_starts[item]..self.place_starts[item + 1]] {
            let later = &self.items[*place as usize + 1..];
            if let Some(end) = later.iter().position(|entry| *entry >= END) {
                visit((later[end] - END) as usize, &later[..end]);
            }
        }
    }

    fn index_places(&mut self, item_count: usize) {
        for item in self.items.iter().filter(|entry| **entry < END) {
            self.place_starts[*item as usize + 1] += 1;
            self.marginals[*item as usize] += 1;
        }
        for at in 0..item_count {
            self.place_starts[at + 1] += self.place_starts[at];
        }
        let mut next = self.place_starts.clone();
        self.places = vec![0; self.place_starts[item_count]];
        for (place, item) in (0u32..).zip(&self.items) {
            if *item < END {
                let slot = &mut next[*item as usize];
                self.places[*slot] = place;
                *slot += 1;
            }
        }
    }
}

fn part(source: &UnitSource<'_>, number: usize) -> Part {
    let mut part = Part { n: 0, alone: Vec::new(), items: Vec::new(), starts: Vec::new(), sentences: Vec::new() };
    source.visit(number, |(sentence, has_token), unit| {
        part.n += u64::from(has_token);
        if unit.len() > 1 {
            let number = u32::try_from(part.starts.len()).unwrap_or(u32::MAX);
            part.starts.push(u32::try_from(part.items.len()).unwrap_or(u32::MAX));
            part.sentences.push(u32::try_from(sentence).unwrap_or(u32::MAX));
            part.items.extend_from_slice(unit);
            part.items.push(END + number);
        } else {
            part.alone.extend_from_slice(unit);
        }
    });
    part
}

impl Meetings for Presence {
    fn meetings(&self, item: usize, visit: &mut impl FnMut(u32)) {
        for place in &self.places[self.place_starts[item]..self.place_starts[item + 1]] {
            for other in &self.items[*place as usize + 1..] {
                if *other >= END {
                    break;
                }
                visit(*other);
            }
        }
    }
}

impl Incidence for Presence {
    fn n(&self) -> u64 {
        self.n
    }

    fn marginal(&self, item: usize) -> u64 {
        self.marginals[item]
    }

    fn over_rows<T: Send>(&self, at_once: usize, start: impl Fn() -> T + Sync, see: impl Fn(&mut T, [usize; 2], u32) + Sync) -> Vec<T> {
        over_rows(self, self.marginals.len(), at_once, start, see)
    }

    fn parts(&self) -> Vec<Range<usize>> {
        self.parts.clone()
    }

    fn pairs_of_units<'p>(&self, part: Range<usize>, partners_of: &dyn Fn(u32) -> &'p [(u32, u32)], visit: &mut dyn FnMut(usize, u32)) {
        let mut marks = vec![u32::MAX; self.marginals.len()];
        for unit in part {
            let start = self.starts[unit] as usize;
            let end = self.starts.get(unit + 1).map_or(self.items.len(), |next| *next as usize) - 1;
            let items = &self.items[start..end];
            let mark = self.starts[unit];
            items.iter().for_each(|item| marks[*item as usize] = mark);
            for item in items {
                for (partner, pair) in partners_of(*item) {
                    if marks[*partner as usize] == mark {
                        visit(self.sentences[unit] as usize, *pair);
                    }
                }
            }
        }
    }
}
