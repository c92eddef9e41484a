//! Sentences into tokens.
//!
//! In: a normalised sentence. Out: its tokens, as byte ranges, and on request the part of speech of a word. Words of the user
//! dictionary and built-in patterns are taken first, whatever a statistical segmenter would do; what lies between them is cut
//! by that segmenter. Text that comes already cut keeps its words.
//! This room does not know documents, files or counts.

mod forced;
mod gathered;
mod given;
mod jieba;
mod patterns;

pub use gathered::{Cutting, Gathered, Piece};
pub use given::Mode;
pub use patterns::Patterns;

use crate::lexicon::Dictionary;

use forced::ForcedWords;
use jieba::Jieba;

/// Cuts a text that holds no forced word. The one door behind which a segmenter library stands.
trait Cut: Send + Sync {
    /// Appends where each piece ends, in bytes counted from `offset`, in order; the pieces concatenate to `text`, marks and
    /// spaces included. A line break is a piece of its own, and what it parts is cut as if each part stood alone.
    fn cut(&self, text: &str, offset: usize, ends: &mut Vec<u32>);
    /// The part of speech of a word, which depends on the word alone.
    fn tag(&self, word: &str) -> String;
    /// Whether the word stands in the library's own dictionary.
    fn knows(&self, word: &str) -> bool;
}

/// The segmenter with its dictionaries: immutable, shared by all threads.
pub struct Segmenter {
    mode: Mode,
    forced: ForcedWords,
    cutter: Box<dyn Cut>,
}

/// Name and version of the segmenter and its dictionary: another version changes every series of numbers.
pub const SEGMENTER_VERSION: &str = jieba::VERSION;

/// A segmenter without the user's words: its own dictionary takes about 0.1 s to load, which may go on beside other work.
pub struct LoadedSegmenter(Box<dyn Cut>);

impl LoadedSegmenter {
    /// Loads the segmenter's own dictionary.
    pub fn new() -> Self {
        Self(Box::new(Jieba::new()))
    }

    /// Adds the user's words as forced matches, and the built-in patterns if they are asked for.
    pub fn with_words(self, dictionary: &Dictionary, patterns: Patterns) -> Segmenter {
        Segmenter { mode: Mode::Jieba, forced: ForcedWords::new(dictionary, patterns), cutter: self.0 }
    }
}

impl Default for LoadedSegmenter {
    fn default() -> Self {
        Self::new()
    }
}

impl Segmenter {
    /// Loads the segmenter's own dictionary and prepares the user's words and the built-in patterns as forced matches.
    pub fn new(dictionary: &Dictionary) -> Self {
        LoadedSegmenter::new().with_words(dictionary, Patterns::Forced)
    }

    /// The same for text that is cut in another way.
    #[must_use]
    pub fn in_mode(self, mode: Mode) -> Self {
        Self { mode, ..self }
    }

    /// How text is cut.
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// Whether the text comes with its words already parted.
    pub fn takes_given_words(&self) -> bool {
        self.mode != Mode::Jieba
    }

    /// Part of speech of a token: as typed in the dictionary, else `m` for a built-in pattern, else the segmenter's; `n` for a
    /// word of the dictionary that has no tag and that the segmenter does not know.
    pub fn tag(&self, word: &str) -> String {
        match self.forced.tag(word) {
            Some(Some(tag)) => tag.to_string(),
            Some(None) if !self.cutter.knows(word) => "n".to_string(),
            None if self.forced.is_pattern(word) => patterns::TAG.to_string(),
            _ => self.cutter.tag(word),
        }
    }

    /// Whether a word stands in the segmenter's own dictionary.
    pub fn knows(&self, word: &str) -> bool {
        self.cutter.knows(word)
    }

    /// Whether a word is taken whole wherever it stands: it is in the user's dictionary, or a built-in pattern. Never in text
    /// that is already cut.
    pub fn forces(&self, word: &str) -> bool {
        !self.takes_given_words() && (self.forced.tag(word).is_some() || self.forced.is_pattern(word))
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
        Segmenter::new(&dictionary)
    }

