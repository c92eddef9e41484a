//! Shards as bytes, in two layers: sentences with their tokens, and what taxonomies find in them. A changed taxonomy makes only the
//! second anew.

mod sealed;

use sealed::seal_packed;
pub use sealed::{Packing, Seal, StoredError, looks_like, seal, unseal};

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::segment::Mode;

use super::builder::index;
use super::shard::{Shard, ShardDocument, ShardSentence, ShardThemes};
use super::words::Words;

/// The kind of value of sentences with their tokens.
pub const TOKENS: [u8; 2] = *b"tk";
const THEMES: [u8; 2] = *b"th";

/// A shard without themes. Numbers that grow from sentence to sentence are stored as what is added, which packs to nearly nothing.
#[derive(Serialize, Deserialize)]
struct StoredTokens<D, W, T> {
    mode: Mode,
    documents: D,
    paragraphs: Vec<u32>,
    numbers: Vec<u32>,
    scalars: Vec<u32>,
    characters: Vec<u32>,
    text_lengths: Vec<u32>,
    token_counts: Vec<u32>,
    tokens: T,
    marks: Vec<u64>,
    gaps: Vec<u64>,
    words: W,
    text: String,
    long_sentences: Vec<u32>,
}

/// The sentences and tokens of a shard as bytes.
///
/// # Errors
/// None with plain data.
pub fn store_tokens(shard: &Shard, packing: Packing, fingerprint: &Seal) -> Result<Vec<u8>, StoredError> {
    let sentences = &shard.sentences;
    let column = |value: fn(&ShardSentence) -> u32| sentences.iter().map(value).collect::<Vec<u32>>();
    let stored = StoredTokens {
        mode: shard.mode,
        documents: &*shard.documents,
        paragraphs: column(|s| s.paragraph),
        numbers: column(|s| s.number),
        scalars: column(|s| s.scalars),
        characters: column(|s| s.characters),
        text_lengths: (0..sentences.len()).map(|at| index(shard.sentence_text(at).len())).collect(),
        token_counts: (0..sentences.len()).map(|at| index(shard.sentence_tokens(at).len())).collect(),
        tokens: &shard.tokens,
        marks: shard.marks.clone(),
        gaps: shard.gaps.clone(),
        words: &shard.words,
        text: shard.text.clone(),
        long_sentences: shard.long_sentences.clone(),
    };
    seal_packed(TOKENS, packing, fingerprint, &stored)
}

/// A shard without themes from its bytes.
///
/// # Errors
/// When they are damaged, foreign, or made with other settings.
pub fn load_tokens(bytes: &[u8], fingerprint: &Seal) -> Result<Shard, StoredError> {
    let stored: StoredTokens<Vec<ShardDocument>, Words, Vec<u32>> = unseal(TOKENS, fingerprint, bytes)?;
    let sentences = sentences(&stored).ok_or(StoredError::Damaged)?;
    let StoredTokens { mode, mut documents, tokens, marks, gaps, words, text, long_sentences, .. } = stored;
    share_paths(&mut documents);
    Ok(Shard { mode, documents: Arc::new(documents), sentences, tokens, marks, gaps, words, text, themes: Vec::new(), long_sentences })
}

fn sentences<T>(stored: &StoredTokens<Vec<ShardDocument>, Words, T>) -> Option<Vec<ShardSentence>> {
    let mut sentences = Vec::with_capacity(stored.numbers.len());
    let (mut text_start, mut token_start) = (0, 0);
    for (number, document) in (0u32..).zip(&stored.documents) {
        for at in document.sentence_start as usize..document.sentence_end as usize {
            sentences.push(ShardSentence {
                document: number,
                paragraph: *stored.paragraphs.get(at)?,
                number: *stored.numbers.get(at)?,
                scalars: *stored.scalars.get(at)?,
                characters: *stored.characters.get(at)?,
                text_start,
                token_start,
            });
            text_start += stored.text_lengths.get(at)?;
            token_start += stored.token_counts.get(at)?;
        }
    }
    Some(sentences)
}

/// Records of one file share its path.
fn share_paths(documents: &mut [ShardDocument]) {
    let mut last: Option<Arc<str>> = None;
    for document in documents {
        match &last {
            Some(path) if **path == *document.path => document.path = Arc::clone(path),
            _ => last = Some(Arc::clone(&document.path)),
        }
    }
}

/// What taxonomies found in a shard, as bytes.
///
/// # Errors
/// None with plain data.
pub fn store_themes(themes: &[ShardThemes], fingerprint: &Seal) -> Result<Vec<u8>, StoredError> {
    seal(THEMES, fingerprint, &themes)
}

/// What taxonomies found in a shard, from its bytes.
///
/// # Errors
/// As [`load_tokens`].
pub fn load_themes(bytes: &[u8], fingerprint: &Seal) -> Result<Vec<ShardThemes>, StoredError> {
    unseal(THEMES, fingerprint, bytes)
}
