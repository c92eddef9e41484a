//! Concordance: every occurrence of a pattern in its context (KWIC, key word in context), without a run and without tables.
//!
//! In: the inputs of a run and a [`Pattern`]. Out: parts of one table, a [`Concordance`] at a time, and a [`KwicOutcome`] with all
//! counts. A word is found exactly where a run counts it: the text is normalised and cut by the same code, but only sentences
//! that hold the word as text are cut at all. Documents are read in groups of batches; unless the hits must be sorted, a group
//! is handed out and forgotten before the next is read. What hits are to be looked for in, such as documents of one source,
//! would be decided in `search`, before a document is scanned.

mod hit;
mod pattern;
mod scan;
mod table;

pub use hit::Order;
pub use pattern::{PairOrder, Pattern, PatternError};
pub use scan::Found;
pub use table::{Concordance, DEFINITION as KWIC_DEFINITION, Line};

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use rayon::prelude::*;

use crate::source::{Batch, BatchReader, Document, Quarantined, UniqueIds, sorted_and_capped};

use super::Prepared;
use super::build::panic_row;
use hit::Hit;
use pattern::Compiled;
use scan::{Place, Scanner};

/// Most hits that are held for sorting, some 50 bytes each beside their documents.
pub const MOST_SORTED: usize = 5_000_000;

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
    /// All documents.
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
    /// All its documents with their hits; those without a hit have no text any more.
    documents: Vec<(Document, Vec<Place>)>,
    counts: Vec<Found>,
    quarantined: Vec<Quarantined>,
}

