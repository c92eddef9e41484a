//! Which texts are kept, and which repeat one that is kept.
//!
//! Texts are taken one after the other; each is compared with those that were kept before it. If it repeats one of them, it is a copy of
//! the one that it resembles most, else it is kept. So every copy is like its kept text itself, and a chain of small changes, in
//! which the last resembles the first no more, falls into several groups.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::stats::{Overlap, Ratio};

use super::index::Index;
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

/// Texts that are looked up at once by all threads; those within a block are compared one after the other.
const BLOCK: usize = 512;

/// Whether a text repeats a kept one, and how much: `Some` with the similarity if it does.
pub(super) type Repeats<'r> = &'r (dyn Fn(Overlap) -> Option<Ratio> + Sync);

/// The texts of a block and what they are compared with: sets of shingles by place.
type Sets = FxHashMap<u32, Vec<u128>>;

/// For every text of `order` that repeats one before it, its place and its link.
pub(super) fn links(texts: &Texts<'_>, index: &mut Index, order: &[u32], repeats: Repeats<'_>) -> Vec<(u32, Link)> {
    index.clear();
    let mut kept: Vec<u32> = Vec::new();
    let mut out = Vec::new();
    for block in order.chunks(BLOCK) {
        let before = kept.len() as u32;
        let candidates: Vec<Vec<u32>> =
            block.par_iter().with_min_len(16).map_init(Vec::new, |scratch, place| index.candidates(*place, 0, scratch)).collect();
        let mut sets = sets_of(texts, block, &candidates, &kept);
        let best: Vec<Option<Link>> = block
            .par_iter()
            .zip(&candidates)
            .map(|(place, found)| best_link(&sets, *place, found.iter().map(|rank| kept[*rank as usize]), repeats))
            .collect();
        let mut scratch = Vec::new();
        for (place, earlier) in block.iter().zip(best) {
            let within = index.candidates(*place, before, &mut scratch);
            let others: Vec<u32> = within.iter().map(|rank| kept[*rank as usize]).collect();
            for needed in others.iter().chain(others.first().map(|_| place)) {
                sets.entry(*needed).or_insert_with(|| texts.shingles(*needed));
            }
            match better(earlier, best_link(&sets, *place, others.into_iter(), repeats)) {
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

/// The sets of all texts of a block that have a candidate, and of all candidates.
fn sets_of(texts: &Texts<'_>, block: &[u32], candidates: &[Vec<u32>], kept: &[u32]) -> Sets {
    let mut needed: Vec<u32> = candidates.iter().flatten().map(|rank| kept[*rank as usize]).collect();
    needed.extend(block.iter().zip(candidates).filter(|(_, found)| !found.is_empty()).map(|(place, _)| *place));
    needed.sort_unstable();
    needed.dedup();
    needed.into_par_iter().map(|place| (place, texts.shingles(place))).collect()
}

/// The kept text that one resembles most, if it repeats any.
fn best_link(sets: &Sets, place: u32, others: impl Iterator<Item = u32>, repeats: Repeats<'_>) -> Option<Link> {
    others.filter_map(|kept| link(sets.get(&place)?, sets.get(&kept)?, kept, repeats)).fold(None, |best, link| better(best, Some(link)))
}

/// How a text repeats a kept one, if it does.
pub(super) fn link(own: &[u128], other: &[u128], kept: u32, repeats: Repeats<'_>) -> Option<Link> {
    let overlap = Overlap::of_sorted(own, other);
    let millionths = repeats(overlap)?.scaled(6)?;
    Some(Link { kept, overlap, millionths })
}

/// The more similar of two links, the earlier text of equal ones.
fn better(a: Option<Link>, b: Option<Link>) -> Option<Link> {
    match (a, b) {
        (Some(a), Some(b)) if b.millionths > a.millionths || (b.millionths == a.millionths && b.kept < a.kept) => Some(b),
        (Some(a), _) => Some(a),
        (None, b) => b,
    }
}
