//! Zip archives: the directory is read, the entries are named by where they lie and unpacked by whoever reads them.

use std::io::{Cursor, Read, Seek, SeekFrom};
use std::sync::Arc;

use zip::{CompressionMethod, ZipArchive};

use super::{Budget, Found, damaged, named, path_of};
use crate::source::compress::{self, Limit, Opened};
use crate::source::input::{Content, Input, Packing, Part};
use crate::source::options::SourceOptions;
use crate::source::quarantine::{Code, Failure, Stage};

/// All entries of an archive, in the order of its directory.
pub(super) fn entries(input: &Input, mut opened: Opened, options: &SourceOptions) -> Result<Vec<Found>, Failure> {
    let content = match input.content.open_seekable() {
        Some(_) if !opened.compressed => input.content.clone(),
        // The directory stands at the end, so what cannot be read from any place must be held.
        _ => Content::Memory(Arc::new(compress::read_all(&mut opened.reader, Limit::file(options))?)),
    };
    drop(opened);
    let Some(reader) = content.open_seekable() else { return Err(damaged("it lies packed in another")) };
    let mut reader = std::io::BufReader::new(reader?);
    let length = reader.seek(SeekFrom::End(0))?;
    let stated = stated_entries(&mut reader).unwrap_or(0);
    if stated > options.max_entries {
        let message = format!(
            "expected an archive of at most {} entries (input.max_entries), found {stated}; unpack it, or raise the limit",
            options.max_entries
        );
        return Err(Failure::new(Stage::Read, Code::TooLarge, message));
    }
    let mut archive = ZipArchive::new(reader).map_err(damaged)?;
    let mut budget = Budget::of(input, options);
    let mut found = Vec::new();
    let names = archive.len() as u64;
    if stated > names {
        let message = format!(
            "expected {stated} entries, found {names} names: of entries that share a name only the last can be read; pack the archive again"
        );
        found.push(Found::Bad(input.relative.clone(), input.bytes, Failure::new(Stage::Extract, Code::Format, message)));
    }
    let mut packed = 0u64;
    for index in 0..archive.len() {
        packed = packed.saturating_add(archive.by_index_raw(index).map_or(0, |file| file.compressed_size()));
        if packed > length {
            let failure = damaged("its entries lie over each other, so that few bytes unpack to many");
            found.push(Found::Bad(input.relative.clone(), input.bytes, failure));
            break;
        }
        match entry(&mut archive, index, input, &content, &mut budget) {
            Ok(entry) => found.extend(entry),
            Err(failure) => {
                found.push(Found::Bad(input.relative.clone(), input.bytes, failure));
                break;
            }
        }
    }
    Ok(found)
}

/// One entry. An error ends the reading of the archive.
fn entry<R: Read + Seek>(
    archive: &mut ZipArchive<R>,
    index: usize,
    input: &Input,
    content: &Content,
    budget: &mut Budget,
) -> Result<Option<Found>, Failure> {
    let file = match archive.by_index_raw(index) {
        Ok(file) => file,
        Err(error) => return Ok(Some(Found::Bad(path_of(&input.relative, &format!("entry {}", index + 1)), 0, damaged(error)))),
    };
    if file.is_dir() {
        return Ok(None);
    }
    budget.take(file.size())?;
    let bad = |failure| Ok(named(input, file.name_raw(), |path| Found::Bad(path, file.size(), failure)));
    if file.is_symlink() {
        return Ok(named(input, file.name_raw(), Found::Special));
    }
    if file.encrypted() {
        return bad(protected());
    }
    let packing = match file.compression() {
        CompressionMethod::Stored if file.size() != file.compressed_size() => return bad(damaged("an entry of two sizes")),
        CompressionMethod::Stored => Packing::Stored { crc: file.crc32() },
        CompressionMethod::Deflated => Packing::Deflated { size: file.size(), crc: file.crc32() },
        other => {
            let message =
                format!("expected an entry packed in the usual way (deflate), found {other}; pack the archive again as an ordinary .zip");
            return bad(Failure::new(Stage::Extract, Code::Format, message));
        }
    };
    let Some(start) = file.data_start() else { return bad(damaged("an entry without data")) };
    let part = Part { whole: content.clone(), start, length: file.compressed_size(), packing };
    let (bytes, nesting) = (file.size(), input.nesting + 1);
    let packed = file.compressed_size().min(input.packed);
    Ok(named(input, file.name_raw(), |relative| {
        Found::File(Input { relative, bytes, packed, content: Content::Part(Arc::new(part)), nesting })
    }))
}

