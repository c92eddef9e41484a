//! Concordance: every occurrence of a pattern in its context (KWIC, key word in context), without a run and without tables.
//!
//! In: the inputs of a run and a [`Pattern`]. Out: parts of one table, a [`Concordance`] at a time, and a [`KwicOutcome`] with all
//! counts. A word is found exactly where a run counts it: the text is normalised and cut by the same code, but only sentences
//! that hold the word as text are cut at all. Documents are read in groups of batches; unless the hits must be sorted, a group
//! is handed out and forgotten before the next is read. Hits that can no longer be listed are only counted, and a document with
//! more hits than should be held is searched once more, sentence by sentence, when it is listed: a text of one word that is
//! repeated has millions of pairs. What hits are to be looked for in, such as documents of one source,
//! would be decided in `search`, before a document is scanned.

mod hit;
mod pattern;
mod scan;
mod table;

pub use hit::Order;
pub use pattern::{PairOrder, Pattern, PatternError};
pub use scan::Found;
pub use table::{Concordance, DEFINITION as KWIC_DEFINITION, Line};

use std::cmp::Ordering;
use std::io;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use rayon::prelude::*;

use crate::source::{Document, Quarantined, ReadBatch, sorted_and_capped};

use super::Prepared;
use super::build::panic_row;
use hit::Hit;
use pattern::Compiled;
use scan::{Place, Scanner};

/// Most hits that are held for sorting, some 50 bytes each beside their documents.
pub const MOST_SORTED: usize = 2_000_000;
/// Most hits that the batches in hand hold together. Documents with more are searched again when it is their turn.
const MOST_HELD: usize = 1_000_000;
/// Hits that are handed out at a time.
const HITS_PER_PART: usize = 1 << 16;
/// Hits that are gathered beyond those that can be listed, before the worst are thrown away.
const SLACK: usize = 1 << 14;

/// What is looked for, and how it is listed.
#[derive(Debug, Clone)]
pub struct KwicRequest {
    /// What is looked for.
    pub pattern: Pattern,
    /// Characters of context on each side.
    pub context: usize,
    /// The order of the hits.
    pub order: Order,
    /// Most hits that are listed, the first in the order; nothing lists all.
    pub limit: Option<usize>,
    /// So many hits drawn from all, before they are sorted; nothing takes all. The same hits at every run.
    pub sample: Option<usize>,
}

/// What a search found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KwicOutcome {
    /// All hits.
    pub hits: u64,
    /// Documents with a hit.
    pub documents: u64,
    /// All documents that were searched.
    pub searched: u64,
    /// Hits that were listed.
    pub listed: u64,
    /// For a pattern of words each word as it was looked for, with what was found of it.
    pub words: Vec<(String, Found)>,
    /// Inputs that could not be used.
    pub quarantined: Vec<Quarantined>,
}

/// What came of one batch.
#[derive(Default)]
struct Searched {
    documents: Vec<SearchedDocument>,
    counts: Vec<Found>,
    quarantined: Vec<Quarantined>,
}

/// A document with its hits; without a hit it has no text any more.
struct SearchedDocument {
    document: Document,
    hits: u64,
    /// All hits, or the first of them if no more are wanted, or none if they were too many to hold.
    places: Vec<Place>,
}

/// How many hits of a batch are worth holding, and whether more than that can be wanted.
#[derive(Debug, Clone, Copy)]
struct Room {
    places: usize,
    more_wanted: bool,
}

impl Room {
    fn new(request: &KwicRequest, batches: usize) -> Self {
        let places = MOST_HELD / batches.max(1);
        match request.limit {
            Some(limit) if request.streams() && limit <= places => Self { places: limit, more_wanted: false },
            _ => Self { places, more_wanted: true },
        }
    }
}

impl KwicRequest {
    /// Whether hits are listed as they come.
    fn streams(&self) -> bool {
        self.order == Order::Document && self.sample.is_none()
    }
}

type Take<'t> = &'t mut dyn FnMut(&Concordance) -> io::Result<()>;

