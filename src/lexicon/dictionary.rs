//! The user dictionary: words that are cut whole wherever they stand.

use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, Level};
use crate::text::{is_token_character, normalise};

use super::lines::{content_lines, decode};

/// A word of the user dictionary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DictionaryWord {
    /// The word in normalised form, with at least one letter, Han character or digit.
    pub word: String,
    /// The part of speech typed beside it, if any.
    pub tag: Option<String>,
    /// The file it was typed in.
    pub file: String,
    /// 1-based line of its last mention.
    pub line: usize,
}

/// The words of all dictionary files: distinct, in code-point order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Dictionary {
    words: BTreeMap<String, DictionaryWord>,
}

impl Dictionary {
    /// Adds the words of one file. Of a word listed twice the last tag wins, with a warning.
    ///
    /// Accepted lines: `word`, `word tag`, `word frequency`, `word frequency tag`, `word tag frequency`, parted by a tab, a
    /// comma or white space; with a tab or a comma the word may hold spaces. A frequency is read and has no effect, since
    /// every word of the list is a forced match.
    ///
    /// Returns the problems found: errors for lines that could not be read (they add nothing), warnings for the rest.
    pub fn add_file(&mut self, file: &str, bytes: &[u8]) -> Vec<Diagnostic> {
        let text = match decode(file, bytes) {
            Ok(text) => text,
            Err(problem) => return vec![problem],
        };
        let mut problems = Vec::new();
        for (line, content) in content_lines(text) {
            match parse_line(content) {
                Ok((word, tag)) => problems.extend(self.insert(file, line, word, tag)),
                Err(message) => problems.push(
                    Diagnostic::error(file, line, 0, "D002", message)
                        .with_help("write one word a line: `word`, `word tag`, `word frequency` or `word frequency tag`"),
                ),
            }
        }
        problems
    }

    /// The words, in code-point order.
    pub fn words(&self) -> impl ExactSizeIterator<Item = &DictionaryWord> {
        self.words.values()
    }

    /// How many words there are.
    pub fn len(&self) -> usize {
        self.words.len()
    }

    /// Whether there is no word.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    fn insert(&mut self, file: &str, line: usize, word: String, tag: Option<String>) -> Option<Diagnostic> {
        if !word.chars().any(is_token_character) {
            let message = format!("`{word}` has no letter, Han character or digit and can never be a token");
            return Some(Diagnostic::error(file, line, 0, "D003", message));
        }
        if let Some(mark) = word.chars().find(|c| matches!(c, '。' | '！' | '？' | '!' | '?' | '…' | '；' | ';')) {
            let message = format!("`{word}` holds `{mark}`, which ends a sentence: it can never match");
            return Some(Diagnostic::error(file, line, 0, "D004", message));
        }
        let entry = DictionaryWord { word: word.clone(), tag, file: file.to_string(), line };
        let earlier = self.words.insert(word, entry)?;
        let message = format!("`{}` is listed again (first at {}:{}); the later line counts", earlier.word, earlier.file, earlier.line);
        Some(Diagnostic::error(file, line, 0, "D005", message).at_level(Level::Warning))
    }
}

/// Word and tag of a line that is not blank and no comment.
fn parse_line(content: &str) -> Result<(String, Option<String>), String> {
    let fields: Vec<&str> = if content.contains(['\t', ',']) {
        content.split(['\t', ',']).map(str::trim).filter(|field| !field.is_empty()).collect()
    } else {
        content.split_whitespace().collect()
    };
    let (word, rest) = fields.split_first().ok_or_else(|| "expected a word, found only separators".to_string())?;
    let mut tag = None;
    let mut frequency = false;
    for field in rest {
        if field.bytes().all(|b| b.is_ascii_digit()) && !frequency {
            frequency = true;
        } else if (1..=5).contains(&field.len()) && field.bytes().all(|b| b.is_ascii_alphabetic()) && tag.is_none() {
            tag = Some(field.to_string());
        } else {
            return Err(format!("expected a tag or a frequency after `{word}`, found `{field}`"));
        }
    }
    Ok((normalise(word).trim().to_ascii_lowercase(), tag))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Vec<(String, Option<String>)>, Vec<String>) {
        let mut dictionary = Dictionary::default();
        let problems = dictionary.add_file("dictionary.txt", text.as_bytes());
        let words = dictionary.words().map(|w| (w.word.clone(), w.tag.clone())).collect();
        (words, problems.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn reads_every_accepted_line() {
        let (words, problems) =
            read("\u{FEFF}# 注释\n长三角\n碳达峰 n\n新质生产力 100\n一带一路\t50\tnz\n双碳,n,3\nBig Data\tn\n１２６家\u{3000}m\n");
        assert_eq!(problems, Vec::<String>::new());
        let expected: Vec<(String, Option<String>)> = [
            ("126家", Some("m")),
            ("big data", Some("n")),
            ("一带一路", Some("nz")),
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
        let (words, problems) = read("甲乙 名词\n。\n好。\n丙丁\n");
        assert_eq!(words.len(), 1);
        assert_eq!(problems.len(), 3);
        assert!(problems[0].starts_with("dictionary.txt:1: error[D002]"), "{}", problems[0]);
        assert!(problems[1].contains(":2: error[D003]") && problems[2].contains(":3: error[D004]"));
    }

    #[test]
    fn a_word_listed_twice_keeps_the_last_tag() {
        let (words, problems) = read("双碳 n\n双碳 nz\n");
        assert_eq!(words, [("双碳".to_string(), Some("nz".to_string()))]);
        assert!(problems[0].contains("warning[D005]") && problems[0].contains("dictionary.txt:1"));
    }
}
