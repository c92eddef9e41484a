//! Which terms are paired, and which units hold them.

use crate::analysis::Inputs;
use crate::analysis::pairs::presence::UnitsOf;
use crate::analysis::pairs::{Items, NOT_PAIRED, Presence};
use crate::corpus::{Corpus, NOT_A_TERM, Selection};

/// The terms that are paired, with those of at least `min_df` documents and at most `max_terms` of them.
pub fn paired_terms(inputs: &Inputs<'_>) -> Items {
    let options = &inputs.options.cooccurrence;
    let terms: Vec<(&str, u64)> = inputs.selection.terms().iter().map(|term| (&*term.text, term.count.df)).collect();
    Items::choose(&terms, options.min_df, options.max_terms)
}

/// Which of `items` paired terms the units of a corpus hold. `number` gives the paired number of a term of the selection, or
/// [`NOT_PAIRED`].
pub fn presence(
    (corpus, selection): (&Corpus, &Selection),
    items: usize,
    number: &(dyn Fn(u32) -> u32 + Sync),
    units_of: UnitsOf,
) -> Presence {
    Presence::new(corpus, items, units_of, |shard| {
        let (numbers, shard) = (numbers_of_words(selection, number, shard), &corpus.shards()[shard]);
        move |sentence: usize, held: &mut Vec<u32>| {
            let words = shard.sentence_tokens(sentence).iter();
            held.extend(words.map(|word| numbers[*word as usize]).filter(|number| *number != NOT_PAIRED));
        }
    })
}

/// The paired number of each word of a shard, or [`NOT_PAIRED`].
pub fn numbers_of_words(selection: &Selection, number: &(dyn Fn(u32) -> u32 + Sync), shard: usize) -> Vec<u32> {
    selection.of_words(shard).iter().map(|term| if *term == NOT_A_TERM { NOT_PAIRED } else { number(*term) }).collect()
}
