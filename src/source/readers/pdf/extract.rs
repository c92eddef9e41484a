//! Only this file and `layout` name the library that reads PDF.

use pdf_oxide::{Error, PdfDocument};

use super::{Pages, PdfText, gate, layout, lines};
use crate::source::options::SourceOptions;
use crate::source::quarantine::{Code, Failure, Stage};

/// The end mark of a PDF stands in the last bytes; where it is missing the file was cut.
const END_WITHIN: usize = 2048;

/// Reads a PDF in this process.
pub(in crate::source::readers) fn extract(bytes: &[u8], options: &SourceOptions) -> Result<PdfText, Failure> {
    let document = PdfDocument::from_bytes(bytes.to_vec()).map_err(|error| unreadable(&error))?;
    if document.is_encrypted() && !document.is_authenticated() {
        return Err(protected());
    }
    let count = document.page_count().map_err(|error| unreadable(&error))?;
    let most = options.max_pages as usize;
    if count > most {
        let message = format!("expected a PDF of at most {most} pages, found {count}; split it, or raise input.max_pages");
        return Err(Failure::new(Stage::Extract, Code::TooLarge, message));
    }
    let mut pages = Pages::default();
    let mut broken = Vec::new();
    for number in 0..count {
        match page(&document, number) {
            Ok(lines) => pages.0.push(lines),
            Err(error) => broken.push((number, error)),
        }
    }
    if let Some((number, error)) = broken.first().filter(|_| broken.len() * 2 > count) {
        let (many, number) = (broken.len(), number + 1);
        return Err(damaged(&format!("{many} of its {count} pages cannot be read, the first is page {number}: {error}")));
    }
    let body = lines::without_running(&pages);
    gate::check(&pages, &body, options)?;
    let end = &bytes[bytes.len().saturating_sub(END_WITHIN)..];
    let is_cut = !end.windows(5).any(|at| at == b"%%EOF");
    Ok(PdfText { text: lines::paragraphs(&body), is_damaged: is_cut || !broken.is_empty() })
}

fn page(document: &PdfDocument, number: usize) -> Result<Vec<lines::Line>, Error> {
    let spans = document.extract_spans(number)?;
    let (left, _, right, _) = document.get_page_visible_box(number)?;
    let is_turned = document.get_page_rotation(number)? != 0;
    Ok(layout::lines(&spans, layout::Paper { width: right - left, is_turned }))
}

fn unreadable(error: &Error) -> Failure {
    match error {
        Error::EncryptedPdf => protected(),
        error => damaged(&error.to_string()),
    }
}

fn protected() -> Failure {
    let message = "expected a PDF that opens without a password, found one that is protected with a password; save it without";
    Failure::new(Stage::Extract, Code::Format, message)
}

fn damaged(what: &str) -> Failure {
    let message = format!("expected a PDF, found a damaged one ({what}); open it and print it into a new PDF, or save its text as .txt");
    Failure::new(Stage::Extract, Code::Format, message)
}
