//! Which terms are paired.

use crate::analysis::Inputs;
use crate::analysis::pairs::{Items, NOT_PAIRED};
use crate::corpus::NOT_A_TERM;

/// The terms that are paired, with those of at least `min_df` documents and at most `max_terms` of them.
pub fn paired_terms(inputs: &Inputs<'_>) -> Items {
    let options = &inputs.options.cooccurrence;
    let terms: Vec<(&str, u64)> = inputs.selection.terms().iter().map(|term| (&*term.text, term.count.df)).collect();
    Items::choose(&terms, options.min_df, options.max_terms)
}

/// The paired number of each word of a shard, or [`NOT_PAIRED`]; `number` gives that of a term.
pub fn numbers_of_words(inputs: &Inputs<'_>, number: &(dyn Fn(u32) -> u32 + Sync), shard: usize) -> Vec<u32> {
    let number = |term: &u32| if *term == NOT_A_TERM { NOT_PAIRED } else { number(*term) };
    inputs.selection.of_words(inputs.corpus, shard).iter().map(number).collect()
}
