//! README.md of the output folder: what each table is and what each column means, for people.

use std::fmt::Write;
use std::io;
use std::path::Path;

use crate::table::{Definition, Kind};

use super::csv::{CsvFile, HashingFile};
use super::{Flavor, FormulaGuard, ReportOptions};

/// What holds for all tables, as they were written with these options.
fn introduction(options: &ReportOptions) -> String {
    let form = match options.flavor {
        Flavor::Spreadsheet => "Tables are UTF-8 CSV with a byte-order mark, made to open by a double\nclick in Excel and WPS.",
        Flavor::Zh => {
            "Tables are UTF-8 CSV with a byte-order mark and Chinese column titles, made to open by a double\nclick in Excel and WPS."
        }
        Flavor::Plain => {
            "Tables are UTF-8 CSV without a byte-order mark, lines end with a line\nfeed alone; Excel takes such a file for another encoding when it is opened by a double click."
        }
    };
    let guard = match options.formula_guard {
        FormulaGuard::On => {
            "A text that begins like a formula (`= + - @`) has a `'` in front, so that no spreadsheet runs it; it is no character of the text."
        }
        FormulaGuard::Off => "A text that begins like a formula (`= + - @`) stands as it is, and a spreadsheet would run it.",
    };
    format!(
        "\
# 报表说明 / What these tables are

Written by `yuliao run`; each run replaces them. {form} 空单元格表示“无定义”，不是零。 An empty cell means \"not defined\", never zero.

- LibreOffice without a user interface needs the filter `CSV:44,34,76,1,,0,false,false,false,false,false,-1,false`.
- {guard}
- Line breaks and tabs in a text are shown as a space, other control characters left out; a text longer than 32,000 characters is cut.
- A table of more than 1,048,575 rows goes on in `NAME.part-0002.csv` and so on.
- `run.json` is written last: it tells what was read, with which settings, what was left out and why.
- `datapackage.json` describes every column for machines (Frictionless Data Package 2).

"
    )
}

/// The text of README.md, from definitions and options alone.
pub fn readme_text(definitions: &[&'static Definition], options: &ReportOptions) -> String {
    let mut text = introduction(options);
    text.push_str("| table | 表 | one row is |\n|---|---|---|\n");
    for d in definitions {
        // Writing into a string cannot fail.
        let _ = writeln!(text, "| [{0}.csv](#{0}csv) | {1} | {2} |", d.name, d.title_zh, escape(d.description));
    }
    for d in definitions {
        let _ = write!(text, "\n## {}.csv\n{} / {}. {}\n\nSorted by: {}.\n\n", d.name, d.title_zh, d.title_en, d.description, d.key);
        text.push_str("| column | 列名 | type | unit | meaning |\n|---|---|---|---|---|\n");
        let always = d.columns.iter().map(|column| (column, ""));
        let asked_for = d.optional.iter().map(|column| (column, "Only where the configuration asks for it. "));
        for (c, when) in always.chain(asked_for) {
            let kind = match c.kind {
                Kind::Text => "text".to_string(),
                Kind::Integer => "integer".to_string(),
                Kind::Decimal(digits) => format!("decimal, {digits} digits"),
                Kind::Date => "date".to_string(),
            };
            let _ =
                writeln!(text, "| {} | {} | {kind} | {} | {when}{} |", c.name, escape(c.title_zh), escape(c.unit), escape(c.definition));
        }
    }
    text
}

/// Writes README.md into `folder`.
///
/// # Errors
/// When the file cannot be written.
pub fn write_readme(folder: &Path, definitions: &[&'static Definition], options: &ReportOptions) -> io::Result<CsvFile> {
    let name = "README.md".to_string();
    let mut file = HashingFile::create(&folder.join(&name))?;
    file.write(readme_text(definitions, options).as_bytes())?;
    let (bytes, sha256) = file.finish()?;
    Ok(CsvFile { name, rows: 0, bytes, sha256 })
}

fn escape(text: &str) -> String {
    text.replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_tells_of_the_tables_as_they_were_written() {
        let plain = ReportOptions { flavor: Flavor::Plain, formula_guard: FormulaGuard::Off, ..ReportOptions::default() };
        for (options, has_mark, has_guard) in [(ReportOptions::default(), true, true), (plain, false, false)] {
            let text = readme_text(&[], &options);
            assert_eq!(text.contains("CSV with a byte-order mark"), has_mark, "{text}");
            assert_eq!(text.contains("has a `'` in front"), has_guard, "{text}");
        }
    }
}
