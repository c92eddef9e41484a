//! The CSV that this program writes, read back: a file by blocks, a block by chunks on all threads, a chunk row by row.
//!
//! No cell holds a line break, so every line is a row, and a file can be cut at any line end. Nothing is allocated for a cell.

use std::fs::File;
use std::io::{self, Read};
use std::ops::Range;
use std::path::Path;

use memchr::{memchr, memchr_iter, memrchr};
use rayon::prelude::*;

use crate::table::Column;

use super::cell::{cell, words_of};
use super::unwanted::holds_unwanted;

/// Bytes read at a time. Two blocks are in memory: one is checked while the next is read.
const BLOCK: usize = 4 << 20;
/// Bytes that one thread checks at a time, about.
const CHUNK: usize = 128 << 10;
/// Characters of a file that a message shows.
const MOST_SHOWN: usize = 60;

/// What is wrong with a row or a file.
#[derive(Debug)]
pub(super) struct Wrong {
    pub expected: String,
    pub found: String,
}

impl Wrong {
    pub fn new(expected: impl Into<String>, found: impl Into<String>) -> Self {
        Self { expected: expected.into(), found: found.into() }
    }
}

/// What is wrong in a chunk.
#[derive(Debug)]
pub(super) struct Fault {
    /// Rows of the chunk before it.
    row: u64,
    wrong: Wrong,
}

/// Why a file was not read to its end.
#[derive(Debug)]
pub(super) enum Stop {
    Io(io::Error),
    /// The line counts from 1, the header included.
    Wrong(u64, Wrong),
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// What was read of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Size {
    /// Data rows.
    pub rows: u64,
    pub bytes: u64,
}

/// Whole rows of a file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Chunk<'a> {
    /// The line before them, also that of the file before, without its line feed; nothing before the first row of a table.
    before: Option<&'a [u8]>,
    bytes: &'a [u8],
}

/// Reads a file whose header must be `header`. Each chunk goes to `check` on any thread, which gives the number of its rows and
/// what it makes of them; that goes to `take` in the order of the file. `last` is the last line of the part before, and becomes
/// that of this one.
pub(super) fn check_file<T: Send>(
    path: &Path,
    header: &[u8],
    last: &mut Vec<u8>,
    check: impl Fn(Chunk<'_>) -> Result<(u64, T), Fault> + Sync,
    mut take: impl FnMut(T),
) -> Result<Size, Stop> {
    let mut blocks = Blocks::open(path)?;
    let mut block = blocks.next(Vec::new())?.unwrap_or_default();
    if !block.starts_with(header) {
        let found = block.split(|byte| *byte == b'\n').next().unwrap_or_default();
        return Err(Stop::Wrong(1, Wrong::new(format!("the header {}", shown(header)), shown(found))));
    }
    let (mut from, mut line, mut spare) = (header.len(), 2, Vec::new());
    loop {
        let rows = &block[from..];
        let reused = std::mem::take(&mut spare);
        let (checked, next) = rayon::join(|| check_block(rows, last, &check), || blocks.next(reused));
        for result in checked {
            let (count, part) = result.map_err(|fault| Stop::Wrong(line + fault.row, fault.wrong))?;
            line += count;
            take(part);
        }
        if let Some(row) = last_line(rows) {
            last.clear();
            last.extend_from_slice(row);
        }
        let Some(next) = next? else { return Ok(Size { rows: line - 2, bytes: blocks.bytes }) };
        spare = std::mem::replace(&mut block, next);
        from = 0;
    }
}

fn check_block<T: Send>(
    rows: &[u8],
    last: &[u8],
    check: &(impl Fn(Chunk<'_>) -> Result<(u64, T), Fault> + Sync),
) -> Vec<Result<(u64, T), Fault>> {
    let mut cuts = vec![0];
    let mut at = 0;
    while at < rows.len() {
        let about = rows.len().min(at + CHUNK);
        at = memchr(b'\n', &rows[about..]).map_or(rows.len(), |end| about + end + 1);
        cuts.push(at);
    }
    let check_chunk = |cut: &[usize]| {
        let before = last_line(&rows[..cut[0]]).or_else(|| (!last.is_empty()).then_some(last));
        check(Chunk { before, bytes: &rows[cut[0]..cut[1]] })
    };
    cuts.par_windows(2).map(check_chunk).collect()
}

/// The last line, without its line feed.
fn last_line(rows: &[u8]) -> Option<&[u8]> {
    let rows = rows.strip_suffix(b"\n")?;
    Some(&rows[memrchr(b'\n', rows).map_or(0, |end| end + 1)..])
}

/// A file in blocks that end at a line end, the last one where the file ends.
struct Blocks {
    file: File,
    /// The beginning of a line that the next block goes on with.
    rest: Vec<u8>,
    bytes: u64,
}

impl Blocks {
    fn open(path: &Path) -> io::Result<Self> {
        Ok(Self { file: File::open(path)?, rest: Vec::new(), bytes: 0 })
    }

    /// The next block, in a buffer that is used again; nothing behind the last.
    fn next(&mut self, mut block: Vec<u8>) -> io::Result<Option<Vec<u8>>> {
        block.clear();
        block.append(&mut self.rest);
        loop {
            let read = (&mut self.file).take(BLOCK as u64).read_to_end(&mut block)?;
            self.bytes += read as u64;
            if read < BLOCK {
                return Ok((!block.is_empty()).then_some(block));
            }
            if let Some(end) = memrchr(b'\n', &block) {
                self.rest.extend_from_slice(&block[end + 1..]);
                block.truncate(end + 1);
                return Ok(Some(block));
            }
        }
    }
}

/// One row, taken apart.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row<'a> {
    /// As in the file, without its line end.
    pub bytes: &'a [u8],
    places: &'a [Range<usize>],
}

impl<'a> Row<'a> {
    /// A cell as in the file, without the quotes around it; quotes in it are doubled.
    pub fn cell(&self, column: usize) -> &'a [u8] {
        self.places.get(column).and_then(|place| self.bytes.get(place.clone())).unwrap_or_default()
    }
}

/// How the rows of a table are written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Dialect<'a> {
    pub columns: &'a [&'static Column],
    /// Whether lines end with CR LF, or with LF alone.
    pub is_crlf: bool,
}

