//! Names of meetings: an ordinal, a place or a name, words between, and a head; or the topic behind a verb like 召开.

use super::classes::{
    ANCHOR, AND, CONVENE, GENERIC, GRAMMAR, INNER, MEETING_HEAD, NAMEISH, ORDINAL, ORGANISATION, PERSON, PLACE, PLACE_SUFFIX, PLENUM,
    TITLE, VERB,
};
use super::context::{Candidate, Evidence, Reading, Rule, Sentence};
use super::vocabulary::{GENERIC_MODIFIERS, GENERIC_ORGS, HEADS_OF_STATES, MEETING_HEADS, VERBS_OF_BODIES, VOCABULARY};

/// Most tokens before the head.
const LONGEST: usize = 12;

fn found(start: usize, end: usize, rule: Rule) -> Candidate {
    Candidate { start, end, reading: Reading::Meeting, rule, evidence: Evidence::Sure, tail: 0, written: None }
}

/// The meeting whose head is token `head`. `ended` says where a candidate begins that ends before a token.
pub(super) fn headed(sentence: &Sentence<'_>, head: usize, ended: &dyn Fn(usize) -> Option<usize>) -> Option<Candidate> {
    if sentence.is(head, PLENUM) {
        return plenum(sentence, head);
    }
    if sentence.joins(head + 1) && matches!(sentence.text(head + 1), "中心" | "厅" | "室" | "大厦" | "场馆" | "现场") {
        return None;
    }
    let found = [anchored(sentence, head, ended), topic(sentence, head), word(sentence, head)];
    found.into_iter().flatten().min_by_key(|candidate| candidate.start)
}

/// A word that says by itself which meeting it is: 博鳌亚洲论坛, 中央经济工作会议.
fn word(sentence: &Sentence<'_>, head: usize) -> Option<Candidate> {
    let text = sentence.text(head);
    let characters = text.chars().count();
    let says_which = ["中央", "全国", "中国"].into_iter().any(|anchor| text.starts_with(anchor)) && characters > 4;
    let is_games = characters == 3 && ["奥会", "运会", "博会"].into_iter().any(|end| text.ends_with(end));
    let is_kind = VOCABULARY.has(MEETING_HEADS, text) || VOCABULARY.has(GENERIC_ORGS, text);
    let rest = text.strip_suffix("会议").or_else(|| text.strip_suffix("大会")).unwrap_or(text);
    let is_common = (is_kind && !is_games) || VOCABULARY.has(GENERIC_MODIFIERS, rest);
    (says_which || (sentence.is(head, NAMEISH) && !is_common)).then(|| found(head, head + 1, Rule::MeetingHead))
}

/// 党的 | 二十 | 届 | 三中全会: which plenum it is says the number of the congress.
fn plenum(sentence: &Sentence<'_>, head: usize) -> Option<Candidate> {
    let mut start = head;
    while sentence.before(start, ORDINAL) && head - start < 4 {
        start -= 1;
    }
    let says_which = sentence.text(head).contains('届') || (start < head && sentence.text(head - 1).ends_with('届'));
    if !says_which {
        return None;
    }
    let of_party = sentence.joins(start)
        && start > 1
        && sentence.joins(start - 1)
        && sentence.text(start - 1) == "的"
        && sentence.text(start - 2) == "党";
    let start = if of_party { start - 2 } else { start };
    Some(found(start, head + 1, Rule::MeetingHead))
}

