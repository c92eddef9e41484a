//! A stream in any encoding as UTF-8, so that lines and brackets can be found byte by byte.

use std::io::{self, Read};

use encoding_rs::{Decoder, Encoding};

use super::Charset;

/// Bytes taken from the stream at once; a multiple of four.
const PIECE_BYTES: u64 = 1 << 16;

/// A stream whose bytes become UTF-8. A byte-order mark at its start is left out.
pub struct Transcoded<R> {
    inner: R,
    charset: Charset,
    /// What was decoded and not yet given.
    ready: Vec<u8>,
    given: usize,
    /// Bytes that are no whole character yet.
    rest: Vec<u8>,
    /// For encodings whose characters only a decoder can tell apart.
    decoder: Option<Decoder>,
    ended: bool,
}

impl<R: Read> Transcoded<R> {
    /// Reads `inner`, which is in `charset`.
    pub fn new(inner: R, charset: Charset) -> Self {
        let encoding = match charset {
            Charset::Gb18030 => Some(encoding_rs::GB18030),
            Charset::Big5 => Some(encoding_rs::BIG5),
            _ => None,
        };
        let decoder = encoding.map(Encoding::new_decoder_without_bom_handling);
        Self { inner, charset, ready: Vec::new(), given: 0, rest: Vec::new(), decoder, ended: false }
    }

    fn fill(&mut self) -> io::Result<()> {
        let before = self.rest.len();
        self.inner.by_ref().take(PIECE_BYTES - before as u64).read_to_end(&mut self.rest)?;
        self.ended = self.rest.len() == before;
        self.given = 0;
        if let Some(decoder) = &mut self.decoder {
            let room = decoder.max_utf8_buffer_length(self.rest.len()).unwrap_or(0);
            let mut text = String::with_capacity(room);
            // There is room for all, so all is read.
            let _ = decoder.decode_to_string(&self.rest, &mut text, self.ended);
            self.ready = text.into_bytes();
            self.rest.clear();
            return Ok(());
        }
        let whole = if self.ended { self.rest.len() } else { whole_units(&self.rest, self.charset) };
        self.ready = self.charset.decode(&self.rest[..whole]).into_owned().into_bytes();
        self.rest.drain(..whole);
        Ok(())
    }
}

impl<R: Read> Read for Transcoded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.given == self.ready.len() && !self.ended {
            self.fill()?;
        }
        let left = &self.ready[self.given..];
        let length = left.len().min(buffer.len());
        buffer[..length].copy_from_slice(&left[..length]);
        self.given += length;
        Ok(length)
    }
}

/// How many of the bytes are whole characters: a surrogate waits for its other half.
fn whole_units(bytes: &[u8], charset: Charset) -> usize {
    let size = if matches!(charset, Charset::Utf32Le | Charset::Utf32Be) { 4 } else { 2 };
    let whole = bytes.len() - bytes.len() % size;
    let high = match charset {
        Charset::Utf16Le => bytes.get(whole.wrapping_sub(1)),
        Charset::Utf16Be => bytes.get(whole.wrapping_sub(2)),
        _ => None,
    };
    if high.is_some_and(|high| (0xD8..=0xDB).contains(high)) { whole - 2 } else { whole }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_becomes_utf8_wherever_its_pieces_end() {
        let text = "国𠮷a，".repeat(20_000);
        for mark in ["", "\u{FEFF}"] {
            let marked = format!("{mark}{text}");
            let little: Vec<u8> = marked.encode_utf16().flat_map(u16::to_le_bytes).collect();
            let wide: Vec<u8> = marked.chars().flat_map(|c| (c as u32).to_be_bytes()).collect();
            let gb = encoding_rs::GB18030.encode(&text).0.into_owned();
            for (bytes, charset) in [(little, Charset::Utf16Le), (wide, Charset::Utf32Be), (gb, Charset::Gb18030)] {
                let mut read = String::new();
                Transcoded::new(bytes.as_slice(), charset).read_to_string(&mut read).unwrap();
                assert!(read == text, "{charset:?}");
            }
        }
        let mut read = String::new();
        Transcoded::new(&b"a\0b"[..], Charset::Utf16Le).read_to_string(&mut read).unwrap();
        assert_eq!(read, "a\u{FFFD}");
    }
}
