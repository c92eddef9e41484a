//! A text seen from afar: enough to rule out in a microsecond that two texts resemble each other, with certainty.

use super::text::SHINGLE;

/// Hashes of the shingles of a text, as a list and as a bit map.
#[derive(Debug)]
pub(super) struct Outline {
    hashes: Vec<u32>,
    bits: Vec<u64>,
    /// Bits that are set: at most as many as there are different shingles.
    distinct: u64,
}

/// Bits for each shingle: one in eight strangers meets a bit that is set.
const BITS_PER_SHINGLE: usize = 8;

impl Outline {
    pub fn of(text: &[char]) -> Self {
        let hashes: Vec<u32> = text.windows(SHINGLE).map(hash).collect();
        let mut outline = Self { bits: vec![0; (hashes.len() * BITS_PER_SHINGLE / 64).next_power_of_two()], hashes, distinct: 0 };
        for hash in &outline.hashes {
            let (word, bit) = ((*hash as usize / 64) & (outline.bits.len() - 1), 1 << (hash % 64));
            outline.distinct += u64::from(outline.bits[word] & bit == 0);
            outline.bits[word] |= bit;
        }
        outline
    }

    /// A number that the set of shingles is not below.
    pub fn size_at_least(&self) -> u64 {
        self.distinct
    }

    /// A number that the shingles of both are not above: equal ones have equal hashes.
    pub fn shared_at_most(&self, other: &Self) -> u64 {
        let mask = other.bits.len() - 1;
        self.hashes.iter().map(|hash| (other.bits[(*hash as usize / 64) & mask] >> (hash % 64)) & 1).sum()
    }
}

fn hash(shingle: &[char]) -> u32 {
    let number = |at: usize| u64::from(u32::from(shingle[at]));
    let (three, two) = (number(0) | (number(1) << 21) | (number(2) << 42), number(3) | (number(4) << 21));
    ((three.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ two).wrapping_mul(0xD6E8_FEB8_6659_FD93) >> 32) as u32
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::text::shingle_set;
    use super::*;
    use crate::stats::Overlap;

    proptest! {
        #[test]
        fn bounds_hold(a in "[一-丅]{0,60}", b in "[一-丅]{0,60}") {
            let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
            let (x, y) = (Outline::of(&a), Outline::of(&b));
            let overlap = Overlap::of_sorted(&shingle_set(&a), &shingle_set(&b));
            prop_assert!(x.size_at_least() <= overlap.a && y.size_at_least() <= overlap.b);
            prop_assert!(x.shared_at_most(&y) >= overlap.shared);
        }
    }
}
