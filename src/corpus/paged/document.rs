//! One document of a shard, with its text or without.

use std::ops::Deref;
use std::sync::Arc;

use crate::theme::{CodedSentence, Hit};

use super::{Body, PagedShard, Parts, ShardRef, Stored};
use crate::corpus::{Shard, ShardDocument};

/// A document that stays at hand, without its text, also when its shard is gone.
#[derive(Debug, Clone)]
pub struct SharedDocument {
    documents: Arc<Vec<ShardDocument>>,
    number: usize,
}

impl Deref for SharedDocument {
    type Target = ShardDocument;

    fn deref(&self) -> &ShardDocument {
        &self.documents[self.number]
    }
}

impl PagedShard {
    /// One of its documents.
    pub fn shared_document(&self, number: usize) -> SharedDocument {
        SharedDocument { documents: Arc::clone(&self.documents), number }
    }

    /// One document with its sentences, text and themes, without its tokens.
    pub fn document(&self, document: usize) -> OneDocument<'_> {
        let shard = match &self.body {
            Body::Held(shard) => ShardRef::Held(shard),
            Body::Stored(stored) => ShardRef::Read(Box::new(self.load_document(stored, document))),
        };
        OneDocument { paged: self, document, shard }
    }

    /// A shard that has this document only.
    fn load_document(&self, stored: &Stored, document: usize) -> Shard {
        let Stored { file, layout } = stored;
        let known = &self.documents[document];
        let (first, end) = (known.sentence_start, known.sentence_end);
        let text_start = self.starts[document].0;
        let mut sentences = layout.sentences(file, first as usize..end as usize);
        for sentence in &mut sentences {
            // What was not read is zeros.
            (sentence.document, sentence.text_start) = (0, sentence.text_start.saturating_sub(text_start));
        }
        let mut themes = Self::load_themes(stored, document..document + 1, Parts::THEMES);
        for themes in &mut themes {
            // As above.
            themes.hits.iter_mut().for_each(|hit| hit.sentence = hit.sentence.saturating_sub(first));
            themes.coded.iter_mut().for_each(|coded| coded.sentence = coded.sentence.saturating_sub(first));
        }
        let alone = ShardDocument { sentence_start: 0, sentence_end: end - first, ..known.clone() };
        let text = layout.text(file, text_start as usize..self.starts[document + 1].0 as usize);
        Shard { mode: self.mode, documents: Arc::new(vec![alone]), sentences, text, themes, ..Shard::default() }
    }
}

/// A document of a shard, without its tokens.
#[derive(Debug)]
pub struct OneDocument<'a> {
    paged: &'a PagedShard,
    document: usize,
    shard: ShardRef<'a>,
}

impl OneDocument<'_> {
    /// A shard that it is in, to which the sentences of [`Self::hits`] and [`Self::coded`] belong.
    pub fn shard(&self) -> &Shard {
        &self.shard
    }

    /// Its number in [`Self::shard`].
    pub fn number(&self) -> usize {
        match self.shard {
            ShardRef::Held(_) => self.document,
            ShardRef::Read(_) => 0,
        }
    }

    /// Its hits under a taxonomy.
    pub fn hits(&self, taxonomy: usize) -> &[Hit] {
        let hits = &self.shard.themes(taxonomy).hits;
        match self.shard {
            ShardRef::Held(_) => &hits[self.paged.theme_places(taxonomy, self.document).0],
            ShardRef::Read(_) => hits,
        }
    }

    /// Its sentences with a theme under a taxonomy.
    pub fn coded(&self, taxonomy: usize) -> &[CodedSentence] {
        let coded = &self.shard.themes(taxonomy).coded;
        match self.shard {
            ShardRef::Held(_) => &coded[self.paged.theme_places(taxonomy, self.document).1],
            ShardRef::Read(_) => coded,
        }
    }
}
