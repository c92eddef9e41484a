//! Workbooks into documents: one a row where a column of text is named, else one a sheet.

use std::sync::Arc;

use super::batch::ReadBatch;
use super::decode;
use super::document::{Document, Origin, Warning};
use super::formats::Format;
use super::input::Input;
use super::lines;
use super::metadata::Metadata;
use super::options::SourceOptions;
use super::quarantine::{Code, Failure, Stage};
use super::read::ReadDocument;
use super::readers::sheet::{self, Row, Sheet};
use super::records::Columns;

/// Rows in which the names of the columns are looked for: a title and a note often stand above them.
const MOST_ROWS_ABOVE: usize = 10;
/// Most characters of the name of a column, with what it may say of how to fill it in.
const MOST_NAME: usize = 80;

/// Reads a workbook. The first sheet with values has the path of the file, the others that and their name.
pub(super) fn read(input: &Input, bytes: &[u8], options: &SourceOptions, out: &mut ReadBatch) -> Result<(), Failure> {
    let workbook = sheet::read(bytes, options)?;
    let warning = |code, path: &Arc<str>, record| Warning { code, path: path.clone(), record };
    if workbook.hidden > 0 {
        out.warnings.push(warning("W_HIDDEN_SHEET", &input.relative, None));
    }
    let mut sheets = workbook.sheets.into_iter().filter(|sheet| !sheet.rows.is_empty()).peekable();
    if sheets.peek().is_none() {
        return Err(Failure::new(Stage::Extract, Code::Empty, "no cell of a visible sheet holds a value"));
    }
    for (number, sheet) in sheets.enumerate() {
        let path = if number == 0 { input.relative.clone() } else { format!("{}/{}", input.relative, sheet.name).into() };
        for row in sheet.rows.iter().filter(|row| row.errors > 0) {
            out.warnings.push(warning("W_CELL_ERROR", &path, Some(row.number)));
        }
        let origin = Origin {
            path: &path,
            file: &input.relative,
            format: Format::Workbook.name(),
            encoding: "",
            confidence: None,
            bytes: input.bytes,
        };
        match header_of(&sheet, options) {
            Some(header) if header + 1 == sheet.rows.len() => {
                let failure =
                    Failure::new(Stage::Split, Code::Empty, format!("the sheet {} holds the names of its columns and no row", sheet.name));
                out.refuse(failure.at(&path, None, input.bytes));
            }
            Some(header) => {
                let above = sheet.rows[..header].first();
                out.warnings.extend(above.map(|row| warning("W_ROWS_ABOVE", &path, Some(row.number))));
                rows(&sheet, header, &origin, options, out);
            }
            None => {
                out.warnings.push(warning("W_NO_TEXT_COLUMN", &path, None));
                match whole(&sheet, &origin, options) {
                    Ok((document, warnings)) => out.accept(document, warnings),
                    Err(failure) => out.refuse(failure.at(&path, None, input.bytes)),
                }
            }
        }
    }
    Ok(())
}

/// The row that names a column of text.
fn header_of(sheet: &Sheet, options: &SourceOptions) -> Option<usize> {
    // A title above the table may be one of these words, but stands alone.
    let filled = |row: &Row| row.cells.iter().filter(|cell| !cell.trim().is_empty()).count();
    let widest = sheet.rows.iter().map(filled).max().unwrap_or(0);
    let place = |row: &Row| columns_of(row).place(&options.fields.text);
    let names_text = |row: &Row| (filled(row) > 1 || widest <= 1) && place(row).is_some();
    let header = sheet.rows.iter().take(MOST_ROWS_ABOVE).position(names_text)?;
    let column = place(&sheet.rows[header])?;
    (!is_form(sheet, (header, column), options)).then_some(header)
}

