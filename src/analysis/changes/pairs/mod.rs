//! Pairs of terms on both sides: sentences that hold both among all sentences with a token.
//!
//! Paired are the terms of cooccurrence.csv. One pass over all pairs counts them; nearly all are forgotten at once, since their
//! counts say all that q-values need.

mod evidence;
mod grid;
mod product;

use rustc_hash::FxHashMap;

use crate::analysis::Inputs;
use crate::analysis::cooccurrence::{paired_terms, presence};
use crate::analysis::pairs::presence::sentences;
use crate::analysis::pairs::{Items, NOT_PAIRED, Partners, Presence, document_of_sentences};

use super::evidence::{settled, side_of};
use super::listed::{Changed, Found, Limits, Tested, changed, first_of_each_status};
use super::rows::{Kind, Row};
use super::sides::{Compared, Texts};
use evidence::{Looked, PairSeen};
use grid::Grid;
use product::{Candidate, JOINT, Units};

/// Which paired terms the sentences of some texts hold.
struct Held {
    presence: Presence,
    /// The document of each sentence.
    documents: Vec<u32>,
}

/// The paired terms of a corpus, and where they stand.
pub struct Paired {
    items: Items,
    corpus: Held,
    /// In texts that the corpus no longer has.
    retired: Option<Held>,
}

impl Paired {
    /// The terms that are paired in the corpus; in other texts these and no others.
    pub fn new(inputs: &Inputs<'_>, retired: Option<&Inputs<'_>>) -> Self {
        let items = paired_terms(inputs);
        let corpus = Held::new(inputs, items.len(), &|term| items.number(term));
        let retired = retired.map(|retired| {
            let text_of = |number: u32| &*inputs.selection.terms()[items.place(number) as usize].text;
            let numbers: FxHashMap<&str, u32> = (0u32..).take(items.len()).map(|number| (text_of(number), number)).collect();
            let number = |term: u32| numbers.get(&*retired.selection.terms()[term as usize].text).copied().unwrap_or(NOT_PAIRED);
            Held::new(retired, items.len(), &number)
        });
        Self { items, corpus, retired }
    }

    /// The texts of a comparison with what they hold.
    fn with_texts<'p, 't, 'a>(&'p self, compared: &'p Compared<'t, 'a>) -> impl Iterator<Item = (&'p Texts<'t, 'a>, &'p Held)> {
        std::iter::once((&compared.corpus, &self.corpus)).chain(compared.retired.as_ref().zip(self.retired.as_ref()))
    }
}

impl Held {
    fn new(inputs: &Inputs<'_>, items: usize, number: &(dyn Fn(u32) -> u32 + Sync)) -> Self {
        let presence = presence((inputs.corpus, inputs.selection), items, number, sentences);
        Self { presence, documents: document_of_sentences(inputs.corpus) }
    }

    /// The units with their documents, numbered from `first`, and the sides of these.
    fn units(&self, texts: &Texts<'_, '_>, first: usize) -> Units<'_> {
        let first = u32::try_from(first).unwrap_or(u32::MAX);
        let documents = self.presence.sentences().iter().map(|sentence| self.documents[*sentence as usize]);
        let places = documents.map(|document| (first + document, texts.of_document[document as usize])).collect();
        Units { presence: &self.presence, places }
    }
}

/// The pairs that changed.
pub fn find(compared: &Compared<'_, '_>, limits: Limits, paired: &Paired) -> Found {
    let corpus = compared.corpus.inputs.corpus;
    let text_of = |number: u32| &*compared.corpus.inputs.selection.terms()[paired.items.place(number) as usize].text;
    let texts_of = |[a, b]: [u32; 2]| if paired.items.in_order(a, b) { [text_of(a), text_of(b)] } else { [text_of(b), text_of(a)] };
    let firsts = [0, corpus.document_count()];
    let units: Vec<Units<'_>> = paired.with_texts(compared).zip(firsts).map(|((texts, held), first)| held.units(texts, first)).collect();
    let grid = Grid::new(sentences_with_tokens(compared));
    let counted = product::count(&units, paired.items.len(), &grid, limits, &texts_of);
    let (q_values, all) = counted.tally.settle(&grid);
    let candidates = counted.candidates.iter().flatten();
    let tested = candidates.filter_map(|candidate| {
        let counts = grid.counts(candidate.sentences);
        Some(Tested { thing: *candidate, counts, g2: counts.g2()? })
    });
    let key = |candidate: Candidate| texts_of(candidate.items).join(JOINT);
    let shown = first_of_each_status(changed(tested.collect(), &q_values, &key), limits.top);
    let (rare, in_few_documents, beyond_top) = (counted.rare, counted.in_few_documents, all - shown.len() as u64);
    Found { rows: rows(compared, paired, shown), rare, in_few_documents, beyond_top }
}

/// Sentences that hold a token, on the current and on the previous side.
fn sentences_with_tokens(compared: &Compared<'_, '_>) -> [u64; 2] {
    let mut counts = [0; 2];
    for texts in compared.texts() {
        let corpus = texts.inputs.corpus;
        for (number, shard) in corpus.shards().iter().enumerate() {
            let sides = &texts.of_document[corpus.document_offset(number)..];
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
fn rows(compared: &Compared<'_, '_>, paired: &Paired, shown: Vec<Changed<Candidate>>) -> Vec<Row> {
    if shown.is_empty() {
        return Vec::new();
    }
    let partners = Partners::new(paired.items.len(), shown.iter().map(|changed| changed.tested.thing.items));
    let shown_by: Vec<u32> = shown.iter().map(|changed| side_of(&changed.tested.counts)).collect();
    let look = |(texts, held): (&Texts<'_, '_>, &Held)| {
        Looked { texts, presence: &held.presence, documents: &held.documents }.find(&partners, &shown_by)
    };
    let mut found = paired.with_texts(compared).map(look);
    let of_corpus = found.next().unwrap_or_default();
    let of_retired = found.next().unwrap_or_else(|| vec![PairSeen::NOTHING; shown.len()]);
    let row = |((changed, corpus), retired): ((Changed<Candidate>, PairSeen), PairSeen)| {
        let documents = [0, 1].map(|side| corpus.documents[side] + retired.documents[side]);
        let (first_date, example) = settled(compared, &corpus.seen, &retired.seen);
        Row { first_date, example, ..changed.row(compared, (Kind::Pair, String::new()), documents) }
    };
    shown.into_iter().zip(of_corpus).zip(of_retired).map(row).collect()
}
