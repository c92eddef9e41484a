//! The user dictionary: words that are cut whole wherever they stand.

use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, Level};
use crate::text::simplified;

use super::entry::{Entry, parse_line};
use super::lines::{content_lines, decode};
use super::mention::{BadLines, Mention, RefusedLine};

/// A word of the user dictionary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DictionaryWord {
    /// The word in normalised form, ASCII letters in lower case, with at least one letter, Han character or digit.
    pub word: String,
    /// The last part of speech typed beside it, if any.
    pub tag: Option<String>,
    /// Where it was typed, in reading order; never empty.
    pub mentions: Vec<Mention>,
}

/// The words of all dictionary files: distinct, in code-point order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Dictionary {
    words: BTreeMap<String, DictionaryWord>,
    refused: Vec<RefusedLine>,
    bad_lines: BadLines,
    in_simplified: bool,
}

impl Dictionary {
    /// An empty dictionary that treats bad lines like this.
    pub fn new(bad_lines: BadLines) -> Self {
        Self { bad_lines, ..Self::default() }
    }

    /// The same for text whose traditional characters are counted as simplified ones: then words are matched so too. Call it
    /// before words are added.
    #[must_use]
    pub fn in_simplified(self, in_simplified: bool) -> Self {
        Self { in_simplified, ..self }
    }

    /// Adds the words of one file, in any encoding that lists come in. Of a word listed twice the last tag wins, with a
    /// warning.
    ///
    /// Accepted lines: `word`, `word tag`, `word frequency`, `word frequency tag`, `word tag frequency`, parted by a tab, a
    /// comma (full-width too) or white space; with a tab or a comma the word may hold spaces. A frequency is read and has no effect, since
    /// every word of the list is a forced match.
    ///
    /// Returns the problems found: lines that could not be used (they add nothing), and warnings.
    pub fn add_file(&mut self, file: &str, bytes: &[u8]) -> Vec<Diagnostic> {
        let text = match decode(file, bytes) {
            Ok(text) => text,
            Err(problem) => return vec![problem],
        };
        let mut problems = Vec::new();
        for (line, content) in content_lines(&text) {
            match parse_line(content) {
                Ok(entry) => problems.extend(self.insert(file, line, entry)),
                Err((typed, refusal)) => {
                    let refused = RefusedLine { file: file.to_string(), line, typed, refusal };
                    problems.push(refused.diagnostic(self.bad_lines));
                    self.refused.push(refused);
                }
            }
        }
        problems
    }

    /// The words, in code-point order.
    pub fn words(&self) -> impl ExactSizeIterator<Item = &DictionaryWord> {
        self.words.values()
    }

    /// A word in normalised form, ASCII letters in lower case.
    pub fn get(&self, word: &str) -> Option<&DictionaryWord> {
        self.words.get(word)
    }

    /// Lines that gave no word, in reading order.
    pub fn refused(&self) -> &[RefusedLine] {
        &self.refused
    }

    /// How many words there are.
    pub fn len(&self) -> usize {
        self.words.len()
    }

    /// Whether there is no word.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    fn insert(&mut self, file: &str, line: usize, mut entry: Entry) -> Vec<Diagnostic> {
        if self.in_simplified {
            entry.word = simplified(&entry.word).into_owned();
        }
        let mut problems = Vec::new();
        let mut warn = |code, message: String| problems.push(Diagnostic::error(file, line, 0, code, message).at_level(Level::Warning));
        if let Some(tag) = entry.tag.as_ref().filter(|_| entry.tag_may_be_a_word) {
            warn(
                "D006",
                format!("`{tag}` is taken for the tag of `{}`; part word and tag by a tab if the word holds a space", entry.typed),
            );
        }
        let mention = Mention { file: file.to_string(), line, typed: entry.typed, tag: entry.tag.clone() };
        match self.words.get_mut(&entry.word) {
            None => {
                let word = DictionaryWord { word: entry.word.clone(), tag: entry.tag, mentions: vec![mention] };
                self.words.insert(entry.word, word);
            }
            Some(known) => {
                let first = &known.mentions[0];
                let counts = match (&known.tag, &entry.tag) {
                    (Some(old), Some(new)) if old != new => format!("; the tag `{new}` takes the place of `{old}`"),
                    _ => String::new(),
                };
                warn("D005", format!("`{}` is listed again (first at {}:{}){counts}", known.word, first.file, first.line));
                known.tag = entry.tag.or(known.tag.take());
                known.mentions.push(mention);
            }
        }
        problems
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::RefusalKind;

