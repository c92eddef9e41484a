//! Rich text (.rtf): one document a file, with the same rules as for Word documents.
//!
//! The library turns the file into tokens and tokens into text. Between the two, tokens are changed where it reads a document
//! as Word shows it and not as its text: cells become lines; entries of a table of contents, automatic numbers and numbers of
//! notes go; deleted revisions are hidden; text boxes are read.
//!
//! A text box ends the line at which it is anchored, and what follows begins a new one. Properties of the file are not asked for
//! a title or a date: they are those of the template or of the last save.

use encoding_rs::GB18030;
use rtf_parser_tt::{ControlWord, Lexer, Parser, Part, Property, RtfDocument, StyleBlock, Token};

use crate::source::extracted::Extracted;
use crate::source::options::SourceOptions;
use crate::source::quarantine::{Code, Failure, Stage};

/// Most marks (`\`, `{`, `}`) of a file. Each can cost 250 bytes of memory, so this is half a GiB at worst; a Chinese character
/// takes one to three, so it is about a million characters, while pictures hold few.
const MOST_MARKS: usize = 2 << 20;

/// A word at the start of a group of which the library reads nothing.
const SKIPPED: ControlWord<'static> = ControlWord::Unknown(r"\fldinst");

/// Text of a rich text file: body, then notes; metadata is left empty.
///
/// Errors: `E_FORMAT` for a damaged file, or one of raw bytes that are not Chinese; `E_TOO_LARGE` beyond the number of marks, or
/// for text longer than `max_document_bytes`; `E_ENCODING` where the file does not say how it is encoded and that shows;
/// `E_EMPTY` for no text.
pub(in crate::source) fn read(bytes: &[u8], options: &SourceOptions) -> Result<Extracted, Failure> {
    let marks = memchr::memchr3_iter(b'\\', b'{', b'}', bytes).take(MOST_MARKS + 1).count();
    if marks > MOST_MARKS {
        let message = format!("expected a rich text file of at most {MOST_MARKS} marks, found more; split it, or save it as .docx");
        return Err(failure(Code::TooLarge, message));
    }
    let source = characters(bytes)?;
    let tokens = Lexer::scan(&source).map_err(|_| damaged("a wrong mark"))?;
    let document = Parser::new(as_text(tokens)).parse().map_err(|_| damaged("groups that are not closed, or a number out of range"))?;
    let text = lines(&document, options)?;
    if text.is_empty() {
        return Err(failure(Code::Empty, "expected a rich text file with text, found no text in it (only pictures?)"));
    }
    if is_misread(&text) {
        let message = "expected a rich text file that names its encoding, found Latin letters with accents only; save it as .docx";
        return Err(failure(Code::Encoding, message));
    }
    Ok(Extracted { text, ..Extracted::default() })
}

/// Nearly all files are ASCII with everything else in escapes; some writers store the bytes of the Chinese code page as they are.
fn characters(bytes: &[u8]) -> Result<String, Failure> {
    if let Ok(text) = simdutf8::basic::from_utf8(bytes) {
        return Ok(text.to_string());
    }
    let chinese = [r"\ansicpg936", r"\ansicpg54936"].iter().any(|mark| memchr::memmem::find(bytes, mark.as_bytes()).is_some());
    let decoded = chinese.then(|| GB18030.decode_without_bom_handling_and_without_replacement(bytes)).flatten();
    decoded.map(std::borrow::Cow::into_owned).ok_or_else(|| damaged("raw bytes that are no text"))
}

