//! The lines of a typed list: marks, line ends, blank lines and comments are dealt with here, once.

use crate::diagnostic::Diagnostic;

/// A line with content: its 1-based number and its text without surrounding white space.
pub(super) type Line<'a> = (usize, &'a str);

/// The text of a list without its byte-order mark, or the reason why it is none.
pub(super) fn decode<'a>(file: &str, bytes: &'a [u8]) -> Result<&'a str, Diagnostic> {
    let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    std::str::from_utf8(text).map_err(|e| {
        let line = bytes[..e.valid_up_to()].iter().filter(|b| **b == b'\n').count() + 1;
        Diagnostic::error(file, line, 0, "D001", "expected UTF-8, found other bytes").with_help("save the file as UTF-8")
    })
}

/// Lines that hold something, comments left out. LF, CRLF and a bare CR end a line.
pub(super) fn content_lines(text: &str) -> impl Iterator<Item = Line<'_>> {
    let mut number = 0;
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let end = rest.find(['\n', '\r']).unwrap_or(rest.len());
        let (line, tail) = rest.split_at(end);
        rest = tail.strip_prefix("\r\n").or_else(|| tail.strip_prefix(['\n', '\r'])).unwrap_or("");
        number += 1;
        Some((number, line.trim()))
    })
    .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_end_counts_and_comments_do_not() {
        let lines: Vec<_> = content_lines("甲\r\n# 注\r\n\r\n乙\r丙\n\u{3000}丁\u{3000}").collect();
        assert_eq!(lines, [(1, "甲"), (4, "乙"), (5, "丙"), (6, "丁")]);
    }

    #[test]
    fn a_mark_is_dropped_and_bad_bytes_have_a_line() {
        assert_eq!(decode("d.txt", "\u{FEFF}甲".as_bytes()).unwrap(), "甲");
        assert_eq!(decode("d.txt", b"a\n\xB9\xFA\n").unwrap_err().line, 2);
    }
}
