//! A table as JSON lines: one object a row, the names of the columns as keys, in column order.

use std::io::{self, Write};

use crate::table::{Cell, Table, columns, row_values};

/// Writes the rows of `table`, one object a line. Cells that are not defined are `null`; text is as it is, since no spreadsheet
/// will run it.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write_jsonl(table: &dyn Table, out: &mut dyn Write) -> io::Result<()> {
    let columns = columns(table);
    for row in 0..table.row_count() {
        for (number, (column, cell)) in columns.iter().zip(row_values(table, row)).enumerate() {
            out.write_all(if number == 0 { b"{" } else { b"," })?;
            serde_json::to_writer(&mut *out, column.name)?;
            out.write_all(b":")?;
            write_value(&cell, out)?;
        }
        out.write_all(b"}\n")?;
    }
    Ok(())
}

fn write_value(cell: &Cell, out: &mut dyn Write) -> io::Result<()> {
    match cell {
        Cell::Empty => out.write_all(b"null"),
        Cell::Text(text) | Cell::Date(text) => Ok(serde_json::to_writer(out, text)?),
        Cell::Integer(value) => write!(out, "{value}"),
        Cell::Decimal(value) => write!(out, "{value}"),
    }
}

#[cfg(test)]
mod tests {
    use crate::table::{Cells, Column, Decimal, Definition};

    use super::*;

    static MIXED: Definition = Definition {
        name: "mixed",
        title_zh: "",
        title_en: "",
        description: "",
        key: "",
        columns: &[Column::text("z", "", "", ""), Column::integer("a", "", "", "", ""), Column::decimal("d", "", "", "", "")],
        optional: &[],
    };

    struct Mixed;

    impl Table for Mixed {
        fn definition(&self) -> &'static Definition {
            &MIXED
        }
        fn row_count(&self) -> usize {
            2
        }
        fn write_row(&self, row: usize, cells: &mut dyn Cells) {
            cells.text("=1\"\n");
            cells.integer(row as u64);
            cells.decimal((row == 0).then(|| Decimal::from_millionths(1_500_000)));
        }
    }

    #[test]
    fn keys_stand_in_column_order() {
        let mut out = Vec::new();
        write_jsonl(&Mixed, &mut out).unwrap();
        let expected = "{\"z\":\"=1\\\"\\n\",\"a\":0,\"d\":1.500000}\n{\"z\":\"=1\\\"\\n\",\"a\":1,\"d\":null}\n";
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }
}
