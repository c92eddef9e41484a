//! A batch of documents after segmentation: everything that counting needs, and nothing that depends on other batches.

use std::borrow::Cow;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::segment::Mode;
use crate::source::{ContentHash, Date, DocId, Document, TextKey, known};
use crate::text::bits::{is_set, set};
use crate::theme::{CodedSentence, Hit};

use super::tokens::counted;
use super::words::Words;

/// An immutable batch. Word ids are local to it: `0..words.len()`, in order of first appearance.
#[derive(Debug, Default, PartialEq)]
pub struct Shard {
    /// How its text was cut: text with tags is compared and quoted without them.
    pub mode: Mode,
    /// Its documents, in input order.
    pub documents: Arc<Vec<ShardDocument>>,
    /// Their sentences, in document order.
    pub sentences: Vec<ShardSentence>,
    /// The word id of every token, in text order. Marks are no tokens.
    pub tokens: Vec<u32>,
    /// One bit a token, 64 to a word: whether a mark or the beginning of the sentence stands before it. See
    /// [`Self::follows_mark`].
    pub marks: Vec<u64>,
    /// The same for white space too. See [`Self::follows_gap`].
    pub gaps: Vec<u64>,
    /// The words with their counts in this shard, by id.
    pub words: Words,
    /// The original text of all sentences, one after another, gaps left out.
    pub text: String,
    /// What each taxonomy found, in the order of the taxonomies. See [`Self::themes`].
    pub themes: Vec<ShardThemes>,
    /// Sentences cut because no end mark came in time, each by the index of its document.
    pub long_sentences: Vec<u32>,
}

/// What one taxonomy found in a shard.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShardThemes {
    /// Every hit; `sentence` is an index into the sentences of the shard. In the order of theme_evidence.csv within a document.
    pub hits: Vec<Hit>,
    /// Every sentence that has a theme, in order; `sentence` is an index into the sentences of the shard.
    pub coded: Vec<CodedSentence>,
    /// Evidence rows left out because one pattern was capped more than 100 times in a unit: each document that has some, by index,
    /// and how many.
    pub capped_rows: Vec<(u32, u64)>,
}

impl ShardThemes {
    /// Nothing found.
    const NONE: Self = Self { hits: Vec::new(), coded: Vec::new(), capped_rows: Vec::new() };

    /// Evidence rows left out because one pattern was capped more than 100 times in a unit.
    pub fn capped_rows_left_out(&self) -> u64 {
        self.capped_rows.iter().map(|(_, rows)| rows).sum()
    }
}

/// What a sentence with one or two themes takes in memory.
const CODED_BYTES: usize = 72;

/// A document without its text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ShardDocument {
    /// Its id; see tables.md.
    pub id: DocId,
    /// Source path relative to its root.
    pub path: Arc<str>,
    /// Record number in the file, 1-based.
    pub record: Option<u64>,
    /// Title, or empty.
    pub title: Box<str>,
    /// Publication date, if known.
    pub date: Option<Date>,
    /// Issuing body or agency, or empty.
    pub source: Box<str>,
    /// Document number, or empty.
    pub document_number: Box<str>,
    /// The body that issued it, or empty.
    pub issuing_body: Box<str>,
    /// Place of the dateline, or empty.
    pub place: Box<str>,
    /// Kind of file it was read from.
    #[serde(with = "known")]
    pub format: known::Name,
    /// Encoding it was read in; empty for kinds that are not made of characters.
    #[serde(with = "known")]
    pub encoding: known::Name,
    /// How sure the encoding is, in ten-thousandths, where one was read.
    pub confidence: Option<u16>,
    /// Characters that could not be decoded.
    pub replaced: u64,
    /// Whether it is counted in simplified characters.
    pub simplified: bool,
    /// Hash of the decoded text.
    pub content_hash: ContentHash,
    /// What its sentences and tokens depend on, beside the settings.
    pub text_key: TextKey,
    /// Characters of the normalised body without white space.
    pub characters: u64,
    /// Its sentences in the shard: `sentence_start..sentence_end`.
    pub sentence_start: u32,
    /// One past its last sentence.
    pub sentence_end: u32,
}

