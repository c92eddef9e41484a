//! Names of persons: words tagged as such, and what the segmenter cut apart behind a title.

use super::classes::{FOREIGN, GIVEN, PERSON, PERSON_SURE, PLACE, PLACE_WEAK, SPEECH, SURNAME, TITLE};
use super::context::{Candidate, Evidence, Reading, Rule, Sentence};

/// Most characters of a given name.
const LONGEST_GIVEN: usize = 2;

/// The name that is token `at`.
pub(super) fn word(sentence: &Sentence<'_>, at: usize) -> Candidate {
    let is_sure = sentence.is(at, PERSON_SURE);
    let evidence = match is_sure {
        true => Evidence::Sure,
        false if is_shown(sentence, at, at + 1) => Evidence::Shown,
        false => Evidence::None,
    };
    let reading = match (sentence.is(at, FOREIGN), sentence.is(at, PLACE_WEAK)) {
        (true, true) => Reading::ForeignPlace,
        (true, false) => Reading::ForeignPerson,
        (false, _) => Reading::Person,
    };
    Candidate { start: at, end: at + 1, reading, rule: Rule::Tag, evidence, written: None }
}

/// Whether a title stands before or behind, a verb of speech behind, or a mark and another name on either side.
fn is_shown(sentence: &Sentence<'_>, start: usize, end: usize) -> bool {
    let is_name = |at: usize| sentence.is(at, PERSON);
    let in_list_behind = start > 0 && !sentence.joins(start) && is_name(start - 1);
    let in_list_before = end < sentence.len() && !sentence.joins(end) && is_name(end);
    sentence.before(start, TITLE) || sentence.behind(end, TITLE | SPEECH) || in_list_behind || in_list_before
}

/// A surname at `at` behind a title, with the one or two characters behind it that are words of their own.
pub(super) fn parts(sentence: &Sentence<'_>, at: usize) -> Option<Candidate> {
    if !sentence.is(at, SURNAME) || !sentence.before(at, TITLE) {
        return None;
    }
    let given = (at + 1..sentence.len().min(at + 1 + LONGEST_GIVEN))
        .take_while(|next| sentence.joins(*next) && sentence.is(*next, GIVEN) && !sentence.is(*next, PLACE | TITLE))
        .count();
    let end = at + 1 + given;
    (given > 0).then_some(Candidate {
        start: at,
        end,
        reading: Reading::Person,
        rule: Rule::TitleAndSurname,
        evidence: Evidence::Sure,
        written: None,
    })
}
