//! Workbooks written by hand.

use std::io::{Cursor, Write};

use proptest::prelude::*;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::*;
use crate::source::quarantine::Code;

fn zipped(entries: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in entries {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";

const TEXTS: &str = r#"<si><t>标题</t></si><si><r><t>粮食</t></r><r><t>储备</t></r><rPh sb="0" eb="2"><t>リョウショク</t></rPh></si>"#;

/// A workbook of these sheets: name, attributes, rows.
fn xlsx_with(sheets: &[(&str, &str, &str)], shared: &str) -> Vec<u8> {
    let numbered = || sheets.iter().enumerate().map(|(at, sheet)| (at + 1, sheet));
    let listed: String =
        numbered().map(|(id, (name, more, _))| format!(r#"<sheet name="{name}" sheetId="{id}" r:id="r{id}" {more}/>"#)).collect();
    let related: String = numbered()
        .map(|(id, _)| format!(r#"<Relationship Id="r{id}" Type="{RELATIONS}/worksheet" Target="worksheets/sheet{id}.xml"/>"#))
        .collect();
    let mut entries = vec![
        (
            "_rels/.rels".to_string(),
            format!(
                r#"<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
            ),
        ),
        ("xl/workbook.xml".to_string(), format!(r#"<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>{listed}</sheets></workbook>"#)),
        ("xl/_rels/workbook.xml.rels".to_string(), format!(r#"<Relationships xmlns="{PACKAGE}">{related}</Relationships>"#)),
        ("xl/sharedStrings.xml".to_string(), shared.to_string()),
        (
            "xl/styles.xml".to_string(),
            format!(
                r#"<styleSheet xmlns="{MAIN}"><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="10"/></cellXfs></styleSheet>"#
            ),
        ),
    ];
    for (id, (_, _, rows)) in numbered() {
        let sheet = format!(r#"<worksheet xmlns="{MAIN}"><dimension ref="A1:XFD1048576"/><sheetData>{rows}</sheetData></worksheet>"#);
        entries.push((format!("xl/worksheets/sheet{id}.xml"), sheet));
    }
    zipped(&entries.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect::<Vec<_>>())
}

fn xlsx(sheets: &[(&str, &str, &str)]) -> Vec<u8> {
    xlsx_with(sheets, &format!(r#"<sst xmlns="{MAIN}" uniqueCount="2">{TEXTS}</sst>"#))
}

const ROWS: &str = r#"<row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="inlineStr"><is><t>日期</t></is></c></row>
    <row r="2"><c r="A2"/></row>
    <row r="4"><c r="A4" t="s"><v>1</v></c><c r="B4" s="2"><v>0.25</v></c><c r="C4" s="1"><v>45296</v></c></row>
    <row r="5"><c r="A5" t="e"><v>#REF!</v></c><c r="B5"><f>1+2</f><v>3</v></c><c r="C5" t="b"><v>1</v></c></row>"#;

fn cells(sheet: &Sheet) -> Vec<(u64, Vec<&str>, u32)> {
    sheet.rows.iter().map(|row| (row.number, row.cells.iter().map(String::as_str).collect(), row.errors)).collect()
}

fn failure(bytes: &[u8]) -> Failure {
    extract(bytes, &SourceOptions::default()).unwrap_err()
}

#[test]
fn cells_are_what_a_person_sees() {
    let bytes = xlsx(&[("一季度", "", ROWS), ("底稿", r#"state="hidden""#, ROWS), ("公式", r#"state="veryHidden""#, ROWS), ("空", "", "")]);
    let book = read(&bytes, &SourceOptions::default()).unwrap();
    assert_eq!(book.sheets.iter().map(|sheet| sheet.name.as_str()).collect::<Vec<_>>(), ["一季度", "空"]);
    assert_eq!(book.hidden, 2);
    let expected = [(1, vec!["标题", "", "日期"], 0), (4, vec!["粮食储备", "25.00%", "2024-01-05"], 0), (5, vec!["", "3", "TRUE"], 1)];
    assert_eq!(cells(&book.sheets[0]), expected);
    assert!(book.sheets[1].rows.is_empty());
}

#[test]
fn two_cells_at_the_ends_of_a_sheet_are_two_rows() {
    let far = r#"<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>"#;
    let book = extract(&xlsx(&[("表", "", far)]), &SourceOptions::default()).unwrap();
    assert_eq!(book.sheets[0].rows.iter().map(|row| (row.number, row.cells.len())).collect::<Vec<_>>(), [(1, 16_384), (1_048_576, 16_384)]);
}

#[test]
fn what_grows_without_bound_is_refused() {
    let zeros = "0".repeat(70 << 20);
    assert_eq!(failure(&xlsx(&[("表", "", &zeros)])).code, Code::TooLarge);
    let stated = format!(r#"<sst xmlns="{MAIN}" uniqueCount="99999999999999">{TEXTS}</sst>"#);
    let lying = failure(&xlsx_with(&[("表", "", ROWS)], &stated));
    assert!(lying.code == Code::Format && lying.message.contains("states more texts"), "{}", lying.message);
    let long = format!(r#"<sst xmlns="{MAIN}"><si><t>{}</t></si></sst>"#, "粮".repeat(1 << 18));
    let rows: String = (1..200).map(|row| format!(r#"<row r="{row}"><c r="A{row}" t="s"><v>0</v></c></row>"#)).collect();
    assert_eq!(failure(&xlsx_with(&[("表", "", &rows)], &long)).code, Code::TooLarge);
}

#[test]
fn what_is_no_workbook_is_named() {
    let ole = |name: &str| {
        let mut bytes = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
        bytes.extend(name.encode_utf16().flat_map(u16::to_le_bytes));
        failure(&bytes)
    };
    assert!(ole("EncryptedPackage").message.contains("protected with a password"));
    assert!(ole("WordDocument").message.contains("old Word document"));
    assert!(ole("Workbook").message.contains("damaged"));
    for (bytes, expected) in [
        (zipped(&[("word/document.xml", "")]), "another zip archive"),
        (zipped(&[("mimetype", "application/vnd.oasis.opendocument.text"), ("content.xml", "")]), "another OpenDocument file"),
        (b"name,text\n".to_vec(), "another kind"),
        (zipped(&[("xl/workbook.xml", "<workbook")]), "damaged"),
        (b"PK\x03\x04".to_vec(), "damaged"),
    ] {
        let failure = failure(&bytes);
        assert!(failure.code == Code::Format && failure.message.contains(expected), "{}", failure.message);
    }
}

fn ods(tables: &str) -> Vec<u8> {
    let styles = r#"<style:style style:name="ta2"><style:table-properties table:display="false"/></style:style>"#;
    let content = format!("<office:document-content>{styles}<office:spreadsheet>{tables}</office:spreadsheet></office:document-content>");
    zipped(&[("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", &content)])
}

const ODS_ROWS: &str = r#"<table:table-row><table:table-cell office:value-type="string"><office:annotation><text:p>批注</text:p></office:annotation>
    <text:p>粮食<text:s text:c="2"/>储备</text:p><text:p>A&amp;B</text:p></table:table-cell>
    <table:table-cell table:number-columns-repeated="2" office:value-type="float" office:value="3"><text:p>3.00</text:p></table:table-cell></table:table-row>
    <table:table-row table:number-rows-repeated="3"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>
    <table:table-row table:number-rows-repeated="2"><table:covered-table-cell/>
    <table:table-cell office:value-type="percentage" office:value="0.25"><text:p>25%</text:p></table:table-cell>
    <table:table-cell office:value-type="date" office:date-value="2024-01-05T00:00:00"><text:p>5.1.24</text:p></table:table-cell></table:table-row>
    <table:table-row><table:table-cell calcext:value-type="error" office:value-type="string"><text:p>#REF!</text:p></table:table-cell>
    <table:table-cell office:value-type="boolean" office:boolean-value="true"><text:p>真</text:p></table:table-cell>
    <table:table-cell office:value-type="time" office:time-value="PT08H30M00S"/></table:table-row>
    <table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>"#;

#[test]
fn open_document_sheets_are_read() {
    let tables = format!(
        r#"<table:table table:name="表一">{ODS_ROWS}</table:table><table:table table:name="表二" table:style-name="ta2">{ODS_ROWS}</table:table>"#
    );
    let book = read(&ods(&tables), &SourceOptions::default()).unwrap();
    assert_eq!((book.sheets.len(), book.hidden), (1, 1));
    let expected = [
        (1, vec!["粮食  储备\nA&B", "3", "3"], 0),
        (5, vec!["", "25%", "2024-01-05"], 0),
        (6, vec!["", "25%", "2024-01-05"], 0),
        (7, vec!["", "TRUE", "8:30:00"], 1),
    ];
    assert_eq!(cells(&book.sheets[0]), expected);
}

#[test]
fn repetitions_of_open_document_are_bounded() {
    let cell = r#"<table:table-cell table:number-columns-repeated="4000000000" office:value-type="float" office:value="1"/>"#;
    let row = format!(r#"<table:table-row table:number-rows-repeated="4000000000">{cell}</table:table-row>"#);
    assert_eq!(failure(&ods(&format!(r#"<table:table table:name="表">{row}</table:table>"#))).code, Code::TooLarge);
    let cut = failure(&ods(r#"<table:table table:name="表"><table:table-row>"#));
    assert!(cut.code == Code::Format && cut.message.contains("damaged"), "{}", cut.message);
    let encrypted = zipped(&[
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
        ("content.xml", "\u{1}\u{2}"),
        ("META-INF/manifest.xml", "<manifest:encryption-data/>"),
    ]);
    assert!(failure(&encrypted).message.contains("password"));
}

/// A record of the old binary format.
fn record(kind: u16, data: &[u8]) -> Vec<u8> {
    [&kind.to_le_bytes(), &(data.len() as u16).to_le_bytes(), data].concat()
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// The stream of an old workbook with a visible and a hidden sheet, both at the same place.
fn old_stream() -> Vec<u8> {
    let begin = |kind: u16| record(0x0809, &[&0x0600_u16.to_le_bytes()[..], &kind.to_le_bytes(), &[0; 12]].concat());
    let end = record(0x000A, &[]);
    let sheet = |at: u32, hidden: u8, name: &str| {
        let head = [&at.to_le_bytes()[..], &[hidden, 0, name.chars().count() as u8, 1]].concat();
        record(0x0085, &[head, utf16(name)].concat())
    };
    let globals =
        |at| [begin(5), record(0x0042, &1200_u16.to_le_bytes()), sheet(at, 0, "一季度"), sheet(at, 1, "底稿"), end.clone()].concat();
    let place = |row: u16, column: u16| [row.to_le_bytes(), column.to_le_bytes(), [0, 0]].concat();
    let label = record(0x0204, &[place(2, 1), 2_u16.to_le_bytes().to_vec(), vec![1], utf16("粮食")].concat());
    let number = record(0x0203, &[place(4, 2), 12.5_f64.to_le_bytes().to_vec()].concat());
    [globals(globals(0).len() as u32), begin(0x10), label, number, end].concat()
}

/// A container of the old format with one stream: a sector each for allocation and folder, then the stream.
fn xls(mut stream: Vec<u8>) -> Vec<u8> {
    stream.resize(4096.max(stream.len().next_multiple_of(512)), 0);
    let count = (stream.len() / 512) as u32;
    let mut head = vec![0; 512];
    let mut put = |at: usize, bytes: &[u8]| head[at..at + bytes.len()].copy_from_slice(bytes);
    put(0, b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1");
    put(24, &[0x3E, 0, 3, 0, 0xFE, 0xFF, 9, 0, 6, 0]);
    put(44, &[1, 0, 0, 0, 1]);
    put(56, &4096_u32.to_le_bytes());
    put(60, &[0xFE, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 0xFE, 0xFF, 0xFF, 0xFF]);
    put(76, &0_u32.to_le_bytes());
    put(80, &[0xFF; 432]);
    let mut allocation: Vec<u32> = vec![0xFFFF_FFFD, 0xFFFF_FFFE];
    allocation.extend((0..count).map(|at| if at + 1 == count { 0xFFFF_FFFE } else { at + 3 }));
    allocation.resize(128, u32::MAX);
    let entry = |name: &str, kind: u8, start: u32, size: u32| {
        let mut entry = utf16(name);
        entry.resize(64, 0);
        entry.extend((name.len() as u16 * 2 + 2).to_le_bytes());
        entry.extend([kind, 1]);
        entry.extend([0xFF; 12]);
        entry.resize(116, 0);
        entry.extend(start.to_le_bytes());
        entry.extend(u64::from(size).to_le_bytes());
        entry
    };
    let mut folder = [entry("Root Entry", 5, 0xFFFF_FFFE, 0), entry("Workbook", 2, 2, stream.len() as u32)].concat();
    folder.resize(512, 0);
    [head, allocation.into_iter().flat_map(u32::to_le_bytes).collect(), folder, stream].concat()
}

#[test]
fn old_workbooks_are_read() {
    let book = read(&xls(old_stream()), &SourceOptions::default()).unwrap();
    assert_eq!((book.sheets.len(), book.hidden), (1, 1));
    assert_eq!(book.sheets[0].name, "一季度");
    assert_eq!(cells(&book.sheets[0]), [(3, vec!["", "粮食", ""], 0), (5, vec!["", "", "12.5"], 0)]);
    let with_password = [record(0x0809, &[&0x0600_u16.to_le_bytes()[..], &[5, 0], &[0; 12]].concat()), record(0x002F, &[1, 0])].concat();
    assert!(failure(&xls(with_password)).message.contains("password"));
}

#[test]
fn cut_and_flipped_files_do_not_panic() {
    let tables = format!(r#"<table:table table:name="表">{ODS_ROWS}</table:table>"#);
    for whole in [xlsx(&[("表", "", ROWS)]), ods(&tables)] {
        for at in (0..whole.len()).step_by(97) {
            let _ = extract(&whole[..at], &SourceOptions::default());
            let mut flipped = whole.clone();
            flipped[at] ^= 0x55;
            let _ = extract(&flipped, &SourceOptions::default());
        }
    }
}

/// XML that is damaged inside whole archives: what the reader of the zip would not let through otherwise.
#[test]
fn damaged_xml_does_not_panic() {
    for at in (0..ROWS.len()).step_by(7).filter(|at| ROWS.is_char_boundary(*at)) {
        let _ = extract(&xlsx(&[("表", "", &ROWS[..at])]), &SourceOptions::default());
        let mut rows = ROWS.to_string();
        rows.insert(at, '9');
        let _ = extract(&xlsx(&[("表", "", &rows)]), &SourceOptions::default());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn random_bytes_do_not_panic(bytes in prop::collection::vec(any::<u8>(), 0..400), magic in prop::sample::select(vec![&b"PK\x03\x04"[..], b"\xD0\xCF\x11\xE0", b""])) {
        let _ = extract(&[magic, &bytes].concat(), &SourceOptions::default());
    }
}
