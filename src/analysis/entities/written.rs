//! What only the written text shows: titles in 《》, and the parts of foreign names around ·. Both are marks, so tokens alone do
//! not tell them.

use std::ops::Range;

use memchr::memmem;

use crate::corpus::Shard;
use crate::text::normalise;

use super::classes::{GRAMMAR, PLACE, SPEECH, TITLE, VERB};
use super::context::{Candidate, Evidence, Reading, Rule, Sentence};
use super::vocabulary::VOCABULARY;

/// The marks as they may be written, and the word that declares a short form; [`normalise`] makes one of the dots.
const MARKS: [&str; 8] = ["《", "·", "•", "・", "‧", "∙", "简称", "簡稱"];

/// The sentences of a shard that hold one of the marks, in order.
pub(super) fn marked_sentences(shard: &Shard) -> Vec<usize> {
    let mut found = Vec::new();
    for mark in MARKS {
        let mut sentence = 0;
        for at in memmem::find_iter(shard.text.as_bytes(), mark) {
            let ends_before = |next: usize| shard.sentences.get(next).is_some_and(|s| s.text_start as usize <= at);
            while ends_before(sentence + 1) {
                sentence += 1;
            }
            if found.last() != Some(&sentence) {
                found.push(sentence);
            }
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// The text of a mention that is not its tokens joined.
pub(super) type Written = (Candidate, String);

/// What the text of a sentence shows.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Titles and foreign names.
    pub mentions: Vec<Written>,
    /// For each declared short form one past the last token of what it stands for.
    pub declared: Vec<(usize, String)>,
}

/// Titles, foreign names and declarations of sentence `number`.
pub(super) fn find(sentence: &Sentence<'_>, number: usize) -> Found {
    let counted = sentence.shard.counted_text(number);
    let raw = sentence.shard.mode.without_tags(&counted);
    let text = normalise(&raw);
    let Some(tokens) = align(sentence, &text) else { return Found::default() };
    let mut mentions = titles(&raw, &text, &tokens);
    mentions.extend(foreign_names(sentence, &text, &tokens));
    Found { mentions, declared: declared(&text, &tokens) }
}

/// Most characters of a declared short form.
const LONGEST_SHORT_FORM: usize = 20;

/// 某某委员会(以下简称“某委”): the token behind the last one before the bracket, and the short form.
fn declared(text: &str, tokens: &[Range<usize>]) -> Vec<(usize, String)> {
    let declaration = |at: usize| {
        let before = text[..at].trim_end_matches(['以', '下']);
        let open = before.strip_suffix(['(', '（'])?.len();
        let behind = text[at + "简称".len()..].trim_start_matches(['为', ':', '：', ' ', '“', '"', '「', '《', '‘']);
        let end = behind.find(['”', '"', '」', '》', '’', ')', '）', ',', '，', '。', ';', '；'])?;
        let short: String = behind[..end].chars().filter(|c| !c.is_whitespace()).collect();
        let fits = (2..=LONGEST_SHORT_FORM).contains(&short.chars().count());
        // 》 may stand between a title and the bracket.
        let name_end = text[..open].trim_end_matches(['》', '”', '"', ' ']).len();
        let end = tokens.partition_point(|token| token.end <= name_end);
        (fits && end > 0 && tokens[end - 1].end == name_end).then_some((end, short))
    };
    text.match_indices("简称").filter_map(|(at, _)| declaration(at)).collect()
}

/// Where each token stands in the normalised text, in bytes. Nothing if they do not stand there one after another.
fn align(sentence: &Sentence<'_>, text: &str) -> Option<Vec<Range<usize>>> {
    let lower = text.to_ascii_lowercase();
    let mut at = 0;
    (0..sentence.len())
        .map(|token| {
            let word = sentence.text(token);
            while !lower[at..].starts_with(word) {
                at += lower[at..].chars().next()?.len_utf8();
            }
            let start = at;
            at += word.len();
            Some(start..at)
        })
        .collect()
}

/// Most characters of a title; a longer stretch is a 》 that is missing.
const LONGEST_TITLE: usize = 120;

/// The outermost pairs of 《 and 》, as the byte ranges between them.
fn bracketed(text: &str) -> Vec<Range<usize>> {
    let (mut depth, mut start, mut found) = (0u32, 0, Vec::new());
    for (at, c) in text.char_indices() {
        match c {
            '《' if depth == 0 => (depth, start) = (1, at + c.len_utf8()),
            '《' => depth += 1,
            '》' if depth == 1 => {
                found.push(start..at);
                depth = 0;
            }
            '》' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    found
}

fn titles(raw: &str, text: &str, tokens: &[Range<usize>]) -> Vec<Written> {
    let (as_written, ranges) = (bracketed(raw), bracketed(text));
    let same = as_written.len() == ranges.len();
    let title = |(number, range): (usize, &Range<usize>)| {
        let title = if same { &raw[as_written[number].clone()] } else { &text[range.clone()] };
        let start = tokens.partition_point(|token| token.end <= range.start);
        let end = tokens.partition_point(|token| token.start < range.end);
        let fits = start < end && title.chars().count() <= LONGEST_TITLE;
        let candidate =
            Candidate { start, end, reading: Reading::Document, rule: Rule::TitleMarks, evidence: Evidence::Sure, tail: 0, written: None };
        fits.then(|| (candidate, without_spaces(title)))
    };
    ranges.iter().enumerate().filter_map(title).collect()
}

/// White space is left out, but for that between Latin letters or digits.
fn without_spaces(title: &str) -> String {
    let words: Vec<&str> = title.split_whitespace().collect();
    let mut joined = String::with_capacity(title.len());
    for word in words {
        let parts_latin = joined.ends_with(|c: char| c.is_ascii_alphanumeric()) && word.starts_with(|c: char| c.is_ascii_alphanumeric());
        if parts_latin {
            joined.push(' ');
        }
        joined.push_str(word);
    }
    joined
}

/// Most tokens of one part of a name, and most of the whole.
const LONGEST_PART: usize = 4;

/// Names like 甲乙·丙丁: tokens that are written for their sound, joined by ·.
fn foreign_names(sentence: &Sentence<'_>, text: &str, tokens: &[Range<usize>]) -> Vec<Written> {
    let mut found: Vec<Written> = Vec::new();
    for (dot, mark) in text.match_indices('·') {
        let left_end = tokens.partition_point(|token| token.end <= dot);
        let start = match found.last() {
            Some((before, _)) if before.end == left_end && left_end > 0 && tokens[left_end - 1].end == dot => before.start,
            _ => part_before(sentence, tokens, left_end, dot),
        };
        let end = part_behind(sentence, tokens, left_end, dot + mark.len());
        if start == left_end || end == left_end {
            continue;
        }
        if found.last().is_some_and(|(before, _)| before.start == start) {
            found.pop();
        }
        let name = text[tokens[start].start..tokens[end - 1].end].to_string();
        let candidate =
            Candidate { start, end, reading: Reading::Person, rule: Rule::ForeignName, evidence: Evidence::Sure, tail: 0, written: None };
        found.push((candidate, name));
    }
    found
}

/// Whether a token may be part of a foreign name: written for its sound, or a Latin initial.
fn is_part(sentence: &Sentence<'_>, token: usize) -> bool {
    let word = sentence.text(token);
    let is_initial = word.len() == 1 && word.starts_with(|c: char| c.is_ascii_alphabetic());
    let sounds = word.chars().all(|c| VOCABULARY.transliteration.contains(&c));
    // 莫 is an adverb too, but between two parts of a name it is one of them.
    let is_grammar = sentence.is(token, GRAMMAR) && matches!(word, "于" | "让" | "比" | "因" | "当" | "及" | "可" | "都" | "多" | "来");
    is_initial || (sounds && !is_grammar && !sentence.is(token, TITLE | SPEECH))
}

/// Where the part begins that ends at byte `dot`, as a token; `end` is the first token behind it.
fn part_before(sentence: &Sentence<'_>, tokens: &[Range<usize>], end: usize, dot: usize) -> usize {
    let (mut start, mut edge) = (end, dot);
    while start > 0 && end - start < LONGEST_PART && tokens[start - 1].end == edge && is_part(sentence, start - 1) {
        // Only the token beside the dot may be the name of a place too.
        if start < end && sentence.is(start - 1, PLACE | VERB) {
            break;
        }
        start -= 1;
        edge = tokens[start].start;
    }
    start
}

/// One past the last token of the part that begins at byte `edge` with token `start`.
fn part_behind(sentence: &Sentence<'_>, tokens: &[Range<usize>], start: usize, edge: usize) -> usize {
    let (mut end, mut edge) = (start, edge);
    while end < tokens.len() && end - start < LONGEST_PART && tokens[end].start == edge && is_part(sentence, end) {
        if end > start && sentence.is(end, PLACE | VERB) {
            break;
        }
        edge = tokens[end].end;
        end += 1;
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outermost_title_marks_are_paired() {
        let parts = |text: &'static str| bracketed(text).into_iter().map(|range| &text[range]).collect::<Vec<_>>();
        assert_eq!(parts("《甲》和《乙《丙》丁》。"), ["甲", "乙《丙》丁"]);
        assert_eq!(parts("》甲《乙"), Vec::<&str>::new());
        assert_eq!(parts("《》"), [""]);
    }

    #[test]
    fn short_forms_are_declared_in_brackets_behind_a_name() {
        let text = "某某委员会（以下简称“某委”）与甲乙公司(简称：甲乙)称，简称丙丁";
        let of = |word: &str| text.find(word).map(|at| at..at + word.len()).unwrap();
        let tokens = [of("某某"), of("委员会"), of("与"), of("甲乙公司")];
        assert_eq!(declared(text, &tokens), [(2, "某委".to_string()), (4, "甲乙".to_string())]);
    }

    #[test]
    fn white_space_stays_between_latin_words_only() {
        assert_eq!(without_spaces("医者仁心 大爱 有你"), "医者仁心大爱有你");
        assert_eq!(without_spaces(" Green  Book 绿皮书 2 "), "Green Book绿皮书2");
    }
}
