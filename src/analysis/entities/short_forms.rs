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
    /// Of a law only if it is declared to be so, in this sentence or before.
    pub fn title(&mut self, title: &str, is_declared: bool) -> Option<String> {
        let short = title.to_ascii_lowercase();
        if let Some((.., full)) = self.declared.iter().find(|(known, reading, _)| *known == short && *reading == Reading::Document) {
            return Some(full.clone());
        }
        let stands_for =
            |full: &&String| full.strip_suffix(title).is_some_and(|cut| !cut.is_empty() && (is_declared || may_be_cut(cut, title)));
        let full = self.titles.iter().rev().find(stands_for).cloned();
        if full.is_none() && self.titles.len() < MOST && title.chars().count() >= SHORTEST_TITLE {
            self.titles.push(title.to_string());
        }
        full
    }

    /// Notes that `short` stands for `full` from here on. Where it is declared twice the last holds.
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

/// Whether a title may be called by its end alone. 环境保护法 is a law of its own, not the end of 海洋环境保护法: of a law only the country, the party,
/// the place or what leads to it is left out.
fn may_be_cut(cut: &str, title: &str) -> bool {
    let is_law = ["法", "法典", "条例"].into_iter().any(|end| title.ends_with(end)) && !title.ends_with("办法");
    let is_word_alone = title.chars().count() < 3 || title == "实施条例";
    !is_law || is_word_alone || cut.ends_with(['国', '省', '市', '区', '县', '州', '党', '军', '队', '的', '〈', '《'])
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
        assert_eq!(short.title("意见", false), None);
        assert_eq!(short.title("关于甲的意见", false), None);
        assert_eq!(short.title("关于乙的意见", false), None);
        assert_eq!(short.title("意见", false).as_deref(), Some("关于乙的意见"));
        assert_eq!(short.title("关于甲的意见", false), None, "a full title is itself");
        short.enter(1);
        assert_eq!(short.title("意见", false), None);
    }

    #[test]
    fn a_law_that_ends_like_another_is_one_of_its_own() {
        let mut short = ShortForms::default();
        short.enter(0);
        for full in [
            "中国共产党问责条例",
            "中华人民共和国海洋环境保护法",
            "中华人民共和国社会保险法",
            "浙江省数字经济促进条例",
            "关于优化营商环境的条例",
        ] {
            assert_eq!(short.title(full, false), None);
        }
        assert_eq!([short.title("环境保护法", false), short.title("保险法", false)], [None, None]);
        assert_eq!(short.title("海洋环境保护法", false).as_deref(), Some("中华人民共和国海洋环境保护法"));
        assert_eq!(short.title("数字经济促进条例", false).as_deref(), Some("浙江省数字经济促进条例"));
        assert_eq!(short.title("问责条例", false).as_deref(), Some("中国共产党问责条例"));
        assert_eq!(short.title("条例", false).as_deref(), Some("关于优化营商环境的条例"));
    }
}
