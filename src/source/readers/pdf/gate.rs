//! Is this text layer text? A scan has none, and a font without a map to Unicode gives letters of no language without any
//! error: only their kinds tell.

use super::Pages;
use crate::source::options::SourceOptions;
use crate::source::quarantine::{Code, Failure, Stage};
use crate::text::is_han;

/// Largest share of characters that mean nothing outside their font, or nothing at all.
const MOST_MEANINGLESS: f64 = 0.01;
/// Fewest characters of a page on the average, white space left out. Page numbers and stamps of a scan are fewer.
const FEWEST_PER_PAGE: usize = 20;

/// Refuses a PDF whose text layer cannot be used.
///
/// `whole` is all text of the pages, `body` is what is left without running headers and page numbers: a scanned book often has
/// only those in letters.
///
/// # Errors
/// `E_PDF_TEXT` with the measured value where private-use, replacement and control characters are more than 1 % of the
/// characters; where Han characters are less than `min_han` of the letters; or where a page has fewer than 20 characters on the
/// average. Averages over all pages, so that the short pages of slides and a blank page are no reason.
pub(super) fn check(whole: &Pages, body: &Pages, options: &SourceOptions) -> Result<(), Failure> {
    let pages = whole.0.len().max(1);
    let visible = Count::of(body).visible;
    if visible < FEWEST_PER_PAGE * pages {
        return Err(refused(&format!("{visible} characters on {pages} pages")));
    }
    let count = Count::of(whole);
    let meaningless = share(count.meaningless, count.visible);
    if meaningless > MOST_MEANINGLESS {
        return Err(refused(&format!("{:.1} % of its characters mean nothing outside their font", meaningless * 100.0)));
    }
    let han = share(count.han, count.letters);
    if han < options.min_han {
        let (han, least) = (han * 100.0, options.min_han * 100.0);
        return Err(refused(&format!("{han:.1} % of its letters are Han characters, expected {least:.0} % (input.min_han)")));
    }
    Ok(())
}

fn refused(found: &str) -> Failure {
    let message =
        format!("no usable text layer: {found} (a scan, or a font without a map); recognise its text (OCR) or get the original .docx");
    Failure::new(Stage::Extract, Code::PdfText, message)
}

/// 0 of 0 is 0.
fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole.max(1) as f64
}

#[derive(Default)]
struct Count {
    visible: usize,
    meaningless: usize,
    letters: usize,
    han: usize,
}

impl Count {
    fn of(pages: &Pages) -> Self {
        let mut count = Self::default();
        let characters = pages.0.iter().flatten().flat_map(|line| line.text.chars());
        for c in characters.filter(|c| !c.is_whitespace()) {
            count.visible += 1;
            count.meaningless += usize::from(is_meaningless(c));
            count.han += usize::from(is_han(c));
            count.letters += usize::from(is_han(c) || c.is_alphabetic());
        }
        count
    }
}

fn is_meaningless(c: char) -> bool {
    c == char::REPLACEMENT_CHARACTER || c.is_control() || is_private_use(c)
}

/// A character that only its font knows.
pub(super) fn is_private_use(c: char) -> bool {
    matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFD}')
}

#[cfg(test)]
mod tests {
    use super::super::lines::Line;
    use super::*;

    fn check_texts(pages: &[&str], min_han: f64) -> Result<(), Failure> {
        let line = |text: &str| Line { text: text.into(), ..Line::default() };
        let pages = Pages(pages.iter().map(|page| page.lines().map(line).collect()).collect());
        check(&pages, &pages, &SourceOptions { min_han, ..SourceOptions::default() })
    }

    fn refusal(pages: &[&str]) -> String {
        let failure = check_texts(pages, 0.2).unwrap_err();
        assert_eq!((failure.code, failure.stage), (Code::PdfText, Stage::Extract));
        failure.message
    }

    const GOOD: &str = "各地要加强粮食储备管理，确保数量真实、质量良好。";

    #[test]
    fn chinese_text_passes() {
        assert_eq!(check_texts(&[GOOD], 0.2), Ok(()));
        assert_eq!(check_texts(&["目录", GOOD, "谢谢", "", &GOOD.repeat(4)], 0.2), Ok(()), "slides");
        let mixed = format!("{GOOD}调用 train(model, data) 和 test(model) 两个函数");
        assert_eq!(check_texts(&[&mixed], 0.2), Ok(()));
        assert_eq!(check_texts(&[&"A report in another language, with words.".repeat(3)], 0.0), Ok(()));
    }

    #[test]
    fn garbage_is_refused_with_its_share() {
        let georgian = "ხელისუფლება და მართვა რეფორმა ეკონომიკა ".repeat(5);
        assert!(refusal(&[&georgian]).contains("0.0 % of its letters are Han"));
        let private = format!("{}\u{E001}\u{E002}\u{F8FF}", GOOD.repeat(2));
        assert!(refusal(&[&private]).contains("5.9 % of its characters"), "{}", refusal(&[&private]));
        assert!(refusal(&[&format!("{GOOD}\u{1}")]).contains("mean nothing"));
        assert!(refusal(&[GOOD, "", "", ""]).contains("24 characters on 4 pages"));
        assert!(refusal(&[]).contains("0 characters on 1 pages"));
        assert!(refusal(&[&"1234 5678 ".repeat(9)]).contains("Han"), "numbers alone");
    }
}
