//! What became of the words of the lists: how often each stands in the text, how often as a token, and what took the rest.
//!
//! A second segmentation, of the sentences only that hold such a word; where a forced word is a token, a third without forced
//! words shows what it cut.

use std::borrow::Cow;
use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::segment::{Cutting, Gathered, Segmenter};
use crate::text::{Literals, Normaliser, Occurrence, Places};
use crate::theme::{LiteralFinder, LiteralScratch, ThemeLiteral};

/// The words that are looked for.
pub struct AuditWords {
    /// For each normalised word its number.
    numbers: BTreeMap<String, u32>,
    /// By number: whether it is forced.
    is_forced: Vec<bool>,
    literals: Literals,
    themes: LiteralFinder,
    theme_count: usize,
}

impl AuditWords {
    /// The words that are forced, others, and the literals of a taxonomy, all but the last normalised with ASCII letters in lower
    /// case. A word may be given several times.
    pub fn new<'w>(forced: impl Iterator<Item = &'w str>, others: impl Iterator<Item = &'w str>, themes: &[ThemeLiteral<'_>]) -> Self {
        let mut words: BTreeMap<String, bool> = others.map(|word| (word.to_string(), false)).collect();
        words.extend(forced.map(|word| (word.to_string(), true)));
        let literals: Vec<&str> = words.keys().map(String::as_str).collect();
        let literals = Literals::new(&literals);
        Self {
            is_forced: words.values().copied().collect(),
            numbers: words.into_keys().zip(0u32..).collect(),
            literals,
            themes: LiteralFinder::new(themes),
            theme_count: themes.len(),
        }
    }

    /// Counts in these sentences, which are given as they are counted.
    pub fn count<'s>(&self, segmenter: &Segmenter, sentences: impl Iterator<Item = Cow<'s, str>>) -> AuditCounts {
        let mut pass = Pass { words: self, counts: AuditCounts::of(self), ..Pass::new(self) };
        sentences.for_each(|sentence| pass.read(segmenter, &sentence));
        pass.cut(segmenter);
        pass.cut_without_forced_words(segmenter);
        pass.counts
    }
}

/// What was counted of one word.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WordAudit {
    /// Occurrences in the normalised text, overlapping ones too.
    pub occurrences: u64,
    /// Occurrences that are exactly one token.
    pub tokens: u64,
    /// Longer tokens that hold an occurrence.
    takers: Tally,
    /// Tokens, joined by `|`, into which an occurrence that lies in no single one was cut, or that overlap it.
    cuts: Tally,
    /// Words of the segmenter that a forced token cut.
    crossed: Tally,
}

/// Texts with their counts.
type Tally = FxHashMap<Box<str>, u64>;

impl WordAudit {
    /// Longer tokens that hold an occurrence, the most frequent first, then by text.
    pub fn takers(&self) -> Vec<(&str, u64)> {
        sorted(&self.takers)
    }

    /// Tokens joined by `|` into which occurrences were cut, or that overlap them, in the same order.
    pub fn cuts(&self) -> Vec<(&str, u64)> {
        sorted(&self.cuts)
    }

    /// Words of the segmenter inside which an edge of a forced token lies, in the same order.
    pub fn crossed(&self) -> Vec<(&str, u64)> {
        sorted(&self.crossed)
    }

    fn merge(&mut self, other: Self) {
        self.occurrences += other.occurrences;
        self.tokens += other.tokens;
        for (mine, theirs) in [(&mut self.takers, other.takers), (&mut self.cuts, other.cuts), (&mut self.crossed, other.crossed)] {
            theirs.into_iter().for_each(|(text, count)| *mine.entry(text).or_default() += count);
        }
    }
}

fn sorted(tally: &Tally) -> Vec<(&str, u64)> {
    let mut all: Vec<(&str, u64)> = tally.iter().map(|(text, count)| (&**text, *count)).collect();
    all.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    all
}

