//! The archive around a Word document: its parts by name, unpacked within limits.

use std::io::{Cursor, Read};

use zip::ZipArchive;
use zip::result::ZipError;

use crate::source::options::SourceOptions;
use crate::source::quarantine::{Code, Failure, Stage};

use super::xml::Part;
use super::{damaged, shown, too_large};

/// A part may always unpack to this size, however small it is packed.
const ALWAYS_ALLOWED: u64 = 64 << 20;

/// An open archive, and what may come out of it.
pub(super) struct Package<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    bytes: u64,
    max_part_bytes: u64,
    max_expansion: u64,
}

impl<'a> Package<'a> {
    /// Reads the list of parts at the end of the archive.
    pub fn open(bytes: &'a [u8], options: &SourceOptions) -> Result<Self, Failure> {
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| of_zip(&error, "the archive"))?;
        if archive.len() as u64 > options.max_entries {
            let (found, most) = (archive.len(), options.max_entries);
            return Err(too_large(format!("expected a Word document of at most {most} parts, found {found}; raise input.max_entries")));
        }
        let (max_part_bytes, max_expansion) = (options.max_file_bytes, options.max_expansion.max(1));
        Ok(Self { archive, bytes: bytes.len() as u64, max_part_bytes, max_expansion })
    }

    /// The part of this name, unpacked and decoded; `None` if there is none.
    pub fn part(&mut self, name: &str) -> Result<Option<Part>, Failure> {
        let Some(index) = self.index_of(name) else { return Ok(None) };
        let failed = |error: ZipError| of_zip(&error, name);
        let stated = self.archive.by_index_data(index).map_err(failed)?;
        if stated.encrypted() {
            return Err(protected());
        }
        // The packed size is stated too, but no more than the file holds can be read.
        let packed = stated.compressed_size().min(self.bytes);
        let limit = self.max_part_bytes.min(ALWAYS_ALLOWED.max(packed.saturating_mul(self.max_expansion)));
        let mut unpacked = Vec::new();
        let entry = self.archive.by_index(index).map_err(failed)?;
        entry.take(limit.saturating_add(1)).read_to_end(&mut unpacked).map_err(|error| failed(error.into()))?;
        if unpacked.len() as u64 > limit {
            let message = format!(
                "expected {} to unpack to at most {limit} bytes, found more; split the document, or raise input.max_file_bytes",
                shown(name)
            );
            return Err(too_large(message));
        }
        Part::decode(name, unpacked).map(Some)
    }

    /// Names of parts are equal whatever their letter case, and some writers part folders by `\`.
    fn index_of(&self, name: &str) -> Option<usize> {
        self.archive.index_for_name_raw(name.as_bytes()).or_else(|| {
            let same = |byte: (&u8, &u8)| byte.0.eq_ignore_ascii_case(byte.1) || (*byte.0 == b'\\' && *byte.1 == b'/');
            self.archive.file_names_raw().position(|raw| raw.len() == name.len() && raw.iter().zip(name.as_bytes()).all(same))
        })
    }
}

fn of_zip(error: &ZipError, place: &str) -> Failure {
    match error {
        ZipError::InvalidPassword | ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => protected(),
        ZipError::CompressionMethodNotSupported(_) => damaged(&format!("{} is packed in an unusual way", shown(place))),
        _ => damaged(&format!("{} cannot be unpacked, it is cut or changed", shown(place))),
    }
}

fn protected() -> Failure {
    let message = "expected a Word document (.docx), found one that is protected with a password; save it without one";
    Failure::new(Stage::Extract, Code::Format, message)
}

/// A part that another part names and the archive does not hold.
pub(super) fn missing(name: &str) -> Failure {
    damaged(&format!("{} is missing", shown(name)))
}