/// From the leftmost name or ordinal before the head that only words of names part from it.
fn anchored(sentence: &Sentence<'_>, head: usize, ended: &dyn Fn(usize) -> Option<usize>) -> Option<Candidate> {
    let (mut at, mut start) = (head, None);
    while sentence.runs_on(at) && head - at < LONGEST {
        at -= 1;
        // One meeting and another are two.
        if sentence.is(at, MEETING_HEAD) && sentence.is(at + 1, AND) {
            break;
        }
        if let Some(earlier) = ended(at + 1) {
            start = Some(earlier);
            at = earlier;
            continue;
        }
        if (sentence.is(at, PLACE | ORGANISATION | ANCHOR | NAMEISH) || is_ordinal(sentence, at))
            && !sentence.is(at, PERSON | TITLE | CONVENE)
        {
            start = Some(at);
            continue;
        }
        let may_join = sentence.is(at, AND) && sentence.joins(at) && !sentence.is(at - 1, PLACE | ORGANISATION | ANCHOR | PERSON);
        let goes_on = sentence.is(at, INNER | ORDINAL | PLACE_SUFFIX | MEETING_HEAD) && !sentence.is(at, TITLE | PERSON | CONVENE);
        if is_deed(sentence, at, head) || (!goes_on && !may_join && !is_who_meets(sentence, at, head)) {
            break;
        }
    }
    let start = start?;
    is_specific(sentence, start, head).then(|| found(start, head + 1, Rule::MeetingHead))
}

/// 财政部 | 落实 | 全会: what a body does about a plenary session is no part of its name. (总工会 | 宣传 | 工作会议 is one.)
fn is_deed(sentence: &Sentence<'_>, at: usize, head: usize) -> bool {
    sentence.text(head) == "全会" && sentence.before(at, ORGANISATION | PERSON) && VOCABULARY.has(VERBS_OF_BODIES, sentence.text(at))
}

/// 领导人 | 峰会, 外长 | 会议: an office that is part of the name, right before the head.
fn is_who_meets(sentence: &Sentence<'_>, at: usize, head: usize) -> bool {
    at + 1 == head
        && sentence.before(at, ORGANISATION | PLACE | ANCHOR | NAMEISH)
        && VOCABULARY.has(HEADS_OF_STATES, sentence.text(at))
        && sentence.text(head).ends_with(['会', '议', '坛', '晤'])
}

/// 第七 and 第七届, and 七 before 届: a number alone counts something else.
fn is_ordinal(sentence: &Sentence<'_>, at: usize) -> bool {
    let is_unit = |text: &str| matches!(text, "届" | "次");
    let text = sentence.text(at);
    let counts = text.starts_with('第') || text.ends_with(['届', '次']) || (sentence.joins(at + 1) && is_unit(sentence.text(at + 1)));
    sentence.is(at, ORDINAL) && counts && !is_unit(text)
}

/// Whether a stretch says which meeting it is: 第三次会议 does not, 全国人大第三次会议 does.
fn is_specific(sentence: &Sentence<'_>, start: usize, head: usize) -> bool {
    let says = |at: usize| !sentence.is(at, ORDINAL | GENERIC | AND | PLACE_SUFFIX);
    let content = (start..head).filter(|at| says(*at)).count();
    let has_body = (start..head).any(|at| sentence.is(at, ORGANISATION));
    let is_only_place = content == 1 && (start..head).all(|at| !says(at) || sentence.is(at, PLACE | ANCHOR));
    let head_alone =
        matches!(sentence.text(head), "会议" | "大会" | "座谈会" | "工作会议" | "年会" | "研讨会" | "对话会" | "茶话会" | "全体会议");
    has_body || (content > 0 && !(is_only_place && head_alone))
}

/// What stands between a verb like 召开 and the head, verbs too: 召开 | 深入 | 推进 | 长三角 | 发展 | 座谈会.
fn topic(sentence: &Sentence<'_>, head: usize) -> Option<Candidate> {
    let mut at = head;
    let mut content = 0;
    while sentence.runs_on(at) && head - at < LONGEST {
        at -= 1;
        if sentence.is(at, CONVENE) {
            return (content > 1).then(|| found(at + 1, head + 1, Rule::MeetingTopic));
        }
        let in_the_way = sentence.is(at, GRAMMAR | TITLE | PERSON | ORDINAL) && !is_adverb_of_topics(sentence.text(at));
        if in_the_way || !sentence.is(at, INNER | VERB | AND | GRAMMAR | PLACE_SUFFIX) {
            return None;
        }
        content += usize::from(!sentence.is(at, GENERIC | AND));
    }
    None
}

/// Adverbs that begin topics, tagged like any other.
fn is_adverb_of_topics(word: &str) -> bool {
    matches!(word, "深入" | "全面" | "进一步" | "扎实" | "加快" | "切实" | "深化")
}