fn add_one(tally: &mut Tally, text: &str) {
    match tally.get_mut(text) {
        Some(count) => *count += 1,
        None => {
            tally.insert(text.into(), 1);
        }
    }
}

/// Counts of all words; those of several batches merge in any order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AuditCounts {
    /// By number of the word; empty when nothing was counted.
    words: Vec<WordAudit>,
    /// By number of the theme literal: occurrences in match text.
    themes: Vec<u64>,
}

impl AuditCounts {
    fn of(words: &AuditWords) -> Self {
        Self { words: vec![WordAudit::default(); words.is_forced.len()], themes: vec![0; words.theme_count] }
    }

    /// What was counted of a normalised word; nothing of one that was never seen.
    pub fn word(&self, words: &AuditWords, word: &str) -> WordAudit {
        words.numbers.get(word).and_then(|number| self.words.get(*number as usize)).cloned().unwrap_or_default()
    }

    /// Occurrences of a theme literal in match text, by its index.
    pub fn theme(&self, literal: usize) -> u64 {
        self.themes.get(literal).copied().unwrap_or_default()
    }

    /// The counts of both.
    #[must_use]
    pub fn merged(mut self, other: Self) -> Self {
        if self.words.is_empty() && self.themes.is_empty() {
            return other;
        }
        self.words.iter_mut().zip(other.words).for_each(|(mine, theirs)| mine.merge(theirs));
        self.themes.iter_mut().zip(other.themes).for_each(|(mine, theirs)| *mine += theirs);
        self
    }
}

/// Sentences that wait to be cut, each with the end of its occurrences in the list of all.
#[derive(Default)]
struct Queue {
    gathered: Gathered,
    occurrences: Vec<Occurrence>,
    ends: Vec<usize>,
}

struct Pass<'a> {
    words: &'a AuditWords,
    counts: AuditCounts,
    normaliser: Normaliser,
    scratch: LiteralScratch,
    characters: Vec<char>,
    places: Places,
    forced: Queue,
    plain: Queue,
    /// For each sentence of `forced`, whether it stands in `plain` too.
    is_in_plain: Vec<bool>,
}

impl<'a> Pass<'a> {
    fn new(words: &'a AuditWords) -> Self {
        Self {
            words,
            counts: AuditCounts::default(),
            normaliser: Normaliser::default(),
            scratch: LiteralScratch::default(),
            characters: Vec::new(),
            places: Places::default(),
            forced: Queue::default(),
            plain: Queue::default(),
            is_in_plain: Vec::new(),
        }
    }

    fn read(&mut self, segmenter: &Segmenter, sentence: &str) {
        let Self { words, counts, normaliser, scratch, characters, places, forced, plain, is_in_plain } = self;
        words.themes.find(sentence, scratch, |literal| counts.themes[literal as usize] += 1);
        normaliser.keeps_words_apart = segmenter.takes_given_words();
        normaliser.read(sentence);
        let view = normaliser.view(sentence);
        characters.clear();
        characters.extend(view.chars().map(|c| c.to_ascii_lowercase()));
        let first = forced.occurrences.len();
        forced.occurrences.extend(words.literals.find(characters, places));
        let found = &forced.occurrences[first..];
        if found.is_empty() {
            return;
        }
        let has_forced = found.iter().any(|occurrence| words.is_forced[occurrence.literal as usize]);
        if has_forced {
            plain.gathered.add_plain(view);
        }
        is_in_plain.push(has_forced);
        segmenter.gather(view, &mut forced.gathered);
        forced.ends.push(forced.occurrences.len());
    }

