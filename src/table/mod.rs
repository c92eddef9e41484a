//! Tables as values: what a column is, what a table is, and the cells of a row.
//!
//! In: the definitions that every analysis states once. Out: a trait that a writer of any format can walk. This room knows
//! neither what is counted nor how a file looks; header, data dictionary and schema all come from the same definition.

mod decimal;
mod listed;

pub use decimal::Decimal;
pub use listed::ListedTable;

use crate::stats::Ratio;

/// Several lists of columns as one of `N`, for tables that share some.
pub const fn joined<const N: usize>(lists: &[&[Column]]) -> [Column; N] {
    let mut all = [lists[0][0]; N];
    let (mut list, mut filled) = (0, 0);
    while list < lists.len() {
        let mut at = 0;
        while at < lists[list].len() {
            all[filled] = lists[list][at];
            (at, filled) = (at + 1, filled + 1);
        }
        list += 1;
    }
    assert!(filled == N, "N must be the number of all columns");
    all
}

/// What a cell of a column holds. An empty cell is allowed in every column and means "not defined".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Characters.
    Text,
    /// A whole number, not negative, at most 15 digits.
    Integer,
    /// A decimal with this many digits after the point in every row.
    Decimal(u8),
    /// A day, `YYYY-MM-DD`.
    Date,
}

/// One column: a stable interface, of which only the titles and texts may change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// `snake_case` ASCII, never renamed.
    pub name: &'static str,
    /// What its cells hold.
    pub kind: Kind,
    /// Unit or reading of the number; empty for text.
    pub unit: &'static str,
    /// Title for Chinese readers.
    pub title_zh: &'static str,
    /// Title for English readers.
    pub title_en: &'static str,
    /// What it means, with formula, convention and the case in which it is empty.
    pub definition: &'static str,
}

impl Column {
    /// A column of text.
    pub const fn text(name: &'static str, title_zh: &'static str, title_en: &'static str, definition: &'static str) -> Self {
        Self { name, kind: Kind::Text, unit: "", title_zh, title_en, definition }
    }

    /// A column of whole numbers.
    pub const fn integer(
        name: &'static str,
        unit: &'static str,
        title_zh: &'static str,
        title_en: &'static str,
        definition: &'static str,
    ) -> Self {
        Self { name, kind: Kind::Integer, unit, title_zh, title_en, definition }
    }

    /// A column of decimals with six digits.
    pub const fn decimal(
        name: &'static str,
        unit: &'static str,
        title_zh: &'static str,
        title_en: &'static str,
        definition: &'static str,
    ) -> Self {
        Self { name, kind: Kind::Decimal(6), unit, title_zh, title_en, definition }
    }

    /// A column of shares, from 0 to 1 with four digits.
    pub const fn share(name: &'static str, title_zh: &'static str, title_en: &'static str, definition: &'static str) -> Self {
        Self { name, kind: Kind::Decimal(4), unit: "share (0 to 1)", title_zh, title_en, definition }
    }

    /// A column of dates.
    pub const fn date(name: &'static str, title_zh: &'static str, title_en: &'static str, definition: &'static str) -> Self {
        Self { name, kind: Kind::Date, unit: "", title_zh, title_en, definition }
    }
}

/// A table's name, meaning, order and columns: the one place that header, data dictionary and schema come from.
#[derive(Debug, Clone, Copy)]
pub struct Definition {
    /// File name without its extension.
    pub name: &'static str,
    /// Title for Chinese readers.
    pub title_zh: &'static str,
    /// Title for English readers.
    pub title_en: &'static str,
    /// What one row is and what the table is for.
    pub description: &'static str,
    /// The total order of its rows, in words.
    pub key: &'static str,
    /// Columns in file order; new ones only at the end.
    pub columns: &'static [Column],
    /// Columns that the configuration can add behind them, each on its own; see [`Table::added_columns`].
    pub optional: &'static [Column],
}

impl Definition {
    /// The optional column of this name.
    pub fn optional_column(&self, name: &str) -> Option<&'static Column> {
        self.optional.iter().find(|column| column.name == name)
    }
}

/// Where the cells of a row go, in column order.
pub trait Cells {
    /// A text cell.
    fn text(&mut self, value: &str);
    /// A text of ASCII letters, digits and `_ . : -` that begins with a letter, such as an id or a tag: it needs no care.
    fn code(&mut self, value: &str) {
        self.text(value);
    }
    /// A whole number.
    fn integer(&mut self, value: u64);
    /// A decimal, or an empty cell where it is not defined.
    fn decimal(&mut self, value: Option<Decimal>);
    /// A date as `YYYY-MM-DD`, or an empty cell.
    fn date(&mut self, value: Option<&dyn std::fmt::Display>);
    /// A cell that is not defined.
    fn empty(&mut self);
    /// The row is at its end.
    fn end_row(&mut self) {}

