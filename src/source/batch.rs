//! Work in pieces of constant size: cut by one thread, read by many.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use super::compress;
use super::csv;
use super::decode;
use super::document::{Document, Warning};
use super::formats::{self, Format, Named};
use super::jsonl;
use super::list::SourceFile;
use super::metadata::Metadata;
use super::options::{Encoding, SourceOptions};
use super::quarantine::{Code, Failure, MOST_ROWS_PER_BATCH, Quarantined, Stage};
use super::readers::{markdown, text};
use super::records::{Layout, Next, OpenRecords, RawRecord, RecordFile};

/// A batch closes when it holds this much input. Constant, so that nothing depends on the machine.
const BATCH_BYTES: u64 = 1 << 20;

/// What holding a piece costs beside its bytes, so that a batch of very short records is no larger than another.
const PIECE_BYTES: u64 = 64;

/// Cuts the listed files into batches: the cheap part, which one thread does. Files of one document are only named here; files
/// of records are read piece by piece.
pub struct BatchReader<'a> {
    files: std::slice::Iter<'a, SourceFile>,
    options: &'a SourceOptions,
    open: Option<OpenRecords>,
    /// Bytes of files that were done since the last batch.
    done: u64,
    warnings: Vec<Warning>,
}

/// Some input to read.
pub struct Batch {
    pieces: Vec<Piece>,
    warnings: Vec<Warning>,
    bytes: u64,
}

enum Piece {
    Whole(SourceFile, Format),
    Record(Arc<RecordFile>, RawRecord),
    Bad(Quarantined),
}

/// What a batch holds.
#[derive(Debug, Default)]
pub struct ReadBatch {
    /// Its documents, in input order.
    pub documents: Vec<Document>,
    /// Inputs that could not be used.
    pub quarantined: Vec<Quarantined>,
    /// What was odd about documents.
    pub warnings: Vec<Warning>,
    /// Bytes of the files, packed as they are. All batches together have the bytes of all listed files.
    pub bytes: u64,
}

impl<'a> BatchReader<'a> {
    /// Batches of these files, in order.
    pub fn new(files: &'a [SourceFile], options: &'a SourceOptions) -> Self {
        Self { files: files.iter(), options, open: None, done: 0, warnings: Vec::new() }
    }

    /// The next piece with what it costs to hold it, in bytes.
    fn next_piece(&mut self) -> Option<(Piece, u64)> {
        loop {
            if let Some(open) = &mut self.open {
                match open.next() {
                    Next::Record(record) => {
                        let bytes = record.bytes();
                        return Some((Piece::Record(open.file.clone(), record), bytes));
                    }
                    Next::Bad(bad) => {
                        let bytes = bad.bytes;
                        return Some((Piece::Bad(bad), bytes));
                    }
                    Next::End => {
                        self.done += open.newly_consumed() + open.not_consumed();
                        self.open = None;
                    }
                }
            }
            let file = self.files.next()?;
            match self.start(file) {
                Ok(Some(piece)) => {
                    self.done += file.bytes;
                    return Some((piece, file.bytes));
                }
                Ok(None) => {}
                Err(failure) => {
                    self.done += file.bytes;
                    return Some((Piece::Bad(failure.at(&file.relative, None, file.bytes)), file.bytes));
                }
            }
        }
    }

    /// Opens a file of records, or names a file of one document.
    fn start(&mut self, file: &SourceFile) -> Result<Option<Piece>, Failure> {
        if file.bytes == 0 {
            return Err(Failure::new(Stage::Read, Code::Empty, "the file has no bytes"));
        }
        match self.format_of(file)? {
            format @ (Format::Jsonl | Format::Csv) => {
                self.open = Some(OpenRecords::open(file, format, self.options)?);
                Ok(None)
            }
            format => Ok(Some(Piece::Whole(file.clone(), format))),
        }
    }

    /// The format that the name promises, or the one that the bytes are where the name promises something that is no text.
    fn format_of(&mut self, file: &SourceFile) -> Result<Format, Failure> {
        let (format, failure) = match formats::of_name(&file.relative) {
            Named::Read(format) => return Ok(format),
            Named::Refused(failure) => return Err(failure),
            Named::Binary(format, failure) => (format, failure),
        };
        let opened = compress::open_any(file, self.options)?;
        let start = opened.reader.start();
        match formats::magic_of(start) {
            Some(magic) if !magic.shared => Err(magic.refused()),
            None if is_text(start) => {
                self.warnings.push(Warning { code: "W_EXTENSION", path: file.relative.clone(), record: None });
                Ok(format)
            }
            _ => Err(failure),
        }
    }
}

/// Whether bytes are text without doubt.
fn is_text(start: &[u8]) -> bool {
    let is_control = |b: &u8| *b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r' | 0x0C);
    !start.iter().any(is_control) && decode::choose(Encoding::Auto, || Ok(Box::new(start))).is_ok()
}

