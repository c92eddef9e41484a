//! The lines of a typed list: encodings, marks, line ends, blank lines and comments are dealt with here, once.

use std::borrow::Cow;

use crate::diagnostic::Diagnostic;
use crate::encoding::{Encoding, decide_bytes};

/// A line with content: its 1-based number and its text, without white space around it but for a tab at its end, which says
/// that the spaces before it belong to the word.
pub(super) type Line<'a> = (usize, &'a str);

/// The text of a list without its byte-order mark, in any encoding that texts may be in.
///
/// # Errors
/// Bytes whose encoding cannot be told, or that are damaged, with the line of the first that is no character: a list with a
/// hole in it would count other words than were typed.
pub fn decode<'a>(file: &str, bytes: &'a [u8]) -> Result<Cow<'a, str>, Diagnostic> {
    let unreadable = |line: usize, message: String| Diagnostic::error(file, line, 0, "D001", message).with_help("save the file as UTF-8");
    let decision = decide_bytes(Encoding::Auto, bytes).map_err(|undecided| unreadable(first_bad_line(bytes), undecided.to_string()))?;
    let text = decision.charset.decode(bytes);
    match text.find(char::REPLACEMENT_CHARACTER) {
        Some(at) => {
            let line = text[..at].matches('\n').count() + 1;
            Err(unreadable(line, format!("expected {}, as the rest of the file is, found other bytes", decision.charset.name())))
        }
        None => Ok(text),
    }
}

/// The line of the first byte that is not UTF-8.
fn first_bad_line(bytes: &[u8]) -> usize {
    let good = std::str::from_utf8(bytes).map_or_else(|error| error.valid_up_to(), str::len);
    bytes[..good].iter().filter(|b| **b == b'\n').count() + 1
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
        let gbk = encoding_rs::GB18030.encode(text).0.into_owned();
        let short = encoding_rs::GB18030.encode("双碳\n").0.into_owned();
        assert_eq!(decode("d.txt", &short).unwrap(), "双碳\n");
        let coats: [Vec<u8>; 5] =
            [text.as_bytes().to_vec(), format!("\u{FEFF}{text}").into_bytes(), utf16(u16::to_le_bytes), utf16(u16::to_be_bytes), gbk];
        for coat in coats {
            assert_eq!(decode("d.txt", &coat).unwrap(), text, "{coat:x?}");
        }
    }

    #[test]
    fn bad_bytes_have_a_line() {
        let line = |bytes: &[u8]| decode("d.txt", bytes).unwrap_err().line;
        assert_eq!(line(b"a\n\xB9\xFF\n"), 2);
        let damaged = ["中".repeat(30).as_bytes(), b"\n\xB9\xFA\n"].concat();
        assert_eq!(line(&damaged), 2, "damaged UTF-8 is not read as GB18030, which it also is");
        assert!(encoding_rs::GB18030.decode_without_bom_handling_and_without_replacement(&damaged).is_some());
        assert_eq!(line(b"\xFF\xFE\x00\xD8"), 1);
    }
}