    /// The tokens of each sentence.
    fn cut_all<'a>(segmenter: &Segmenter, sentences: &[&'a str]) -> Vec<Vec<&'a str>> {
        let mut gathered = Gathered::default();
        sentences.iter().for_each(|sentence| segmenter.gather(sentence, &mut gathered));
        let mut out = vec![Vec::new()];
        segmenter.cut(&mut gathered, |cutting| match cutting {
            Cutting::Piece(piece) if piece.is_token() => {
                let sentence = sentences[out.len() - 1];
                out.last_mut().unwrap().push(&sentence[piece.range()]);
            }
            Cutting::Piece(_) => {}
            Cutting::SentenceEnd => out.push(Vec::new()),
        });
        assert!(gathered.is_empty() && out.pop().is_some_and(|rest| rest.is_empty()));
        out
    }

    fn cut<'a>(segmenter: &Segmenter, text: &'a str) -> Vec<&'a str> {
        cut_all(segmenter, &[text]).remove(0)
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
    fn words_with_any_symbols_are_one_token_whatever_the_order_of_lines() {
        let probes = [
            ("国办发〔2024〕1号", "按照国办发〔2024〕1号文件执行"),
            ("“五个中心”", "推进“五个中心”建设"),
            ("C++", "学习C++语言"),
            ("5G网络", "建设5Ｇ网络基站"),
            ("阿卜杜拉·居尔", "总统阿卜杜拉•居尔来访"),
            ("二〇二五年", "到二○二五年建成"),
            ("１２６家", "共126家企业"),
            ("Big Data", "发展big data产业"),
            ("《条例》", "修订《条例》全文"),
        ];
        let lines: Vec<String> = probes.iter().map(|(word, _)| format!("{word}\t\n")).collect();
        let backwards: String = lines.iter().rev().cloned().collect();
        for list in [lines.concat(), backwards] {
            let segmenter = segmenter(&list);
            for (word, probe) in probes {
                let (word, probe) = (crate::text::normalise(word), crate::text::normalise(probe));
                let tokens: Vec<String> = cut(&segmenter, &probe).iter().map(|token| token.to_ascii_lowercase()).collect();
                assert!(tokens.contains(&word.to_ascii_lowercase()), "{word} in {tokens:?}");
            }
        }
    }

    #[test]
    fn patterns_are_one_token_tagged_as_numbers() {
        let text = "按国办发〔2024〕1号，2024年11月30日增长5.2%，二〇二四年一月二十七日达1,234.5亿元";
        let expected = ["按", "国办发〔2024〕1号", "2024年11月30日", "增长", "5.2%", "二〇二四年一月二十七日", "达", "1,234.5", "亿元"];
        assert_eq!(cut(&POLICY, text), expected);
        for word in ["国办发〔2024〕1号", "2024年11月30日", "5.2%", "二〇二四年一月二十七日", "1,234.5"] {
            assert_eq!(POLICY.tag(word), "m", "{word}");
        }
    }

    #[test]
    fn a_word_that_is_as_long_as_a_pattern_or_begins_before_it_wins() {
        let words = segmenter("二〇二四年 t\n2024年 t\n国办发〔2024〕1号文件 nz\n据国办\n3.14 nz\n");
        assert_eq!(cut(&words, "二〇二四年"), ["二〇二四年"]);
        assert_eq!((words.tag("二〇二四年"), words.tag("二〇二五年"), words.tag("3.14")), ("t".into(), "m".into(), "nz".into()));
        assert_eq!(cut(&words, "2024年与2024年1月"), ["2024年", "与", "2024年1月"]);
        assert_eq!(cut(&words, "国办发〔2024〕1号文件"), ["国办发〔2024〕1号文件"]);
        assert_eq!(cut(&words, "据国办发〔2024〕1号")[0], "据国办");
    }

    #[test]
    fn without_patterns_the_segmenter_cuts_numbers() {
        let plain = LoadedSegmenter::new().with_words(&Dictionary::default(), Patterns::Off);
        assert_eq!(cut(&plain, "2024年11月30日"), ["2024", "年", "11", "月", "30", "日"]);
        assert_ne!(plain.tag("国办发〔2024〕1号"), "m");
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
    fn words_that_are_given_stay_as_they_are() {
        let spaces = segmenter("长三角\n").in_mode(Mode::Spaces);
        assert_eq!(cut(&spaces, "推进 长三角一 体化 ， 5.2%增"), ["推进", "长三角一", "体化", "5.2%增"]);
        let tagged = segmenter("").in_mode(Mode::SlashTags);
        assert_eq!(cut(&tagged, "推进/v [长三角/ns 一体/n]nt 。/w"), ["推进", "长三角", "一体"]);
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
        fn pieces_rebuild_the_sentence(text in "[长三角一体化碳达峰推进AI5G ，。·〇x1.年月发〔〕号%\n]{0,30}") {
            let mut gathered = Gathered::default();
            POLICY.gather(&text, &mut gathered);
            let mut rebuilt = String::new();
            POLICY.cut(&mut gathered, |cutting| if let Cutting::Piece(piece) = cutting {
                assert_eq!(piece.range().start, rebuilt.len());
                assert_eq!(piece.key(), &text[piece.range()].to_ascii_lowercase());
                rebuilt.push_str(&text[piece.range()]);
            });
            prop_assert_eq!(rebuilt, text);
        }

        #[test]
        fn sentences_are_cut_together_as_each_alone(texts in prop::collection::vec("[长三角一体化碳达峰推进AI5G ，。·〇x1.年月发〔〕号%]{0,12}", 0..6)) {
            let sentences: Vec<&str> = texts.iter().map(String::as_str).collect();
            let alone: Vec<_> = sentences.iter().map(|text| cut(&POLICY, text)).collect();
            prop_assert_eq!(cut_all(&POLICY, &sentences), alone);
        }
    }
}
