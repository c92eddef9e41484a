//! Tar archives, read from front to back.

use std::io::{self, Read};
use std::sync::Arc;

use tar::{EntryType, Header, PaxExtensions};

use super::{Budget, Found, damaged, named};
use crate::source::compress::{self, Limit, Opened};
use crate::source::input::{Content, Input, Packing, Part};
use crate::source::options::SourceOptions;
use crate::source::quarantine::Failure;
use crate::source::start::Started;

const BLOCK: u64 = 512;
/// How much larger than in the packed archive an entry is taken to be.
const GROWN_ALREADY: u64 = 10;
/// Longest name or extended header that is believed.
const MOST_NAME_BYTES: u64 = 1 << 16;

/// The entries of an archive. Those of a packed archive are held in memory one by one; those of one that lies open on disk are
/// only named.
pub(super) struct Entries {
    archive: Input,
    reader: Started,
    in_place: bool,
    /// Where the next byte stands in the unpacked archive.
    at: u64,
    limit: Limit,
    budget: Budget,
    ended: bool,
}

/// A name that a block of its own states for the entry after it, and its size.
#[derive(Default)]
struct Stated {
    name: Option<Vec<u8>>,
    size: Option<u64>,
}

impl Entries {
    pub fn new(archive: &Input, opened: Opened, options: &SourceOptions) -> Self {
        let in_place = !opened.compressed && archive.content.open_seekable().is_some();
        let budget = Budget::of(archive, options);
        Self { archive: archive.clone(), reader: opened.reader, in_place, at: 0, limit: Limit::file(options), budget, ended: false }
    }

    /// The next entry; nothing at the end.
    fn read(&mut self) -> Result<Option<Found>, Failure> {
        let mut stated = Stated::default();
        loop {
            let Some(header) = self.header()? else { return Ok(None) };
            let size = stated.size.map_or_else(|| header.entry_size(), Ok).map_err(damaged)?;
            match header.entry_type() {
                EntryType::GNULongName => stated.name = Some(trimmed(self.small(size)?)),
                EntryType::XHeader => self.read_extended(size, &mut stated)?,
                EntryType::GNULongLink | EntryType::XGlobalHeader => drop(self.small(size)?),
                kind => {
                    self.budget.take(size)?;
                    let name = stated.name.take().unwrap_or_else(|| header.path_bytes().into_owned());
                    stated = Stated::default();
                    let found = self.entry(kind, &name, size)?;
                    if found.is_some() {
                        return Ok(found);
                    }
                }
            }
        }
    }

    fn entry(&mut self, kind: EntryType, name: &[u8], size: u64) -> Result<Option<Found>, Failure> {
        match kind {
            EntryType::Regular | EntryType::Continuous => {}
            EntryType::Directory => return self.skip(size).map(|()| None),
            _ => {
                self.skip(size)?;
                return Ok(named(&self.archive, name, Found::Special));
            }
        }
        let content = if self.in_place {
            let part = Part { whole: self.archive.content.clone(), start: self.at, length: size, packing: Packing::Plain };
            self.skip(size)?;
            Content::Part(Arc::new(part))
        } else if size <= self.limit.bytes {
            Content::Memory(Arc::new(self.bytes(size)?))
        } else {
            self.skip(size)?;
            let failure = compress::too_large(Limit { what: "entry of a packed archive", ..self.limit });
            return Ok(named(&self.archive, name, |path| Found::Bad(path, size, failure)));
        };
        let nesting = self.archive.nesting + 1;
        // Compressed once already with all others, so what is compressed in itself may grow less.
        let packed = if self.in_place { size } else { size / GROWN_ALREADY };
        Ok(named(&self.archive, name, |relative| Found::File(Input { relative, bytes: size, packed, content, nesting })))
    }

