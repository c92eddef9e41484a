//! Which kept texts share fingerprints with a text.

use std::sync::atomic::{AtomicU64, Ordering};

use rayon::prelude::*;

use super::texts::Texts;

/// Most kept texts that one fingerprint leads to, the first ones. What stands in more of them, such as the line an agency puts under
/// every report, tells no copy; those of a true copy share rarer ones too.
const LIST: u32 = 16;

/// Most kept texts that one text is compared with: those that share most fingerprints. More than one or two are rare.
const CANDIDATES: usize = 8;

/// Of the fingerprints that tell anything, one in so many must be shared. Copies at the least similarity share nearly half of them when
/// every change stands alone, and more when changes stand together, as they do.
const LEAST_SHARE: u32 = 3;

/// Fingerprints that a single change takes with it, at most as a rule: those of the 25 strings that it touches. A short text has few more.
const LOST_BY_ONE_CHANGE: u32 = 4;

/// The fingerprints that several texts share, and for each a list of kept texts, filled as texts are kept.
pub(super) struct Index {
    /// For each text the first of its entries in `shared`; one more with the total.
    starts: Vec<u32>,
    /// The list of each shared fingerprint of each text.
    shared: Vec<u32>,
    /// Distinct fingerprints of each text, those included that it shares with none.
    distinct: Vec<u32>,
    lists: Vec<List>,
    /// Ranks of kept texts, in the order in which they were kept.
    kept: Vec<u32>,
}

/// The kept texts that hold one fingerprint: a part of `Index::kept`.
#[derive(Debug, Clone, Copy)]
struct List {
    start: u32,
    room: u16,
    filled: u16,
    /// Rank of the last text.
    last: u32,
}

impl List {
    /// Whether later texts may be missing.
    fn is_closed(self) -> bool {
        u32::from(self.filled) >= LIST
    }
}

impl Index {
    /// An empty index for the texts at these places.
    pub fn new(texts: &Texts<'_>, places: &[u32]) -> Self {
        let (mut entries, distinct) = shared_entries(texts, places);
        entries.par_sort_unstable();
        entries.dedup();
        let mut index = Self { starts: vec![0; texts.len() + 1], shared: Vec::new(), distinct, lists: Vec::new(), kept: Vec::new() };
        let mut pairs: Vec<(u32, u32)> = Vec::new();
        let mut capacity = 0;
        for same in entries.chunk_by(|a, b| a >> 32 == b >> 32) {
            let place_of = |entry: &u64| (*entry & u64::from(u32::MAX)) as u32;
            same.iter().for_each(|entry| index.distinct[place_of(entry) as usize] += 1);
            if same.len() > 1 {
                let list = index.lists.len() as u32;
                pairs.extend(same.iter().map(|entry| (place_of(entry), list)));
                let room = (same.len() as u32).min(LIST);
                index.lists.push(List { start: capacity, room: room as u16, filled: 0, last: 0 });
                capacity += room;
            }
        }
        index.kept = vec![0; capacity as usize];
        index.fill_shared(&pairs);
        index
    }

    /// Sorts the lists by text: counted, then placed.
    fn fill_shared(&mut self, pairs: &[(u32, u32)]) {
        pairs.iter().for_each(|(place, _)| self.starts[*place as usize + 1] += 1);
        for at in 1..self.starts.len() {
            self.starts[at] += self.starts[at - 1];
        }
        let mut next = self.starts.clone();
        self.shared = vec![0; pairs.len()];
        for (place, list) in pairs {
            self.shared[next[*place as usize] as usize] = *list;
            next[*place as usize] += 1;
        }
    }

    fn lists_of(&self, place: u32) -> &[u32] {
        &self.shared[self.starts[place as usize] as usize..self.starts[place as usize + 1] as usize]
    }

    /// Of some texts those that share a fingerprint with one of the others, those included.
    pub fn sharing(&self, of: &[u32], others: &[u32]) -> Vec<u32> {
        let mut is_theirs = vec![false; self.lists.len()];
        others.iter().flat_map(|place| self.lists_of(*place)).for_each(|list| is_theirs[*list as usize] = true);
        of.iter().copied().filter(|place| self.lists_of(*place).iter().any(|list| is_theirs[*list as usize])).collect()
    }

    /// Empties all lists.
    pub fn clear(&mut self) {
        self.lists.iter_mut().for_each(|list| list.filled = 0);
    }