fn protected() -> Failure {
    let message = "expected an archive without a password, found a protected entry; unpack it into the input folder";
    Failure::new(Stage::Extract, Code::Format, message)
}

/// How many entries the end of the archive says there are: asked before the directory is read, which takes memory for each.
fn stated_entries(reader: &mut (impl Read + Seek)) -> Option<u64> {
    const LONGEST_END: u64 = 22 + 65_535 + 20 + 56;
    let length = reader.seek(SeekFrom::End(0)).ok()?;
    reader.seek(SeekFrom::Start(length.saturating_sub(LONGEST_END))).ok()?;
    let mut end = Vec::new();
    reader.take(LONGEST_END).read_to_end(&mut end).ok()?;
    let number = |mark: &[u8], offset: usize, size: usize| {
        let at = memchr::memmem::rfind(&end, mark)? + offset;
        Some(end.get(at..at + size)?.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte)))
    };
    let stated = number(b"PK\x05\x06", 10, 2)?;
    Some(number(b"PK\x06\x06", 32, 8).map_or(stated, |large| large.max(stated)))
}

/// What the names in a zip archive say it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::source) enum Contents {
    /// A Word document.
    Word,
    /// A workbook, of Excel or of the Open Document kind.
    Workbook,
    /// A document of another program: its kind.
    Other(&'static str),
    /// An archive of files.
    Files,
}

impl Contents {
    /// Reads the directory of an archive that is in memory. What cannot be read is taken for an archive of files, whose reader
    /// says what is wrong.
    pub fn of(bytes: &[u8]) -> Self {
        let Ok(mut archive) = ZipArchive::new(Cursor::new(bytes)) else { return Self::of_start(bytes) };
        let mut kind = String::new();
        if let Ok(file) = archive.by_name("mimetype") {
            // A line of text; what is longer is something else.
            let _ = file.take(200).read_to_string(&mut kind);
        }
        let names: Vec<String> = archive.file_names_raw().map(|name| String::from_utf8_lossy(name).replace('\\', "/")).collect();
        Self::of_names(&names, kind.trim())
    }

    /// Whether the first entry may be that of a document and not of an archive of files.
    pub fn may_be_document(start: &[u8]) -> bool {
        let first = &start[..start.len().min(200)];
        ["[Content_Types].xml", "_rels/", "mimetype", "word/", "xl/", "docProps/", "OFD.xml"]
            .iter()
            .any(|name| memchr::memmem::find(first, name.as_bytes()).is_some())
    }

    fn of_names(names: &[String], kind: &str) -> Self {
        let holds = |start: &str| names.iter().any(|name| name.starts_with(start));
        let office = holds("[Content_Types].xml") || holds("_rels/");
        match kind {
            "application/vnd.oasis.opendocument.spreadsheet" => return Self::Workbook,
            "application/epub+zip" => return Self::Other("an electronic book"),
            _ if kind.starts_with("application/vnd.oasis.opendocument") => return Self::Other("an Open Document text or presentation"),
            _ => {}
        }
        match () {
            () if office && holds("word/") => Self::Word,
            () if office && holds("xl/") => Self::Workbook,
            () if office && holds("ppt/") => Self::Other("a presentation"),
            () if holds("OFD.xml") => Self::Other("an OFD document"),
            () if office => Self::Other("an Office document of an unknown kind"),
            () => Self::Files,
        }
    }

    /// The same by the names that stand before the entries, for an archive whose end is missing.
    fn of_start(bytes: &[u8]) -> Self {
        let start = &bytes[..bytes.len().min(1 << 16)];
        let holds = |name: &str| memchr::memmem::find(start, name.as_bytes()).is_some();
        match () {
            () if holds("word/") => Self::Word,
            () if holds("xl/") => Self::Workbook,
            () if holds("ppt/") => Self::Other("a presentation"),
            () => Self::Files,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_inside_tell_the_kind() {
        let of = |names: &[&str], kind: &str| Contents::of_names(&names.iter().map(ToString::to_string).collect::<Vec<_>>(), kind);
        assert_eq!(of(&["[Content_Types].xml", "word/document.xml"], ""), Contents::Word);
        assert_eq!(of(&["_rels/.rels", "xl/workbook.xml"], ""), Contents::Workbook);
        assert_eq!(of(&["mimetype", "content.xml"], "application/vnd.oasis.opendocument.spreadsheet"), Contents::Workbook);
        assert!(matches!(of(&["[Content_Types].xml", "ppt/presentation.xml"], ""), Contents::Other(_)));
        assert_eq!(of(&["word/报告.txt", "b.txt"], ""), Contents::Files);
    }
}
