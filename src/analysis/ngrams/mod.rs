//! ngrams.csv: which tokens stand next to each other again and again, how firmly they hold together, and a sentence that shows it.
//!
//! An n-gram is counted wherever its tokens are neighbours; it never runs across a mark or the end of a sentence. How firmly it
//! holds together is asked at each of its joints, and the weakest joint is the answer: 中国 特色 社会主义 holds at both, 特色
//! 社会主义 建设 at one. So a free word at the edge of a firm phrase does not borrow its strength.

mod candidates;
mod table;
#[cfg(test)]
mod tests;

pub(super) use table::{DEFINITION, build};

use serde::{Deserialize, Serialize};

/// Which n-grams are counted, and which get a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NgramOptions {
    /// Numbers of tokens, from 2 to 5. Default all four: most fixed phrases of policy language have two to four words.
    pub sizes: Vec<Size>,
    /// Fewest occurrences. Default 3: twice is often a title and its repetition in the text.
    pub min_count: u32,
    /// Fewest documents. Default 1, since a corpus may be one document.
    pub min_df: u32,
    /// Which tokens an n-gram may begin and end with. Default `content`.
    pub edges: Edges,
    /// Most rows for each size, the highest g2; 0 = all. Default 2,000: some screens each.
    pub top: usize,
}

impl Default for NgramOptions {
    fn default() -> Self {
        Self { sizes: (2..=LONGEST).map(Size).collect(), min_count: 3, min_df: 1, edges: Edges::Content, top: 2_000 }
    }
}

/// Tokens of the longest n-gram.
const LONGEST: usize = 5;

/// A number of tokens, from 2 to 5.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "usize", into = "usize")]
pub struct Size(usize);

impl TryFrom<usize> for Size {
    type Error = String;

    fn try_from(tokens: usize) -> Result<Self, String> {
        let possible = (2..=LONGEST).contains(&tokens);
        possible.then_some(Self(tokens)).ok_or_else(|| format!("expected a number of tokens from 2 to {LONGEST}, found {tokens}"))
    }
}

impl From<Size> for usize {
    fn from(size: Size) -> Self {
        size.0
    }
}

/// Which tokens an n-gram may begin and end with. Inside it any token may stand: 以 人民 为 中心 的 发展 思想.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Edges {
    /// Content words: tokens that are terms or only too short for one; no stop words, numbers and parts of speech left out there.
    Content,
    /// Any token.
    Any,
}
