//! Which reader a file gets: by its first bytes, then by its name.
//!
//! Adding a format: a file with its reader, a [`Format`], and its line in [`of_name`] (and in [`MAGIC`], if its bytes tell).

use super::quarantine::{Code, Failure, Stage};

/// A kind of file that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    /// One document: plain text.
    Text,
    /// One document: Markdown.
    Markdown,
    /// One document a line.
    Jsonl,
    /// One document a row.
    Csv,
}

/// What a name promises.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Named {
    /// A kind that is read.
    Read(Format),
    /// A kind that is not read.
    Refused(Failure),
    /// A kind that is not read and that is no text. If the bytes are text after all, the name is wrong, and they are read so.
    Binary(Format, Failure),
}

/// The format that a name promises, `.gz` and `.zst` left out of account. Unknown names are tried as text.
pub(super) fn of_name(name: &str) -> Named {
    let lower = name.to_lowercase();
    let inner = lower.strip_suffix(".gz").or_else(|| lower.strip_suffix(".zst")).unwrap_or(&lower);
    let binary = |format, kind, advice| Named::Binary(format, refused(kind, advice));
    match inner.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "md" | "markdown" => Named::Read(Format::Markdown),
        "jsonl" | "ndjson" => Named::Read(Format::Jsonl),
        "csv" | "tsv" => Named::Read(Format::Csv),
        "json" => Named::Refused(refused("a JSON file", "write one object a line and name it .jsonl")),
        "html" | "htm" | "xhtml" | "mhtml" => Named::Refused(refused("a web page", "save it as text (.txt)")),
        "rtf" => Named::Refused(refused("an RTF document", "save it as text (.txt, UTF-8)")),
        "doc" | "docx" | "wps" | "odt" | "ofd" => binary(Format::Text, "a word processor document", "save it as text (.txt, UTF-8)"),
        "xls" | "xlsx" | "et" | "ods" => binary(Format::Csv, "a spreadsheet", "save it as CSV UTF-8 (.csv)"),
        "ppt" | "pptx" | "dps" | "odp" => binary(Format::Text, "a presentation", "save its outline as text (.txt)"),
        "pdf" => binary(Format::Text, "a PDF", "save its text as .txt"),
        "zip" | "tar" | "tgz" | "rar" | "7z" => Named::Refused(refused("an archive", "unpack it into the input folder")),
        "jpg" | "jpeg" | "png" | "gif" | "bmp" | "tif" | "tiff" | "webp" => {
            Named::Refused(refused("a picture", "take it out of the input folder"))
        }
        _ => Named::Read(Format::Text),
    }
}

/// A kind of file that its first bytes give away.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Magic {
    start: &'static [u8],
    kind: &'static str,
    advice: &'static str,
    /// Whether many kinds begin so, and the name tells more.
    pub shared: bool,
}

const fn magic(start: &'static [u8], kind: &'static str, advice: &'static str, shared: bool) -> Magic {
    Magic { start, kind, advice, shared }
}

const AS_TEXT: &str = "save it as text (.txt)";
const AS_TEXT_OR_TABLE: &str = "save it as text (.txt) or CSV (.csv), or unpack it";
const UNPACK: &str = "unpack it into the input folder";
const TAKE_OUT: &str = "take it out of the input folder";

/// Files that are no text, whatever their name.
const MAGIC: [Magic; 12] = [
    magic(b"%PDF", "a PDF", "save its text as .txt", false),
    magic(b"PK\x03\x04", "an Office document or a zip archive", AS_TEXT_OR_TABLE, true),
    magic(b"\xD0\xCF\x11\xE0", "an old Office document", AS_TEXT_OR_TABLE, true),
    magic(b"{\\rtf", "an RTF document", AS_TEXT, false),
    magic(b"\x89PNG", "a picture", TAKE_OUT, false),
    magic(b"\xFF\xD8\xFF", "a picture", TAKE_OUT, false),
    magic(b"GIF8", "a picture", TAKE_OUT, false),
    magic(b"Rar!", "an archive", UNPACK, false),
    magic(b"7z\xBC\xAF", "an archive", UNPACK, false),
    magic(b"\x1F\x8B", "a file that is compressed twice", UNPACK, false),
    magic(b"\x28\xB5\x2F\xFD", "a file that is compressed twice", UNPACK, false),
    magic(b"SQLite format 3\0", "a database", "export its table as CSV (.csv)", false),
];

/// The kind that these first bytes give away. A compressed file is asked when it is unpacked.
pub(super) fn magic_of(start: &[u8]) -> Option<&'static Magic> {
    MAGIC.iter().find(|magic| start.starts_with(magic.start))
}

impl Magic {
    /// Why such a file is not read.
    pub fn refused(&self) -> Failure {
        refused(self.kind, self.advice)
    }
}

fn refused(kind: &str, advice: &str) -> Failure {
    let message =
        format!("expected .txt, .md, .jsonl or .csv (also as .gz or .zst), found {kind}, which this version does not read; {advice}");
    Failure::new(Stage::Extract, Code::Format, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_without_case_and_compression() {
        assert_eq!(of_name("新闻.TXT"), Named::Read(Format::Text));
        assert_eq!(of_name("a.jsonl.zst"), Named::Read(Format::Jsonl));
        assert_eq!(of_name("a.csv.gz"), Named::Read(Format::Csv));
        assert_eq!(of_name("README"), Named::Read(Format::Text));
        let Named::Binary(Format::Text, failure) = of_name("报告.docx") else { panic!("no word processor document") };
        assert!(failure.message.contains("word processor") && failure.message.contains("save it as text"), "{}", failure.message);
        assert!(matches!(of_name("a.tar.gz"), Named::Refused(_)));
    }

    #[test]
    fn first_bytes_win_over_the_name() {
        assert_eq!(magic_of(b"%PDF-1.7").unwrap().refused().code, Code::Format);
        assert_eq!(magic_of("正文".as_bytes()), None);
    }
}
