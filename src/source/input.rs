//! Some bytes to read with a name: a file on disk, or one inside an archive.

use std::fs::File;
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::path::PathBuf;
use std::sync::Arc;

use super::list::SourceFile;

/// A file, wherever it lies.
#[derive(Debug, Clone)]
pub(super) struct Input {
    /// Path relative to its root; for an entry of an archive that of the archive, `/`, and its name in it.
    pub relative: Arc<str>,
    /// Its size: of a listed file as it lies there, packed or not; of an entry of an archive when it is unpacked.
    pub bytes: u64,
    /// What of the listed file it takes up, in bytes: how much it may unpack to is measured by this.
    pub packed: u64,
    /// Where its bytes are.
    pub content: Content,
    /// In how many archives it lies.
    pub nesting: u32,
}

/// Where bytes are.
#[derive(Debug, Clone)]
pub(super) enum Content {
    /// A file on disk, up to the bytes that it had when it was listed: one that grows as fast as it is read would never end.
    Disk(Arc<PathBuf>, u64),
    /// In memory.
    Memory(Arc<Vec<u8>>),
    /// A part of other bytes, packed or not.
    Part(Arc<Part>),
}

/// A part of other bytes.
#[derive(Debug)]
pub(super) struct Part {
    pub whole: Content,
    pub start: u64,
    pub length: u64,
    pub packing: Packing,
}

/// How a part is packed, and what its archive says it unpacks to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Packing {
    /// As it is, and nobody says what it should be.
    Plain,
    /// As it is, with a checksum.
    Stored { crc: u32 },
    /// As zip archives do it.
    Deflated { size: u64, crc: u32 },
}

/// Bytes that can be read from any place.
pub(super) trait Seekable: Read + Seek + Send {}
impl<T: Read + Seek + Send> Seekable for T {}

impl Input {
    /// A listed file.
    pub fn of(file: &SourceFile) -> Self {
        Self {
            relative: file.relative.clone(),
            bytes: file.bytes,
            packed: file.bytes,
            content: Content::Disk(Arc::new(file.path.clone()), file.bytes),
            nesting: 0,
        }
    }
}

impl Content {
    /// Its bytes from the beginning.
    pub fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        match self {
            Self::Disk(path, bytes) => Ok(Box::new(File::open(&**path)?.take(*bytes))),
            Self::Memory(bytes) => Ok(Box::new(Cursor::new(SharedBytes(bytes.clone())))),
            Self::Part(part) => part.open(),
        }
    }

    /// The same for bytes that are not packed, to be read from any place. A part of a part is read from the beginning only.
    pub fn open_seekable(&self) -> Option<io::Result<Box<dyn Seekable>>> {
        match self {
            Self::Disk(path, _) => Some(File::open(&**path).map(|file| Box::new(file) as Box<dyn Seekable>)),
            Self::Memory(bytes) => Some(Ok(Box::new(Cursor::new(SharedBytes(bytes.clone()))))),
            Self::Part(_) => None,
        }
    }
}

impl Part {
    fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        let mut reader = match self.whole.open_seekable() {
            Some(reader) => reader?,
            None => return Err(io::Error::other("a part of a packed part")),
        };
        reader.seek(SeekFrom::Start(self.start))?;
        let packed = reader.take(self.length);
        match self.packing {
            Packing::Plain => Ok(Box::new(packed)),
            Packing::Stored { crc } => Ok(Box::new(Checked { inner: packed, left: self.length, crc, seen: flate2::Crc::new() })),
            Packing::Deflated { size, crc } => {
                let decoder = flate2::read::DeflateDecoder::new(packed);
                Ok(Box::new(Checked { inner: decoder, left: size, crc, seen: flate2::Crc::new() }))
            }
        }
    }
}

/// Bytes that many readers share.
struct SharedBytes(Arc<Vec<u8>>);

impl AsRef<[u8]> for SharedBytes {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

/// Unpacked bytes that must be as many as the archive said, with the checksum that it said.
struct Checked<R> {
    inner: R,
    left: u64,
    crc: u32,
    seen: flate2::Crc,
}

impl<R: Read> Read for Checked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.seen.update(&buffer[..read]);
        let wrong = || io::Error::new(io::ErrorKind::InvalidData, "the entry is not what its archive says it is");
        self.left = self.left.checked_sub(read as u64).ok_or_else(wrong)?;
        if read == 0 && !buffer.is_empty() && (self.left > 0 || self.seen.sum() != self.crc) {
            return Err(wrong());
        }
        Ok(read)
    }
}
