//! A table whose rows are listed cell by cell: for small tables that a command makes once.

use super::{Cell, Cells, Definition, Table};

/// Rows of cells, one for each column of the definition.
pub struct ListedTable {
    definition: &'static Definition,
    rows: Vec<Vec<Cell>>,
}

impl ListedTable {
    /// A table of these rows.
    pub fn new(definition: &'static Definition, rows: Vec<Vec<Cell>>) -> Self {
        Self { definition, rows }
    }
}

impl Table for ListedTable {
    fn definition(&self) -> &'static Definition {
        self.definition
    }

    fn row_count(&self) -> usize {
        self.rows.len()
    }

    fn write_row(&self, row: usize, cells: &mut dyn Cells) {
        for cell in &self.rows[row] {
            match cell {
                Cell::Empty => cells.empty(),
                Cell::Text(text) | Cell::Date(text) => cells.text(text),
                Cell::Integer(number) => cells.integer(*number),
                Cell::Decimal(decimal) => cells.decimal(Some(*decimal)),
            }
        }
    }
}

impl Cell {
    /// A text; an empty one is a cell that is not defined.
    pub fn of(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() { Self::Empty } else { Self::Text(text) }
    }
}
