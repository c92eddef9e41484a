//! What became of a word.

/// What became of a word, in the order in which it is asked: the first that applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// The line could not be read.
    Rejected,
    /// It can never match.
    Unreachable,
    /// The same word with two tags, or a pattern of two leaves.
    Conflict,
    /// It is listed again.
    Duplicate,
    /// It is not in the text.
    Absent,
    /// It is in the text, but never a token.
    Swallowed,
    /// A stop word that is in the text, but never a token.
    NeverToken,
    /// It is a token, but not always.
    Partial,
    /// It is a token each time, but cut a word of the segmenter.
    Crosses,
    /// All is well, but it is matched in another form than typed.
    Changed,
    /// All is well.
    Ok,
}

impl Status {
    /// As it stands in the table.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Rejected => "rejected",
            Self::Unreachable => "unreachable",
            Self::Conflict => "conflict",
            Self::Duplicate => "duplicate",
            Self::Absent => "absent",
            Self::Swallowed => "swallowed",
            Self::NeverToken => "never_token",
            Self::Partial => "partial",
            Self::Crosses => "crosses",
            Self::Changed => "changed",
            Self::Ok => "ok",
        }
    }
}
