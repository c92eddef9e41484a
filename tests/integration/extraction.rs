//! PDF written by hand, read by the program in a process of its own, as a run asks for it.

#![cfg(feature = "pdf")]

use std::io::Write;
use std::process::{Child, Command, Output, Stdio};

use serde_json::{Value, json};

/// The program in the part of a helper.
fn helper() -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_yuliao"));
    command.arg("extract-document").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().unwrap()
}

/// Gives the program one document, as a run does.
fn serve(job: &str, options: &Value, document: &[u8]) -> Output {
    let mut child = helper();
    let mut stdin = child.stdin.take().unwrap();
    let request = [json!({ "job": job, "options": options }).to_string().as_bytes(), b"\n", document].concat();
    let writer = std::thread::spawn(move || drop(stdin.write_all(&request)));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    output
}

fn answer_of(output: &Output) -> Value {
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The text of a PDF, or the code and message why there is none.
fn read(document: &[u8]) -> Result<String, (String, String)> {
    read_with(&json!({}), document)
}

fn read_with(options: &Value, document: &[u8]) -> Result<String, (String, String)> {
    let answer = answer_of(&serve("Pdf", options, document));
    let text = |value: &Value| value.as_str().unwrap().to_string();
    match &answer["Refused"] {
        Value::Null => Ok(text(&answer["Text"]["text"])),
        refused => Err((text(&refused["code"]), text(&refused["message"]))),
    }
}

/// A PDF with one font and these pages: each the operators that draw it.
struct Pdf {
    encoding: &'static str,
    to_unicode: String,
    pages: Vec<Vec<u8>>,
    /// By how many degrees the pages are turned where they are shown.
    shown: u32,
    trailer: String,
}

/// Number of the object that draws the first page.
const FIRST_CONTENT: usize = 7;

impl Pdf {
    fn new(encoding: &'static str, pages: Vec<Vec<u8>>) -> Self {
        Self { encoding, to_unicode: String::new(), pages, shown: 0, trailer: String::new() }
    }

    fn bytes(&self) -> Vec<u8> {
        let kids: String = (0..self.pages.len()).map(|at| format!("{} 0 R ", FIRST_CONTENT - 1 + 2 * at)).collect();
        let map = if self.to_unicode.is_empty() { "" } else { "/ToUnicode 5 0 R" };
        let mut objects: Vec<Vec<u8>> = vec![
            b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
            format!("<< /Type /Pages /Kids [{kids}] /Count {} >>", self.pages.len()).into(),
            format!("<< /Type /Font /Subtype /Type0 /BaseFont /SimSun /Encoding /{} /DescendantFonts [4 0 R] {map} >>", self.encoding)
                .into(),
            b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /SimSun /DW 1000 \
              /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> >>"
                .to_vec(),
            stream(self.to_unicode.as_bytes()),
        ];
        for (at, content) in self.pages.iter().enumerate() {
            let content_number = FIRST_CONTENT + 2 * at;
            objects.push(
                format!(
                    "<< /Type /Page /Parent 2 0 R /Rotate {} /MediaBox [0 0 364 600] /Contents {content_number} 0 R \
                     /Resources << /Font << /F1 3 0 R >> >> >>",
                    self.shown
                )
                .into(),
            );
            objects.push(stream(content));
        }
        self.with_references(&objects)
    }

    fn with_references(&self, objects: &[Vec<u8>]) -> Vec<u8> {
        let mut out = b"%PDF-1.4\n%\xE4\xBD\xA0\n".to_vec();
        let mut references = String::from("0000000000 65535 f \n");
        for (at, object) in objects.iter().enumerate() {
            references += &format!("{:010} 00000 n \n", out.len());
            out.extend(format!("{} 0 obj\n", at + 1).bytes());
            out.extend(object);
            out.extend(b"\nendobj\n");
        }
        let (size, start) = (objects.len() + 1, out.len());
        out.extend(format!("xref\n0 {size}\n{references}trailer\n<< /Size {size} /Root 1 0 R {} >>\n", self.trailer).bytes());
        out.extend(format!("startxref\n{start}\n%%EOF\n").bytes());
        out
    }
}

fn stream(data: &[u8]) -> Vec<u8> {
    [format!("<< /Length {} >>\nstream\n", data.len()).as_bytes(), data, b"\nendstream"].concat()
}

/// Operators that write a line of 12-point letters.
fn line(x: u32, y: u32, code: &[u8]) -> Vec<u8> {
    let hex: String = code.iter().map(|byte| format!("{byte:02X}")).collect();
    format!("BT /F1 12 Tf 1 0 0 1 {x} {y} Tm <{hex}> Tj ET\n").into()
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_be_bytes).collect()
}