    fn read(text: &str) -> (Vec<(String, Option<String>)>, Vec<String>) {
        let mut dictionary = Dictionary::default();
        let problems = dictionary.add_file("dictionary.txt", text.as_bytes());
        let words = dictionary.words().map(|w| (w.word.clone(), w.tag.clone())).collect();
        (words, problems.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn reads_every_accepted_line() {
        let (words, problems) = read(
            "\u{FEFF}# 注释\n长三角\n碳达峰 n\n新质生产力 100\n一带一路\t50\tnz\n双碳，n,3\nBig Data\tn\nOpen Data\t\n\
             １２６家\u{3000}m\n五个中心\u{3000}１０\u{3000}nz\n",
        );
        assert_eq!(problems, Vec::<String>::new());
        let expected: Vec<(String, Option<String>)> = [
            ("126家", Some("m")),
            ("big data", Some("n")),
            ("open data", None),
            ("一带一路", Some("nz")),
            ("五个中心", Some("nz")),
            ("双碳", Some("n")),
            ("新质生产力", None),
            ("碳达峰", Some("n")),
            ("长三角", None),
        ]
        .map(|(w, t)| (w.to_string(), t.map(String::from)))
        .to_vec();
        assert_eq!(words, expected);
    }

    #[test]
    fn refuses_what_can_never_match_and_says_the_line() {
        let (words, problems) = read("甲乙 名词\n。\n好。\n丙丁\nBig Data n\n");
        assert_eq!(words.len(), 1);
        assert_eq!(problems.len(), 4);
        assert!(problems[0].starts_with("dictionary.txt:1: error[D002]"), "{}", problems[0]);
        assert!(problems[1].contains(":2: error[D003]") && problems[2].contains(":3: error[D004]"));
        assert!(problems[3].contains(":5: error[D002]") && problems[3].contains("by a tab"), "{}", problems[3]);
    }

    #[test]
    fn lines_that_are_skipped_are_remembered_with_the_reason() {
        let mut dictionary = Dictionary::new(BadLines::Skip);
        let problems = dictionary.add_file("d.txt", "甲乙 名词\n好。\n丙丁\n".as_bytes());
        assert!(problems.len() == 2 && problems.iter().all(|p| p.level == Level::Warning));
        assert_eq!(dictionary.len(), 1);
        let kinds: Vec<_> = dictionary.refused().iter().map(|r| (r.line, r.typed.as_str(), r.refusal.kind)).collect();
        assert_eq!(kinds, [(1, "甲乙 名词", RefusalKind::Rejected), (2, "好。", RefusalKind::Unreachable)]);
    }

    #[test]
    fn traditional_words_are_matched_as_the_text_is_counted() {
        let mut dictionary = Dictionary::default().in_simplified(true);
        dictionary.add_file("d.txt", "經濟發展 n\n".as_bytes());
        assert!(dictionary.get("经济发展").is_some_and(|word| word.mentions[0].typed == "經濟發展"));
    }

    #[test]
    fn a_word_listed_twice_keeps_the_last_tag() {
        let (words, problems) = read("双碳 n\n双碳 nz\n双碳\n");
        assert_eq!(words, [("双碳".to_string(), Some("nz".to_string()))]);
        assert!(problems[0].contains("warning[D005]") && problems[0].contains("dictionary.txt:1") && problems[0].contains("`nz`"));
        assert!(problems[1].contains("warning[D005]") && !problems[1].contains("`nz`"));
    }

    #[test]
    fn a_second_word_that_looks_like_a_tag_is_named() {
        for line in ["Big Data\n", "Open AI\n"] {
            let (_, problems) = read(line);
            assert!(problems.len() == 1 && problems[0].contains("warning[D006]"), "{problems:?}");
        }
        assert_eq!(read("双碳 Ng\n张三 nrfg\n").1, Vec::<String>::new());
    }
}
