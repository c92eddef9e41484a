//! Cells as bytes: what text may stand in a spreadsheet, and what must be made harmless first.

use std::borrow::Cow;
use std::io::Write;

use crate::table::{Cells, Decimal};

use super::FormulaGuard;

/// Longest text of a cell, in UTF-16 units as spreadsheets count (Excel takes 32,767).
const LONGEST_CELL: usize = 32_000;

/// Writes the cells of rows as CSV records, and counts what had to be changed.
///
/// The rule of RFC 4180 is short: a field with a comma, a quote or a line break stands in quotes, and a quote in it is doubled.
/// Numbers never need it, and text is looked through anyway; writing so takes half the time of a general writer.
pub(super) struct CsvCells {
    bytes: Vec<u8>,
    line_end: &'static [u8],
    guard: FormulaGuard,
    /// Cells that got a leading `'`.
    pub guarded: u64,
    /// Cells that were cut.
    pub cut: u64,
    fields: usize,
    /// Cells that a row has.
    columns: usize,
    /// Rows that have an end.
    pub rows: usize,
    /// The first row with another number of cells, and that number.
    pub ragged: Option<(usize, usize)>,
}

impl CsvCells {
    /// For rows of so many cells, and about so many bytes.
    pub fn new(columns: usize, line_end: &'static [u8], guard: FormulaGuard, bytes: usize) -> Self {
        Self { bytes: Vec::with_capacity(bytes), line_end, guard, guarded: 0, cut: 0, fields: 0, columns, rows: 0, ragged: None }
    }

    /// The records written so far.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// Begins a cell.
    fn begin(&mut self) {
        if self.fields > 0 {
            self.bytes.push(b',');
        }
        self.fields += 1;
    }
}

impl Cells for CsvCells {
    fn text(&mut self, value: &str) {
        self.begin();
        let look = Look::at(value.as_bytes());
        let (clean, was_cut) = cell_text(value, look.holds_unwanted);
        self.cut += u64::from(was_cut);
        let guarded = self.guard == FormulaGuard::On && looks_like_formula(value);
        self.guarded += u64::from(guarded);
        let guard: &[u8] = if guarded { b"'" } else { b"" };
        if look.needs_quotes {
            self.bytes.push(b'"');
            self.bytes.extend_from_slice(guard);
            for (number, part) in clean.split('"').enumerate() {
                if number > 0 {
                    self.bytes.extend_from_slice(b"\"\"");
                }
                self.bytes.extend_from_slice(part.as_bytes());
            }
            self.bytes.push(b'"');
        } else {
            self.bytes.extend_from_slice(guard);
            self.bytes.extend_from_slice(clean.as_bytes());
        }
    }

    fn code(&mut self, value: &str) {
        debug_assert!(value.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b':' | b'-')), "{value}");
        self.begin();
        self.bytes.extend_from_slice(value.as_bytes());
    }

    fn integer(&mut self, value: u64) {
        self.begin();
        write_integer(value, &mut self.bytes);
    }

    fn decimal(&mut self, value: Option<Decimal>) {
        self.begin();
        if let Some(decimal) = value {
            decimal.write_to(&mut self.bytes);
        }
    }

    fn date(&mut self, value: Option<&dyn std::fmt::Display>) {
        self.begin();
        if let Some(value) = value {
            // Writing into memory cannot fail.
            let _ = write!(self.bytes, "{value}");
        }
    }

    fn empty(&mut self) {
        self.begin();
    }

    fn end_row(&mut self) {
        self.bytes.extend_from_slice(self.line_end);
        let cells = std::mem::take(&mut self.fields);
        if cells != self.columns {
            self.ragged.get_or_insert((self.rows, cells));
        }
        self.rows += 1;
    }
}

