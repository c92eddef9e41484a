//! Which encoding bytes are in: mark, then UTF-8, then a decision between the Chinese encodings by two witnesses.

use std::io::{self, Read};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};

use super::charset::{Charset, Encoding};
use super::double_byte::{Big5Scan, Counts, GbScan, traditional_in_gb};
use super::utf8::{Utf8Scan, Validity};
use super::wide::WideScan;

/// The encoding of some bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decision {
    /// The encoding.
    pub charset: Charset,
    /// How sure that is, in ten-thousandths. 10,000: stated by a byte-order mark or the configuration, or UTF-8 without damage.
    /// In damaged UTF-8 the share of good sequences among those of more than one byte. In other encodings the share of frequent
    /// characters, and half of that where the second witness, a detector of all encodings, names another one.
    pub confidence: u16,
}

impl Decision {
    fn certain(charset: Charset) -> Self {
        Self { charset, confidence: CERTAIN }
    }
}

const CERTAIN: u16 = 10_000;

/// Fewer characters than this make no share worth the name.
pub(super) const FEW_CHARACTERS: u64 = 20;

/// Why no encoding could be chosen.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Undecided {
    /// It is text of another language.
    #[error("expected Chinese text in UTF-8, GB18030, Big5 or UTF-16, found what looks like {0}; save the file as UTF-8")]
    Other(&'static str),
    /// It is none of those that are read.
    #[error("expected UTF-8, GB18030, Big5 or UTF-16, found none of them; save the file as UTF-8, or name its encoding in input.encoding")]
    Unknown,
}

/// Bytes that are looked at to tell GB18030 from Big5, and what is enough of them.
const MOST_BYTES: u64 = 64 << 20;
const ENOUGH_CHARACTERS: u64 = 200_000;
/// Bytes that the detector is given.
const SAMPLE_BYTES: usize = 1 << 18;

/// Decides the encoding of a stream. `open` starts it anew, since a second look may be needed; a stream that breaks off is
/// judged by what there is.
///
/// # Errors
/// What `open` says; or that the encoding cannot be told.
pub fn decide<'r, E: From<Undecided>>(encoding: Encoding, mut open: impl FnMut() -> Result<Box<dyn Read + 'r>, E>) -> Result<Decision, E> {
    if let Some(charset) = encoding.charset() {
        return Ok(Decision::certain(charset));
    }
    let mut first = FirstLook::default();
    scan(open()?, |bytes| first.feed(bytes));
    if let Some(decision) = first.decision() {
        return Ok(decision);
    }
    let mut second = SecondLook { utf8: first.utf8.validity(), ..SecondLook::default() };
    scan(open()?, |bytes| second.feed(bytes));
    Ok(second.decision()?)
}

/// Decides the encoding of bytes that are in memory.
///
/// # Errors
/// That the encoding cannot be told.
pub fn decide_bytes(encoding: Encoding, bytes: &[u8]) -> Result<Decision, Undecided> {
    decide(encoding, || Ok(Box::new(bytes)))
}

/// Hands out pieces until there are no more or one says that it is enough.
fn scan(mut reader: Box<dyn Read + '_>, mut feed: impl FnMut(Option<&[u8]>) -> bool) {
    let mut buffer = vec![0; 1 << 16];
    loop {
        match reader.read(&mut buffer) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Ok(0) | Err(_) => {
                feed(None);
                return;
            }
            Ok(read) => {
                if !feed(Some(&buffer[..read])) {
                    return;
                }
            }
        }
    }
}

/// Mark, NUL bytes and UTF-8.
#[derive(Default)]
struct FirstLook {
    start: Vec<u8>,
    utf8: Utf8Scan,
}

impl FirstLook {
    fn feed(&mut self, piece: Option<&[u8]>) -> bool {
        let Some(bytes) = piece else {
            self.utf8.end();
            return false;
        };
        let missing = 4usize.saturating_sub(self.start.len());
        self.start.extend(bytes.iter().take(missing));
        self.utf8.feed(bytes);
        self.start.len() < 4 || Charset::of_mark(&self.start).is_none()
    }

    fn decision(&self) -> Option<Decision> {
        if let Some((charset, _)) = Charset::of_mark(&self.start) {
            return Some(Decision::certain(charset));
        }
        if self.utf8.may_be_wide() {
            return None;
        }
        match self.utf8.validity() {
            Validity::Yes(confidence) => Some(Decision { charset: Charset::Utf8, confidence }),
            _ => None,
        }
    }
}

