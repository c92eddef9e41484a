//! uncoded.csv: sentences that no theme covers, for the next round of patterns.

use rayon::prelude::*;

use std::sync::Arc;

use crate::corpus::{NOT_A_TERM, Parts, Shard};
use crate::stats::{self, Contingency};
use crate::table::{Cells, Column, Decimal, Definition, Dropped, Table};
use crate::theme::{CodedSentence, Hit, Tagger};

use super::{Inputs, Shared};

pub(super) static DEFINITION: Definition = Definition {
    name: "uncoded",
    title_zh: "未标主题的句子",
    title_en: "Sentences without a theme",
    description: "One row a sentence without any theme, titles left out: an even sample where there are many. Each row names the term that is most typical of such sentences, and the terms take turns, so that the first rows show one sentence for each of the most telling terms.",
    key: "turn (empty last), g2 descending, word, doc_id, sentence_no",
    columns: &[
        Column::text("doc_id", "文档编号", "Document id", "See documents."),
        Column::integer("paragraph_no", "1 = first", "段号", "Paragraph", "Paragraph number in the document; the title is paragraph 1."),
        Column::integer("sentence_no", "1 = first", "句号", "Sentence", "Sentence number in the document; the title is sentence 1."),
        Column::text(
            "reason",
            "原因",
            "Reason",
            "none: no pattern was found; blocked: none that was found counts, see theme_evidence; below_threshold: some count, but too little.",
        ),
        Column::text(
            "best_theme",
            "最接近的主题",
            "Best theme",
            "Leaf with the highest score; ties: policy first, priority, order of the taxonomy. Empty unless below_threshold.",
        ),
        Column::decimal(
            "best_score",
            "sum of weights",
            "最高得分",
            "Best score",
            "Its score in the sentence; empty unless below_threshold.",
        ),
        Column::integer("characters", "characters", "字数", "Characters", "Characters of the normalised sentence without white space."),
        Column::text("sentence", "句子", "Sentence text", "The sentence as written."),
        Column::integer(
            "turn",
            "1 = first",
            "轮次",
            "Turn",
            "1 for the first listed sentence of its word, 2 for the second, and so on; empty where there is no word.",
        ),
        Column::text(
            "word",
            "最典型的词",
            "Most typical term",
            "The term of the sentence with the highest g2; ties by its place in terms. Empty if none is above 0.",
        ),
        Column::integer(
            "word_uncoded",
            "sentences",
            "该词未标句数",
            "Uncoded with it",
            "Sentences without a theme that hold the word, titles left out.",
        ),
        Column::integer(
            "word_sentences",
            "sentences",
            "该词句数",
            "Sentences with it",
            "All sentences that hold the word, titles left out.",
        ),
        Column::decimal(
            "g2",
            "signed log-likelihood ratio",
            "G² 对数似然比",
            "Log-likelihood ratio G²",
            "Of the word and being without a theme, over all sentences but titles; four-term, natural log. Dunning 1993.",
        ),
    ],
    optional: &[],
};

/// Why a sentence has no theme.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reason {
    None,
    Blocked,
    /// The best leaf and its score.
    BelowThreshold(u32, i64),
}

/// A term that is more frequent without a theme than with one.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Word {
    term: u32,
    g2: f64,
}

/// A listed sentence.
struct Row {
    sentence: u32,
    reason: Reason,
    word: Option<Word>,
    turn: u32,
}

/// For each term the sentences that hold it, titles left out: those without a theme, and all.
struct TermSentences {
    uncoded: Vec<u32>,
    all: Vec<u32>,
    /// Of all terms together: the sentences without a theme, and all.
    total: [u64; 2],
}

struct Rows<'a> {
    inputs: Inputs<'a>,
    terms: TermSentences,
    rows: Vec<Row>,
    left_out: u64,
}

