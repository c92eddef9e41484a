//! The last look at a report: its tables are read back from disk before any of them is published.
//!
//! In: the folder in which they were prepared, what each should be, and what the run knows by itself. Out: nothing, or the first
//! thing that is wrong with its file and line. This is the one place of the room that knows what tables say, since it looks for
//! what no table can know of itself: [`read`] takes files apart, [`sums`] compares them.

mod cell;
mod read;
mod sums;
#[cfg(test)]
mod tests;
mod unwanted;

use std::io;
use std::path::Path;

use rustc_hash::FxHashSet;
use thiserror::Error;

use crate::table::{Decimal, Definition};

use super::csv::{WrittenTable, header};
use super::{Flavor, ReportOptions};

use read::{Dialect, Stop, Wrong};
use sums::{Gathered, Known, Rules};

/// What a table should be.
#[derive(Debug, Clone, Copy)]
pub struct Expected<'a> {
    /// Its name and key.
    pub definition: &'static Definition,
    /// Its columns, and its files with their rows and bytes.
    pub file: &'a WrittenTable,
}

/// Facts of the run that tables must agree with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts {
    /// Tokens of all documents: N.
    pub tokens: u64,
    /// Rows of documents.csv.
    pub documents: u64,
    /// Rows of quarantine.csv. A row may stand for several inputs.
    pub quarantine_rows: u64,
}

/// What is wrong with a report.
#[derive(Debug, Error)]
pub enum CheckError {
    /// A file cannot be opened or read.
    #[error("{file}: cannot be read back: {source}")]
    Read {
        /// Name of the file.
        file: String,
        /// What the system said.
        source: io::Error,
    },
    /// A file is not what was written, or contradicts the run or another table.
    #[error("{file}:{line}: expected {expected}, found {found}")]
    Wrong {
        /// Name of the file.
        file: String,
        /// From 1, which is the header; for what concerns the file as a whole its last line.
        line: u64,
        /// What should be there.
        expected: String,
        /// What is there.
        found: String,
    },
}