/// GB18030, Big5, and UTF-16 without NUL bytes.
struct SecondLook {
    gb: GbScan,
    big5: Big5Scan,
    wide: WideScan,
    detector: EncodingDetector,
    bytes: u64,
    /// Whether they are UTF-8.
    utf8: Validity,
    /// The first bytes, which the detector is given and of which single characters are asked.
    sample: Vec<u8>,
}

impl Default for SecondLook {
    fn default() -> Self {
        Self {
            gb: GbScan::default(),
            big5: Big5Scan::default(),
            wide: WideScan::default(),
            detector: EncodingDetector::new(Iso2022JpDetection::Deny),
            bytes: 0,
            utf8: Validity::No,
            sample: Vec::new(),
        }
    }
}

impl SecondLook {
    fn feed(&mut self, piece: Option<&[u8]>) -> bool {
        let Some(bytes) = piece else { return false };
        for byte in bytes {
            self.gb.feed(*byte);
            self.big5.feed(*byte);
            self.wide.feed(*byte);
        }
        let taken = bytes.len().min(SAMPLE_BYTES.saturating_sub(self.sample.len()));
        self.sample.extend_from_slice(&bytes[..taken]);
        self.detector.feed(&bytes[..taken], false);
        self.bytes += bytes.len() as u64;
        self.bytes < MOST_BYTES && self.gb.counts.characters < ENOUGH_CHARACTERS
    }

    fn decision(mut self) -> Result<Decision, Undecided> {
        if let Some((charset, confidence)) = self.wide.charset().filter(|_| self.utf8 != Validity::ByChance) {
            return Ok(Decision { charset, confidence });
        }
        match self.utf8 {
            Validity::No => {}
            Validity::Yes(confidence) => return Ok(Decision { charset: Charset::Utf8, confidence }),
            Validity::ByChance => {
                let Counts { frequent, characters, adjacent, bad, .. } = self.gb.counts;
                let words = bad == 0 && adjacent > 0 && frequent == characters;
                return Ok(if words { decided(Charset::Gb18030, self.gb.counts, false) } else { Decision::certain(Charset::Utf8) });
            }
        }
        self.detector.feed(&[], true);
        let named = self.detector.guess(None, Utf8Detection::Deny).name();
        let (gb, big5) = (self.gb.counts, self.big5.counts);
        if let Some(other) = other_language(named).filter(|_| !gb.are_few()) {
            return Err(Undecided::Other(other));
        }
        let plain = |counts: &Counts| counts.may_be_chinese(false);
        if !plain(&gb)
            && !plain(&big5)
            && let Some(counts) = traditional_in_gb(&self.sample)
        {
            return Ok(decided(Charset::Gb18030, counts, named == "GBK"));
        }
        let is_gb = gb.beats(&big5).unwrap_or(named != "Big5");
        let (charset, counts, witness): (_, Counts, _) = if is_gb { (Charset::Gb18030, gb, "GBK") } else { (Charset::Big5, big5, "Big5") };
        if !counts.may_be_chinese(named == witness) {
            return Err(Undecided::Unknown);
        }
        Ok(decided(charset, counts, named == witness))
    }
}

fn decided(charset: Charset, counts: Counts, witnessed: bool) -> Decision {
    let confidence = share(counts.frequent, counts.characters);
    Decision { charset, confidence: if witnessed { confidence } else { confidence / 2 } }
}

/// The languages whose encodings have the same shape as GB18030, so that counting rows cannot tell them apart.
fn other_language(named: &str) -> Option<&'static str> {
    match named {
        "EUC-KR" => Some("Korean (EUC-KR)"),
        "EUC-JP" => Some("Japanese (EUC-JP)"),
        "Shift_JIS" => Some("Japanese (Shift_JIS)"),
        _ => None,
    }
}

