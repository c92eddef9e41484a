//! What is counted of the text of each document: one pass over its tokens, one over the marks of its sentences.

use rayon::prelude::*;

use crate::corpus::{ByDocument, Corpus, Entry, PagedRows, PagedShard, Parts, Shard};
use crate::stats;
use crate::text::{is_han, is_token_character};

/// Whole numbers of one document. The title is a sentence and a paragraph of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub paragraphs: u64,
    /// Sentences that hold a token.
    pub sentences: u64,
    pub clauses: u64,
    pub tokens: u64,
    pub types: u64,
    pub hapaxes: u64,
    /// Σ f² over the types.
    pub sum_of_squares: u64,
    /// Σ of the types of every window.
    pub types_in_windows: u64,
    /// Characters of the tokens.
    pub characters: u64,
    /// Tokens of one, two, three, and four or more characters.
    pub of_length: [u64; 4],
    pub numbers: u64,
    pub latin: u64,
    pub in_tokens: Spread,
    pub in_characters: Spread,
    /// Number of the longest sentence by characters, the first of equal ones.
    pub longest_sentence_no: u64,
}

impl Entry for Counts {
    const BYTES: usize = <[u64; 20]>::BYTES;

    fn write(&self, bytes: &mut Vec<u8>) {
        [self.paragraphs, self.sentences, self.clauses, self.tokens, self.types, self.hapaxes].write(bytes);
        [self.sum_of_squares, self.types_in_windows, self.characters].write(bytes);
        self.of_length.write(bytes);
        [self.numbers, self.latin].write(bytes);
        [self.in_tokens, self.in_characters].iter().for_each(|spread| [spread.twice_median, spread.longest].write(bytes));
        [self.longest_sentence_no].write(bytes);
    }

    fn read(bytes: &[u8]) -> Self {
        let numbers: [u64; 20] = Entry::read(bytes);
        let [paragraphs, sentences, clauses, tokens, types, hapaxes, sum_of_squares, types_in_windows, characters, rest @ ..] = numbers;
        let [one, two, three, longer, numbers, latin, median, longest, median_characters, longest_characters, longest_sentence_no] = rest;
        Self {
            paragraphs,
            sentences,
            clauses,
            tokens,
            types,
            hapaxes,
            sum_of_squares,
            types_in_windows,
            characters,
            of_length: [one, two, three, longer],
            numbers,
            latin,
            in_tokens: Spread { twice_median: median, longest },
            in_characters: Spread { twice_median: median_characters, longest: longest_characters },
            longest_sentence_no,
        }
    }
}

/// The lengths of the sentences in one unit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Spread {
    /// The two in the middle together, twice the one in the middle.
    pub twice_median: u64,
    pub longest: u64,
}

impl Spread {
    fn of(lengths: &mut [u32]) -> Self {
        lengths.sort_unstable();
        let at = |index: usize| lengths.get(index).map_or(0, |length| u64::from(*length));
        let middle = lengths.len() / 2;
        let lower = if lengths.len().is_multiple_of(2) { middle.saturating_sub(1) } else { middle };
        Self { twice_median: at(lower) + at(middle), longest: at(lengths.len().saturating_sub(1)) }
    }
}

/// What is to be known of a word of the shard for every token of it.
#[derive(Debug, Clone, Copy)]
struct Word {
    /// One past its last place in the shard's tokens; 0 = not seen.
    after_last: u32,
    /// Occurrences in the document of its last place.
    count: u32,
    characters: u32,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Number,
    Latin,
    Other,
}

/// Characters of a word.
pub(in crate::analysis) fn word_characters(word: &str) -> u32 {
    u32::try_from(word.chars().count()).unwrap_or(u32::MAX)
}

fn kind_of(word: &str) -> Kind {
    match word.as_bytes() {
        // Han characters of U+4000 to U+9FFF, with which most words begin.
        [0xE4..=0xE9, ..] => Kind::Other,
        bytes if bytes.iter().any(u8::is_ascii_alphabetic) && !word.chars().any(is_han) => Kind::Latin,
        _ if word.chars().any(char::is_numeric) && !word.chars().any(char::is_alphabetic) => Kind::Number,
        _ => Kind::Other,
    }
}

/// The counts of every document: a row of one.
pub(super) fn count(corpus: &Corpus, window: u32) -> ByDocument<Counts> {
    let of_shard = |shard: &PagedShard| {
        let counts = count_shard(&shard.read(Parts::TEXT | Parts::TOKENS | Parts::WORDS), window);
        let starts = (0u32..).take(counts.len() + 1).collect();
        PagedRows::new(corpus.room(), starts, counts)
    };
    let shards: Vec<PagedRows<Counts>> = corpus.shards().par_iter().map(of_shard).collect();
    shards.into_iter().collect()
}

fn count_shard(shard: &Shard, window: u32) -> Vec<Counts> {
    let word = |(text, _): (&str, _)| Word { after_last: 0, count: 0, characters: word_characters(text), kind: kind_of(text) };
    let mut words: Vec<Word> = shard.words.iter().map(word).collect();
    let mut lengths = Lengths::default();
    (0..shard.documents.len()).map(|document| count_document(shard, document, u64::from(window), &mut words, &mut lengths)).collect()
}

