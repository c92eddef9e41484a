//! A problem in a file that a person wrote, said so that they can mend it: where, how bad, what was found, what to do.
//!
//! Goes in: the findings of the lexicon, theme and configuration readers. Comes out: one line (and a help line) a person
//! can act on. It knows none of those readers: it imports nothing, so every stage may use it without a cycle.

use std::fmt;

/// How bad a [`Diagnostic`] is. The order is that of severity, worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Nothing runs until it is mended.
    Error,
    /// The run goes on, but does probably not what was meant.
    Warning,
    /// Worth knowing.
    Info,
}

impl Level {
    /// As it stands in messages.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Info => "info",
        }
    }
}

/// One problem in one place of one file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Diagnostic {
    /// The file as the user named it.
    pub file: String,
    /// 1-based line; 0 when the problem is the file as a whole.
    pub line: usize,
    /// 1-based column in characters; 0 when the problem is the line as a whole.
    pub column: usize,
    /// How bad it is.
    pub level: Level,
    /// Stable code such as `T007`; messages may change, codes may not.
    pub code: &'static str,
    /// What was expected and what was found, one line.
    pub message: String,
    /// What to write instead, one line.
    pub help: Option<String>,
}

/// In characters: several lines of a terminal.
const LONGEST_MESSAGE: usize = 600;

impl Diagnostic {
    /// An error at `file:line:column`.
    /// A message that quotes something endless is cut.
    pub fn error(file: impl Into<String>, line: usize, column: usize, code: &'static str, message: impl Into<String>) -> Self {
        let mut message = message.into();
        if let Some((at, _)) = message.char_indices().nth(LONGEST_MESSAGE) {
            message.truncate(at);
            message.push('…');
        }
        Self { file: file.into(), line, column, level: Level::Error, code, message, help: None }
    }

    /// The same at another level.
    #[must_use]
    pub fn at_level(mut self, level: Level) -> Self {
        self.level = level;
        self
    }

    /// The same with a line that says what to do.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Whether this stops the run.
    pub fn is_error(&self) -> bool {
        self.level == Level::Error
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
            if self.column > 0 {
                write!(f, ":{}", self.column)?;
            }
        }
        let level = self.level.as_str();
        write!(f, ": {level}[{}]: {}", self.code, self.message)?;
        match &self.help {
            Some(help) => write!(f, "\n  help: {help}"),
            None => Ok(()),
        }
    }
}

/// Most problems of one file that are shown: who has mended so many looks again, and a list of the wrong kind has one in every line.
const MOST_SHOWN: usize = 20;

/// Problems in words, those of a file together as they stand; of one with too many the first, errors before all else, and how many
/// more there are.
pub fn shown<'d>(problems: impl IntoIterator<Item = &'d Diagnostic>) -> Vec<String> {
    let problems: Vec<&Diagnostic> = problems.into_iter().collect();
    problems.chunk_by(|a, b| a.file == b.file).flat_map(shown_of_file).collect()
}

fn shown_of_file(problems: &[&Diagnostic]) -> Vec<String> {
    let mut errors = problems.iter().filter(|problem| problem.is_error()).count().min(MOST_SHOWN);
    let mut others = MOST_SHOWN - errors;
    let fits = |problem: &&&Diagnostic| {
        let left = if problem.is_error() { &mut errors } else { &mut others };
        let fits = *left > 0;
        *left -= usize::from(fits);
        fits
    };
    let mut lines: Vec<String> = problems.iter().filter(fits).map(ToString::to_string).collect();
    if problems.len() > lines.len() {
        lines.push(format!("{}: and {} more", problems[0].file, problems.len() - lines.len()));
    }
    lines
}

/// The lines of a text, for many questions about places in it.
#[derive(Debug)]
pub struct LineIndex<'t> {
    text: &'t str,
    starts: Vec<usize>,
}

impl<'t> LineIndex<'t> {
    /// Looks where the lines begin.
    pub fn new(text: &'t str) -> Self {
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self { text, starts }
    }

    /// 1-based line and column (in characters) of a byte; the end of the text for a byte beyond it.
    pub fn place(&self, byte_offset: usize) -> (usize, usize) {
        let mut end = byte_offset.min(self.text.len());
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        let line = self.starts.partition_point(|start| *start <= end);
        (line, self.text[self.starts[line - 1]..end].chars().count() + 1)
    }
}

/// The same for a single question.
pub fn line_column(text: &str, byte_offset: usize) -> (usize, usize) {
    LineIndex::new(text).place(byte_offset)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_place_level_code_text_and_help() {
        let d = Diagnostic::error("themes.toml", 57, 1, "T007", "碳 is one character").with_help("token = [\"碳\"]");
        assert_eq!(d.to_string(), "themes.toml:57:1: error[T007]: 碳 is one character\n  help: token = [\"碳\"]");
        let whole = Diagnostic::error("a.txt", 0, 0, "D001", "cannot be read").at_level(Level::Warning);
        assert_eq!(whole.to_string(), "a.txt: warning[D001]: cannot be read");
    }

    #[test]
    fn of_many_problems_of_a_file_the_first_are_shown_and_errors_before_all_else() {
        let problem = |file: &str, line| Diagnostic::error(file, line, 0, "D001", "wrong");
        let twenty: Vec<Diagnostic> = (1..=20).map(|line| problem("a.txt", line)).collect();
        assert_eq!(shown(&twenty).len(), 20);
        let mut problems: Vec<Diagnostic> = (1..=30).map(|line| problem("a.txt", line).at_level(Level::Warning)).collect();
        problems.extend((31..=35).map(|line| problem("a.txt", line)));
        problems.push(problem("b.txt", 1));
        let lines = shown(&problems);
        // 15 warnings, 5 errors, what is left out of a.txt, and b.txt.
        assert_eq!(
            (lines.len(), lines[14].as_str(), lines[15].as_str()),
            (22, "a.txt:15: warning[D001]: wrong", "a.txt:31: error[D001]: wrong")
        );
        assert_eq!(lines[20..], ["a.txt: and 15 more", "b.txt:1: error[D001]: wrong"]);
        assert_eq!(shown(&[]), Vec::<String>::new());
    }

    #[test]
    fn counts_lines_and_characters_from_one() {
        assert_eq!(line_column("一\n二三", 0), (1, 1));
        assert_eq!(line_column("一\n二三", 7), (2, 2));
        assert_eq!(line_column("一", 99), (1, 2));
    }
}