impl Prepared {
    /// Looks for a pattern in all documents that a run counts and hands the hits to `take`, one part of the list after the other. Call it inside
    /// [`Self::in_pool`].
    ///
    /// # Errors
    /// A pattern that finds nothing by its form, before anything is read (as [`io::ErrorKind::InvalidInput`], with a
    /// [`PatternError`] inside); what `take` returns.
    pub fn kwic(&self, request: &KwicRequest, take: Take<'_>) -> io::Result<KwicOutcome> {
        let pattern = Compiled::new(&request.pattern, self.config.text.simplify)
            .map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))?;
        let mut collector = Collector::new(request, &pattern);
        collector.outcome.quarantined.clone_from(&self.listing.quarantined);
        // The number of batches held at a time decides nothing but memory.
        let in_flight = 4 * rayon::current_num_threads();
        let room = Room::new(request, in_flight);
        let mut scanner = Scanner::new(&pattern, &self.segmenter, &self.config.text);
        for group in self.counted_documents(in_flight) {
            let searched: Vec<Searched> = group.into_par_iter().map(|batch| self.search(batch, &pattern, room)).collect();
            searched.into_iter().try_for_each(|batch| collector.add(batch, &mut scanner, take))?;
            collector.hand_out(take)?;
        }
        collector.finish(take)
    }

    fn search(&self, read: ReadBatch, pattern: &Compiled, mut room: Room) -> Searched {
        let mut out = Searched { quarantined: read.quarantined, ..Searched::default() };
        let new_scanner = || Scanner::new(pattern, &self.segmenter, &self.config.text);
        let mut scanner = new_scanner();
        let mut counts = scanner.counts.clone();
        for mut document in read.documents {
            // A run sets a document aside that the program fails on, and so does a search.
            match catch_unwind(AssertUnwindSafe(|| places_of(&mut scanner, &document, room))) {
                Ok((hits, places)) => {
                    room.places -= places.len();
                    if hits == 0 || (places.is_empty() && !room.more_wanted) {
                        document.body = String::new();
                    }
                    for (count, more) in counts.iter_mut().zip(&mut scanner.counts) {
                        count.as_token += more.as_token;
                        count.in_text += more.in_text;
                        *more = Found::default();
                    }
                    out.documents.push(SearchedDocument { document, hits, places });
                }
                Err(_) => {
                    scanner = new_scanner();
                    out.quarantined.push(panic_row(&document));
                }
            }
        }
        out.counts = counts;
        out
    }
}

/// How many hits a document has, and those that there is room for.
fn places_of(scanner: &mut Scanner<'_>, document: &Document, room: Room) -> (u64, Vec<Place>) {
    let (mut hits, mut places) = (0u64, Vec::new());
    scanner.scan(document, |place| {
        hits += 1;
        if hits <= room.places as u64 {
            places.push(place);
        } else if room.more_wanted {
            places = Vec::new();
        }
        ControlFlow::Continue(())
    });
    (hits, places)
}

/// Gathers hits, as many as can still be wanted.
struct Collector<'a> {
    request: &'a KwicRequest,
    hits: Vec<Hit>,
    /// The last of those that were kept when others were thrown away: what comes behind it cannot be listed.
    worst: Option<Hit>,
    outcome: KwicOutcome,
}

impl<'a> Collector<'a> {
    fn new(request: &'a KwicRequest, pattern: &Compiled) -> Self {
        let words = pattern.words().into_iter().flat_map(|words| words.typed()).map(|word| (word.to_string(), Found::default())).collect();
        Self { request, hits: Vec::new(), worst: None, outcome: KwicOutcome { words, ..KwicOutcome::default() } }
    }

