//! Bytes into characters: UTF-8, or GB18030 where the bytes prove it.

use std::borrow::Cow;
use std::io::{self, Read};

use encoding_rs::GB18030;

use super::lines::with_line_feeds;
use super::options::{Encoding, SourceOptions};
use super::quarantine::{Code, Failure, Stage};

/// How the bytes of a file are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Chosen {
    /// UTF-8, perhaps with damaged places.
    Utf8,
    /// GB18030, which includes GBK and GB2312.
    Gb18030,
}

impl Chosen {
    /// As it stands in documents.csv.
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Gb18030 => "gb18030",
        }
    }
}

/// Share of Chinese text that is written with the frequent characters of GB2312 level 1; measured: right text has at least
/// 0.934 of them, Big5 read as GB18030 at most 0.703.
const LEVEL_1_SHARE: f64 = 0.80;
/// Fewer characters than this make no share worth the name.
const FEW_CHARACTERS: u64 = 20;

/// Decides the encoding of a stream of bytes. `open` starts it anew, since a second look may be needed.
pub(super) fn choose<'r>(encoding: Encoding, mut open: impl FnMut() -> Result<Box<dyn Read + 'r>, Failure>) -> Result<Chosen, Failure> {
    match encoding {
        Encoding::Utf8 => return Ok(Chosen::Utf8),
        Encoding::Gb18030 => return Ok(Chosen::Gb18030),
        Encoding::Auto => {}
    }
    let utf8 = scan(open()?, Utf8Scan::default()).map_err(super::compress::failure)?;
    if utf8.wide_mark {
        let message = "expected UTF-8 or GB18030, found the byte-order mark of UTF-16 or UTF-32; save the file as UTF-8";
        return Err(Failure::new(Stage::Decode, Code::Encoding, message));
    }
    if utf8.bad == 0 || utf8.good >= 10 * utf8.bad {
        return Ok(Chosen::Utf8);
    }
    let gb = scan(open()?, GbScan::default()).map_err(super::compress::failure)?;
    if gb.is_chinese() {
        return Ok(Chosen::Gb18030);
    }
    let message = "expected UTF-8 or GB18030, found neither (perhaps Big5, UTF-16 or another language); save the file as UTF-8";
    Err(Failure::new(Stage::Decode, Code::Encoding, message))
}

trait Scan {
    fn feed(&mut self, bytes: &[u8]);
    fn end(&mut self) {}
}

fn scan<S: Scan>(mut reader: Box<dyn Read + '_>, mut scan: S) -> io::Result<S> {
    let mut buffer = vec![0; 1 << 16];
    loop {
        match reader.read(&mut buffer) {
            Ok(0) => {
                scan.end();
                return Ok(scan);
            }
            Ok(read) => scan.feed(&buffer[..read]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            // A file that breaks off is judged by what there is; reading it will say where it breaks.
            Err(_) => {
                scan.end();
                return Ok(scan);
            }
        }
    }
}

/// Counts good multi-byte characters and bad sequences of UTF-8.
#[derive(Default)]
struct Utf8Scan {
    good: u64,
    bad: u64,
    wide_mark: bool,
    started: bool,
    /// An unfinished character at the end of the last piece.
    tail: Vec<u8>,
}

impl Scan for Utf8Scan {
    fn feed(&mut self, bytes: &[u8]) {
        if !self.started {
            self.started = true;
            self.wide_mark = bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF") || bytes.starts_with(b"\0\0\xFE\xFF");
        }
        let joined;
        let mut rest = if self.tail.is_empty() {
            bytes
        } else {
            joined = [std::mem::take(&mut self.tail).as_slice(), bytes].concat();
            &joined
        };
        loop {
            match simdutf8::compat::from_utf8(rest) {
                Ok(_) => {
                    self.good += multi_byte(rest);
                    return;
                }
                Err(error) => {
                    let (valid, broken) = rest.split_at(error.valid_up_to());
                    self.good += multi_byte(valid);
                    match error.error_len() {
                        Some(length) => {
                            self.bad += 1;
                            rest = &broken[length..];
                        }
                        None => {
                            self.tail = broken.to_vec();
                            return;
                        }
                    }
                }
            }
        }
    }

    fn end(&mut self) {
        self.bad += u64::from(!self.tail.is_empty());
    }
}

/// Characters of more than one byte: each has one byte of 0xC0 or above.
fn multi_byte(valid: &[u8]) -> u64 {
    valid.iter().filter(|byte| **byte >= 0xC0).count() as u64
}

/// Counts two-byte characters of GB18030, and those of level 1: the frequent ones.
#[derive(Default)]
struct GbScan {
    lead: Option<u8>,
    /// Bytes of a four-byte character still to come.
    skip: u8,
    level_1: u64,
    characters: u64,
    bad: u64,
}

impl Scan for GbScan {
    fn feed(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.byte(*byte);
        }
    }
}

impl GbScan {
    fn byte(&mut self, byte: u8) {
        if self.skip > 0 {
            self.skip -= 1;
            return;
        }
        match (self.lead.take(), byte) {
            (None, 0x81..=0xFE) => self.lead = Some(byte),
            (None, 0x80 | 0xFF) => self.bad += 1,
            (None, _) => {}
            (Some(_), 0x30..=0x39) => self.skip = 2,
            (Some(lead), 0x40..=0x7E | 0x80..=0xFE) => self.pair(lead, byte),
            (Some(_), _) => self.bad += 1,
        }
    }

