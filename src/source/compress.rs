//! Bytes of an input, unpacked if they are compressed, and never more than the limits allow.

use std::io::{self, BufRead, BufReader, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::input::Input;
use super::options::SourceOptions;
use super::quarantine::{Code, Failure, Stage};
use super::start::Started;

/// Unpacking to this size is always allowed, however small the packed file.
const ALWAYS_ALLOWED: u64 = 64 << 20;
/// The same for an input that lies in an archive.
const ALWAYS_ALLOWED_INSIDE: u64 = 64 << 10;

/// Largest window of a zstd frame: 2²⁷ bytes, what the zstd program itself takes without being asked.
const ZSTD_WINDOW_LOG: u32 = 27;

/// An open input: its bytes, unpacked.
pub(super) struct Opened {
    /// Its bytes; the first are known already.
    pub reader: Started,
    /// How many bytes of the input itself, packed as it is, were read so far.
    pub consumed: Arc<AtomicU64>,
    /// Whether it was packed.
    pub compressed: bool,
}

/// Opens an input; unpacks it if its bytes say that it is compressed.
pub(super) fn open(input: &Input, options: &SourceOptions) -> Result<Opened, Failure> {
    let consumed = Arc::new(AtomicU64::new(0));
    let counted = Counted { inner: input.content.open()?, consumed: consumed.clone() };
    let mut raw = BufReader::with_capacity(1 << 16, counted);
    let start: Vec<u8> = raw.fill_buf().map_err(failure)?.iter().take(4).copied().collect();
    let limit = unpacked_limit(input, options);
    let (reader, compressed): (Box<dyn Read + Send>, _) = match start.as_slice() {
        [0x1F, 0x8B, ..] => (Box::new(Limited { inner: GzipMembers::new(raw), left: limit }), true),
        [0x28, 0xB5, 0x2F, 0xFD] => {
            let mut decoder = zstd::stream::read::Decoder::with_buffer(raw)?;
            decoder.window_log_max(ZSTD_WINDOW_LOG)?;
            (Box::new(Limited { inner: decoder, left: limit }), true)
        }
        _ => (Box::new(raw), false),
    };
    Ok(Opened { reader: Started::new(reader), consumed, compressed })
}

/// The members of a gzip file, one after the other. Zeros behind one of them are padding, as of tapes and block devices.
struct GzipMembers<R>(Option<flate2::bufread::GzDecoder<R>>);

impl<R: BufRead> GzipMembers<R> {
    fn new(packed: R) -> Self {
        Self(Some(flate2::bufread::GzDecoder::new(packed)))
    }
}

impl<R: BufRead> Read for GzipMembers<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while let Some(member) = &mut self.0 {
            let read = member.read(into)?;
            if read > 0 || into.is_empty() {
                return Ok(read);
            }
            let Some(mut rest) = self.0.take().map(flate2::bufread::GzDecoder::into_inner) else { break };
            if !skip_zeros(&mut rest)? {
                self.0 = Some(flate2::bufread::GzDecoder::new(rest));
            }
        }
        Ok(0)
    }
}

/// Reads past zeros; says whether nothing is left behind them.
fn skip_zeros(reader: &mut impl BufRead) -> io::Result<bool> {
    loop {
        let held = reader.fill_buf()?;
        if held.is_empty() {
            return Ok(true);
        }
        let zeros = held.iter().take_while(|byte| **byte == 0).count();
        if zeros == 0 {
            return Ok(false);
        }
        reader.consume(zeros);
    }
}

/// What an input may unpack to. In an archive, where there may be a hundred thousand of them, little is allowed whatever the size.
pub(super) fn unpacked_limit(input: &Input, options: &SourceOptions) -> u64 {
    let allowed = if input.nesting == 0 { ALWAYS_ALLOWED } else { ALWAYS_ALLOWED_INSIDE };
    allowed.max(input.packed.saturating_mul(options.max_expansion.max(1)))
}

/// Reads all that is left, of at most `limit` bytes.
pub(super) fn read_all(reader: &mut Started, limit: Limit) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    reader.by_ref().take(limit.bytes.saturating_add(1)).read_to_end(&mut bytes).map_err(failure)?;
    if bytes.len() as u64 > limit.bytes {
        return Err(too_large(limit));
    }
    Ok(bytes)
}

/// A limit of size, with what it holds for and the setting that raises it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limit {
    pub what: &'static str,
    pub bytes: u64,
    pub setting: &'static str,
}

impl Limit {
    /// The limit of a text or record.
    pub fn document(what: &'static str, options: &SourceOptions) -> Self {
        Self { what, bytes: options.max_document_bytes, setting: "input.max_document_bytes" }
    }

    /// The limit of a file that must be held whole.
    pub fn file(options: &SourceOptions) -> Self {
        Self { what: "file of this kind", bytes: options.max_file_bytes, setting: "input.max_file_bytes" }
    }
}

/// Something above a limit.
pub(super) fn too_large(limit: Limit) -> Failure {
    let Limit { what, bytes, setting } = limit;
    let message = format!("expected a {what} of at most {bytes} bytes, found a larger one; split it, or raise {setting}");
    Failure::new(Stage::Read, Code::TooLarge, message)
}

/// What a read error means.
pub(super) fn failure(error: io::Error) -> Failure {
    match error.get_ref().and_then(|inner| inner.downcast_ref::<Bomb>()) {
        Some(bomb) => Failure::new(Stage::Read, Code::TooLarge, bomb.to_string()),
        // The system did not say so, so it is what the bytes are: it will be the same the next time.
        None if error.raw_os_error().is_none() => {
            Failure::new(Stage::Read, Code::Format, format!("cannot be read: {error}; it is cut or damaged: get an undamaged copy"))
        }
        None => Failure::new(Stage::Read, Code::Read, format!("cannot be read: {error}; the next run tries again")),
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
