//! `yuliao themes suggest` and `yuliao themes selftest`

use clap::Args;

use crate::analysis::{SelftestSplit, SuggestionLevel};
use crate::run::{Built, ExitCode, Prepared, RunError};
use crate::table::{ListedTable, Table};

use super::super::arguments::Arguments;
use super::super::commands::{config_error, counted, failure};
use super::super::display::{Display, say};
use super::quality::{no_taxonomy, write};

/// What is proposed.
#[derive(Debug, Args)]
pub(in crate::cli) struct SuggestArguments {
    /// 1: words for main themes; 2: words for leaves
    #[arg(long, value_name = "LEVEL", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=2))]
    pub level: u8,

    /// Most words for each theme
    #[arg(long, value_name = "N", default_value_t = 50)]
    pub top: usize,
}

/// How the taxonomy is tested.
#[derive(Debug, Args)]
pub(in crate::cli) struct SelftestArguments {
    /// Test on the newest third of the dated documents instead of a third by hash
    #[arg(long)]
    pub by_date: bool,
}

/// `yuliao themes suggest`
pub(super) fn suggest(arguments: &Arguments, options: &SuggestArguments) -> u8 {
    let level = if options.level == 1 { SuggestionLevel::Mains } else { SuggestionLevel::Leaves };
    learned(arguments, |built, prepared| built.theme_suggestions(prepared, level, options.top))
}

/// `yuliao themes selftest`
pub(super) fn selftest(arguments: &Arguments, options: &SelftestArguments) -> u8 {
    let split = if options.by_date { SelftestSplit::ByDate } else { SelftestSplit::ByHash };
    learned(arguments, |built, prepared| built.theme_selftest(prepared, split))
}

fn learned(arguments: &Arguments, make: impl FnOnce(&Built, &Prepared) -> Option<ListedTable> + Send) -> u8 {
    let (config, _) = match arguments.configuration() {
        Ok(found) => found,
        Err(error) => return config_error(&error),
    };
    let prepared = match Prepared::for_reading(&config) {
        Ok(prepared) => prepared,
        Err(error) => return failure(&error),
    };
    let display = Display::new(arguments.quiet);
    let made: Result<Option<ListedTable>, RunError> = prepared.in_pool(|| Ok(make(&prepared.build(&display)?, &prepared)));
    display.finish();
    let table = match made {
        Ok(Some(table)) => table,
        Ok(None) => return failure(&no_taxonomy()),
        Err(error) => return failure(&error),
    };
    if let Err(code) = write(&table, arguments.output.as_deref(), &config) {
        return code;
    }
    if !arguments.quiet {
        say(&counted(table.row_count() as u64, "row"));
    }
    ExitCode::Done.code()
}