    /// A number rounded to six digits, or an empty cell.
    fn number(&mut self, value: Option<f64>) {
        self.decimal(value.and_then(|v| Decimal::rounded(v, 6)));
    }

    /// A quotient rounded to six digits, or an empty cell.
    fn ratio(&mut self, value: Option<Ratio>) {
        self.decimal(value.and_then(|v| Decimal::of_ratio(v, 6)));
    }

    /// A share rounded to four digits, or an empty cell.
    fn share(&mut self, value: Option<Ratio>) {
        self.decimal(value.and_then(|v| Decimal::of_ratio(v, 4)));
    }

    /// A whole number, or an empty cell.
    fn optional_integer(&mut self, value: Option<u64>) {
        match value {
            Some(v) => self.integer(v),
            None => self.empty(),
        }
    }
}

/// Rows that an option kept out of a table: nothing is cut silently.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dropped {
    /// The option as it stands in the configuration, such as `cooccurrence.top`; with `(terms)` behind it where it keeps terms
    /// out, whose rows nobody counted.
    pub option: &'static str,
    /// How many rows (or terms) it kept out.
    pub rows: u64,
}

/// Something odd about what a table counts, for the list of warnings of the run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableWarning {
    /// Stable code such as `W_PERIOD`.
    pub code: &'static str,
    /// How often.
    pub count: u64,
    /// The first document it concerns, or what it is.
    pub first: String,
}

/// A finished table: its rows are in key order and can be asked for in any order, also from several threads.
pub trait Table: Send + Sync {
    /// Name, order and columns.
    fn definition(&self) -> &'static Definition;
    /// What stands behind the name of its file, for one of several tables of one definition.
    fn suffix(&self) -> Option<&str> {
        None
    }
    /// Number of rows.
    fn row_count(&self) -> usize;
    /// Optional columns of its definition that the configuration asked for, in file order; they stand behind the others.
    fn added_columns(&self) -> &[&'static Column] {
        &[]
    }
    /// Writes one cell for every column, then one for every added column. `row` is below [`Self::row_count`].
    fn write_row(&self, row: usize, cells: &mut dyn Cells);
    /// Writes rows that follow one another, each with an end: for tables that have several of them at hand at once.
    fn write_rows(&self, rows: std::ops::Range<usize>, cells: &mut dyn Cells) {
        for row in rows {
            self.write_row(row, cells);
            cells.end_row();
        }
    }
    /// Rows that options kept out.
    fn dropped(&self) -> Vec<Dropped> {
        Vec::new()
    }
    /// What a reader of the table must know of this run: what was compared, or why it has no rows. It stands in run.json.
    fn note(&self) -> Option<String> {
        None
    }
    /// What is odd about what it counts: shown when the run ends.
    fn warnings(&self) -> Vec<TableWarning> {
        Vec::new()
    }
}

/// The name of a table's file, without its extension.
pub fn file_stem(table: &dyn Table) -> String {
    let name = table.definition().name;
    table.suffix().map_or_else(|| name.to_string(), |suffix| format!("{name}.{suffix}"))
}

/// All columns of a table as they stand in its file.
pub fn columns(table: &dyn Table) -> Vec<&'static Column> {
    table.definition().columns.iter().chain(table.added_columns().iter().copied()).collect()
}

/// A cell as a value, for callers of the library.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Not defined.
    Empty,
    /// Characters, as they are, without any guard.
    Text(String),
    /// A whole number.
    Integer(u64),
    /// A decimal.
    Decimal(Decimal),
    /// A date as `YYYY-MM-DD`.
    Date(String),
}

/// The cells of one row of `table`.
pub fn row_values(table: &dyn Table, row: usize) -> Vec<Cell> {
    let mut values = RowValues(Vec::with_capacity(columns(table).len()));
    table.write_row(row, &mut values);
    values.0
}

struct RowValues(Vec<Cell>);

impl Cells for RowValues {
    fn text(&mut self, value: &str) {
        self.0.push(Cell::Text(value.to_string()));
    }

    fn integer(&mut self, value: u64) {
        self.0.push(Cell::Integer(value));
    }

    fn decimal(&mut self, value: Option<Decimal>) {
        self.0.push(value.map_or(Cell::Empty, Cell::Decimal));
    }

    fn date(&mut self, value: Option<&dyn std::fmt::Display>) {
        self.0.push(value.map_or(Cell::Empty, |v| Cell::Date(v.to_string())));
    }

    fn empty(&mut self) {
        self.0.push(Cell::Empty);
    }
}
