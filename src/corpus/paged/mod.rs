//! The shards of a run: in memory as long as there is room, else in a file of their own, and read from it when they are needed.
//!
//! In: shards, in any order and from any thread. Out: [`PagedShard`]s, whose documents are always at hand and whose parts are read by
//! whoever needs them. What is read is the same in both cases, so how much room there is changes no number.

mod document;
mod layout;
mod parts;
mod room;
mod rows;
mod scratch;
mod themes;

pub use document::{OneDocument, SharedDocument};
pub use parts::Parts;
pub use room::Room;
pub use rows::{ByDocument, Entry, PagedRows};

use std::borrow::Cow;
use std::ops::{Deref, Range};
use std::sync::Arc;

use crate::segment::Mode;
use crate::source::DocId;
use crate::text::bits::is_set;
use crate::theme::Hit;

use super::builder::index;
use super::shard::{Shard, ShardDocument, ShardSentence, ShardThemes};
use layout::Layout;
use scratch::Scratch;
use themes::{ThemesLayout, theme_starts};

/// A shard of a run.
#[derive(Debug)]
pub struct PagedShard {
    mode: Mode,
    documents: Arc<Vec<ShardDocument>>,
    /// For each document, its first byte of text and its first token; one more entry with the ends.
    starts: Vec<(u32, u32)>,
    /// For each taxonomy and each document, the number of its first hit and of its first sentence with a theme; one more entry with
    /// the ends.
    theme_starts: Vec<Vec<(u32, u32)>>,
    sentence_count: usize,
    word_count: usize,
    long_sentences: Vec<u32>,
    body: Body,
}

#[derive(Debug)]
enum Body {
    Held(Box<Shard>),
    Stored(Stored),
}

#[derive(Debug)]
struct Stored {
    file: Arc<Scratch>,
    layout: Layout,
}

/// A shard, or parts of it.
#[derive(Debug)]
pub enum ShardRef<'a> {
    /// All of it, where it is held.
    Held(&'a Shard),
    /// What was asked for, read from the file.
    Read(Box<Shard>),
}

impl Deref for ShardRef<'_> {
    type Target = Shard;

    fn deref(&self) -> &Shard {
        match self {
            Self::Held(shard) => shard,
            Self::Read(shard) => shard,
        }
    }
}

impl From<Shard> for PagedShard {
    /// The shard, held in memory.
    fn from(shard: Shard) -> Self {
        let paged = Self::new(&shard, Body::Held(Box::default()));
        Self { body: Body::Held(Box::new(shard)), ..paged }
    }
}

impl PagedShard {
    fn new(shard: &Shard, body: Body) -> Self {
        let token = |sentence: u32| shard.sentences.get(sentence as usize).map_or(index(shard.tokens.len()), |s| s.token_start);
        let text = |sentence: u32| shard.sentences.get(sentence as usize).map_or(index(shard.text.len()), |s| s.text_start);
        let starts = shard.documents.iter().map(|d| d.sentence_start).chain([index(shard.sentences.len())]);
        Self {
            mode: shard.mode,
            documents: Arc::clone(&shard.documents),
            starts: starts.map(|sentence| (text(sentence), token(sentence))).collect(),
            theme_starts: (0..shard.themes.len()).map(|taxonomy| theme_starts(shard, taxonomy)).collect(),
            sentence_count: shard.sentences.len(),
            word_count: shard.words.len(),
            long_sentences: shard.long_sentences.clone(),
            body,
        }
    }

    /// The shard as `place` puts it, if it is held; else as it is.
    fn placed(self, place: impl FnOnce(Shard) -> Self) -> Self {
        match self.body {
            Body::Held(shard) => place(*shard),
            Body::Stored(_) => self,
        }
    }

    /// Its documents, in input order.
    pub fn documents(&self) -> &[ShardDocument] {
        &self.documents
    }

    /// Gives its documents these ids.
    pub(super) fn rename(&mut self, ids: &[DocId]) {
        let renamed = self.documents.iter().zip(ids).map(|(document, id)| ShardDocument { id: *id, ..document.clone() });
        self.documents = Arc::new(renamed.collect());
        if let Body::Held(shard) = &mut self.body {
            shard.documents = Arc::clone(&self.documents);
        }
    }

    /// Number of its sentences.
    pub fn sentence_count(&self) -> usize {
        self.sentence_count
    }

    /// Number of its tokens.
    pub fn token_count(&self) -> usize {
        self.starts.last().map_or(0, |(_, token)| *token as usize)
    }

    /// Number of its words.
    pub fn word_count(&self) -> usize {
        self.word_count
    }

    /// Bytes of its text.
    pub fn text_bytes(&self) -> usize {
        self.starts.last().map_or(0, |(text, _)| *text as usize)
    }

    /// Bytes of text of a document, title included.
    pub fn document_bytes(&self, document: usize) -> usize {
        (self.starts[document + 1].0 - self.starts[document].0) as usize
    }

    /// Tokens of a document, title included.
    pub fn document_token_count(&self, document: usize) -> usize {
        (self.starts[document + 1].1 - self.starts[document].1) as usize
    }

    /// The numbers of the hits of a document under a taxonomy, and of its sentences with a theme.
    pub fn theme_places(&self, taxonomy: usize, document: usize) -> (Range<usize>, Range<usize>) {
        let Some(starts) = self.theme_starts.get(taxonomy) else { return (0..0, 0..0) };
        let ((hits, coded), (next_hits, next_coded)) = (starts[document], starts[document + 1]);
        (hits as usize..next_hits as usize, coded as usize..next_coded as usize)
    }

