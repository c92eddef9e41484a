//! Terms on both sides: occurrences among all tokens.

use crate::analysis::side_counts::SideCount;
use crate::corpus::{NOT_A_TERM, Shard};

use super::counts::Counts;
use super::listed::{self, Found, Limits, Names};
use super::rows::Kind;
use super::sides::{Compared, Texts};
use super::things::{Numbering, OfTexts, Things};

/// The terms of some texts.
struct Terms<'t, 'a> {
    texts: Texts<'t, 'a>,
    /// The number of each of their terms.
    numbers: Vec<u32>,
}

impl Things for Terms<'_, '_> {
    fn in_document(&self, document: usize, visit: &mut dyn FnMut(u32, u64)) {
        self.texts
            .shared
            .term_documents
            .row(document)
            .iter()
            .for_each(|entry| visit(self.numbers[entry.term as usize], u64::from(entry.tf)));
    }

    fn in_sentence(&self, (number, shard): (usize, &Shard), sentence: usize, visit: &mut dyn FnMut(u32)) {
        let (selection, words) = (self.texts.inputs.selection, self.texts.inputs.corpus.word_ids(number));
        let tokens = shard.sentence_tokens(sentence).iter();
        let terms = tokens.map(|word| selection.of_word(words[*word as usize])).filter(|term| *term != NOT_A_TERM);
        terms.for_each(|term| visit(self.numbers[term as usize]));
    }

    fn totals(&self, number: usize) -> Vec<SideCount> {
        let mut totals = vec![SideCount::default(); number];
        for (term, number) in self.texts.inputs.selection.terms().iter().zip(&self.numbers) {
            totals[*number as usize] = SideCount { count: term.count.tf, documents: term.count.df };
        }
        totals
    }
}

/// The text of each.
fn words_of<'t>(texts: &Texts<'t, '_>) -> Vec<&'t str> {
    texts.inputs.selection.terms().iter().map(|term| &*term.text).collect()
}

/// The terms that changed.
pub fn find(compared: &Compared<'_, '_>, limits: Limits) -> Found {
    let of_texts = [words_of(&compared.corpus), compared.retired.as_ref().map(words_of).unwrap_or_default()];
    let [first, second] = &of_texts;
    let Numbering { first, second, places } = Numbering::new(first.iter(), second.iter());
    let terms = OfTexts {
        corpus: Terms { texts: compared.corpus, numbers: first },
        retired: compared.retired.map(|texts| Terms { texts, numbers: second }),
        number: places.len(),
    };
    let [current_total, previous_total] = compared.sizes().map(|size| size.tokens);
    let counts =
        |_, [current, previous]: [SideCount; 2]| Counts { current: current.count, current_total, previous: previous.count, previous_total };
    let key = |number: u32| {
        let (text, place) = places[number as usize];
        of_texts[text][place as usize].to_string()
    };
    let names = Names { kind: Kind::Term, key: &key, name: &|_| String::new() };
    listed::find(compared, limits, &terms, &terms.count(compared), &counts, &names)
}
