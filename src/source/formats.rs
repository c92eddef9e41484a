//! Which reader a file gets: by its first bytes, then by its name.

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

/// The format that a name promises, `.gz` and `.zst` left out of account. Unknown names are tried as text.
pub(super) fn of_name(name: &str) -> Result<Format, Failure> {
    let lower = name.to_lowercase();
    let inner = lower.strip_suffix(".gz").or_else(|| lower.strip_suffix(".zst")).unwrap_or(&lower);
    match inner.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "md" | "markdown" => Ok(Format::Markdown),
        "jsonl" | "ndjson" => Ok(Format::Jsonl),
        "csv" | "tsv" => Ok(Format::Csv),
        "json" => Err(refused("a JSON file", "write one object a line and name it .jsonl")),
        "html" | "htm" | "xhtml" | "mhtml" => Err(refused("a web page", "save it as text (.txt)")),
        "doc" | "docx" | "wps" | "rtf" | "odt" | "ofd" => Err(refused("a word processor document", "save it as text (.txt, UTF-8)")),
        "xls" | "xlsx" | "et" | "ods" => Err(refused("a spreadsheet", "save it as CSV UTF-8 (.csv)")),
        "ppt" | "pptx" | "dps" | "odp" => Err(refused("a presentation", "save its outline as text (.txt)")),
        "pdf" => Err(refused("a PDF", "save its text as .txt")),
        "zip" | "tar" | "tgz" | "rar" | "7z" => Err(refused("an archive", "unpack it into the input folder")),
        "jpg" | "jpeg" | "png" | "gif" | "bmp" | "tif" | "tiff" | "webp" => Err(refused("a picture", "take it out of the input folder")),
        _ => Ok(Format::Text),
    }
}

/// Files whose first bytes say that they are no text, whatever their name.
pub(super) fn refused_by_magic(start: &[u8]) -> Option<Failure> {
    let kinds: [(&[u8], &str, &str); 8] = [
        (b"%PDF", "a PDF", "save its text as .txt"),
        (b"PK\x03\x04", "an Office document or a zip archive", "save it as text (.txt) or CSV (.csv), or unpack it"),
        (b"\xD0\xCF\x11\xE0", "an old Office document", "save it as text (.txt) or CSV (.csv)"),
        (b"{\\rtf", "an RTF document", "save it as text (.txt)"),
        (b"\x89PNG", "a picture", "take it out of the input folder"),
        (b"\xFF\xD8\xFF", "a picture", "take it out of the input folder"),
        (b"Rar!", "an archive", "unpack it into the input folder"),
        (b"7z\xBC\xAF", "an archive", "unpack it into the input folder"),
    ];
    kinds.iter().find(|(magic, _, _)| start.starts_with(magic)).map(|(_, kind, advice)| refused(kind, advice))
}

fn refused(kind: &str, advice: &str) -> Failure {
    let message = format!("expected .txt, .md, .jsonl or .csv (also as .gz or .zst), found {kind}, which this version does not read; {advice}");
    Failure::new(Stage::Extract, Code::Format, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_without_case_and_compression() {
        assert_eq!(of_name("新闻.TXT").unwrap(), Format::Text);
        assert_eq!(of_name("a.jsonl.zst").unwrap(), Format::Jsonl);
        assert_eq!(of_name("a.csv.gz").unwrap(), Format::Csv);
        assert_eq!(of_name("README").unwrap(), Format::Text);
        let message = of_name("报告.docx").unwrap_err().message;
        assert!(message.contains("word processor") && message.contains("save it as text"), "{message}");
    }

    #[test]
    fn first_bytes_win_over_the_name() {
        assert_eq!(refused_by_magic(b"%PDF-1.7").unwrap().code, Code::Format);
        assert_eq!(refused_by_magic("正文".as_bytes()), None);
    }
}
