//! What a word may be in a name: one bit each. [`super::classify`] sets them.

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
