//! Work in batches of constant size: cut by one thread, read by many.

use super::document::{Document, Warning};
use super::input::Input;
use super::list::SourceFile;
use super::options::SourceOptions;
use super::pieces::{Piece, Pieces};
use super::quarantine::{MOST_ROWS_PER_BATCH, Quarantined};
use super::read;

/// A batch closes when it holds this much input. Constant, so that nothing depends on the machine.
const BATCH_BYTES: u64 = 1 << 20;

/// What holding a piece costs beside its bytes, so that a batch of very short records is no larger than another.
const PIECE_BYTES: u64 = 64;

/// Cuts the listed files into batches: the cheap part, which one thread does.
pub struct BatchReader<'a> {
    pieces: Pieces<'a>,
}

/// Some input to read.
pub struct Batch {
    pieces: Vec<Piece>,
    warnings: Vec<Warning>,
    bytes: u64,
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
        Self { pieces: Pieces::of(files.iter().map(Input::of), options) }
    }
}

impl Iterator for BatchReader<'_> {
    type Item = Batch;

    fn next(&mut self) -> Option<Batch> {
        let mut pieces = Vec::new();
        let mut held = 0;
        while held < BATCH_BYTES {
            let Some(piece) = self.pieces.next() else { break };
            held += piece.weight() + PIECE_BYTES;
            pieces.push(piece);
        }
        let (bytes, warnings) = (self.pieces.newly_done(), self.pieces.new_warnings());
        if pieces.is_empty() && bytes == 0 && warnings.is_empty() {
            return None;
        }
        Some(Batch { pieces, warnings, bytes })
    }
}

impl Batch {
    /// Paths of files in it that are neither plain text nor records: only their readers are large enough to end the program.
    pub fn fragile_files(&self) -> Vec<String> {
        let whole = self.pieces.iter().filter_map(|piece| match piece {
            Piece::Whole(input) => Some(&*input.relative),
            _ => None,
        });
        whole.filter(|path| !is_plain(path)).map(String::from).collect()
    }

    /// Opens, unpacks, decodes and parses: the part that many threads do. A reader that panics loses its document only.
    pub fn read(self, options: &SourceOptions) -> ReadBatch {
        let mut out = ReadBatch { bytes: self.bytes, warnings: self.warnings, ..ReadBatch::default() };
        for piece in self.pieces {
            read::piece(piece, options, &mut out);
        }
        out
    }
}

fn is_plain(path: &str) -> bool {
    let name = path.trim_end_matches(".gz").trim_end_matches(".zst").to_lowercase();
    [".txt", ".jsonl", ".json", ".csv"].iter().any(|ending| name.ends_with(ending))
}

impl ReadBatch {
    /// Takes a document in, with what was odd about it.
    pub(super) fn accept(&mut self, document: Document, warnings: Vec<&'static str>) {
        let warning = |code| Warning { code, path: document.path.clone(), record: document.record };
        self.warnings.extend(warnings.into_iter().map(warning));
        self.documents.push(document);
    }

    /// Takes a bad input in; of many bad records of one file only the first get a row.
    pub(super) fn refuse(&mut self, bad: Quarantined) {
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