/// Lengths of the sentences of one document, in buffers that are used again.
#[derive(Default)]
struct Lengths {
    tokens: Vec<u32>,
    characters: Vec<u32>,
}

fn count_document(shard: &Shard, document: usize, window: u64, words: &mut [Word], lengths: &mut Lengths) -> Counts {
    let mut counts = Counts::default();
    let all = shard.document_tokens(document).len() as u64;
    let range = shard.document_sentences(document);
    let first = shard.sentences.get(range.start).map_or(0, |sentence| sentence.token_start);
    lengths.tokens.clear();
    lengths.characters.clear();
    let (mut place, mut paragraph, mut longest) = (first, 0, 0);
    for sentence in range {
        let tokens = shard.sentence_tokens(sentence);
        let about = &shard.sentences[sentence];
        counts.paragraphs += u64::from(std::mem::replace(&mut paragraph, about.paragraph) != about.paragraph);
        if tokens.is_empty() {
            continue;
        }
        let mut characters = 0;
        for token in tokens {
            let word = &mut words[*token as usize];
            counts.add(word, place, first, all, window);
            characters += word.characters;
            place += 1;
        }
        if characters > longest {
            (longest, counts.longest_sentence_no) = (characters, u64::from(about.number));
        }
        counts.characters += u64::from(characters);
        counts.clauses += clauses(shard.sentence_text(sentence));
        lengths.tokens.push(u32::try_from(tokens.len()).unwrap_or(u32::MAX));
        lengths.characters.push(characters);
    }
    counts.sentences = lengths.tokens.len() as u64;
    counts.in_tokens = Spread::of(&mut lengths.tokens);
    counts.in_characters = Spread::of(&mut lengths.characters);
    counts
}

impl Counts {
    /// Adds the token at `place` of the shard, in a document of `all` tokens from `first`.
    fn add(&mut self, word: &mut Word, place: u32, first: u32, all: u64, window: u64) {
        let previous = (word.after_last > first).then(|| u64::from(word.after_last - 1 - first));
        let before = if previous.is_some() { word.count } else { 0 };
        *word = Word { after_last: place + 1, count: before + 1, ..*word };
        self.tokens += 1;
        match before {
            0 => (self.types, self.hapaxes) = (self.types + 1, self.hapaxes + 1),
            1 => self.hapaxes -= 1,
            _ => {}
        }
        // (f + 1)² − f².
        self.sum_of_squares += 2 * u64::from(before) + 1;
        self.types_in_windows += stats::windows_led(u64::from(place - first), previous, all, window);
        self.of_length[(word.characters.clamp(1, 4) - 1) as usize] += 1;
        match word.kind {
            Kind::Number => self.numbers += 1,
            Kind::Latin => self.latin += 1,
            Kind::Other => {}
        }
    }
}

/// Clauses of a sentence that holds a token: its parts between commas and semicolons, as far as they hold a letter, a Han
/// character or a digit. A comma between two digits parts nothing.
pub(super) fn clauses(sentence: &str) -> u64 {
    let bytes = sentence.as_bytes();
    let (mut clauses, mut start) = (0, 0);
    let mut close = |part: &str| clauses += u64::from(part.chars().any(is_token_character));
    for at in memchr::memchr3_iter(0xEF, b',', b';', bytes) {
        let length = match &bytes[at..] {
            // ， and ；
            [0xEF, 0xBC, 0x8C | 0x9B, ..] => 3,
            [b',' | b';', ..] => 1,
            _ => continue,
        };
        let is_comma = matches!(&bytes[at..], [b',', ..] | [0xEF, 0xBC, 0x8C, ..]);
        if is_comma && sentence[..at].ends_with(is_digit) && sentence[at + length..].starts_with(is_digit) {
            continue;
        }
        close(&sentence[start..at]);
        start = at + length;
    }
    close(&sentence[start..]);
    clauses
}

/// A digit of either width: old reports write ６，６００.
fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || ('０'..='９').contains(&c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clauses_are_what_commas_and_semicolons_part() {
        assert_eq!(clauses("坚持改革，扩大开放；稳定就业。"), 3);
        assert_eq!(clauses("一、二、三：四；"), 1);
        assert_eq!(clauses("共1,234家,各有；，”不同（ＧＤＰ）"), 3);
        assert_eq!(clauses("改革"), 1);
        assert_eq!(clauses("共６，６００个，产值1，000万元。"), 2);
    }

    #[test]
    fn numbers_and_latin_words_are_told_by_their_characters() {
        let kinds = ["2024", "5.2%", "½", "gdp", "5g", "Ⅳ型", "三十", "2024年", "5g网络", "привет"].map(kind_of);
        use Kind::{Latin, Number, Other};
        assert_eq!(kinds, [Number, Number, Number, Latin, Latin, Other, Other, Other, Other, Other]);
    }

    #[test]
    fn medians_and_longest() {
        let spread = |mut lengths: Vec<u32>| (Spread::of(&mut lengths).twice_median, Spread::of(&mut lengths).longest);
        assert_eq!(spread(vec![3, 1, 2]), (4, 3));
        assert_eq!(spread(vec![4, 1, 2, 9]), (6, 9));
        assert_eq!((spread(vec![7]), spread(vec![])), ((14, 7), (0, 0)));
    }
}
