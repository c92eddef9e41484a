//! What kind of file this is: by its bytes, and only among kinds of text by its name.
//!
//! Adding a format: a reader in `readers/`, a [`Format`], and its line in [`of_name`], or in [`signatures`](super::signatures) if its
//! bytes tell.

use super::archive::Contents;
use super::quarantine::{Code, Failure, Stage};
use super::signatures::{Bytes, OldOffice};
use crate::encoding::{Charset, Encoding, decide_bytes};

/// A kind of file that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    /// One document: plain text.
    Text,
    /// One document: Markdown.
    Markdown,
    /// One document: a web page.
    Html,
    /// One document: Word.
    Docx,
    /// One document: RTF.
    Rtf,
    /// One document: PDF.
    Pdf,
    /// A workbook: one document a row or a sheet.
    Workbook,
    /// One document a line.
    Jsonl,
    /// One document an element of an array.
    Json,
    /// One document a row.
    Csv,
    /// An archive of files.
    Zip,
    /// An archive of files.
    Tar,
}

impl Format {
    const ALL: [Self; 12] = [
        Self::Text,
        Self::Markdown,
        Self::Html,
        Self::Docx,
        Self::Rtf,
        Self::Pdf,
        Self::Workbook,
        Self::Jsonl,
        Self::Json,
        Self::Csv,
        Self::Zip,
        Self::Tar,
    ];

    /// As it stands in documents.csv.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Markdown => "markdown",
            Self::Html => "html",
            Self::Docx => "docx",
            Self::Rtf => "rtf",
            Self::Pdf => "pdf",
            Self::Workbook => "workbook",
            Self::Jsonl => "jsonl",
            Self::Json => "json",
            Self::Csv => "csv",
            Self::Zip => "zip",
            Self::Tar => "tar",
        }
    }

    /// The same name for as long as the program runs, if it is one of a kind.
    pub fn known_name(name: &str) -> Option<&'static str> {
        Self::ALL.iter().map(|format| format.name()).find(|known| *known == name)
    }

    /// Whether a file of this kind is made of characters.
    pub fn is_text(self) -> bool {
        matches!(self, Self::Text | Self::Markdown | Self::Html | Self::Jsonl | Self::Json | Self::Csv)
    }

    /// Whether a file of this kind is read piece by piece, since it may hold any number of documents.
    pub fn is_streamed(self) -> bool {
        matches!(self, Self::Jsonl | Self::Json | Self::Csv | Self::Zip | Self::Tar)
    }
}

/// What bytes and name say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Recognised {
    pub format: Format,
    /// Whether the name promises another kind.
    pub misnamed: bool,
}

/// What a name promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Promise {
    /// This kind, if the bytes do not say otherwise.
    Kind(Format),
    /// No text: a kind that is not read, with what it is called. If the bytes are text after all, they are read as this kind.
    Unread(&'static str, Format),
    /// A kind of text that is not read as text, with what it is called and what to do.
    Refused(&'static str, &'static str),
    /// Nothing.
    Nothing,
}

/// The name without what says that it is compressed, in lower case.
fn inner_name(name: &str) -> String {
    let lower = name.to_lowercase();
    let inner = lower.strip_suffix(".gz").or_else(|| lower.strip_suffix(".zst")).map(str::to_string);
    inner.unwrap_or(lower)
}

fn of_name(name: &str) -> Promise {
    let inner = inner_name(name);
    match inner.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "txt" | "text" | "log" => Promise::Kind(Format::Text),
        "md" | "markdown" => Promise::Kind(Format::Markdown),
        "html" | "htm" | "xhtml" | "shtml" => Promise::Kind(Format::Html),
        "docx" | "docm" | "dotx" => Promise::Kind(Format::Docx),
        "rtf" => Promise::Kind(Format::Rtf),
        "pdf" => Promise::Kind(Format::Pdf),
        "xlsx" | "xlsm" | "xlsb" | "xls" | "ods" => Promise::Kind(Format::Workbook),
        "jsonl" | "ndjson" => Promise::Kind(Format::Jsonl),
        "json" => Promise::Kind(Format::Json),
        "csv" | "tsv" | "tab" => Promise::Kind(Format::Csv),
        "zip" => Promise::Kind(Format::Zip),
        "tar" | "tgz" | "tzst" => Promise::Kind(Format::Tar),
        "et" => Promise::Unread("a WPS workbook", Format::Csv),
        "doc" | "wps" | "odt" | "ofd" => Promise::Unread("a word processor document", Format::Text),
        "ppt" | "pptx" | "dps" | "odp" => Promise::Unread("a presentation", Format::Text),
        "mht" | "mhtml" | "eml" => Promise::Refused("a web archive or an e-mail", AS_PAGE),
        "css" | "js" | "mjs" | "map" | "svg" | "woff" | "woff2" | "ttf" => Promise::Refused("a part of a saved web page", TAKE_OUT),
        "xml" | "rss" | "atom" => Promise::Kind(Format::Text),
        "jpg" | "jpeg" | "png" | "gif" | "bmp" | "tif" | "tiff" | "webp" => Promise::Unread("a picture", Format::Text),
        _ => Promise::Nothing,
    }
}

