//! Short forms that hold for one document: what it declares with 以下简称, and titles that are the end of one named before.

use super::context::{Candidate, Evidence, Reading, Rule, Sentence};

/// What the document in hand has said so far.
#[derive(Debug, Default)]
pub(super) struct ShortForms {
    document: Option<u32>,
    /// Full titles in 《》, in order.
    titles: Vec<String>,
    /// Short form, its reading and what it stands for.
    declared: Vec<(String, Reading, String)>,
}

/// Titles that are remembered, and declarations: a document with more is a list.
const MOST: usize = 200;

/// Titles of so many characters are names by themselves.
const SHORTEST_TITLE: usize = 5;

impl ShortForms {
    /// Goes on to a sentence of this document; what another one said no longer holds.
    pub fn enter(&mut self, document: u32) {
        if self.document != Some(document) {
            self.document = Some(document);
            self.titles.clear();
            self.declared.clear();
        }
    }

    /// The title named before that ends with this one, such as 关于某事的意见 for 意见: the latest of them.
    pub fn title(&mut self, title: &str) -> Option<String> {
        let full = self.titles.iter().rev().find(|full| full.ends_with(title) && full.len() > title.len()).cloned();
        if full.is_none() && self.titles.len() < MOST && title.chars().count() >= SHORTEST_TITLE {
            self.titles.push(title.to_string());
        }
        full
    }

    /// Notes that `short` stands for `full` from the next sentence on. Where it is declared twice the last holds.
    pub fn declare(&mut self, short: String, reading: Reading, full: String) {
        let short = short.to_ascii_lowercase();
        self.declared.retain(|(known, ..)| *known != short);
        if self.declared.len() < MOST && short != full {
            self.declared.push((short, reading, full));
        }
    }

    /// Declared short forms in a sentence where words begin and end with them, each with its text and what it stands for.
    pub fn find(&self, sentence: &Sentence<'_>) -> Vec<(Candidate, String, String)> {
        let mut found = Vec::new();
        for (short, reading, full) in &self.declared {
            for start in 0..sentence.len() {
                if let Some(end) = end_of(sentence, start, short) {
                    let (rule, evidence) = (Rule::Declared, Evidence::Sure);
                    let candidate = Candidate { start, end, reading: *reading, rule, evidence, tail: 0, written: None };
                    found.push((candidate, short.clone(), full.clone()));
                }
            }
        }
        found
    }
}

/// One past the last of the tokens that begin at `start` and are this text.
fn end_of(sentence: &Sentence<'_>, start: usize, text: &str) -> Option<usize> {
    let mut rest = text;
    let mut at = start;
    while !rest.is_empty() {
        if at == sentence.len() || (at > start && !sentence.joins(at)) {
            return None;
        }
        rest = rest.strip_prefix(sentence.text(at))?;
        at += 1;
    }
    Some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_title_stands_for_the_latest_long_one_of_its_document() {
        let mut short = ShortForms::default();
        short.enter(0);
        assert_eq!(short.title("意见"), None);
        assert_eq!(short.title("关于甲的意见"), None);
        assert_eq!(short.title("关于乙的意见"), None);
        assert_eq!(short.title("意见").as_deref(), Some("关于乙的意见"));
        assert_eq!(short.title("关于甲的意见"), None, "a full title is itself");
        short.enter(1);
        assert_eq!(short.title("意见"), None);
    }
}
