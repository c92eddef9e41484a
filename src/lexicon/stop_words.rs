//! Stop words: tokens that are counted, but are no terms.

use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, Level};
use crate::text::normalise;

use super::lines::{content_lines, decode};

/// The stop words of all files: normalised, ASCII letters in lower case, each with the place of its first mention.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StopWords {
    words: BTreeMap<String, (String, usize)>,
}

impl StopWords {
    /// Adds the words of one file: one a line, blank lines and `#` comments skipped. Returns the problems found.
    pub fn add_file(&mut self, file: &str, bytes: &[u8]) -> Vec<Diagnostic> {
        let text = match decode(file, bytes) {
            Ok(text) => text,
            Err(problem) => return vec![problem],
        };
        let mut problems = Vec::new();
        for (line, content) in content_lines(text) {
            let word = normalise(content).trim().to_ascii_lowercase();
            if word.split_whitespace().count() > 1 {
                let message = format!("expected one word a line, found `{content}`");
                problems.push(Diagnostic::error(file, line, 0, "S001", message));
            } else if let Some((first_file, first_line)) = self.words.get(&word) {
                let message = format!("`{word}` is listed again (first at {first_file}:{first_line})");
                problems.push(Diagnostic::error(file, line, 0, "S002", message).at_level(Level::Warning));
            } else {
                self.words.insert(word, (file.to_string(), line));
            }
        }
        problems
    }

    /// Whether this token, normalised and in lower case, is a stop word.
    pub fn contains(&self, word: &str) -> bool {
        self.words.contains_key(word)
    }

    /// The words, in code-point order.
    pub fn words(&self) -> impl ExactSizeIterator<Item = &str> {
        self.words.keys().map(String::as_str)
    }

    /// How many words there are.
    pub fn len(&self) -> usize {
        self.words.len()
    }

    /// Whether there is no word.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_words_as_typed_and_names_repeats() {
        let mut stop = StopWords::default();
        let problems = stop.add_file("stopwords.txt", "的\n# 注\nＡＮＤ\r\n的\n两 个\n".as_bytes());
        assert!(stop.contains("的") && stop.contains("and") && !stop.contains("注"));
        assert_eq!(stop.len(), 2);
        assert!(problems[0].to_string().starts_with("stopwords.txt:4: warning[S002]"));
        assert!(problems[1].to_string().starts_with("stopwords.txt:5: error[S001]"));
    }
}
