//! Names of organisations: words tagged as such, and a place or a name, words between, and a head: 浙江 | 省 | 公安厅.

use super::classes::{
    ANCHOR, AND, DOMAIN, GENERIC, INNER, NAMEISH, ORG_HEAD, ORGANISATION, PERSON_SURE, PLACE, PLACE_SUFFIX, PLACE_WEAK, SHORT_HEAD, TITLE,
    WEAK_HEAD,
};
use super::context::{Candidate, Evidence, Reading, Rule, Sentence};
use super::listed::ListedForms;
use super::vocabulary::{CITIES, COMPANY_KINDS, ORG_WEAK_HEADS, PROVINCES, VOCABULARY};

/// Most tokens before the head.
const LONGEST: usize = 8;

fn found(start: usize, end: usize, rule: Rule) -> Candidate {
    Candidate { start, end, reading: Reading::Organisation, rule, evidence: Evidence::Sure, tail: 0, written: None }
}

/// The organisation that is token `at`.
pub(super) fn word(sentence: &Sentence<'_>, at: usize) -> Candidate {
    found(at, at + 1, ListedForms::rule_of(sentence.flags(at)))
}

/// The organisation whose head is token `head`. `ended` says where a candidate begins that ends before a token.
pub(super) fn headed(sentence: &Sentence<'_>, head: usize, ended: &dyn Fn(usize) -> Option<usize>) -> Option<Candidate> {
    if sentence.is(head, SHORT_HEAD) && !sentence.is(head, ORG_HEAD) && !sentence.before(head, DOMAIN) {
        return None;
    }
    let anchored = || {
        let anchor = nearest_anchor(sentence, head, ended)?;
        let start = contiguous_anchors(sentence, anchor, ended);
        is_specific(sentence, start, anchor, head).then(|| found(start, head + 1, Rule::OrganisationHead))
    };
    anchored().or_else(|| company(sentence, head))
}

/// A company that has only a name before its head: 伊利 | 集团. (Before 公司 stands a kind of companies as often as a name, and both are tagged
/// alike.)
fn company(sentence: &Sentence<'_>, head: usize) -> Option<Candidate> {
    if sentence.text(head) != "集团" || !sentence.runs_on(head) {
        return None;
    }
    let (name, text) = (head - 1, sentence.text(head - 1));
    let is_name = sentence.is(name, NAMEISH) && !sentence.is(name, PLACE | PLACE_WEAK | ANCHOR | TITLE | GENERIC);
    (is_name && text.chars().count() > 1 && !VOCABULARY.has(COMPANY_KINDS, text)).then(|| found(name, head + 1, Rule::OrganisationHead))
}

/// The body of a province, a city or a county, where a short form of a national one stands behind its name: 江苏省 | 发改委 is not that of
/// the state. Of which place it is must be said: 省 | 发改委, 当地 | 卫健委 are names of none.
pub(super) fn of_a_place(sentence: &Sentence<'_>, body: &Candidate) -> Option<Candidate> {
    let (start, end) = (body.start, body.end);
    let is_organisation = body.reading == Reading::Organisation && body.written.is_none();
    if !is_organisation || !sentence.runs_on(start) || !is_shared(sentence.text(start), sentence.text(end - 1)) {
        return None;
    }
    let before = sentence.text(start - 1);
    let bare = |at: usize| sentence.is(at, PLACE_SUFFIX) && !sentence.before(at, PLACE | PLACE_WEAK);
    if bare(start - 1) || matches!(before, "当地" | "地方" | "各地" | "各级" | "基层" | "全省" | "全市" | "本省" | "本市" | "我省" | "我市")
    {
        return Some(Candidate { reading: Reading::Blocked, ..found(start - 1, end, Rule::OrganisationHead) });
    }
    let is_domestic = |at: usize| sentence.is(at, PLACE_SUFFIX) || (sentence.is(at, PLACE | PLACE_WEAK) && is_domestic(sentence.text(at)));
    let mut first = start;
    let is_before = |first: usize| is_domestic(first - 1) || (first < start && sentence.is(first - 1, PLACE | PLACE_WEAK));
    while sentence.runs_on(first) && start - first < LONGEST && is_before(first) {
        first -= 1;
    }
    (first < start && !sentence.is(first, PLACE_SUFFIX)).then(|| found(first, end, Rule::OrganisationHead))
}