/// Reads the tables in `folder` back and checks them: header, number of cells and rows, size, every cell by the kind of its
/// column, the order of rows where the key is a list of columns, ids and sums that must agree between tables and with `facts`.
/// A table that is not among `tables` is not asked for. Files are read once, in parts that are checked by the threads of the
/// current pool; ids of documents and coded sentences are held in memory.
///
/// # Errors
/// The first thing that is wrong, where tables that others are compared with come first.
pub fn self_check(folder: &Path, tables: &[Expected<'_>], facts: &Facts, options: &ReportOptions) -> Result<(), CheckError> {
    let mut order: Vec<&Expected<'_>> = tables.iter().collect();
    order.sort_by_key(|table| sums::turn(table.definition));
    let mut known = Known::default();
    for table in order {
        let evidence = tables.iter().find(|other| other.definition.name == "theme_evidence" && other.suffix() == table.suffix());
        // Without a row it was not asked for (themes.evidence = "off"), and there is nothing to compare scores with.
        let keeps_scores = evidence.is_some_and(|evidence| evidence.rows() > 0);
        let gathered = table.check(folder, &Rules::new(table, &known, keeps_scores), options)?;
        match table.definition.name {
            "documents" => known.documents = Some(table.check_documents(&gathered, facts)?),
            "themes" => drop(known.themes.insert(table.suffix(), gathered.themes.into_iter().zip(0..).collect())),
            "sentence_themes" => drop(known.scores.insert(table.suffix(), gathered.scores)),
            "theme_evidence" => check_scores(tables, table.suffix(), &mut known)?,
            "quarantine" => table.check_rows(facts.quarantine_rows)?,
            _ => {}
        }
    }
    Ok(())
}

impl<'a> Expected<'a> {
    /// What stands behind the name of its file: nothing, or `.TAXONOMY`.
    fn suffix(&self) -> &'a str {
        let name = self.file.files.first().and_then(|file| file.name.strip_suffix(".csv"));
        name.and_then(|name| name.strip_prefix(self.definition.name)).unwrap_or_default()
    }

    fn rows(&self) -> u64 {
        self.file.files.iter().map(|file| file.rows).sum()
    }

    fn check(&self, folder: &Path, rules: &Rules<'_>, options: &ReportOptions) -> Result<Gathered, CheckError> {
        let header = header(&self.file.columns, options);
        let dialect = Dialect { columns: &self.file.columns, is_crlf: options.flavor != Flavor::Plain };
        let (mut all, mut last) = (Gathered::default(), Vec::new());
        for file in &self.file.files {
            let check = |chunk: read::Chunk<'_>| {
                let mut gathered = Gathered::default();
                let rows = dialect.check_rows(chunk, |row, before| rules.check(row, before, &mut gathered))?;
                Ok((rows, gathered))
            };
            let size = read::check_file(&folder.join(&file.name), &header, &mut last, check, |part| all.append(part));
            let size = size.map_err(|stop| match stop {
                Stop::Io(source) => CheckError::Read { file: file.name.clone(), source },
                Stop::Wrong(line, wrong) => wrong.in_file(&file.name, line),
            })?;
            for (what, expected, found) in [("data rows", file.rows, size.rows), ("bytes", file.bytes, size.bytes)] {
                if expected != found {
                    return Err(Wrong::new(format!("{expected} {what}"), found.to_string()).in_file(&file.name, size.rows + 1));
                }
            }
        }
        Ok(all)
    }

    /// Compares the documents with what the run knows; gives their ids.
    fn check_documents(&self, gathered: &Gathered, facts: &Facts) -> Result<FxHashSet<sums::DocumentId>, CheckError> {
        self.check_rows(facts.documents)?;
        if gathered.tokens != facts.tokens {
            return Err(self.wrong(u64::MAX, Wrong::new(format!("{} tokens in all", facts.tokens), gathered.tokens.to_string())));
        }
        let mut ids = FxHashSet::default();
        ids.reserve(gathered.documents.len());
        match gathered.documents.iter().zip(0..).find(|(id, _)| !ids.insert(**id)) {
            Some((id, row)) => Err(self.wrong(row, Wrong::new("each doc_id once", read::shown(id)))),
            None => Ok(ids),
        }
    }

    fn check_rows(&self, expected: u64) -> Result<(), CheckError> {
        match self.rows() {
            rows if rows == expected => Ok(()),
            rows => Err(self.wrong(u64::MAX, Wrong::new(format!("{expected} rows in all"), rows.to_string()))),
        }
    }

    /// Something wrong with a row of the table, counted from 0; beyond the last row, with the table as a whole.
    fn wrong(&self, mut row: u64, wrong: Wrong) -> CheckError {
        for file in &self.file.files {
            if row < file.rows {
                return wrong.in_file(&file.name, row + 2);
            }
            row -= file.rows;
        }
        let (name, rows) = self.file.files.last().map_or((self.definition.name, 0), |file| (&*file.name, file.rows));
        wrong.in_file(name, rows + 1)
    }
}

impl Wrong {
    fn in_file(self, file: &str, line: u64) -> CheckError {
        CheckError::Wrong { file: file.to_string(), line, expected: self.expected, found: self.found }
    }
}

/// Whether the contributions to each sentence, all taken off by now, were its score.
fn check_scores(tables: &[Expected<'_>], suffix: &str, known: &mut Known<'_>) -> Result<(), CheckError> {
    let scores = known.scores.remove(suffix).unwrap_or_default();
    let Some((score, row)) = scores.iter().zip(0..).find(|(score, _)| score.left() != 0) else { return Ok(()) };
    let sentences = tables.iter().find(|table| table.definition.name == "sentence_themes" && table.suffix() == suffix);
    let wrong = Wrong::new(
        format!("score: the sum of contribution of the sentence and theme in theme_evidence{suffix}.csv"),
        format!("that and {}", Decimal::from_millionths(score.left())),
    );
    sentences.map_or(Ok(()), |table| Err(table.wrong(row, wrong)))
}