pub(super) fn build<'a>(inputs: &Inputs<'a>, _: &Arc<Shared>) -> Box<dyn Table + 'a> {
    let Some(tagger) = inputs.tagger() else {
        let terms = TermSentences { uncoded: Vec::new(), all: Vec::new(), total: [0; 2] };
        return Box::new(Rows { inputs: *inputs, terms, rows: Vec::new(), left_out: 0 });
    };
    let terms = TermSentences::new(inputs);
    let (sample, left_out) = sample(inputs);
    let mut rows: Vec<Row> = sample
        .into_par_iter()
        .map(|sentence| {
            let (number, local) = inputs.corpus.shard_of_sentence(sentence as usize);
            let hits = inputs.corpus.shards()[number].sentence_hits(inputs.taxonomy, local);
            Row { sentence, reason: reason(tagger, &hits), word: terms.most_typical(inputs, number, local), turn: 0 }
        })
        .collect();
    deal(&mut rows);
    let id = |row: &Row| {
        let document = inputs.corpus.document_of(row.sentence as usize);
        (inputs.corpus.id_rank(document), row.sentence)
    };
    let word = |row: &Row| row.word.map(|word| inputs.selection.terms()[word.term as usize].text.as_ref());
    rows.sort_by(|a, b| {
        let g2 = |row: &Row| row.word.map_or(f64::NEG_INFINITY, |word| word.g2);
        let no_word = |row: &Row| row.word.is_none();
        (no_word(a), a.turn)
            .cmp(&(no_word(b), b.turn))
            .then(g2(b).total_cmp(&g2(a)))
            .then_with(|| word(a).cmp(&word(b)))
            .then(id(a).cmp(&id(b)))
    });
    Box::new(Rows { inputs: *inputs, terms, rows, left_out })
}

/// The sentences of a shard without a theme, titles left out, by their number in the shard.
fn uncoded<'s>(shard: &'s Shard, coded: &'s [CodedSentence]) -> impl Iterator<Item = usize> + 's {
    let mut coded = coded.iter().peekable();
    (0..shard.sentences.len()).filter(move |sentence| {
        let is_coded = coded.next_if(|c| c.sentence as usize == *sentence).is_some();
        !is_coded && !shard.is_title(*sentence)
    })
}

/// Sentences by their number in the corpus: those with the smallest hash of `doc_id#sentence_no`, smallest first, so that a
/// corpus that grows keeps most of its sample; and how many more there are.
fn sample(inputs: &Inputs<'_>) -> (Vec<u32>, u64) {
    let of_shard = |number: usize| {
        let shard = inputs.corpus.shards()[number].read(Parts::CODED);
        let first = inputs.corpus.sentence_offset(number);
        let hashed = |local: usize| {
            let sentence = &shard.sentences[local];
            let id = shard.documents[sentence.document as usize].id;
            let hash = blake3::hash(format!("{id}#{}", sentence.number).as_bytes());
            (*hash.as_bytes(), u32::try_from(first + local).unwrap_or(u32::MAX))
        };
        uncoded(&shard, &shard.themes(inputs.taxonomy).coded).map(hashed).collect::<Vec<_>>()
    };
    let mut all: Vec<([u8; 32], u32)> = (0..inputs.corpus.shards().len()).into_par_iter().flat_map_iter(of_shard).collect();
    let most = match inputs.options.themes.uncoded {
        0 => all.len(),
        most => most.min(all.len()),
    };
    let left_out = (all.len() - most) as u64;
    if left_out > 0 {
        all.select_nth_unstable(most);
        all.truncate(most);
    }
    all.sort_unstable();
    (all.into_iter().map(|(_, sentence)| sentence).collect(), left_out)
}

/// Why a sentence with these hits has no theme.
fn reason(tagger: &Tagger, hits: &[Hit]) -> Reason {
    let mut scores: Vec<(u32, i64)> = Vec::new();
    for hit in hits.iter().filter(|hit| hit.blocked.is_none()) {
        let theme = u32::try_from(tagger.pattern_theme(hit.pattern)).unwrap_or(u32::MAX);
        match scores.iter_mut().find(|(known, _)| *known == theme) {
            Some((_, score)) => *score += hit.contribution_micro,
            None => scores.push((theme, hit.contribution_micro)),
        }
    }
    match (scores.into_iter().min_by_key(|(theme, score)| tagger.theme_order(*theme, *score)), hits.is_empty()) {
        (Some((theme, score)), _) => Reason::BelowThreshold(theme, score),
        (None, true) => Reason::None,
        (None, false) => Reason::Blocked,
    }
}

/// Numbers the sentences of each word in their order.
fn deal(rows: &mut [Row]) {
    let mut order: Vec<(u32, usize)> = rows.iter().enumerate().filter_map(|(at, row)| Some((row.word?.term, at))).collect();
    order.sort_unstable();
    for of_word in order.chunk_by(|a, b| a.0 == b.0) {
        (1u32..).zip(of_word).for_each(|(turn, (_, at))| rows[*at].turn = turn);
    }
}

