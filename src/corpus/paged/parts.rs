//! What of a shard is asked for.

use std::ops::BitOr;

/// Parts of a shard that can be read alone. Documents and sentences come with every part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parts(u8);

impl Parts {
    /// Documents and sentences alone.
    pub const SENTENCES: Self = Self(0);
    /// The text.
    pub const TEXT: Self = Self(1);
    /// The tokens, with the marks and gaps before them.
    pub const TOKENS: Self = Self(2);
    /// The words with their counts.
    pub const WORDS: Self = Self(4);
    /// Which sentences have which themes, and how many rows of evidence were left out.
    pub const CODED: Self = Self(8);
    /// What was found of the taxonomies.
    pub const HITS: Self = Self(16);
    /// Both.
    pub const THEMES: Self = Self(24);
    /// Everything.
    pub const ALL: Self = Self(31);

    pub(super) fn has(self, part: Self) -> bool {
        self.0 & part.0 != 0
    }
}

impl BitOr for Parts {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}
