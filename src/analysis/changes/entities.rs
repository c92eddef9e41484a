//! Entities on both sides: mentions among all mentions of entities.

use crate::analysis::entities::{Entities, entities};
use crate::analysis::side_counts::SideCount;
use crate::corpus::Shard;
use crate::lexicon::EntityKind;

use super::counts::Counts;
use super::listed::{self, Found, Limits, Names};
use super::rows::Kind;
use super::sides::{Compared, Texts};
use super::things::{Numbering, OfTexts, Things};

/// The entities of some texts.
struct Mentioned<'t, 'a> {
    texts: Texts<'t, 'a>,
    entities: &'t Entities,
    /// The number of each of their entities.
    numbers: Vec<u32>,
}

impl Things for Mentioned<'_, '_> {
    fn in_document(&self, document: usize, visit: &mut dyn FnMut(u32, u64)) {
        let mut numbers: Vec<u32> = Vec::new();
        self.entities.of_document(document, |_, entity| numbers.push(self.numbers[entity as usize]));
        numbers.sort_unstable();
        numbers.chunk_by(|a, b| a == b).for_each(|mentions| visit(mentions[0], mentions.len() as u64));
    }

    fn in_sentence(&self, (number, shard): (usize, &Shard), sentence: usize, visit: &mut dyn FnMut(u32)) {
        let document = self.texts.inputs.corpus.document_offset(number) + shard.sentences[sentence].document as usize;
        self.entities.of_document(document, |at, entity| {
            if at as usize == sentence {
                visit(self.numbers[entity as usize]);
            }
        });
    }

    fn totals(&self, number: usize) -> Vec<SideCount> {
        let mut totals = vec![SideCount::default(); number];
        for document in 0..self.texts.inputs.corpus.document_count() {
            self.in_document(document, &mut |number, count| {
                let total = &mut totals[number as usize];
                *total = total.plus(SideCount { count, documents: 1 });
            });
        }
        totals
    }
}

/// Kind and name of each.
fn names_of(entities: &Entities) -> Vec<(EntityKind, &str)> {
    entities.list.iter().map(|entity| (entity.kind, entity.name.as_str())).collect()
}

/// The entities that changed, where entities are wanted.
pub fn find(compared: &Compared<'_, '_>, limits: Limits) -> Found {
    if !compared.corpus.inputs.options.wants_entities() {
        return Found::default();
    }
    let of_corpus = entities(compared.corpus.inputs, compared.corpus.shared);
    let of_retired = compared.retired.as_ref().map(|texts| entities(texts.inputs, texts.shared));
    let of_texts = [names_of(of_corpus), of_retired.map(names_of).unwrap_or_default()];
    let [first, second] = &of_texts;
    let Numbering { first, second, places } = Numbering::new(first.iter(), second.iter());
    let mentioned = OfTexts {
        corpus: Mentioned { texts: compared.corpus, entities: of_corpus, numbers: first },
        retired: compared.retired.zip(of_retired).map(|(texts, entities)| Mentioned { texts, entities, numbers: second }),
        number: places.len(),
    };
    let on_sides = mentioned.count(compared);
    let total = |side: usize| on_sides.iter().map(|counts| counts[side].count).sum();
    let (current_total, previous_total) = (total(0), total(1));
    let counts =
        |_, [current, previous]: [SideCount; 2]| Counts { current: current.count, current_total, previous: previous.count, previous_total };
    let named = |number: u32| {
        let (text, place) = places[number as usize];
        of_texts[text][place as usize]
    };
    let key = |number: u32| {
        let (kind, name) = named(number);
        format!("{}:{name}", kind.name())
    };
    let names = Names { kind: Kind::Entity, key: &key, name: &|number| named(number).1.to_string() };
    listed::find(compared, limits, &mentioned, &on_sides, &counts, &names)
}
