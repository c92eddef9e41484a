//! Sentences as lists of words to learn from: terms of at least two Han characters, without what stands inside masked names.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::analysis::Inputs;
use crate::corpus::{NOT_A_TERM, Parts, TokenReader};
use crate::theme::{LiteralScratch, Tagger};

/// Fewest occurrences of a word that is learned from.
pub const MIN_TF: u64 = 10;

/// The words of every sentence, in corpus order.
pub struct Units {
    /// Term numbers of all sentences, one after another, in text order.
    words: Vec<u32>,
    /// Where each sentence begins in `words`, and the end of the last.
    starts: Vec<usize>,
}

/// Cuts texts into terms that are learned from.
pub struct Cutting<'a> {
    inputs: &'a Inputs<'a>,
    /// Term number by text, of the terms that are learned from.
    numbers: FxHashMap<&'a str, u32>,
}

impl<'a> Cutting<'a> {
    /// For the terms of the corpus.
    pub fn new(inputs: &'a Inputs<'a>) -> Self {
        let terms = (0u32..).zip(inputs.selection.terms());
        Self { inputs, numbers: terms.filter(|(_, term)| is_learned(&term.text)).map(|(number, term)| (&*term.text, number)).collect() }
    }

    /// The terms of a text whose characters in `spans` (written places, ascending) are left out.
    pub fn words_outside(&self, text: &str, spans: &[(u32, u32)], reader: &mut TokenReader) -> Vec<u32> {
        let mut kept = String::with_capacity(text.len());
        let mut spans = spans.iter().peekable();
        for (at, c) in (0u32..).zip(text.chars()) {
            while spans.next_if(|(_, end)| *end <= at).is_some() {}
            // A mark in its place, so that what stands before and behind does not become one word.
            kept.push(if spans.peek().is_some_and(|(start, _)| *start <= at) { '，' } else { c });
        }
        let mut words = Vec::new();
        reader.pieces(self.inputs.segmenter, &kept, |piece, _| {
            if piece.is_token() {
                words.extend(self.numbers.get(piece.key()));
            }
        });
        words
    }
}

/// Whether a term has at least two Han characters.
fn is_learned(term: &str) -> bool {
    term.chars().filter(|c| matches!(c, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{20000}'..='\u{3FFFF}')).count() >= 2
}

/// Places that overlap or touch as one, in order.
pub fn merged(mut spans: Vec<(u32, u32)>) -> Vec<(u32, u32)> {
    spans.sort_unstable();
    let mut out: Vec<(u32, u32)> = Vec::new();
    for (start, end) in spans {
        match out.last_mut() {
            Some(last) if start <= last.1 => last.1 = last.1.max(end),
            _ => out.push((start, end)),
        }
    }
    out
}

impl Units {
    /// Reads all sentences.
    pub fn new(inputs: &Inputs<'_>, tagger: &Tagger) -> Self {
        let cutting = Cutting::new(inputs);
        let of_shard = |number: usize| {
            let shard = inputs.corpus.shards()[number].read(Parts::TEXT | Parts::TOKENS);
            let terms = inputs.selection.of_words(inputs.corpus, number);
            let learned: Vec<bool> =
                terms.iter().map(|term| *term != NOT_A_TERM && is_learned(&inputs.selection.terms()[*term as usize].text)).collect();
            let (mut reader, mut scratch) = (TokenReader::default(), LiteralScratch::default());
            let (mut words, mut ends) = (Vec::new(), Vec::with_capacity(shard.sentences.len()));
            for sentence in 0..shard.sentences.len() {
                let text = shard.counted_text(sentence);
                let spans = merged(tagger.masked_spans(&text, &mut scratch));
                if spans.is_empty() {
                    let tokens = shard.sentence_tokens(sentence).iter();
                    words.extend(tokens.filter(|word| learned[**word as usize]).map(|word| terms[*word as usize]));
                } else {
                    words.extend(cutting.words_outside(&text, &spans, &mut reader));
                }
                ends.push(words.len());
            }
            (words, ends)
        };
        let parts: Vec<(Vec<u32>, Vec<usize>)> = (0..inputs.corpus.shards().len()).into_par_iter().map(of_shard).collect();
        let mut units = Self { words: Vec::new(), starts: vec![0] };
        for (words, ends) in parts {
            let offset = units.words.len();
            units.starts.extend(ends.iter().map(|end| end + offset));
            units.words.extend(words);
        }
        units
    }

    /// The words of a sentence by its number in the corpus.
    pub fn words(&self, sentence: usize) -> &[u32] {
        &self.words[self.starts[sentence]..self.starts[sentence + 1]]
    }

    /// Number of sentences.
    pub fn len(&self) -> usize {
        self.starts.len() - 1
    }
}

/// Occurrences of words in all units and in those of each class, from which the weights follow.
pub struct Fit {
    /// By term.
    pub all: Vec<u64>,
    /// By class and term.
    pub inside: Vec<Vec<u64>>,
    /// Whether a term occurs often enough.
    known: Vec<bool>,
    /// Σ (inside + 1) and Σ (all − inside + 1) over the vocabulary, by class.
    sums: Vec<[u64; 2]>,
}

impl Fit {
    /// Counts the units that `take` chooses, under the classes that `classes` gives for each.
    pub fn new(
        units: &Units,
        terms: usize,
        classes: usize,
        take: impl Fn(usize) -> bool,
        classes_of: impl Fn(usize, &mut Vec<usize>),
    ) -> Self {
        let mut fit = Self { all: vec![0; terms], inside: vec![vec![0; terms]; classes], known: Vec::new(), sums: Vec::new() };
        let mut labels = Vec::new();
        for unit in (0..units.len()).filter(|unit| take(*unit)) {
            labels.clear();
            classes_of(unit, &mut labels);
            for word in units.words(unit) {
                fit.all[*word as usize] += 1;
                labels.iter().for_each(|class| fit.inside[*class][*word as usize] += 1);
            }
        }
        fit.known = fit.all.iter().map(|tf| *tf >= MIN_TF).collect();
        let vocabulary: Vec<usize> = (0..terms).filter(|term| fit.known[*term]).collect();
        let sums = |inside: &Vec<u64>| {
            let own: u64 = vocabulary.iter().map(|term| inside[*term] + 1).sum();
            let rest: u64 = vocabulary.iter().map(|term| fit.all[*term] - inside[*term] + 1).sum();
            [own, rest]
        };
        fit.sums = fit.inside.iter().map(sums).collect();
        fit
    }

    /// The weight of a word for a class; nothing for a word that is too rare.
    pub fn weight(&self, class: usize, word: u32) -> Option<f64> {
        let word = word as usize;
        let (own, rest) = (self.inside[class][word] + 1, self.all[word] - self.inside[class][word] + 1);
        self.known[word].then(|| crate::stats::newsmap_weight([own, self.sums[class][0]], [rest, self.sums[class][1]])).flatten()
    }
}