/// In ten-thousandths, rounded down.
fn share(part: u64, whole: u64) -> u16 {
    u16::try_from(u128::from(part) * 10_000 / u128::from(whole.max(1))).unwrap_or(CERTAIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(bytes: &[u8]) -> Result<Charset, Undecided> {
        decide_bytes(Encoding::Auto, bytes).map(|decision| decision.charset)
    }

    const TEXT: &str = "深入推进长三角一体化发展，加快完善体制机制，推动高质量发展取得新的成效。";
    const TRADITIONAL: &str = "臺灣地區的經濟發展與環境保護問題，應該由專家學者共同研究討論之後再做決定。";

    fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    }

    #[test]
    fn one_text_is_told_in_every_encoding() {
        assert_eq!(chosen(TEXT.as_bytes()), Ok(Charset::Utf8));
        assert_eq!(chosen(b"plain ASCII"), Ok(Charset::Utf8));
        assert_eq!(chosen(&encoding_rs::GB18030.encode(TEXT).0), Ok(Charset::Gb18030));
        assert_eq!(chosen(&encoding_rs::GB18030.encode("改革").0), Ok(Charset::Gb18030));
        assert_eq!(chosen(&encoding_rs::GB18030.encode(TRADITIONAL).0), Ok(Charset::Gb18030));
        assert_eq!(chosen(&encoding_rs::BIG5.encode(TRADITIONAL).0), Ok(Charset::Big5));
        assert_eq!(chosen(&encoding_rs::BIG5.encode("經濟發展").0), Ok(Charset::Big5));
        let nul_on_the_wrong_side = "统一 一切 开展 最 一体化 ABC 100\r\n";
        let csv = "title,text\r\na,一任接着一任干\r\n";
        for text in [
            TEXT,
            TRADITIONAL,
            "Plain 改革 text, mostly ASCII.\n",
            "plain ASCII",
            "改革开放还需进一步向纵深拓展",
            nul_on_the_wrong_side,
            csv,
        ] {
            assert_eq!(chosen(&utf16(text, u16::to_le_bytes)), Ok(Charset::Utf16Le), "{text}");
            assert_eq!(chosen(&utf16(text, u16::to_be_bytes)), Ok(Charset::Utf16Be), "{text}");
        }
    }

    #[test]
    fn big5_that_is_valid_gb18030_is_no_gb18030() {
        let big5 = encoding_rs::BIG5.encode(TRADITIONAL).0;
        assert!(!encoding_rs::GB18030.decode_without_bom_handling(&big5).1, "the trap: it decodes without an error");
        let decision = decide_bytes(Encoding::Auto, &big5).unwrap();
        assert!(decision.charset == Charset::Big5 && decision.confidence > 9_000, "{decision:?}");
    }

    #[test]
    fn what_is_said_is_done() {
        let decision = decide_bytes(Encoding::Gb18030, TEXT.as_bytes()).unwrap();
        assert_eq!(decision, Decision::certain(Charset::Gb18030));
    }

    #[test]
    fn other_languages_are_refused_not_garbled() {
        let korean = encoding_rs::EUC_KR.encode("한국의 경제 발전과 환경 보호에 관한 문제는 전문가들이 함께 연구해야 한다").0;
        let japanese = "日本の経済発展と環境保護に関する問題は、専門家がともに研究しなければならない。";
        for bytes in [korean, encoding_rs::EUC_JP.encode(japanese).0, encoding_rs::SHIFT_JIS.encode(japanese).0] {
            assert!(chosen(&bytes).is_err());
        }
        assert_eq!(chosen(b"caf\xE9 d\xE9j\xE0 vu"), Err(Undecided::Unknown));
    }

    #[test]
    fn a_cut_character_is_damage_not_another_encoding() {
        let decision = decide_bytes(Encoding::Auto, &TEXT.as_bytes()[..TEXT.len() - 1]).unwrap();
        assert_eq!(decision.charset, Charset::Utf8);
        assert!((9_000..10_000).contains(&decision.confidence));
        assert_eq!(chosen(&"改革开放".as_bytes()[..11]), Ok(Charset::Utf8));
    }

    #[test]
    fn characters_on_the_border_of_two_pieces_are_whole() {
        assert_eq!(chosen("国".repeat(100_000).as_bytes()), Ok(Charset::Utf8));
    }

    #[test]
    fn a_few_bytes_that_are_utf8_by_chance_are_chinese() {
        let bytes = encoding_rs::GB18030.encode("通知.txt").0;
        assert!(std::str::from_utf8(&bytes).is_ok(), "the trap");
        let decision = decide_bytes(Encoding::Auto, &bytes).unwrap();
        assert!(decision.charset == Charset::Gb18030 && decision.confidence >= 5_000);
        for text in ["café naïve", "Привет, мир", "α β", "通知"] {
            assert_eq!(chosen(text.as_bytes()), Ok(Charset::Utf8), "{text}");
        }
    }

    #[test]
    fn nul_bytes_alone_make_no_utf16() {
        assert_eq!(chosen("改革\0\0\0\0".as_bytes()), Ok(Charset::Utf8));
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_decided_and_decoded(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
            if let Ok(decision) = decide_bytes(Encoding::Auto, &bytes) {
                let _ = decision.charset.decode(&bytes);
            }
        }
    }
}
