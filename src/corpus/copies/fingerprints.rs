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

/// Chooses the fingerprints of texts, in buffers that are used again.
#[derive(Debug, Default)]
pub(super) struct Winnower {
    beginnings: Vec<u64>,
    hashes: Vec<u32>,
}

impl Winnower {
    /// Appends the fingerprints of a text in their order, without direct repetition, and gives its hash. A text shorter than a window has
    /// one fingerprint, one shorter than a string has none.
    pub fn read(&mut self, text: &[char], fingerprints: &mut Vec<u32>) -> u64 {
        let hash = self.hash(text);
        let hashes = &mut self.hashes;
        // The least of 2, 4, 8 and then 14 neighbours: four passes without a branch are faster than following the least one.
        let mut width = 1;
        for step in [1, 2, 4, WINDOW - 8] {
            if step >= hashes.len() {
                break;
            }
            let windows = hashes.len() - step;
            for at in 0..windows {
                hashes[at] = hashes[at].min(hashes[at + step]);
            }
            hashes.truncate(windows);
            width += step;
        }
        if width < WINDOW {
            fingerprints.extend(hashes.iter().min());
            return hash;
        }
        hashes.dedup();
        fingerprints.extend_from_slice(hashes);
        hash
    }

    /// A hash of every string, from those of the beginnings of the text (Karp & Rabin 1987); and that of the whole text: equal texts
    /// have equal ones, and whether the reverse holds must be looked up in the texts.
    fn hash(&mut self, text: &[char]) -> u64 {
        let mut hash = 0u64;
        self.beginnings.clear();
        self.beginnings.push(hash);
        self.beginnings.extend(text.iter().map(|c| {
            hash = hash.wrapping_mul(BASE).wrapping_add(u64::from(u32::from(*c)));
            hash
        }));
        let power = (0..GRAM).fold(1u64, |power, _| power.wrapping_mul(BASE));
        let ends = self.beginnings.get(GRAM..).unwrap_or_default();
        self.hashes.clear();
        self.hashes.extend(ends.iter().zip(&self.beginnings).map(|(end, start)| mixed(end.wrapping_sub(start.wrapping_mul(power)))));
        hash
    }
}

fn mixed(hash: u64) -> u32 {
    ((hash ^ (hash >> 32)).wrapping_mul(MIX) >> 32) as u32
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn chosen(text: &[char]) -> Vec<u32> {
        let mut fingerprints = Vec::new();
        Winnower::default().read(text, &mut fingerprints);
        fingerprints
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
