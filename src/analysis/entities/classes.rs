//! What a word may be in a name: a set of flags, computed once for every word of the vocabulary.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::corpus::Corpus;
use crate::text::is_han;

use super::listed::{Form, ListedForms};
use super::vocabulary::VOCABULARY;
use crate::analysis::Inputs;

/// A set of flags.
pub(super) type Class = u32;

/// May be the whole name of a person.
pub(super) const PERSON: Class = 1;
/// Needs no evidence for it: a name of three or four characters, of a surname that is no common word.
pub(super) const PERSON_SURE: Class = 1 << 1;
/// A surname as a word of its own.
pub(super) const SURNAME: Class = 1 << 2;
/// One character that may be (part of) a given name behind a surname.
pub(super) const GIVEN: Class = 1 << 3;
/// An office, a profession or a form of address.
pub(super) const TITLE: Class = 1 << 4;
/// A verb whose subject is a person.
pub(super) const SPEECH: Class = 1 << 5;
/// The name of a place.
pub(super) const PLACE: Class = 1 << 6;
/// Tagged as a place, but known from nowhere else: needs a place before it or 市, 县 … behind it.
pub(super) const PLACE_WEAK: Class = 1 << 7;
/// A foreign name of a person or a place.
pub(super) const FOREIGN: Class = 1 << 8;
/// 省, 市, 县 … as a word of its own.
pub(super) const PLACE_SUFFIX: Class = 1 << 9;
/// The name of an organisation.
pub(super) const ORGANISATION: Class = 1 << 10;
/// May end the name of an organisation.
pub(super) const ORG_HEAD: Class = 1 << 11;
/// Such a head that is also a common noun.
pub(super) const WEAK_HEAD: Class = 1 << 12;
/// 部, 局, 厅 … as a word of its own.
pub(super) const SHORT_HEAD: Class = 1 << 13;
/// A subject of government.
pub(super) const DOMAIN: Class = 1 << 14;
/// Begins names of bodies without being one: 国家, 中央, 国际.
pub(super) const ANCHOR: Class = 1 << 15;
/// May stand within the name of an organisation or a meeting.
pub(super) const INNER: Class = 1 << 16;
/// A name of some kind, not a common noun.
pub(super) const NAMEISH: Class = 1 << 17;
/// May end the name of a meeting.
pub(super) const MEETING_HEAD: Class = 1 << 18;
/// Says what kind a meeting is, but not which.
pub(super) const GENERIC: Class = 1 << 19;
/// A verb before the topic of a meeting.
pub(super) const CONVENE: Class = 1 << 20;
/// Part of an ordinal number: 第七, 十九, 届, 次.
pub(super) const ORDINAL: Class = 1 << 21;
/// A document number.
pub(super) const NUMBER: Class = 1 << 22;
/// A listed form begins with this word.
pub(super) const LISTED: Class = 1 << 23;
/// 和, 与, 及.
pub(super) const AND: Class = 1 << 24;
/// 三中全会, 四中全会.
pub(super) const PLENUM: Class = 1 << 25;
/// A verb, but no part of a name: it may stand in the topic of a meeting.
pub(super) const VERB: Class = 1 << 26;
/// Grammar that ends every name: 的, 在, 这, 了.
pub(super) const GRAMMAR: Class = 1 << 27;

/// A form of the list as a whole word.
pub(super) const WHOLE: Class = 1 << 28;
/// An office: beside it stands the name of a person.
pub(super) const OFFICE: Class = 1 << 29;
/// A name of three characters with a verb or a particle that the segmenter drew into it: 王某说.
pub(super) const TAILED: Class = 1 << 30;
/// May be the given name behind a surname that is a word of its own.
pub(super) const GIVEN_WORD: Class = 1 << 31;

/// A rule begins only at words with one of these.
pub(super) const HIT: Class =
    PERSON | SURNAME | PLACE | PLACE_WEAK | FOREIGN | PLACE_SUFFIX | ORGANISATION | ORG_HEAD | SHORT_HEAD | MEETING_HEAD | NUMBER | LISTED;

/// The flags of every word of a corpus.
pub(super) fn of_words(inputs: &Inputs<'_>, forms: &ListedForms<'_>) -> Vec<Class> {
    let corpus: &Corpus = inputs.corpus;
    let words = corpus.words().par_iter().enumerate().with_min_len(256);
    let mut classes: Vec<Class> = words.map(|(number, (word, _))| of_word(word, inputs.word_tags.of(number), forms)).collect();
    doubt_common_words(inputs, &mut classes);
    classes
}

/// How much more often a word must be seen than a name that holds it for the name to be in doubt.
const COMMONER: u64 = 5;

