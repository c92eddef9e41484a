//! What is no new word whatever its numbers: grammar at the edges, numbers, pieces and extensions of better candidates.

use rayon::prelude::*;

use crate::analysis::sequences::END;
use crate::lexicon::StopWords;

use super::candidates::Candidate;
use super::characters::Characters;

/// Characters that neither begin nor end a candidate: particles, copula, conjunctions, prepositions and pronouns that join
/// anything. Such a string is a piece of syntax, 的发展 or 在全国. Characters that often begin words too, 以 in 以旧换新 or 从 in
/// 从严治党, are not among them.
const GRAMMAR: &str = "的了着是在和与及或而也就都还又很被把让使们这那其之所将但并则却";
/// Characters that only begin no candidate: measures that follow a number, behind which every run begins anew.
const MEASURES: &str = "枚亿届岁";
/// Characters that only end no candidate: prepositions, adverbs and auxiliaries that wait for what follows.
const WAITING: &str = "为以对从向于由按据因将要会能可应该已正不没有至到等说称";
/// Han numerals and what is counted with them: a candidate of nothing else is a number.
const NUMBERS: &str = "〇零一二三四五六七八九十百千万亿两第几多余半年月日号时点分秒度届次个名位岁元";

/// Which symbols may begin and end a candidate.
pub(super) struct Edges {
    first: Vec<bool>,
    last: Vec<bool>,
}

impl Edges {
    pub fn new(characters: &Characters<'_>) -> Self {
        let allowed = |lists: &[&str]| {
            let is_free = |symbol| symbol != END && !lists.iter().any(|list| list.contains(characters.character(symbol)));
            (0..characters.kinds()).map(is_free).collect()
        };
        Self { first: allowed(&[GRAMMAR, MEASURES]), last: allowed(&[GRAMMAR, WAITING]) }
    }

    pub fn allow(&self, symbols: &[u32]) -> bool {
        let [first, .., last] = symbols else { return false };
        self.first[*first as usize] && self.last[*last as usize]
    }
}

/// Whether a string is only a number.
pub(super) fn is_number(word: &str) -> bool {
    word.chars().all(|c| NUMBERS.contains(c))
}

/// Whether a string begins or ends with a stop word of two characters or more: 会议指出, 截至目前. Those of one character begin and
/// end too many words, 以 in 以旧换新.
pub(super) fn has_stop_word_at_edge(word: &str, stop_words: &StopWords) -> bool {
    let mut inner = word.char_indices().map(|(at, _)| at).skip(1);
    inner.any(|at| {
        let (first, last) = word.split_at(at);
        [first, last].into_iter().any(|part| part.chars().nth(1).is_some() && stop_words.contains(part))
    })
}

/// Drops from candidates, which are in the order of their symbols,
/// - pieces: a candidate of which more than half of the occurrences lie in one longer candidate goes;
/// - extensions: of the rest, a candidate goes that is one of them and one character more, if the shorter one has at least its
///   score.
pub(super) fn drop_pieces_and_extensions(candidates: &mut Vec<(Candidate, String)>) {
    let at = |symbols: &[u32]| candidates.binary_search_by(|(candidate, _)| candidate.symbols().cmp(symbols)).ok();
    let is_mostly_in = |part: &usize, whole: &Candidate| u64::from(whole.tf) * 2 > u64::from(candidates[*part].0.tf);
    let pieces: Vec<usize> = candidates
        .par_iter()
        .with_min_len(256)
        .flat_map_iter(|(whole, _)| parts(whole.symbols()).filter_map(at).filter(|part| is_mostly_in(part, whole)))
        .collect();
    let mut is_whole = vec![true; candidates.len()];
    pieces.into_iter().for_each(|piece| is_whole[piece] = false);
    let is_extension = |candidate: &Candidate| {
        let (symbols, shorter) = (candidate.symbols(), candidate.symbols().len() - 1);
        let one_shorter = [&symbols[..shorter], &symbols[1..]].into_iter().filter_map(at);
        one_shorter.filter(|part| is_whole[*part]).any(|part| candidates[part].0.score >= candidate.score)
    };
    let stays = candidates.par_iter().zip(&is_whole).with_min_len(256);
    let stays: Vec<bool> = stays.map(|((one, _), is_whole)| *is_whole && !is_extension(one)).collect();
    let mut stays = stays.into_iter();
    candidates.retain(|_| stays.next().unwrap_or(true));
}

/// All strings of two characters or more inside a longer one.
fn parts(symbols: &[u32]) -> impl Iterator<Item = &[u32]> {
    (2..symbols.len()).flat_map(|length| symbols.windows(length))
}