    /// Cuts as it is counted, and looks what became of every occurrence.
    fn cut(&mut self, segmenter: &Segmenter) {
        let Self { words, counts, forced, plain, is_in_plain, .. } = self;
        let mut is_in_plain = is_in_plain.iter();
        each_sentence(segmenter, forced, |pieces, occurrences| {
            for occurrence in occurrences {
                let count = &mut counts.words[occurrence.literal as usize];
                count.occurrences += 1;
                if pieces.judge(*occurrence, count) && words.is_forced[occurrence.literal as usize] {
                    plain.occurrences.push(*occurrence);
                }
            }
            if is_in_plain.next() == Some(&true) {
                plain.ends.push(plain.occurrences.len());
            }
        });
    }

    /// Cuts as the segmenter alone would, and looks which of its words the forced tokens crossed.
    fn cut_without_forced_words(&mut self, segmenter: &Segmenter) {
        let Self { counts, plain, .. } = self;
        each_sentence(segmenter, plain, |pieces, tokens| {
            for token in tokens {
                let tally = &mut counts.words[token.literal as usize].crossed;
                let left = pieces.across(token.start);
                let right = pieces.across(token.end).filter(|right| Some(*right) != left);
                [left, right].into_iter().flatten().for_each(|piece| add_one(tally, pieces.text(piece, piece)));
            }
        });
    }
}

/// Calls `see` with the pieces of each sentence of the queue and its occurrences, and empties the queue.
fn each_sentence(segmenter: &Segmenter, queue: &mut Queue, mut see: impl FnMut(&mut Pieces, &[Occurrence])) {
    let Queue { gathered, occurrences, ends } = queue;
    let mut pieces = Pieces::default();
    let (mut start, mut ends) = (0, ends.drain(..));
    segmenter.cut(gathered, |cutting| match cutting {
        Cutting::Piece(piece) => pieces.push(piece.key(), piece.is_token()),
        Cutting::SentenceEnd => {
            let end = ends.next().unwrap_or(start);
            see(&mut pieces, &occurrences[start..end]);
            start = end;
            pieces.clear();
        }
    });
    drop(ends);
    occurrences.clear();
}

/// The pieces of one sentence.
#[derive(Default)]
struct Pieces {
    text: String,
    /// For each piece where it ends, in bytes.
    byte_ends: Vec<usize>,
    /// For each piece where it ends, in characters.
    ends: Vec<u32>,
    is_token: Vec<bool>,
    joined: String,
}

impl Pieces {
    fn push(&mut self, key: &str, is_token: bool) {
        self.text.push_str(key);
        self.byte_ends.push(self.text.len());
        self.ends.push(self.ends.last().copied().unwrap_or(0) + crate::text::scalar_count(key));
        self.is_token.push(is_token);
    }

    fn clear(&mut self) {
        self.text.clear();
        self.byte_ends.clear();
        self.ends.clear();
        self.is_token.clear();
    }

    /// The piece that holds a character.
    fn at(&self, character: u32) -> usize {
        self.ends.partition_point(|end| *end <= character)
    }

    fn start(&self, piece: usize) -> u32 {
        piece.checked_sub(1).map_or(0, |before| self.ends[before])
    }

    /// The text from one piece to another, both included.
    fn text(&self, first: usize, last: usize) -> &str {
        let start = first.checked_sub(1).map_or(0, |before| self.byte_ends[before]);
        &self.text[start..self.byte_ends[last]]
    }

    /// The piece in which this place between two characters lies, unless it is an edge.
    fn across(&self, place: u32) -> Option<usize> {
        let piece = self.at(place);
        (piece < self.ends.len() && self.start(piece) < place).then_some(piece)
    }

