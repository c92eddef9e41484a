//! Sentences into tokens.
//!
//! In: a normalised sentence. Out: its tokens, as byte ranges, and on request the part of speech of a word. Words of the user
//! dictionary are taken first, whatever a statistical segmenter would do; what lies between them is cut by that segmenter.
//! This room does not know documents, files or counts.

mod forced;
mod jieba;

use std::ops::Range;

use crate::lexicon::Dictionary;
use crate::text::is_token_character;

use forced::ForcedWords;
use jieba::Jieba;

/// Cuts a text that holds no forced word. The one door behind which a segmenter library stands.
trait Cut: Send + Sync {
    /// Calls `emit` with each piece, in order; the pieces concatenate to `text`, marks and spaces included.
    fn cut(&self, text: &str, emit: &mut dyn FnMut(Range<usize>));
    /// The part of speech of a word, which depends on the word alone.
    fn tag(&self, word: &str) -> String;
    /// Whether the word stands in the library's own dictionary.
    fn knows(&self, word: &str) -> bool;
}

/// The segmenter with its dictionaries: immutable, shared by all threads.
pub struct Segmenter {
    forced: ForcedWords,
    cutter: Box<dyn Cut>,
}

/// Name and version of the segmenter and its dictionary: another version changes every series of numbers.
pub const SEGMENTER_VERSION: &str = jieba::VERSION;

impl Segmenter {
    /// Loads the segmenter's own dictionary (about 0.2 s) and prepares the user's words as forced matches.
    ///
    /// # Errors
    /// Only when the words make a matcher larger than the address space of its states, some hundred million characters.
    pub fn new(dictionary: &Dictionary) -> Result<Self, String> {
        Ok(Self { forced: ForcedWords::new(dictionary)?, cutter: Box::new(Jieba::new()) })
    }

    /// Calls `emit` with every token of a normalised sentence, in order: pieces with a letter, a Han character or a digit.
    pub fn tokens(&self, sentence: &str, mut emit: impl FnMut(Range<usize>)) {
        self.pieces(sentence, |piece| {
            if sentence[piece.clone()].chars().any(is_token_character) {
                emit(piece);
            }
        });
    }

    /// Calls `emit` with every piece of a normalised sentence, marks and spaces included. They concatenate to it.
    pub fn pieces(&self, sentence: &str, mut emit: impl FnMut(Range<usize>)) {
        let mut done = 0;
        self.forced.find(sentence, |word| {
            self.cut_between(sentence, done..word.start, &mut emit);
            done = word.end;
            emit(word);
        });
        self.cut_between(sentence, done..sentence.len(), &mut emit);
    }

    /// Part of speech of a token: as typed in the dictionary, else the segmenter's, else `n` for a word of the dictionary.
    pub fn tag(&self, word: &str) -> String {
        match self.forced.tag(word) {
            Some(Some(tag)) => tag.to_string(),
            Some(None) if !self.cutter.knows(word) => "n".to_string(),
            _ => self.cutter.tag(word),
        }
    }

    fn cut_between(&self, sentence: &str, range: Range<usize>, emit: &mut impl FnMut(Range<usize>)) {
        if !range.is_empty() {
            let offset = range.start;
            self.cutter.cut(&sentence[range], &mut |piece| emit(offset + piece.start..offset + piece.end));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use proptest::prelude::*;

    use super::*;

    fn segmenter(words: &str) -> Segmenter {
        let mut dictionary = Dictionary::default();
        assert_eq!(dictionary.add_file("d.txt", words.as_bytes()), []);
        Segmenter::new(&dictionary).unwrap()
    }

    fn cut<'a>(segmenter: &Segmenter, text: &'a str) -> Vec<&'a str> {
        let mut out = Vec::new();
        segmenter.tokens(text, |r| out.push(&text[r]));
        out
    }

    static POLICY: LazyLock<Segmenter> = LazyLock::new(|| {
        segmenter(
            "长三角一体化\n长三角\nAI\n5G\n5G网络\n阿卜杜拉·居尔 nr\n二〇二五年\n碳达峰\n生产总值\n国内生产总值\n人工智能\n人工智能AI\n",
        )
    });

    #[test]
    fn dictionary_words_win_longest_first() {
        assert_eq!(cut(&POLICY, "推进长三角一体化和碳达峰工作。"), ["推进", "长三角一体化", "和", "碳达峰", "工作"]);
        assert_eq!(cut(&POLICY, "国内生产总值与生产总值"), ["国内生产总值", "与", "生产总值"]);
        assert_eq!(cut(&POLICY, "总统阿卜杜拉·居尔二〇二五年来访"), ["总统", "阿卜杜拉·居尔", "二〇二五年", "来访"]);
    }

    #[test]
    fn a_latin_edge_must_be_a_word_edge() {
        assert_eq!(cut(&POLICY, "MAIN"), ["MAIN"]);
        assert_eq!(cut(&POLICY, "用AI和5G网络"), ["用", "AI", "和", "5G网络"]);
        assert_eq!(cut(&POLICY, "15G"), ["15G"]);
        assert_eq!(cut(&POLICY, "人工智能AIGC"), ["人工智能", "AIGC"]);
        assert_eq!(cut(&POLICY, "ai"), ["ai"]);
    }

    #[test]
    fn tags_come_from_the_list_then_the_segmenter_then_n() {
        assert_eq!(POLICY.tag("阿卜杜拉·居尔"), "nr");
        assert_eq!(POLICY.tag("碳达峰"), "n");
        assert_eq!(POLICY.tag("推进"), "v");
        assert_eq!(POLICY.tag("ai"), "n");
        assert_eq!(POLICY.tag("2024"), "m");
        assert_eq!(POLICY.tag("gdp"), "eng");
    }

    #[test]
    fn marks_are_no_tokens() {
        assert_eq!(cut(&POLICY, "“——，。 ·"), Vec::<&str>::new());
    }

    proptest! {
        #[test]
        fn pieces_rebuild_the_sentence(text in "[长三角一体化碳达峰推进AI5G ，。·〇x1%]{0,30}") {
            let mut rebuilt = String::new();
            POLICY.pieces(&text, |r| {
                assert_eq!(r.start, rebuilt.len());
                rebuilt.push_str(&text[r]);
            });
            prop_assert_eq!(rebuilt, text);
        }
    }
}
