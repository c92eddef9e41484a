//! Files of records, read piece by piece: however long the file, a few megabytes are in memory.

use std::io::{self, BufRead, BufReader, Read};
use std::sync::Arc;

use super::compress;
use super::csv::CsvRecords;
use super::decode::{self, Chosen};
use super::formats::Format;
use super::list::SourceFile;
use super::options::SourceOptions;
use super::quarantine::{Failure, Quarantined};

/// A record as it stands in the file.
#[derive(Debug)]
pub(super) struct RawRecord {
    /// 1-based: the line in .jsonl, the data row in .csv.
    pub number: u64,
    /// 1-based line on which it begins.
    pub line: u64,
    pub content: RawContent,
}

/// The bytes of a record.
#[derive(Debug)]
pub(super) enum RawContent {
    /// A line of JSON.
    Json(Vec<u8>),
    /// The fields of a row.
    Row(::csv::ByteRecord),
}

impl RawRecord {
    pub fn bytes(&self) -> u64 {
        match &self.content {
            RawContent::Json(line) => line.len() as u64 + 1,
            RawContent::Row(row) => row.as_slice().len() as u64 + row.len() as u64,
        }
    }
}

/// What holds for all records of a file.
#[derive(Debug)]
pub(super) struct RecordFile {
    pub relative: Arc<str>,
    pub chosen: Chosen,
    /// Column names of a .csv, decoded.
    pub columns: Vec<String>,
}

/// An open file of records.
pub(super) struct OpenRecords {
    pub file: Arc<RecordFile>,
    source: Source,
}

enum Source {
    Lines(JsonLines),
    Rows(Box<CsvRecords>),
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
        let chosen = decode::choose(options.encoding, || Ok(compress::open(file, options)? as Box<dyn Read>))?;
        let reader = BufReader::with_capacity(1 << 18, compress::open(file, options)?);
        let (source, columns) = match format {
            Format::Csv => {
                let (rows, columns) = CsvRecords::open(reader, chosen, options)?;
                (Source::Rows(Box::new(rows)), columns)
            }
            _ => (Source::Lines(JsonLines { reader, line: 0, limit: options.max_document_bytes }), Vec::new()),
        };
        Ok(Self { file: Arc::new(RecordFile { relative: file.relative.clone(), chosen, columns }), source })
    }

    pub fn next(&mut self) -> Next {
        let next = match &mut self.source {
            Source::Lines(lines) => lines.next(),
            Source::Rows(rows) => rows.next(),
        };
        match next {
            Ok(Some(record)) => Next::Record(record),
            Ok(None) => Next::End,
            Err(BadRecord { number, bytes, failure }) => Next::Bad(failure.at(&self.file.relative, number, bytes)),
        }
    }
}

/// A record that could not be read, or (without a number) a file that breaks off.
pub(super) struct BadRecord {
    pub number: Option<u64>,
    pub bytes: u64,
    pub failure: Failure,
}

struct JsonLines {
    reader: BufReader<Box<dyn Read + Send>>,
    line: u64,
    limit: u64,
}

impl JsonLines {
    /// The next line that holds something. After an error of the file itself there is nothing more.
    fn next(&mut self) -> Result<Option<RawRecord>, BadRecord> {
        loop {
            let mut content = Vec::new();
            let read = match read_line(&mut self.reader, &mut content, self.limit) {
                Ok(0) => return Ok(None),
                Ok(read) => read,
                Err(error) => {
                    self.reader = BufReader::new(Box::new(io::empty()));
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
                return Ok(Some(RawRecord { number: self.line, line: self.line, content: RawContent::Json(content) }));
            }
        }
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