    /// Whether the occurrence is exactly one token; if not, `count` learns what took it.
    fn judge(&mut self, occurrence: Occurrence, count: &mut WordAudit) -> bool {
        let (first, last) = (self.at(occurrence.start), self.at(occurrence.end - 1));
        let is_exact = self.start(first) == occurrence.start && self.ends[last] == occurrence.end;
        if first != last {
            self.joined.clear();
            for piece in first..=last {
                if piece > first {
                    self.joined.push('|');
                }
                let start = piece.checked_sub(1).map_or(0, |before| self.byte_ends[before]);
                self.joined.push_str(&self.text[start..self.byte_ends[piece]]);
            }
            add_one(&mut count.cuts, &self.joined);
            return false;
        }
        if !is_exact {
            add_one(&mut count.takers, self.text(first, first));
        } else if self.is_token[first] {
            count.tokens += 1;
            return true;
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use proptest::prelude::*;

    use super::*;
    use crate::lexicon::Dictionary;

    static SEGMENTER: LazyLock<(Segmenter, AuditWords)> = LazyLock::new(|| {
        let mut dictionary = Dictionary::default();
        assert_eq!(dictionary.add_file("d.txt", "国内生产总值\n生产总值\n发展中\nAI\n甲乙\n乙丙\n".as_bytes()), []);
        let words = AuditWords::new(dictionary.words().map(|w| w.word.as_str()), ["的", "，", "经济", "乙"].into_iter(), &[]);
        (Segmenter::new(&dictionary), words)
    });

    fn count(sentences: &[&str]) -> AuditCounts {
        SEGMENTER.1.count(&SEGMENTER.0, sentences.iter().map(|sentence| (*sentence).into()))
    }

    type Tallied = Vec<(String, u64)>;

    /// Occurrences, tokens, takers, cuts.
    fn word(counts: &AuditCounts, word: &str) -> (u64, u64, Tallied, Tallied) {
        let own = |all: Vec<(&str, u64)>| all.into_iter().map(|(text, count)| (text.to_string(), count)).collect();
        let audit = counts.word(&SEGMENTER.1, word);
        (audit.occurrences, audit.tokens, own(audit.takers()), own(audit.cuts()))
    }

    #[test]
    fn every_occurrence_is_a_token_or_has_a_taker() {
        let counts = count(&["国内生产总值和生产总值", "国内生产总值"]);
        assert_eq!(word(&counts, "生产总值"), (3, 1, vec![("国内生产总值".into(), 2)], vec![]));
        assert_eq!(word(&counts, "国内生产总值"), (2, 2, vec![], vec![]));
        assert_eq!(word(&count(&["MAIN用AI，ＡＩ"]), "ai"), (3, 2, vec![("main".into(), 1)], vec![]));
        assert_eq!(word(&count(&["甲乙丙"]), "乙丙"), (1, 0, vec![], vec![("甲乙|丙".into(), 1)]));
        assert_eq!(word(&count(&["他，我"]), "，"), (1, 0, vec![], vec![]));
        assert_eq!(word(&count(&["无关"]), "经济"), (0, 0, vec![], vec![]));
    }

    #[test]
    fn a_forced_word_that_cuts_a_longer_one_is_found() {
        let counts = count(&["发展中国家的经济", "发展中的经济"]);
        let audit = counts.word(&SEGMENTER.1, "发展中");
        assert_eq!((audit.occurrences, audit.tokens, audit.crossed()), (2, 2, vec![("发展中国家", 1)]));
        assert_eq!(counts.word(&SEGMENTER.1, "经济").crossed(), []);
    }

    proptest! {
        #[test]
        fn parts_add_up_to_the_whole(texts in prop::collection::vec("[国内生产总值发展中经济的甲乙丙AIM，]{0,16}", 0..6)) {
            let sentences: Vec<&str> = texts.iter().map(String::as_str).collect();
            let whole = count(&sentences);
            let parts = sentences.iter().map(|s| count(&[s])).fold(AuditCounts::default(), AuditCounts::merged);
            prop_assert_eq!(&parts, &if sentences.is_empty() { AuditCounts::default() } else { whole.clone() });
            for text in SEGMENTER.1.numbers.keys() {
                let (occurrences, tokens, takers, cuts) = word(&whole, text);
                let taken: u64 = takers.iter().chain(&cuts).map(|(_, count)| count).sum();
                prop_assert!(text == "，" || occurrences == tokens + taken, "{}", text);
            }
        }
    }
}