    /// The next header; nothing at the end of the file. Empty blocks end an archive, but another may have been joined to it; what is
    /// none does not belong to it.
    fn header(&mut self) -> Result<Option<Header>, Failure> {
        let mut is_ended = false;
        loop {
            let mut read = Vec::with_capacity(512);
            match self.reader.by_ref().take(BLOCK).read_to_end(&mut read) {
                // What is packed behind the end is no part of the archive.
                Err(_) if is_ended => return Ok(None),
                done => done.map_err(compress::failure)?,
            };
            self.at += read.len() as u64;
            if read.is_empty() {
                return if is_ended { Ok(None) } else { Err(damaged("it ends without its end mark, so entries may be missing")) };
            }
            if read.iter().all(|byte| *byte == 0) {
                is_ended = true;
                continue;
            }
            return match header_of(&read) {
                Some(header) => Ok(Some(header)),
                None if is_ended && !calls_itself_header(&read) => Ok(None),
                None => Err(damaged(format!("no header at byte {}", self.at - read.len() as u64))),
            };
        }
    }

    fn read_extended(&mut self, size: u64, stated: &mut Stated) -> Result<(), Failure> {
        let bytes = self.small(size)?;
        for extension in PaxExtensions::new(&bytes).flatten() {
            match extension.key_bytes() {
                b"path" => stated.name = Some(extension.value_bytes().to_vec()),
                b"size" => stated.size = extension.value().ok().and_then(|size| size.parse().ok()),
                _ => {}
            }
        }
        Ok(())
    }

    fn small(&mut self, size: u64) -> Result<Vec<u8>, Failure> {
        if size > MOST_NAME_BYTES {
            return Err(damaged("a name without end"));
        }
        self.bytes(size)
    }

    /// The bytes of an entry, and its padding passed over.
    fn bytes(&mut self, size: u64) -> Result<Vec<u8>, Failure> {
        let mut bytes = Vec::new();
        self.reader.by_ref().take(size).read_to_end(&mut bytes).map_err(compress::failure)?;
        self.whole(bytes.len() as u64, size)?;
        self.skip_padding(size)?;
        Ok(bytes)
    }

    fn skip(&mut self, size: u64) -> Result<(), Failure> {
        let passed = io::copy(&mut self.reader.by_ref().take(size), &mut io::sink()).map_err(compress::failure)?;
        self.whole(passed, size)?;
        self.skip_padding(size)
    }

    fn whole(&mut self, read: u64, size: u64) -> Result<(), Failure> {
        self.at += read;
        if read == size { Ok(()) } else { Err(damaged("it breaks off inside an entry")) }
    }

    fn skip_padding(&mut self, size: u64) -> Result<(), Failure> {
        let padding = (BLOCK - size % BLOCK) % BLOCK;
        self.at += io::copy(&mut self.reader.by_ref().take(padding), &mut io::sink()).map_err(compress::failure)?;
        Ok(())
    }
}

impl Iterator for Entries {
    type Item = Found;

    fn next(&mut self) -> Option<Found> {
        if self.ended {
            return None;
        }
        match self.read() {
            Ok(found) => {
                self.ended = found.is_none();
                found
            }
            Err(failure) => {
                self.ended = true;
                Some(Found::Bad(self.archive.relative.clone(), self.archive.bytes, failure))
            }
        }
    }
}

/// A name without the NUL that closes it.
fn trimmed(mut name: Vec<u8>) -> Vec<u8> {
    name.truncate(memchr::memchr(0, &name).unwrap_or(name.len()));
    name
}

/// Whether a block has the mark of a header, so that one whose checksum is wrong is damaged and not something else.
fn calls_itself_header(read: &[u8]) -> bool {
    read.get(257..262) == Some(b"ustar")
}

/// A block as a header, if its checksum says that it is one.
fn header_of(read: &[u8]) -> Option<Header> {
    let mut header = Header::new_old();
    let block = header.as_mut_bytes();
    block.iter_mut().zip(read).for_each(|(to, from)| *to = *from);
    // The checksum counts its own eight bytes as spaces.
    let sum: u32 = block.iter().enumerate().map(|(at, byte)| if (148..156).contains(&at) { 32 } else { u32::from(*byte) }).sum();
    (read.len() as u64 == BLOCK && header.cksum().ok() == Some(sum)).then_some(header)
}
