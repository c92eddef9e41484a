//! Names of persons: words tagged as such, and what the segmenter cut apart or drew together.

use super::classes::{
    Class, FOREIGN, GIVEN, GIVEN_WORD, GRAMMAR, OFFICE, ORDINAL, PERSON, PERSON_SURE, PLACE, PLACE_WEAK, SPEECH, SURNAME, TAILED, TITLE,
    VERB, WHOLE,
};
use super::context::{Candidate, Evidence, Reading, Rule, Sentence};
use super::vocabulary::{self, VOCABULARY};

/// Most characters of a given name.
const LONGEST_GIVEN: usize = 2;
/// Most tokens that a foreign name may be cut into on one side.
const LONGEST_PART: usize = 2;

fn found(start: usize, end: usize, rule: Rule, evidence: Evidence) -> Candidate {
    Candidate { start, end, reading: Reading::Person, rule, evidence, tail: 0, written: None }
}

/// The name that is token `at`, or begins or ends there.
pub(super) fn word(sentence: &Sentence<'_>, at: usize) -> Candidate {
    if sentence.is(at, FOREIGN) {
        return foreign(sentence, at);
    }
    // 丁 | 薛祥: a name of two characters behind a surname is a given name that looks like a name.
    let start = if sentence.before(at, SURNAME) && sentence.is(at, GIVEN_WORD) { at - 1 } else { at };
    let is_sure = sentence.is(at, PERSON_SURE) || start < at;
    let tail = u8::from(sentence.is(at, TAILED));
    let evidence = match is_sure {
        true => Evidence::Sure,
        false if tail > 0 && sentence.text(at).ends_with(['说', '称']) => Evidence::Shown,
        false if is_shown(sentence, start, at + 1) => Evidence::Shown,
        false => Evidence::None,
    };
    Candidate { tail, ..found(start, at + 1, Rule::Tag, evidence) }
}

/// Whether an office stands before or behind, a verb of speech behind, or a mark and another name on either side.
fn is_shown(sentence: &Sentence<'_>, start: usize, end: usize) -> bool {
    let is_name = |at: usize| sentence.is(at, PERSON);
    let in_list_behind = start > 0 && !sentence.joins(start) && is_name(start - 1);
    let in_list_before = end < sentence.len() && !sentence.joins(end) && is_name(end);
    sentence.before(start, OFFICE) || sentence.behind(end, OFFICE | SPEECH) || in_list_behind || in_list_before
}

/// Characters that beside a foreign name are a piece of it whatever their tag says: as words of their own they hardly occur.
const SOUNDS: [&str; 12] = ["安", "斯", "尔", "特", "夫", "尼", "迪", "诺", "芬", "弗", "赫", "瓦"];

/// A name written for its sound, with the tokens beside it that are pieces of it: 奥 | 朗德, 梅德韦 | 杰夫, 埃 | 尔多 | 安. A piece may look like
/// a name with a surname.
fn foreign(sentence: &Sentence<'_>, at: usize) -> Candidate {
    // 西藏 | 阿里 is a place in a place.
    let may_have_surname = !sentence.is(at, PLACE | PLACE_WEAK);
    let is_piece = |piece: usize| {
        let text = sentence.text(piece);
        let is_character = text.chars().count() == 1 && text.chars().all(|c| VOCABULARY.transliteration.contains(&c));
        let in_the_way: Class = GRAMMAR | VERB | TITLE | PLACE;
        let is_name =
            || sentence.is(piece, FOREIGN) || (may_have_surname && sentence.is(piece, PERSON) && VOCABULARY.is_transliterated(text));
        SOUNDS.contains(&text) || (!sentence.is(piece, in_the_way) && (is_character || is_name()))
    };
    let (mut start, mut end) = (at, at + 1);
    while at - start < LONGEST_PART && sentence.joins(start) && is_piece(start - 1) {
        start -= 1;
    }
    while end - at <= LONGEST_PART && sentence.joins(end) && is_piece(end) {
        end += 1;
    }
    let is_place = sentence.is(at, PLACE_WEAK) && end - start == 1;
    let evidence = if is_shown(sentence, start, end) { Evidence::Shown } else { Evidence::None };
    let reading = if is_place { Reading::ForeignPlace } else { Reading::ForeignPerson };
    Candidate { reading, ..found(start, end, Rule::Tag, evidence) }
}

/// A surname at `at` that is a word of its own, with the given name behind it.
pub(super) fn parts(sentence: &Sentence<'_>, at: usize) -> Option<Candidate> {
    let behind_title = sentence.before(at, TITLE);
    // 五十 | 万 | 欧元.
    if sentence.before(at, ORDINAL) {
        return None;
    }
    if sentence.behind(at + 1, GIVEN_WORD) && !sentence.is(at + 1, PLACE | WHOLE) {
        return Some(found(at, at + 2, Rule::SurnameAndGivenName, Evidence::Sure));
    }
    let is_free = |next: usize| sentence.joins(next) && !sentence.is(next, PLACE | TITLE | SPEECH | GRAMMAR);
    let is_name_word = |next: usize| {
        let text = || sentence.text(next);
        is_free(next)
            && !sentence.is(next, VERB | PLACE_WEAK | WHOLE)
            && text().chars().count() == LONGEST_GIVEN
            && !VOCABULARY.has(vocabulary::NOT_NAMES, text())
    };
    if is_name_word(at + 1) {
        // 周 | 文静 is seen wherever it stands, and is a person if enough of these places show it: 高 | 质量 is none.
        let evidence = if behind_title || sentence.behind(at + 2, SPEECH) { Evidence::Shown } else { Evidence::None };
        return Some(found(at, at + 2, Rule::SurnameAndGivenName, evidence));
    }
    let given = (at + 1..sentence.len().min(at + 1 + LONGEST_GIVEN)).take_while(|next| is_free(*next) && sentence.is(*next, GIVEN)).count();
    (behind_title && given > 0).then(|| found(at, at + 1 + given, Rule::SurnameAndGivenName, Evidence::Sure))
}
