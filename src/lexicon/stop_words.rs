//! Stop words: tokens that are counted, but are no terms.

use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, Level};
use crate::text::{is_han, normalise, simplified};

use super::lines::{content_lines, decode};
use super::mention::{BadLines, Mention, Refusal, RefusalKind, RefusedLine};

/// The stop words of all files: normalised, ASCII letters in lower case, each with the places where it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StopWords {
    words: BTreeMap<String, Vec<Mention>>,
    refused: Vec<RefusedLine>,
    bad_lines: BadLines,
    in_simplified: bool,
}

impl StopWords {
    /// An empty list that treats bad lines like this.
    pub fn new(bad_lines: BadLines) -> Self {
        Self { bad_lines, ..Self::default() }
    }

    /// The same for text whose traditional characters are counted as simplified ones. Call it before words are added.
    #[must_use]
    pub fn in_simplified(self, in_simplified: bool) -> Self {
        Self { in_simplified, ..self }
    }

    /// Adds the words of one file, in any encoding that lists come in: one a line, blank lines and `#` comments skipped.
    /// Returns the problems found.
    pub fn add_file(&mut self, file: &str, bytes: &[u8]) -> Vec<Diagnostic> {
        let text = match decode(file, bytes) {
            Ok(text) => text,
            Err(problem) => return vec![problem],
        };
        content_lines(&text).filter_map(|(line, content)| self.add_line(file, line, content.trim())).collect()
    }

    fn add_line(&mut self, file: &str, line: usize, typed: &str) -> Option<Diagnostic> {
        let word = normalise(typed).trim().to_ascii_lowercase();
        // Marks part what no token holds: `发展,5` and `关于/p` would never match.
        let has_more = word.contains([',', '，', '/']) && word.chars().any(is_han);
        if word.split_whitespace().count() != 1 || has_more {
            let message = format!("expected one word a line, without tag or number, found `{typed}`");
            let refusal = Refusal { kind: RefusalKind::Rejected, message, code: "S001", help: None };
            let refused = RefusedLine { file: file.to_string(), line, typed: typed.to_string(), refusal };
            let problem = refused.diagnostic(self.bad_lines);
            self.refused.push(refused);
            return Some(problem);
        }
        let word = if self.in_simplified { simplified(&word).into_owned() } else { word };
        let mentions = self.words.entry(word).or_default();
        mentions.push(Mention { file: file.to_string(), line, typed: typed.to_string(), tag: None });
        (mentions.len() > 1).then(|| {
            let first = &mentions[0];
            let message = format!("`{typed}` is listed again (first at {}:{})", first.file, first.line);
            Diagnostic::error(file, line, 0, "S002", message).at_level(Level::Warning)
        })
    }

    /// Whether this token, normalised and in lower case, is a stop word.
    pub fn contains(&self, word: &str) -> bool {
        self.words.contains_key(word)
    }

    /// The words, in code-point order.
    pub fn words(&self) -> impl ExactSizeIterator<Item = &str> {
        self.words.keys().map(String::as_str)
    }

    /// The words, in code-point order, with the places where each was typed, in reading order and never none.
    pub fn mentions(&self) -> impl ExactSizeIterator<Item = (&str, &[Mention])> {
        self.words.iter().map(|(word, mentions)| (word.as_str(), mentions.as_slice()))
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
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = "的\n# 注\nＡＮＤ\r\n的\n两 个\n\u{200B}\n";

    #[test]
    fn reads_words_as_typed_and_names_repeats() {
        let mut stop = StopWords::default();
        let problems = stop.add_file("stopwords.txt", LIST.as_bytes());
        assert!(stop.contains("的") && stop.contains("and") && !stop.contains("注"));
        assert_eq!(stop.len(), 2);
        assert!(problems[0].to_string().starts_with("stopwords.txt:4: warning[S002]"));
        assert!(problems[1].to_string().starts_with("stopwords.txt:5: error[S001]"));
        assert!(problems[2].to_string().starts_with("stopwords.txt:6: error[S001]"));
    }

    #[test]
    fn a_word_with_a_tag_or_a_number_is_refused() {
        let mut stop = StopWords::default();
        assert_eq!(stop.add_file("s.txt", "发展,5\n关于/p\n表示，v\nA/B\n1,000\n".as_bytes()).len(), 3);
        assert_eq!(stop.words().collect::<Vec<_>>(), ["1,000", "a/b"]);
    }

    #[test]
    fn lines_that_are_skipped_are_remembered() {
        let mut stop = StopWords::new(BadLines::Skip);
        let problems = stop.add_file("s.txt", LIST.as_bytes());
        assert!(problems.iter().all(|p| p.level == Level::Warning));
        assert_eq!(stop.refused().iter().map(|r| r.line).collect::<Vec<_>>(), [5, 6]);
    }
}
