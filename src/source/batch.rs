//! Work in pieces of constant size: cut by one thread, read by many.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use super::compress;
use super::csv;
use super::decode;
use super::document::{Document, Warning};
use super::formats::{self, Format};
use super::jsonl;
use super::list::SourceFile;
use super::markdown;
use super::metadata::Metadata;
use super::options::SourceOptions;
use super::quarantine::{Code, Failure, Quarantined, Stage};
use super::records::{Next, OpenRecords, RawContent, RawRecord, RecordFile};
use super::text;

/// A batch closes when it holds this much input. Constant, so that nothing depends on the machine.
const BATCH_BYTES: u64 = 1 << 20;

/// Cuts the listed files into batches: the cheap part, which one thread does. Files of one document are only named here; files
/// of records are read piece by piece.
pub struct BatchReader<'a> {
    files: std::slice::Iter<'a, SourceFile>,
    options: &'a SourceOptions,
    open: Option<OpenRecords>,
}

/// Some input to read.
pub struct Batch {
    pieces: Vec<Piece>,
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
    /// Bytes of input, for showing progress.
    pub bytes: u64,
}

impl<'a> BatchReader<'a> {
    /// Batches of these files, in order.
    pub fn new(files: &'a [SourceFile], options: &'a SourceOptions) -> Self {
        Self { files: files.iter(), options, open: None }
    }

    /// The next piece with its size in bytes.
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
                    Next::End => self.open = None,
                }
            }
            let file = self.files.next()?;
            match self.start(file) {
                Ok(Some(piece)) => return Some((piece, file.bytes)),
                Ok(None) => {}
                Err(failure) => return Some((Piece::Bad(failure.at(&file.relative, None, file.bytes)), file.bytes)),
            }
        }
    }

    /// Opens a file of records, or names a file of one document.
    fn start(&mut self, file: &SourceFile) -> Result<Option<Piece>, Failure> {
        if file.bytes == 0 {
            return Err(Failure::new(Stage::Read, Code::Empty, "the file has no bytes"));
        }
        match formats::of_name(&file.relative)? {
            format @ (Format::Jsonl | Format::Csv) => {
                self.open = Some(OpenRecords::open(file, format, self.options)?);
                Ok(None)
            }
            format => Ok(Some(Piece::Whole(file.clone(), format))),
        }
    }
}

impl Iterator for BatchReader<'_> {
    type Item = Batch;

    fn next(&mut self) -> Option<Batch> {
        let mut batch = Batch { pieces: Vec::new(), bytes: 0 };
        while batch.bytes < BATCH_BYTES {
            let Some((piece, bytes)) = self.next_piece() else { break };
            batch.pieces.push(piece);
            batch.bytes += bytes;
        }
        (!batch.pieces.is_empty()).then_some(batch)
    }
}

impl Batch {
    /// Opens, unpacks, decodes and parses: the part that many threads do. A reader that panics loses its document only.
    pub fn read(self, options: &SourceOptions) -> ReadBatch {
        let mut out = ReadBatch { bytes: self.bytes, ..ReadBatch::default() };
        for piece in self.pieces {
            let (path, record, bytes) = piece.place();
            let read = catch_unwind(AssertUnwindSafe(|| piece.read(options)));
            match read.unwrap_or_else(|_| Err(panicked())) {
                Ok((document, warnings)) => {
                    let warning = |code| Warning { code, path: path.clone(), record };
                    out.warnings.extend(warnings.into_iter().map(warning));
                    out.documents.push(document);
                }
                Err(failure) => out.quarantined.push(failure.at(&path, record, bytes)),
            }
        }
        out
    }
}

fn panicked() -> Failure {
    Failure::new(Stage::Extract, Code::Panic, "the program failed on this input, which is a bug: please report it; the others are not affected")
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
    let row = match &record.content {
        RawContent::Json(line) => jsonl::read(line, record.line, file, options)?,
        RawContent::Row(row) => csv::read(row, file, options)?,
    };
    Ok(row.checked()?.document(file, record.number, record.bytes(), options))
}

fn read_whole(file: &SourceFile, format: Format, options: &SourceOptions) -> ReadDocument {
    let bytes = compress::read_whole(file, options)?;
    let chosen = decode::choose(options.encoding, || Ok(Box::new(bytes.as_slice())))?;
    let decoded = decode::decode(&bytes, chosen, options)?;
    if decoded.text.trim().is_empty() {
        return Err(Failure::new(Stage::Extract, Code::Empty, "the file holds only white space"));
    }
    let (mut metadata, body): (Metadata, String) = match format {
        Format::Markdown => markdown::read(&decoded.text, &file.relative, options),
        _ => text::read(&decoded.text, &file.relative, options),
    };
    metadata.warnings.extend(decoded.warnings);
    if !body.chars().chain(metadata.title.chars()).any(char::is_alphabetic) {
        metadata.warnings.push("W_NO_TEXT");
    }
    Ok(Document::new(&file.relative, None, metadata, body, chosen.name(), file.bytes))
}
