//! Cells that come one by one become rows of equal width, within bounds.

use super::errors;
use super::{Row, Sheet};
use crate::source::quarantine::Failure;

/// Most cells of a workbook, those counted that only fill up rows: half a gigabyte of nothing.
const MOST_CELLS: usize = 20_000_000;

/// What a workbook may still take.
pub(super) struct Budget {
    cells: usize,
    bytes: u64,
}

impl Budget {
    pub fn new(bytes: u64) -> Self {
        Self { cells: MOST_CELLS, bytes }
    }
}

/// What a cell shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Shown {
    /// Nothing, or its text.
    Text(String),
    /// An error such as `#REF!`.
    Error,
}

/// The cells of a sheet while it is read.
pub(super) struct Grid<'b> {
    name: String,
    /// Row and column from 0, and what is shown there; in any order.
    cells: Vec<(u32, u32, Shown)>,
    budget: &'b mut Budget,
}

impl<'b> Grid<'b> {
    pub fn new(name: &str, budget: &'b mut Budget) -> Self {
        Self { name: name.to_string(), cells: Vec::new(), budget }
    }

    /// Takes a cell in, if it shows anything.
    pub fn push(&mut self, row: u32, column: u32, shown: Shown) -> Result<(), Failure> {
        if let Shown::Text(text) = &shown {
            if text.trim().is_empty() {
                return Ok(());
            }
            self.budget.bytes = self.budget.bytes.checked_sub(text.len() as u64).ok_or_else(errors::too_much_text)?;
        }
        if self.cells.len() >= self.budget.cells {
            return Err(errors::too_many_cells(&self.name, MOST_CELLS));
        }
        self.cells.push((row, column, shown));
        Ok(())
    }

    /// Rows that show anything, filled up to the last column that does. Of two values for one cell the later counts.
    pub fn finish(mut self) -> Result<Sheet, Failure> {
        self.cells.sort_by_key(|&(row, column, _)| (row, column));
        let rows = self.cells.chunk_by(|a, b| a.0 == b.0).count();
        let is_text = |shown: &Shown| matches!(shown, Shown::Text(_));
        let last = self.cells.iter().filter(|cell| is_text(&cell.2)).map(|cell| cell.1 as usize).max();
        let width = last.map_or(0, |last| last + 1);
        let cells = rows.saturating_mul(width);
        self.budget.cells = self.budget.cells.checked_sub(cells).ok_or_else(|| errors::too_many_cells(&self.name, MOST_CELLS))?;
        let mut sheet = Sheet { name: self.name, rows: Vec::with_capacity(rows) };
        for (row, column, shown) in self.cells {
            let number = u64::from(row) + 1;
            if sheet.rows.last().is_none_or(|last| last.number != number) {
                sheet.rows.push(Row { number, cells: vec![String::new(); width], errors: 0 });
            }
            let Some(row) = sheet.rows.last_mut() else { continue };
            match shown {
                Shown::Error => row.errors += 1,
                Shown::Text(text) => {
                    if let Some(cell) = row.cells.get_mut(column as usize) {
                        *cell = text;
                    }
                }
            }
        }
        Ok(sheet)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Shown {
        Shown::Text(text.into())
    }

    #[test]
    fn rows_are_equally_wide_and_empty_ones_skipped() {
        let mut budget = Budget::new(1_000);
        let mut grid = Grid::new("表", &mut budget);
        for (row, column, shown) in [(4, 0, text("乙")), (1, 2, text("甲")), (2, 9, text(" ")), (4, 7, Shown::Error), (4, 0, text("丙"))]
        {
            grid.push(row, column, shown).unwrap();
        }
        let sheet = grid.finish().unwrap();
        let row = |number, cells: [&str; 3], errors| Row { number, cells: cells.map(String::from).into(), errors };
        assert_eq!(sheet.rows, [row(2, ["", "", "甲"], 0), row(5, ["丙", "", ""], 1)]);
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let mut budget = Budget::new(4);
        assert!(Grid::new("表", &mut budget).push(0, 0, text("甲乙")).is_err());
        let mut budget = Budget::new(1 << 20);
        let mut grid = Grid::new("表", &mut budget);
        (0..2_000).for_each(|row| grid.push(row, 0, text("甲")).unwrap());
        grid.push(3, 16_383, text("乙")).unwrap();
        assert!(grid.finish().unwrap_err().message.contains("20000000 cells"));
    }
}
