//! Names of places. Every level of 浙江省杭州市西湖区 is a mention of its own, since each is a place that a reader looks up.

use super::classes::{NAMEISH, PLACE, PLACE_SUFFIX, PLACE_WEAK};
use super::context::{Candidate, Evidence, Reading, Rule, Sentence};
use super::listed::ListedForms;

fn found(start: usize, end: usize, rule: Rule, evidence: Evidence) -> Candidate {
    Candidate { start, end, reading: Reading::Place, rule, evidence, tail: 0, written: None }
}

/// The place that begins with token `at`, which is tagged or listed as one, with its 省, 市, 县 ….
pub(super) fn word(sentence: &Sentence<'_>, at: usize) -> Candidate {
    if sentence.behind(at + 1, PLACE_SUFFIX) && !has_level(sentence.text(at)) {
        return found(at, at + 2, Rule::PlaceSuffix, Evidence::Sure);
    }
    let evidence = match sentence.is(at, PLACE) {
        true => Evidence::Sure,
        false if sentence.before(at, PLACE | PLACE_SUFFIX) => Evidence::Shown,
        false => Evidence::None,
    };
    found(at, at + 1, ListedForms::rule_of(sentence.flags(at)), evidence)
}

/// Whether a name says its level already.
fn has_level(name: &str) -> bool {
    name.chars().count() > 2 && name.ends_with(['省', '市', '县', '区', '州', '旗', '镇', '乡', '村', '盟', '国', '洲'])
}

/// The name before 县, 镇, 村 … at `at`, where a place stands before it: 浙江 | 余 | 村.
pub(super) fn suffix(sentence: &Sentence<'_>, at: usize) -> Option<Candidate> {
    if at < 2 || !sentence.runs_on(at) || sentence.is(at - 1, PLACE | PLACE_WEAK | PLACE_SUFFIX) {
        return None;
    }
    let is_small = matches!(sentence.text(at), "县" | "区" | "镇" | "乡" | "村" | "旗" | "街道");
    let is_name = sentence.is(at - 1, NAMEISH) && sentence.text(at - 1).chars().count() <= 4;
    (is_small && is_name && sentence.before(at - 1, PLACE | PLACE_SUFFIX)).then(|| found(at - 1, at + 1, Rule::PlaceSuffix, Evidence::Sure))
}
