//! A document: decoded text that never changes, with what is known about it.

use std::fmt;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};

use super::Date;
use super::metadata::Metadata;

/// Identifies a document by where it is, so that it keeps its id when it is edited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct DocId([u8; 6]);

impl DocId {
    /// The id of a file, or of the record `key` in it: BLAKE3 of the path, followed by `#` and the key.
    pub fn of(path: &str, key: Option<&str>) -> Self {
        let mut hasher = blake3::Hasher::new();
        hasher.update(path.as_bytes());
        if let Some(key) = key {
            hasher.update(b"#");
            hasher.update(key.as_bytes());
        }
        let mut id = [0; 6];
        id.copy_from_slice(&hasher.finalize().as_bytes()[..6]);
        Self(id)
    }
}

impl DocId {
    /// `d` and 12 hex digits, in `buffer`: the letter keeps spreadsheets from reading a number. Ids stand in a million rows.
    pub fn write<'b>(&self, buffer: &'b mut [u8; 13]) -> &'b str {
        write_hex(b'd', &self.0, buffer)
    }
}

/// Gives every document an id of its own: two records of a file may state the same key.
#[derive(Debug, Default)]
pub struct UniqueIds {
    seen: FxHashSet<DocId>,
    uses: FxHashMap<DocId, u32>,
}

impl UniqueIds {
    /// The id for the next document of a path that wants `id`: that one, or where an earlier document has it, one made of it
    /// and `~2`, `~3` and so on.
    pub fn give(&mut self, path: &str, id: DocId) -> DocId {
        let mut given = id;
        while !self.seen.insert(given) {
            let number = self.uses.entry(id).or_insert(1);
            *number += 1;
            given = DocId::of(path, Some(&format!("{id}~{number}")));
        }
        given
    }
}

impl fmt::Display for DocId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.write(&mut [0; 13]))
    }
}

/// A letter and two hex digits a byte, in a buffer of that size.
fn write_hex<'b>(letter: u8, bytes: &[u8], buffer: &'b mut [u8]) -> &'b str {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    buffer[0] = letter;
    for (pair, byte) in buffer[1..].chunks_exact_mut(2).zip(bytes) {
        pair.copy_from_slice(&[DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]);
    }
    // Letters and digits are always UTF-8.
    std::str::from_utf8(buffer).unwrap_or_default()
}

/// Identifies a text by what it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ContentHash([u8; 8]);

impl ContentHash {
    /// BLAKE3 of title, line feed and body, or of the body alone where there is no title. White space at the ends of the body
    /// is left out, so that the last line end of a file makes no other text of it.
    pub fn of(title: &str, body: &str) -> Self {
        let mut hasher = blake3::Hasher::new();
        if !title.is_empty() {
            hasher.update(title.as_bytes());
            hasher.update(b"\n");
        }
        hasher.update(body.trim().as_bytes());
        let mut hash = [0; 8];
        hash.copy_from_slice(&hasher.finalize().as_bytes()[..8]);
        Self(hash)
    }
}

impl fmt::Display for ContentHash {
    /// `b` and 16 hex digits.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(write_hex(b'b', &self.0, &mut [0; 17]))
    }
}

/// Identifies a title and a body character by character: two documents with the same key are cut into the same sentences.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct TextKey([u8; 16]);

impl TextKey {
    /// BLAKE3 of the length of the title, the title and the body.
    pub fn of(title: &str, body: &str) -> Self {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&(title.len() as u64).to_le_bytes());
        hasher.update(title.as_bytes());
        hasher.update(body.as_bytes());
        let mut key = [0; 16];
        key.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
        Self(key)
    }
}