    /// Adds a text to those that others are compared with. `rank` is a number that grows with every call.
    pub fn keep(&mut self, place: u32, rank: u32) {
        for at in self.starts[place as usize]..self.starts[place as usize + 1] {
            let list = &mut self.lists[self.shared[at as usize] as usize];
            if list.filled < list.room {
                self.kept[list.start as usize + usize::from(list.filled)] = rank;
                list.filled += 1;
                list.last = rank;
            }
        }
    }

    /// The ranks, `from` or above, of kept texts that share enough fingerprints with a text to be worth a look: those that share most
    /// first, then the earlier ones; only those that `fits` accepts. `scratch` is emptied.
    pub fn candidates(&self, place: u32, from: u32, fits: impl Fn(u32) -> bool, scratch: &mut Vec<u32>) -> Vec<u32> {
        scratch.clear();
        let lists = || self.lists_of(place).iter().map(|list| self.lists[*list as usize]);
        let closed = lists().filter(|list| list.is_closed()).count() as u32;
        let telling = self.distinct[place as usize] - closed;
        // A text of nothing but common phrases has only those to go by.
        for list in lists().filter(|list| list.filled > 0 && list.last >= from && (telling == 0 || !list.is_closed())) {
            let kept = &self.kept[list.start as usize..list.start as usize + usize::from(list.filled)];
            scratch.extend_from_slice(&kept[kept.partition_point(|rank| *rank < from)..]);
        }
        scratch.sort_unstable();
        let least = telling.saturating_sub(LOST_BY_ONE_CHANGE).div_ceil(LEAST_SHARE).max(1) as usize;
        let mut found: Vec<(usize, u32)> =
            scratch.chunk_by(|a, b| a == b).filter(|same| same.len() >= least && fits(same[0])).map(|same| (same.len(), same[0])).collect();
        found.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        found.truncate(CANDIDATES);
        found.into_iter().map(|(_, rank)| rank).collect()
    }
}

/// Fingerprint and place in one number, for fingerprints that perhaps stand in several texts; and for each text how many others it has.
/// Most stand in one text only, and it is these that need not be sorted.
fn shared_entries(texts: &Texts<'_>, places: &[u32]) -> (Vec<u64>, Vec<u32>) {
    let all: usize = places.par_iter().map(|place| texts.fingerprint_count(*place)).sum();
    let seen = SeenTwice::with_room_for(all);
    places.par_iter().with_min_len(256).for_each(|place| texts.fingerprints(*place).iter().for_each(|f| seen.note(*f)));
    let mut alone = vec![0; texts.len()];
    let parts: Vec<(Vec<u64>, Vec<u32>)> = places
        .par_chunks(1_024)
        .map(|places| {
            let mut entries = Vec::new();
            let rest = places.iter().map(|place| {
                let fingerprints = texts.fingerprints(*place);
                let before = entries.len();
                entries.extend(fingerprints.iter().filter(|f| seen.is_twice(**f)).map(|f| (u64::from(*f) << 32) | u64::from(*place)));
                (fingerprints.len() - (entries.len() - before)) as u32
            });
            let rest = rest.collect();
            (entries, rest)
        })
        .collect();
    let mut entries = Vec::with_capacity(parts.iter().map(|(some, _)| some.len()).sum());
    for (places, (some, rest)) in places.chunks(1_024).zip(parts) {
        entries.extend(some);
        places.iter().zip(rest).for_each(|(place, rest)| alone[*place as usize] = rest);
    }
    (entries, alone)
}

/// Which fingerprints were noted more than once, and a few that were not: two bits each, in a table that all threads write.
struct SeenTwice {
    once: Vec<AtomicU64>,
    twice: Vec<AtomicU64>,
}

impl SeenTwice {
    fn with_room_for(number: usize) -> Self {
        let words = (number / 8).next_power_of_two();
        let empty = || (0..words).map(|_| AtomicU64::new(0)).collect();
        Self { once: empty(), twice: empty() }
    }

    fn place(&self, fingerprint: u32) -> (usize, u64) {
        // Its lowest bits: a fingerprint is a least hash, so its highest ones are mostly 0.
        ((fingerprint as usize / 64) & (self.once.len() - 1), 1 << (fingerprint % 64))
    }

    fn note(&self, fingerprint: u32) {
        let (word, bit) = self.place(fingerprint);
        if self.once[word].fetch_or(bit, Ordering::Relaxed) & bit != 0 {
            self.twice[word].fetch_or(bit, Ordering::Relaxed);
        }
    }

    fn is_twice(&self, fingerprint: u32) -> bool {
        let (word, bit) = self.place(fingerprint);
        self.twice[word].load(Ordering::Relaxed) & bit != 0
    }
}
