//! The command line: arguments in, exit code out. Nothing here is needed to use the library.

mod aligned;
mod arguments;
mod commands;
mod dictionary;
mod display;
mod kwic;
mod operate;
mod signals;
mod themes;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;

use arguments::{Arguments, Command, DictionaryCommand};

/// Runs the program with these arguments, the first of which is its name.
///
/// Its first argument may also be the hidden command by which a run asks for one document to be read.
pub fn main(arguments: impl Iterator<Item = OsString>) -> ExitCode {
    let mut arguments = arguments.peekable();
    let name = arguments.next();
    if arguments.peek().is_some_and(|first| first == crate::source::EXTRACTION_COMMAND) {
        let served = crate::source::serve_extraction(std::io::stdin().lock(), std::io::stdout().lock());
        return if served.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    }
    let arguments = name.into_iter().chain(arguments);
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments.with_standard_output(),
        Err(error) => return usage(&error),
    };
    display::warn_of_unknown_variables(&arguments);
    let code = match &arguments.command {
        Command::Run(run) => operate::run(&arguments, run),
        Command::Status(options) => operate::status(&arguments, options),
        Command::Tokens(tokens) => commands::tokens(&arguments, tokens),
        Command::Kwic(options) => kwic::kwic(&arguments, options),
        Command::Dictionary(DictionaryCommand::Audit) => dictionary::audit(&arguments),
        Command::Dictionary(DictionaryCommand::Add(add)) => dictionary::add(&arguments, add),
        Command::Themes(command) => themes::themes(&arguments, command),
        Command::Check => commands::check(&arguments),
        Command::Completions { shell } => commands::completions(*shell),
    };
    ExitCode::from(code)
}

/// Help and version go to standard output and are a success; a wrong argument is exit code 64, not clap's own 2.
fn usage(error: &clap::Error) -> ExitCode {
    // A closed pipe is nothing to report.
    let _ = error.print();
    if error.use_stderr() { ExitCode::from(crate::run::ExitCode::Usage.code()) } else { ExitCode::SUCCESS }
}