/// The tokens of the text a person reads.
fn as_text(tokens: Vec<Token<'_>>) -> Vec<Token<'_>> {
    let mut out: Vec<Token<'_>> = Vec::with_capacity(tokens.len());
    let (mut in_code, mut contents) = (false, false);
    for token in tokens {
        let Token::ControlSymbol((word, value)) = token else {
            if let (true, Token::PlainText(code)) = (in_code, &token)
                && !code.trim().is_empty()
            {
                contents = code.split_whitespace().next() == Some("TOC");
                in_code = false;
            }
            out.push(token);
            continue;
        };
        let name = if let ControlWord::Unknown(name) = word { name } else { "" };
        in_code = name == r"\fldinst" || (in_code && name != r"\fldrslt");
        let word = match (word, name) {
            (ControlWord::Cell | ControlWord::NestCell, _) | (_, r"\shptxt") => ControlWord::Par,
            (_, r"\fldrslt") if std::mem::take(&mut contents) => SKIPPED,
            (_, r"\listtext" | r"\pntext") => SKIPPED,
            (_, r"\deleted") => ControlWord::Hidden,
            (_, r"\chftn") => continue,
            (_, r"\shpinst") => {
                // Its mark says that old programs may pass it over.
                out.pop_if(|last| *last == Token::IgnorableDestination);
                word
            }
            _ => word,
        };
        // The library knows GB18030 by the name of its elder part only, and reads both.
        let value = if (word, value) == (ControlWord::AnsiCodePage, Property::Value(54936)) { Property::Value(936) } else { value };
        out.push(Token::ControlSymbol((word, value)));
    }
    out
}

/// Lines parted by LF, none of them blank.
fn lines(document: &RtfDocument, options: &SourceOptions) -> Result<String, Failure> {
    let mut text = String::new();
    for block in document.body.iter().filter(|block| is_text(block, document)) {
        if (text.len() + block.text.len()) as u64 > options.max_document_bytes {
            let limit = options.max_document_bytes;
            let message =
                format!("expected a document of at most {limit} bytes of text, found more; split it, or raise input.max_document_bytes");
            return Err(failure(Code::TooLarge, message));
        }
        text.extend(block.text.chars().filter(|c| *c != '\u{AD}').map(|c| if c == '\u{2011}' { '-' } else { c }));
    }
    let lines: Vec<&str> = text.split('\n').filter(|line| !line.trim().is_empty()).collect();
    Ok(lines.join("\n"))
}

/// Body and notes, unless hidden or in a font of symbols, whose letters are pictures.
fn is_text(block: &StyleBlock, document: &RtfDocument) -> bool {
    const SYMBOLS: u8 = 2;
    let symbols = document.header.font_table.get(&block.painter.font_ref).is_some_and(|font| font.character_set == SYMBOLS);
    // Line breaks in a font of symbols are line breaks.
    matches!(block.part, Part::Body | Part::Note(_)) && !block.painter.hidden && (!symbols || block.text.trim().is_empty())
}

/// Chinese text of a file that does not name its code page, read as Western European: letters with accents throughout.
fn is_misread(text: &str) -> bool {
    let (mut letters, mut accented) = (0_usize, 0_usize);
    for c in text.chars().filter(|c| !c.is_ascii() && !c.is_whitespace()) {
        letters += 1;
        accented += usize::from(('\u{A1}'..='\u{FF}').contains(&c));
    }
    let ascii = text.chars().filter(char::is_ascii_alphabetic).count();
    accented > ascii && accented * 2 > letters
}

fn failure(code: Code, message: impl Into<String>) -> Failure {
    Failure::new(Stage::Extract, code, message)
}

fn damaged(found: &str) -> Failure {
    let message = format!("expected a rich text file (.rtf), found a damaged one ({found}); open it in Word or WPS and save it as .docx");
    failure(Code::Format, message)
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use proptest::prelude::*;

    use super::*;

    const HEAD: &str =
        r"\rtf1\ansi\ansicpg936\deff0{\fonttbl{\f0\fcharset134 \'cb\'ce\'cc\'e5;}{\f2\fcharset2 Wingdings;}}{\info{\title T}}\f0";

    /// A text as escaped bytes of the Chinese code page.
    fn gbk(text: &str) -> String {
        GB18030.encode(text).0.iter().fold(String::new(), |mut out, byte| {
            if byte.is_ascii() {
                out.push(char::from(*byte))
            } else {
                write!(out, r"\'{byte:02x}").unwrap()
            }
            out
        })
    }

    /// A text as numbers of characters, each with `instead` for old programs.
    fn numbered(text: &str, instead: &str) -> String {
        text.encode_utf16().fold(String::new(), |out, unit| out + &format!(r"\u{}{instead}", unit.cast_signed()))
    }

    fn of(body: &str) -> Result<String, Failure> {
        read(format!("{{{HEAD} {body}}}").as_bytes(), &SourceOptions::default()).map(|found| found.text)
    }

    #[test]
    fn chinese_is_read_however_it_is_written() {
        let text = "坚持稳中求进，推进“十四五”规划〔2024〕1号。";
        for body in [
            gbk(text),
            gbk(text).replace(r"\'", "\r\n\\'"),
            format!(r"\uc1 {}", numbered(text, "?")),
            format!(r"\uc2 {}", numbered(text, r"\'bf\'bf")),
            format!(r"\uc0 {}", numbered(text, " ")),
            format!(r"\loch\af2\hich\af2\dbch\f0 {}", gbk(text)),
            text.to_string(),
        ] {
            assert_eq!(of(&body).unwrap(), text, "{body}");
        }
        let raw = GB18030.encode("{\\rtf1\\ansi\\ansicpg936 原样字节。}").0.into_owned();
        assert_eq!(read(&raw, &SourceOptions::default()).unwrap().text, "原样字节。");
        let newer = format!(r"{{\rtf1\ansi\ansicpg54936 {}}}", gbk(text));
        assert_eq!(read(newer.as_bytes(), &SourceOptions::default()).unwrap().text, text);
        assert_eq!(of(r"\'81\'5c\'81\{").unwrap(), "乗亄");
    }

    #[test]
    fn paragraphs_and_cells_are_lines() {
        assert_eq!(of(r"one\par\par two\line three\tab x").unwrap(), "one\ntwo\nthree\tx");
        assert_eq!(of(r"\trowd\cellx1 a\par b\cell c\cell\row\pard d\par").unwrap(), "a\nb\nc\nd");
    }

    #[test]
    fn what_is_no_text_is_left_out() {
        for (body, text) in [
            (r"a{\v hid}b{\deleted old\b0 er}{\revised new}", "abnew"),
            (r"a{\header H}{\footer F}{\*\annotation note}{\pict 0102}b", "ab"),
            (r#"see {\field{\*\fldinst HYPERLINK "x"}{\fldrslt link}} end"#, "see link end"),
            (
                r#"a\par{\field{\*\fldinst { TOC \\o "1-3" }}{\fldrslt {A\tab \plain {\field{\*\fldinst PAGEREF}{\fldrslt 1}}\par}}}b{\field{\*\fldinst X}{\fldrslt c}}"#,
                "a\nbc",
            ),
            (r"{\listtext\f2\'6c\tab}item\par{\pntext 2.\tab}next{\f2 \'fc}", "item\nnext"),
            (r"a\_b\-c", "a-bc"),
        ] {
            assert_eq!(of(body).unwrap(), text, "{body}");
        }
    }

    #[test]
    fn notes_come_last_and_text_boxes_once() {
        assert_eq!(of(r"body{\super\chftn{\footnote\pard{\super\chftn} note}}.\par last").unwrap(), "body.\nlast\n note");
        let boxed = r"a.{\shp{\*\shpinst\shpleft1{\sp{\sn x}{\sv 1}}{\shptxt box\par}}{\shprslt{\*\do\dptxbx{\dptxbxtext box}}}}b.";
        assert_eq!(of(boxed).unwrap(), "a.\nbox\nb.");
    }

    #[test]
    fn problems_are_named() {
        let code = |bytes: &[u8]| read(bytes, &SourceOptions::default()).unwrap_err().code;
        assert_eq!(code(b""), Code::Format);
        assert_eq!(code(b"{\\rtf1 half"), Code::Format);
        assert_eq!(code(b"{\\rtf1 \xFF\xFE}"), Code::Format);
        assert_eq!(code(b"{\\rtf1 {\\pict 01}}"), Code::Empty);
        assert_eq!(code(format!(r"{{\rtf1\ansi {}}}", gbk("没有写明编码")).as_bytes()), Code::Encoding);
        assert_eq!(code(&[b"{\\rtf1 ".as_slice(), &b"{}".repeat(MOST_MARKS / 2 + 1), b"x}"].concat()), Code::TooLarge);
        let options = SourceOptions { max_document_bytes: 5, ..SourceOptions::default() };
        assert_eq!(read(b"{\\rtf1 abcdef}", &options).unwrap_err().code, Code::TooLarge);
        assert_eq!(read(br"{\rtf1\ansi d\'e9j\'e0 vu}", &SourceOptions::default()).unwrap().text, "d\u{e9}j\u{e0} vu");
    }

    #[test]
    fn deep_groups_do_not_end_the_process() {
        let (open, close) = ("{".repeat(1_000_000), "}".repeat(1_000_000));
        assert_eq!(of(&format!("{open}x{close}")).unwrap(), "x");
    }

    proptest! {
        #[test]
        fn nothing_is_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..300), at in any::<prop::sample::Index>(), flip in any::<u8>()) {
            let _ = read(&bytes, &SourceOptions::default());
            let mut good = format!("{{{HEAD} {}\\par{{\\footnote {}}}\\cell\\row{{\\field{{\\*\\fldinst TOC}}{{\\fldrslt x}}}}\\uc2\\u20013\\'bf}}", gbk("文"), gbk("注")).into_bytes();
            let at = at.index(good.len());
            let _ = read(&good[..at], &SourceOptions::default());
            good[at] ^= flip;
            let _ = read(&good, &SourceOptions::default());
        }
    }
}
