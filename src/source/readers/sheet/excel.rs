//! The formats of Excel. Only this file and `cells` name the library that reads them.

use std::fmt::Display;
use std::io::Cursor;

use calamine::{Reader, Sheet as Stated, SheetType, SheetVisible, Xls, XlsError, Xlsb, XlsbError, Xlsx, XlsxError};

use super::cells::{shown, shown_owned};
use super::grid::{Budget, Grid};
use super::{Workbook, errors};
use crate::source::quarantine::Failure;

/// Reads .xlsx cell by cell: a sheet that states to have a million rows costs nothing.
pub(super) fn xlsx(bytes: &[u8], limit: u64) -> Result<Workbook, Failure> {
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(of_xlsx)?;
    let (names, hidden) = visible(book.sheets_metadata());
    let (mut sheets, mut budget) = (Vec::new(), Budget::new(limit));
    for name in names {
        let mut cells = match book.worksheet_cells_reader(&name) {
            Err(XlsxError::NotAWorksheet(_)) => continue,
            cells => cells.map_err(of_xlsx)?,
        };
        let formats: Vec<Option<String>> =
            cells.styles().iter().map(|style| style.number_format.as_ref().map(|format| format.format_code.clone())).collect();
        let mut grid = Grid::new(&name, &mut budget);
        while let Some((cell, style)) = cells.next_cell_with_style_id().map_err(of_xlsx)? {
            let (row, column) = cell.get_position();
            grid.push(row, column, shown(cell.get_value(), formats.get(style).and_then(Option::as_deref)))?;
        }
        sheets.push(grid.finish()?);
    }
    Ok(Workbook { sheets, hidden })
}

/// Reads .xlsb cell by cell.
pub(super) fn xlsb(bytes: &[u8], limit: u64) -> Result<Workbook, Failure> {
    let of_xlsb = |error: XlsbError| match error {
        XlsbError::Password => errors::protected(),
        error => damaged(error),
    };
    let mut book = Xlsb::new(Cursor::new(bytes)).map_err(of_xlsb)?;
    let (names, hidden) = visible(book.sheets_metadata());
    let (mut sheets, mut budget) = (Vec::new(), Budget::new(limit));
    for name in names {
        let mut cells = book.worksheet_cells_reader(&name).map_err(of_xlsb)?;
        let mut grid = Grid::new(&name, &mut budget);
        while let Some(cell) = cells.next_cell().map_err(of_xlsb)? {
            let (row, column) = cell.get_position();
            grid.push(row, column, shown(cell.get_value(), None))?;
        }
        sheets.push(grid.finish()?);
    }
    Ok(Workbook { sheets, hidden })
}

/// Reads .xls, which its reader only gives as a whole.
pub(super) fn xls(bytes: &[u8], limit: u64) -> Result<Workbook, Failure> {
    let opened: Result<Xls<_>, XlsError> = Xls::new(Cursor::new(bytes));
    let mut book = opened.map_err(|error| match error {
        XlsError::Password => errors::protected(),
        error => damaged(error),
    })?;
    let (names, hidden) = visible(book.sheets_metadata());
    let (mut sheets, mut budget) = (Vec::new(), Budget::new(limit));
    for name in names {
        let range = book.worksheet_range(&name).map_err(damaged)?;
        let (top, left) = range.start().unwrap_or_default();
        let mut grid = Grid::new(&name, &mut budget);
        for (row, column, value) in range.used_cells() {
            let at = |offset: usize, start: u32| u32::try_from(offset).ok().and_then(|offset| start.checked_add(offset));
            let (Some(row), Some(column)) = (at(row, top), at(column, left)) else { continue };
            grid.push(row, column, shown_owned(value))?;
        }
        sheets.push(grid.finish()?);
    }
    Ok(Workbook { sheets, hidden })
}

/// Names of the sheets that a person sees, and how many are hidden. Charts and macros are no tables.
fn visible(stated: &[Stated]) -> (Vec<String>, u32) {
    let tables = || stated.iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
    let (seen, hidden): (Vec<&Stated>, Vec<&Stated>) = tables().partition(|sheet| sheet.visible == SheetVisible::Visible);
    (seen.into_iter().map(|sheet| sheet.name.clone()).collect(), u32::try_from(hidden.len()).unwrap_or(u32::MAX))
}

fn of_xlsx(error: XlsxError) -> Failure {
    match error {
        XlsxError::Password => errors::protected(),
        error => damaged(error),
    }
}

fn damaged(error: impl Display) -> Failure {
    errors::damaged(&error.to_string())
}
