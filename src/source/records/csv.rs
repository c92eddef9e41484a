//! CSV: one document a row; columns by name.

use std::io::BufRead;

use super::fields::{Columns, RowText};
use super::rows::{self, Row, Rows};
use super::{BadRecord, Bytes, Layout, RawRecord, RecordFile};
use crate::encoding::Charset;
use crate::source::compress::{self, Limit};
use crate::source::decode;
use crate::source::lines;
use crate::source::options::SourceOptions;
use crate::source::quarantine::{Code, Failure, Stage};

/// The rows of an open file.
pub(super) struct CsvRecords {
    /// Nothing after an error of the file itself.
    rows: Option<Rows<Bytes>>,
    number: u64,
    limit: Limit,
}

impl CsvRecords {
    /// Reads the header. Without a column of text there is nothing to read.
    pub fn open(mut reader: Bytes, charset: Charset, options: &SourceOptions) -> Result<(Self, Layout), Failure> {
        let skipped = skip_start(&mut reader).map_err(compress::failure)?;
        let delimiter = delimiter_of(reader.fill_buf().map_err(compress::failure)?);
        let limit = Limit::document("record", options);
        let mut rows = Rows::new(reader, delimiter, skipped + 1, limit.bytes);
        let header = rows.next().map_err(compress::failure)?.unwrap_or_default();
        if header.size > limit.bytes {
            return Err(compress::too_large(Limit { what: "header", ..limit }));
        }
        if header.bytes.is_empty() {
            return Err(Failure::new(Stage::Split, Code::Empty, "the file holds only white space"));
        }
        let columns = Columns(rows::fields(&header.bytes, delimiter).iter().map(|name| field_text(name, charset)).collect());
        columns.check(&options.fields)?;
        Ok((Self { rows: Some(rows), number: 0, limit }, Layout::Table { delimiter, columns }))
    }

    pub fn next(&mut self) -> Result<Option<RawRecord>, BadRecord> {
        let Some(rows) = &mut self.rows else { return Ok(None) };
        let Row { bytes, line, size, unclosed } = match rows.next() {
            Ok(Some(row)) => row,
            Ok(None) => return Ok(None),
            Err(error) => {
                self.rows = None;
                return Err(BadRecord { number: None, bytes: 0, failure: compress::failure(error) });
            }
        };
        self.number += 1;
        let bad = |failure| Err(BadRecord { number: Some(self.number), bytes: size, failure });
        if unclosed {
            let message = format!(
                "line {line}: expected the quote that opens a field in this row to be closed, found the end of the file; \
                 close it: all rows after it were taken for its text"
            );
            return bad(Failure::new(Stage::Split, Code::Row, message));
        }
        if size > self.limit.bytes {
            return bad(compress::too_large(self.limit));
        }
        Ok(Some(RawRecord { number: self.number, line, content: bytes }))
    }
}

/// A row as a document: its key, its text and what its columns say. `line` is the line it begins on, for messages.
pub(super) fn read(
    row: &[u8],
    line: u64,
    (delimiter, columns): (u8, &Columns),
    file: &RecordFile,
    options: &SourceOptions,
) -> Result<RowText, Failure> {
    let row = rows::fields(row, delimiter);
    if row.len() != columns.0.len() {
        let (expected, found) = (columns.0.len(), row.len());
        let message =
            format!("line {line}: expected {expected} fields as in the header, found {found}; mend the row (quotes around commas?)");
        return Err(Failure::new(Stage::Split, Code::Row, message));
    }
    let cell = |at: usize| row.get(at).unwrap_or_default();
    let text = columns.filled(&options.fields.text, cell).map(cell).unwrap_or_default();
    let text = decode::decode(text, file.charset, options)?;
    Ok(columns.row_text(&options.fields, text, |at| field_text(row.get(at).unwrap_or_default(), file.charset)))
}

fn field_text(bytes: &[u8], charset: Charset) -> String {
    lines::one_line(&charset.decode(bytes))
}

/// Passes over a byte-order mark and a `sep=` line; returns the number of lines passed over.
fn skip_start(reader: &mut Bytes) -> std::io::Result<u64> {
    if reader.fill_buf()?.starts_with(b"\xEF\xBB\xBF") {
        reader.consume(3);
    }
    let start = reader.fill_buf()?;
    if !start.starts_with(b"sep=") {
        return Ok(0);
    }
    let Some(end) = memchr::memchr(b'\n', start) else { return Ok(0) };
    reader.consume(end + 1);
    Ok(1)
}

/// The mark that stands most often in the first line, outside quotes; `|` only where none of the others does.
fn delimiter_of(start: &[u8]) -> u8 {
    let mut quoted = false;
    let mut counts = [(b',', 0), (b'\t', 0), (b';', 0), (b'|', 0)];
    for byte in start.iter().take_while(|b| !matches!(**b, b'\n' | b'\r')) {
        quoted ^= *byte == b'"';
        counts.iter_mut().filter(|(mark, _)| mark == byte && !quoted).for_each(|(_, count)| *count += 1);
    }
    if counts[..3].iter().any(|(_, count)| *count > 0) {
        counts[3].1 = 0;
    }
    let most = counts.iter().map(|(_, count)| *count).max().unwrap_or(0);
    counts.iter().find(|(_, count)| *count == most).map_or(b',', |(mark, _)| *mark)
}