fn write_integer(value: u64, out: &mut Vec<u8>) {
    let mut digits = [0u8; 20];
    let mut at = digits.len();
    let mut rest = value;
    loop {
        at -= 1;
        digits[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    out.extend_from_slice(&digits[at..]);
}

/// Text as a cell may hold it, and whether it had to be cut: line breaks and tabs become a space, other control characters
/// go, and what is longer than a cell ends in `…`.
fn cell_text(value: &str, holds_unwanted: bool) -> (Cow<'_, str>, bool) {
    let clean = if holds_unwanted { Cow::Owned(without_control(value)) } else { Cow::Borrowed(value) };
    // A UTF-16 unit takes at most three bytes of UTF-8, so short texts need no counting.
    if clean.len() <= LONGEST_CELL {
        return (clean, false);
    }
    let mut units = 0;
    for (at, c) in clean.char_indices() {
        units += c.len_utf16();
        if units >= LONGEST_CELL && at + c.len_utf8() < clean.len() {
            return (Cow::Owned(format!("{}…", &clean[..at])), true);
        }
    }
    (clean, false)
}

/// What a look at the bytes of a text tells.
struct Look {
    /// Whether it holds a comma or a quote. Line breaks never get into a cell.
    needs_quotes: bool,
    /// Whether it holds a control character or a line break of any kind.
    holds_unwanted: bool,
}

/// Bytes that are looked at in one go, by a few vector instructions.
const WIDTH: usize = 16;

/// What some bytes hold, one bit for each kind.
const QUOTES: u8 = 1;
const CONTROL: u8 = 2;
/// The lead byte of U+0080 to U+009F.
const C2: u8 = 4;
/// The lead byte of U+2028 and U+2029.
const E2: u8 = 8;

impl Look {
    fn at(bytes: &[u8]) -> Self {
        let kinds = kinds_in(bytes);
        let follows = |lead: u8, is: &dyn Fn(&[u8]) -> bool| memchr::memchr_iter(lead, bytes).any(|at| is(&bytes[at + 1..]));
        // U+0080 to U+009F are C2 80 to C2 9F; U+2028 and U+2029 are E2 80 A8 and E2 80 A9.
        let holds_unwanted = kinds & CONTROL != 0
            || kinds & C2 != 0 && follows(0xC2, &|next| next.first().is_some_and(|b| *b < 0xA0))
            || kinds & E2 != 0 && follows(0xE2, &|next| next.starts_with(&[0x80, 0xA8]) || next.starts_with(&[0x80, 0xA9]));
        Self { needs_quotes: kinds & QUOTES != 0, holds_unwanted }
    }
}

/// The kinds of bytes that any of these is.
fn kinds_in(bytes: &[u8]) -> u8 {
    let (blocks, rest) = bytes.as_chunks::<WIDTH>();
    // What is left is looked at together with bytes before it, some of them for the second time, or with harmless ones.
    let last = bytes.last_chunk::<WIDTH>().copied().unwrap_or_else(|| {
        let mut last = [b'a'; WIDTH];
        last[..rest.len()].copy_from_slice(rest);
        last
    });
    blocks.iter().fold(kinds_in_block(&last), |all, block| all | kinds_in_block(block))
}

fn kinds_in_block(block: &[u8; WIDTH]) -> u8 {
    block.map(kind_of).into_iter().fold(0, |all, kind| all | kind)
}

#[inline]
fn kind_of(byte: u8) -> u8 {
    (QUOTES * u8::from((byte == b',') | (byte == b'"')))
        | (CONTROL * u8::from((byte < 0x20) | (byte == 0x7F)))
        | (C2 * u8::from(byte == 0xC2))
        | (E2 * u8::from(byte == 0xE2))
}

fn without_control(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for c in value.chars() {
        match c {
            '\n' if out.ends_with(' ') => {}
            '\n' | '\r' | '\t' | '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{b}' | '\u{c}' => out.push(' '),
            _ if c.is_control() => {}
            _ => out.push(c),
        }
    }
    out
}

/// Whether a spreadsheet may take the text for a formula.
fn looks_like_formula(value: &str) -> bool {
    // Han characters and small letters, with which nearly every text begins.
    if matches!(value.as_bytes().first(), None | Some(b'a'..=b'z' | 0xE4..=0xE9)) {
        return false;
    }
    if value.starts_with(['\t', '\r']) {
        return true;
    }
    let first = value.chars().find(|c| !c.is_whitespace() && !c.is_control() && *c != '\u{FEFF}');
    matches!(first, Some('=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn written(value: &str, guard: FormulaGuard) -> String {
        let mut cells = CsvCells::new(2, b"\r\n", guard, 0);
        cells.text(value);
        cells.integer(7);
        cells.end_row();
        assert_eq!((cells.rows, cells.ragged), (1, None));
        String::from_utf8(cells.into_bytes()).unwrap()
    }

    #[test]
    fn formulas_are_guarded_also_behind_blanks_and_in_full_width() {
        for text in ["=1+2", "+1", "-1", "@SUM(A1)", "＝1", "  =cmd", "\t1", "\r1", "\u{FEFF}=1", "\u{1}=1"] {
            assert!(written(text, FormulaGuard::On).starts_with('\''), "{text:?}");
        }
        assert_eq!(written("a=1", FormulaGuard::On), "a=1,7\r\n");
        assert_eq!(written("=1", FormulaGuard::Off), "=1,7\r\n");
    }

    #[test]
    fn line_breaks_become_a_space_and_control_characters_go() {
        assert_eq!(written("一\r\n二\u{0}三\t四", FormulaGuard::On), "一  二三 四,7\r\n".replace("  ", " "));
        assert_eq!(written("甲,\"乙\"", FormulaGuard::On), "\"甲,\"\"乙\"\"\",7\r\n");
    }

    #[test]
    fn every_unwanted_character_is_noticed_and_no_other() {
        for c in (0..0x1_1000).filter_map(char::from_u32) {
            let expected = c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
            for place in [0, 3, 13, 15, 16, 17, 40] {
                let text = format!("{}“{c}", "a".repeat(place));
                assert_eq!(Look::at(text.as_bytes()).holds_unwanted, expected, "{c:?} behind {place}");
                assert_eq!(Look::at(text.as_bytes()).needs_quotes, matches!(c, ',' | '"'), "{c:?} behind {place}");
            }
            let formula = matches!(c, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠' | '\t' | '\r');
            assert_eq!(looks_like_formula(&c.to_string()), formula, "{c:?}");
        }
    }

    #[test]
    fn a_cell_never_exceeds_the_limit() {
        let long = "字".repeat(40_000);
        let (text, cut) = cell_text(&long, false);
        assert!(cut && text.ends_with('…') && text.encode_utf16().count() == LONGEST_CELL);
        let wide = "𠮷".repeat(20_000);
        let (text, cut) = cell_text(&wide, false);
        assert!(cut && text.encode_utf16().count() <= LONGEST_CELL);
        let whole = "字".repeat(LONGEST_CELL);
        assert_eq!(cell_text(&whole, false), (Cow::Borrowed(whole.as_str()), false));
    }

    proptest! {
        #[test]
        fn records_are_those_of_the_csv_library(rows in prop::collection::vec(prop::collection::vec("[甲a,\" ='一]{0,6}", 2..5), 1..5)) {
            let mut cells = CsvCells::new(2, b"\r\n", FormulaGuard::Off, 0);
            let mut library = csv::WriterBuilder::new().flexible(true).terminator(csv::Terminator::CRLF).from_writer(Vec::new());
            for row in &rows {
                row.iter().for_each(|cell| cells.text(cell));
                cells.end_row();
                library.write_record(row).unwrap();
            }
            let ragged = rows.iter().enumerate().map(|(at, row)| (at, row.len())).find(|(_, cells)| *cells != 2);
            prop_assert_eq!((cells.rows, cells.ragged), (rows.len(), ragged));
            prop_assert_eq!(String::from_utf8(cells.into_bytes()).unwrap(), String::from_utf8(library.into_inner().unwrap()).unwrap());
        }
    }
}
