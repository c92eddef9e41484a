//! What a text is looked up by: a few hashes of its strings of twelve characters, chosen so that copies choose the same.
//!
//! Winnowing (Schleimer, Wilkerson & Aiken 2003): of every 14 neighbouring strings the one with the least hash is chosen. So two
//! texts that share a stretch of 25 characters share a fingerprint, for certain and not only likely, however long the one and
//! however short the other. Fingerprints only find candidates; no number in a table comes from them.

/// Characters of a hashed string: long enough to be rare in texts that are no copies, as five characters are not.
const GRAM: usize = 12;

/// Strings of which one is chosen. A changed character takes the stretches around it with it; at the least similarities that can be
/// set by default, 0.8 and 0.9, the longest stretch that remains has 25 characters and more.
const WINDOW: usize = 14;

/// Odd, with its bits in no order: the base of the polynomial.
const BASE: u64 = 0x9E37_79B9_7F4A_7C15;
const MIX: u64 = 0xD6E8_FEB8_6659_FD93;

/// Chooses the fingerprints of texts, in a buffer that is used again.
#[derive(Debug, Default)]
pub(super) struct Winnower {
    hashes: Vec<u32>,
}

impl Winnower {
    /// Calls `emit` with the fingerprints of a text in their order, without direct repetition. A text shorter than a window has one,
    /// one shorter than a string has none.
    pub fn choose(&mut self, text: &[char], mut emit: impl FnMut(u32)) {
        self.hash(text);
        let hashes = &self.hashes;
        let least_of = |range: std::ops::Range<usize>| range.rev().min_by_key(|at| hashes[*at]);
        let Some(mut least) = least_of(0..hashes.len().min(WINDOW)) else { return };
        let mut last = hashes[least];
        emit(last);
        for at in WINDOW..hashes.len() {
            // Among equal ones the old one stays as long as it can, so that repetition does not make a fingerprint of every place.
            if hashes[at] < hashes[least] {
                least = at;
            } else if least + WINDOW <= at {
                least = least_of(at + 1 - WINDOW..at + 1).unwrap_or(at);
            }
            if hashes[least] != last {
                last = hashes[least];
                emit(last);
            }
        }
    }

    /// A rolling hash (Karp & Rabin 1987) of every string.
    fn hash(&mut self, text: &[char]) {
        self.hashes.clear();
        let leaving = (0..GRAM).fold(1u64, |power, _| power.wrapping_mul(BASE));
        let mut rolling = 0u64;
        let (first, rest) = text.split_at(text.len().min(GRAM));
        for entering in first {
            rolling = rolling.wrapping_mul(BASE).wrapping_add(u64::from(u32::from(*entering)));
        }
        if first.len() < GRAM {
            return;
        }
        self.hashes.push(mixed(rolling));
        self.hashes.extend(rest.iter().zip(text).map(|(entering, left)| {
            let gone = u64::from(u32::from(*left)).wrapping_mul(leaving);
            rolling = rolling.wrapping_mul(BASE).wrapping_add(u64::from(u32::from(*entering))).wrapping_sub(gone);
            mixed(rolling)
        }));
    }
}

fn mixed(hash: u64) -> u32 {
    ((hash ^ (hash >> 32)).wrapping_mul(MIX) >> 32) as u32
}

/// A hash of a whole text: equal texts have equal ones; whether the reverse holds is looked up in the texts.
pub(super) fn text_hash(text: &[char]) -> u64 {
    text.iter().fold(text.len() as u64, |hash, c| (hash.rotate_left(5) ^ u64::from(u32::from(*c))).wrapping_mul(BASE))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn chosen(text: &[char]) -> Vec<u32> {
        let mut all = Vec::new();
        Winnower::default().choose(text, |hash| all.push(hash));
        all
    }

    #[test]
    fn repetition_has_few_fingerprints_and_short_texts_have_one_or_none() {
        assert_eq!(chosen(&['哈'; 100_000]).len(), 1);
        assert_eq!(chosen(&['哈'; 12]).len(), 1);
        assert_eq!(chosen(&['哈'; 11]).len(), 0);
        assert!(chosen(&['哈', '嘿'].repeat(50_000)).len() <= 50_000 / 7 + 1);
    }

    proptest! {
        #[test]
        fn texts_that_share_25_characters_share_a_fingerprint(a in "[一-三]{0,40}", shared in "[一-三]{25}", b in "[一-三]{0,40}", c in "[一-三]{0,40}") {
            let text = |before: &str, after: &str| format!("{before}{shared}{after}").chars().collect::<Vec<char>>();
            let (x, y) = (chosen(&text(&a, &b)), chosen(&text(&c, &a)));
            prop_assert!(x.iter().any(|hash| y.contains(hash)));
        }

        #[test]
        fn a_hash_is_that_of_its_string_wherever_it_stands(text in "[一-九]{12,60}") {
            let text: Vec<char> = text.chars().collect();
            let mut whole = Winnower::default();
            whole.hash(&text);
            prop_assert_eq!(whole.hashes.len(), text.len() - GRAM + 1);
            for (at, string) in text.windows(GRAM).enumerate() {
                let mut alone = Winnower::default();
                alone.hash(string);
                prop_assert_eq!(&alone.hashes, &[whole.hashes[at]]);
            }
        }
    }
}