/// Takes their certainty from names of three characters that are a common word and one character more: 高新 | 区, 万 | 欧元.
fn doubt_common_words(inputs: &Inputs<'_>, classes: &mut [Class]) {
    let words = inputs.corpus.words();
    let is_name = |number: usize| inputs.word_tags.of(number).starts_with("nr");
    let of_two = words.iter().enumerate().filter(|(number, (word, _))| word.len() == 6 && !is_name(*number));
    let common: FxHashMap<&str, u64> = of_two.map(|(_, (word, count))| (&**word, count.tf)).collect();
    for (class, (word, count)) in classes.iter_mut().zip(words) {
        let is_sure_name = *class & PERSON_SURE != 0 && word.len() == 9 && word.chars().all(is_han);
        let parts = || [&word[..6], &word[3..]].into_iter().filter_map(|part| common.get(part));
        if is_sure_name && parts().any(|tf| *tf >= COMMONER * count.tf) {
            *class &= !PERSON_SURE;
        }
    }
}

/// The flags of a word with this tag.
pub(super) fn of_word(word: &str, tag: &str, forms: &ListedForms<'_>) -> Class {
    let listed = match forms.of_word(word) {
        Form::Whole(class) => return class | WHOLE | (by_role(word, tag) & !GIVEN_WORD),
        Form::Begins(class) => class | LISTED,
        Form::None => 0,
    };
    let characters = word.chars().count();
    let names = if characters == 1 { of_character(word, tag) } else { person(word, tag, characters) | place(word, tag, characters) };
    listed | names | organisation(word, tag, characters) | meeting(word, tag) | number(word) | by_role(word, tag)
}

/// What a word does beside names.
fn by_role(word: &str, tag: &str) -> Class {
    let v = &*VOCABULARY;
    let is_inner_verb = v.has("inner_verbs", word);
    let mut class = match tag.as_bytes() {
        [b'v', b'n', ..] => INNER,
        [b'v', ..] if is_inner_verb => INNER,
        [b'v', ..] => VERB,
        [b'p' | b'c' | b'u' | b'd' | b'r' | b'y' | b'e' | b'o' | b't' | b'z', ..] if is_inner_verb => INNER,
        [b'c', ..] if matches!(word, "和" | "与" | "及") => AND,
        [b'p' | b'c' | b'u' | b'd' | b'r' | b'y' | b'e' | b'o' | b't', ..] => GRAMMAR,
        [b'm' | b'q', ..] => 0,
        _ => INNER,
    };
    if v.ends_with_one_of("titles", word) {
        class |= TITLE | OFFICE;
    } else if v.ends_with_one_of("professions", word) {
        class |= TITLE;
    }
    for (section, flag) in [("convening", CONVENE), ("speech", SPEECH), ("generic_modifiers", GENERIC)] {
        // 应邀出席 is a verb like 出席.
        let holds = if flag == CONVENE { v.ends_with_one_of(section, word) } else { v.has(section, word) };
        class |= if holds { flag } else { 0 };
    }
    let is_word_of_names = matches!(tag.get(..2), Some("nr" | "ns" | "nz")) && class & TITLE == 0;
    if is_word_of_names && word.chars().count() == 2 && !v.has("not_names", word) && !is_known_place(word) {
        class |= GIVEN_WORD;
    }
    if is_ordinal(word) {
        class |= ORDINAL;
    }
    if tag == "j" || matches!(tag.get(..2), Some("nz" | "nr" | "ns" | "nt" | "en")) {
        class |= NAMEISH;
    }
    class
}

fn of_character(word: &str, tag: &str) -> Class {
    let v = &*VOCABULARY;
    let mut class = 0;
    if v.has("surnames", word) && !v.has("weak_surnames", word) {
        class |= SURNAME;
    }
    let is_grammar = matches!(tag.as_bytes(), [b'p' | b'c' | b'u' | b'd' | b'r' | b'y' | b'f' | b'm' | b'q', ..]);
    if !is_grammar
        && word.chars().all(is_han)
        && !matches!(word, "说" | "称" | "率" | "到" | "是" | "有" | "来" | "去" | "等" | "任" | "为")
    {
        class |= GIVEN;
    }
    if v.has("place_suffixes", word) {
        class |= PLACE_SUFFIX;
    }
    class
}

fn person(word: &str, tag: &str, characters: usize) -> Class {
    let v = &*VOCABULARY;
    if !tag.starts_with('n') || v.has("not_names", word) {
        return 0;
    }
    // Only the tag of names says so of words that are not written for their sound.
    let is_tagged = tag.starts_with("nr");
    if !is_tagged && !v.is_transliterated(word) {
        return 0;
    }
    if word.contains('·') {
        return PERSON | PERSON_SURE;
    }
    if is_known_place(word) || !(2..=6).contains(&characters) {
        return 0;
    }
    let first = &word[..word.chars().next().map_or(0, char::len_utf8)];
    let two = word.char_indices().nth(2).map_or(word.len(), |(at, _)| at);
    let is_compound = characters > 2 && v.has("compound_surnames", &word[..two]);
    let has_surname = is_compound || (characters <= 3 && v.has("surnames", first));
    match (is_tagged && has_surname, characters) {
        (true, 3) if word.ends_with(TAILS) && !is_compound => PERSON | TAILED,
        (true, 3 | 4) if is_compound || !v.has("weak_surnames", first) => PERSON | PERSON_SURE,
        (true, 2..=4) => PERSON,
        _ if v.is_transliterated(word) => FOREIGN,
        _ => 0,
    }
}

