//! From texts to copies: the same ones first, then near ones, then those that a longer one contains.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::stats::Overlap;

use super::index::Index;
use super::options::{CopyKind, CopyOptions};
use super::rule::Rule;
use super::stars::{Link, link, links};
use super::text::SHINGLE;
use super::texts::Texts;

/// A copy by its place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found {
    pub place: u32,
    pub kind: CopyKind,
    pub link: Link,
}

/// What a text repeats, by place.
type Repeated = Vec<Option<(CopyKind, Link)>>;

/// All copies, in no order, and how many texts are too short for anything but being the same.
pub(super) fn find(texts: &Texts<'_>, options: &CopyOptions) -> (Vec<Found>, u64) {
    let first = texts.first_of_same();
    let is_long = |place: u32| texts.characters(place) as usize >= options.min_shingles as usize + SHINGLE - 1;
    let places = || (0u32..).take(texts.len());
    let too_short = places().filter(|place| !is_long(*place)).count() as u64;
    let compared: Vec<u32> = places().filter(|place| first[*place as usize] == *place && is_long(*place)).collect();
    let mut repeated: Repeated = vec![None; texts.len()];
    if options.finds(CopyKind::Near) || options.finds(CopyKind::Contained) {
        let mut index = Index::new(texts, &compared);
        if options.finds(CopyKind::Near) {
            for (place, link) in links(texts, &mut index, &compared, Rule::near(options)) {
                repeated[place as usize] = Some((CopyKind::Near, link));
            }
        }
        if options.finds(CopyKind::Contained) {
            find_contained(texts, &mut index, &compared, options, &mut repeated);
        }
    }
    // A copy of a copy repeats what that one repeats.
    let is_exact = |place: u32| first[place as usize] != place && repeated[first[place as usize] as usize].is_none();
    let exact: Vec<u32> = places().filter(|place| options.finds(CopyKind::Exact) && is_exact(*place)).collect();
    let same = links_to_same(texts, exact.iter().map(|place| first[*place as usize]));
    let all = places().filter_map(|place| {
        let earliest = first[place as usize];
        let exact = || same.get(&earliest).filter(|_| place != earliest).map(|link| (CopyKind::Exact, *link));
        repeated[earliest as usize].or_else(exact).map(|(kind, link)| Found { place, kind, link })
    });
    (all.collect(), too_short)
}

/// Links of texts to the same text, by the place of that.
fn links_to_same(texts: &Texts<'_>, kept: impl Iterator<Item = u32>) -> FxHashMap<u32, Link> {
    let mut kept: Vec<u32> = kept.collect();
    kept.sort_unstable();
    kept.dedup();
    let link = |kept: u32| {
        let size = texts.shingles(kept).len() as u64;
        (kept, Link { kept, overlap: Overlap { shared: size, a: size, b: size }, millionths: 1_000_000 })
    };
    kept.into_par_iter().map(link).collect()
}

/// How often texts that lost the one they were like are compared with all others again. Once is enough but for texts made for it.
const ROUNDS: usize = 3;

/// Which of the texts that repeat none so far stand in a longer one. Near copies of such a text lose the one that they were like; they
/// are settled anew, and those that repeat none then are compared with all others that do not.
fn find_contained(texts: &Texts<'_>, index: &mut Index, compared: &[u32], options: &CopyOptions, repeated: &mut Repeated) {
    let order = longest_first(texts, compared, repeated);
    for (place, link) in links(texts, index, &order, Rule::contained(options)) {
        repeated[place as usize] = Some((CopyKind::Contained, link));
    }
    for round in 0..=ROUNDS {
        let mut free = settle_orphans(texts, compared, options, repeated);
        if free.is_empty() || round == ROUNDS {
            return;
        }
        free.sort_unstable();
        compare_again(texts, index, (compared, &free), options, repeated);
    }
}

/// Settles the near copies of texts that turned out to repeat another. Gives those that repeat none now.
fn settle_orphans(texts: &Texts<'_>, compared: &[u32], options: &CopyOptions, repeated: &mut Repeated) -> Vec<u32> {
    let mut orphans: Vec<(u32, u32)> = Vec::new();
    for place in compared {
        if let Some((_, link)) = repeated[*place as usize]
            && repeated[link.kept as usize].is_some()
        {
            orphans.push((link.kept, *place));
        }
    }
    orphans.sort_unstable();
    for group in orphans.chunk_by(|a, b| a.0 == b.0) {
        settle(texts, group, options, repeated);
    }
    orphans.into_iter().map(|(_, place)| place).filter(|place| repeated[*place as usize].is_none()).collect()
}

/// Looks for what the texts that are `free` (sorted) repeat, and for what repeats them. What the others are to each other is known.
fn compare_again(texts: &Texts<'_>, index: &mut Index, (compared, free): (&[u32], &[u32]), options: &CopyOptions, repeated: &mut Repeated) {
    let is_free = |place: u32| free.binary_search(&place).is_ok();
    let compared = &index.sharing(compared, free);
    let concerning_free = |links: Vec<(u32, Link)>, kind: CopyKind, repeated: &mut Repeated| {
        for (place, link) in links.into_iter().filter(|(place, link)| is_free(*place) || is_free(link.kept)) {
            repeated[place as usize] = Some((kind, link));
        }
    };
    if options.finds(CopyKind::Near) {
        let order: Vec<u32> = compared.iter().copied().filter(|place| repeated[*place as usize].is_none()).collect();
        concerning_free(links(texts, index, &order, Rule::near(options)), CopyKind::Near, repeated);
    }
    let order = longest_first(texts, compared, repeated);
    concerning_free(links(texts, index, &order, Rule::contained(options)), CopyKind::Contained, repeated);
}

/// The texts that repeat none, the longest first.
fn longest_first(texts: &Texts<'_>, compared: &[u32], repeated: &Repeated) -> Vec<u32> {
    let mut order: Vec<u32> = compared.iter().copied().filter(|place| repeated[*place as usize].is_none()).collect();
    order.sort_by_key(|place| (std::cmp::Reverse(texts.characters(*place)), *place));
    order
}

/// Most new groups that near copies of one text fall into when it is no longer kept.
const NEW_GROUPS: usize = 8;

/// Near copies of a text that turned out to stand in a longer one: each stands in that one too, or is like the first of them that is
/// kept, or is kept.
fn settle(texts: &Texts<'_>, group: &[(u32, u32)], options: &CopyOptions, repeated: &mut Repeated) {
    let Some((_, longer)) = group.first().and_then(|(gone, _)| repeated[*gone as usize]) else { return };
    let longer_set = texts.shingles(longer.kept);
    let mut kept: Vec<(u32, Vec<u128>)> = Vec::new();
    for (_, place) in group {
        let own = texts.shingles(*place);
        let in_longer = || link(&own, &longer_set, longer.kept, Rule::contained(options));
        let like = || kept.iter().find_map(|(other, set)| link(&own, set, *other, Rule::near(options)));
        repeated[*place as usize] =
            in_longer().map(|link| (CopyKind::Contained, link)).or_else(|| like().map(|link| (CopyKind::Near, link)));
        if repeated[*place as usize].is_none() && kept.len() < NEW_GROUPS {
            kept.push((*place, own));
        }
    }
}
