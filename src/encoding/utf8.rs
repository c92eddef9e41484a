//! UTF-8, counted piece by piece: good characters, bad sequences, and NUL bytes by their place.

/// What bytes that should be UTF-8 hold.
#[derive(Debug, Default)]
pub(super) struct Utf8Scan {
    /// Good characters of more than one byte.
    pub good: u64,
    /// Good characters of more than two bytes, among them all Han characters.
    pub long: u64,
    /// Good characters of the first two rows of two bytes: the accented letters of western Europe.
    pub western: u64,
    /// Sequences that are no character.
    pub bad: u64,
    /// All bytes.
    pub bytes: u64,
    /// NUL bytes on even places, counted from 0, and on odd ones.
    pub nul: [u64; 2],
    /// Whether the last character is not whole, as in a copy that broke off.
    pub cut: bool,
    /// An unfinished character at the end of the last piece.
    tail: Vec<u8>,
}

impl Utf8Scan {
    /// Takes the next piece in.
    pub fn feed(&mut self, bytes: &[u8]) {
        for at in memchr::memchr_iter(0, bytes) {
            self.nul[(self.bytes as usize).wrapping_add(at) & 1] += 1;
        }
        self.bytes += bytes.len() as u64;
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
                    self.count(rest);
                    return;
                }
                Err(error) => {
                    let (valid, broken) = rest.split_at(error.valid_up_to());
                    self.count(valid);
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

    /// There are no more pieces.
    pub fn end(&mut self) {
        self.cut = !self.tail.is_empty();
        self.bad += u64::from(self.cut);
    }

    fn count(&mut self, valid: &[u8]) {
        // Every character of more than one byte begins with a byte of its own kind.
        let count = |is: fn(u8) -> bool| valid.iter().filter(|byte| is(**byte)).count() as u64;
        self.good += count(|byte| byte >= 0xC0);
        if self.good < super::decide::FEW_CHARACTERS {
            self.long += count(|byte| byte >= 0xE0);
            self.western += count(|byte| matches!(byte, 0xC2 | 0xC3));
        }
    }

    /// Whether these bytes are UTF-8.
    pub fn validity(&self) -> Validity {
        // A few good characters may be valid by chance: the two bytes of some Han characters in GB18030 (通知) are a character
        // of UTF-8 too, though one that no Chinese text holds.
        if self.bad == 0 && self.good < super::decide::FEW_CHARACTERS && self.long == 0 && self.western < self.good {
            return Validity::ByChance;
        }
        // A copy may be cut inside its last character, or joined to others.
        let inside = self.bad - u64::from(self.cut);
        if self.bad == 0 || (self.good >= 3 && self.good >= 10 * inside) {
            let share = u128::from(self.good) * 10_000 / u128::from((self.good + self.bad).max(1));
            return Validity::Yes(if self.bad == 0 { 10_000 } else { u16::try_from(share).unwrap_or(10_000) });
        }
        Validity::No
    }

    /// Whether there are so many NUL bytes that this may be UTF-16, in which ASCII has one in two.
    pub fn may_be_wide(&self) -> bool {
        let nul = self.nul[0] + self.nul[1];
        nul >= 2 && nul * 20 > self.bytes && self.bytes.is_multiple_of(2)
    }
}

/// Whether bytes are UTF-8.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Validity {
    No,
    /// They are, with so much confidence in ten-thousandths: damage lowers it.
    Yes(u16),
    /// They are, but may be so by chance.
    ByChance,
}
