//! The flags of every word of the vocabulary, set once.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::analysis::Inputs;
use crate::text::is_han;

use super::classes::*;
use super::document_number::ORDER;
use super::listed::{Form, ListedForms};
use super::vocabulary::{
    self, CITIES, CITIES_THAT_ARE_WORDS, COMPOUND_SURNAMES, CONVENING, GENERIC_MODIFIERS, GENERIC_ORGS, GENERIC_PLACES, INNER_VERBS,
    MEETING_HEADS, NOT_NAMES, ORG_ANCHORS, ORG_DOMAINS, ORG_HEADS, ORG_SHORT_HEADS, ORG_WEAK_HEADS, PLACE_SUFFIXES, PROFESSIONS, SURNAMES,
    Sections, TITLES, VOCABULARY, WEAK_SURNAMES, WORLD_CITIES,
};

/// A word with what the vocabulary says of it, looked up once.
struct Word<'a> {
    text: &'a str,
    tag: &'a str,
    characters: usize,
    sections: Sections,
    /// The sections of the word and of all its ends.
    ends: Sections,
}

impl<'a> Word<'a> {
    fn new(text: &'a str, tag: &'a str) -> Self {
        let (characters, sections, ends) = (text.chars().count(), VOCABULARY.sections(text), VOCABULARY.sections_of_ends(text));
        Self { text, tag, characters, sections, ends }
    }

    fn is(&self, sections: Sections) -> bool {
        self.sections & sections != 0
    }

    fn ends(&self, sections: Sections) -> bool {
        self.ends & sections != 0
    }
}

