//! `yuliao themes`: the taxonomy as a thing to check, to edit and to measure.

mod check;
mod exchange;
mod explain;
mod learn;
mod quality;

use clap::Subcommand;

use super::arguments::Arguments;

/// What can be done with taxonomies.
#[derive(Debug, Subcommand)]
pub(super) enum ThemesCommand {
    /// Check the taxonomies alone; list every problem with its place; write nothing
    Check(check::CheckArguments),
    /// Say of each sentence which patterns were found, which of them count and why, and what themes follow
    Explain(explain::ExplainArguments),
    /// Write the first taxonomy as a CSV pair for a spreadsheet, or as TOML, to where --output says
    Export(exchange::ExportArguments),
    /// Take a taxonomy back from a CSV pair or a TOML file: check it, show what changes, write it
    Import(exchange::ImportArguments),
    /// Hold the labels of the first taxonomy against those of a person: theme_quality.csv
    Score(quality::ScoreArguments),
    /// Compare two people who coded the same sentences: Krippendorff's alpha of each theme
    Agree(quality::AgreeArguments),
    /// Draw sentences to code by hand, even over the themes found, without showing what was found
    Sample(quality::SampleArguments),
    /// Propose terms from the documents, with a column for your decisions; see import --suggestions
    Suggest(learn::SuggestArguments),
    /// Hide half of the terms and see how well the words around them tell the themes: is there enough to learn from?
    Selftest(learn::SelftestArguments),
}

impl ThemesCommand {
    /// Whether `--output` names one table, and without it that goes to standard output.
    pub fn writes_one_file(&self) -> bool {
        matches!(self, Self::Score(_) | Self::Agree(_) | Self::Sample(_) | Self::Suggest(_) | Self::Selftest(_))
    }
}

/// Does it and returns the exit code.
pub(super) fn themes(arguments: &Arguments, command: &ThemesCommand) -> u8 {
    match command {
        ThemesCommand::Check(options) => check::check(arguments, options),
        ThemesCommand::Explain(options) => explain::explain(arguments, options),
        ThemesCommand::Export(options) => exchange::export(arguments, options),
        ThemesCommand::Import(options) => exchange::import(arguments, options),
        ThemesCommand::Score(options) => quality::score(arguments, options),
        ThemesCommand::Agree(options) => quality::agree(arguments, options),
        ThemesCommand::Sample(options) => quality::sample(arguments, options),
        ThemesCommand::Suggest(options) => learn::suggest(arguments, options),
        ThemesCommand::Selftest(options) => learn::selftest(arguments, options),
    }
}