/// A decoded document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Its id. Two records of a file that state the same key have the same id here; the corpus tells them apart.
    pub id: DocId,
    /// Path relative to its root, in `/` form.
    pub path: Arc<str>,
    /// 1-based record number in a file of records.
    pub record: Option<u64>,
    /// Title, or empty. It is not repeated in the body.
    pub title: String,
    /// Publication date where it is stated in full.
    pub date: Option<Date>,
    /// Agency or issuing body, or empty.
    pub source: String,
    /// Document number such as 国办发〔2024〕1号, or empty.
    pub document_number: String,
    /// The body that issued it, or empty.
    pub issuing_body: String,
    /// Place of the dateline, or empty.
    pub place: String,
    /// Kind of file it was read from.
    pub format: &'static str,
    /// Encoding it was read in; empty for kinds that are not made of characters.
    pub encoding: &'static str,
    /// How sure the encoding is, in ten-thousandths, where one was read.
    pub confidence: Option<u16>,
    /// Characters that could not be decoded, or were destroyed before.
    pub replaced: u64,
    /// The text without title and metadata lines. Line ends are LF.
    pub body: String,
    /// Hash of title and body.
    pub content_hash: ContentHash,
    /// Bytes of input it was made of.
    pub bytes: u64,
}

/// Where a document comes from, and how it was read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Origin<'a> {
    pub path: &'a Arc<str>,
    /// The path whose names may state a date: that of the file, also for a sheet in it.
    pub file: &'a str,
    pub format: &'static str,
    pub encoding: &'static str,
    pub confidence: Option<u16>,
    pub bytes: u64,
}

impl Document {
    /// A document of a file, or of a record with its number and key; and the warnings of its metadata.
    pub(super) fn new(
        origin: &Origin<'_>,
        record: Option<(u64, &str)>,
        metadata: Metadata,
        body: String,
        replaced: u64,
    ) -> (Self, Vec<&'static str>) {
        let document = Self {
            id: DocId::of(origin.path, record.map(|(_, key)| key)),
            path: origin.path.clone(),
            record: record.map(|(number, _)| number),
            content_hash: ContentHash::of(&metadata.title, &body),
            title: metadata.title,
            date: metadata.date,
            source: metadata.source,
            document_number: metadata.document_number,
            issuing_body: metadata.issuing_body,
            place: metadata.place,
            format: origin.format,
            encoding: origin.encoding,
            confidence: origin.confidence,
            replaced,
            body,
            bytes: origin.bytes,
        };
        (document, metadata.warnings)
    }
}

/// Names of formats and encodings in stored documents: read back as the names that the program knows.
pub mod known {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    use crate::encoding::Charset;
    use crate::source::formats::Format;

    /// A name that the program knows. (Under its own name, since it is not borrowed from what it is read from.)
    pub type Name = &'static str;

    /// Writes the name as a text.
    pub fn serialize<S: Serializer>(name: &'static str, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(name)
    }

    /// Reads a name of a format or an encoding, or an empty one.
    ///
    /// # Errors
    /// A name that is neither.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<&'static str, D::Error> {
        let name = <&str>::deserialize(deserializer)?;
        let known = Format::known_name(name).or_else(|| Charset::known_name(name)).or((name.is_empty()).then_some(""));
        known.ok_or_else(|| D::Error::custom("no name of a format or an encoding"))
    }
}

/// Something odd about a document that was read all the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// Stable code such as `W_DATE_YEAR`.
    pub code: &'static str,
    /// The document's path.
    pub path: Arc<str>,
    /// Its record number.
    pub record: Option<u64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_hashes_of_path_and_key() {
        assert_eq!(DocId::of("000_fb77fa30169a27a9.txt", None).to_string(), "d8948b847d948");
        assert_ne!(DocId::of("a.jsonl", Some("1")), DocId::of("a.jsonl", Some("2")));
        assert_eq!(ContentHash::of("题", "文").to_string().len(), 17);
        assert_eq!(ContentHash::of("题", "文"), ContentHash::of("", "\n题\n文\n"));
        assert_eq!(&ContentHash::of("", "文。\n").to_string()[1..], &blake3::hash("文。".as_bytes()).to_hex()[..16]);
    }
}
