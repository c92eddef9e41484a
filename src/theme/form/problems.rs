//! The problems found in the files of one taxonomy.

use crate::diagnostic::{Diagnostic, Level};

use super::written::Place;

/// Problems, with the names of the files they are in.
pub(in crate::theme) struct Problems {
    pub files: Vec<String>,
    pub found: Vec<Diagnostic>,
}

impl Problems {
    pub fn new(files: Vec<String>) -> Self {
        Self { files, found: Vec::new() }
    }

    /// An error.
    pub fn add(&mut self, place: Place, code: &'static str, message: impl Into<String>) {
        self.add_with_help(place, code, message, None);
    }

    /// An error and what to do about it.
    pub fn add_with_help(&mut self, place: Place, code: &'static str, message: impl Into<String>, help: Option<String>) {
        self.add_at(Level::Error, place, code, message, help);
    }

    /// A problem of any level.
    pub fn add_at(&mut self, level: Level, place: Place, code: &'static str, message: impl Into<String>, help: Option<String>) {
        let file = self.files.get(place.file).or(self.files.first()).cloned().unwrap_or_default();
        let problem = Diagnostic::error(file, place.line, place.column, code, message).at_level(level);
        self.found.push(match help {
            Some(help) => problem.with_help(help),
            None => problem,
        });
    }
}

/// The known name that is the most like what was typed.
pub(in crate::theme) fn nearest<'k>(typed: &str, known: &[&'k str]) -> Option<&'k str> {
    known.iter().max_by(|a, b| strsim::jaro_winkler(a, typed).total_cmp(&strsim::jaro_winkler(b, typed))).copied()
}
