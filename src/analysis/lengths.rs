//! lengths.csv: how long words, sentences and paragraphs are, as distributions over the whole corpus.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use crate::corpus::{Corpus, Parts, Shard};
use crate::stats;
use crate::table::{Cells, Column, Definition, Table};

use super::text_statistics::word_characters;
use super::{Inputs, Shared};

pub(super) static DEFINITION: Definition = Definition {
    name: "lengths",
    title_zh: "长度分布",
    title_en: "Lengths",
    description: "How long words, sentences and paragraphs are: one row for each length that occurs, with an example. The last row of a kind shows the longest. Titles are sentences and paragraphs of their own; a character is a character of a token, so marks and white space count nowhere.",
    key: "what (word_characters, sentence_tokens, sentence_characters, paragraph_sentences), length",
    columns: &[
        Column::text(
            "what",
            "对象",
            "What",
            "word_characters: characters of a word, every occurrence counted; sentence_tokens, sentence_characters: tokens and characters of a sentence; paragraph_sentences: sentences of a paragraph. Sentences without a token are left out.",
        ),
        Column::integer("length", "by what", "长度", "Length", "The length, in the unit that what names."),
        Column::integer("count", "occurrences", "频数", "Count", "Words, sentences or paragraphs of this length in the corpus."),
        Column::share("share", "占比", "Share", "count / all of the kind."),
        Column::share("cumulative_share", "累计占比", "Cumulative share", "Share of those of this length or shorter."),
        Column::text(
            "example_doc_id",
            "示例文档编号",
            "Document of the example",
            "Document of the example, the first by doc_id, then place; empty for words.",
        ),
        Column::integer(
            "example_sentence_no",
            "1 = first",
            "示例句号",
            "Sentence of the example",
            "Sentence of the example in its document, for a paragraph its first; empty for words.",
        ),
        Column::text(
            "example",
            "示例",
            "Example",
            "The most frequent word of this length, ties in code-point order; the sentence; the first sentence of the paragraph.",
        ),
    ],
    optional: &[],
};

/// Where an example stands: the smallest is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    id_rank: u32,
    /// Number of the sentence in the corpus; in one document later sentences have higher ones.
    sentence: usize,
}

const NOWHERE: Place = Place { id_rank: u32::MAX, sentence: usize::MAX };

/// Units of one length.
#[derive(Debug, Clone, Copy)]
struct Slot {
    count: u64,
    example: Place,
}

impl Default for Slot {
    fn default() -> Self {
        Self { count: 0, example: NOWHERE }
    }
}

impl Slot {
    fn merge(&mut self, other: &Self) {
        self.count += other.count;
        self.example = self.example.min(other.example);
    }
}

/// Lengths up to here have a slot of their own, so that counting one is quick.
const SHORT: usize = 512;

/// Units by length.
#[derive(Debug, Default)]
struct Distribution {
    short: Vec<Slot>,
    long: BTreeMap<u32, Slot>,
}

impl Distribution {
    fn slot(&mut self, length: u32) -> &mut Slot {
        if self.short.is_empty() {
            self.short.resize(SHORT, Slot::default());
        }
        match self.short.get_mut(length as usize) {
            Some(slot) => slot,
            None => self.long.entry(length).or_default(),
        }
    }

    fn add(&mut self, length: u32, example: Place) {
        self.slot(length).merge(&Slot { count: 1, example });
    }

    fn merge(&mut self, other: &Self) {
        other.slots().for_each(|(length, slot)| self.slot(length).merge(slot));
    }

    /// The lengths that occur, ascending.
    fn slots(&self) -> impl Iterator<Item = (u32, &Slot)> {
        let long = self.long.iter().map(|(length, slot)| (*length, slot));
        (0u32..).zip(&self.short).chain(long).filter(|(_, slot)| slot.count > 0)
    }
}

/// Lengths of sentences in tokens and in characters, and of paragraphs in sentences.
#[derive(Debug, Default)]
struct Distributions([Distribution; 3]);

impl Distributions {
    fn merged(mut self, other: Self) -> Self {
        self.0.iter_mut().zip(&other.0).for_each(|(one, more)| one.merge(more));
        self
    }
}

fn count_shard(corpus: &Corpus, number: usize) -> Distributions {
    let shard = corpus.shards()[number].read(Parts::TOKENS | Parts::WORDS);
    let characters: Vec<u32> = shard.words.iter().map(|(word, _)| word_characters(word)).collect();
    let mut found = Distributions::default();
    for document in 0..shard.documents.len() {
        let id_rank = corpus.id_rank(corpus.document_offset(number) + document);
        let place = |local: usize| Place { id_rank, sentence: corpus.sentence_offset(number) + local };
        count_document(&shard, document, &characters, place, &mut found);
    }
    found
}

fn count_document(shard: &Shard, document: usize, characters: &[u32], place: impl Fn(usize) -> Place, found: &mut Distributions) {
    let Distributions([in_tokens, in_characters, in_sentences]) = found;
    // The paragraph in hand: its number, its first sentence and how many it has.
    let mut paragraph: Option<(u32, usize, u32)> = None;
    for sentence in shard.document_sentences(document) {
        let tokens = shard.sentence_tokens(sentence);
        if tokens.is_empty() {
            continue;
        }
        in_tokens.add(u32::try_from(tokens.len()).unwrap_or(u32::MAX), place(sentence));
        in_characters.add(tokens.iter().map(|token| characters[*token as usize]).sum(), place(sentence));
        let number = shard.sentences[sentence].paragraph;
        match &mut paragraph {
            Some((current, _, sentences)) if *current == number => *sentences += 1,
            _ => {
                if let Some((_, first, sentences)) = paragraph.replace((number, sentence, 1)) {
                    in_sentences.add(sentences, place(first));
                }
            }
        }
    }
    if let Some((_, first, sentences)) = paragraph {
        in_sentences.add(sentences, place(first));
    }
}