fn gbk(text: &str) -> Vec<u8> {
    encoding_rs::GBK.encode(text).0.into_owned()
}

const FIRST: &str = "各地要按照年度计划安排粮食轮换，做好入库";
const SECOND: &str = "检验，建立档案，确保数量真实、质量良好。";

fn two_lines(encode: fn(&str) -> Vec<u8>) -> Vec<u8> {
    [line(74, 540, &encode(FIRST)), line(50, 516, &encode(SECOND))].concat()
}

#[test]
fn encodings_of_chinese_writers_are_read_without_a_map() {
    for (encoding, encode) in [("UniGB-UCS2-H", utf16 as fn(&str) -> Vec<u8>), ("UniGB-UTF16-H", utf16), ("GBK-EUC-H", gbk)] {
        let document = Pdf::new(encoding, vec![two_lines(encode)]).bytes();
        assert_eq!(read(&document).unwrap(), format!("{FIRST}{SECOND}"), "{encoding}");
    }
}

#[test]
fn running_lines_go_and_sentences_cross_page_ends() {
    let bodies =
        [(FIRST, "检验，建立档案，并按季度报告执行的情况和存"), ("在的问题。", "重大事项要及时报告。"), ("附件", "储备粮检验的项目")];
    let pages = bodies.iter().enumerate().map(|(at, (first, second))| {
        let (header, number) = (utf16("储备粮管理办法"), utf16(&format!("— {} —", at + 1)));
        [line(150, 580, &header), line(50, 540, &utf16(first)), line(50, 516, &utf16(second)), line(180, 20, &number)].concat()
    });
    let text = read(&Pdf::new("UniGB-UCS2-H", pages.collect()).bytes()).unwrap();
    let expected =
        [&format!("{FIRST}检验，建立档案，并按季度报告执行的情况和存在的问题。"), "重大事项要及时报告。", "附件", "储备粮检验的项目"];
    assert_eq!(text.lines().collect::<Vec<_>>(), expected);
}

#[test]
fn turned_text_is_read_in_its_own_direction() {
    let turned = |x: u32, y: u32, text: &str, matrix: &str| {
        let code: String = utf16(text).iter().map(|byte| format!("{byte:02X}")).collect();
        format!("BT /F1 12 Tf {matrix} {x} {y} Tm <{code}> Tj ET\n").into_bytes()
    };
    let up = [turned(100, 50, FIRST, "0 1 -1 0"), turned(124, 50, SECOND, "0 1 -1 0")].concat();
    let down = [turned(300, 550, FIRST, "0 -1 1 0"), turned(276, 550, SECOND, "0 -1 1 0")].concat();
    for (content, shown) in [(&up, 0), (&up, 90), (&down, 0), (&down, 270)] {
        let mut pdf = Pdf::new("UniGB-UCS2-H", vec![content.clone()]);
        pdf.shown = shown;
        let text = read(&pdf.bytes()).unwrap();
        assert_eq!(text.replace('\n', ""), format!("{FIRST}{SECOND}"), "shown {shown}");
    }
}

#[test]
fn a_page_without_text_is_a_scan() {
    let (code, message) = read(&Pdf::new("UniGB-UCS2-H", vec![b"0.5 g 0 0 364 600 re f".to_vec()]).bytes()).unwrap_err();
    assert_eq!(code, "E_PDF_TEXT");
    assert!(message.contains("no usable text layer: 0 characters on 1 pages"), "{message}");
}

#[test]
fn a_font_that_maps_to_nothing_known_is_refused() {
    let codes: Vec<u8> = (1..=60_u16).flat_map(u16::to_be_bytes).collect();
    let mut pdf = Pdf::new("Identity-H", vec![line(50, 540, &codes)]);
    pdf.to_unicode = "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def \
        1 begincodespacerange <0000> <FFFF> endcodespacerange \
        1 beginbfrange <0001> <00FF> <E001> endbfrange endcmap end end"
        .into();
    let (code, message) = read(&pdf.bytes()).unwrap_err();
    assert_eq!(code, "E_PDF_TEXT");
    assert!(message.contains("100.0 % of its characters"), "{message}");
}

#[test]
fn a_document_in_another_language_needs_min_han_0() {
    let text = "The reserve is managed by plan, and its quality is checked twice a year.";
    let document = Pdf::new("UniGB-UCS2-H", vec![line(20, 540, &utf16(text))]).bytes();
    assert_eq!(read(&document).unwrap_err().0, "E_PDF_TEXT");
    assert_eq!(read_with(&json!({ "min_han": 0.0 }), &document).unwrap(), text);
}

