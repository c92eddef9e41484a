//! Cells as bytes: what text may stand in a spreadsheet, and what must be made harmless first.

use std::borrow::Cow;
use std::fmt::Write;

use crate::table::{Cells, Decimal};

use super::FormulaGuard;

/// Longest text of a cell, in UTF-16 units as spreadsheets count (Excel takes 32,767).
const LONGEST_CELL: usize = 32_000;

/// Writes the cells of rows as CSV records, and counts what had to be changed.
pub(super) struct CsvCells {
    writer: ::csv::Writer<Vec<u8>>,
    guard: FormulaGuard,
    scratch: Vec<u8>,
    date: String,
    /// Cells that got a leading `'`.
    pub guarded: u64,
    /// Cells that were cut.
    pub cut: u64,
    fields: usize,
}

impl CsvCells {
    pub fn new(terminator: ::csv::Terminator, guard: FormulaGuard) -> Self {
        let writer = ::csv::WriterBuilder::new().terminator(terminator).flexible(true).from_writer(Vec::new());
        Self { writer, guard, scratch: Vec::new(), date: String::new(), guarded: 0, cut: 0, fields: 0 }
    }

    /// Ends the row; tells how many cells it had.
    pub fn end_row(&mut self) -> usize {
        // Writing into memory cannot fail.
        let _ = self.writer.write_record(None::<&[u8]>);
        std::mem::take(&mut self.fields)
    }

    /// The records written so far.
    pub fn into_bytes(self) -> Vec<u8> {
        self.writer.into_inner().unwrap_or_default()
    }

    fn field(&mut self, bytes: &[u8]) {
        // Writing into memory cannot fail.
        let _ = self.writer.write_field(bytes);
        self.fields += 1;
    }
}

impl Cells for CsvCells {
    fn text(&mut self, value: &str) {
        let (clean, was_cut) = cell_text(value);
        self.cut += u64::from(was_cut);
        if self.guard == FormulaGuard::On && looks_like_formula(value) {
            self.guarded += 1;
            let guarded = format!("'{clean}");
            self.field(guarded.as_bytes());
        } else {
            self.field(clean.as_bytes());
        }
    }

    fn integer(&mut self, value: u64) {
        let mut scratch = std::mem::take(&mut self.scratch);
        scratch.clear();
        write_integer(value, &mut scratch);
        self.field(&scratch);
        self.scratch = scratch;
    }

    fn decimal(&mut self, value: Option<Decimal>) {
        let mut scratch = std::mem::take(&mut self.scratch);
        scratch.clear();
        if let Some(decimal) = value {
            decimal.write_to(&mut scratch);
        }
        self.field(&scratch);
        self.scratch = scratch;
    }

    fn date(&mut self, value: Option<&dyn std::fmt::Display>) {
        let mut date = std::mem::take(&mut self.date);
        date.clear();
        if let Some(value) = value {
            // Writing into a string cannot fail.
            let _ = write!(date, "{value}");
        }
        self.field(date.as_bytes());
        self.date = date;
    }

    fn empty(&mut self) {
        self.field(b"");
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
fn cell_text(value: &str) -> (Cow<'_, str>, bool) {
    let clean = if holds_unwanted(value.as_bytes()) { Cow::Owned(without_control(value)) } else { Cow::Borrowed(value) };
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

/// Whether a text holds a control character or a line break of any kind.
fn holds_unwanted(bytes: &[u8]) -> bool {
    // Without an early exit inside a block, a block is a few vector instructions.
    let flags = bytes.chunks(128).fold((false, false, false), |flags, block| {
        block.iter().fold(flags, |(control, c2, e2), b| (control | (*b < 0x20) | (*b == 0x7F), c2 | (*b == 0xC2), e2 | (*b == 0xE2)))
    });
    let follows = |lead: u8, is: &dyn Fn(&[u8]) -> bool| memchr::memchr_iter(lead, bytes).any(|at| is(&bytes[at + 1..]));
    // U+0080 to U+009F are C2 80 to C2 9F; U+2028 and U+2029 are E2 80 A8 and E2 80 A9.
    flags.0
        || flags.1 && follows(0xC2, &|next| next.first().is_some_and(|b| *b < 0xA0))
        || flags.2 && follows(0xE2, &|next| next.starts_with(&[0x80, 0xA8]) || next.starts_with(&[0x80, 0xA9]))
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
    use super::*;

    fn written(value: &str, guard: FormulaGuard) -> String {
        let mut cells = CsvCells::new(::csv::Terminator::CRLF, guard);
        cells.text(value);
        cells.integer(7);
        assert_eq!(cells.end_row(), 2);
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
            assert_eq!(holds_unwanted(format!("甲“{c}").as_bytes()), expected, "{c:?}");
            let formula = matches!(c, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠' | '\t' | '\r');
            assert_eq!(looks_like_formula(&c.to_string()), formula, "{c:?}");
        }
    }

    #[test]
    fn a_cell_never_exceeds_the_limit() {
        let long = "字".repeat(40_000);
        let (text, cut) = cell_text(&long);
        assert!(cut && text.ends_with('…') && text.encode_utf16().count() == LONGEST_CELL);
        let wide = "𠮷".repeat(20_000);
        let (text, cut) = cell_text(&wide);
        assert!(cut && text.encode_utf16().count() <= LONGEST_CELL);
        let whole = "字".repeat(LONGEST_CELL);
        assert_eq!(cell_text(&whole), (Cow::Borrowed(whole.as_str()), false));
    }
}
