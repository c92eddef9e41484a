//! Files of records, read piece by piece: however long the file, a few megabytes are in memory.
//!
//! One thread cuts a file into the bytes of its records; many threads read those.

use std::io::{self, BufRead, BufReader, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

mod csv;
mod fields;
mod json;
mod json_array;
mod jsonl;
mod rows;

pub(super) use fields::{Columns, metadata_of};

use super::compress::{self, Limit};
use super::decode;
use super::document::{Document, Origin};
use super::formats::Format;
use super::input::Input;
use super::options::SourceOptions;
use super::quarantine::{Code, Failure, Quarantined, Stage};
use crate::encoding::{Charset, Decision, Transcoded};
use csv::CsvRecords;
use json_array::JsonArray;

/// A record as it stands in the file.
#[derive(Debug)]
pub(super) struct RawRecord {
    /// 1-based: the line in .jsonl, the data row in .csv, the element in .json.
    pub number: u64,
    /// 1-based line on which it begins.
    pub line: u64,
    /// Its bytes, without the line end.
    pub content: Vec<u8>,
}

impl RawRecord {
    pub fn bytes(&self) -> u64 {
        self.content.len() as u64 + 1
    }
}

/// What holds for all records of a file.
#[derive(Debug)]
pub(super) struct RecordFile {
    pub relative: Arc<str>,
    pub format: Format,
    /// The encoding of the file.
    pub decision: Decision,
    /// The encoding of the bytes of its records: UTF-8 where the file had to be decoded before it was cut.
    pub charset: Charset,
    pub layout: Layout,
}

/// How a record is written.
#[derive(Debug)]
pub(super) enum Layout {
    /// A JSON object.
    Json,
    /// Fields with a mark between them.
    Table {
        /// The mark.
        delimiter: u8,
        /// Column names, decoded.
        columns: Columns,
    },
}

/// The bytes of a file, in an encoding in which lines can be cut.
type Bytes = BufReader<Box<dyn Read + Send>>;

/// An open file of records.
pub(super) struct OpenRecords {
    pub file: Arc<RecordFile>,
    source: Source,
    /// Whether anything came of it yet: a file must not vanish.
    told: bool,
    consumed: Arc<AtomicU64>,
    /// Bytes of the file that are in a batch already, and those that should be in the end.
    counted: u64,
    bytes: u64,
}

enum Source {
    Lines(JsonLines),
    Elements(JsonArray),
    Rows(CsvRecords),
}

/// The next thing in a file of records.
pub(super) enum Next {
    Record(RawRecord),
    Bad(Quarantined),
    /// The file is at its end, or cannot be read any further; then the reason was given before.
    End,
}

impl OpenRecords {
    pub fn open(input: &Input, format: Format, options: &SourceOptions) -> Result<Self, Failure> {
        let decision = decode::choose(options, || Ok(Box::new(compress::open(input, options)?.reader)))?;
        let opened = compress::open(input, options)?;
        // Brackets and quotes may be halves of characters: where those are looked for, only UTF-8 will do.
        let transcode = decision.charset.is_wide() || (format == Format::Json && decision.charset != Charset::Utf8);
        let (bytes, charset): (Box<dyn Read + Send>, _) = match transcode {
            true => (Box::new(Transcoded::new(opened.reader, decision.charset)), Charset::Utf8),
            false => (Box::new(opened.reader), decision.charset),
        };
        let reader = BufReader::with_capacity(1 << 18, bytes);
        let (source, layout) = match format {
            Format::Csv => {
                let (rows, layout) = CsvRecords::open(reader, charset, options)?;
                (Source::Rows(rows), layout)
            }
            Format::Json => (Source::Elements(JsonArray::open(reader, options)?), Layout::Json),
            _ => (Source::Lines(JsonLines { reader: Some(reader), line: 0, limit: Limit::document("record", options) }), Layout::Json),
        };
        let file = Arc::new(RecordFile { relative: input.relative.clone(), format, decision, charset, layout });
        Ok(Self { file, source, told: false, consumed: opened.consumed, counted: 0, bytes: input.bytes })
    }

    pub fn next(&mut self) -> Next {
        let next = match &mut self.source {
            Source::Lines(lines) => lines.next(),
            Source::Elements(elements) => elements.next(),
            Source::Rows(rows) => rows.next(),
        };
        let empty = !std::mem::replace(&mut self.told, true);
        match next {
            Ok(Some(record)) => Next::Record(record),
            Ok(None) if empty => {
                let failure =
                    Failure::new(Stage::Split, Code::Empty, "the file holds no record: only white space, or a header without rows");
                Next::Bad(failure.at(&self.file.relative, None, self.bytes))
            }
            Ok(None) => Next::End,
            Err(BadRecord { number, bytes, failure }) => Next::Bad(failure.at(&self.file.relative, number, bytes)),
        }
    }

    /// Bytes of the file, packed as it is, that were read since this was last asked.
    pub fn newly_consumed(&mut self) -> u64 {
        let consumed = self.consumed.load(Ordering::Relaxed).clamp(self.counted, self.bytes.max(self.counted));
        consumed - std::mem::replace(&mut self.counted, consumed)
    }

    /// Bytes of the file that were never asked for, so that all batches together have those of all files.
    pub fn not_consumed(&self) -> u64 {
        self.bytes.saturating_sub(self.counted)
    }
}

/// A record that could not be read, or (without a number) a file that breaks off.
pub(super) struct BadRecord {
    pub number: Option<u64>,
    pub bytes: u64,
    pub failure: Failure,
}

/// A record as a document, with its warnings.
pub(super) fn read(record: &RawRecord, file: &RecordFile, options: &SourceOptions) -> Result<(Document, Vec<&'static str>), Failure> {
    let row = match &file.layout {
        Layout::Json => jsonl::read(&record.content, record.line, file, options)?,
        Layout::Table { delimiter, columns } => csv::read(&record.content, record.line, (*delimiter, columns), file, options)?,
    };
    let origin = Origin {
        path: &file.relative,
        file: &file.relative,
        format: file.format.name(),
        encoding: file.decision.charset.name(),
        confidence: Some(file.decision.confidence),
        bytes: record.bytes(),
    };
    Ok(row.checked()?.document(&origin, record.number, options))
}

struct JsonLines {
    /// Nothing after an error of the file itself.
    reader: Option<Bytes>,
    line: u64,
    limit: Limit,
}

impl JsonLines {
    /// The next line that holds something.
    fn next(&mut self) -> Result<Option<RawRecord>, BadRecord> {
        while let Some(reader) = &mut self.reader {
            let mut content = Vec::new();
            let read = match read_line(reader, &mut content, self.limit.bytes) {
                Ok(0) => return Ok(None),
                Ok(read) => read,
                Err(error) => {
                    self.reader = None;
                    return Err(BadRecord { number: None, bytes: 0, failure: compress::failure(error) });
                }
            };
            self.line += 1;
            if read > self.limit.bytes {
                return Err(BadRecord { number: Some(self.line), bytes: read, failure: compress::too_large(self.limit) });
            }
            if self.line == 1 && content.starts_with(b"\xEF\xBB\xBF") {
                content.drain(..3);
            }
            if !content.iter().all(u8::is_ascii_whitespace) {
                return Ok(Some(RawRecord { number: self.line, line: self.line, content }));
            }
        }
        Ok(None)
    }
}

/// Reads up to a line feed, which is taken off. Of a line above `limit` only the length is kept. 0 at the end of the file.
fn read_line(reader: &mut impl BufRead, content: &mut Vec<u8>, limit: u64) -> io::Result<u64> {
    let mut read = 0u64;
    loop {
        let buffer = match reader.fill_buf() {
            Ok(buffer) => buffer,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        if buffer.is_empty() {
            return Ok(read);
        }
        let end = memchr::memchr(b'\n', buffer);
        let piece = &buffer[..end.unwrap_or(buffer.len())];
        read += piece.len() as u64 + u64::from(end.is_some());
        if read <= limit {
            content.extend_from_slice(piece);
        } else {
            *content = Vec::new();
        }
        let used = piece.len() + usize::from(end.is_some());
        reader.consume(used);
        if end.is_some() {
            return Ok(read);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_above_the_limit_is_passed_over_in_constant_memory() {
        let endless = io::repeat(b'x').take(200 << 20);
        let mut reader = BufReader::new(endless.chain(io::Cursor::new(b"\n{}\n".to_vec())));
        let mut content = Vec::new();
        let read = read_line(&mut reader, &mut content, 1 << 20).unwrap();
        assert_eq!(read, (200 << 20) + 1);
        assert!(content.capacity() <= 4 << 20);
        assert_eq!(read_line(&mut reader, &mut content, 1 << 20).unwrap(), 3);
        assert_eq!(content, b"{}");
    }
}
