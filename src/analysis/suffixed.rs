//! A table of a further taxonomy: the same as that of the first, in a file that has the taxonomy's id behind its name.

use crate::table::{Cells, Column, Definition, Dropped, Table, TableWarning};

struct Suffixed<'a> {
    table: Box<dyn Table + 'a>,
    suffix: &'a str,
}

/// The table with `.SUFFIX` behind its name.
pub(super) fn suffixed<'a>(table: Box<dyn Table + 'a>, suffix: &'a str) -> Box<dyn Table + 'a> {
    Box::new(Suffixed { table, suffix })
}

impl Table for Suffixed<'_> {
    fn suffix(&self) -> Option<&str> {
        Some(self.suffix)
    }

    fn definition(&self) -> &'static Definition {
        self.table.definition()
    }

    fn row_count(&self) -> usize {
        self.table.row_count()
    }

    fn added_columns(&self) -> &[&'static Column] {
        self.table.added_columns()
    }

    fn write_row(&self, row: usize, cells: &mut dyn Cells) {
        self.table.write_row(row, cells);
    }

    fn write_rows(&self, rows: std::ops::Range<usize>, cells: &mut dyn Cells) {
        self.table.write_rows(rows, cells);
    }

    fn dropped(&self) -> Vec<Dropped> {
        self.table.dropped()
    }

    fn note(&self) -> Option<String> {
        self.table.note()
    }

    fn warnings(&self) -> Vec<TableWarning> {
        self.table.warnings()
    }
}
