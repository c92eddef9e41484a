//! Which workbook is this, and is it safe to unpack?

use std::io::{self, BufReader, Cursor, Read};

use quick_xml::events::Event;
use zip::ZipArchive;
use zip::result::ZipError;

use super::errors;
use crate::source::options::SourceOptions;
use crate::source::quarantine::Failure;

/// Unpacking to this size is always allowed, however small the packed file.
const ALWAYS_ALLOWED: u64 = 64 << 20;
/// Unpacked XML of a workbook is at most this many times the largest file that may be packed.
const MOST_TIMES_FILE: u64 = 16;

/// The kinds of workbooks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Zip of XML by Excel, also .xlsm.
    Xlsx,
    /// Zip of binary records.
    Xlsb,
    /// Old Office container.
    Xls,
    /// Zip of XML by LibreOffice and others.
    Ods,
}

type Archive<'b> = ZipArchive<Cursor<&'b [u8]>>;

/// Tells workbooks apart by their bytes.
///
/// # Errors
/// `E_FORMAT` for what is no workbook, is damaged, or has a password.
pub(super) fn kind(bytes: &[u8]) -> Result<Kind, Failure> {
    match bytes {
        [0xD0, 0xCF, 0x11, 0xE0, ..] => old_office(bytes),
        [b'P', b'K', ..] => kind_of_zip(&mut open(bytes)?),
        _ => Err(errors::no_workbook("another kind of file")),
    }
}

/// An old container holds a workbook, another document, or a new workbook behind a password.
fn old_office(bytes: &[u8]) -> Result<Kind, Failure> {
    let holds = |name: &str| {
        let name: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        memchr::memmem::find(bytes, &name).is_some()
    };
    match () {
        () if holds("EncryptedPackage") => Err(errors::protected()),
        () if holds("Workbook") || holds("Book") => Ok(Kind::Xls),
        () if holds("WordDocument") => Err(errors::no_workbook("an old Word document")),
        () => Err(errors::no_workbook("an old Office document")),
    }
}

fn kind_of_zip(archive: &mut Archive) -> Result<Kind, Failure> {
    let names: Vec<String> = archive.file_names().flatten().map(|name| name.to_ascii_lowercase()).collect();
    let has = |name: &str| names.iter().any(|known| known == name);
    if has("xl/workbook.bin") {
        return Ok(Kind::Xlsb);
    }
    if has("content.xml") && has("mimetype") {
        let mut kind = String::new();
        let entry = archive.by_name("mimetype").map_err(|error| of_zip(&error))?;
        entry.take(100).read_to_string(&mut kind).map_err(|error| errors::damaged(&error.to_string()))?;
        let is_sheet = kind.trim().starts_with("application/vnd.oasis.opendocument.spreadsheet");
        return if is_sheet { Ok(Kind::Ods) } else { Err(errors::no_workbook("another OpenDocument file")) };
    }
    // Other writers than Excel may call its main part as they like.
    let is_xlsx = names.iter().any(|name| name.contains("worksheets/") || name.contains("workbook"));
    if is_xlsx { Ok(Kind::Xlsx) } else { Err(errors::no_workbook("another zip archive")) }
}

pub(super) fn open(bytes: &[u8]) -> Result<Archive<'_>, Failure> {
    ZipArchive::new(Cursor::new(bytes)).map_err(|error| of_zip(&error))
}

pub(super) fn of_zip(error: &ZipError) -> Failure {
    match error {
        ZipError::UnsupportedArchive(message) if *message == ZipError::PASSWORD_REQUIRED => errors::protected(),
        error => errors::damaged(&format!("as a zip archive: {error}")),
    }
}

/// Most that a workbook may unpack to, and most text that its cells may hold, in bytes. A shared text may stand in any number of
/// cells, so the second does not follow from the first.
pub(super) fn limit(bytes: &[u8], options: &SourceOptions) -> u64 {
    let by_packed = (bytes.len() as u64).saturating_mul(options.max_expansion.max(1));
    ALWAYS_ALLOWED.max(by_packed.min(options.max_file_bytes.saturating_mul(MOST_TIMES_FILE)))
}

/// Unpacks every entry once, holding nothing, before a reader that knows no limits does: stated sizes can lie.
///
/// # Errors
/// `E_TOO_LARGE` where the entries unpack to more than [`limit`]; `E_FORMAT` where one is damaged, has a password, or states
/// more shared texts than it has bytes: the reader makes room for as many as are stated.
pub(super) fn guard(bytes: &[u8], options: &SourceOptions) -> Result<(), Failure> {
    let mut archive = open(bytes)?;
    if archive.len() as u64 > options.max_entries {
        return Err(errors::too_much_text());
    }
    let mut left = limit(bytes, options);
    for number in 0..archive.len() {
        let entry = archive.by_index(number).map_err(|error| of_zip(&error))?;
        let name = String::from_utf8_lossy(entry.name_raw()).to_ascii_lowercase();
        let unpacked = io::copy(&mut entry.take(left.saturating_add(1)), &mut io::sink())
            .map_err(|error| errors::damaged(&format!("{name}: {error}")))?;
        left = left.checked_sub(unpacked).ok_or_else(errors::too_much_text)?;
        if name.ends_with("sharedstrings.xml") && stated_texts(&mut archive, number)? > unpacked {
            return Err(errors::damaged("it states more texts than it has bytes"));
        }
    }
    Ok(())
}

/// How many texts a table of shared texts says it has, read as the reader will read it; 0 if it says nothing.
fn stated_texts(archive: &mut Archive, number: usize) -> Result<u64, Failure> {
    let entry = archive.by_index(number).map_err(|error| of_zip(&error))?;
    let mut xml = quick_xml::Reader::from_reader(BufReader::new(entry));
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer) {
            Ok(Event::Start(start) | Event::Empty(start)) if start.local_name().as_ref() == "sst" => {
                let mut attributes = start.attributes();
                let stated = attributes.with_checks(false).flatten().filter(|a| a.key.as_ref() == "uniqueCount");
                // What is no number, the reader ignores as well; what is too large for one is too large.
                let digits = |a: quick_xml::events::attributes::Attribute<'_>| {
                    let value = a.value.trim().to_string();
                    value.bytes().all(|b| b.is_ascii_digit()).then(|| value.parse().unwrap_or(u64::MAX))
                };
                return Ok(stated.filter_map(digits).max().unwrap_or(0));
            }
            // It will be reported by the reader, which knows better what it is.
            Ok(Event::Eof) | Err(_) => return Ok(0),
            Ok(_) => {}
        }
    }
}
