//! Line ends: whatever a file uses becomes LF.

use std::borrow::Cow;

const OTHER_ENDS: [char; 5] = ['\r', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}'];

/// The same text with LF for CR LF, CR, CR CR LF, form feed, U+0085, U+2028 and U+2029.
pub(super) fn with_line_feeds(text: Cow<'_, str>) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let holds = |end: &str| memchr::memmem::find(bytes, end.as_bytes()).is_some();
    if memchr::memchr2(b'\r', 0x0C, bytes).is_none() && !holds("\u{85}") && !holds("\u{2028}") && !holds("\u{2029}") {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '\r' => {
                // CR CR LF is one line end; CR CR without LF are two.
                let mut ahead = characters.clone();
                if ahead.next() == Some('\r') && ahead.next() == Some('\n') {
                    characters.next();
                }
                if characters.peek() == Some(&'\n') {
                    characters.next();
                }
                out.push('\n');
            }
            _ if OTHER_ENDS.contains(&c) => out.push('\n'),
            _ => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// A short value in one line: line breaks and tabs become spaces, NUL and byte-order marks go.
pub(super) fn one_line(text: &str) -> String {
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}' || c == '\0');
    if !text.contains(|c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{FEFF}')) {
        return text.to_string();
    }
    let kept: String = text.chars().filter(|c| !matches!(c, '\0' | '\u{FEFF}')).collect();
    let is_break = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    kept.split(is_break).map(str::trim).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_end_becomes_a_line_feed() {
        let text = "一\r\n二\r三\r\r\n四\u{c}五\u{85}六\u{2028}七\u{2029}八\n九\r\r十";
        assert_eq!(with_line_feeds(text.into()), "一\n二\n三\n四\n五\n六\n七\n八\n九\n\n十");
    }

    #[test]
    fn short_values_are_one_line() {
        assert_eq!(one_line(" \u{FEFF}上\r\n\t下\u{2028}中\0 "), "上 下 中");
        assert_eq!(one_line("　题　目　"), "题　目");
    }
}