impl Iterator for BatchReader<'_> {
    type Item = Batch;

    fn next(&mut self) -> Option<Batch> {
        let mut pieces = Vec::new();
        let mut held = 0;
        while held < BATCH_BYTES {
            let Some((piece, bytes)) = self.next_piece() else { break };
            pieces.push(piece);
            held += bytes + PIECE_BYTES;
        }
        if pieces.is_empty() && self.done == 0 {
            return None;
        }
        let read_on = self.open.as_mut().map_or(0, OpenRecords::newly_consumed);
        let bytes = std::mem::take(&mut self.done) + read_on;
        Some(Batch { pieces, warnings: std::mem::take(&mut self.warnings), bytes })
    }
}

impl Batch {
    /// Opens, unpacks, decodes and parses: the part that many threads do. A reader that panics loses its document only.
    pub fn read(self, options: &SourceOptions) -> ReadBatch {
        let mut out = ReadBatch { bytes: self.bytes, warnings: self.warnings, ..ReadBatch::default() };
        for piece in self.pieces {
            let (path, record, bytes) = piece.place();
            let read = catch_unwind(AssertUnwindSafe(|| piece.read(options)));
            match read.unwrap_or_else(|_| Err(panicked())) {
                Ok((document, warnings)) => {
                    let warning = |code| Warning { code, path: path.clone(), record };
                    out.warnings.extend(warnings.into_iter().map(warning));
                    out.documents.push(document);
                }
                Err(failure) => out.refuse(failure.at(&path, record, bytes)),
            }
        }
        out
    }
}

impl ReadBatch {
    /// Takes a bad input in; of many bad records of one file only the first get a row.
    fn refuse(&mut self, bad: Quarantined) {
        let same_file = self.quarantined.iter().rev().take_while(|row| row.path == bad.path);
        match self.quarantined.last() {
            Some(last) if last.count > 1 && last.path == bad.path => {
                let count = last.count + 1;
                self.quarantined.pop();
                self.quarantined.push(Quarantined::many(&bad.path, count));
            }
            _ if same_file.take(MOST_ROWS_PER_BATCH).count() == MOST_ROWS_PER_BATCH => {
                // The row before and this one: a row that stands for many is known by its count.
                self.quarantined.pop();
                self.quarantined.push(Quarantined::many(&bad.path, 2));
            }
            _ => self.quarantined.push(bad),
        }
    }
}

fn panicked() -> Failure {
    Failure::new(
        Stage::Extract,
        Code::Panic,
        "the program failed on this input, which is a bug: please report it; the others are not affected",
    )
}

type ReadDocument = Result<(Document, Vec<&'static str>), Failure>;

impl Piece {
    fn place(&self) -> (Arc<str>, Option<u64>, u64) {
        match self {
            Self::Whole(file, _) => (file.relative.clone(), None, file.bytes),
            Self::Record(file, record) => (file.relative.clone(), Some(record.number), record.bytes()),
            Self::Bad(bad) => (bad.path.clone(), bad.record, bad.bytes),
        }
    }

    fn read(self, options: &SourceOptions) -> ReadDocument {
        match self {
            Self::Whole(file, format) => read_whole(&file, format, options),
            Self::Record(file, record) => read_record(&record, &file, options),
            Self::Bad(bad) => Err(Failure { stage: bad.stage, code: bad.code, message: bad.message }),
        }
    }
}

fn read_record(record: &RawRecord, file: &RecordFile, options: &SourceOptions) -> ReadDocument {
    let row = match &file.layout {
        Layout::Json => jsonl::read(&record.content, record.line, file, options)?,
        Layout::Table { delimiter, columns } => csv::read(&record.content, record.line, (*delimiter, columns), file, options)?,
    };
    Ok(row.checked()?.document(file, record.number, record.bytes(), options))
}

fn read_whole(file: &SourceFile, format: Format, options: &SourceOptions) -> ReadDocument {
    let bytes = compress::read_whole(file, options)?;
    let chosen = decode::choose(options.encoding, || Ok(Box::new(bytes.as_slice())))?;
    let decoded = decode::decode(&bytes, chosen, options)?;
    if decoded.text.trim().is_empty() {
        let failure = match memchr::memchr(0, &bytes) {
            Some(_) => {
                Failure::new(Stage::Decode, Code::Binary, "expected text, found only NUL bytes: the file is damaged; get an undamaged copy")
            }
            None => Failure::new(Stage::Extract, Code::Empty, "the file holds only white space"),
        };
        return Err(failure);
    }
    let (mut metadata, body): (Metadata, String) = match format {
        Format::Markdown => markdown::read(&decoded.text, &file.relative, options),
        _ => text::read(&decoded.text, &file.relative, options),
    };
    metadata.warnings.extend(decoded.warnings);
    metadata.warn_without_text(&body);
    Ok(Document::new(&file.relative, None, metadata, body, chosen.name(), file.bytes))
}
