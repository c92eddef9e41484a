//! What can be typed.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::config::{Config, load, load_text};
use crate::config::{DEFAULT_PATH, LoadError, Override};

use super::kwic::KwicArguments;
use super::themes::ThemesCommand;

/// Counts the terms of Chinese documents, finds what occurs together, tags the themes of every sentence, and writes CSV tables
/// for Excel, WPS, LibreOffice and Power Query.
#[derive(Debug, Parser)]
#[command(name = "yuliao", version, max_term_width = 100, after_long_help = EXAMPLES)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub command: Command,

    /// Configuration file [default: config/yuliao.toml if it exists, else built-in settings]
    #[arg(long, value_name = "FILE", global = true, env = "YULIAO_CONFIG")]
    pub config: Option<PathBuf>,

    /// Folder or file to read instead of the configured ones; may be given several times
    #[arg(short, long, value_name = "PATH", global = true)]
    pub input: Vec<PathBuf>,

    /// Folder to publish the tables into; for tokens, kwic, dictionary audit and themes what to write
    #[arg(short, long, value_name = "PATH", global = true)]
    pub output: Option<PathBuf>,

    /// Taxonomy to use instead of the configured ones: a TOML file, or the folder of a CSV pair; may be given several times
    #[arg(long, value_name = "PATH", global = true)]
    pub taxonomy: Vec<PathBuf>,

    /// Threads; 0 = one a core. No number depends on it
    #[arg(short, long, value_name = "N", global = true)]
    pub threads: Option<usize>,

    /// Another value for a setting, such as `cooccurrence.min_count=5`; may be given several times
    #[arg(long, value_name = "KEY=VALUE", global = true)]
    pub set: Vec<String>,

    /// Only errors
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,

    /// Every quarantined input; of warnings the first of each kind is shown, and how many there are
    #[arg(short, long, global = true)]
    pub verbose: bool,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Read the documents, count, tag, and publish the tables
    #[command(after_long_help = EXIT_CODES)]
    Run(RunArguments),
    /// Say how the scheduled runs are doing: 0 fine, 1 some inputs could not be used, 2 failed or too old, 3 no run known
    Status(StatusArguments),
    /// Write the segmented text to standard output: exactly what the counts are made of, copies included
    Tokens(TokenArguments),
    /// Show every place where a word, a phrase or a pattern stands, in its context
    Kwic(KwicArguments),
    /// See what became of the words of the lists, or add words to the dictionary
    #[command(subcommand)]
    Dictionary(DictionaryCommand),
    /// Check, explain, edit and measure taxonomies
    #[command(subcommand)]
    Themes(ThemesCommand),
    /// Check configuration, taxonomy, dictionary, stop words and input folders; list every problem; write nothing
    Check,
    /// Write a completion script for a shell to standard output
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

#[derive(Debug, Args)]
pub(super) struct RunArguments {
    /// Read and cut everything again, whatever is remembered; the tables are the same
    #[arg(long)]
    pub full: bool,

    /// Say what would be read and why; write nothing
    #[arg(long)]
    pub dry_run: bool,

    /// Wait so long for another run to end, such as 30s, 5m or 2h
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub wait: Option<Duration>,

    /// Publish although more documents are gone than run.max_removed allows: they were removed on purpose
    #[arg(long)]
    pub allow_removals: bool,

    /// Publish although dictionary, taxonomy or program changed since the last report, where changes.on_series_break = "stop"
    #[arg(long)]
    pub accept_series_break: bool,

    /// Fail (exit code 66) if the input folders hold no file
    #[arg(long)]
    pub require_input: bool,

    /// Compare files by their bytes even where size and time are as remembered
    #[arg(long)]
    pub rehash: bool,

    /// What standard error looks like
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = LogFormat::Human)]
    pub log_format: LogFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum LogFormat {
    /// Lines for people; bars on a terminal
    Human,
    /// One JSON object an event
    Json,
}

#[derive(Debug, Args)]
pub(super) struct StatusArguments {
    /// Longest time since the last success, such as 26h or 3d
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub max_age: Option<Duration>,
}

/// A number with `s`, `m`, `h` or `d`.
fn duration(text: &str) -> Result<Duration, String> {
    let wrong = || format!("expected a number with s, m, h or d, such as 30s, 5m, 26h or 3d, found `{text}`");
    let unit = text.chars().last().ok_or_else(wrong)?;
    let seconds = match unit {
        's' => 1,
        'm' => 60,
        'h' => 3_600,
        'd' => 86_400,
        _ => return Err(wrong()),
    };
    let number: u64 = text[..text.len() - unit.len_utf8()].parse().map_err(|_| wrong())?;
    number.checked_mul(seconds).filter(|seconds| *seconds <= 366 * 86_400).map(Duration::from_secs).ok_or_else(wrong)
}

#[derive(Debug, Subcommand)]
pub(super) enum DictionaryCommand {
    /// Write a table of every word of dictionary, taxonomy and stop words to standard output, or to the file that --output names:
    /// its line, whether it took effect, how often it stands in the documents and as a token, and what swallowed it
    Audit,
    /// Check words and append them to the first configured dictionary file
    Add(AddArguments),
}

#[derive(Debug, Args)]
pub(super) struct AddArguments {
    /// The words; one that holds a space needs quotes
    #[arg(value_name = "WORD", required = true)]
    pub words: Vec<String>,

    /// The dictionary file to append to
    #[arg(long, value_name = "FILE")]
    pub file: Option<PathBuf>,

