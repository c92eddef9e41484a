//! Workbooks: .xlsx, .xlsm, .xlsb, .xls and .ods, told apart by their bytes. Sheets of rows of cells as a person sees them.
//!
//! - Formulas give the values that were saved with them; rich text gives its text once, without reading aids (furigana); of
//!   merged cells the first has the value.
//! - Hidden sheets are not read, since nobody who opens the workbook sees them; they are counted. Hidden rows and columns are
//!   read: filters hide rows that belong to the data.
//! - Numbers with a percent format are percentages, those with a fixed number of decimals have it, others are written as short
//!   as possible; dates are `2024-01-05`, with the time where there is one.
//!
//! All are read through `helper`: their readers trust sizes and indices, and no guard sees all of it. The zip formats are looked
//! through all the same (`packed`), so that a bomb is called by its name and harms nobody where no helper is named.

mod cells;
mod errors;
mod excel;
mod grid;
mod ods;
mod packed;
#[cfg(test)]
mod tests;

use std::panic::{AssertUnwindSafe, catch_unwind};

use serde::{Deserialize, Serialize};

use super::helper::{self, Answer, Job};
use crate::source::options::SourceOptions;
use crate::source::quarantine::Failure;
use packed::Kind;

/// A workbook as a person sees it.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::source) struct Workbook {
    /// Its visible sheets, in their order; sheets without a value have no rows.
    pub sheets: Vec<Sheet>,
    /// How many sheets were left out because they are hidden.
    pub hidden: u32,
}

/// A sheet.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::source) struct Sheet {
    /// As its tab says.
    pub name: String,
    /// Its rows that hold anything, from the top; all of equal width.
    pub rows: Vec<Row>,
}

/// A row.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::source) struct Row {
    /// 1-based number as the spreadsheet program shows it.
    pub number: u64,
    /// Cells from column A on; those without a value, and errors, are empty.
    pub cells: Vec<String>,
    /// How many cells show an error such as `#REF!`.
    pub errors: u32,
}

/// Reads a workbook of at most `max_file_bytes`, which the caller has checked.
///
/// # Errors
/// `E_FORMAT` for a password, a damaged workbook and what is none; `E_TOO_LARGE` for one that unpacks to more than
/// `max_expansion` times its size (64 MiB are always allowed), or has more than 20 million cells; `E_TIMEOUT` and `E_CRASH` as
/// in `helper`.
pub(in crate::source) fn read(bytes: &[u8], options: &SourceOptions) -> Result<Workbook, Failure> {
    match helper::read(Job::Workbook, bytes, options)? {
        Answer::Sheets(workbook) => Ok(workbook),
        _ => Err(helper::no_answer()),
    }
}

/// Reads a workbook in this process.
pub(super) fn extract(bytes: &[u8], options: &SourceOptions) -> Result<Workbook, Failure> {
    let kind = packed::kind(bytes)?;
    if kind != Kind::Xls {
        packed::guard(bytes, options)?;
    }
    let limit = packed::limit(bytes, options);
    let read = catch_unwind(AssertUnwindSafe(|| match kind {
        Kind::Xlsx => excel::xlsx(bytes, limit),
        Kind::Xlsb => excel::xlsb(bytes, limit),
        Kind::Xls => excel::xls(bytes, limit),
        Kind::Ods => ods::read(bytes, limit),
    }));
    read.unwrap_or_else(|_| Err(errors::damaged("a number in it points to nothing")))
}
