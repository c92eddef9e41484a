//! What a file is by the bytes it begins with, whatever its name says.

use super::formats::{AS_PAGE, Format};

/// What the first bytes of a file say.
pub(super) enum Bytes {
    Kind(Format),
    Zip,
    OldOffice,
    Unread(&'static str, &'static str),
    /// Nothing: it is text, or something unknown.
    Text,
}

const UNPACK: &str = "unpack it into the input folder, or pack it as .zip";
const RECOGNISE: &str = "recognise its text (OCR), or take it out of the input folder";

/// Kinds of files by their first bytes, those that are not read with what to do.
const MAGIC: [(&[u8], Bytes); 18] = [
    (b"%PDF", Bytes::Kind(Format::Pdf)),
    (b"PK\x03\x04", Bytes::Zip),
    (b"PK\x05\x06", Bytes::Kind(Format::Zip)),
    (b"\xD0\xCF\x11\xE0", Bytes::OldOffice),
    (b"{\\rtf", Bytes::Kind(Format::Rtf)),
    (b"\x89PNG", Bytes::Unread("a picture", RECOGNISE)),
    (b"\xFF\xD8\xFF", Bytes::Unread("a picture", RECOGNISE)),
    (b"GIF8", Bytes::Unread("a picture", RECOGNISE)),
    (b"II*\0", Bytes::Unread("a picture", RECOGNISE)),
    (b"MM\0*", Bytes::Unread("a picture", RECOGNISE)),
    (b"Rar!", Bytes::Unread("an archive of the kind .rar", UNPACK)),
    (b"7z\xBC\xAF", Bytes::Unread("an archive of the kind .7z", UNPACK)),
    (b"BZh91AY&SY", Bytes::Unread("a file compressed as .bz2", UNPACK)),
    (b"\xFD7zXZ\0", Bytes::Unread("a file compressed as .xz", UNPACK)),
    (b"\x1F\x8B", Bytes::Unread("a file that is compressed twice", UNPACK)),
    (b"\x28\xB5\x2F\xFD", Bytes::Unread("a file that is compressed twice", UNPACK)),
    (b"SQLite format 3\0", Bytes::Unread("a database", "export its table as CSV (.csv)")),
    (b"MIME-Version:", Bytes::Unread("a web archive or an e-mail", AS_PAGE)),
];

impl Bytes {
    /// By these bytes from the beginning of a file.
    pub fn of(start: &[u8]) -> Self {
        if let Some((_, kind)) = MAGIC.iter().find(|(mark, _)| start.starts_with(mark)) {
            return kind.copied();
        }
        // Some writers put a line or some bytes before the mark of a PDF; a text that speaks of it holds no such object.
        let head = &start[..start.len().min(1024)];
        if memchr::memmem::find(head, b"%PDF-1.").is_some() && memchr::memmem::find(start, b" obj").is_some() {
            return Self::Kind(Format::Pdf);
        }
        match start.get(257..262) {
            Some(b"ustar") => Self::Kind(Format::Tar),
            _ => Self::Text,
        }
    }

    fn copied(&self) -> Self {
        match self {
            Self::Kind(format) => Self::Kind(*format),
            Self::Zip => Self::Zip,
            Self::OldOffice => Self::OldOffice,
            Self::Unread(kind, advice) => Self::Unread(kind, advice),
            Self::Text => Self::Text,
        }
    }
}

/// What an Office file of the kind before 2007 holds.
pub(super) enum OldOffice {
    Workbook,
    /// Any kind behind a password, new ones too.
    Protected,
    Other(&'static str),
}

impl OldOffice {
    /// By the names of its streams, which stand in it as UTF-16.
    pub fn of(bytes: &[u8]) -> Self {
        let holds = |name: &str| {
            let name: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
            memchr::memmem::find(bytes, &name).is_some()
        };
        match () {
            () if holds("EncryptedPackage") => Self::Protected,
            () if holds("WordDocument") => Self::Other("an old Word or WPS document (.doc, .wps)"),
            () if holds("PowerPoint Document") => Self::Other("an old presentation"),
            () if holds("Workbook") || holds("Book") => Self::Workbook,
            () => Self::Other("an old Office document"),
        }
    }
}
