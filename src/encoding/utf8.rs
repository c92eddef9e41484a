//! UTF-8, counted piece by piece: good characters, bad sequences, and NUL bytes by their place.

/// What bytes that should be UTF-8 hold.
#[derive(Debug, Default)]
pub(super) struct Utf8Scan {
    /// Good characters of more than one byte.
    pub good: u64,
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

    /// There are no more pieces.
    pub fn end(&mut self) {
        self.bad += u64::from(!self.tail.is_empty());
    }
}

/// Characters of more than one byte: each has one byte of 0xC0 or above.
fn multi_byte(valid: &[u8]) -> u64 {
    valid.iter().filter(|byte| **byte >= 0xC0).count() as u64
}