impl ShardDocument {
    /// What is known of a document before it is cut.
    pub(super) fn of(document: &Document) -> Self {
        Self {
            id: document.id,
            path: document.path.clone(),
            record: document.record,
            title: document.title.as_str().into(),
            date: document.date,
            source: document.source.as_str().into(),
            document_number: document.document_number.as_str().into(),
            issuing_body: document.issuing_body.as_str().into(),
            place: document.place.as_str().into(),
            format: document.format,
            encoding: document.encoding,
            confidence: document.confidence,
            replaced: document.replaced,
            simplified: false,
            content_hash: document.content_hash,
            text_key: TextKey::of(&document.title, &document.body),
            characters: 0,
            sentence_start: 0,
            sentence_end: 0,
        }
    }

    /// What is known of `document`, whose title and body are those of this one, so that it was cut already.
    #[must_use]
    pub fn renewed(&self, document: &Document) -> Self {
        Self {
            simplified: self.simplified,
            characters: self.characters,
            sentence_start: self.sentence_start,
            sentence_end: self.sentence_end,
            ..Self::of(document)
        }
    }

    /// Its path, with `#` and the record number where it is a record.
    pub fn place(&self) -> String {
        self.record.map_or_else(|| self.path.to_string(), |record| format!("{}#{record}", self.path))
    }
}

/// One sentence of a shard.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ShardSentence {
    /// Index of its document in the shard.
    pub document: u32,
    /// 1-based paragraph number in the document; the title is paragraph 1.
    pub paragraph: u32,
    /// 1-based sentence number in the document; the title is sentence 1.
    pub number: u32,
    /// Length of the original in Unicode scalar values.
    pub scalars: u32,
    /// Characters of the normalised body without white space: 0 in a title.
    pub characters: u32,
    /// First byte in the shard's text.
    pub text_start: u32,
    /// First token in the shard's tokens.
    pub token_start: u32,
}

impl Shard {
    /// Gives back the room into which its lists could have grown: a twentieth of what a run takes.
    pub(super) fn give_back_room(&mut self) {
        Arc::make_mut(&mut self.documents).shrink_to_fit();
        self.sentences.shrink_to_fit();
        self.tokens.shrink_to_fit();
        self.marks.shrink_to_fit();
        self.gaps.shrink_to_fit();
        self.text.shrink_to_fit();
        self.words.give_back_room();
        for themes in &mut self.themes {
            themes.hits.shrink_to_fit();
            themes.coded.shrink_to_fit();
        }
    }

    /// About how many bytes of memory it takes.
    pub(super) fn bytes(&self) -> usize {
        let hits = |themes: &ShardThemes| size_of_val(&*themes.hits) + themes.coded.len() * CODED_BYTES;
        size_of_val(&*self.sentences)
            + size_of_val(&*self.tokens)
            + size_of_val(&*self.marks) * 2
            + self.words.bytes()
            + self.text.len()
            + self.themes.iter().map(hits).sum::<usize>()
    }

    /// The original text of sentence `index`.
    pub fn sentence_text(&self, index: usize) -> &str {
        let end = self.sentences.get(index + 1).map_or(self.text.len(), |next| next.text_start as usize);
        &self.text[self.sentences[index].text_start as usize..end]
    }

