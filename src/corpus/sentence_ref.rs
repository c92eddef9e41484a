//! A sentence of the corpus, wherever its text lies.

use std::borrow::Cow;

use super::paged::PagedShard;
use super::shard::{ShardDocument, ShardSentence};
use super::tokens::counted;

/// A sentence of the corpus.
#[derive(Debug, Clone, Copy)]
pub struct SentenceRef<'a> {
    shard: &'a PagedShard,
    local: usize,
    sentence: ShardSentence,
}

impl<'a> SentenceRef<'a> {
    /// A sentence of a shard.
    pub(super) fn new(shard: &'a PagedShard, local: usize) -> Self {
        Self { shard, local, sentence: shard.sentence(local) }
    }

    /// The sentence itself.
    pub fn sentence(self) -> ShardSentence {
        self.sentence
    }

    /// Its original text.
    pub fn text(self) -> Cow<'a, str> {
        self.shard.sentence_text(self.local)
    }

    /// Another sentence of its shard.
    pub fn other(self, local: usize) -> Self {
        Self { local, sentence: self.shard.sentence(local), ..self }
    }

    /// Its number in its shard.
    pub fn local(self) -> usize {
        self.local
    }

    /// Its text as it is counted: as written, or in simplified characters.
    pub fn counted_text(self) -> Cow<'a, str> {
        match self.text() {
            Cow::Borrowed(text) => counted(text, self.document().simplified),
            Cow::Owned(text) => Cow::Owned(counted(&text, self.document().simplified).into_owned()),
        }
    }

    /// The document it stands in.
    pub fn document(self) -> &'a ShardDocument {
        &self.shard.documents()[self.sentence.document as usize]
    }
}
