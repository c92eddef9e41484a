//! `yuliao themes check`

use crate::diagnostic::{self, Diagnostic};
use crate::run::{self, ExitCode};

use super::super::arguments::Arguments;
use super::super::commands::{config_error, counted};
use super::super::display::say;
use super::CheckArguments;

pub(super) fn check(arguments: &Arguments, options: &CheckArguments) -> u8 {
    let (config, _) = match arguments.configuration() {
        Ok(found) => found,
        Err(error) => return config_error(&error),
    };
    let problems = run::check_taxonomies(&config);
    diagnostic::shown(problems.iter().filter(|p| !arguments.quiet || p.is_error())).iter().for_each(|problem| say(problem));
    let (errors, notes): (Vec<&Diagnostic>, Vec<&Diagnostic>) = problems.iter().partition(|p| p.is_error());
    if !arguments.quiet {
        say(&format!("{}, {}", counted(errors.len() as u64, "error"), counted(notes.len() as u64, "other note")));
    }
    let is_bad = !errors.is_empty() || options.strict && !notes.is_empty();
    if is_bad { ExitCode::BadData.code() } else { ExitCode::Done.code() }
}
