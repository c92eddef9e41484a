//! The pair product of two sides: for each term one dense row of what it meets, counted, judged and forgotten.

use std::cmp::Ordering;
use std::sync::atomic::{AtomicU64, Ordering as Memory};

use crate::analysis::pairs::{Presence, share_out};

use super::super::counts::{SURELY_NO_CHANGE, Status};
use super::super::listed::Limits;
use super::super::sides::CURRENT;
use super::grid::{Grid, Tally};

/// What stands between the two terms of a key.
pub const JOINT: &str = " + ";

/// Rows taken at once, as for cooccurrence.csv.
const ROWS_AT_ONCE: usize = 16;

/// Sentences that hold at least two paired terms, with the document and the side of each.
pub struct Units<'p> {
    /// Which terms they hold.
    pub presence: &'p Presence,
    /// For each its document, which no other texts have, and the side of that.
    pub places: Vec<(u32, u32)>,
}

/// A pair that may get a row: the two paired numbers, the smaller first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candidate {
    /// The two terms.
    pub items: [u32; 2],
    /// Current and previous sentences that hold both.
    pub sentences: [u32; 2],
    /// |g2| in millionths.
    magnitude: u64,
}

/// The texts of the two terms of a pair, in their order.
pub type TextsOf<'f> = &'f (dyn Fn([u32; 2]) -> [&'f str; 2] + Sync);

/// What was counted.
pub struct Counted {
    /// All pairs tested.
    pub tally: Tally,
    /// For each status the pairs with the highest |g2| that may have it.
    pub candidates: [Vec<Candidate>; Status::COUNT],
    /// Pairs that were seen, but too seldom for a test.
    pub rare: u64,
    /// Pairs that are frequent enough, but in too few documents.
    pub in_few_documents: u64,
}

/// Counts all pairs of `items` terms in the units.
pub fn count(units: &[Units<'_>], items: usize, grid: &Grid, limits: Limits, texts_of: TextsOf<'_>) -> Counted {
    let best = Best { keep: limits.top, floors: floors(), texts_of };
    let parts = share_out(items, ROWS_AT_ONCE, |rows| {
        let (mut counter, mut counted) = (Counter::new(items), Counted::new(grid));
        for a in rows {
            counter.row(units, a, |b, meeting| counted.meet([a, b], meeting, (grid, limits), &best));
        }
        counted
    });
    let joined = |mut one: Counted, other: Counted| {
        one.merge(other);
        one
    };
    let mut all = parts.into_iter().reduce(joined).unwrap_or_else(|| Counted::new(grid));
    all.candidates.iter_mut().for_each(|candidates| best.prune(candidates));
    all
}

/// What was seen of one pair: sentences of either side, documents, and the last of these.
#[derive(Debug, Clone, Copy)]
struct Meeting {
    sentences: [u32; 2],
    documents: u32,
    last_document: u32,
}

const NEVER: Meeting = Meeting { sentences: [0; 2], documents: 0, last_document: u32::MAX };

/// The accumulator of one row.
struct Counter {
    meetings: Vec<Meeting>,
    touched: Vec<u32>,
}

impl Counter {
    fn new(items: usize) -> Self {
        Self { meetings: vec![NEVER; items], touched: Vec::new() }
    }

    /// Calls `emit` with each item of a higher number that meets `a`. Units come in the order of documents.
    fn row(&mut self, units: &[Units<'_>], a: usize, mut emit: impl FnMut(usize, Meeting)) {
        let (meetings, touched) = (&mut self.meetings, &mut self.touched);
        for Units { presence, places } in units {
            presence.units_with(a, |unit, later| {
                let (document, side) = places[unit];
                let side = usize::from(side != CURRENT);
                for b in later {
                    let meeting = &mut meetings[*b as usize];
                    if meeting.documents == 0 {
                        touched.push(*b);
                    }
                    meeting.sentences[side] += 1;
                    meeting.documents += u32::from(meeting.last_document != document);
                    meeting.last_document = document;
                }
            });
        }
        for b in self.touched.drain(..) {
            emit(b as usize, std::mem::replace(&mut self.meetings[b as usize], NEVER));
        }
    }
}

impl Counted {
    fn new(grid: &Grid) -> Self {
        Self { tally: Tally::new(grid), candidates: std::array::from_fn(|_| Vec::new()), rare: 0, in_few_documents: 0 }
    }

    fn meet(&mut self, items: [usize; 2], meeting: Meeting, (grid, limits): (&Grid, Limits), best: &Best<'_>) {
        let Meeting { sentences, documents, .. } = meeting;
        if u64::from(sentences[0]) + u64::from(sentences[1]) < limits.min_count {
            self.rare += 1;
        } else if u64::from(documents) < limits.min_documents {
            self.in_few_documents += 1;
        } else {
            self.tally.add(grid, sentences);
            let judged = grid.judged(sentences);
            if let (Some(magnitude), Some(status)) = (judged.magnitude, judged.status) {
                let items = items.map(|item| u32::try_from(item).unwrap_or(u32::MAX));
                best.meet(status, Candidate { items, sentences, magnitude }, &mut self.candidates[status as usize]);
            }
        }
    }

    fn merge(&mut self, other: Self) {
        self.tally.merge(other.tally);
        self.candidates.iter_mut().zip(other.candidates).for_each(|(all, mut more)| all.append(&mut more));
        self.rare += other.rare;
        self.in_few_documents += other.in_few_documents;
    }
}

/// For each status a |g2| below which no pair gets a row: what cannot be significant, and later what some thread has enough of.
fn floors() -> [AtomicU64; Status::COUNT] {
    std::array::from_fn(|status| AtomicU64::new(if status == Status::New as usize { 0 } else { SURELY_NO_CHANGE }))
}

/// The pairs with the highest |g2| of each status.
struct Best<'b> {
    keep: usize,
    floors: [AtomicU64; Status::COUNT],
    texts_of: TextsOf<'b>,
}

impl Best<'_> {
    fn meet(&self, status: Status, candidate: Candidate, candidates: &mut Vec<Candidate>) {
        let floor = &self.floors[status as usize];
        if candidate.magnitude < floor.load(Memory::Relaxed) {
            return;
        }
        candidates.push(candidate);
        if candidates.len() >= self.keep.saturating_mul(2) {
            self.prune(candidates);
            floor.fetch_max(candidates.last().map_or(0, |last| last.magnitude), Memory::Relaxed);
        }
    }

    /// Keeps the first pairs in table order, the last of them at the end. The order is total, so it does not matter when this happens.
    fn prune(&self, candidates: &mut Vec<Candidate>) {
        if candidates.len() > self.keep && self.keep > 0 {
            candidates.select_nth_unstable_by(self.keep - 1, |one, other| self.compare(one, other));
            candidates.truncate(self.keep);
        }
    }

    fn compare(&self, one: &Candidate, other: &Candidate) -> Ordering {
        let key = |candidate: &Candidate| {
            let [first, second] = (self.texts_of)(candidate.items);
            first.bytes().chain(JOINT.bytes()).chain(second.bytes())
        };
        // Bytes of UTF-8 are in the order of the characters.
        other.magnitude.cmp(&one.magnitude).then_with(|| key(one).cmp(key(other)))
    }
}
