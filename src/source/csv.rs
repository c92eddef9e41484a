//! CSV: one document a row; columns by name.

use std::io::{BufRead, BufReader, Read};

use super::compress;
use super::decode::{self, Chosen};
use super::document::Document;
use super::metadata::Metadata;
use super::options::SourceOptions;
use super::quarantine::{Code, Failure, Stage};
use super::records::{BadRecord, RawContent, RawRecord, RecordFile};

/// The rows of an open file.
pub(super) struct CsvRecords {
    reader: ::csv::Reader<BufReader<Box<dyn Read + Send>>>,
    number: u64,
    columns: usize,
    limit: u64,
    ended: bool,
}

impl CsvRecords {
    /// Reads the header. Without a column of text there is nothing to read.
    pub fn open(mut reader: BufReader<Box<dyn Read + Send>>, chosen: Chosen, options: &SourceOptions) -> Result<(Self, Vec<String>), Failure> {
        skip_start(&mut reader).map_err(compress::failure)?;
        let start = reader.fill_buf().map_err(compress::failure)?;
        let delimiter = delimiter_of(start);
        let mut rows = ::csv::ReaderBuilder::new().delimiter(delimiter).has_headers(true).flexible(true).from_reader(reader);
        let header = rows.byte_headers().map_err(csv_failure)?.clone();
        let columns: Vec<String> = header.iter().map(|name| field_text(name, chosen)).collect();
        if header.is_empty() {
            return Err(Failure::new(Stage::Split, Code::Empty, "the file holds nothing"));
        }
        if column_of(&columns, &options.fields.text).is_none() {
            let message = format!("expected a column {}, found {}; name yours in input.fields.text", options.fields.text.join(" or "), columns.join(", "));
            return Err(Failure::new(Stage::Split, Code::Format, message));
        }
        let rows = Self { reader: rows, number: 0, columns: columns.len(), limit: options.max_document_bytes, ended: false };
        Ok((rows, columns))
    }

    pub fn next(&mut self) -> Result<Option<RawRecord>, BadRecord> {
        if self.ended {
            return Ok(None);
        }
        let mut row = ::csv::ByteRecord::new();
        let found = self.reader.read_byte_record(&mut row).map_err(|error| {
            self.ended = true;
            BadRecord { number: None, bytes: 0, failure: csv_failure(error) }
        })?;
        if !found {
            return Ok(None);
        }
        self.number += 1;
        let line = row.position().map_or(0, ::csv::Position::line);
        let bytes = row.as_slice().len() as u64;
        let bad = |failure| Err(BadRecord { number: Some(self.number), bytes, failure });
        if row.len() != self.columns {
            let message = format!("line {line}: expected {} fields as in the header, found {}; mend the row (quotes around commas?)", self.columns, row.len());
            return bad(Failure::new(Stage::Split, Code::Row, message));
        }
        if bytes > self.limit {
            return bad(compress::too_large("record", self.limit));
        }
        Ok(Some(RawRecord { number: self.number, line, content: RawContent::Row(row) }))
    }
}

/// A row as a document: its key, its text and what its columns say.
pub(super) fn read(row: &::csv::ByteRecord, file: &RecordFile, options: &SourceOptions) -> Result<RowText, Failure> {
    let cell = |names: &[String]| column_of(&file.columns, names).and_then(|at| row.get(at)).unwrap_or_default();
    let text = decode::decode(cell(&options.fields.text), file.chosen, options)?;
    let mut metadata = Metadata { title: field_text(cell(&options.fields.title), file.chosen), ..Metadata::default() };
    metadata.source = field_text(cell(&options.fields.source), file.chosen);
    metadata.set_date(&field_text(cell(&options.fields.date), file.chosen));
    metadata.warnings.extend(text.warnings);
    Ok(RowText { key: field_text(cell(&options.fields.id), file.chosen), body: text.text.into_owned(), metadata })
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
            return Err(Failure::new(Stage::Split, Code::Empty, "the record has no text: its text field is missing, empty or only white space"));
        }
        Ok(self)
    }

    /// The document of the record.
    pub fn document(mut self, file: &RecordFile, number: u64, bytes: u64, options: &SourceOptions) -> (Document, Vec<&'static str>) {
        self.metadata.complete(&self.body, &file.relative, options);
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
    text.trim_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}' || c == '\0').to_string()
}

/// Passes over a byte-order mark and a `sep=` line.
fn skip_start(reader: &mut BufReader<Box<dyn Read + Send>>) -> std::io::Result<()> {
    if reader.fill_buf()?.starts_with(b"\xEF\xBB\xBF") {
        reader.consume(3);
    }
    if reader.fill_buf()?.starts_with(b"sep=") {
        let end = reader.fill_buf()?.iter().position(|b| *b == b'\n').map_or(0, |at| at + 1);
        reader.consume(end);
    }
    Ok(())
}

/// The mark that stands most often in the first line, outside quotes.
fn delimiter_of(start: &[u8]) -> u8 {
    let mut quoted = false;
    let mut counts = [(b',', 0), (b'\t', 0), (b';', 0)];
    for byte in start.iter().take_while(|b| **b != b'\n') {
        quoted ^= *byte == b'"';
        counts.iter_mut().filter(|(mark, _)| mark == byte && !quoted).for_each(|(_, count)| *count += 1);
    }
    let most = counts.iter().map(|(_, count)| *count).max().unwrap_or(0);
    counts.iter().find(|(_, count)| *count == most).map_or(b',', |(mark, _)| *mark)
}

fn csv_failure(error: ::csv::Error) -> Failure {
    let text = error.to_string();
    match error.into_kind() {
        ::csv::ErrorKind::Io(error) => compress::failure(error),
        _ => Failure::new(Stage::Split, Code::Row, format!("no CSV: {text}")),
    }
}
