//! `yuliao dictionary`: the word lists and what became of them.

use std::io::{self, Write};
use std::path::Path;

use crate::report::{replace_file, write_csv};
use crate::run::{self, AddedWord, ExitCode, Prepared};
use crate::source::Quarantined;

use super::arguments::{AddArguments, Arguments};
use super::commands::{config_error, failure};
use super::display::{Display, say};

/// The table's name when only a folder is given.
const FILE_NAME: &str = "dictionary_audit.csv";

/// `yuliao dictionary audit`
pub(super) fn audit(arguments: &Arguments) -> u8 {
    let (config, _) = match arguments.configuration() {
        Ok(found) => found,
        Err(error) => return config_error(&error),
    };
    let prepared = match Prepared::for_reading(&config) {
        Ok(prepared) => prepared,
        Err(error) => return failure(&error),
    };
    let target = match arguments.output.as_deref().map(|output| prepared.target(output, FILE_NAME)).transpose() {
        Ok(target) => target,
        Err(error) => return failure(&error),
    };
    let display = Display::new(arguments.quiet);
    let (table, bad) = prepared.in_pool(|| prepared.audit(&display));
    display.finish();
    let mut bytes = Vec::new();
    // Writing into memory fails only for a table that contradicts its definition.
    if let Err(error) = write_csv(&table, &config.report, &mut bytes) {
        say(&format!("error: {error}; this is a bug of yuliao, please report it"));
        return ExitCode::Bug.code();
    }
    if let Err((place, error)) = write_out(target.as_deref(), &bytes) {
        say(&format!("error: {place}: {error}"));
        return ExitCode::Io.code();
    }
    if !arguments.quiet {
        for (list, statuses) in table.summary() {
            let counts: Vec<String> = statuses.iter().map(|(status, count)| format!("{status} {count}")).collect();
            say(&format!("{list}: {}", counts.join(", ")));
        }
        for item in &bad {
            say(&format!("warning: {}: {} {}", item.place(), item.code.as_str(), item.message));
        }
    }
    if bad.iter().all(Quarantined::is_harmless) { ExitCode::Done.code() } else { ExitCode::Partial(config.run.partial_exit).code() }
}

/// To a file or to standard output. A reader of standard output that has seen enough is no failure.
pub(super) fn write_out(target: Option<&Path>, bytes: &[u8]) -> Result<(), (String, io::Error)> {
    let Some(path) = target else {
        return match io::stdout().write_all(bytes) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(("standard output".to_string(), error)),
            _ => Ok(()),
        };
    };
    replace_file(path, bytes).map_err(|error| (path.display().to_string(), error))
}

/// `yuliao dictionary add`
pub(super) fn add(arguments: &Arguments, options: &AddArguments) -> u8 {
    let (config, _) = match arguments.configuration() {
        Ok(found) => found,
        Err(error) => return config_error(&error),
    };
    match run::add_words(&config, &options.words, options.tag.as_deref(), options.file.as_deref()) {
        Ok((outcomes, file)) => {
            for outcome in outcomes.iter().filter(|_| !arguments.quiet) {
                match outcome {
                    AddedWord::Added(word) => say(&format!("added to {}: {word}", file.display())),
                    AddedWord::Known(word, file, line) => say(&format!("already in {file}:{line}: {word}")),
                }
            }
            if !config.dictionary.files.contains(&file) && !arguments.quiet {
                say(&format!("note: {} is not in dictionary.files, so no run reads it yet", file.display()));
            }
            ExitCode::Done.code()
        }
        Err(error) => failure(&error),
    }
}