    /// Sentences cut because no end mark came in time, each by the index of its document.
    pub fn long_sentences(&self) -> &[u32] {
        &self.long_sentences
    }

    /// The shard with these parts at least. Parts that were not asked for may be empty.
    pub fn read(&self, parts: Parts) -> ShardRef<'_> {
        match &self.body {
            Body::Held(shard) => ShardRef::Held(shard),
            Body::Stored(stored) => ShardRef::Read(Box::new(self.load(stored, parts))),
        }
    }

    fn load(&self, stored: &Stored, parts: Parts) -> Shard {
        let Stored { file, layout } = stored;
        let mut shard = Shard {
            mode: self.mode,
            documents: Arc::clone(&self.documents),
            sentences: layout.sentences(file, 0..self.sentence_count),
            long_sentences: self.long_sentences.clone(),
            ..Shard::default()
        };
        if parts.has(Parts::TEXT) {
            shard.text = layout.text(file, 0..self.text_bytes());
        }
        if parts.has(Parts::TOKENS) {
            shard.tokens = layout.tokens(file, 0..self.token_count());
            [shard.marks, shard.gaps] = layout.bits(file);
        }
        if parts.has(Parts::WORDS) {
            shard.words = layout.words(file, self.word_count);
        }
        if parts.has(Parts::THEMES) {
            shard.themes = Self::load_themes(stored, 0..self.documents.len(), parts);
            for (themes, layout) in shard.themes.iter_mut().zip(&layout.themes).filter(|_| parts.has(Parts::CODED)) {
                themes.capped_rows = layout.capped_rows(file);
            }
        }
        shard
    }

    /// The hits and the sentences with themes of documents that follow one another, without what was left out of them.
    fn load_themes(Stored { file, layout }: &Stored, documents: Range<usize>, parts: Parts) -> Vec<ShardThemes> {
        let of_taxonomy = |layout: &ThemesLayout| ShardThemes {
            hits: if parts.has(Parts::HITS) { layout.hits(file, documents.clone()) } else { Vec::new() },
            coded: if parts.has(Parts::CODED) { layout.coded(file, documents.clone()) } else { Vec::new() },
            capped_rows: Vec::new(),
        };
        layout.themes.iter().map(of_taxonomy).collect()
    }

    /// A sentence.
    pub fn sentence(&self, sentence: usize) -> ShardSentence {
        match &self.body {
            Body::Held(shard) => shard.sentences[sentence],
            Body::Stored(Stored { file, layout }) => layout.sentences(file, sentence..sentence + 1)[0],
        }
    }

    /// The original text of a sentence.
    pub fn sentence_text(&self, sentence: usize) -> Cow<'_, str> {
        match &self.body {
            Body::Held(shard) => Cow::Borrowed(shard.sentence_text(sentence)),
            Body::Stored(Stored { file, layout }) => {
                let here = layout.sentences(file, sentence..(sentence + 2).min(self.sentence_count));
                let end = here.get(1).map_or(self.text_bytes(), |next| next.text_start as usize);
                // What could not be read is zeros.
                Cow::Owned(layout.text(file, (here[0].text_start as usize).min(end)..end))
            }
        }
    }

    /// Calls `emit` with the word of each token of a sentence, and whether it stands at its beginning or behind something that is no
    /// token.
    pub fn sentence_tokens(&self, sentence: usize, mut emit: impl FnMut(u32, bool)) {
        match &self.body {
            Body::Held(shard) => {
                let first = shard.sentences[sentence].token_start as usize;
                let tokens = (first..).zip(shard.sentence_tokens(sentence));
                tokens.for_each(|(at, word)| emit(*word, at == first || shard.follows_gap(at)));
            }
            Body::Stored(Stored { file, layout }) => {
                let here = layout.sentences(file, sentence..(sentence + 2).min(self.sentence_count));
                let first = here[0].token_start as usize;
                let end = here.get(1).map_or(self.token_count(), |next| next.token_start as usize);
                let tokens = layout.tokens(file, first..end.max(first));
                let gaps = layout.gaps(file, first..end.max(first));
                (first..).zip(tokens).for_each(|(at, word)| emit(word, at == first || is_set(&gaps, at - first / 64 * 64)));
            }
        }
    }

    /// The hits of a sentence under a taxonomy.
    pub fn sentence_hits(&self, taxonomy: usize, sentence: usize) -> Cow<'_, [Hit]> {
        let document = self.documents.partition_point(|document| document.sentence_end as usize <= sentence);
        match &self.body {
            Body::Held(shard) => Cow::Borrowed(hits_of(&shard.themes(taxonomy).hits, sentence)),
            Body::Stored(Stored { file, layout }) => {
                let hits = layout.themes.get(taxonomy).map(|themes| themes.hits(file, document..document + 1)).unwrap_or_default();
                Cow::Owned(hits_of(&hits, sentence).to_vec())
            }
        }
    }
}

/// Of hits that are sorted by sentence those of one.
fn hits_of(hits: &[Hit], sentence: usize) -> &[Hit] {
    let from = hits.partition_point(|hit| (hit.sentence as usize) < sentence);
    let length = hits[from..].iter().take_while(|hit| hit.sentence as usize == sentence).count();
    &hits[from..from + length]
}
