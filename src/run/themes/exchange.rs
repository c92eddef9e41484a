//! Taxonomies from one form into the other, and from a spreadsheet back into the file.

use std::fs;
use std::path::{Path, PathBuf};

use crate::diagnostic::Diagnostic;
use crate::report::replace_file;
use crate::theme::{self, Written};

use super::super::RunError;
use super::super::prepare::{is_built_in, name, read_file};
use super::super::taxonomy::{PAIR, decoded, read_written};

/// A form of a taxonomy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TaxonomyForm {
    /// One file.
    Toml,
    /// A folder with themes.csv and patterns.csv.
    Csv,
}

/// What was exported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exported {
    /// The files that were written.
    pub files: Vec<PathBuf>,
    /// Themes in them.
    pub themes: usize,
    /// Patterns, masks, examples and so on.
    pub entries: usize,
    /// Comments of the TOML file that were left out.
    pub comments: usize,
}

/// Writes a taxonomy that has no error of form into another form. What is there is replaced only with `force`.
///
/// # Errors
/// Problems of the taxonomy; files that are there already or cannot be written.
pub fn export_taxonomy(source: &Path, form: TaxonomyForm, target: &Path, force: bool) -> Result<Exported, RunError> {
    let written = read_checked(source)?.0;
    let comments = if source.is_dir() { 0 } else { comments_of(source) };
    let files: Vec<(PathBuf, String)> = match form {
        TaxonomyForm::Toml => vec![(target.to_path_buf(), written.to_toml())],
        TaxonomyForm::Csv => PAIR.map(|file| target.join(file)).into_iter().zip(written.to_pair()).collect(),
    };
    refuse_to_replace(&files.iter().map(|(path, _)| path.as_path()).collect::<Vec<_>>(), force)?;
    if form == TaxonomyForm::Csv {
        fs::create_dir_all(target).map_err(|source| writing(target, source))?;
    }
    for (path, text) in &files {
        replace_file(path, text.as_bytes()).map_err(|source| writing(path, source))?;
    }
    let (themes, entries) = (written.themes().len(), written.entry_count());
    Ok(Exported { files: files.into_iter().map(|(path, _)| path).collect(), themes, entries, comments })
}

/// What an import would do, and does when it is written.
#[derive(Debug)]
pub struct Import {
    /// The file it writes.
    pub target: PathBuf,
    /// A line for each change; none where the target says the same already.
    pub changes: Vec<String>,
    /// Warnings and notes about the new taxonomy.
    pub notes: Vec<Diagnostic>,
    text: String,
}

/// Where an imported taxonomy goes.
#[derive(Debug, Clone, Copy)]
pub enum ImportTarget<'a> {
    /// Into this TOML file, whose comments and layout stay.
    Into(&'a Path),
    /// Into a new file.
    New {
        /// The file.
        path: &'a Path,
        /// Whether one that is there is replaced.
        force: bool,
    },
}

/// What somebody wrote is replaced only when that is said.
fn refuse_to_replace(files: &[&Path], force: bool) -> Result<(), RunError> {
    match files.iter().find(|path| path.exists() && !force) {
        None => Ok(()),
        Some(path) => {
            Err(RunError::CannotCreate(format!("{} is there already: name another place, or say --force to replace it", path.display())))
        }
    }
}

/// Plans the import of a taxonomy in either form. Nothing is written.
///
/// # Errors
/// Every problem of the taxonomy, or of the file it goes into.
pub fn plan_import(source: &Path, target: ImportTarget<'_>) -> Result<Import, RunError> {
    let (new, notes) = read_checked(source)?;
    import(&new, notes, target)
}

/// Plans to take over the decisions of a list of proposed terms into a TOML file. Nothing is written.
///
/// # Errors
/// Every row that cannot be taken over; problems of the taxonomy before or after.
pub fn plan_suggestions(list: &Path, into: &Path) -> Result<Import, RunError> {
    let (old, _) = read_checked(into)?;
    let bytes = read_file(list).map_err(|problem| RunError::BadData(vec![problem]))?;
    let text = decoded(&name(list), &bytes).map_err(|problem| RunError::BadData(vec![problem]))?;
    let new = old.with_suggestions(&name(list), &text).map_err(RunError::BadData)?;
    let loaded = theme::load((Some(new), Vec::new())).map_err(RunError::BadData)?;
    import(&loaded.written, loaded.notes, ImportTarget::Into(into))
}

fn import(new: &Written, notes: Vec<Diagnostic>, target: ImportTarget<'_>) -> Result<Import, RunError> {
    match target {
        ImportTarget::New { path, force } => {
            refuse_to_replace(&[path], force)?;
            let changes = Written::default().changes_to(new);
            Ok(Import { target: path.to_path_buf(), changes, notes, text: new.to_toml() })
        }
        ImportTarget::Into(path) => {
            if path.is_dir() || is_built_in(path) {
                let what = format!(
                    "{}: expected a TOML file to change in place; name one with --into, or a new one with --output",
                    path.display()
                );
                return Err(RunError::Config(what));
            }
            let (old, _) = read_checked(path)?;
            let bytes = read_file(path).map_err(|problem| RunError::BadData(vec![problem]))?;
            let original = decoded(&name(path), &bytes).map_err(|problem| RunError::BadData(vec![problem]))?;
            let changes = old.changes_to(new);
            let text = if changes.is_empty() { original.into_owned() } else { edited(new, &old, &original, path)? };
            Ok(Import { target: path.to_path_buf(), changes, notes, text })
        }
    }
}

/// The changed text, read back to be sure that it says what was imported.
fn edited(new: &Written, old: &Written, original: &str, path: &Path) -> Result<String, RunError> {
    let wrong = |reason: String| RunError::Config(format!("{}: {reason}; write a new file with --output", path.display()));
    let text = new.edited_toml(old, original).map_err(wrong)?;
    match Written::read_toml(&name(path), &text).0 {
        Some(back) if back == *new => Ok(text),
        _ => Err(wrong("its layout cannot be changed in place".to_string())),
    }
}

impl Import {
    /// Writes it.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write(&self) -> Result<(), RunError> {
        replace_file(&self.target, self.text.as_bytes()).map_err(|source| writing(&self.target, source))
    }
}

/// The taxonomy as written, if nothing is wrong with it, with what is worth knowing.
fn read_checked(path: &Path) -> Result<(Written, Vec<Diagnostic>), RunError> {
    let read = read_written(path).map_err(RunError::BadData)?.0;
    let loaded = theme::load(read).map_err(RunError::BadData)?;
    Ok((loaded.written, loaded.notes))
}

/// Comments of a TOML file: `#` outside texts, one for each line that has one.
fn comments_of(path: &Path) -> usize {
    let Ok(bytes) = read_file(path) else { return 0 };
    let Ok(text) = decoded(&name(path), &bytes) else { return 0 };
    let mut comments = 0;
    for line in text.lines() {
        let mut quote = None;
        for c in line.chars() {
            match (quote, c) {
                (None, '#') => {
                    comments += 1;
                    break;
                }
                (None, '"' | '\'') => quote = Some(c),
                (Some(open), c) if open == c => quote = None,
                _ => {}
            }
        }
    }
    comments
}

fn writing(path: &Path, source: std::io::Error) -> RunError {
    RunError::Writing { table: path.display().to_string(), source }
}
