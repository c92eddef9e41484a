//! `yuliao kwic`: where does it stand?

use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::{Args, ValueEnum};

use crate::config::Config;
use crate::corpus::TokenReader;
use crate::report::{MOST_ROWS_PER_FILE, replace_file_with, write_csv_header, write_csv_rows, write_jsonl};
use crate::run::{Concordance, ExitCode, KWIC_DEFINITION, KwicOutcome, KwicRequest, MOST_SORTED, Order, PairOrder, Pattern, Prepared};
use crate::source::Quarantined;

use super::aligned::{Colour, write_lines};
use super::arguments::Arguments;
use super::commands::{config_error, failure};
use super::display::say;

/// The file's name when only a folder is given.
const FILE_NAME: &str = "kwic.csv";

#[derive(Debug, Args)]
#[command(after_long_help = long_help())]
pub(super) struct KwicArguments {
    /// What to look for: a word, as the text is cut into words; `改革|开放` finds either. In traditional or simplified characters
    #[arg(value_name = "PATTERN", allow_hyphen_values = true)]
    pub pattern: String,

    /// Files or folders to search [default: the configured inputs]
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,

    /// Look for the pattern as text, also across words and inside them
    #[arg(long, conflicts_with_all = ["regex", "near"])]
    pub phrase: bool,

    /// The pattern is a regular expression, matched within a sentence; letter case counts. `.*` is slow in long sentences:
    /// `.{0,10}` says how far to look
    #[arg(long, conflicts_with = "near")]
    pub regex: bool,

    /// A second word in the same sentence
    #[arg(long, value_name = "WORD")]
    pub near: Option<String>,

    /// Most words that the two are apart; neighbours are 1 apart, marks are no words; at most 20
    #[arg(long, value_name = "K", default_value_t = 5, requires = "near", value_parser = clap::value_parser!(u32).range(1..=20))]
    pub within: u32,

    /// The second word must stand behind the first
    #[arg(long, requires = "near")]
    pub ordered: bool,

    /// Characters to show before and behind a hit
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(0..=1000))]
    pub context: u32,

    /// Order of the hits
    #[arg(long, value_enum, default_value_t = Sort::Document)]
    pub sort: Sort,

    /// Most hits to list, the first in the order; 0 = all. All are counted
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub limit: usize,

    /// List so many hits drawn from all; the same ones every time
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub sample: Option<u64>,

    /// How to write them [default: text; csv with --output]
    #[arg(long, value_enum)]
    pub format: Option<Format>,

    /// Short for --format csv
    #[arg(long, conflicts_with = "format")]
    pub csv: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Sort {
    /// Path, record, place
    Document,
    /// Date (undated last), then path and record
    Date,
    /// The text before the hit, from the hit outwards
    Left,
    /// The text behind the hit
    Right,
    /// The hit itself
    Node,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// One line a hit, the hits in one column
    Text,
    /// A table like those of a run
    Csv,
    /// One JSON object a hit
    Jsonl,
}

const EXAMPLES: &str = "\
Examples:
  yuliao kwic 改革                                  every 改革 that is counted, in its context
  yuliao kwic '改革|开放' reports/ --sort left       two words; what stands before them, sorted
  yuliao kwic 改革开放 --phrase --csv -o hits.csv    as text, whatever the words are; for a spreadsheet
  yuliao kwic '第[一二三]产业' --regex                a regular expression
  yuliao kwic 改革 --near 深化 --within 3            two words at most three apart
  yuliao kwic 发展 --sample 50                      fifty of many, drawn alike every time

No hit is no error: the exit code is 0, and 3 if some inputs could not be used.";

/// Examples, and the columns of the table from its definition.
fn long_help() -> String {
    let columns = KWIC_DEFINITION.columns.iter().map(|column| format!("  {:<13} {}\n", column.name, column.definition));
    format!("{EXAMPLES}\n\nColumns of csv and jsonl:\n{}", columns.collect::<String>())
}

/// `yuliao kwic`
pub(super) fn kwic(arguments: &Arguments, options: &KwicArguments) -> u8 {
    let began = Instant::now();
    let (mut config, _) = match arguments.configuration() {
        Ok(found) => found,
        Err(error) => return config_error(&error),
    };
    if !options.paths.is_empty() {
        config.input.paths = options.paths.iter().chain(&arguments.input).cloned().collect();
        config.input.root.clear();
    }
    let request = options.request();
    if let Err(error) = request.pattern.check(config.text.simplify) {
        say(&format!("error: {error}"));
        return ExitCode::Usage.code();
    }
    let prepared = match Prepared::for_text(&config) {
        Ok(prepared) => prepared,
        Err(error) => return failure(&error),
    };
    let format = options.format(arguments.output.is_some());
    let target = match arguments.output.as_deref().map(|output| prepared.target(output, FILE_NAME)).transpose() {
        Ok(target) => target,
        Err(error) => return failure(&error),
    };
    let target = target.as_deref();
    match search(&prepared, &config, &request, format, target) {
        Ok(outcome) => {
            let clean = outcome.quarantined.iter().all(Quarantined::is_harmless);
            let exit = if clean { ExitCode::Done } else { ExitCode::Partial(config.run.partial_exit) };
            if !arguments.quiet {
                report(&prepared, options, format, &outcome);
                let KwicOutcome { hits, documents, searched, listed, .. } = outcome;
                let seconds = began.elapsed().as_secs_f64();
                let code = exit.code();
                say(&format!(
                    "ok hits={hits} documents={documents} searched={searched} listed={listed} exit={code} duration={seconds:.1}s"
                ));
            }
            exit.code()
        }
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::Done.code(),
        Err(error) => {
            say(&format!("error: {}: {error}", target.map_or("standard output".to_string(), |path| path.display().to_string())));
            ExitCode::Io.code()
        }
    }
}

