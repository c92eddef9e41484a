//! README.md of the output folder: what each table is and what each column means, for people.

use std::fmt::Write;
use std::io;
use std::path::Path;

use crate::table::{Definition, Kind};

use super::csv::{CsvFile, HashingFile};

const INTRODUCTION: &str = "\
# 报表说明 / What these tables are

Written by `yuliao run`; each run replaces them. Tables are UTF-8 CSV with a byte-order mark, made to open by a double
click in Excel and WPS. 空单元格表示“无定义”，不是零。 An empty cell means \"not defined\", never zero.

- LibreOffice without a user interface needs the filter `CSV:44,34,76,1,,0,false,false,false,false,false,-1,false`.
- A text that begins like a formula (`= + - @`) has a `'` in front, so that no spreadsheet runs it; it is no character of the text.
- Line breaks and tabs in a text are shown as a space, other control characters left out; a text longer than 32,000 characters is cut.
- A table of more than 1,048,575 rows goes on in `NAME.part-0002.csv` and so on.
- `run.json` is written last: it tells what was read, with which settings, what was left out and why.
- `datapackage.json` describes every column for machines (Frictionless Data Package 2).

";

/// The text of README.md, from the definitions alone.
pub fn readme_text(definitions: &[&'static Definition]) -> String {
    let mut text = String::from(INTRODUCTION);
    text.push_str("| table | 表 | one row is |\n|---|---|---|\n");
    for d in definitions {
        // Writing into a string cannot fail.
        let _ = writeln!(text, "| [{0}.csv](#{0}csv) | {1} | {2} |", d.name, d.title_zh, escape(d.description));
    }
    for d in definitions {
        let _ = write!(text, "\n## {}.csv\n{} / {}. {}\n\nSorted by: {}.\n\n", d.name, d.title_zh, d.title_en, d.description, d.key);
        text.push_str("| column | 列名 | type | unit | meaning |\n|---|---|---|---|---|\n");
        for c in d.columns.iter().chain(d.optional) {
            let kind = match c.kind {
                Kind::Text => "text".to_string(),
                Kind::Integer => "integer".to_string(),
                Kind::Decimal(digits) => format!("decimal, {digits} digits"),
                Kind::Date => "date".to_string(),
            };
            let _ = writeln!(text, "| {} | {} | {kind} | {} | {} |", c.name, c.title_zh, escape(c.unit), escape(c.definition));
        }
    }
    text
}

/// Writes README.md into `folder`.
///
/// # Errors
/// When the file cannot be written.
pub fn write_readme(folder: &Path, definitions: &[&'static Definition]) -> io::Result<CsvFile> {
    let name = "README.md".to_string();
    let mut file = HashingFile::create(&folder.join(&name))?;
    file.write(readme_text(definitions).as_bytes())?;
    let (bytes, sha256) = file.finish()?;
    Ok(CsvFile { name, rows: 0, bytes, sha256 })
}

fn escape(text: &str) -> String {
    text.replace('|', "\\|")
}
