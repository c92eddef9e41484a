//! The first bytes of a stream: looked at, then read like all others.

use std::io::{self, Read};

/// How many bytes are looked at: enough for any mark of a kind of file and for the header line of a table.
const START_BYTES: u64 = 1 << 16;

/// A stream whose first bytes are known.
pub(super) struct Started {
    start: Vec<u8>,
    given: usize,
    /// What stopped the reading of the first bytes; told after they were given.
    error: Option<io::Error>,
    rest: Box<dyn Read + Send>,
}

impl Started {
    /// Reads the first bytes, however small the pieces in which they come.
    pub fn new(mut rest: Box<dyn Read + Send>) -> Self {
        let mut start = Vec::new();
        let error = rest.by_ref().take(START_BYTES).read_to_end(&mut start).err();
        Self { start, given: 0, error, rest }
    }

    /// The first 64 KiB, or all if there are fewer.
    pub fn start(&self) -> &[u8] {
        &self.start
    }
}

impl Read for Started {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.start.get(self.given..).unwrap_or_default();
        if !left.is_empty() {
            let length = left.len().min(buffer.len());
            buffer[..length].copy_from_slice(&left[..length]);
            self.given += length;
            return Ok(length);
        }
        match self.error.take() {
            Some(error) => Err(error),
            None => self.rest.read(buffer),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Breaks(Vec<u8>);

    impl Read for Breaks {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            if self.0.is_empty() {
                return Err(io::Error::other("cut"));
            }
            buffer[0] = self.0.remove(0);
            Ok(1)
        }
    }

    #[test]
    fn what_was_looked_at_is_read_too_and_then_the_error() {
        let mut started = Started::new(Box::new(Breaks(b"abc".to_vec())));
        assert_eq!(started.start(), b"abc");
        let mut read = Vec::new();
        assert_eq!(started.read_to_end(&mut read).unwrap_err().to_string(), "cut");
        assert_eq!(read, b"abc");
    }
}