impl Prepared {
    /// Looks for a pattern in all inputs and hands the hits to `take`, one part of the list after the other. Call it inside
    /// [`Self::in_pool`].
    ///
    /// # Errors
    /// A pattern that finds nothing by its form, before anything is read (as [`io::ErrorKind::InvalidInput`], with a
    /// [`PatternError`] inside); what `take` returns.
    pub fn kwic(&self, request: &KwicRequest, take: &mut dyn FnMut(&Concordance) -> io::Result<()>) -> io::Result<KwicOutcome> {
        let pattern = Compiled::new(&request.pattern, self.config.text.simplify)
            .map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))?;
        let mut collector = Collector::new(request, &pattern);
        let mut ids = UniqueIds::default();
        collector.outcome.quarantined.clone_from(&self.listing.quarantined);
        let mut batches = BatchReader::new(&self.listing.files, &self.config.input.source).peekable();
        // The number of batches held at a time decides nothing but memory.
        let in_flight = 4 * rayon::current_num_threads();
        while batches.peek().is_some() {
            let group: Vec<Batch> = batches.by_ref().take(in_flight).collect();
            let searched: Vec<Searched> = group.into_par_iter().map(|batch| self.search(batch, &pattern)).collect();
            searched.into_iter().for_each(|batch| collector.add(batch, &mut ids));
            collector.hand_out(take)?;
        }
        collector.finish(take)
    }

    fn search(&self, batch: Batch, pattern: &Compiled) -> Searched {
        let read = batch.read(&self.config.input.source);
        let mut out = Searched { quarantined: read.quarantined, ..Searched::default() };
        let new_scanner = || Scanner::new(pattern, &self.segmenter, &self.config.text);
        let mut scanner = new_scanner();
        let mut counts = scanner.counts.clone();
        for mut document in read.documents {
            // A run sets a document aside that the program fails on, and so does a search.
            match catch_unwind(AssertUnwindSafe(|| scanner.scan(&document))) {
                Ok(places) => {
                    if places.is_empty() {
                        document.body = String::new();
                    }
                    for (count, more) in counts.iter_mut().zip(&mut scanner.counts) {
                        count.as_token += more.as_token;
                        count.in_text += more.in_text;
                        *more = Found::default();
                    }
                    out.documents.push((document, places));
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

/// Gathers hits, as many as can still be wanted.
struct Collector<'a> {
    request: &'a KwicRequest,
    hits: Vec<Hit>,
    outcome: KwicOutcome,
}

impl<'a> Collector<'a> {
    fn new(request: &'a KwicRequest, pattern: &Compiled) -> Self {
        let words = pattern.words().into_iter().flat_map(|words| words.typed()).map(|word| (word.to_string(), Found::default())).collect();
        Self { request, hits: Vec::new(), outcome: KwicOutcome { words, ..KwicOutcome::default() } }
    }

    fn add(&mut self, batch: Searched, ids: &mut UniqueIds) {
        for ((_, count), more) in self.outcome.words.iter_mut().zip(&batch.counts) {
            count.as_token += more.as_token;
            count.in_text += more.in_text;
        }
        self.outcome.quarantined.extend(batch.quarantined);
        for (mut document, places) in batch.documents {
            // Documents have the ids that they have in the tables.
            document.id = ids.give(&document.path, document.id);
            self.outcome.searched += 1;
            self.outcome.documents += u64::from(!places.is_empty());
            self.outcome.hits += places.len() as u64;
            if places.is_empty() {
                continue;
            }
            let document = Arc::new(document);
            self.hits.extend(places.into_iter().map(|place| Hit { document: Arc::clone(&document), place }));
        }
    }

    /// Whether hits can be handed out as they come.
    fn streams(&self) -> bool {
        self.request.order == Order::Document && self.request.sample.is_none()
    }

    /// Most hits that are worth holding.
    fn most(&self) -> usize {
        let limit = self.request.limit.unwrap_or(usize::MAX);
        if self.streams() { limit } else { self.request.sample.unwrap_or(limit).min(MOST_SORTED) }
    }

    /// Hands out what need not wait; of the rest only what can still be listed is kept.
    fn hand_out(&mut self, take: &mut dyn FnMut(&Concordance) -> io::Result<()>) -> io::Result<()> {
        if self.streams() {
            return self.list(take);
        }
        if self.hits.len() >= self.most().saturating_mul(2) {
            self.keep_best();
        }
        Ok(())
    }

    fn keep_best(&mut self) {
        let most = self.most();
        if self.hits.len() <= most {
            return;
        }
        if most == 0 {
            return self.hits.clear();
        }
        let (order, context) = (self.request.order, self.request.context);
        match self.request.sample {
            Some(_) => {
                let by_lot = |a: &Hit, b: &Hit| a.lot().cmp(&b.lot()).then_with(|| a.compare(b, Order::Document, 0));
                self.hits.select_nth_unstable_by(most - 1, by_lot);
            }
            None => {
                self.hits.select_nth_unstable_by(most - 1, |a, b| a.compare(b, order, context));
            }
        }
        self.hits.truncate(most);
    }

    fn finish(mut self, take: &mut dyn FnMut(&Concordance) -> io::Result<()>) -> io::Result<KwicOutcome> {
        if !self.streams() {
            self.keep_best();
            let (order, context) = (self.request.order, self.request.context);
            self.hits.par_sort_unstable_by(|a, b| a.compare(b, order, context));
            self.list(take)?;
        }
        self.outcome.quarantined = sorted_and_capped(self.outcome.quarantined);
        Ok(self.outcome)
    }

    /// Hands out the hits in hand, as far as the limit goes.
    fn list(&mut self, take: &mut dyn FnMut(&Concordance) -> io::Result<()>) -> io::Result<()> {
        let left =
            self.request.limit.map_or(usize::MAX, |limit| limit.saturating_sub(usize::try_from(self.outcome.listed).unwrap_or(usize::MAX)));
        let mut hits = std::mem::take(&mut self.hits);
        hits.truncate(left);
        if hits.is_empty() {
            return Ok(());
        }
        self.outcome.listed += hits.len() as u64;
        take(&Concordance { hits, context: self.request.context })
    }
}
