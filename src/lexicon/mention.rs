//! Where a word was typed, and lines that hold none.

use crate::diagnostic::{Diagnostic, Level};

/// A place where a word was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// The file, as the configuration names it.
    pub file: String,
    /// 1-based line.
    pub line: usize,
    /// The word as typed.
    pub typed: String,
    /// The part of speech typed beside it, if any.
    pub tag: Option<String>,
}

/// A line that gave no word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedLine {
    /// The file, as the configuration names it.
    pub file: String,
    /// 1-based line.
    pub line: usize,
    /// The line, or its word where one could be read.
    pub typed: String,
    /// Why it was refused.
    pub refusal: Refusal,
}

/// Why a line gave no word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What is wrong with it.
    pub kind: RefusalKind,
    /// What was expected and what was found.
    pub message: String,
    pub(super) code: &'static str,
    pub(super) help: Option<&'static str>,
}

/// What is wrong with a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefusalKind {
    /// It could not be read.
    Rejected,
    /// Its word can never match.
    Unreachable,
}

/// What happens to lines that cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BadLines {
    /// Nothing runs until they are mended.
    #[default]
    Refuse,
    /// They are left out with a warning, and the audit lists them.
    Skip,
}

impl RefusedLine {
    pub(super) fn diagnostic(&self, bad_lines: BadLines) -> Diagnostic {
        let level = if bad_lines == BadLines::Refuse { Level::Error } else { Level::Warning };
        let problem = Diagnostic::error(&self.file, self.line, 0, self.refusal.code, &self.refusal.message).at_level(level);
        match self.refusal.help {
            Some(help) => problem.with_help(help),
            None => problem,
        }
    }
}