/// An example that is shown.
#[derive(Debug, Clone, Copy)]
enum Example {
    /// The number of a word of the corpus.
    Word(usize),
    /// The number of a sentence of the corpus.
    Sentence(usize),
}

#[derive(Debug)]
struct Row {
    what: &'static str,
    length: u32,
    count: u64,
    /// Those of this length or shorter.
    up_to: u64,
    /// All of the kind.
    all: u64,
    example: Example,
}

struct Lengths<'a> {
    corpus: &'a Corpus,
    rows: Vec<Row>,
}

pub(super) fn build<'a>(inputs: &Inputs<'a>, _: &Arc<Shared>) -> Box<dyn Table + 'a> {
    let corpus = inputs.corpus;
    let shards = (0..corpus.shards().len()).into_par_iter();
    let counted = shards.map(|shard| count_shard(corpus, shard)).reduce(Distributions::default, Distributions::merged);
    let mut rows = Vec::new();
    let words = lengths_of_words(corpus);
    push_rows("word_characters", words.iter().map(|(length, (count, word))| (*length, *count, Example::Word(*word))), &mut rows);
    for (what, distribution) in ["sentence_tokens", "sentence_characters", "paragraph_sentences"].into_iter().zip(&counted.0) {
        push_rows(
            what,
            distribution.slots().map(|(length, slot)| (length, slot.count, Example::Sentence(slot.example.sentence))),
            &mut rows,
        );
    }
    Box::new(Lengths { corpus, rows })
}

/// For each length the occurrences of the words that have it, and the most frequent of them.
fn lengths_of_words(corpus: &Corpus) -> BTreeMap<u32, (u64, usize)> {
    let mut lengths = BTreeMap::new();
    // Most frequent words come first.
    for (number, (word, count)) in corpus.words().iter().enumerate() {
        lengths.entry(word_characters(word)).or_insert((0, number)).0 += count.tf;
    }
    lengths
}

fn push_rows(what: &'static str, slots: impl Iterator<Item = (u32, u64, Example)>, rows: &mut Vec<Row>) {
    let slots: Vec<_> = slots.collect();
    let all = slots.iter().map(|(_, count, _)| count).sum();
    let mut up_to = 0;
    for (length, count, example) in slots {
        up_to += count;
        rows.push(Row { what, length, count, up_to, all, example });
    }
}

impl Table for Lengths<'_> {
    fn definition(&self) -> &'static Definition {
        &DEFINITION
    }

    fn row_count(&self) -> usize {
        self.rows.len()
    }

    fn write_row(&self, row: usize, cells: &mut dyn Cells) {
        let row = &self.rows[row];
        cells.code(row.what);
        cells.integer(u64::from(row.length));
        cells.integer(row.count);
        cells.share(stats::share(row.count, row.all));
        cells.share(stats::share(row.up_to, row.all));
        match row.example {
            Example::Word(word) => {
                cells.empty();
                cells.empty();
                cells.text(&self.corpus.words()[word].0);
            }
            Example::Sentence(number) => {
                let sentence = self.corpus.sentence(number);
                cells.code(sentence.document().id.write(&mut [0; 13]));
                cells.integer(u64::from(sentence.sentence().number));
                cells.text(&sentence.text());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn distribution(lengths: &[u32]) -> Distribution {
        let mut distribution = Distribution::default();
        lengths.iter().zip(0..).for_each(|(length, id_rank)| distribution.add(*length, Place { id_rank, sentence: 0 }));
        distribution
    }

    fn shown(distribution: &Distribution) -> Vec<(u32, u64, u32)> {
        distribution.slots().map(|(length, slot)| (length, slot.count, slot.example.id_rank)).collect()
    }

    #[test]
    fn long_lengths_stand_behind_short_ones() {
        assert_eq!(shown(&distribution(&[9_000, 2, 511, 512, 2, 0])), [(0, 1, 5), (2, 2, 1), (511, 1, 2), (512, 1, 3), (9_000, 1, 0)]);
    }

    proptest::proptest! {
        #[test]
        fn merging_is_counting_at_once(a in proptest::collection::vec(0u32..1_000, 0..20), b in proptest::collection::vec(0u32..1_000, 0..20)) {
            let whole: Vec<u32> = a.iter().chain(&b).copied().collect();
            let counts = |distribution: &Distribution| distribution.slots().map(|(length, slot)| (length, slot.count)).collect::<Vec<_>>();
            let mut merged = distribution(&a);
            merged.merge(&distribution(&b));
            let mut backwards = distribution(&b);
            backwards.merge(&distribution(&a));
            proptest::prop_assert_eq!(counts(&merged), counts(&distribution(&whole)));
            proptest::prop_assert_eq!(shown(&merged), shown(&backwards));
            let mut with_nothing = Distribution::default();
            with_nothing.merge(&merged);
            proptest::prop_assert_eq!(shown(&with_nothing), shown(&merged));
        }
    }
}