impl TermSentences {
    fn new(inputs: &Inputs<'_>) -> Self {
        let none =
            || Self { uncoded: vec![0; inputs.selection.terms().len()], all: vec![0; inputs.selection.terms().len()], total: [0; 2] };
        let add = |mut counts: Self, number: usize| {
            counts.add_shard(inputs, number);
            counts
        };
        (0..inputs.corpus.shards().len()).into_par_iter().fold(none, add).reduce(none, |mut a, b| {
            a.uncoded.iter_mut().zip(&b.uncoded).for_each(|(a, b)| *a += b);
            a.all.iter_mut().zip(&b.all).for_each(|(a, b)| *a += b);
            a.total = [a.total[0] + b.total[0], a.total[1] + b.total[1]];
            a
        })
    }

    fn add_shard(&mut self, inputs: &Inputs<'_>, number: usize) {
        let shard = inputs.corpus.shards()[number].read(Parts::TOKENS | Parts::CODED);
        let terms = inputs.selection.of_words(inputs.corpus, number);
        // The last sentence that each word was seen in, plus one.
        let mut last = vec![0u32; inputs.corpus.shards()[number].word_count()];
        let mut without = uncoded(&shard, &shard.themes(inputs.taxonomy).coded).peekable();
        for (sentence, mark) in (0..shard.sentences.len()).zip(1u32..) {
            let is_uncoded = without.next_if_eq(&sentence).is_some();
            if shard.is_title(sentence) {
                continue;
            }
            self.total[0] += u64::from(is_uncoded);
            self.total[1] += 1;
            for word in shard.sentence_tokens(sentence) {
                let term = terms[*word as usize];
                if term != NOT_A_TERM && std::mem::replace(&mut last[*word as usize], mark) != mark {
                    self.all[term as usize] += 1;
                    self.uncoded[term as usize] += u32::from(is_uncoded);
                }
            }
        }
    }

    fn g2(&self, term: u32) -> Option<f64> {
        let [uncoded, all] = [self.uncoded[term as usize], self.all[term as usize]].map(u64::from);
        stats::g2(&Contingency::new(uncoded, all, self.total[0], self.total[1]).ok()?)
    }

    fn most_typical(&self, inputs: &Inputs<'_>, number: usize, sentence: usize) -> Option<Word> {
        let words = inputs.corpus.word_ids(number);
        let mut best: Option<Word> = None;
        inputs.corpus.shards()[number].sentence_tokens(sentence, |word, _| {
            let term = inputs.selection.of_word(words[word as usize]);
            let g2 = if term == NOT_A_TERM { None } else { self.g2(term) };
            let Some(word) = g2.filter(|g2| *g2 > 0.0).map(|g2| Word { term, g2 }) else { return };
            if best.is_none_or(|best| best.g2.total_cmp(&word.g2).then(word.term.cmp(&best.term)).is_lt()) {
                best = Some(word);
            }
        });
        best
    }
}

impl Table for Rows<'_> {
    fn definition(&self) -> &'static Definition {
        &DEFINITION
    }

    fn row_count(&self) -> usize {
        self.rows.len()
    }

    fn write_row(&self, row: usize, cells: &mut dyn Cells) {
        let Some(tagger) = self.inputs.tagger() else { return };
        let row = &self.rows[row];
        let place = self.inputs.corpus.sentence(row.sentence as usize);
        let sentence = place.sentence();
        cells.code(place.document().id.write(&mut [0; 13]));
        cells.integer(u64::from(sentence.paragraph));
        cells.integer(u64::from(sentence.number));
        match row.reason {
            Reason::None => cells.code("none"),
            Reason::Blocked => cells.code("blocked"),
            Reason::BelowThreshold(..) => cells.code("below_threshold"),
        }
        match row.reason {
            Reason::BelowThreshold(theme, score) => {
                cells.code(&tagger.themes()[theme as usize].id);
                cells.decimal(Some(Decimal::from_millionths(score)));
            }
            Reason::None | Reason::Blocked => (0..2).for_each(|_| cells.empty()),
        }
        cells.integer(u64::from(sentence.characters));
        cells.text(&place.text());
        match row.word {
            Some(word) => {
                cells.integer(u64::from(row.turn));
                cells.text(&self.inputs.selection.terms()[word.term as usize].text);
                cells.integer(u64::from(self.terms.uncoded[word.term as usize]));
                cells.integer(u64::from(self.terms.all[word.term as usize]));
                cells.number(Some(word.g2));
            }
            None => (0..5).for_each(|_| cells.empty()),
        }
    }

    fn dropped(&self) -> Vec<Dropped> {
        if self.left_out == 0 { Vec::new() } else { vec![Dropped { option: "themes.uncoded", rows: self.left_out }] }
    }
}
