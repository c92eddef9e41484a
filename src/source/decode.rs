//! Characters into text: marks, NUL bytes and line ends are dealt with, damage is counted and beyond a limit refused.

use std::borrow::Cow;
use std::io::Read;

use super::lines::with_line_feeds;
use super::options::SourceOptions;
use super::quarantine::{Code, Failure, Stage};
use crate::encoding::{Charset, Decision, Undecided, decide};

impl From<Undecided> for Failure {
    fn from(undecided: Undecided) -> Self {
        Self::new(Stage::Decode, Code::Encoding, undecided.to_string())
    }
}

/// Decides the encoding of a stream of bytes. `open` starts it anew, since a second look may be needed.
pub(super) fn choose<'r>(options: &SourceOptions, open: impl FnMut() -> Result<Box<dyn Read + 'r>, Failure>) -> Result<Decision, Failure> {
    decide(options.encoding, open)
}

/// Decoded text, with what was odd about it.
#[derive(Debug)]
pub(super) struct Decoded<'a> {
    pub text: Cow<'a, str>,
    /// Characters that could not be decoded, or were destroyed before: U+FFFD, and 锟斤拷 where it is more than a twentieth of the text.
    pub replaced: u64,
    pub warnings: Vec<&'static str>,
}

/// Bytes of a file or record in an encoding that is known. Line ends become LF, NUL and byte-order marks go.
pub(super) fn decode<'a>(bytes: &'a [u8], charset: Charset, options: &SourceOptions) -> Result<Decoded<'a>, Failure> {
    clean(charset.decode(bytes), options)
}

/// Text of any origin: NUL and byte-order marks go, line ends become LF; damage beyond the limit is refused.
pub(super) fn clean<'a>(text: Cow<'a, str>, options: &SourceOptions) -> Result<Decoded<'a>, Failure> {
    let Oddities { replaced, control, nul, all } = oddities(&text);
    if control * 10 > all {
        return Err(Failure::new(
            Stage::Decode,
            Code::Binary,
            "expected text, found more than 10 % control characters; take the file out of the input folder",
        ));
    }
    if replaced > 3 && replaced as f64 > options.max_replaced_share * all as f64 {
        let message = format!(
            "{replaced} of {all} characters are damaged or could not be decoded, more than input.max_replaced_share allows; get an undamaged copy"
        );
        return Err(Failure::new(Stage::Decode, Code::Encoding, message));
    }
    let mut warnings = Vec::new();
    let mut text = text;
    if nul > 0 {
        warnings.push("W_NUL");
        text = Cow::Owned(text.replace('\0', ""));
    }
    if replaced > 0 {
        warnings.push("W_DAMAGED");
    }
    if holds_private_use(text.as_bytes()) {
        warnings.push("W_PRIVATE_USE");
    }
    // A mark in the middle is that of a file that was joined to another.
    if memchr::memmem::find(text.as_bytes(), "\u{FEFF}".as_bytes()).is_some() {
        text = Cow::Owned(text.replace('\u{FEFF}', ""));
    }
    Ok(Decoded { text: with_line_feeds(text), replaced, warnings })
}

/// Whether a text holds a character of the private-use area U+E000 to U+F8FF: EE 80 80 to EF A3 BF in UTF-8. It was a
/// character in someone's font.
fn holds_private_use(bytes: &[u8]) -> bool {
    memchr::memchr(0xEE, bytes).is_some() || memchr::memchr_iter(0xEF, bytes).any(|at| bytes.get(at + 1).is_some_and(|b| *b < 0xA4))
}

/// Characters that tell of damage.
#[derive(Default)]
struct Oddities {
    replaced: u64,
    control: u64,
    nul: u64,
    /// All characters; only counted where one of the others is not zero.
    all: u64,
}

/// Two U+FFFD in UTF-8, read as GBK: what was destroyed stands there as good characters.
const DESTROYED: &str = "锟斤拷";

fn oddities(text: &str) -> Oddities {
    let is_odd = |b: &u8| (*b < 0x20 && !(0x09..=0x0D).contains(b)) || *b == 0x7F;
    // Without an early exit inside a block, a block is a few vector instructions.
    let holds_odd = |block: &[u8]| block.iter().fold(false, |odd, b| odd | is_odd(b));
    let holds = |what: &str| memchr::memmem::find(text.as_bytes(), what.as_bytes()).is_some();
    let is_destroyed = holds(DESTROYED);
    if !is_destroyed && !text.as_bytes().chunks(256).any(holds_odd) && !holds("\u{FFFD}") {
        return Oddities::default();
    }
    let mut found = Oddities::default();
    // A text may speak of it.
    let times = if is_destroyed { text.matches(DESTROYED).count() as u64 } else { 0 };
    let destroyed = times * DESTROYED.chars().count() as u64;
    let is_spoken_of = times < 3 || destroyed * 20 < text.chars().count() as u64;
    found.replaced = if is_spoken_of { 0 } else { destroyed };
    for c in text.chars() {
        found.all += 1;
        match c {
            '\u{FFFD}' => found.replaced += 1,
            '\0' => found.nul += 1,
            '\u{1}'..='\u{8}' | '\u{E}'..='\u{1F}' | '\u{7F}' => found.control += 1,
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn destroyed_text_and_binaries_are_refused() {
        let options = SourceOptions::default();
        let code = |text: &str| decode(text.as_bytes(), Charset::Utf8, &options).map(|_| ()).unwrap_err().code;
        assert_eq!(code(&"\u{FFFD}国".repeat(20)), Code::Encoding);
        assert_eq!(code(&"锟斤拷国".repeat(20)), Code::Encoding);
        let spoken_of = decode("什么叫锟斤拷？".as_bytes(), Charset::Utf8, &options).unwrap();
        assert_eq!((spoken_of.replaced, spoken_of.warnings), (0, vec![]));
        assert_eq!(code(&"\u{1}国".repeat(20)), Code::Binary);
        assert_eq!(decode("\u{FEFF}一\n\u{FEFF}二".as_bytes(), Charset::Utf8, &options).unwrap().text, "一\n二");
        let decoded = decode("一\0二".as_bytes(), Charset::Utf8, &options).unwrap();
        assert_eq!((&*decoded.text, decoded.warnings), ("一二", vec!["W_NUL"]));
        for (text, warned) in [("一\u{E000}", true), ("一\u{F8FF}", true), ("一\u{F900}，", false), ("\u{D7FB}", false)] {
            assert_eq!(decode(text.as_bytes(), Charset::Utf8, &options).unwrap().warnings == ["W_PRIVATE_USE"], warned, "{text:?}");
        }
    }
}
