//! `yuliao themes check`

use std::io::{self, Write};

use clap::{Args, ValueEnum};
use serde::Serialize;

use crate::diagnostic::{Diagnostic, Level};
use crate::run::{self, ExitCode};

use super::super::arguments::Arguments;
use super::super::commands::{config_error, counted, failure, say_problems};
use super::super::display::{Display, say};

/// How taxonomies are checked.
#[derive(Debug, Args)]
pub(in crate::cli) struct CheckArguments {
    /// Warnings count as errors
    #[arg(long)]
    pub strict: bool,

    /// Also read the configured documents, and list the patterns that are never found in them, or hardly ever
    #[arg(long)]
    pub corpus: bool,

    /// How problems are written: for people to standard error, or one JSON object a line to standard output
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

/// A form of the list of problems.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Format {
    /// For people
    Text,
    /// For programs
    Json,
}

#[derive(Serialize)]
struct Record<'a> {
    file: &'a str,
    line: usize,
    column: usize,
    level: &'static str,
    code: &'static str,
    message: &'a str,
    help: Option<&'a str>,
}

pub(super) fn check(arguments: &Arguments, options: &CheckArguments) -> u8 {
    let (config, _) = match arguments.configuration() {
        Ok(found) => found,
        Err(error) => return config_error(&error),
    };
    let mut problems = match run::check_taxonomies(&config) {
        Ok(problems) => problems,
        Err(error) => return failure(&error),
    };
    if options.corpus && !problems.iter().any(Diagnostic::is_error) {
        let display = Display::new(arguments.quiet);
        let unseen = run::unseen_patterns(&config, &display);
        display.finish();
        match unseen {
            Ok(notes) => problems.extend(notes),
            Err(error) => return failure(&error),
        }
        problems.sort_by(|a, b| (&a.file, a.line, a.column, a.code).cmp(&(&b.file, b.line, b.column, b.code)));
    }
    let is_shown = |problem: &&Diagnostic| !arguments.quiet || problem.is_error();
    match options.format {
        // Who asks what the corpus never holds wants all of it.
        Format::Text => say_problems(problems.iter().filter(is_shown), arguments.verbose || options.corpus),
        Format::Json => {
            if let Err(error) = write_json(problems.iter().filter(is_shown))
                && error.kind() != io::ErrorKind::BrokenPipe
            {
                say(&format!("error: standard output: {error}"));
                return ExitCode::Io.code();
            }
        }
    }
    let count = |level: Level| problems.iter().filter(|problem| problem.level == level).count() as u64;
    if !arguments.quiet {
        let [errors, warnings, notes] = [Level::Error, Level::Warning, Level::Info].map(count);
        say(&format!("{}, {}, {}", counted(errors, "error"), counted(warnings, "warning"), counted(notes, "note")));
    }
    let is_bad = count(Level::Error) > 0 || options.strict && count(Level::Warning) > 0;
    if is_bad { ExitCode::BadData.code() } else { ExitCode::Done.code() }
}

fn write_json<'d>(problems: impl Iterator<Item = &'d Diagnostic>) -> io::Result<()> {
    let mut out = io::stdout().lock();
    for problem in problems {
        let record = Record {
            file: &problem.file,
            line: problem.line,
            column: problem.column,
            level: problem.level.as_str(),
            code: problem.code,
            message: &problem.message,
            help: problem.help.as_deref(),
        };
        serde_json::to_writer(&mut out, &record)?;
        out.write_all(b"\n")?;
    }
    out.flush()
}
