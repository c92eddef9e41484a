//! Pairs of terms on both sides: sentences that hold both among all sentences with a token.
//!
//! Paired are the terms of cooccurrence.csv. One pass over all pairs counts them; nearly all are forgotten at once, since their
//! counts say all that q-values need.

mod evidence;
mod grid;
mod product;

use rustc_hash::FxHashMap;

use crate::analysis::cooccurrence::{numbers_of_words, paired_terms};
use crate::analysis::group_counts::NO_GROUP;
use crate::analysis::pairs::{Held as HeldItems, Items, NOT_PAIRED, Partners, Presence, UnitSource, sentences};
use crate::corpus::Parts;

use super::evidence::{settled, side_of};
use super::listed::{Changed, Found, Limits, Tested, changed, first_of_each_status};
use super::rows::{Kind, Row};
use super::sides::{Compared, Texts};
use evidence::PairSeen;
use grid::Grid;
use product::{Candidate, JOINT, Units};

/// The terms that are paired, and for each term of the texts of a comparison its paired number or [`NOT_PAIRED`].
struct Paired {
    items: Items,
    /// In texts that the corpus no longer has: these terms and no others.
    of_retired: Vec<u32>,
}

impl Paired {
    fn new(compared: &Compared<'_, '_>) -> Self {
        let items = paired_terms(compared.corpus.inputs);
        let terms = compared.corpus.inputs.selection.terms();
        let numbered = (0u32..).take(items.len()).map(|number| (&*terms[items.place(number) as usize].text, number));
        let numbers: FxHashMap<&str, u32> = numbered.collect();
        let retired = compared.retired.iter().flat_map(|texts| texts.inputs.selection.terms());
        let of_retired = retired.map(|term| numbers.get(&*term.text).copied().unwrap_or(NOT_PAIRED)).collect();
        Self { items, of_retired }
    }
}

/// Which paired terms the sentences of some texts hold, those of documents on neither side left out.
struct Held<'h, 't, 'a> {
    texts: &'h Texts<'t, 'a>,
    presence: Presence,
    /// The document of each sentence.
    documents: Vec<u32>,
}

impl<'h, 't, 'a> Held<'h, 't, 'a> {
    fn new(texts: &'h Texts<'t, 'a>, items: usize, number: &(dyn Fn(u32) -> u32 + Sync)) -> Self {
        let corpus = texts.inputs.corpus;
        let held = |at: usize| -> HeldItems<'_> {
            let numbers = numbers_of_words(texts.inputs, number, at);
            let sides = &texts.of_document[corpus.document_offset(at)..];
            Box::new(move |shard, sentence, held| {
                if sides[shard.sentences[sentence].document as usize] != NO_GROUP {
                    let words = shard.sentence_tokens(sentence).iter();
                    held.extend(words.map(|word| numbers[*word as usize]).filter(|number| *number != NOT_PAIRED));
                }
            })
        };
        let source = UnitSource { corpus, parts: Parts::TOKENS, items, units_of: sentences, held: Box::new(held) };
        let presence = Presence::new(&source);
        Self { texts, presence, documents: corpus.document_of_sentences() }
    }

    /// The units with their documents, numbered from `first`, and the sides of these.
    fn units(&self, first: usize) -> Units<'_> {
        let first = u32::try_from(first).unwrap_or(u32::MAX);
        let documents = self.presence.sentences().iter().map(|sentence| self.documents[*sentence as usize]);
        let places = documents.map(|document| (first + document, self.texts.of_document[document as usize])).collect();
        Units { presence: &self.presence, places }
    }
}

/// The pairs that changed.
pub fn find(compared: &Compared<'_, '_>, limits: Limits) -> Found {
    let Paired { items, of_retired } = Paired::new(compared);
    let of_corpus = Held::new(&compared.corpus, items.len(), &|term| items.number(term));
    let retired = compared.retired.as_ref().map(|texts| Held::new(texts, items.len(), &|term| of_retired[term as usize]));
    let held: Vec<Held<'_, '_, '_>> = std::iter::once(of_corpus).chain(retired).collect();
    let terms = compared.corpus.inputs.selection.terms();
    let text_of = |number: u32| &*terms[items.place(number) as usize].text;
    let texts_of = |[a, b]: [u32; 2]| if items.in_order(a, b) { [text_of(a), text_of(b)] } else { [text_of(b), text_of(a)] };
    let firsts = [0, compared.corpus.inputs.corpus.document_count()];
    let units: Vec<Units<'_>> = held.iter().zip(firsts).map(|(held, first)| held.units(first)).collect();
    let grid = Grid::new(sentences_with_tokens(compared));
    let counted = product::count(&units, items.len(), &grid, limits, &texts_of);
    let (q_values, all) = counted.tally.settle(&grid);
    let tested = counted.candidates.iter().flatten().filter_map(|candidate| {
        let counts = grid.counts(candidate.sentences);
        Some(Tested { thing: *candidate, counts, g2: Some(counts.g2()?) })
    });
    let key = |candidate: Candidate| texts_of(candidate.items).join(JOINT);
    let shown = first_of_each_status(changed(tested.collect(), &q_values, &key), limits.top);
    let beyond_top = all - shown.len() as u64;
    let rows = rows(compared, &held, items.len(), shown);
    Found { rows, rare: counted.rare, in_few_documents: counted.in_few_documents, beyond_top }
}

/// Sentences that hold a token, on the current and on the previous side.
fn sentences_with_tokens(compared: &Compared<'_, '_>) -> [u64; 2] {
    let mut counts = [0; 2];
    for texts in compared.texts() {
        let corpus = texts.inputs.corpus;
        for (number, shard) in corpus.shards().iter().enumerate() {
            let (shard, sides) = (shard.read(Parts::TOKENS), &texts.of_document[corpus.document_offset(number)..]);
            for (_, sentence) in shard.sentences.iter().enumerate().filter(|(at, _)| !shard.sentence_tokens(*at).is_empty()) {
                if let Some(count) = counts.get_mut(sides[sentence.document as usize] as usize) {
                    *count += 1;
                }
            }
        }
    }
    counts
}

/// The rows of pairs, with what shows them.
fn rows(compared: &Compared<'_, '_>, held: &[Held<'_, '_, '_>], items: usize, shown: Vec<Changed<Candidate>>) -> Vec<Row> {
    if shown.is_empty() {
        return Vec::new();
    }
    let partners = Partners::new(items, shown.iter().map(|changed| changed.tested.thing.items));
    let shown_by: Vec<u32> = shown.iter().map(|changed| side_of(&changed.tested.counts)).collect();
    let mut found = held.iter().map(|held| evidence::find(held, &partners, &shown_by));
    let of_corpus = found.next().unwrap_or_default();
    let of_retired = found.next().unwrap_or_else(|| vec![PairSeen::NOTHING; shown.len()]);
    let row = |((changed, corpus), retired): ((Changed<Candidate>, PairSeen), PairSeen)| {
        let documents = [0, 1].map(|side| corpus.documents[side] + retired.documents[side]);
        let (first_date, example) = settled(compared, &corpus.seen, &retired.seen);
        Row { first_date, example, ..changed.row(compared, (Kind::Pair, String::new()), documents) }
    };
    shown.into_iter().zip(of_corpus).zip(of_retired).map(row).collect()
}
