//! The CSV that this program writes, read back: a file by blocks, a block by chunks on all threads, a chunk row by row.
//!
//! No cell holds a line break, so every line is a row, and a file can be cut at any line end. Nothing is allocated for a cell.

use std::fs::File;
use std::io::{self, Read};
use std::ops::Range;
use std::path::Path;

use memchr::{memchr, memchr_iter, memchr2, memrchr};
use rayon::prelude::*;

use crate::table::{Column, Kind};

/// Bytes read at a time. Two blocks are in memory: one is checked while the next is read.
const BLOCK: usize = 4 << 20;
/// Bytes that one thread checks at a time, about.
const CHUNK: usize = 128 << 10;
/// Longest text, in characters. The number stands here once more, since a limit taken from the writer would check nothing.
const LONGEST_CELL: usize = 32_000;
/// Most digits of a whole number that every spreadsheet keeps.
const MOST_DIGITS: usize = 15;
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

fn words_of(kind: Kind) -> String {
    match kind {
        Kind::Text => format!("text of at most {LONGEST_CELL} characters, in quotes if it holds a comma or a quote, which is doubled"),
        Kind::Integer => format!("a whole number of at most {MOST_DIGITS} digits or nothing"),
        Kind::Decimal(digits) => format!("a number with {digits} digits after the point or nothing"),
        Kind::Date => "a date as YYYY-MM-DD or nothing".to_string(),
    }
}

/// Where the cell that begins at `at` stands without its quotes, and where it ends with them; nothing if it is not what its
/// column says.
fn cell(kind: Kind, row: &[u8], at: usize) -> Option<(Range<usize>, usize)> {
    let rest = row.get(at..)?;
    let (place, end) = match kind {
        Kind::Text => text(rest)?,
        Kind::Integer => integer(rest).map(|end| (0..end, end))?,
        Kind::Decimal(digits) => decimal(rest, usize::from(digits)).map(|end| (0..end, end))?,
        Kind::Date => date(rest).map(|end| (0..end, end))?,
    };
    matches!(rest.get(end), None | Some(b',')).then(|| (at + place.start..at + place.end, at + end))
}

fn text(rest: &[u8]) -> Option<(Range<usize>, usize)> {
    let (place, end) = if rest.first() == Some(&b'"') {
        let mut at = 1;
        loop {
            at += memchr(b'"', &rest[at..])?;
            if rest.get(at + 1) != Some(&b'"') {
                break (1..at, at + 1);
            }
            at += 2;
        }
    } else {
        let end = memchr2(b',', b'"', rest).unwrap_or(rest.len());
        // A quote here is no comma, so the cell is refused.
        (0..end, end)
    };
    fits(&rest[place.clone()]).then_some((place, end))
}

/// Whether a text is no longer than a cell may be. The `'` before a formula is no part of the text.
fn fits(text: &[u8]) -> bool {
    if text.len() <= LONGEST_CELL {
        return true;
    }
    let is_first_byte = |byte: &&u8| **byte & 0xC0 != 0x80;
    let text = text.strip_prefix(b"'").unwrap_or(text);
    text.iter().filter(is_first_byte).count() - memchr_iter(b'"', text).count() / 2 <= LONGEST_CELL
}

/// Length of a whole number, which is 0 or begins with another digit; 0 for an empty cell.
fn whole(rest: &[u8]) -> Option<usize> {
    let length = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    (length <= 1 || rest.first() != Some(&b'0')).then_some(length)
}

fn integer(rest: &[u8]) -> Option<usize> {
    whole(rest).filter(|length| *length <= MOST_DIGITS)
}

fn decimal(rest: &[u8], digits: usize) -> Option<usize> {
    let minus = usize::from(rest.first() == Some(&b'-'));
    let length = whole(&rest[minus..])?;
    if length == 0 {
        return (minus == 0).then_some(0);
    }
    let mut end = minus + length;
    if digits > 0 {
        let behind = rest[end..].strip_prefix(b".")?;
        if behind.iter().take_while(|byte| byte.is_ascii_digit()).count() != digits {
            return None;
        }
        end += 1 + digits;
    }
    // There is no negative zero.
    (minus == 0 || rest[..end].iter().any(|byte| matches!(byte, b'1'..=b'9'))).then_some(end)
}

