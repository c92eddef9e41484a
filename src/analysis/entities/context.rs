//! A sentence as the rules see it, and what they propose.

use crate::corpus::Shard;
use crate::segment::Mode;
use crate::text::is_han;

use super::classes::Class;

/// What a stretch of tokens is taken for. In the order of preference between stretches that are equally long.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Reading {
    /// No entity: listed as such.
    Blocked,
    /// A document.
    Document,
    /// A meeting.
    Meeting,
    /// An organisation.
    Organisation,
    /// A place.
    Place,
    /// A person.
    Person,
    /// A foreign name tagged as that of a place: a person if it is seen with a title or a verb of speech often enough.
    ForeignPlace,
    /// A foreign name tagged as that of a person.
    ForeignPerson,
}

/// The rule that found a mention; its name stands in the column `sources`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rule {
    /// A form of the list.
    Listed,
    /// The tag of a word.
    Tag,
    /// A surname and a given name that the segmenter cut apart.
    SurnameAndGivenName,
    /// Parts joined by ·.
    ForeignName,
    /// A name with 省, 市, 县 … behind it.
    PlaceSuffix,
    /// A name or a place, words between, and a head.
    OrganisationHead,
    /// An anchor or an ordinal, words between, and a head.
    MeetingHead,
    /// What stands between 召开, 出席 … and a head.
    MeetingTopic,
    /// 《…》
    TitleMarks,
    /// A number with a year in brackets.
    DocumentNumber,
    /// A short form that the document declares: 以下简称.
    Declared,
}

impl Rule {
    /// All rules, in the order in which they are named.
    pub const ALL: [Self; 11] = [
        Self::Listed,
        Self::Tag,
        Self::SurnameAndGivenName,
        Self::ForeignName,
        Self::PlaceSuffix,
        Self::OrganisationHead,
        Self::MeetingHead,
        Self::MeetingTopic,
        Self::TitleMarks,
        Self::DocumentNumber,
        Self::Declared,
    ];

    /// Its name in the table.
    pub fn name(self) -> &'static str {
        match self {
            Self::Listed => "list",
            Self::Tag => "word",
            Self::SurnameAndGivenName => "surname_and_given_name",
            Self::ForeignName => "foreign_name",
            Self::PlaceSuffix => "place_suffix",
            Self::OrganisationHead => "organisation_head",
            Self::MeetingHead => "meeting_head",
            Self::MeetingTopic => "meeting_topic",
            Self::TitleMarks => "title_marks",
            Self::DocumentNumber => "document_number",
            Self::Declared => "declared",
        }
    }

    /// One bit of a set of rules.
    pub fn bit(self) -> u16 {
        1 << self as u16
    }
}

/// What is known of a mention beside where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Evidence {
    /// The rule alone is enough.
    Sure,
    /// This place shows that the form is what it is taken for.
    Shown,
    /// It only looks like one here.
    None,
}

/// A stretch of tokens of a sentence that may be a mention.
#[derive(Debug, Clone, Copy)]
pub(super) struct Candidate {
    /// First token, within the sentence.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    pub reading: Reading,
    pub rule: Rule,
    pub evidence: Evidence,
    /// Characters of the last token that are no part of it.
    pub tail: u8,
    /// Number of its text, where that is not its tokens joined.
    pub written: Option<u32>,
}

/// A sentence with the flags of its words.
pub(super) struct Sentence<'a> {
    pub shard: &'a Shard,
    /// Number of its first token in the shard.
    first: usize,
    pub words: &'a [u32],
    flags: &'a [Class],
}

impl<'a> Sentence<'a> {
    /// Sentence `number` of a shard, whose words have these flags.
    pub fn new(shard: &'a Shard, number: usize, flags: &'a [Class]) -> Self {
        Self { shard, first: shard.sentences[number].token_start as usize, words: shard.sentence_tokens(number), flags }
    }

    /// Number of tokens.
    pub fn len(&self) -> usize {
        self.words.len()
    }

    /// The flags of token `at`.
    pub fn flags(&self, at: usize) -> Class {
        self.flags[self.words[at] as usize]
    }

    /// Whether token `at` has one of these flags.
    pub fn is(&self, at: usize, class: Class) -> bool {
        self.flags(at) & class != 0
    }

    /// Whether token `at` exists and nothing but its neighbour stands before it.
    pub fn joins(&self, at: usize) -> bool {
        at > 0 && at < self.words.len() && !self.shard.follows_mark(self.first + at)
    }

    /// The same for the inside of one name: between Han characters no blank stands there either, as between the bodies of
    /// 中共中央 国务院. (In text that comes cut, blanks say nothing.)
    pub fn runs_on(&self, at: usize) -> bool {
        let is_blank = || self.shard.mode == Mode::Jieba && self.shard.follows_gap(self.first + at);
        let is_between_han = || self.text(at - 1).ends_with(is_han) && self.text(at).starts_with(is_han);
        self.joins(at) && !(is_blank() && is_between_han())
    }

    /// Whether there is a token before `at`, without a mark between, that has one of these flags.
    pub fn before(&self, at: usize, class: Class) -> bool {
        self.joins(at) && self.is(at - 1, class)
    }

    /// Whether there is a token behind the stretch that ends before `end`, without a mark between, that has one of these flags.
    pub fn behind(&self, end: usize, class: Class) -> bool {
        self.joins(end) && self.is(end, class)
    }

    /// The word of token `at`.
    pub fn text(&self, at: usize) -> &'a str {
        self.shard.words.text(self.words[at] as usize)
    }

    /// The text of a candidate: its tokens joined.
    pub fn joined(&self, candidate: &Candidate) -> String {
        let mut text: String = (candidate.start..candidate.end).map(|at| self.text(at)).collect();
        for _ in 0..candidate.tail {
            text.pop();
        }
        text
    }

    /// The bytes of a stretch.
    pub fn bytes(&self, start: usize, end: usize) -> usize {
        (start..end).map(|at| self.text(at).len()).sum()
    }
}