/// Whether the names of fields stand below each other, with their values beside them. `header` is the first row that names a text, which
/// it does in `column`.
fn is_form(sheet: &Sheet, (header, column): (usize, usize), options: &SourceOptions) -> bool {
    let cell = |row: &Row| row.cells.get(column).map_or("", |cell| cell.trim()).to_string();
    let others = sheet.rows.iter().take(MOST_ROWS_ABOVE).enumerate().filter(|(at, _)| *at != header).map(|(_, row)| cell(row));
    let others: Vec<String> = others.filter(|cell| !cell.is_empty() && !options.fields.text.contains(cell)).collect();
    let names = others.iter().filter(|cell| options.fields.has_name_beside_text(cell)).count();
    // A value that is a text of its own, where nothing below its name is as long.
    let length = |text: &str| text.chars().count();
    let beside = sheet.rows[header].cells.iter().map(|cell| length(cell.trim())).max().unwrap_or(0);
    let below = sheet.rows[header + 1..].iter().map(|row| length(&cell(row))).max().unwrap_or(0);
    names > 0 && names * 2 >= others.len() || beside > MOST_NAME && beside > below
}

fn columns_of(row: &Row) -> Columns {
    Columns(row.cells.iter().map(|cell| lines::one_line(cell)).collect())
}

/// One document a row below the header.
fn rows(sheet: &Sheet, header: usize, origin: &Origin<'_>, options: &SourceOptions, out: &mut ReadBatch) {
    let columns = columns_of(&sheet.rows[header]);
    for row in &sheet.rows[header + 1..] {
        let cell = |at: usize| row.cells.get(at).map(String::as_str).unwrap_or_default();
        let text = columns.filled(&options.fields.text, |at| cell(at).as_bytes()).map(cell).unwrap_or_default();
        let read = decode::clean(text.into(), options)
            .and_then(|text| columns.row_text(&options.fields, text, |at| lines::one_line(cell(at))).checked());
        match read {
            Ok(row_text) => {
                let (document, warnings) = row_text.document(&Origin { bytes: text.len() as u64, ..*origin }, row.number, options);
                out.accept(document, warnings);
            }
            Err(failure) => out.refuse(failure.at(origin.path, Some(row.number), text.len() as u64)),
        }
    }
}

/// A sheet as one document: a row is a paragraph, its cells parted by tabs.
fn whole(sheet: &Sheet, origin: &Origin<'_>, options: &SourceOptions) -> ReadDocument {
    let row = |row: &Row| row.cells.iter().filter(|cell| !cell.is_empty()).map(|cell| lines::one_line(cell)).collect::<Vec<_>>().join("\t");
    let text = sheet.rows.iter().map(row).collect::<Vec<_>>().join("\n");
    let cleaned = decode::clean(text.into(), options)?;
    // Its first row is no title: most often it names the columns.
    let mut metadata = Metadata { warnings: cleaned.warnings, ..Metadata::default() };
    metadata.complete(&cleaned.text, origin.file, options);
    metadata.warn_of_text(&cleaned.text);
    Ok(Document::new(origin, None, metadata, cleaned.text.into_owned(), cleaned.replaced))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(rows: &[&[&str]]) -> Option<usize> {
        let row = |(number, cells): (u64, &&[&str])| Row { number, cells: cells.iter().map(ToString::to_string).collect(), errors: 0 };
        header_of(&Sheet { name: "表".into(), rows: (1..).zip(rows).map(row).collect() }, &SourceOptions::default())
    }

    #[test]
    fn a_form_is_no_table_and_a_title_above_one_is_no_header() {
        assert_eq!(header(&[&["通知汇总", ""], &["标题", "正文"], &["一", "改革。"]]), Some(1));
        assert_eq!(header(&[&["标题", "正文"], &["一", "改革。"], &["标题", "正文"], &["二", "开放。"]]), Some(0));
        assert_eq!(header(&[&["标题", "关于改革的通知"], &["日期", "2024-01-27"], &["正文", "改革。"], &["备注", "公开"]]), None);
        assert_eq!(header(&[&["内容", "改革。".repeat(40).as_str()], &["备注", "公开"]]), None);
        assert_eq!(header(&[&["正文"], &["改革。"]]), Some(0));
        // A long note in a header, a short text that is a name, a header of two rows.
        let (note, text) = ("填写说明。".repeat(20), "改革。".repeat(60));
        assert_eq!(header(&[&["正文", &note], &[&text, ""]]), Some(0));
        assert_eq!(header(&[&["标题", "正文"], &["一", "来源"], &["二", "改革。"], &["三", "开放。"]]), Some(0));
        assert_eq!(header(&[&["序号", "内容"], &["序号", "标题"], &["1", "改革。"], &["2", "开放。"]]), Some(0));
    }
}