/// The flags of every word of a corpus.
pub(super) fn of_words(inputs: &Inputs<'_>, forms: &ListedForms<'_>) -> Vec<Class> {
    let words = inputs.corpus.words().par_iter().enumerate().with_min_len(256);
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
pub(super) fn of_word(text: &str, tag: &str, forms: &ListedForms<'_>) -> Class {
    let word = &Word::new(text, tag);
    let listed = match forms.of_word(text) {
        Form::Whole(class) => return class | WHOLE | (by_role(word) & !GIVEN_WORD),
        Form::Begins(class) => class | LISTED,
        Form::None => 0,
    };
    let names = if word.characters == 1 { of_character(word) } else { person(word) | place(word) };
    listed | names | organisation(word) | meeting(word) | number(text) | by_role(word)
}

/// What a word does beside names.
fn by_role(word: &Word<'_>) -> Class {
    let Word { text, tag, characters, .. } = *word;
    let is_inner_verb = word.is(INNER_VERBS);
    let mut class = match tag.as_bytes() {
        [b'v', b'n', ..] => INNER,
        [b'v', ..] if is_inner_verb => INNER,
        [b'v', ..] => VERB,
        [b'p' | b'c' | b'u' | b'd' | b'r' | b'y' | b'e' | b'o' | b't' | b'z', ..] if is_inner_verb => INNER,
        [b'c', ..] if matches!(text, "和" | "与" | "及") => AND,
        [b'p' | b'c' | b'u' | b'd' | b'r' | b'y' | b'e' | b'o' | b't', ..] => GRAMMAR,
        [b'm' | b'q', ..] => 0,
        _ => INNER,
    };
    if word.ends(TITLES) {
        class |= TITLE | OFFICE;
    } else if word.ends(PROFESSIONS) {
        class |= TITLE;
    }
    // 应邀出席 is a verb like 出席.
    let more = [(word.ends(CONVENING), CONVENE), (word.is(vocabulary::SPEECH), SPEECH), (word.is(GENERIC_MODIFIERS), GENERIC)];
    class |= more.into_iter().filter(|(holds, _)| *holds).fold(0, |all, (_, flag)| all | flag);
    let is_word_of_names = matches!(tag.get(..2), Some("nr" | "ns" | "nz")) && class & TITLE == 0;
    if is_word_of_names && characters == 2 && !word.is(NOT_NAMES) && !is_known_place(word) {
        class |= GIVEN_WORD;
    }
    if is_ordinal(text) {
        class |= ORDINAL;
    }
    if tag == "j" || matches!(tag.get(..2), Some("nz" | "nr" | "ns" | "nt" | "en")) {
        class |= NAMEISH;
    }
    class
}

fn of_character(word: &Word<'_>) -> Class {
    let Word { text, tag, .. } = *word;
    let mut class = 0;
    if word.is(SURNAMES) && !word.is(WEAK_SURNAMES) {
        class |= SURNAME;
    }
    let is_grammar = matches!(tag.as_bytes(), [b'p' | b'c' | b'u' | b'd' | b'r' | b'y' | b'f' | b'm' | b'q', ..]);
    if !is_grammar
        && text.chars().all(is_han)
        && !matches!(text, "说" | "称" | "率" | "到" | "是" | "有" | "来" | "去" | "等" | "任" | "为")
    {
        class |= GIVEN;
    }
    if word.is(PLACE_SUFFIXES) {
        class |= PLACE_SUFFIX;
    }
    class
}

fn person(word: &Word<'_>) -> Class {
    let Word { text, tag, characters, .. } = *word;
    if !tag.starts_with('n') || word.is(NOT_NAMES) || is_part_of_a_body(word) {
        return 0;
    }
    // Only the tag of names says so of words that are not written for their sound.
    let is_tagged = tag.starts_with("nr");
    if !is_tagged && !VOCABULARY.is_transliterated(text) {
        return 0;
    }
    if text.contains('·') {
        return PERSON | PERSON_SURE;
    }
    if is_known_place(word) || !(2..=6).contains(&characters) {
        return 0;
    }
    let first = &text[..text.chars().next().map_or(0, char::len_utf8)];
    let two = text.char_indices().nth(2).map_or(text.len(), |(at, _)| at);
    let is_compound = characters > 2 && VOCABULARY.has(COMPOUND_SURNAMES, &text[..two]);
    let has_surname = is_compound || (characters <= 3 && VOCABULARY.has(SURNAMES, first));
    match (is_tagged && has_surname, characters) {
        (true, 3) if text.ends_with(TAILS) && !is_compound => PERSON | TAILED,
        (true, 3 | 4) if is_compound || !VOCABULARY.has(WEAK_SURNAMES, first) => PERSON | PERSON_SURE,
        (true, 2..=4) => PERSON,
        _ if VOCABULARY.is_transliterated(text) => FOREIGN,
        _ => 0,
    }
}

/// 宣传部, 统战部: tagged as names of persons.
fn is_part_of_a_body(word: &Word<'_>) -> bool {
    word.characters > 2 && word.text.ends_with(['部', '委', '局', '厅', '署'])
}

/// What the segmenter draws into the name before it.
const TAILS: [char; 17] = ['说', '称', '率', '等', '和', '在', '也', '都', '将', '与', '从', '就', '作', '愿', '并', '还', '向'];

/// A place of the lists of cities.
fn is_known_place(word: &Word<'_>) -> bool {
    let bare_city = word.is(CITIES) && !word.is(CITIES_THAT_ARE_WORDS);
    bare_city || word.is(WORLD_CITIES) || word.text.strip_suffix('市').is_some_and(|city| VOCABULARY.has(CITIES, city))
}

fn place(word: &Word<'_>) -> Class {
    let Word { text, tag, characters, .. } = *word;
    if is_known_place(word) {
        return PLACE;
    }
    if word.is(PLACE_SUFFIXES) {
        return PLACE_SUFFIX;
    }
    if !tag.starts_with("ns") || word.is(GENERIC_PLACES) || word.is(NOT_NAMES) || is_pair_of_states(text) {
        return 0;
    }
    let ends_like_one =
        text.ends_with(['省', '市', '县', '区', '州', '旗', '镇', '乡', '村', '岛', '山', '江', '河', '湖', '港', '湾', '峡', '群']);
    if characters > 2 && ends_like_one && !text.ends_with("地区") { PLACE } else { PLACE_WEAK }
}

/// 中美, 日韩: abbreviations of two states are no place.
fn is_pair_of_states(text: &str) -> bool {
    text.chars().all(|c| matches!(c, '中' | '美' | '俄' | '英' | '法' | '德' | '日' | '韩' | '朝' | '印' | '巴' | '欧' | '伊'))
}

fn organisation(word: &Word<'_>) -> Class {
    let Word { text, tag, characters, .. } = *word;
    let mut class = 0;
    if word.is(ORG_SHORT_HEADS) {
        class |= SHORT_HEAD;
    }
    if word.is(ORG_DOMAINS) {
        class |= DOMAIN;
    }
    let begins_like_one = tag == "j" && ["中国", "中央", "国家", "全国"].into_iter().any(|anchor| text.starts_with(anchor));
    if word.is(ORG_ANCHORS) || begins_like_one {
        class |= ANCHOR;
    }
    if characters < 2 {
        return class;
    }
    let short = text.char_indices().next_back().map_or(0, |(at, _)| at);
    let is_office = VOCABULARY.has(ORG_SHORT_HEADS, &text[short..]) && VOCABULARY.has(ORG_DOMAINS, &text[..short]);
    if !is_no_government(text) && (is_office || word.ends(ORG_HEADS)) {
        class |= ORG_HEAD;
        if word.ends(ORG_WEAK_HEADS) && !text.ends_with("有限公司") {
            class |= WEAK_HEAD;
        }
    }
    let ends_like_one = class & ORG_HEAD != 0 || text.ends_with(ENDS_OF_ORGANISATIONS) || text.ends_with("政协") || text.ends_with("人大");
    let is_common = word.is(GENERIC_ORGS) || text.starts_with(BEGINNINGS_OF_COMMON_NOUNS) || is_no_government(text);
    if tag.starts_with("nt") && characters > 2 && ends_like_one && !is_common && !is_office {
        class |= ORGANISATION;
    }
    class
}

/// 反政府, 非政府, 政府军.
fn is_no_government(text: &str) -> bool {
    ["反政府", "非政府", "政府军"].into_iter().any(|part| text.contains(part))
}

/// With one of these ends what is tagged as an organisation; a guess with another end is mostly none.
const ENDS_OF_ORGANISATIONS: [char; 13] = ['部', '委', '局', '办', '署', '社', '会', '党', '军', '队', '团', '报', '网'];
/// 各政党, 该部: no names.
const BEGINNINGS_OF_COMMON_NOUNS: [char; 4] = ['各', '该', '两', '某'];

fn meeting(word: &Word<'_>) -> Class {
    let Word { text, tag, .. } = *word;
    // 主持会议 is a verb with its object.
    let begins_with_verb = text.char_indices().skip(1).any(|(at, _)| VOCABULARY.has(CONVENING, &text[..at]));
    if tag.starts_with('v') || begins_with_verb || !word.ends(MEETING_HEADS) {
        return 0;
    }
    if text.ends_with("中全会") { MEETING_HEAD | PLENUM } else { MEETING_HEAD }
}

/// A number with a year in brackets: 国办发〔2024〕1号; or an order, which has its number behind it: 国务院令.
fn number(text: &str) -> Class {
    let is_number = text.ends_with('号') && text.contains(['〔', '[', '(', '﹝', '【', '［', '（']) && text.starts_with(is_han);
    if is_number || text.ends_with(ORDER) { NUMBER } else { 0 }
}

fn is_ordinal(text: &str) -> bool {
    let is_numeral =
        |c: char| c.is_ascii_digit() || matches!(c, '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十' | '百' | '〇');
    let bare = text.strip_prefix('第').unwrap_or(text);
    let bare = bare.strip_suffix(['届', '次']).unwrap_or(bare);
    bare.chars().all(is_numeral)
}
