//! A run from beginning to end, as a table of contents: prepare, build, analyse, write, publish.
//!
//! In: a [`Config`]. Out: a published report, or a [`RunError`] with an exit code and the old report untouched. Nothing here
//! prints, ends the process or touches a global thread pool; progress goes to a [`Progress`] that the caller brings.

mod addition;
mod audit;
mod build;
mod error;
mod exit;
mod kwic;
mod prepare;
mod progress;
mod record;
mod target;
mod taxonomy;
mod themes;
mod tokens;

pub use addition::{AddedWord, add_words};
pub use build::Built;
pub use error::RunError;
pub use exit::ExitCode;
pub use kwic::{Concordance, Found, KWIC_DEFINITION, KwicOutcome, KwicRequest, Line, MOST_SORTED, Order, PairOrder, Pattern, PatternError};
pub use prepare::Prepared;
pub use progress::{Progress, Quiet, Stage};
pub use themes::{
    AGREEMENT_DEFINITION, AgreementOutcome, CODEBOOK_DEFINITION, ExplainedHit, ExplainedTheme, Explanation, Exported, Gold, GoldSentence,
    Import, ImportTarget, REFERENCE_DEFINITION, SAMPLE_DEFINITION, SampleRequest, Scored, TaxonomyForm, agreement, check_taxonomies,
    codebook, draw_sample, export_taxonomy, gold_without_text, plan_import, plan_suggestions, sentence_hash, unseen_patterns,
};
pub use tokens::{Pieces, TokenFormat, write_tokens};

use std::time::Instant;

use crate::analysis;
use crate::config::Config;
use crate::report::{self, Staging, WrittenTable};
use crate::table::{Definition, Dropped, TableWarning, file_stem};

use record::Clock;

/// The number that is raised by hand whenever the same input and configuration give other numbers.
pub const ANALYSIS_VERSION: u32 = 3;

/// What came of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
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
}

/// How a run was asked for, beside its settings.
#[derive(Debug, Clone, Copy, Default)]
pub struct Request<'a> {
    /// The configuration file, for the manifest; nothing when none was read.
    pub config_path: Option<&'a str>,
    /// What was typed, for the manifest.
    pub command: &'a [String],
    /// Whether an empty report may take the place of a full one.
    pub removals: Removals,
}

/// Whether a run may publish a report without documents in the place of one that had some.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Removals {
    /// No: a folder that is not mounted must not empty the report.
    #[default]
    Refused,
    /// Yes: the input was emptied on purpose.
    Allowed,
}

/// Runs the whole job and publishes its tables into `config.run.output`.
///
/// # Errors
/// When nothing could be published: the old report stands.
pub fn run(config: &Config, request: &Request<'_>, progress: &dyn Progress) -> Result<Outcome, RunError> {
    let mut clock = Clock::start();
    let prepared = Prepared::new(config)?;
    let staging = Staging::create(&config.run.output)?;
    clock.lap(|d| &mut d.plan);
    prepared.in_pool(|| {
        let built = prepared.build(progress)?;
        built.check_bad_share(config)?;
        if request.removals == Removals::Refused {
            built.check_anything_left(&report::PreviousReport::read(staging.output()))?;
        }
        clock.lap(|d| &mut d.process);
        publish(config, request, &prepared, &built, staging, clock, progress)
    })
}

/// A table that was written, with what it says of itself.
struct Published {
    definition: &'static Definition,
    file: WrittenTable,
    dropped: Vec<Dropped>,
    note: Option<String>,
    warnings: Vec<TableWarning>,
}

fn publish(
    config: &Config,
    request: &Request<'_>,
    prepared: &Prepared,
    built: &Built,
    staging: Staging,
    mut clock: Clock,
    progress: &dyn Progress,
) -> Result<Outcome, RunError> {
    let (tables, coverage) = built.tables(prepared, progress);
    clock.lap(|d| &mut d.aggregate);
    progress.stage(Stage::Write, tables.len() as u64);
    let mut written: Vec<Published> = Vec::new();
    for table in tables {
        let file = report::write_table(&*table, &config.report, staging.path(), report::MOST_ROWS_PER_FILE)
            .map_err(|source| RunError::writing(&file_stem(&*table), source))?;
        written.push(Published {
            definition: table.definition(),
            file,
            dropped: table.dropped(),
            note: table.note(),
            warnings: table.warnings(),
        });
        progress.advance(1, 0);
    }
    let descriptions: Vec<_> = written.iter().map(|p| (p.definition, &p.file)).collect();
    report::write_datapackage(staging.path(), &descriptions, &config.report).map_err(|e| RunError::writing("datapackage.json", e))?;
    report::write_readme(staging.path(), &analysis::definitions()).map_err(|e| RunError::writing("README.md", e))?;
    clock.lap(|d| &mut d.write);
    let previous = report::PreviousReport::read(staging.output());
    let exit = built.exit(config);
    let manifest = record::manifest(config, request, prepared, built, &coverage, &written, &previous, exit, &mut clock);
    manifest.write(staging.path()).map_err(|e| RunError::writing("run.json", e))?;
    let names = written.iter().flat_map(|p| p.file.files.iter().map(|f| f.name.clone()));
    let names: Vec<String> = names.chain(["README.md".into(), "datapackage.json".into()]).collect();
    progress.stage(Stage::Publish, 0);
    staging.publish(&names, "run.json", &previous.files)?;
    Ok(Outcome {
        documents: built.corpus().document_count() as u64,
        quarantined: built.quarantined().iter().map(|q| q.count).sum(),
        run_id: manifest.run_id,
        exit,
        warnings: record::warnings_of_tables(&written).chain(built.warnings()).collect(),
        bad_inputs: built.quarantined().iter().map(|q| (q.place(), q.code.as_str().to_string(), q.message.clone())).collect(),
    })
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
