//! Characters that no line of a table may hold.

/// Bytes that are looked at in one go, by a few vector instructions.
const WIDTH: usize = 32;

/// Whether there is a control character that ends no line, or a line break of another kind.
pub(super) fn holds_unwanted(bytes: &[u8]) -> bool {
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

#[cfg(test)]
mod tests {
    use super::*;

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