fn date(rest: &[u8]) -> Option<usize> {
    if matches!(rest.first(), None | Some(b',')) {
        return Some(0);
    }
    let day = rest.get(..10)?;
    let is_right = |(at, byte): (usize, &u8)| if matches!(at, 4 | 7) { *byte == b'-' } else { byte.is_ascii_digit() };
    let is_date = day.iter().enumerate().all(is_right);
    (is_date && (b"01"..=b"12").contains(&&[day[5], day[6]]) && (b"01"..=b"31").contains(&&[day[8], day[9]])).then_some(10)
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

/// Bytes that are looked at in one go, by a few vector instructions.
const WIDTH: usize = 32;

/// Whether there is a control character that ends no line, or a line break of another kind.
fn holds_unwanted(bytes: &[u8]) -> bool {
    let mut at = 0;
    while let Some(window) = bytes.get(at..).and_then(<[u8]>::first_chunk::<{ WIDTH + 2 }>) {
        // Without an early exit inside it.
        if (0..WIDTH).fold(false, |found, place| found | is_unwanted(window[place], window[place + 1], window[place + 2])) {
            return true;
        }
        at += WIDTH;
    }
    let tail = &bytes[at..];
    let byte = |place: usize| tail.get(place).copied().unwrap_or_default();
    (0..tail.len()).any(|place| is_unwanted(byte(place), byte(place + 1), byte(place + 2)))
}

/// Whether an unwanted character begins with the first of three bytes: U+0080 to U+009F are C2 80 to C2 9F, U+2028 and U+2029
/// are E2 80 A8 and E2 80 A9.
#[inline]
fn is_unwanted(a: u8, b: u8, c: u8) -> bool {
    let ends_line = (a == b'\n') | ((a == b'\r') & (b == b'\n'));
    let is_control = ((a < 0x20) & !ends_line) | (a == 0x7F);
    is_control | ((a == 0xC2) & (b < 0xA0)) | ((a == 0xE2) & (b == 0x80) & ((c | 1) == 0xA9))
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

#[cfg(test)]
mod tests {
    use super::*;

    fn takes(kind: Kind, text: &str) -> bool {
        cell(kind, text.as_bytes(), 0).is_some_and(|(_, end)| end == text.len())
    }

    #[test]
    fn cells_are_what_their_column_says() {
        let good = [
            (Kind::Integer, "0 7 10 999999999999999"),
            (Kind::Decimal(2), "0.00 -0.01 12.50 -3.00 1234567890123456789.00"),
            (Kind::Decimal(0), "0 -1 25"),
            (Kind::Date, "2024-01-31 1999-12-01"),
            (Kind::Text, "甲 \"\" \"a,b\" \"a\"\"b\" 'x"),
        ];
        let bad = [
            (Kind::Integer, "-1 +1 01 1. 1000000000000000 x 1x \"1\""),
            (Kind::Decimal(2), "-0.00 1.0 1.000 1 .50 01.00 1,00 -.50 - NaN 1e5.00"),
            (Kind::Decimal(0), "-0 1. 1.0"),
            (Kind::Date, "2024-13-01 2024-00-01 2024-01-32 2024-1-01 24-01-01 2024/01/01 2024-01-011"),
            (Kind::Text, "a\"b \"a \"a\"b a,b"),
        ];
        for (kind, texts) in good {
            texts.split(' ').for_each(|text| assert!(takes(kind, text), "{kind:?} {text}"));
            assert!(takes(kind, ""));
        }
        for (kind, texts) in bad {
            texts.split(' ').for_each(|text| assert!(!takes(kind, text), "{kind:?} {text}"));
        }
    }

    #[test]
    fn the_limit_counts_characters_and_neither_the_guard_nor_doubled_quotes() {
        let long = |length: usize| "字".repeat(length);
        assert!(takes(Kind::Text, &long(LONGEST_CELL)) && !takes(Kind::Text, &long(LONGEST_CELL + 1)));
        assert!(takes(Kind::Text, &format!("'{}", long(LONGEST_CELL))));
        assert!(takes(Kind::Text, &format!("\"{}\"", "\"\"".repeat(LONGEST_CELL))));
        assert!(!takes(Kind::Text, &format!("\"{}\"", "\"\"".repeat(LONGEST_CELL + 1))));
    }

    #[test]
    fn unwanted_characters_are_found_at_every_place() {
        for unwanted in ["\0", "\t", "\r", "\u{7f}", "\u{85}", "\u{2028}", "\u{2029}"] {
            for place in 0..200 {
                let text = format!("{}{unwanted}{}\r\n", "a".repeat(place), "“é·字".repeat(9));
                assert!(holds_unwanted(text.as_bytes()), "{unwanted:?} at {place}");
                assert!(holds_unwanted(text.trim_end_matches('\n').as_bytes()));
            }
        }
        assert!(!holds_unwanted("“a”…\r\né·字，\n".as_bytes()) && !holds_unwanted(b"") && !holds_unwanted(b"\n"));
    }
}
