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
        self.bad += u64::from(!self.tail.is_empty());
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

    /// Whether a few good characters may be valid by chance: the two bytes of some Han characters in GB18030 (通知) are a
    /// character of UTF-8 too, though one that no Chinese text holds.
    pub fn may_be_chance(&self) -> bool {
        self.bad == 0 && self.good < super::decide::FEW_CHARACTERS && self.long == 0 && self.western < self.good
    }
}
