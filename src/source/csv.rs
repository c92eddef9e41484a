//! CSV: one document a row; columns by name.

use std::io::{BufRead, BufReader};

use super::compress;
use super::decode::{self, Chosen};
use super::document::Document;
use super::lines;
use super::metadata::Metadata;
use super::options::SourceOptions;
use super::quarantine::{Code, Failure, Stage};
use super::records::{BadRecord, Layout, RawRecord, RecordFile};
use super::rows::{self, Row, Rows};
use super::start::Started;

/// The rows of an open file.
pub(super) struct CsvRecords {
    /// Nothing after an error of the file itself.
    rows: Option<Rows<BufReader<Started>>>,
    number: u64,
    limit: u64,
}

impl CsvRecords {
    /// Reads the header. Without a column of text there is nothing to read.
    pub fn open(mut reader: BufReader<Started>, chosen: Chosen, options: &SourceOptions) -> Result<(Self, Layout), Failure> {
        let skipped = skip_start(&mut reader).map_err(compress::failure)?;
        let delimiter = delimiter_of(reader.fill_buf().map_err(compress::failure)?);
        let limit = options.max_document_bytes;
        let mut rows = Rows::new(reader, delimiter, skipped + 1, limit);
        let header = rows.next().map_err(compress::failure)?.unwrap_or_default();
        if header.size > limit {
            return Err(compress::too_large("header", limit));
        }
        if header.bytes.is_empty() {
            return Err(Failure::new(Stage::Split, Code::Empty, "the file holds only white space"));
        }
        let columns: Vec<String> = rows::fields(&header.bytes, delimiter).iter().map(|name| field_text(name, chosen)).collect();
        if column_of(&columns, &options.fields.text).is_none() {
            let (expected, found) = (options.fields.text.join(" or "), columns.join(", "));
            let message = format!("expected a column {expected}, found {found}; name yours in input.fields.text");
            return Err(Failure::new(Stage::Split, Code::Format, message));
        }
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
        if size > self.limit {
            return bad(compress::too_large("record", self.limit));
        }
        Ok(Some(RawRecord { number: self.number, line, content: bytes }))
    }
}

/// A row as a document: its key, its text and what its columns say. `line` is the line it begins on, for messages.
pub(super) fn read(
    row: &[u8],
    line: u64,
    (delimiter, columns): (u8, &[String]),
    file: &RecordFile,
    options: &SourceOptions,
) -> Result<RowText, Failure> {
    let row = rows::fields(row, delimiter);
    if row.len() != columns.len() {
        let (expected, found) = (columns.len(), row.len());
        let message =
            format!("line {line}: expected {expected} fields as in the header, found {found}; mend the row (quotes around commas?)");
        return Err(Failure::new(Stage::Split, Code::Row, message));
    }
    let cell = |names: &[String]| column_of(columns, names).and_then(|at| row.get(at)).unwrap_or_default();
    let short = |names: &[String]| field_text(cell(names), file.chosen);
    let names = &options.fields;
    let text = decode::decode(cell(&names.text), file.chosen, options)?;
    let mut metadata = Metadata { title: short(&names.title), source: short(&names.source), ..Metadata::default() };
    metadata.set_date(&short(&names.date));
    metadata.warnings.extend(text.warnings);
    Ok(RowText { key: short(&names.id), body: text.text.into_owned(), metadata })
}

/// Key, text and metadata of a record of any kind.
pub(super) struct RowText {
    /// Empty if the record states none.
    pub key: String,
    pub body: String,
    pub metadata: Metadata,
}

impl RowText {
    /// Refuses a record that says nothing.
    pub fn checked(self) -> Result<Self, Failure> {
        if self.body.trim().is_empty() {
            return Err(Failure::new(Stage::Split, Code::Row, "the record has no text: its text field is empty or only white space"));
        }
        Ok(self)
    }

    /// The document of the record.
    pub fn document(mut self, file: &RecordFile, number: u64, bytes: u64, options: &SourceOptions) -> (Document, Vec<&'static str>) {
        self.body = self.metadata.without_title(&self.body).to_string();
        self.metadata.complete(&self.body, &file.relative, options);
        self.metadata.warn_without_text(&self.body);
        let key = if self.key.trim().is_empty() { number.to_string() } else { self.key.trim().to_string() };
        Document::new(&file.relative, Some((number, &key)), self.metadata, self.body, file.chosen.name(), bytes)
    }
}

/// The first column that has one of the names, by the order of the names.
fn column_of(columns: &[String], names: &[String]) -> Option<usize> {
    names.iter().find_map(|name| columns.iter().position(|column| column.to_lowercase() == name.to_lowercase()))
}

fn field_text(bytes: &[u8], chosen: Chosen) -> String {
    let text = decode::characters(bytes, chosen);
    lines::one_line(&text)
}

/// Passes over a byte-order mark and a `sep=` line; returns the number of lines passed over.
fn skip_start(reader: &mut BufReader<Started>) -> std::io::Result<u64> {
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

/// The mark that stands most often in the first line, outside quotes.
fn delimiter_of(start: &[u8]) -> u8 {
    let mut quoted = false;
    let mut counts = [(b',', 0), (b'\t', 0), (b';', 0)];
    for byte in start.iter().take_while(|b| !matches!(**b, b'\n' | b'\r')) {
        quoted ^= *byte == b'"';
        counts.iter_mut().filter(|(mark, _)| mark == byte && !quoted).for_each(|(_, count)| *count += 1);
    }
    let most = counts.iter().map(|(_, count)| *count).max().unwrap_or(0);
    counts.iter().find(|(_, count)| *count == most).map_or(b',', |(mark, _)| *mark)
}