    /// The text of sentence `index` as it is counted: as written, or in simplified characters.
    pub fn counted_text(&self, index: usize) -> Cow<'_, str> {
        let simplified = self.documents[self.sentences[index].document as usize].simplified;
        counted(self.sentence_text(index), simplified)
    }

    /// The word ids of sentence `index`.
    pub fn sentence_tokens(&self, index: usize) -> &[u32] {
        let end = self.sentences.get(index + 1).map_or(self.tokens.len(), |next| next.token_start as usize);
        &self.tokens[self.sentences[index].token_start as usize..end]
    }

    /// Whether token `index` begins its sentence or stands behind a mark, so that nothing runs from the token before it into it.
    pub fn follows_mark(&self, index: usize) -> bool {
        is_set(&self.marks, index)
    }

    /// Whether anything at all stands before token `index` in its sentence that is no token, white space included, or nothing.
    pub fn follows_gap(&self, index: usize) -> bool {
        is_set(&self.gaps, index)
    }

    /// Notes that token `index` begins its sentence or stands behind a mark.
    pub(super) fn set_follows_mark(&mut self, index: usize) {
        set_growing(&mut self.marks, index);
        self.set_follows_gap(index);
    }

    /// Notes that token `index` stands behind something that is no token.
    pub(super) fn set_follows_gap(&mut self, index: usize) {
        set_growing(&mut self.gaps, index);
    }

    /// Whether sentence `index` is the title of its document.
    pub fn is_title(&self, index: usize) -> bool {
        let document = &self.documents[self.sentences[index].document as usize];
        index == document.sentence_start as usize && !document.title.trim().is_empty()
    }

    /// What the taxonomy of this number found: nothing where there is no such taxonomy.
    pub fn themes(&self, taxonomy: usize) -> &ShardThemes {
        static NONE: ShardThemes = ShardThemes::NONE;
        self.themes.get(taxonomy).unwrap_or(&NONE)
    }

    /// The word ids of document `index`, title included.
    pub fn document_tokens(&self, index: usize) -> &[u32] {
        let start_of = |sentence: u32| self.sentences.get(sentence as usize).map_or(self.tokens.len(), |s| s.token_start as usize);
        let document = &self.documents[index];
        &self.tokens[start_of(document.sentence_start)..start_of(document.sentence_end)]
    }

    /// Bytes of text of document `index`, title included.
    pub fn document_bytes(&self, index: usize) -> usize {
        let start_of = |sentence: u32| self.sentences.get(sentence as usize).map_or(self.text.len(), |s| s.text_start as usize);
        let document = &self.documents[index];
        start_of(document.sentence_end) - start_of(document.sentence_start)
    }

    /// Sentence indices of document `index`.
    pub fn document_sentences(&self, index: usize) -> std::ops::Range<usize> {
        self.documents[index].sentence_start as usize..self.documents[index].sentence_end as usize
    }
}

/// Sets a bit of a list that grows.
fn set_growing(bits: &mut Vec<u64>, index: usize) {
    if bits.len() <= index / 64 {
        bits.resize(index / 64 + 1, 0);
    }
    set(bits, index);
}

#[cfg(test)]
mod tests {
    use crate::corpus::{Tools, build_shard};
    use crate::lexicon::Dictionary;
    use crate::segment::Segmenter;
    use crate::source::{ContentHash, DocId, Document};
    use crate::text::SentenceOptions;

    #[test]
    fn marks_and_sentences_part_tokens_and_white_space_does_not() {
        let (segmenter, sentences) = (Segmenter::new(&Dictionary::default()), SentenceOptions::default());
        let body = "GDP 增长产业，“改革”。\n开放".to_string();
        let document = Document {
            id: DocId::of("a.txt", None),
            path: "a.txt".into(),
            record: None,
            title: String::new(),
            date: None,
            source: String::new(),
            document_number: String::new(),
            issuing_body: String::new(),
            place: String::new(),
            format: "txt",
            encoding: "utf-8",
            confidence: None,
            replaced: 0,
            content_hash: ContentHash::of("", &body),
            body,
            bytes: 0,
        };
        let shard = build_shard(&[document], Tools { segmenter: &segmenter, taggers: &[], sentences: &sentences });
        let words: Vec<(&str, bool, bool)> = shard
            .tokens
            .iter()
            .enumerate()
            .map(|(at, word)| (shard.words.text(*word as usize), shard.follows_mark(at), shard.follows_gap(at)))
            .collect();
        assert_eq!(words, [("gdp", true, true), ("增长", false, true), ("产业", false, false), ("改革", true, true), ("开放", true, true)]);
    }
}
