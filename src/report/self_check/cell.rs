//! What may stand in a cell of each kind of column, byte by byte.

use std::ops::Range;

use memchr::{memchr, memchr_iter, memchr2};

use crate::table::Kind;

/// Longest text, in characters. The number stands here once more, since a limit taken from the writer would check nothing.
const LONGEST_CELL: usize = 32_000;
/// Most digits of a whole number that every spreadsheet keeps.
const MOST_DIGITS: usize = 15;

/// What a cell of this kind must be, in words.
pub(super) fn words_of(kind: Kind) -> String {
    match kind {
        Kind::Text => format!("text of at most {LONGEST_CELL} characters, in quotes if it holds a comma or a quote, which is doubled"),
        Kind::Integer => format!("a whole number of at most {MOST_DIGITS} digits or nothing"),
        Kind::Decimal(digits) => format!("a number with {digits} digits after the point or nothing"),
        Kind::Date => "a date as YYYY-MM-DD or nothing".to_string(),
    }
}

/// Where the cell that begins at `at` stands without its quotes, and where it ends with them; nothing if it is not what its
/// column says.
pub(super) fn cell(kind: Kind, row: &[u8], at: usize) -> Option<(Range<usize>, usize)> {
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
}