/// Whether provinces, cities and counties have a body of this name too, which begins and ends with these words.
fn is_shared(first: &str, last: &str) -> bool {
    const OF_THE_STATE: [&str; 8] = ["国家", "国务院", "国办", "国新", "国台", "国侨", "港澳", "中"];
    last.ends_with(['委', '局', '办']) && !last.ends_with("总局") && !OF_THE_STATE.into_iter().any(|state| first.starts_with(state))
}

/// The first token before the head that is a name or 国家, 中央 …, with only words that names hold between.
fn nearest_anchor(sentence: &Sentence<'_>, head: usize, ended: &dyn Fn(usize) -> Option<usize>) -> Option<usize> {
    let mut at = head;
    while sentence.runs_on(at) && head - at < LONGEST {
        at -= 1;
        if let Some(start) = ended(at + 1) {
            return Some(start);
        }
        if sentence.is(at, PLACE | ORGANISATION | ANCHOR) {
            return Some(at);
        }
        let joins_domains = sentence.is(at, AND) && sentence.is(at + 1, DOMAIN) && sentence.before(at, DOMAIN);
        let goes_on = sentence.is(at, INNER | PLACE_SUFFIX | PLACE_WEAK | DOMAIN) && !sentence.is(at, TITLE | PERSON_SURE);
        if !goes_on && !joins_domains {
            return None;
        }
    }
    None
}

/// The first of the places and names that stand before an anchor without a gap: 中国 | 国际, 浙江省 | 杭州市.
fn contiguous_anchors(sentence: &Sentence<'_>, anchor: usize, ended: &dyn Fn(usize) -> Option<usize>) -> usize {
    let mut start = anchor;
    while sentence.runs_on(start) && anchor - start < LONGEST {
        match ended(start) {
            Some(earlier) => start = earlier,
            None if sentence.is(start - 1, PLACE | ORGANISATION | ANCHOR | PLACE_SUFFIX) => start -= 1,
            None => break,
        }
    }
    start
}

/// Whether a stretch names one body and not a kind of bodies: 中国银行业 says more than 中国 | 公司.
fn is_specific(sentence: &Sentence<'_>, start: usize, anchor: usize, head: usize) -> bool {
    let between = anchor + 1..head;
    let content = between.clone().filter(|at| !sentence.is(*at, PLACE_SUFFIX | AND)).count();
    let has_name = between.clone().any(|at| sentence.is(at, NAMEISH) && !sentence.is(at, GENERIC));
    let anchors_only = (start..=anchor).all(|at| sentence.is(at, ANCHOR) && !sentence.is(at, PLACE | ORGANISATION));
    let is_weak = sentence.is(head, WEAK_HEAD);
    let head_alone = VOCABULARY.has(ORG_WEAK_HEADS, sentence.text(head));
    let is_town = sentence.is(anchor, PLACE) && (between.clone().any(|at| sentence.is(at, PLACE_SUFFIX)) || is_town(sentence.text(anchor)));
    match (is_weak, anchors_only) {
        (true, true) => content > usize::from(head_alone),
        (true, false) if is_common(sentence.text(head)) => has_name || (is_town && (content > 0 || is_one_of_a_town(sentence.text(head)))),
        (true, false) => content > 0 || is_town || !head_alone,
        (false, true) => content > 0,
        (false, false) => true,
    }
}

/// 公司 and the like: of these every place has many.
fn is_common(head: &str) -> bool {
    matches!(head, "公司" | "学校" | "医院" | "中学" | "小学" | "组织" | "银行" | "大学" | "学院" | "集团")
}

/// A town or a province has one 大学, 银行 or 医院 of its name.
fn is_one_of_a_town(head: &str) -> bool {
    matches!(head, "大学" | "学院" | "银行" | "医院")
}

/// Of which place they are they do not say.
const BARE_DISTRICTS: [&str; 13] =
    ["新区", "高新区", "经开区", "开发区", "园区", "城区", "郊区", "市区", "地区", "灾区", "山区", "社区", "特区"];

/// A province or a town, or what is written like a part of one.
fn is_domestic(place: &str) -> bool {
    !BARE_DISTRICTS.contains(&place) && (is_town(place) || place.ends_with(['省', '州', '旗', '盟', '镇', '乡']))
}

fn is_town(place: &str) -> bool {
    let bare = place.strip_suffix(['市', '省']).unwrap_or(place);
    VOCABULARY.has(CITIES, bare) || VOCABULARY.has(PROVINCES, bare) || place.ends_with(['市', '县', '区'])
}
