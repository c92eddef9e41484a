//! Tables into files, and files into the folder that people read.
//!
//! In: finished tables. Out: CSV files, their description for machines (datapackage.json) and for people (README.md), the
//! manifest, and one step that puts all of them in place. One file a format; this room does not know what the tables say.

mod cells;
mod csv;
mod datapackage;
mod jsonl;
mod manifest;
mod metrics;
mod previous;
mod publish;
mod readme;
mod replace;
mod self_check;

pub use csv::{CsvFile, WrittenTable, sha256_of_file, write_csv, write_csv_header, write_csv_rows, write_table};
pub use datapackage::write_datapackage;
pub use jsonl::write_jsonl;
pub use manifest::*;
pub use metrics::Metrics;
pub use previous::PreviousReport;
pub use publish::{NewFile, NewReport, PublishError, Recovered, Staging, recover, remove_staging};
pub use readme::{readme_text, write_readme};
pub use replace::{replace_file, replace_file_with};
pub use self_check::{CheckError, Expected, Facts, self_check};

use serde::{Deserialize, Serialize};

/// Data rows that fit one sheet below the header row.
pub const MOST_ROWS_PER_FILE: usize = 1_048_575;

/// How tables look as files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
pub struct ReportOptions {
    /// For which reader the files are. Default `spreadsheet`.
    pub flavor: Flavor,
    /// Whether text that a spreadsheet would run as a formula gets a leading `'`. Default `on`.
    pub formula_guard: FormulaGuard,
    /// Names of tables that are neither counted nor written, such as `ngrams`. Default none.
    pub leave_out: Vec<String>,
}

/// For which reader the files are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "lowercase")]
pub enum Flavor {
    /// UTF-8 with byte-order mark and CRLF, names in ASCII.
    #[default]
    Spreadsheet,
    /// UTF-8 without mark and LF, for Unix tools.
    Plain,
    /// Like `spreadsheet`, with Chinese column titles.
    Zh,
}

/// Whether formulas in text are made harmless.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "lowercase")]
pub enum FormulaGuard {
    /// A leading `'` before text that begins like a formula.
    #[default]
    On,
    /// Text as it is: only for readers that never run formulas.
    Off,
}
