//! The segmented text, as it is counted, for people and for other programs.

use std::io::{self, Write};

use rayon::prelude::*;
use serde::Serialize;

use crate::corpus::{TokenReader, document_sentences};
use crate::source::{Document, Quarantined};

use super::Prepared;
use super::documents::BATCHES_IN_FLIGHT;

/// How segmented text is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenFormat {
    /// One sentence a line, `word/pos` parted by spaces; a space inside a word is shown as `_`.
    Text,
    /// One JSON object a sentence, with offsets in Unicode scalar values of the sentence as written.
    Jsonl,
}

/// Which pieces of a sentence are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pieces {
    /// Tokens only: exactly what the counts are made of.
    Tokens,
    /// Marks too, tagged `w`.
    WithMarks,
}

#[derive(Serialize)]
struct SentenceRecord<'a> {
    doc_id: String,
    paragraph_no: u32,
    sentence_no: u32,
    sentence: &'a str,
    tokens: Vec<TokenRecord>,
}

#[derive(Serialize)]
struct TokenRecord {
    word: String,
    pos: String,
    start: u32,
    end: u32,
    stop: bool,
}

/// Writes the sentences of all documents that a run counts, in input order. Returns what could not be used. Call it inside [`Prepared::in_pool`].
///
/// # Errors
/// When `out` cannot be written to.
pub fn write_tokens(
    prepared: &Prepared,
    format: TokenFormat,
    pieces: Pieces,
    out: &mut (dyn Write + Send),
) -> io::Result<Vec<Quarantined>> {
    let mut quarantined = prepared.listing.quarantined.clone();
    for group in prepared.counted_documents(BATCHES_IN_FLIGHT) {
        let rendered: Vec<Vec<u8>> = group.par_iter().map(|batch| render_all(prepared, &batch.documents, format, pieces)).collect();
        for bytes in rendered {
            out.write_all(&bytes)?;
        }
        quarantined.extend(group.into_iter().flat_map(|batch| batch.quarantined));
    }
    out.flush()?;
    Ok(quarantined)
}

fn render_all(prepared: &Prepared, documents: &[Document], format: TokenFormat, pieces: Pieces) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut reader = TokenReader::default();
    for document in documents {
        render(prepared, document, format, pieces, &mut reader, &mut bytes);
    }
    bytes
}

fn render(prepared: &Prepared, document: &Document, format: TokenFormat, pieces: Pieces, reader: &mut TokenReader, out: &mut Vec<u8>) {
    document_sentences(document, &prepared.config.text, |sentence| {
        let tokens = tokens_of(prepared, &sentence.counted(), pieces, reader);
        match format {
            TokenFormat::Text if tokens.is_empty() => {}
            TokenFormat::Text => {
                // A space parts two tokens: one inside a word of the dictionary is shown as a low line.
                let line = tokens.iter().map(|t| format!("{}/{}", t.word.replace(' ', "_"), t.pos)).collect::<Vec<_>>().join(" ");
                out.extend_from_slice(line.as_bytes());
                out.push(b'\n');
            }
            TokenFormat::Jsonl => {
                let record = SentenceRecord {
                    doc_id: document.id.to_string(),
                    paragraph_no: sentence.paragraph,
                    sentence_no: sentence.number,
                    sentence: sentence.text,
                    tokens,
                };
                // Plain data always serialises.
                out.extend(serde_json::to_vec(&record).unwrap_or_default());
                out.push(b'\n');
            }
        }
    });
}

fn tokens_of(prepared: &Prepared, sentence: &str, pieces: Pieces, reader: &mut TokenReader) -> Vec<TokenRecord> {
    let mut found = Vec::new();
    reader.pieces(&prepared.segmenter, sentence, |piece, (start, end)| {
        let word = piece.key();
        let pos = match piece.is_token() {
            true => prepared.segmenter.tag(word),
            false if pieces == Pieces::WithMarks && !word.trim().is_empty() => "w".to_string(),
            false => return,
        };
        found.push(TokenRecord { word: word.to_string(), pos, start, end, stop: prepared.stop_words.contains(word) });
    });
    found
}
