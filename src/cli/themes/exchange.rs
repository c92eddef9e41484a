//! `yuliao themes export` and `yuliao themes import`

use std::io::{self, Write};
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::diagnostic::Level;
use crate::run::{self, ExitCode, Import, ImportTarget, TaxonomyForm};

use super::super::arguments::Arguments;
use super::super::commands::{config_error, counted, failure};
use super::super::display::say;
use super::quality::no_taxonomy;

/// What is exported.
#[derive(Debug, Args)]
pub(in crate::cli) struct ExportArguments {
    /// The form: a folder with themes.csv and patterns.csv for a spreadsheet, or one TOML file
    #[arg(long, value_enum, default_value_t = Form::Csv)]
    pub format: Form,

    /// Replace files that are there
    #[arg(long)]
    pub force: bool,
}

/// A form of a taxonomy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Form {
    /// themes.csv and patterns.csv
    Csv,
    /// One TOML file
    Toml,
}

/// What is imported.
#[derive(Debug, Args)]
pub(in crate::cli) struct ImportArguments {
    /// The folder of a CSV pair, or a TOML file
    #[arg(value_name = "PATH", required_unless_present = "suggestions")]
    pub source: Option<PathBuf>,

    /// A theme_suggestions.csv with decisions: accept adds the word as a term, reject remembers the refusal
    #[arg(long, value_name = "FILE", conflicts_with = "source")]
    pub suggestions: Option<PathBuf>,

    /// The TOML file to change; its comments and layout stay [default: the first configured taxonomy]
    #[arg(long, value_name = "FILE", conflicts_with = "output")]
    pub into: Option<PathBuf>,

    /// Replace the file that --output names, if it is there
    #[arg(long, conflicts_with = "into")]
    pub force: bool,

    /// Show what would change, and write nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// `yuliao themes export`
pub(super) fn export(arguments: &Arguments, options: &ExportArguments) -> u8 {
    let (config, _) = match arguments.configuration() {
        Ok(found) => found,
        Err(error) => return config_error(&error),
    };
    let Some(source) = config.themes.taxonomy.first() else { return failure(&no_taxonomy()) };
    let form = match options.format {
        Form::Csv => TaxonomyForm::Csv,
        Form::Toml => TaxonomyForm::Toml,
    };
    let Some(target) = &arguments.output else {
        say("error: expected --output, the folder (csv) or file (toml) to write");
        return ExitCode::Usage.code();
    };
    match run::export_taxonomy(source, form, target, options.force) {
        Ok(done) => {
            if !arguments.quiet {
                let files: Vec<String> = done.files.iter().map(|file| file.display().to_string()).collect();
                let (themes, entries) = (counted(done.themes as u64, "theme"), done.entries);
                say(&format!("wrote {}: {themes}, {entries} patterns, masks and examples", files.join(" and ")));
                if done.comments > 0 {
                    say(&format!(
                        "note: {} of {} left out: the new file has none",
                        counted(done.comments as u64, "comment"),
                        source.display()
                    ));
                }
            }
            ExitCode::Done.code()
        }
        Err(error) => failure(&error),
    }
}

/// `yuliao themes import`
pub(super) fn import(arguments: &Arguments, options: &ImportArguments) -> u8 {
    let (config, _) = match arguments.configuration() {
        Ok(found) => found,
        Err(error) => return config_error(&error),
    };
    let into = || options.into.as_deref().or_else(|| config.themes.taxonomy.first().map(PathBuf::as_path));
    let planned = match (&options.suggestions, &options.source, into()) {
        (Some(list), _, Some(into)) => run::plan_suggestions(list, into),
        (_, Some(source), into) => match (&arguments.output, into) {
            (Some(output), _) => run::plan_import(source, ImportTarget::New { path: output, force: options.force || options.dry_run }),
            (None, Some(into)) => run::plan_import(source, ImportTarget::Into(into)),
            (None, None) => Err(no_taxonomy()),
        },
        _ => Err(no_taxonomy()),
    };
    match planned {
        Ok(import) => carry_out(&import, arguments, options.dry_run),
        Err(error) => failure(&error),
    }
}

fn carry_out(import: &Import, arguments: &Arguments, is_dry: bool) -> u8 {
    let shown: String = import.changes.iter().map(|line| format!("{}\n", line.replace(['\n', '\r'], " "))).collect();
    if let Err(error) = io::stdout().write_all(shown.as_bytes())
        && error.kind() != io::ErrorKind::BrokenPipe
    {
        say(&format!("error: standard output: {error}"));
        return ExitCode::Io.code();
    }
    import.notes.iter().filter(|note| note.level == Level::Warning && !arguments.quiet).for_each(|note| say(&note.to_string()));
    let name = import.target.display();
    let (summary, written) = match (import.changes.len() as u64, is_dry) {
        (0, _) => (format!("{name}: nothing changes"), Ok(())),
        (changes, true) => (format!("{name}: {} not made, since this is a dry run", counted(changes, "change")), Ok(())),
        (changes, false) => (format!("{name}: {} written", counted(changes, "change")), import.write()),
    };
    if let Err(error) = written {
        return failure(&error);
    }
    if !arguments.quiet {
        say(&summary);
    }
    ExitCode::Done.code()
}
