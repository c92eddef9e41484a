//! How the occurrences of a candidate are cut now, and what would become of them if it were added to the dictionary.

use crate::analysis::Inputs;

use super::LONGEST;
use super::characters::Characters;

/// What is seen at the occurrences of a string.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Effect {
    /// The most frequent way in which it is cut now, tokens joined by `|`; and how often.
    pub segmentation: String,
    pub segmentation_count: u32,
    /// Occurrences that are a token of their own now.
    pub tf_now: u32,
    /// Tokens that lie, in part or wholly, in the occurrences that would be tokens.
    pub tokens_before: u64,
    /// Tokens in their place then: the word, and what the tokens at its edges leave over.
    pub tokens_after: u64,
    /// Words that would lose occurrences, with how many.
    pub affected: Vec<(String, u32)>,
}

/// The tokens of one occurrence, filled up: a word is its corpus number plus one.
type Cut = [u32; LONGEST];

/// Looks at the occurrences (ascending) of a string of this length.
pub(super) fn look(inputs: &Inputs<'_>, characters: &Characters<'_>, places: &[u32], length: usize) -> Effect {
    let (mut cuts, mut lost): (Vec<Cut>, Vec<u32>) = (Vec::with_capacity(places.len()), Vec::new());
    let (mut effect, mut tokens, mut taken_to) = (Effect::default(), Vec::new(), 0);
    for place in places {
        let end = place + length as u32;
        characters.tokens_at(*place, length, &mut tokens);
        let mut cut = [0; LONGEST];
        cut.iter_mut().zip(&tokens).for_each(|(slot, token)| *slot = token.word + 1);
        cuts.push(cut);
        let is_token_now = matches!(*tokens.as_slice(), [only] if only.start == *place && only.end == end);
        effect.tf_now += u32::from(is_token_now);
        if *place < taken_to || !characters.would_be_token(*place, length) {
            continue;
        }
        taken_to = end;
        let overhangs =
            tokens.first().map_or(0, |token| u64::from(token.start < *place)) + tokens.last().map_or(0, |token| u64::from(token.end > end));
        effect.tokens_before += tokens.len() as u64;
        effect.tokens_after += 1 + overhangs;
        if !is_token_now {
            lost.extend(tokens.iter().map(|token| token.word));
        }
    }
    (effect.segmentation, effect.segmentation_count) = most_frequent(inputs, cuts);
    effect.affected = by_count(inputs, lost);
    effect
}

/// The most frequent cut, the first in code-point order of equals.
fn most_frequent(inputs: &Inputs<'_>, mut cuts: Vec<Cut>) -> (String, u32) {
    cuts.sort_unstable();
    let shown = |cut: &Cut| {
        let words = cut.iter().take_while(|word| **word != 0).map(|word| &*inputs.corpus.words()[*word as usize - 1].0);
        words.collect::<Vec<_>>().join("|")
    };
    let mut best = (String::new(), 0);
    for same in cuts.chunk_by(|a, b| a == b) {
        let count = same.len() as u32;
        if count > best.1 || (count == best.1 && shown(&same[0]) < best.0) {
            best = (shown(&same[0]), count);
        }
    }
    best
}

/// Words with how often they stand in the list, the most frequent first, then in code-point order.
fn by_count(inputs: &Inputs<'_>, mut words: Vec<u32>) -> Vec<(String, u32)> {
    words.sort_unstable();
    let text = |word: u32| inputs.corpus.words()[word as usize].0.to_string();
    let mut counted: Vec<(String, u32)> = words.chunk_by(|a, b| a == b).map(|same| (text(same[0]), same.len() as u32)).collect();
    counted.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    counted
}
