//! The two forms of a taxonomy, TOML and the CSV pair, and what lies between them: the taxonomy as written.
//!
//! TOML or CSV → [`Written`] → [`compile`] → the taxonomy that is searched with; and [`Written`] back into either form.

mod compile;
mod difference;
mod edit_toml;
mod parts;
mod problems;
mod read_csv;
mod read_toml;
mod regexes;
mod suggestions;
mod write_csv;
mod write_toml;
mod written;

#[cfg(test)]
mod tests;

pub(super) use compile::compile;
pub(super) use problems::Problems;
pub use read_csv::{BROKEN_QUOTE, broken_quote, sheet_rows};
pub(super) use regexes::REGEX_CACHE;
pub use written::{Entry, List, Place, Text, Written, WrittenTheme};

use crate::diagnostic::Diagnostic;

/// A taxonomy as written, if its files can be read at all, and every problem of their form.
pub type Read = (Option<Written>, Vec<Diagnostic>);

impl Written {
    /// Reads the TOML form. `file` is how messages call it.
    pub fn read_toml(file: &str, text: &str) -> Read {
        read_toml::read_toml(file, text)
    }

    /// Reads the CSV pair, themes.csv before patterns.csv: their names in messages and their texts.
    pub fn read_pair(names: [&str; 2], texts: [&str; 2]) -> Read {
        read_csv::read_pair(names, texts)
    }
}