/// Whether a name promises a kind that is read piece by piece. Such files are opened to be cut up; others are only named then.
pub(super) fn may_be_streamed(name: &str) -> bool {
    match of_name(name) {
        Promise::Kind(format) => format.is_streamed(),
        Promise::Nothing => inner_name(name) != name.to_lowercase(),
        Promise::Unread(..) | Promise::Refused(..) => false,
    }
}

/// The kind of a file. `start` are its first bytes, unpacked; `whole` gives all of them, for kinds that only their inside tells.
pub(super) fn recognise(name: &str, start: &[u8], whole: impl FnOnce() -> Result<Vec<u8>, Failure>) -> Result<Recognised, Failure> {
    let promise = of_name(name);
    match Bytes::of(start) {
        Bytes::Kind(format) => Ok(recognised(promise, format)),
        Bytes::Unread(kind, advice) => Err(unread(kind, advice)),
        // The first entry of an Office document or a book says so; other archives are not read whole for it.
        Bytes::Zip if promise == Promise::Kind(Format::Zip) && !Contents::may_be_document(start) => Ok(recognised(promise, Format::Zip)),
        Bytes::Zip => match Contents::of(&whole()?) {
            Contents::Word => Ok(recognised(promise, Format::Docx)),
            Contents::Workbook => Ok(recognised(promise, Format::Workbook)),
            Contents::Files => Ok(recognised(promise, Format::Zip)),
            Contents::Other(kind) => Err(unread(kind, AS_DOCX)),
        },
        Bytes::OldOffice => match OldOffice::of(&whole()?) {
            OldOffice::Workbook => Ok(recognised(promise, Format::Workbook)),
            OldOffice::Protected => Err(protected()),
            OldOffice::Other(kind) => Err(unread(kind, AS_DOCX)),
        },
        Bytes::Text => of_text(promise, start),
    }
}

fn recognised(promise: Promise, format: Format) -> Recognised {
    let misnamed = match promise {
        Promise::Kind(promised) => promised != format,
        Promise::Unread(..) | Promise::Refused(..) => true,
        Promise::Nothing => false,
    };
    Recognised { format, misnamed }
}

/// The kind of a file whose bytes are no kind that they tell of.
fn of_text(promise: Promise, start: &[u8]) -> Result<Recognised, Failure> {
    let format = match promise {
        Promise::Refused(kind, advice) => return Err(unread(kind, advice)),
        Promise::Kind(Format::Json | Format::Jsonl) if first_mark(start) == b'[' => Format::Json,
        Promise::Kind(format) if format.is_text() => return Ok(recognised(promise, format)),
        // Many a .doc or .xls is a web page under a wrong name.
        _ if is_web_page(start) => Format::Html,
        Promise::Nothing => Format::Text,
        Promise::Kind(Format::Workbook) if is_text(start) => Format::Csv,
        Promise::Unread(_, format) if is_text(start) => format,
        Promise::Kind(_) if is_text(start) => Format::Text,
        Promise::Kind(format) => return Err(damaged(format)),
        Promise::Unread(kind, _) => return Err(unread(kind, AS_DOCX)),
    };
    Ok(match promise {
        Promise::Kind(Format::Jsonl | Format::Json) => Recognised { format, misnamed: false },
        _ => recognised(promise, format),
    })
}

/// The first byte of a text that is no white space, whatever its encoding.
fn first_mark(start: &[u8]) -> u8 {
    head_of(start).bytes().next().unwrap_or(0)
}

/// The beginning of a text in lower case, white space before it left out.
fn head_of(start: &[u8]) -> String {
    let start = &start[..start.len().min(1024)];
    let charset = decide_bytes(Encoding::Auto, start).map_or(Charset::Utf8, |decision| decision.charset);
    charset.decode(start).trim_start().chars().take(200).collect::<String>().to_ascii_lowercase()
}

/// How web pages and parts of them begin that are saved under another name; export programs write bare tables.
fn is_web_page(start: &[u8]) -> bool {
    const STARTS: [&str; 7] = ["<!doctype html", "<html", "<head", "<body", "<table", "<meta", "<title"];
    let head = head_of(start);
    let after = if head.starts_with("<?xml") || head.starts_with("<!--") {
        head.split_once('>').map_or("", |(_, rest)| rest).trim_start()
    } else {
        &head
    };
    STARTS.iter().any(|start| after.starts_with(start))
}

