//! What shows a row: since when it is there, and the shortest sentence with it.

use std::cell::OnceCell;

use rayon::prelude::*;

use crate::analysis::examples::NO_EXAMPLE;
use crate::analysis::group_counts::NO_SLOT;
use crate::corpus::{PagedShard, Parts, Shard};
use crate::source::Date;

use super::counts::Counts;
use super::sides::{CURRENT, Compared, PREVIOUS, Texts};
use super::things::{OfTexts, Things};

/// The sentence that shows a row: its rank among the examples of the texts it stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Example {
    /// There is none.
    None,
    /// A sentence of the corpus.
    OfCorpus(u32),
    /// A sentence of the texts that the corpus no longer has.
    OfRetired(u32),
}

/// What was seen of a row in some texts. The merge commutes; [`Seen::NOTHING`] is its identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// Earliest date of a document with it on either side.
    pub first_date: Option<Date>,
    /// Rank of the best sentence with it on the side that shows it.
    pub example: u32,
}

impl Seen {
    /// Not there.
    pub const NOTHING: Self = Self { first_date: None, example: NO_EXAMPLE };

    /// Adds what was seen in other documents.
    pub fn merge(&mut self, other: &Self) {
        self.first_date = earliest(self.first_date, other.first_date);
        self.example = self.example.min(other.example);
    }

    /// Adds a document with it.
    pub fn see_date(&mut self, date: Option<Date>) {
        self.first_date = earliest(self.first_date, date);
    }
}

fn earliest(one: Option<Date>, other: Option<Date>) -> Option<Date> {
    one.into_iter().chain(other).min()
}

/// The side whose sentences show a row with these counts: the current one, unless it is not there any more.
pub fn side_of(counts: &Counts) -> u32 {
    if counts.current == 0 { PREVIOUS } else { CURRENT }
}

/// The first date of a row and the better of the two sentences: the shorter; ties by doc_id, then sentence number.
pub fn settled(compared: &Compared<'_, '_>, corpus: &Seen, retired: &Seen) -> (Option<Date>, Example) {
    let preference = |texts: &Texts<'_, '_>, rank: u32| {
        let sentence = texts.inputs.corpus.sentence(texts.shared.examples.sentence(rank)?);
        let (of_document, own) = (sentence.document(), sentence.sentence());
        Some((own.scalars, of_document.id, own.number))
    };
    let of_corpus = preference(&compared.corpus, corpus.example);
    let of_retired = compared.retired.as_ref().and_then(|texts| preference(texts, retired.example));
    let example = match (of_corpus, of_retired) {
        (None, None) => Example::None,
        (Some(one), Some(other)) if other < one => Example::OfRetired(retired.example),
        (Some(_), _) => Example::OfCorpus(corpus.example),
        (None, Some(_)) => Example::OfRetired(retired.example),
    };
    (earliest(corpus.first_date, retired.first_date), example)
}

/// For each row its first date and its example. `wanted` has the thing of each and the side that shows it.
pub fn find<T: Things>(compared: &Compared<'_, '_>, things: &OfTexts<T>, wanted: &[(u32, u32)]) -> Vec<(Option<Date>, Example)> {
    if wanted.is_empty() {
        return Vec::new();
    }
    let mut slots = vec![NO_SLOT; things.number];
    for (slot, (thing, _)) in (0u32..).zip(wanted) {
        slots[*thing as usize] = slot;
    }
    let mut seen = things.with_texts(compared).map(|(texts, things)| walk(texts, things, &slots, wanted));
    let of_corpus = seen.next().unwrap_or_default();
    let of_retired = seen.next().unwrap_or_else(|| vec![Seen::NOTHING; wanted.len()]);
    of_corpus.iter().zip(&of_retired).map(|(corpus, retired)| settled(compared, corpus, retired)).collect()
}

/// Walks the documents of both sides. Few of them need to be read: those that hold something on the side that shows it.
fn walk<T: Things>(texts: &Texts<'_, '_>, things: &T, slots: &[u32], wanted: &[(u32, u32)]) -> Vec<Seen> {
    let nothing = || vec![Seen::NOTHING; wanted.len()];
    let add = |mut seen: Vec<Seen>, (number, paged): (usize, &PagedShard)| {
        let shard = OnceCell::new();
        let shard = || &**shard.get_or_init(|| paged.read(Parts::TOKENS | Parts::CODED));
        (0..paged.documents().len()).for_each(|at| see_document(texts, things, (slots, wanted), ([number, at], &shard), &mut seen));
        seen
    };
    let merge = |mut one: Vec<Seen>, other: Vec<Seen>| {
        one.iter_mut().zip(&other).for_each(|(a, b)| a.merge(b));
        one
    };
    texts.inputs.corpus.shards().par_iter().enumerate().fold(nothing, add).reduce(nothing, merge)
}

/// Looks at one document of a shard.
fn see_document<'s, T: Things>(
    texts: &Texts<'_, '_>,
    things: &T,
    (slots, wanted): (&[u32], &[(u32, u32)]),
    ([shard, local], content): ([usize; 2], &dyn Fn() -> &'s Shard),
    seen: &mut [Seen],
) {
    let corpus = texts.inputs.corpus;
    let (document, number) = (&corpus.shards()[shard].documents()[local], corpus.document_offset(shard) + local);
    let side = texts.of_document[number];
    if side != CURRENT && side != PREVIOUS {
        return;
    }
    let mut shows_something = false;
    things.in_document(number, &mut |thing, _| {
        if let Some(seen) = seen.get_mut(slots[thing as usize] as usize) {
            seen.see_date(document.date);
            shows_something |= wanted[slots[thing as usize] as usize].1 == side;
        }
    });
    if !shows_something {
        return;
    }
    let content = content();
    for sentence in content.document_sentences(local) {
        let rank = texts.shared.examples.rank(corpus.sentence_offset(shard) + sentence);
        things.in_sentence((shard, content), sentence, &mut |thing| {
            let slot = slots[thing as usize] as usize;
            if wanted.get(slot).is_some_and(|(_, shown_by)| *shown_by == side) {
                seen[slot].example = seen[slot].example.min(rank);
            }
        });
    }
}
