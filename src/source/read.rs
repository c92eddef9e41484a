//! A piece of input into documents: opened, recognised, decoded, parsed, and its metadata completed.

use crate::failpoint;

use super::batch::ReadBatch;
use super::compress::{self, Limit};
use super::decode;
use super::document::{Document, Origin, Warning};
use super::extracted::Extracted;
use super::formats::{self, Format};
use super::guard;
use super::input::Input;
use super::metadata::Metadata;
use super::options::SourceOptions;
use super::pieces::{Piece, Pieces};
use super::quarantine::{Code, Failure, Stage};
use super::readers::{docx, html, markdown, pdf, rtf, text};
use super::records;
use super::workbook;

/// Reads a piece. What cannot be read costs itself.
pub(super) fn piece(piece: Piece, options: &SourceOptions, out: &mut ReadBatch) {
    let (path, record, bytes, result) = match piece {
        Piece::Bad(bad) => return out.refuse(bad),
        Piece::Record(file, record) => {
            let read = guard::surviving(|| records::read(&record, &file, options));
            let accepted = read.map(|(document, warnings)| out.accept(document, warnings));
            (file.relative.clone(), Some(record.number), record.bytes(), accepted)
        }
        Piece::Whole(input) => {
            let (path, bytes) = (input.relative.clone(), input.bytes);
            (path, None, bytes, guard::surviving(|| whole(&input, options, out)))
        }
    };
    if let Err(failure) = result {
        out.refuse(failure.at(&path, record, bytes));
    }
}

/// Reads a file of any kind.
fn whole(input: &Input, options: &SourceOptions, out: &mut ReadBatch) -> Result<(), Failure> {
    let mut opened = compress::open(input, options)?;
    let all = || compress::read_all(&mut compress::open(input, options)?.reader, Limit::file(options));
    let recognised = formats::recognise(&input.relative, opened.reader.start(), all)?;
    if recognised.format.is_streamed() {
        drop(opened);
        // Its name did not say so, so nobody has cut it up before.
        if let Some(mut pieces) = Pieces::of_streamed(input, options)? {
            for next in pieces.by_ref() {
                piece(next, options, out);
            }
            out.warnings.extend(pieces.new_warnings());
        }
        return Ok(());
    }
    let limit = if recognised.format == Format::Text { Limit::document("document", options) } else { Limit::file(options) };
    let bytes = compress::read_all(&mut opened.reader, limit)?;
    drop(opened);
    failpoint::at_input(&input.relative);
    if recognised.misnamed {
        out.warnings.push(Warning { code: "W_EXTENSION", path: input.relative.clone(), record: None });
    }
    let (document, warnings) = match recognised.format {
        Format::Workbook => return workbook::read(input, &bytes, options, out),
        format if format.is_text() => of_characters(input, format, &bytes, options)?,
        format => of_bytes(input, format, bytes, options)?,
    };
    out.accept(document, warnings);
    Ok(())
}

pub(super) type ReadDocument = Result<(Document, Vec<&'static str>), Failure>;

/// A document of a kind that is made of characters.
fn of_characters(input: &Input, format: Format, bytes: &[u8], options: &SourceOptions) -> ReadDocument {
    let decision = decode::choose(options, || Ok(Box::new(bytes)))?;
    let decoded = decode::decode(bytes, decision.charset, options)?;
    if decoded.text.trim().is_empty() {
        return Err(without_text(bytes));
    }
    let (replaced, warnings) = (decoded.replaced, decoded.warnings);
    let extracted = match format {
        Format::Text => text::read(&decoded.text),
        // Parsers of mark-up get the time that one document may take.
        _ => {
            let (text, options) = (decoded.text.into_owned(), options.clone());
            let read = if format == Format::Markdown { markdown::read } else { html::read };
            guard::within(options.timeout_seconds, move || read(&text, &options))?
        }
    };
    let origin = Origin {
        path: &input.relative,
        file: &input.relative,
        format: format.name(),
        encoding: decision.charset.name(),
        confidence: Some(decision.confidence),
        bytes: input.bytes,
    };
    document(&origin, extracted, replaced, warnings, options)
}

fn without_text(bytes: &[u8]) -> Failure {
    match memchr::memchr(0, bytes) {
        Some(_) => {
            Failure::new(Stage::Decode, Code::Binary, "expected text, found only NUL bytes: the file is damaged; get an undamaged copy")
        }
        None => Failure::new(Stage::Extract, Code::Empty, "the file holds only white space"),
    }
}

/// A document of a kind that is not made of characters.
fn of_bytes(input: &Input, format: Format, bytes: Vec<u8>, options: &SourceOptions) -> ReadDocument {
    let extracted = match format {
        // Has a process or a thread of its own.
        Format::Pdf => pdf::read(&bytes, options)?,
        _ => {
            let (options, read) = (options.clone(), if format == Format::Rtf { rtf::read } else { docx::read });
            guard::within(options.timeout_seconds, move || read(&bytes, &options))?
        }
    };
    let cleaned = decode::clean(extracted.text.into(), options)?;
    let extracted = Extracted { text: cleaned.text.into_owned(), metadata: extracted.metadata };
    let origin =
        Origin { path: &input.relative, file: &input.relative, format: format.name(), encoding: "", confidence: None, bytes: input.bytes };
    document(&origin, extracted, cleaned.replaced, cleaned.warnings, options)
}

/// The document of an extracted text: what the format does not say is read from the first lines, the dateline and the name.
fn document(
    origin: &Origin<'_>,
    extracted: Extracted,
    replaced: u64,
    warnings: Vec<&'static str>,
    options: &SourceOptions,
) -> ReadDocument {
    let Extracted { mut metadata, text } = extracted;
    if text.len() as u64 > options.max_document_bytes {
        return Err(compress::too_large(Limit::document("document", options)));
    }
    let (head, start) = Metadata::from_head(&text);
    let start = metadata.take_head(head, start);
    let body = metadata.without_title(&text[start..]).to_string();
    metadata.complete(&body, origin.file, options);
    metadata.warnings.extend(warnings);
    metadata.warn_of_text(&body);
    Ok(Document::new(origin, None, metadata, body, replaced))
}