    /// Part of speech of the words, such as `n` or `nz`
    #[arg(long, value_name = "TAG")]
    pub tag: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct TokenArguments {
    /// Files or folders to segment [default: the configured inputs]
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,

    /// How to write it
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,

    /// Show punctuation too, tagged `w`; it is never counted
    #[arg(long)]
    pub punctuation: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// One sentence a line, word/pos parted by spaces
    Text,
    /// One JSON object a sentence, with offsets into the sentence as written
    Jsonl,
}

const EXAMPLES: &str = "\
Examples:
  yuliao run                                   read seeds/ (or what config/yuliao.toml says), write output/
  yuliao run -i reports/ -i news.jsonl -o out  other inputs, other output
  yuliao run --set cooccurrence.units=window:5 another unit of co-occurrence for once
  yuliao tokens seeds/ | head                  see how the text is cut
  yuliao kwic 改革 seeds/                      every 改革 in its context
  yuliao check                                 is everything right with my lists?
  yuliao run --dry-run                         what would be read, and why?
  yuliao status --max-age 26h                  did last night's run work?
  yuliao dictionary audit -o audit.csv         why is my word not found?

Start with output/README.md: it says what each table and column is.";

const EXIT_CODES: &str = "\
Exit codes:
  0   done: the report is published; or nothing is new, and it was left as it is
  3   done, but some inputs could not be used: see quarantine.csv
  64  wrong usage
  65  taxonomy, dictionary or stop words invalid, or too many bad inputs: nothing published
  66  an input folder is missing or cannot be read, or too many documents are gone: nothing published
  70  a bug in this program, found by its own checks: nothing published
  73  output or state cannot be created or replaced, or a file is held open: the old report stands
  74  read or write error, disk full: the old report stands
  75  another run is at work: nothing published
  78  configuration invalid, or a break in series that the configuration refuses: nothing published
  99  nothing new, where run.no_change_exit = 99
  129 ended by SIGHUP: nothing published
  130 ended by SIGINT (Ctrl-C): nothing published
  143 ended by SIGTERM: nothing published";

impl Arguments {
    /// The settings in force and the file they come from, if any.
    pub fn configuration(&self) -> Result<(Config, Option<String>), LoadError> {
        let overrides = self.overrides();
        let explicit = self.config.clone();
        let path = explicit.clone().unwrap_or_else(|| PathBuf::from(DEFAULT_PATH));
        let (mut config, name) = if explicit.is_some() || path.exists() {
            (load(&path, &overrides)?, Some(path.display().to_string()))
        } else {
            let mut config = load_text("built-in settings", "", &overrides)?;
            crate::run::use_built_in_lists(&mut config);
            (config, None)
        };
        if !self.input.is_empty() {
            config.input.paths.clone_from(&self.input);
            config.input.root.clear();
        }
        if !self.taxonomy.is_empty() {
            config.themes.taxonomy.clone_from(&self.taxonomy);
        }
        if let Some(output) = &self.output {
            config.run.output.clone_from(output);
        }
        if let Some(threads) = self.threads {
            config.run.threads = threads;
        }
        // Without it, foreign formats are read in this process, which is less safe but works.
        config.input.source.helper = std::env::current_exe().ok();
        Ok((config, name))
    }

    /// `--output -` as what it means everywhere: standard output, to which a command writes that is given no output. The others
    /// write folders, and one may have that name.
    pub fn with_standard_output(mut self) -> Self {
        let writes_one_file = match &self.command {
            Command::Tokens(_) | Command::Kwic(_) | Command::Dictionary(_) => true,
            Command::Themes(command) => command.writes_one_file(),
            Command::Run(_) | Command::Status(_) | Command::Check | Command::Completions { .. } => false,
        };
        self.output = self.output.filter(|output| !(writes_one_file && output.as_os_str() == "-"));
        self
    }

    /// Whether input or output were named for this call alone.
    pub fn names_folders(&self) -> bool {
        !self.input.is_empty() || self.output.is_some()
    }

    fn overrides(&self) -> Vec<Override> {
        let mut all =
            Override::from_environment(std::env::vars_os().filter_map(|(k, v)| Some((k.into_string().ok()?, v.into_string().ok()?))));
        all.extend(self.set.iter().map(|text| {
            let (key, value) = text.split_once('=').unwrap_or((text, ""));
            Override { origin: format!("--set {text}"), key: key.trim().to_string(), value: value.trim().to_string() }
        }));
        all
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn arguments_are_well_formed() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn a_dash_is_standard_output_where_one_file_is_written() {
        let output = |arguments: &str| {
            let arguments = Arguments::try_parse_from(format!("yuliao {arguments}").split(' ')).expect("well-formed");
            arguments.with_standard_output().output
        };
        for one_file in ["tokens -o -", "kwic 改革 -o -", "dictionary audit -o -", "themes score --gold g.csv -o -", "themes sample -o -"]
        {
            assert_eq!(output(one_file), None, "{one_file}");
        }
        for folder in ["run -o -", "themes export -o -"] {
            assert_eq!(output(folder), Some("-".into()), "{folder}");
        }
        assert_eq!(output("tokens -o out"), Some("out".into()));
    }

    #[test]
    fn times_are_numbers_with_a_unit() {
        assert_eq!(duration("26h"), Ok(Duration::from_secs(93_600)));
        assert_eq!((duration("0s"), duration("3d")), (Ok(Duration::ZERO), Ok(Duration::from_secs(259_200))));
        for wrong in ["", "h", "5", "-1h", "1.5h", "5 m", "9999999999999999999s", "400d", "5年"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn help_names_every_exit_code() {
        for (exit, meaning) in crate::run::ExitCode::ALL {
            let line = format!("  {:<4}{meaning}", exit.code());
            assert!(EXIT_CODES.contains(&line), "{line}");
        }
    }
}
