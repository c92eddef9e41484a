//! A quick no for sentences that hold no literal: most of them, and looking costs a fifth of matching.
//!
//! The first two or three characters of every literal are bits of one table. A sentence none of whose neighbours are in it
//! holds none of the literals; the reverse is not certain, and then the automaton decides.

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

impl Sieve {
    /// A sieve for these literals in the form in which they are matched. A literal of one character, like a regular
    /// expression, opens it for all sentences.
    pub fn new<'t>(literals: impl Iterator<Item = &'t str>, has_regexes: bool) -> Self {
        let mut sieve = Self { first: vec![0; 1 << 10], table: vec![0; BITS / 64], is_open: has_regexes };
        for literal in literals {
            let mut characters = literal.chars();
            match (characters.next(), characters.next(), characters.next()) {
                (Some(a), Some(b), third) => {
                    set(&mut sieve.first, short(a));
                    set(&mut sieve.table, place(a, b, third));
                }
                _ => sieve.is_open = true,
            }
        }
        sieve
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
        Sieve::new(literals.iter().copied(), false)
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
        assert!(sieve(&["碳"]).may_hold("") && Sieve::new(std::iter::empty(), true).may_hold("甲"));
        assert!(!Sieve::new(std::iter::empty(), false).may_hold("甲"));
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
