//! What each command does, and the exit code it ends with.

use std::io::{self, BufWriter, Write};

use clap::CommandFactory;

use crate::config::LoadError;
use crate::diagnostic::{self, Diagnostic};
use crate::report::replace_file_with;
use crate::run::{self, ExitCode, Pieces, Prepared, RunError, TokenFormat};
use crate::source::Quarantined;

use super::arguments::{Arguments, Format, TokenArguments};
use super::display::say;

/// `1 input`, `2 inputs`.
pub(super) fn counted(count: u64, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// `yuliao tokens`
pub(super) fn tokens(arguments: &Arguments, options: &TokenArguments) -> u8 {
    let (mut config, _) = match arguments.configuration() {
        Ok(found) => found,
        Err(error) => return config_error(&error),
    };
    if !options.paths.is_empty() {
        config.input.paths = options.paths.iter().chain(&arguments.input).cloned().collect();
        config.input.root.clear();
    }
    let prepared = match Prepared::for_text(&config) {
        Ok(prepared) => prepared,
        Err(error) => return failure(&error),
    };
    let format = match options.format {
        Format::Text => TokenFormat::Text,
        Format::Jsonl => TokenFormat::Jsonl,
    };
    let pieces = if options.punctuation { Pieces::WithMarks } else { Pieces::Tokens };
    let name = format!("tokens.{}", if options.format == Format::Text { "txt" } else { "jsonl" });
    let target = match arguments.output.as_deref().map(|output| prepared.target(output, &name)).transpose() {
        Ok(target) => target,
        Err(error) => return failure(&error),
    };
    let write = |mut out: &mut (dyn Write + Send)| prepared.in_pool(|| run::write_tokens(&prepared, format, pieces, &mut out));
    let written = match &target {
        Some(path) => replace_file_with(path, write),
        None => write(&mut BufWriter::new(io::stdout())),
    };
    match written {
        Ok(bad) if bad.iter().all(Quarantined::is_harmless) => ExitCode::Done.code(),
        Ok(bad) => {
            for item in bad.iter().filter(|_| !arguments.quiet) {
                say(&format!("warning: {}: {} {}", item.place(), item.code.as_str(), item.message));
            }
            ExitCode::Partial(config.run.partial_exit).code()
        }
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::Done.code(),
        Err(error) => {
            let place = target.map_or_else(|| "standard output".to_string(), |path| path.display().to_string());
            say(&format!("error: {place}: {error}"));
            ExitCode::Io.code()
        }
    }
}

/// `yuliao check`
pub(super) fn check(arguments: &Arguments) -> u8 {
    let (config, _) = match arguments.configuration() {
        Ok(found) => found,
        Err(error) => return config_error(&error),
    };
    let (problems, failures) = Prepared::problems(&config);
    say_problems(problems.iter().filter(|p| !arguments.quiet || p.is_error()), arguments.verbose);
    failures.iter().for_each(|failure| say(&format!("error: {failure}")));
    let errors = problems.iter().filter(|p| p.is_error()).count() + failures.len();
    if !arguments.quiet {
        let notes = problems.iter().filter(|p| !p.is_error()).count();
        say(&format!("{}, {}", counted(errors as u64, "error"), counted(notes as u64, "other note")));
    }
    let data = problems.iter().any(Diagnostic::is_error).then_some(ExitCode::BadData);
    // Several problems: the first in the order 78 65 66 73 74 70.
    let order =
        [ExitCode::Config, ExitCode::BadData, ExitCode::NoInput, ExitCode::CannotCreate, ExitCode::Io, ExitCode::Busy, ExitCode::Bug];
    let found: Vec<ExitCode> = failures.iter().map(RunError::exit).chain(data).collect();
    order.into_iter().find(|code| found.contains(code)).unwrap_or(ExitCode::Done).code()
}

/// Shows problems: all of them, or of a file with too many the first, and how to see the rest.
pub(super) fn say_problems<'d>(problems: impl Iterator<Item = &'d Diagnostic>, all: bool) {
    let problems: Vec<&Diagnostic> = problems.collect();
    let every: Vec<String> = problems.iter().map(ToString::to_string).collect();
    let lines = if all { every.clone() } else { diagnostic::shown(problems) };
    lines.iter().for_each(|line| say(line));
    if lines != every {
        say("note: -v lists all of them");
    }
}

/// `yuliao completions`
pub(super) fn completions(shell: clap_complete::Shell) -> u8 {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "yuliao", &mut script);
    match io::stdout().write_all(&script) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => ExitCode::Io.code(),
        _ => ExitCode::Done.code(),
    }
}

pub(super) fn config_error(error: &LoadError) -> u8 {
    say(&format!("{error}"));
    ExitCode::Config.code()
}

pub(super) fn failure(error: &RunError) -> u8 {
    say(&format!("error: {error}"));
    error.exit().code()
}
