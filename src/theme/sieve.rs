//! A quick no for sentences that hold no literal: most of them, and looking costs a fifth of matching.
//!
//! The first two or three characters of every literal are bits of one table. A sentence none of whose neighbours are in it
//! holds none of the literals; the reverse is not certain, and then the automaton decides.

use regex_syntax::hir::literal::{ExtractKind, Extractor};

use super::match_text::{Seen, see};

/// Bits of the table: with some thousand literals one sentence in ten is matched for nothing.
const BITS: usize = 1 << 20;

/// The beginnings of all literals that make hits or are asked for by gates.
pub(super) struct Sieve {
    /// One bit for each character that begins a literal; those beyond U+FFFF share the bit of their remainder.
    first: Vec<u64>,
    table: Vec<u64>,
    /// Whether every sentence must pass, since what is looked for has no beginning of its own.
    is_open: bool,
}

/// A sieve that lets nothing pass.
impl Default for Sieve {
    fn default() -> Self {
        Self { first: vec![0; 1 << 10], table: vec![0; BITS / 64], is_open: false }
    }
}

impl Sieve {
    /// Lets sentences pass that hold this literal, given as it is matched; one of a single character opens the sieve.
    pub fn add_literal(&mut self, literal: &str) {
        let mut characters = literal.chars();
        match (characters.next(), characters.next(), characters.next()) {
            (Some(a), Some(b), third) => {
                set(&mut self.first, short(a));
                set(&mut self.table, place(a, b, third));
            }
            _ => self.is_open = true,
        }
    }

    /// Lets sentences pass that hold a match of this regular expression: by the literals with which every match begins, or
    /// those with which it ends. One that has neither opens the sieve.
    pub fn add_regex(&mut self, regex: &str) {
        let literals = |kind: ExtractKind| {
            let hir = regex_syntax::parse(regex).ok()?;
            let found = Extractor::new().kind(kind).extract(&hir);
            let texts: Option<Vec<String>> = found.literals()?.iter().map(|l| String::from_utf8(l.as_bytes().to_vec()).ok()).collect();
            texts.filter(|texts| texts.iter().all(|text| text.chars().count() > 1))
        };
        match literals(ExtractKind::Prefix).or_else(|| literals(ExtractKind::Suffix)) {
            Some(texts) => texts.iter().for_each(|text| self.add_literal(text)),
            None => self.is_open = true,
        }
    }

    /// Whether a sentence as written may hold a literal.
    pub fn may_hold(&self, written: &str) -> bool {
        if self.is_open {
            return true;
        }
        let (mut before, mut last) = ('\0', '\0');
        for c in written.chars() {
            let c = match see(c) {
                Seen::Character(c) => c,
                Seen::Nothing => continue,
                Seen::Rare => return true,
            };
            if get(&self.first, short(last)) && get(&self.table, place(last, c, None))
                || get(&self.first, short(before)) && get(&self.table, place(before, last, Some(c)))
            {
                return true;
            }
            (before, last) = (last, c);
        }
        false
    }
}

fn short(c: char) -> usize {
    c as usize & 0xFFFF
}

/// The bit of a literal that begins so. Two of three characters are none of two, whatever the third.
fn place(a: char, b: char, third: Option<char>) -> usize {
    const MULTIPLIER: u64 = 0x9E37_79B9_7F4A_7C15;
    let key = u64::from(a) << 42 | u64::from(b) << 21 | third.map_or(0, u64::from);
    (key.wrapping_mul(MULTIPLIER) >> (64 - BITS.trailing_zeros())) as usize
}

fn get(bits: &[u64], at: usize) -> bool {
    bits[at / 64] >> (at % 64) & 1 == 1
}

fn set(bits: &mut [u64], at: usize) {
    bits[at / 64] |= 1 << (at % 64);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::match_text::literal;
    use super::*;

    fn sieve(literals: &[&str]) -> Sieve {
        let mut sieve = Sieve::default();
        literals.iter().for_each(|literal| sieve.add_literal(literal));
        sieve
    }

    #[test]
    fn what_is_written_otherwise_passes_too() {
        let sieve = sieve(&["科技创新", "ai", "5g网络", "改革"]);
        for text in ["推进科技创新。", "科“技”创 新", "ＡＩ", "用AI", "5Ｇ网络", "改\u{200B}革"] {
            assert!(sieve.may_hold(text), "{text}");
        }
        for text in ["", "推进科学发展。", "改变与革命", "科技"] {
            assert!(!sieve.may_hold(text), "{text}");
        }
    }

    #[test]
    fn what_has_no_beginning_lets_everything_pass() {
        assert!(sieve(&["碳"]).may_hold(""));
        assert!(!Sieve::default().may_hold("甲"));
    }

    #[test]
    fn a_regex_passes_by_how_its_matches_begin_or_end() {
        let may_hold = |regex: &str, text: &str| {
            let mut sieve = Sieve::default();
            sieve.add_regex(regex);
            sieve.may_hold(text)
        };
        for regex in [r"(?:省|市)委书记", r"\d+年来,?取得", r"实施\d+年"] {
            assert!(["省委书记", "市委书记", "5年来，取得", "5年来取得", "实施3年"].iter().any(|text| may_hold(regex, text)), "{regex}");
            assert!(!may_hold(regex, "推进改革开放。"), "{regex}");
        }
        assert!(may_hold(r"\d+年", "推进改革开放。"), "a single character says too little");
    }

    proptest! {
        #[test]
        fn no_literal_is_ever_missed(word in "[甲乙丙aＢ，;㎡⼈𠮷]{2,4}", before in "[甲乙丙aB，“ ]{0,5}", after in "[甲乙丙a。]{0,5}") {
            let normal = literal(&word);
            prop_assume!(!normal.is_empty());
            let may_hold = sieve(&[&normal]).may_hold(&format!("{before}{word}{after}"));
            prop_assert!(may_hold);
        }
    }
}