#[test]
fn too_many_pages_are_refused() {
    let document = Pdf::new("UniGB-UCS2-H", vec![two_lines(utf16); 3]).bytes();
    assert_eq!(read_with(&json!({ "max_pages": 2 }), &document).unwrap_err().0, "E_TOO_LARGE");
}

/// RC4 of 40 bits, by which old writers protect.
fn rc4(key: &[u8], data: &[u8]) -> Vec<u8> {
    let mut state: Vec<u8> = (0..=255).collect();
    let mut j = 0_usize;
    for i in 0..256 {
        j = (j + usize::from(state[i]) + usize::from(key[i % key.len()])) % 256;
        state.swap(i, j);
    }
    let (mut i, mut j) = (0, 0);
    let mut next = || {
        i = (i + 1) % 256;
        j = (j + usize::from(state[i])) % 256;
        state.swap(i, j);
        state[(usize::from(state[i]) + usize::from(state[j])) % 256]
    };
    data.iter().map(|byte| byte ^ next()).collect()
}

/// A protected PDF: of the owner password `owner`, the empty user password, and an identifier of the bytes 0 to 15 follow the
/// two entries below and the key of the first page.
fn protected(user: &str) -> Vec<u8> {
    const KEY: [u8; 10] = [0x3F, 0x98, 0xF5, 0x90, 0x8C, 0x26, 0x7A, 0x10, 0x15, 0x3E];
    let mut pdf = Pdf::new("UniGB-UCS2-H", vec![rc4(&KEY, &two_lines(utf16))]);
    let id = "000102030405060708090A0B0C0D0E0F";
    pdf.trailer = format!(
        "/ID [<{id}> <{id}>] /Encrypt << /Filter /Standard /V 1 /R 2 /Length 40 /P -44 \
         /O <C92422687FACEE686E373F10B5C7D04738053152F7E2EE30E11C69EC442576AB> /U <{user}> >>"
    );
    pdf.bytes()
}

#[test]
fn a_password_is_named_and_an_empty_one_is_none() {
    let empty = protected("91A4F16B87FD8157DD732C62B6A3F48092323F6724CD42CA18380DE0C1140675");
    assert_eq!(read(&empty).unwrap(), format!("{FIRST}{SECOND}"));
    let (code, message) = read(&protected(&"5A".repeat(32))).unwrap_err();
    assert_eq!(code, "E_FORMAT");
    assert!(message.contains("protected with a password"), "{message}");
}

#[test]
fn damaged_files_are_refused_or_read_with_a_warning() {
    let pages =
        ["一、", "二、", "三、", "四、"].map(|mark| [line(74, 564, &utf16(mark)), two_lines(utf16), line(74, 492, &utf16(mark))].concat());
    let whole = Pdf::new("UniGB-UCS2-H", pages.to_vec()).bytes();
    let is_damaged = |document: &[u8]| answer_of(&serve("Pdf", &json!({}), document))["Text"]["is_damaged"].as_bool();
    assert_eq!(is_damaged(&whole), Some(false));
    assert_ne!(is_damaged(&whole[..whole.len() * 6 / 10]), Some(false));
    for document in [&b"%PDF-1.4\n"[..], b"%PDF", b"", &whole[..200]] {
        assert!(["E_FORMAT", "E_PDF_TEXT"].contains(&&*read(document).unwrap_err().0));
    }
    for at in (0..whole.len()).step_by(97) {
        let mut flipped = whole.clone();
        flipped[at] ^= 0x55;
        let _ = answer_of(&serve("Pdf", &json!({}), &flipped));
        let _ = answer_of(&serve("Pdf", &json!({}), &whole[..at]));
    }
}

#[test]
fn hunger_for_memory_or_stack_ends_the_process_and_nothing_else() {
    let mut pdf = Pdf::new("UniGB-UCS2-H", vec![b"[".repeat(2_000_000)]);
    let deep = serve("Pdf", &json!({}), &pdf.bytes());
    assert!(!String::from_utf8_lossy(&deep.stdout).contains("\"Text\""));
    pdf.trailer = format!("/Deep {}{}", "[".repeat(200_000), "]".repeat(200_000));
    let _ = serve("Pdf", &json!({}), &pdf.bytes());
    pdf = Pdf::new("UniGB-UCS2-H", vec![two_lines(utf16), vec![b' '; 64 << 20]]);
    let hungry = serve("Pdf", &json!({ "max_memory_bytes": 48 << 20 }), &pdf.bytes());
    assert!(!String::from_utf8_lossy(&hungry.stdout).contains("\"Text\""));
}

#[test]
fn what_is_no_request_is_refused() {
    for request in ["", "{}\n", "extract\n"] {
        let mut child = helper();
        child.stdin.take().unwrap().write_all(request.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(!output.status.success() && output.stdout.is_empty() && output.stderr.is_empty());
    }
}
