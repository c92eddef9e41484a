//! Which texts are kept, and which repeat one that is kept.
//!
//! Texts are taken one after the other; each is compared with those that were kept before it. If it repeats one of them, it is a copy of
//! the one that it resembles most, else it is kept. So every copy is like its kept text itself, and a chain of small changes, in
//! which the last resembles the first no more, falls into several groups.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::stats::Overlap;

use super::index::Index;
use super::outline::Outline;
use super::rule::Rule;
use super::texts::Texts;

/// A text that repeats a kept one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Link {
    /// Place of the kept text.
    pub kept: u32,
    /// Its own shingles (a), those of the kept text (b), and the shared ones.
    pub overlap: Overlap,
    /// Similarity in millionths, as it is printed.
    pub millionths: i128,
}

/// Texts that are looked up at once by all threads; those within a block are compared one after the other. A part of the method,
/// not of the machine: a list of the index may fill up within a block.
const BLOCK: usize = 512;

/// For every text of `order` that repeats one before it, its place and its link.
pub(super) fn links(texts: &Texts<'_>, index: &mut Index, order: &[u32], rule: Rule) -> Vec<(u32, Link)> {
    index.clear();
    let mut kept: Vec<u32> = Vec::new();
    let mut out = Vec::new();
    let mut scratch = Vec::new();
    for block in order.chunks(BLOCK) {
        let before = kept.len() as u32;
        let mut pairs = Pairs { texts, rule, outlines: FxHashMap::default(), sets: FxHashMap::default() };
        let earlier = pairs.best_of_all(block, index, &kept);
        for (place, earlier) in block.iter().zip(earlier) {
            let fits = |rank: u32| pairs.fits(*place, kept[rank as usize]);
            let within = index.candidates(*place, before, fits, &mut scratch);
            let within = pairs.best(*place, within.iter().map(|rank| kept[*rank as usize]));
            match better(earlier, within) {
                Some(link) => out.push((*place, link)),
                None => {
                    index.keep(*place, kept.len() as u32);
                    kept.push(*place);
                }
            }
        }
    }
    out
}

/// Compares texts of a block with kept ones, and remembers what it has seen of them.
struct Pairs<'t> {
    texts: &'t Texts<'t>,
    rule: Rule,
    outlines: FxHashMap<u32, Outline>,
    sets: FxHashMap<u32, Vec<u128>>,
}

impl Pairs<'_> {
    /// For each text of a block the text kept before the block that it resembles most, if it repeats any.
    fn best_of_all(&mut self, block: &[u32], index: &Index, kept: &[u32]) -> Vec<Option<Link>> {
        let candidates = |scratch: &mut Vec<u32>, place: &u32| -> Vec<u32> {
            let fits = |rank: u32| self.fits(*place, kept[rank as usize]);
            index.candidates(*place, 0, fits, scratch).into_iter().map(|rank| kept[rank as usize]).collect()
        };
        let found: Vec<Vec<u32>> = block.par_iter().with_min_len(16).map_init(Vec::new, candidates).collect();
        let pairs = || block.iter().zip(&found).flat_map(|(place, others)| others.iter().map(move |other| (*place, *other)));
        let texts = self.texts;
        let outline = |place: u32| (place, Outline::of(&texts.text(place)));
        self.outlines = distinct(pairs()).into_par_iter().with_min_len(16).map(outline).collect();
        let possible: Vec<(u32, u32)> = pairs().filter(|(place, other)| self.is_possible(*place, *other)).collect();
        self.sets = distinct(possible.iter().copied()).into_par_iter().map(|place| (place, texts.shingles(place))).collect();
        let links: Vec<Option<Link>> = possible.par_iter().map(|(place, other)| self.link(*place, *other)).collect();
        let mut best: FxHashMap<u32, Option<Link>> = FxHashMap::default();
        for ((place, _), link) in possible.iter().zip(links) {
            let known = best.entry(*place).or_default();
            *known = better(*known, link);
        }
        block.iter().map(|place| best.get(place).copied().flatten()).collect()
    }

    /// Of a few other texts the one that a text resembles most, if it repeats any.
    fn best(&mut self, place: u32, others: impl Iterator<Item = u32>) -> Option<Link> {
        let mut best = None;
        for other in others {
            for one in [place, other] {
                self.outlines.entry(one).or_insert_with(|| Outline::of(&self.texts.text(one)));
            }
            if self.is_possible(place, other) {
                for one in [place, other] {
                    self.sets.entry(one).or_insert_with(|| self.texts.shingles(one));
                }
                best = better(best, self.link(place, other));
            }
        }
        best
    }

    /// Whether two texts are of sizes between which there may be a copy.
    fn fits(&self, place: u32, other: u32) -> bool {
        let (own, kept) = (u64::from(self.texts.characters(place)), u64::from(self.texts.characters(other)));
        self.rule.fits(own, kept)
    }

    fn is_possible(&self, place: u32, other: u32) -> bool {
        match (self.outlines.get(&place), self.outlines.get(&other)) {
            (Some(a), Some(b)) => self.rule.is_possible(a.shared_at_most(b), a.size_at_least(), b.size_at_least()),
            _ => false,
        }
    }

    fn link(&self, place: u32, other: u32) -> Option<Link> {
        link(self.sets.get(&place)?, self.sets.get(&other)?, other, self.rule)
    }
}

/// How a text repeats a kept one, if it does.
pub(super) fn link(own: &[u128], other: &[u128], kept: u32, rule: Rule) -> Option<Link> {
    let overlap = Overlap::of_sorted(own, other);
    let millionths = rule.similarity(overlap)?.scaled(6)?;
    Some(Link { kept, overlap, millionths })
}

/// All places in pairs, each once.
fn distinct(pairs: impl Iterator<Item = (u32, u32)>) -> Vec<u32> {
    let mut places: Vec<u32> = pairs.flat_map(|(a, b)| [a, b]).collect();
    places.sort_unstable();
    places.dedup();
    places
}

/// The more similar of two links, the earlier text of equal ones.
fn better(a: Option<Link>, b: Option<Link>) -> Option<Link> {
    match (a, b) {
        (Some(a), Some(b)) if b.millionths > a.millionths || (b.millionths == a.millionths && b.kept < a.kept) => Some(b),
        (Some(a), _) => Some(a),
        (None, b) => b,
    }
}
