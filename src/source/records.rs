//! Files of records, read piece by piece: however long the file, a few megabytes are in memory.

use std::io::{self, BufRead, BufReader};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::compress;
use super::csv::CsvRecords;
use super::decode::{self, Chosen};
use super::formats::Format;
use super::list::SourceFile;
use super::options::SourceOptions;
use super::quarantine::{Code, Failure, Quarantined, Stage};
use super::start::Started;

/// A record as it stands in the file.
#[derive(Debug)]
pub(super) struct RawRecord {
    /// 1-based: the line in .jsonl, the data row in .csv.
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
    pub chosen: Chosen,
    pub layout: Layout,
}

/// How a record is written.
#[derive(Debug)]
pub(super) enum Layout {
    /// A JSON object a line.
    Json,
    /// Fields with a mark between them.
    Table {
        /// The mark.
        delimiter: u8,
        /// Column names, decoded.
        columns: Vec<String>,
    },
}

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
    pub fn open(file: &SourceFile, format: Format, options: &SourceOptions) -> Result<Self, Failure> {
        let chosen = decode::choose(options.encoding, || Ok(Box::new(compress::open(file, options)?.reader)))?;
        let opened = compress::open(file, options)?;
        let reader = BufReader::with_capacity(1 << 18, opened.reader);
        let (source, layout) = match format {
            Format::Csv => {
                let (rows, layout) = CsvRecords::open(reader, chosen, options)?;
                (Source::Rows(rows), layout)
            }
            _ => (Source::Lines(JsonLines { reader: Some(reader), line: 0, limit: options.max_document_bytes }), Layout::Json),
        };
        let file_bytes = file.bytes;
        let file = Arc::new(RecordFile { relative: file.relative.clone(), chosen, layout });
        Ok(Self { file, source, told: false, consumed: opened.consumed, counted: 0, bytes: file_bytes })
    }

    pub fn next(&mut self) -> Next {
        let next = match &mut self.source {
            Source::Lines(lines) => lines.next(),
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

struct JsonLines {
    /// Nothing after an error of the file itself.
    reader: Option<BufReader<Started>>,
    line: u64,
    limit: u64,
}

impl JsonLines {
    /// The next line that holds something.
    fn next(&mut self) -> Result<Option<RawRecord>, BadRecord> {
        while let Some(reader) = &mut self.reader {
            let mut content = Vec::new();
            let read = match read_line(reader, &mut content, self.limit) {
                Ok(0) => return Ok(None),
                Ok(read) => read,
                Err(error) => {
                    self.reader = None;
                    return Err(BadRecord { number: None, bytes: 0, failure: compress::failure(error) });
                }
            };
            self.line += 1;
            if read > self.limit {
                return Err(BadRecord { number: Some(self.line), bytes: read, failure: compress::too_large("record", self.limit) });
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
    use std::io::Read;

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
