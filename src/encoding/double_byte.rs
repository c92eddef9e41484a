//! GB18030 and Big5, told apart by how many of their characters are frequent ones.
//!
//! Both standards put the frequent characters into rows of their own. Chinese text is written with those nearly everywhere;
//! the same bytes read in the other encoding scatter over all rows. Measured on 9,809 files: the right encoding has a share of
//! at least 0.934, the wrong one of at most 0.703.

use super::decide::FEW_CHARACTERS;

/// Counts of two-byte characters of one encoding.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Counts {
    /// Those in the rows of frequent characters.
    pub frequent: u64,
    /// All that are no symbols.
    pub characters: u64,
    /// Those that stand right after another one, as the characters of a word do.
    pub adjacent: u64,
    /// Japanese syllables, which stand in a row of symbols of GB18030.
    pub kana: u64,
    /// Sequences that are no character.
    pub bad: u64,
}

/// The share of frequent characters below which bytes are not Chinese in this encoding.
const LEAST_SHARE: (u64, u64) = (80, 100);

impl Counts {
    /// Whether there are so few characters that their shares and a detector are easily wrong.
    pub fn are_few(&self) -> bool {
        self.characters < FEW_CHARACTERS
    }

    /// Whether these may be counts of Chinese text. Of few characters none may be broken, and half must be frequent, or
    /// `witnessed` by a detector.
    pub fn may_be_chinese(&self, witnessed: bool) -> bool {
        if self.kana * 5 > self.characters {
            return false;
        }
        if self.are_few() {
            return self.bad == 0 && self.characters > 0 && (witnessed || self.frequent * 2 >= self.characters);
        }
        self.frequent * LEAST_SHARE.1 >= self.characters * LEAST_SHARE.0
    }

    /// Whether the share of frequent characters is larger than that of `other`; by exact comparison.
    pub fn beats(&self, other: &Self) -> Option<bool> {
        let of = |a: &Self, b: &Self| u128::from(a.frequent) * u128::from(b.characters.max(1));
        let (own, others) = (of(self, other), of(other, self));
        (own != others).then_some(own > others)
    }
}

/// Counts the characters of GB18030.
#[derive(Debug, Default)]
pub(super) struct GbScan {
    pub counts: Counts,
    lead: Option<u8>,
    /// Bytes of a four-byte character still to come.
    skip: u8,
    /// Whether the last byte ended a character that is no symbol.
    after_character: bool,
}

impl GbScan {
    pub fn feed(&mut self, byte: u8) {
        if self.skip > 0 {
            self.skip -= 1;
            return;
        }
        match (self.lead.take(), byte) {
            (None, 0x81..=0xFE) => self.lead = Some(byte),
            (None, 0x80 | 0xFF) => self.counts.bad += 1,
            (None, _) => self.after_character = false,
            (Some(_), 0x30..=0x39) => self.skip = 2,
            (Some(lead), 0x40..=0x7E | 0x80..=0xFE) => self.pair(lead, byte),
            (Some(_), _) => self.counts.bad += 1,
        }
    }

    /// The rows of symbols (lead A1–A9, trail from A1) say nothing, but for Japanese syllables (A4, A5).
    fn pair(&mut self, lead: u8, trail: u8) {
        let symbol = (0xA1..=0xA9).contains(&lead) && trail >= 0xA1;
        self.counts.kana += u64::from(symbol && matches!(lead, 0xA4 | 0xA5));
        self.counts.characters += u64::from(!symbol);
        self.counts.adjacent += u64::from(!symbol && self.after_character);
        self.after_character = !symbol;
        self.counts.frequent += u64::from((0xB0..=0xD7).contains(&lead) && trail >= 0xA1);
    }
}

/// Counts the characters of Big5.
#[derive(Debug, Default)]
pub(super) struct Big5Scan {
    pub counts: Counts,
    lead: Option<u8>,
}

impl Big5Scan {
    pub fn feed(&mut self, byte: u8) {
        match (self.lead.take(), byte) {
            (None, 0x81..=0xFE) => self.lead = Some(byte),
            (None, 0x80 | 0xFF) => self.counts.bad += 1,
            (None, _) => {}
            (Some(lead), 0x40..=0x7E | 0xA1..=0xFE) => self.pair(lead),
            (Some(_), _) => self.counts.bad += 1,
        }
    }

    /// The rows of symbols (lead A1–A3) say nothing.
    fn pair(&mut self, lead: u8) {
        self.counts.characters += u64::from(!(0xA1..=0xA3).contains(&lead));
        self.counts.frequent += u64::from((0xA4..=0xC6).contains(&lead));
    }
}

/// Characters that are looked at one by one.
const MOST_SAMPLED: usize = 2_000;
/// The share of known characters that makes traditional text in GB18030.
const LEAST_KNOWN: (u64, u64) = (90, 100);

/// Traditional text in GB18030: most of its characters stand outside the rows that are frequent there, but inside those of
/// Big5. Gives the counts of characters that are frequent in either, if there are enough of them.
pub(super) fn traditional_in_gb(sample: &[u8]) -> Option<Counts> {
    let text = encoding_rs::GB18030.decode_without_bom_handling(sample).0;
    let mut counts = Counts::default();
    for c in text.chars().filter(|c| ('\u{4E00}'..='\u{9FFF}').contains(c)).take(MOST_SAMPLED) {
        let mut buffer = [0; 4];
        let frequent = |encoding: &'static encoding_rs::Encoding, rows: std::ops::RangeInclusive<u8>, buffer: &mut [u8; 4]| {
            encoding.encode(c.encode_utf8(buffer)).0.first().is_some_and(|lead| rows.contains(lead))
        };
        counts.characters += 1;
        counts.frequent +=
            u64::from(frequent(encoding_rs::BIG5, 0xA4..=0xC6, &mut buffer) || frequent(encoding_rs::GBK, 0xB0..=0xD7, &mut buffer));
    }
    let known = counts.frequent * LEAST_KNOWN.1 >= counts.characters * LEAST_KNOWN.0;
    (known && counts.characters > 0 && !text.contains('\u{FFFD}')).then_some(counts)
}
