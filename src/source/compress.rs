//! Bytes of a file, unpacked if it is compressed, and never more than its limits.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::formats;
use super::list::SourceFile;
use super::options::SourceOptions;
use super::quarantine::{Code, Failure, Stage};
use super::start::Started;

/// Unpacking to this size is always allowed, however small the packed file.
const ALWAYS_ALLOWED: u64 = 64 << 20;

/// Largest window of a zstd frame: 2²⁷ bytes, what the zstd program itself takes without being asked.
const ZSTD_WINDOW_LOG: u32 = 27;

/// An open file: its bytes, unpacked.
pub(super) struct Opened {
    /// Its bytes; the first are known already.
    pub reader: Started,
    /// How many bytes of the file itself, packed as it is, were read so far.
    pub consumed: Arc<AtomicU64>,
}

/// Opens a file; unpacks it if its bytes say that it is compressed, and refuses it if they say that it is no text.
pub(super) fn open(file: &SourceFile, options: &SourceOptions) -> Result<Opened, Failure> {
    let opened = open_any(file, options)?;
    match formats::magic_of(opened.reader.start()) {
        Some(magic) => Err(magic.refused()),
        None => Ok(opened),
    }
}

/// Opens a file whatever it holds.
pub(super) fn open_any(file: &SourceFile, options: &SourceOptions) -> Result<Opened, Failure> {
    let consumed = Arc::new(AtomicU64::new(0));
    let counted = Counted { inner: File::open(&file.path)?, consumed: consumed.clone() };
    let mut raw = BufReader::with_capacity(1 << 16, counted);
    let start: Vec<u8> = raw.fill_buf()?.iter().take(4).copied().collect();
    let limit = ALWAYS_ALLOWED.max(file.bytes.saturating_mul(options.max_expansion.max(1)));
    let reader: Box<dyn Read + Send> = match start.as_slice() {
        [0x1F, 0x8B, ..] => Box::new(Limited { inner: flate2::bufread::MultiGzDecoder::new(raw), left: limit }),
        [0x28, 0xB5, 0x2F, 0xFD] => {
            let mut decoder = zstd::stream::read::Decoder::with_buffer(raw)?;
            decoder.window_log_max(ZSTD_WINDOW_LOG)?;
            Box::new(Limited { inner: decoder, left: limit })
        }
        _ => Box::new(raw),
    };
    Ok(Opened { reader: Started::new(reader), consumed })
}

/// Reads a whole file, unpacked, of at most `max_document_bytes`.
pub(super) fn read_whole(file: &SourceFile, options: &SourceOptions) -> Result<Vec<u8>, Failure> {
    let limit = options.max_document_bytes;
    let mut reader = open(file, options)?.reader;
    let mut bytes = Vec::new();
    reader.by_ref().take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(failure)?;
    if bytes.len() as u64 > limit {
        return Err(too_large("document", limit));
    }
    Ok(bytes)
}

/// A document or record above the limit.
pub(super) fn too_large(what: &str, limit: u64) -> Failure {
    let message = format!("expected a {what} of at most {limit} bytes, found a larger one; split it, or raise input.max_document_bytes");
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

/// Counts the bytes read through it.
struct Counted<R> {
    inner: R,
    consumed: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.consumed.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}
