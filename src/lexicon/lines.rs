//! The lines of a typed list: encodings, marks, line ends, blank lines and comments are dealt with here, once.

use std::borrow::Cow;

use encoding_rs::{GB18030, UTF_16BE, UTF_16LE};

use crate::diagnostic::Diagnostic;

/// A line with content: its 1-based number and its text, without white space around it but for a tab at its end, which says
/// that the spaces before it belong to the word.
pub(super) type Line<'a> = (usize, &'a str);

/// So many good characters beyond ASCII before the first bad byte mean UTF-8 with damage: no GB18030 text looks like that.
const PROOF_OF_UTF8: usize = 10;

/// The text of a list without its byte-order mark: UTF-8, UTF-16 with a mark, else GB18030.
///
/// # Errors
/// Bytes that are none of these, with the line of the first that is not UTF-8.
pub(super) fn decode<'a>(file: &str, bytes: &'a [u8]) -> Result<Cow<'a, str>, Diagnostic> {
    let unreadable = |line: usize, expected: &str| {
        let message = format!("expected {expected}, found other bytes");
        Diagnostic::error(file, line, 0, "D001", message).with_help("save the file as UTF-8")
    };
    for (mark, encoding) in [(&b"\xFF\xFE"[..], UTF_16LE), (b"\xFE\xFF", UTF_16BE)] {
        if let Some(rest) = bytes.strip_prefix(mark) {
            let text = encoding.decode_without_bom_handling_and_without_replacement(rest);
            return text.ok_or_else(|| unreadable(0, "UTF-16, as its mark says"));
        }
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let error = match std::str::from_utf8(bytes) {
        Ok(text) => return Ok(Cow::Borrowed(text)),
        Err(error) => error,
    };
    let good = &bytes[..error.valid_up_to()];
    let line = good.iter().filter(|b| **b == b'\n').count() + 1;
    // Lead bytes: every other byte of a character beyond ASCII is a continuation.
    if good.iter().filter(|b| **b >= 0xC0).take(PROOF_OF_UTF8).count() == PROOF_OF_UTF8 {
        return Err(unreadable(line, "UTF-8"));
    }
    GB18030.decode_without_bom_handling_and_without_replacement(bytes).ok_or_else(|| unreadable(line, "UTF-8, UTF-16 or GB18030"))
}

/// What ends a line in the files people have. CR CR LF is one line end, made by careless copying.
const LINE_ENDS: [char; 6] = ['\n', '\r', '\u{C}', '\u{85}', '\u{2028}', '\u{2029}'];

/// Lines that hold something, comments left out.
pub(super) fn content_lines(text: &str) -> impl Iterator<Item = Line<'_>> {
    let mut number = 0;
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let (line, tail) = rest.split_at(rest.find(LINE_ENDS).unwrap_or(rest.len()));
        let one_end = ["\r\r\n", "\r\n"].into_iter().find_map(|end| tail.strip_prefix(end));
        rest = one_end.or_else(|| tail.strip_prefix(LINE_ENDS)).unwrap_or("");
        number += 1;
        Some((number, trim(line)))
    })
    .filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'))
}

/// Marks of files that were joined stand in the middle of the text.
fn trim(line: &str) -> &str {
    line.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}').trim_end_matches(|c: char| c.is_whitespace() && c != '\t')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_end_counts_and_comments_do_not() {
        let lines: Vec<_> =
            content_lines("甲\r\n# 注\r\n\r\n乙\r丙\n\u{3000}丁\u{3000}\r\r\n戊\u{2028}\u{FEFF}# 注\u{C}己 \t\n \t\n").collect();
        assert_eq!(lines, [(1, "甲"), (4, "乙"), (5, "丙"), (6, "丁"), (7, "戊"), (9, "己 \t")]);
    }

    #[test]
    fn the_same_list_in_every_encoding_is_the_same_text() {
        let text = "长三角 n\r\n国办发〔2024〕1号\n";
        let utf16 =
            |to_bytes: fn(u16) -> [u8; 2]| "\u{FEFF}".encode_utf16().chain(text.encode_utf16()).flat_map(to_bytes).collect::<Vec<u8>>();
        let gbk = GB18030.encode(text).0.into_owned();
        let coats =
            [text.as_bytes().to_vec(), format!("\u{FEFF}{text}").into_bytes(), utf16(u16::to_le_bytes), utf16(u16::to_be_bytes), gbk];
        for coat in coats {
            assert_eq!(decode("d.txt", &coat).unwrap(), text, "{coat:x?}");
        }
    }

    #[test]
    fn bad_bytes_have_a_line() {
        let line = |bytes: &[u8]| decode("d.txt", bytes).unwrap_err().line;
        assert_eq!(line(b"a\n\xB9\xFF\n"), 2);
        let damaged = ["中".repeat(10).as_bytes(), b"\n\xB9\xFA\n"].concat();
        assert_eq!(line(&damaged), 2, "damaged UTF-8 is not read as GB18030, which it also is");
        assert!(GB18030.decode_without_bom_handling_and_without_replacement(&damaged).is_some());
        assert_eq!(line(b"\xFF\xFE\x00\xD8"), 0);
    }
}
