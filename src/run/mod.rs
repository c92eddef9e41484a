//! A run from beginning to end, as a table of contents: prepare, build, analyse, write, publish.
//!
//! In: a [`Config`]. Out: a published report, or a [`RunError`] with an exit code and the old report untouched. Nothing here
//! prints, ends the process or touches a global thread pool; progress goes to a [`Progress`] that the caller brings.

mod addition;
mod audit;
mod baseline;
mod build;
mod comparison;
mod documents;
mod effects;
mod error;
mod events;
mod exit;
mod fates;
mod guards;
mod home;
mod incremental;
mod job;
mod kwic;
mod prepare;
mod progress;
mod publication;
mod quarantine_log;
mod record;
mod refusals;
mod resources;
mod room;
mod series_break;
mod session;
mod status;
mod target;
mod taxonomy;
mod themes;
mod tokens;

pub use addition::{AddedWord, add_words};
pub use build::Built;
pub use error::RunError;
pub use events::Event;
pub use exit::ExitCode;
pub use kwic::{Concordance, Found, KWIC_DEFINITION, KwicOutcome, KwicRequest, Line, MOST_SORTED, Order, PairOrder, Pattern, PatternError};
pub use prepare::Prepared;
pub use progress::{Progress, Quiet, Stage};
pub use session::{Planned, plan};
pub use status::{Status, StatusCode, status};
pub use themes::{
    AGREEMENT_DEFINITION, AgreementOutcome, CODEBOOK_DEFINITION, ExplainedHit, ExplainedTheme, Explanation, Exported, Gold, GoldSentence,
    Import, ImportTarget, REFERENCE_DEFINITION, SAMPLE_DEFINITION, SampleRequest, Scored, TaxonomyForm, agreement, check_taxonomies,
    codebook, draw_sample, export_taxonomy, gold_without_text, plan_import, plan_suggestions, sentence_hash, unseen_patterns,
};
pub use tokens::{Pieces, TokenFormat, write_tokens};

use std::time::{Duration, Instant};

use crate::config::Config;
use crate::report::{DocumentCounts, WrittenTable};
use crate::table::{Definition, Dropped, TableWarning};

use record::Clock;
use session::Session;

/// The number that is raised by hand whenever the same input and configuration give other numbers.
pub const ANALYSIS_VERSION: u32 = 5;

/// What came of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// Documents in the tables.
    pub documents: u64,
    /// Rows of quarantine.csv.
    pub quarantined: u64,
    /// Id of the run, as in run.json.
    pub run_id: String,
    /// How the program should end.
    pub exit: ExitCode,
    /// Warnings: code, count, first place.
    pub warnings: Vec<(String, u64, String)>,
    /// Inputs that could not be used: path, code, message.
    pub bad_inputs: Vec<(String, String, String)>,
    /// How many inputs could not be used; empty files are none of them.
    pub bad: u64,
    /// What became of documents since the last published run.
    pub counts: DocumentCounts,
    /// Share of sentences with a theme, by taxonomy.
    pub coded: Vec<(String, f64)>,
    /// Data rows by table.
    pub rows: Vec<(String, u64)>,
}

/// How a run was asked for, beside its settings.
#[derive(Debug, Clone, Copy, Default)]
pub struct Request<'a> {
    /// The configuration file, for the manifest; nothing when none was read.
    pub config_path: Option<&'a str>,
    /// What was typed, for the manifest.
    pub command: &'a [String],
    /// Whether input or output were named for this run alone: the state of another report is then left as it is.
    pub one_off: bool,
    /// Whether to read and cut everything again, whatever is remembered.
    pub full: bool,
    /// Whether files are compared by their bytes even where they look as they did.
    pub rehash: bool,
    /// Whether a report may take the place of one that had far more documents: the input was emptied on purpose.
    pub allow_removals: bool,
    /// Whether input folders without any file are an error.
    pub require_input: bool,
    /// Whether a break in series may be published where the configuration refuses it.
    pub accept_series_break: bool,
    /// How long to wait for another run to end.
    pub wait: Duration,
}

/// Runs the whole job and publishes its tables into `config.run.output`; or finds that nothing is new, and leaves them as they are.
/// What was read and cut is remembered in `config.run.state` for the next run.
///
/// # Errors
/// When nothing could be published: the old report stands.
pub fn run(config: &Config, request: &Request<'_>, progress: &dyn Progress) -> Result<Outcome, RunError> {
    resources::step_back(config.run.nice);
    let clock = Clock::start();
    let run_id = record::run_id(clock.started());
    let log = events::Log::new(run_id.clone(), clock.began(), progress);
    let opened = Session::open(config, request, progress, &log, (clock.clone(), run_id.clone()));
    let (result, session) = match opened {
        Ok(mut session) => (session.work(), Some(session)),
        Err(error) => (Err(error), None),
    };
    let is_guest = session.as_ref().is_some_and(|session| session.is_guest);
    session::write_down(config, &log, (&clock, &run_id, is_guest), &result);
    // The lock is held until here, so that the lines of two runs do not mix.
    drop(session);
    result
}

/// A table that was written, with what it says of itself.
struct Published {
    definition: &'static Definition,
    file: WrittenTable,
    dropped: Vec<Dropped>,
    note: Option<String>,
    warnings: Vec<TableWarning>,
}

/// Milliseconds since an instant.
fn millis_since(instant: Instant) -> u64 {
    u64::try_from(instant.elapsed().as_millis()).unwrap_or(u64::MAX)
}

/// The settings of a run without a configuration file: word lists and taxonomy are those that the program carries.
pub fn built_in_config() -> Config {
    let mut config = Config::shipped();
    use_built_in_lists(&mut config);
    config
}

/// Puts the lists that the program carries in the place of the shipped files; lists named otherwise stay.
pub fn use_built_in_lists(config: &mut Config) {
    prepare::use_built_in_lists(config);
}
