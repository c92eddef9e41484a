//! Units as sets: which sentences are one, and which of the paired items it holds.

use std::ops::Range;

use crate::corpus::{Corpus, Parts, Shard};

use super::Incidence;
use super::presence::Presence;
use super::streamed::Streamed;

/// Sentence ranges of a shard that are one unit.
pub type UnitsOf = fn(&Shard, &mut dyn FnMut(Range<usize>));

/// Each sentence is a unit.
pub fn sentences(shard: &Shard, emit: &mut dyn FnMut(Range<usize>)) {
    (0..shard.sentences.len()).for_each(|at| emit(at..at + 1));
}

/// Each paragraph is a unit; the title is one.
pub fn paragraphs(shard: &Shard, emit: &mut dyn FnMut(Range<usize>)) {
    let mut at = 0;
    for group in shard.sentences.chunk_by(|a, b| (a.document, a.paragraph) == (b.document, b.paragraph)) {
        emit(at..at + group.len());
        at += group.len();
    }
}

/// Each document is a unit.
pub fn documents(shard: &Shard, emit: &mut dyn FnMut(Range<usize>)) {
    (0..shard.documents.len()).for_each(|document| emit(shard.document_sentences(document)));
}

/// Adds the paired numbers of what a sentence of a shard holds to a list, in any order and with repeats.
pub type Held<'a> = Box<dyn Fn(&Shard, usize, &mut Vec<u32>) + 'a>;

/// Where units and what they hold come from.
pub struct UnitSource<'a> {
    /// The texts.
    pub corpus: &'a Corpus,
    /// What of a shard `held` looks at, beside its tokens.
    pub parts: Parts,
    /// The number of paired items.
    pub items: usize,
    /// Which sentences are one unit.
    pub units_of: UnitsOf,
    /// Gives for a shard what its sentences hold.
    pub held: Box<dyn Fn(usize) -> Held<'a> + Sync + 'a>,
}

impl UnitSource<'_> {
    /// Calls `visit` with each unit of a shard: its first sentence in the shard, whether it has a token, and its items, ascending.
    pub fn visit(&self, number: usize, mut visit: impl FnMut((usize, bool), &[u32])) {
        let shard = self.corpus.shards()[number].read(self.parts | Parts::TOKENS);
        let held = (self.held)(number);
        let mut unit: Vec<u32> = Vec::new();
        (self.units_of)(&shard, &mut |sentences| {
            unit.clear();
            let mut tokens = 0;
            for sentence in sentences.clone() {
                tokens += shard.sentence_tokens(sentence).len();
                held(&shard, sentence, &mut unit);
            }
            unit.sort_unstable();
            unit.dedup();
            visit((sentences.start, tokens > 0), &unit);
        });
    }
}

/// The units of a source, held where there is room for them.
pub enum Units<'a> {
    /// In memory.
    Held(Presence),
    /// Read again whenever they are counted.
    Streamed(Streamed<'a>),
}

/// Bytes that a token of a text may take in a [`Presence`].
const TOKEN_BYTES: u64 = 8;

impl<'a> Units<'a> {
    /// The units of `source`.
    pub fn new(source: UnitSource<'a>) -> Self {
        let bytes = source.corpus.token_count() * TOKEN_BYTES;
        match usize::try_from(bytes).is_ok_and(|bytes| bytes <= source.corpus.room().block_bytes()) {
            true => Self::Held(Presence::new(&source)),
            false => Self::Streamed(Streamed::new(source)),
        }
    }
}

impl Incidence for Units<'_> {
    fn n(&self) -> u64 {
        match self {
            Self::Held(units) => units.n(),
            Self::Streamed(units) => units.n(),
        }
    }

    fn marginal(&self, item: usize) -> u64 {
        match self {
            Self::Held(units) => units.marginal(item),
            Self::Streamed(units) => units.marginal(item),
        }
    }

    fn over_rows<T: Send>(&self, at_once: usize, start: impl Fn() -> T + Sync, see: impl Fn(&mut T, [usize; 2], u32) + Sync) -> Vec<T> {
        match self {
            Self::Held(units) => units.over_rows(at_once, start, see),
            Self::Streamed(units) => units.over_rows(at_once, start, see),
        }
    }

    fn parts(&self) -> Vec<Range<usize>> {
        match self {
            Self::Held(units) => units.parts(),
            Self::Streamed(units) => units.parts(),
        }
    }

    fn pairs_of_units<'p>(&self, part: Range<usize>, partners_of: &dyn Fn(u32) -> &'p [(u32, u32)], visit: &mut dyn FnMut(usize, u32)) {
        match self {
            Self::Held(units) => units.pairs_of_units(part, partners_of, visit),
            Self::Streamed(units) => units.pairs_of_units(part, partners_of, visit),
        }
    }
}