    fn add(&mut self, batch: Searched, scanner: &mut Scanner<'_>, take: Take<'_>) -> io::Result<()> {
        for ((_, count), more) in self.outcome.words.iter_mut().zip(&batch.counts) {
            count.as_token += more.as_token;
            count.in_text += more.in_text;
        }
        self.outcome.quarantined.extend(batch.quarantined);
        for SearchedDocument { document, hits, places } in batch.documents {
            self.outcome.searched += 1;
            self.outcome.documents += u64::from(hits > 0);
            self.outcome.hits += hits;
            if hits == 0 || self.is_full() {
                continue;
            }
            let document = Arc::new(document);
            if places.is_empty() {
                self.add_again(&document, scanner, take)?;
            }
            for place in places {
                self.push(Hit { document: Arc::clone(&document), place }, take)?;
            }
        }
        Ok(())
    }

    /// The hits of a document that has too many to hold.
    fn add_again(&mut self, document: &Arc<Document>, scanner: &mut Scanner<'_>, take: Take<'_>) -> io::Result<()> {
        let mut done = Ok(());
        scanner.scan(document, |place| {
            done = self.push(Hit { document: Arc::clone(document), place }, take);
            if done.is_err() || self.is_full() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        done
    }

    fn push(&mut self, hit: Hit, take: Take<'_>) -> io::Result<()> {
        if self.worst.as_ref().is_some_and(|worst| self.compare(&hit, worst).is_gt()) {
            return Ok(());
        }
        self.hits.push(hit);
        if self.hits.len() >= self.most_gathered() { self.hand_out(take) } else { Ok(()) }
    }

    /// Whether what comes now can no longer be listed.
    fn is_full(&self) -> bool {
        self.request.streams() && self.hits.len() >= self.left()
    }

    /// How many more hits the limit allows.
    fn left(&self) -> usize {
        let listed = usize::try_from(self.outcome.listed).unwrap_or(usize::MAX);
        self.request.limit.map_or(usize::MAX, |limit| limit.saturating_sub(listed))
    }

    /// Most hits that are worth holding, where they wait for others.
    fn most(&self) -> usize {
        self.request.sample.or(self.request.limit).unwrap_or(usize::MAX).min(MOST_SORTED)
    }

    fn most_gathered(&self) -> usize {
        if self.request.streams() { HITS_PER_PART } else { self.most() + (self.most() / 4).max(SLACK) }
    }

    /// Which of two hits is kept rather than the other.
    fn compare(&self, a: &Hit, b: &Hit) -> Ordering {
        match self.request.sample {
            Some(_) => a.lot().cmp(&b.lot()).then_with(|| a.compare(b, Order::Document, 0)),
            None => a.compare(b, self.request.order, self.request.context),
        }
    }

    /// Hands out what need not wait; of the rest only what can still be listed is kept.
    fn hand_out(&mut self, take: Take<'_>) -> io::Result<()> {
        if self.request.streams() {
            return self.list(take);
        }
        if self.hits.len() >= self.most_gathered() {
            self.keep_best();
        }
        Ok(())
    }

    fn keep_best(&mut self) {
        let most = self.most();
        if self.hits.len() <= most {
            return;
        }
        let mut hits = std::mem::take(&mut self.hits);
        if most > 0 {
            hits.select_nth_unstable_by(most - 1, |a, b| self.compare(a, b));
            self.worst = Some(hits[most - 1].clone());
        }
        hits.truncate(most);
        self.hits = hits;
    }

    fn finish(mut self, take: Take<'_>) -> io::Result<KwicOutcome> {
        if !self.request.streams() {
            self.keep_best();
            let (order, context) = (self.request.order, self.request.context);
            self.hits.par_sort_unstable_by(|a, b| a.compare(b, order, context));
            self.list(take)?;
        }
        self.outcome.quarantined = sorted_and_capped(self.outcome.quarantined);
        Ok(self.outcome)
    }

    /// Hands out the hits in hand, as far as the limit goes.
    fn list(&mut self, take: Take<'_>) -> io::Result<()> {
        let left = self.left();
        let mut hits = std::mem::take(&mut self.hits);
        hits.truncate(left);
        if hits.is_empty() {
            return Ok(());
        }
        self.outcome.listed += hits.len() as u64;
        take(&Concordance { hits, context: self.request.context })
    }
}