impl KwicArguments {
    fn request(&self) -> KwicRequest {
        let text = self.pattern.clone();
        let pattern = match &self.near {
            Some(second) => Pattern::Near {
                first: text,
                second: second.clone(),
                within: self.within,
                order: if self.ordered { PairOrder::AsNamed } else { PairOrder::Either },
            },
            None if self.regex => Pattern::Regex(text),
            None if self.phrase => Pattern::Phrase(text),
            None => Pattern::Word(text),
        };
        let order = match self.sort {
            Sort::Document => Order::Document,
            Sort::Date => Order::Date,
            Sort::Left => Order::Left,
            Sort::Right => Order::Right,
            Sort::Node => Order::Node,
        };
        KwicRequest {
            pattern,
            context: self.context as usize,
            order,
            limit: (self.limit > 0).then_some(self.limit),
            sample: self.sample.map(|count| usize::try_from(count).unwrap_or(usize::MAX)),
        }
    }

    fn format(&self, to_file: bool) -> Format {
        let default = if self.csv || to_file { Format::Csv } else { Format::Text };
        self.format.unwrap_or(default)
    }
}

/// Searches and writes, to a file that is put in place when it is whole, or to standard output.
fn search(prepared: &Prepared, config: &Config, request: &KwicRequest, format: Format, target: Option<&Path>) -> io::Result<KwicOutcome> {
    let search_into = |out: &mut (dyn Write + Send), colour: Colour| {
        if format == Format::Csv {
            write_csv_header(&Concordance::default(), &config.report, out)?;
        }
        let outcome = prepared.in_pool(|| {
            prepared.kwic(request, &mut |part| match format {
                Format::Text => write_lines(part, request.context, colour, out),
                Format::Csv => write_csv_rows(part, &config.report, out),
                Format::Jsonl => write_jsonl(part, out),
            })
        })?;
        out.flush()?;
        Ok(outcome)
    };
    match target {
        Some(path) => replace_file_with(path, |out| search_into(out, Colour::Off)),
        None => search_into(&mut BufWriter::new(io::stdout()), colour()),
    }
}

/// Colour only for people: on a terminal that has not asked for none (no-color.org).
fn colour() -> Colour {
    let unwanted =
        std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty()) || std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    if io::stdout().is_terminal() && !unwanted { Colour::On } else { Colour::Off }
}

/// What a person must know of a search beside its hits, on standard error.
fn report(prepared: &Prepared, options: &KwicArguments, format: Format, outcome: &KwicOutcome) {
    for item in &outcome.quarantined {
        say(&format!("warning: {}: {} {}", item.place(), item.code.as_str(), item.message));
    }
    for (word, found) in &outcome.words {
        let advice = match (found.as_token, found.in_text) {
            (0, 1..) => format!(": {}", advice(prepared, word)),
            (0, 0) if word.contains([' ', ',', '，', '、']) => {
                ": for either of several words, part them by |; for two in one sentence, use --near".to_string()
            }
            _ => String::new(),
        };
        say(&format!("{word}: {} as a word, {} in the text{advice}", found.as_token, found.in_text));
    }
    let left_out = outcome.hits - outcome.listed;
    if left_out > 0 {
        let why = match (options.sample, options.limit) {
            (Some(count), 0) => format!("--sample {count}"),
            (Some(count), limit) => format!("--sample {count} and --limit {limit}"),
            (None, 0) => format!("the most that are sorted, {MOST_SORTED}; --sort document lists all"),
            (None, limit) => format!("--limit {limit}"),
        };
        say(&format!("note: {left_out} of {} hits are not listed: {why}", outcome.hits));
    }
    if format == Format::Csv && outcome.listed > MOST_ROWS_PER_FILE as u64 {
        say(&format!(
            "note: {} rows are more than the {MOST_ROWS_PER_FILE} that a sheet holds: narrow it, or take a --sample",
            outcome.listed
        ));
    }
}

/// For a word that stands in the text but never as a token.
fn advice(prepared: &Prepared, word: &str) -> String {
    let mut pieces = Vec::new();
    TokenReader::default().pieces(prepared.segmenter(), word, |piece, _| pieces.push(piece.key().to_string()));
    if pieces.len() > 1 {
        return format!("it is cut as {}; try --phrase, or add it with `yuliao dictionary add`", pieces.join("/"));
    }
    "it is always part of another word, or cut apart: try --phrase".to_string()
}