    /// The rows of symbols (lead A1–A9, trail from A1) say nothing.
    fn pair(&mut self, lead: u8, trail: u8) {
        let symbol = (0xA1..=0xA9).contains(&lead) && trail >= 0xA1;
        self.characters += u64::from(!symbol);
        self.level_1 += u64::from((0xB0..=0xD7).contains(&lead) && trail >= 0xA1);
    }

    fn is_chinese(&self) -> bool {
        let share = self.level_1 as f64 / self.characters.max(1) as f64;
        if self.characters < FEW_CHARACTERS {
            return self.bad == 0 && self.characters > 0 && share >= 0.5;
        }
        share >= LEVEL_1_SHARE
    }
}

/// Decoded text, with what was odd about it.
#[derive(Debug)]
pub(super) struct Decoded<'a> {
    pub text: Cow<'a, str>,
    pub warnings: Vec<&'static str>,
}

/// Bytes of a file or record in an encoding that is known. Line ends become LF, NUL and byte-order marks go.
pub(super) fn decode<'a>(bytes: &'a [u8], chosen: Chosen, options: &SourceOptions) -> Result<Decoded<'a>, Failure> {
    clean(characters(bytes, chosen), options)
}

/// The characters of bytes in an encoding that is known, as they are.
pub(super) fn characters(bytes: &[u8], chosen: Chosen) -> Cow<'_, str> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    match chosen {
        Chosen::Utf8 => match simdutf8::basic::from_utf8(bytes) {
            Ok(text) => Cow::Borrowed(text),
            Err(_) => String::from_utf8_lossy(bytes),
        },
        Chosen::Gb18030 => GB18030.decode_without_bom_handling(bytes).0,
    }
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
    Ok(Decoded { text: with_line_feeds(text), warnings })
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

fn oddities(text: &str) -> Oddities {
    let is_odd = |b: &u8| (*b < 0x20 && !(0x09..=0x0D).contains(b)) || *b == 0x7F;
    // Without an early exit inside a block, a block is a few vector instructions.
    let holds_odd = |block: &[u8]| block.iter().fold(false, |odd, b| odd | is_odd(b));
    if !text.as_bytes().chunks(256).any(holds_odd) && memchr::memmem::find(text.as_bytes(), "\u{FFFD}".as_bytes()).is_none() {
        return Oddities::default();
    }
    let mut found = Oddities::default();
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

    fn chosen(bytes: &[u8]) -> Result<Chosen, Code> {
        let owned = bytes.to_vec();
        choose(Encoding::Auto, || Ok(Box::new(io::Cursor::new(owned.clone())))).map_err(|f| f.code)
    }

    const TEXT: &str = "深入推进长三角一体化发展，加快完善体制机制，推动高质量发展取得新的成效。";

    #[test]
    fn utf8_and_gb18030_are_told_apart() {
        assert_eq!(chosen(TEXT.as_bytes()), Ok(Chosen::Utf8));
        assert_eq!(chosen(b"plain ASCII"), Ok(Chosen::Utf8));
        let gb = GB18030.encode(TEXT).0;
        assert_eq!(chosen(&gb), Ok(Chosen::Gb18030));
        assert_eq!(decode(&gb, Chosen::Gb18030, &SourceOptions::default()).unwrap().text, TEXT);
        assert_eq!(chosen(&GB18030.encode("改革").0), Ok(Chosen::Gb18030));
    }

    #[test]
    fn other_encodings_are_refused_not_garbled() {
        let traditional = "臺灣地區的經濟發展與環境保護問題，應該由專家學者共同研究討論之後再做決定。";
        assert_eq!(chosen(&encoding_rs::BIG5.encode(traditional).0), Err(Code::Encoding));
        assert_eq!(chosen(b"\xFF\xFEa\0b\0"), Err(Code::Encoding));
        assert_eq!(chosen(b"caf\xE9 d\xE9j\xE0 vu"), Err(Code::Encoding));
    }

    #[test]
    fn a_cut_character_is_damage_not_another_encoding() {
        let cut = &TEXT.as_bytes()[..TEXT.len() - 1];
        assert_eq!(chosen(cut), Ok(Chosen::Utf8));
        let decoded = decode(cut, Chosen::Utf8, &SourceOptions::default()).unwrap();
        assert_eq!(decoded.warnings, ["W_DAMAGED"]);
    }

    #[test]
    fn characters_on_the_border_of_two_reads_are_whole() {
        let long = "国".repeat(100_000);
        assert_eq!(chosen(long.as_bytes()), Ok(Chosen::Utf8));
    }

    #[test]
    fn destroyed_text_and_binaries_are_refused() {
        let options = SourceOptions::default();
        let code = |text: &str| decode(text.as_bytes(), Chosen::Utf8, &options).map(|_| ()).unwrap_err().code;
        assert_eq!(code(&"\u{FFFD}国".repeat(20)), Code::Encoding);
        assert_eq!(code(&"\u{1}国".repeat(20)), Code::Binary);
        assert_eq!(decode("\u{FEFF}一\n\u{FEFF}二".as_bytes(), Chosen::Utf8, &options).unwrap().text, "一\n二");
        let decoded = decode("一\0二".as_bytes(), Chosen::Utf8, &options).unwrap();
        assert_eq!((&*decoded.text, decoded.warnings), ("一二", vec!["W_NUL"]));
        for (text, warned) in [("一\u{E000}", true), ("一\u{F8FF}", true), ("一\u{F900}，", false), ("\u{D7FB}", false)] {
            assert_eq!(decode(text.as_bytes(), Chosen::Utf8, &options).unwrap().warnings == ["W_PRIVATE_USE"], warned, "{text:?}");
        }
    }
}