impl Dialect<'_> {
    /// Takes each row of a chunk apart, checks its cells, and hands it to `each` with the row before it. Gives the number of rows.
    pub fn check_rows(&self, chunk: Chunk<'_>, mut each: impl FnMut(Row<'_>, Option<Row<'_>>) -> Result<(), Wrong>) -> Result<u64, Fault> {
        check_utf8(chunk.bytes)?;
        // All rows at once is many times faster than one by one, which only tells where it is.
        let look_closely = holds_unwanted(chunk.bytes);
        let (mut places, mut places_before) = (Vec::new(), Vec::new());
        // A row before that is wrong is told by the chunk that holds it.
        let before = chunk.before.map(|line| if self.is_crlf { line.strip_suffix(b"\r").unwrap_or(line) } else { line });
        let mut before = before.filter(|row| self.split(row, &mut places_before).is_ok());
        let (mut rest, mut number) = (chunk.bytes, 0);
        while !rest.is_empty() {
            let here = |wrong| Fault { row: number, wrong };
            let (row, after) = self.first_line(rest).map_err(here)?;
            if look_closely && holds_unwanted(row) {
                return Err(here(Wrong::new("no line break and no control character in a cell", shown(row))));
            }
            self.split(row, &mut places).map_err(here)?;
            let previous = before.map(|bytes| Row { bytes, places: &places_before });
            each(Row { bytes: row, places: &places }, previous).map_err(here)?;
            std::mem::swap(&mut places, &mut places_before);
            (before, rest, number) = (Some(row), after, number + 1);
        }
        Ok(number)
    }

    /// The first line without its end, and what follows it.
    fn first_line<'c>(&self, rows: &'c [u8]) -> Result<(&'c [u8], &'c [u8]), Wrong> {
        let end = memchr(b'\n', rows).ok_or_else(|| Wrong::new("a line end behind the last row", shown(rows)))?;
        let line = &rows[..end];
        let row = match (self.is_crlf, line.strip_suffix(b"\r")) {
            (true, Some(row)) => row,
            (false, None) => line,
            (true, None) => return Err(Wrong::new("CR LF at the end of the line", "LF alone")),
            (false, Some(_)) => return Err(Wrong::new("LF alone at the end of the line", "CR LF")),
        };
        Ok((row, &rows[end + 1..]))
    }

    /// Finds the cells of a row.
    fn split(&self, row: &[u8], places: &mut Vec<Range<usize>>) -> Result<(), Wrong> {
        places.clear();
        let mut at = 0;
        for column in self.columns {
            let Some((place, end)) = cell(column.kind, row, at) else { return Err(self.refused(row, Some((column, at)))) };
            places.push(place);
            at = end + 1;
        }
        if at == row.len() + 1 { Ok(()) } else { Err(self.refused(row, None)) }
    }

    /// What is wrong with a row: its number of cells, or this one.
    #[cold]
    fn refused(&self, row: &[u8], cell: Option<(&Column, usize)>) -> Wrong {
        let mut is_quoted = false;
        let is_mark = |byte: &&u8| {
            is_quoted ^= **byte == b'"';
            **byte == b',' && !is_quoted
        };
        let count = 1 + row.iter().filter(is_mark).count();
        match cell {
            Some((column, at)) if count == self.columns.len() => {
                let rest = row.get(at..).unwrap_or_default();
                let is_quoted = rest.first() == Some(&b'"');
                let end = memchr(b',', rest).filter(|_| !is_quoted).unwrap_or(rest.len());
                Wrong::new(format!("{}: {}", column.name, words_of(column.kind)), shown(&rest[..end]))
            }
            _ => Wrong::new(format!("{} cells", self.columns.len()), format!("{count} in {}", shown(row))),
        }
    }
}

fn check_utf8(bytes: &[u8]) -> Result<(), Fault> {
    if simdutf8::basic::from_utf8(bytes).is_ok() {
        return Ok(());
    }
    let valid = std::str::from_utf8(bytes).map_or_else(|error| error.valid_up_to(), str::len);
    let row = memchr_iter(b'\n', &bytes[..valid]).count() as u64;
    let found: Vec<String> = bytes[valid..].iter().take(4).map(|byte| format!("{byte:02X}")).collect();
    Err(Fault { row, wrong: Wrong::new("UTF-8", format!("the bytes {}", found.join(" "))) })
}

/// The beginning of some text of a file, for a message.
pub(super) fn shown(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(4 * (MOST_SHOWN + 1))]);
    let text = text.trim_start_matches('\u{FEFF}').trim_end_matches(['\r', '\n']);
    let mut shown = String::from("`");
    for (number, c) in text.chars().enumerate() {
        match c {
            _ if number == MOST_SHOWN => {
                shown.push('…');
                break;
            }
            '\u{2028}' | '\u{2029}' => shown.extend(c.escape_unicode()),
            _ if c.is_control() => shown.extend(c.escape_debug()),
            _ => shown.push(c),
        }
    }
    shown.push('`');
    shown
}
