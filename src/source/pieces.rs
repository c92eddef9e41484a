//! What there is to read, one piece after the other: files of one document are only named, files of records and archives are
//! cut up.

use std::sync::Arc;

use super::archive::{Found, OpenArchive};
use super::compress::{self, Limit};
use super::document::Warning;
use super::formats;
use super::input::Input;
use super::options::SourceOptions;
use super::quarantine::{Code, Failure, Quarantined, Stage};
use super::records::{Next, OpenRecords, RawRecord, RecordFile};

/// A piece of input.
pub(super) enum Piece {
    /// A file, most often of one document.
    Whole(Input),
    /// A record of a file of records.
    Record(Arc<RecordFile>, RawRecord),
    /// Something that cannot be used.
    Bad(Quarantined),
}

impl Piece {
    /// What it costs to hold and read it, in bytes.
    pub fn weight(&self) -> u64 {
        match self {
            Self::Whole(input) => input.bytes,
            Self::Record(_, record) => record.bytes(),
            Self::Bad(bad) => bad.bytes,
        }
    }
}

/// The pieces of some inputs, in order.
pub(super) struct Pieces<'a> {
    inputs: Box<dyn Iterator<Item = Input> + Send + 'a>,
    options: &'a SourceOptions,
    /// What is being cut up: the last one lies in those before it.
    open: Vec<Open>,
    /// Bytes of listed files that were done since this was last asked.
    done: u64,
    warnings: Vec<Warning>,
}

enum Open {
    Records(OpenRecords, bool),
    Archive(OpenArchive),
}

impl<'a> Pieces<'a> {
    /// The pieces of these inputs.
    pub fn of(inputs: impl Iterator<Item = Input> + Send + 'a, options: &'a SourceOptions) -> Self {
        Self { inputs: Box::new(inputs), options, open: Vec::new(), done: 0, warnings: Vec::new() }
    }

    /// Bytes of listed files, packed as they are, that were read since this was last asked.
    pub fn newly_done(&mut self) -> u64 {
        let read_on = match self.open.last_mut() {
            Some(Open::Records(records, true)) => records.newly_consumed(),
            _ => 0,
        };
        std::mem::take(&mut self.done) + read_on
    }

    /// What was odd about inputs since this was last asked.
    pub fn new_warnings(&mut self) -> Vec<Warning> {
        std::mem::take(&mut self.warnings)
    }

    /// Opens what may hold many documents, and hands out the rest as it is.
    fn start(&mut self, input: Input) -> Option<Piece> {
        let listed = input.nesting == 0;
        match self.open_up(&input) {
            Ok(Some(open)) => {
                // A file of records is counted while it is read.
                self.done += if listed && matches!(open, Open::Archive(_)) { input.bytes } else { 0 };
                self.open.push(open);
                None
            }
            Ok(None) => {
                self.done += if listed { input.bytes } else { 0 };
                Some(Piece::Whole(input))
            }
            Err(failure) => {
                self.done += if listed { input.bytes } else { 0 };
                Some(Piece::Bad(failure.at(&input.relative, None, input.bytes)))
            }
        }
    }

    fn open_up(&mut self, input: &Input) -> Result<Option<Open>, Failure> {
        if input.bytes == 0 {
            return Err(Failure::new(Stage::Read, Code::Empty, "the file has no bytes"));
        }
        if !formats::may_be_streamed(&input.relative) {
            return Ok(None);
        }
        self.open_streamed(input)
    }

    /// The pieces of one input that is to be cut up whatever its name says. Nothing if it is a file of one document after all.
    pub fn of_streamed(input: &Input, options: &'a SourceOptions) -> Result<Option<Self>, Failure> {
        let mut pieces = Self::of(std::iter::empty(), options);
        let open = pieces.open_streamed(input)?;
        pieces.open.extend(open);
        Ok((!pieces.open.is_empty()).then_some(pieces))
    }

    fn open_streamed(&mut self, input: &Input) -> Result<Option<Open>, Failure> {
        let opened = compress::open(input, self.options)?;
        let whole = || compress::read_all(&mut compress::open(input, self.options)?.reader, Limit::file(self.options));
        let recognised = formats::recognise(&input.relative, opened.reader.start(), whole)?;
        if !recognised.format.is_streamed() {
            return Ok(None);
        }
        if recognised.misnamed {
            self.warnings.push(Warning { code: "W_EXTENSION", path: input.relative.clone(), record: None });
        }
        match recognised.format {
            formats::Format::Zip | formats::Format::Tar => {
                OpenArchive::open(input, recognised.format, opened, self.options).map(|archive| Some(Open::Archive(archive)))
            }
            format => {
                drop(opened);
                OpenRecords::open(input, format, self.options).map(|records| Some(Open::Records(records, input.nesting == 0)))
            }
        }
    }
}

impl Iterator for Pieces<'_> {
    type Item = Piece;

    fn next(&mut self) -> Option<Piece> {
        loop {
            let input = match self.open.last_mut() {
                Some(Open::Records(records, listed)) => match records.next() {
                    Next::Record(record) => return Some(Piece::Record(records.file.clone(), record)),
                    Next::Bad(bad) => return Some(Piece::Bad(bad)),
                    Next::End => {
                        self.done += if *listed { records.newly_consumed() + records.not_consumed() } else { 0 };
                        self.open.pop();
                        continue;
                    }
                },
                Some(Open::Archive(archive)) => match archive.next() {
                    Some(Found::File(input)) => input,
                    Some(Found::Bad(path, bytes, failure)) => return Some(Piece::Bad(failure.at(&path, None, bytes))),
                    Some(Found::Special(path)) => {
                        self.warnings.push(Warning { code: "W_LINK", path, record: None });
                        continue;
                    }
                    None => {
                        self.open.pop();
                        continue;
                    }
                },
                None => self.inputs.next()?,
            };
            if let Some(piece) = self.start(input) {
                return Some(piece);
            }
        }
    }
}
