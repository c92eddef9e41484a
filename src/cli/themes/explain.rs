//! `yuliao themes explain`

use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::path::PathBuf;

use clap::Args;

use crate::run::{ExitCode, Explanation, Prepared};
use crate::source::Quarantined;

use super::super::arguments::Arguments;
use super::super::commands::{config_error, failure};
use super::super::display::say;

/// What is explained.
#[derive(Debug, Args)]
pub(in crate::cli) struct ExplainArguments {
    /// A sentence or a longer text
    #[arg(value_name = "TEXT", required_unless_present = "file")]
    pub text: Option<String>,

    /// A document or folder of documents instead, read as `run` reads it
    #[arg(short, long, value_name = "PATH", conflicts_with = "text")]
    pub file: Option<PathBuf>,
}

pub(super) fn explain(arguments: &Arguments, options: &ExplainArguments) -> u8 {
    let (mut config, _) = match arguments.configuration() {
        Ok(found) => found,
        Err(error) => return config_error(&error),
    };
    config.input.paths = options.file.iter().cloned().collect();
    config.input.root.clear();
    let prepared = match Prepared::for_reading(&config) {
        Ok(prepared) => prepared,
        Err(error) => return failure(&error),
    };
    let (explained, bad) = match &options.text {
        Some(text) => (prepared.explain_text(text), Vec::new()),
        None => prepared.in_pool(|| prepared.explain_inputs()),
    };
    let shown: String = explained.iter().map(show).collect();
    match io::stdout().write_all(shown.as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            say(&format!("error: standard output: {error}"));
            return ExitCode::Io.code();
        }
        _ => {}
    }
    for item in &bad {
        say(&format!("warning: {}: {} {}", item.place(), item.code.as_str(), item.message));
    }
    if bad.iter().all(Quarantined::is_harmless) { ExitCode::Done.code() } else { ExitCode::Partial(config.run.partial_exit).code() }
}

/// The sentence, a line for each hit, a line for each theme.
fn show(explanation: &Explanation) -> String {
    let place = if explanation.place.is_empty() { String::new() } else { format!("{} ", explanation.place) };
    let mut text = format!("{place}{}. {}\n", explanation.sentence_no, explanation.sentence.replace(['\n', '\r', '\t'], " "));
    // Writing into a String never fails.
    for hit in &explanation.hits {
        let _ = writeln!(text, "   {}: {} of {} {}", hit.matched.replace(['\n', '\r'], " "), hit.pattern, hit.theme, hit.outcome);
    }
    for theme in &explanation.themes {
        let _ = writeln!(text, "   → {} {}: {}", theme.id, theme.name, theme.outcome);
    }
    if explanation.hits.is_empty() {
        let _ = writeln!(text, "   no pattern of {} is found", explanation.taxonomy);
    }
    text
}