/// What the segmenter draws into the name before it.
const TAILS: [char; 17] = ['说', '称', '率', '等', '和', '在', '也', '都', '将', '与', '从', '就', '作', '愿', '并', '还', '向'];

/// A place of the lists of cities.
fn is_known_place(word: &str) -> bool {
    let v = &*VOCABULARY;
    let bare_city = v.has("cities", word) && !v.has("cities_that_are_words", word);
    bare_city || v.has("world_cities", word) || word.strip_suffix('市').is_some_and(|city| v.has("cities", city))
}

fn place(word: &str, tag: &str, characters: usize) -> Class {
    let v = &*VOCABULARY;
    if is_known_place(word) {
        return PLACE;
    }
    if v.has("place_suffixes", word) {
        return PLACE_SUFFIX;
    }
    if !tag.starts_with("ns") || v.has("generic_places", word) || v.has("not_names", word) || is_pair_of_states(word) {
        return 0;
    }
    let ends_like_one =
        word.ends_with(['省', '市', '县', '区', '州', '旗', '镇', '乡', '村', '岛', '山', '江', '河', '湖', '港', '湾', '峡', '群']);
    if characters > 2 && ends_like_one && !word.ends_with("地区") { PLACE } else { PLACE_WEAK }
}

/// 中美, 日韩: abbreviations of two states are no place.
fn is_pair_of_states(word: &str) -> bool {
    word.chars().all(|c| matches!(c, '中' | '美' | '俄' | '英' | '法' | '德' | '日' | '韩' | '朝' | '印' | '巴' | '欧' | '伊'))
}

fn organisation(word: &str, tag: &str, characters: usize) -> Class {
    let v = &*VOCABULARY;
    let mut class = 0;
    if v.has("org_short_heads", word) {
        class |= SHORT_HEAD;
    }
    if v.has("org_domains", word) {
        class |= DOMAIN;
    }
    let begins_like_one = tag == "j" && ["中国", "中央", "国家", "全国"].into_iter().any(|anchor| word.starts_with(anchor));
    if v.has("org_anchors", word) || begins_like_one {
        class |= ANCHOR;
    }
    if characters < 2 {
        return class;
    }
    let short = word.char_indices().next_back().map_or(0, |(at, _)| at);
    let is_office = v.has("org_short_heads", &word[short..]) && v.has("org_domains", &word[..short]);
    if !is_no_government(word) && (is_office || v.ends_with_one_of("org_heads", word)) {
        class |= ORG_HEAD;
        if v.ends_with_one_of("org_weak_heads", word) && !word.ends_with("有限公司") {
            class |= WEAK_HEAD;
        }
    }
    let ends_like_one = class & ORG_HEAD != 0 || word.ends_with(ENDS_OF_ORGANISATIONS) || word.ends_with("政协") || word.ends_with("人大");
    let is_common = v.has("generic_orgs", word) || word.starts_with(BEGINNINGS_OF_COMMON_NOUNS) || is_no_government(word);
    if tag.starts_with("nt") && characters > 2 && ends_like_one && !is_common && !is_office {
        class |= ORGANISATION;
    }
    class
}

/// 反政府, 非政府, 政府军.
fn is_no_government(word: &str) -> bool {
    ["反政府", "非政府", "政府军"].into_iter().any(|part| word.contains(part))
}

/// With one of these ends what is tagged as an organisation; a guess with another end is mostly none.
const ENDS_OF_ORGANISATIONS: [char; 13] = ['部', '委', '局', '办', '署', '社', '会', '党', '军', '队', '团', '报', '网'];
/// 各政党, 该部: no names.
const BEGINNINGS_OF_COMMON_NOUNS: [char; 4] = ['各', '该', '两', '某'];

fn meeting(word: &str, tag: &str) -> Class {
    let v = &*VOCABULARY;
    // 主持会议 is a verb with its object.
    let begins_with_verb = word.char_indices().skip(1).any(|(at, _)| v.has("convening", &word[..at]));
    if tag.starts_with('v') || begins_with_verb || !v.ends_with_one_of("meeting_heads", word) {
        return 0;
    }
    if word.ends_with("中全会") { MEETING_HEAD | PLENUM } else { MEETING_HEAD }
}

/// A number with a year in brackets: 国办发〔2024〕1号.
fn number(word: &str) -> Class {
    let is_number = word.ends_with('号') && word.contains(['〔', '[', '(', '﹝', '【', '［', '（']) && word.starts_with(is_han);
    if is_number { NUMBER } else { 0 }
}

fn is_ordinal(word: &str) -> bool {
    let is_numeral =
        |c: char| c.is_ascii_digit() || matches!(c, '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十' | '百' | '〇');
    let bare = word.strip_prefix('第').unwrap_or(word);
    let bare = bare.strip_suffix(['届', '次']).unwrap_or(bare);
    bare.chars().all(is_numeral)
}
