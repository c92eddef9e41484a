//! `yuliao themes`: the taxonomy as a thing to check, to edit and to measure.

mod check;
mod explain;

use clap::{Args, Subcommand};

use super::arguments::Arguments;

/// What can be done with taxonomies.
#[derive(Debug, Subcommand)]
pub(super) enum ThemesCommand {
    /// Check the taxonomies alone; list every problem with its place; write nothing
    Check(CheckArguments),
    /// Say of each sentence which patterns were found, which of them count and why, and what themes follow
    Explain(explain::ExplainArguments),
}

/// How taxonomies are checked.
#[derive(Debug, Args)]
pub(super) struct CheckArguments {
    /// Warnings count as errors
    #[arg(long)]
    pub strict: bool,
}

/// Does it and returns the exit code.
pub(super) fn themes(arguments: &Arguments, command: &ThemesCommand) -> u8 {
    match command {
        ThemesCommand::Check(options) => check::check(arguments, options),
        ThemesCommand::Explain(options) => explain::explain(arguments, options),
    }
}