/// Whether bytes are text without doubt.
fn is_text(start: &[u8]) -> bool {
    let is_control = |c: char| c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{C}' | '\u{85}');
    decide_bytes(Encoding::Auto, start).is_ok_and(|decision| !decision.charset.decode(start).contains(is_control))
}

const AS_DOCX: &str = "save it as .docx (documents), .xlsx (workbooks) or text";
pub(super) const AS_PAGE: &str = "save it as a web page (.html) or as text";
const TAKE_OUT: &str = "leave it out of the input folder: the page itself is read";

fn unread(kind: &str, advice: &str) -> Failure {
    Failure::new(Stage::Extract, Code::Format, format!("expected a kind of file that is read, found {kind}, which is not; {advice}"))
}

fn protected() -> Failure {
    let message = "expected an open document, found one protected with a password; open it and save it without";
    Failure::new(Stage::Extract, Code::Format, message)
}

fn damaged(format: Format) -> Failure {
    let message = format!(
        "expected a file of the kind {} as its name says, found bytes of no known kind; it is damaged or misnamed: get an undamaged copy",
        format.name()
    );
    Failure::new(Stage::Extract, Code::Format, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(name: &str, start: &[u8]) -> Result<(Format, bool), String> {
        let found = recognise(name, start, || Ok(start.to_vec()));
        found.map(|found| (found.format, found.misnamed)).map_err(|failure| failure.message)
    }

    #[test]
    fn names_count_among_kinds_of_text() {
        let text = "正文。".as_bytes();
        for (name, format) in [
            ("新闻.TXT", Format::Text),
            ("README", Format::Text),
            ("a.md", Format::Markdown),
            ("a.jsonl.zst", Format::Jsonl),
            ("a.csv.gz", Format::Csv),
            ("a.HTM", Format::Html),
        ] {
            assert_eq!(of(name, text), Ok((format, false)), "{name}");
        }
        assert_eq!(of("a.json", b" [{}]"), Ok((Format::Json, false)));
        assert_eq!(of("a.jsonl", b"[{}]"), Ok((Format::Json, false)));
        assert_eq!(of("page", b"<!DOCTYPE HTML>"), Ok((Format::Html, false)));
    }

    #[test]
    fn bytes_win_over_the_name() {
        assert_eq!(of("a.txt", b"%PDF-1.7"), Ok((Format::Pdf, true)));
        assert_eq!(of("a.pdf", b"\n%PDF-1.4\n1 0 obj"), Ok((Format::Pdf, false)));
        assert_eq!(of("a.txt", "本文讲 %PDF-1.7 的格式。".as_bytes()), Ok((Format::Text, false)));
        assert_eq!(of("a.xls", b"<table><tr><td>x"), Ok((Format::Html, true)));
        assert_eq!(of("BZhong.txt", "BZhong 公司".as_bytes()), Ok((Format::Text, false)));
        assert_eq!(of("a.xlsx", "标题,正文\n".as_bytes()), Ok((Format::Csv, true)));
        assert_eq!(of("a.docx", "正文".as_bytes()), Ok((Format::Text, true)));
        assert_eq!(of("a.doc", b"<html><body>"), Ok((Format::Html, true)));
        assert_eq!(of("a.txt", b"PK\x05\x06"), Ok((Format::Zip, true)));
    }

    #[test]
    fn what_is_not_read_says_what_to_do() {
        for (name, start, expected) in [
            ("a.7z", &b"7z\xBC\xAF"[..], ".7z"),
            ("a.docx", b"\xD0\xCF\x11\xE0E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0", "password"),
            ("a.wps", b"\xD0\xCF\x11\xE0W\0o\0r\0d\0D\0o\0c\0u\0m\0e\0n\0t\0", "save it as .docx"),
            ("a.rar", b"Rar!", "unpack"),
            ("a.mhtml", b"From: <Saved by Blink>\r\nMIME-Version: 1.0", "save it as a web page"),
            ("page_files/a.js", b"var a = 1;", "the page itself"),
            ("a.docx", b"\0\x01\x02\x03", "damaged"),
        ] {
            assert!(of(name, start).is_err_and(|message| message.contains(expected)), "{name} {expected}");
        }
    }

    #[test]
    fn files_of_many_documents_are_known_by_name() {
        for name in ["a.csv", "a.jsonl.gz", "a.zip", "a.tar.zst", "a.tgz", "a.gz"] {
            assert!(may_be_streamed(name), "{name}");
        }
        for name in ["a.txt", "a.txt.gz", "a.docx", "README", "a.pdf"] {
            assert!(!may_be_streamed(name), "{name}");
        }
    }
}
