//! Bytes of a file, unpacked if it is compressed, and never more than its limits.

use std::fs::File;
use std::io::{self, BufReader, Read};

use super::formats;
use super::list::SourceFile;
use super::options::SourceOptions;
use super::quarantine::{Code, Failure, Stage};

/// Unpacking to this size is always allowed, however small the packed file.
const ALWAYS_ALLOWED: u64 = 64 << 20;

/// Largest window of a zstd frame: 2²⁷ bytes, what the zstd program itself takes without being asked.
const ZSTD_WINDOW_LOG: u32 = 27;

/// Opens a file; unpacks it if its bytes say that it is compressed.
pub(super) fn open(file: &SourceFile, options: &SourceOptions) -> Result<Box<dyn Read + Send>, Failure> {
    let mut raw = BufReader::with_capacity(1 << 16, File::open(&file.path)?);
    let start = peek(&mut raw)?;
    let limit = ALWAYS_ALLOWED.max(file.bytes.saturating_mul(options.max_expansion.max(1)));
    match start.as_slice() {
        [0x1F, 0x8B, ..] => Ok(Box::new(Limited { inner: flate2::bufread::MultiGzDecoder::new(raw), left: limit })),
        [0x28, 0xB5, 0x2F, 0xFD, ..] => {
            let mut decoder = zstd::stream::read::Decoder::with_buffer(raw)?;
            decoder.window_log_max(ZSTD_WINDOW_LOG)?;
            Ok(Box::new(Limited { inner: decoder, left: limit }))
        }
        _ => match formats::refused_by_magic(&start) {
            Some(failure) => Err(failure),
            None => Ok(Box::new(raw)),
        },
    }
}

fn peek(raw: &mut BufReader<File>) -> io::Result<Vec<u8>> {
    use std::io::BufRead;
    Ok(raw.fill_buf()?.iter().take(8).copied().collect())
}

/// Reads a whole file, unpacked, of at most `limit` bytes.
pub(super) fn read_whole(file: &SourceFile, options: &SourceOptions) -> Result<Vec<u8>, Failure> {
    let limit = options.max_document_bytes;
    let mut reader = open(file, options)?;
    let mut bytes = Vec::new();
    reader.by_ref().take(limit + 1).read_to_end(&mut bytes).map_err(failure)?;
    if bytes.len() as u64 > limit {
        return Err(too_large("document", limit));
    }
    match formats::refused_by_magic(&bytes) {
        Some(failure) => Err(failure),
        None => Ok(bytes),
    }
}

/// A document or record above the limit.
pub(super) fn too_large(what: &str, limit: u64) -> Failure {
    let message =
        format!("expected a {what} of at most {limit} bytes, found a larger one; split it, or raise input.max_document_bytes");
    Failure::new(Stage::Read, Code::TooLarge, message)
}

/// What a read error means.
pub(super) fn failure(error: io::Error) -> Failure {
    match error.get_ref().and_then(|inner| inner.downcast_ref::<Bomb>()) {
        Some(bomb) => Failure::new(Stage::Read, Code::TooLarge, bomb.to_string()),
        None => Failure::new(Stage::Read, Code::Read, format!("cannot be read: {error}; the file may be cut or damaged")),
    }
}

#[derive(Debug, thiserror::Error)]
#[error("expected a compressed file that unpacks to input.max_expansion times its size at most, found one that grows on")]
struct Bomb;

/// Stops a decoder that gives more than it may.
struct Limited<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.left = self.left.checked_sub(read as u64).ok_or_else(|| io::Error::other(Bomb))?;
        Ok(read)
    }
}
