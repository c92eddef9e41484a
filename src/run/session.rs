//! Around the work of a run: the lock before it, and what is written down after it, however it ended.

use std::path::Path;

use crate::config::Config;
use crate::report::{self, Metrics, Recovered};
use crate::source::InputRoot;
use crate::state::{Lock, Memory, RunLine, StateFolder};

use super::events::{Log, Told, now};
use super::home::{is_remembered, place_of, remembered};
use super::prepare::{absolute, roots};
use super::record::Clock;
use super::refusals::refuse_bad_places;
use super::resources;
use super::{ExitCode, Outcome, Progress, Request, RunError, incremental};

/// Logs of runs that are kept.
const LOGS: usize = 90;

/// A run that has the lock.
pub(super) struct Session<'a> {
    pub config: &'a Config,
    pub request: &'a Request<'a>,
    pub progress: &'a dyn Progress,
    pub log: &'a Log<'a>,
    pub clock: Clock,
    pub run_id: String,
    pub state: StateFolder,
    pub memory: Memory,
    /// Whether the state is that of another report, which this run, called with folders of its own, must not disturb: it may read what
    /// is known, and leaves everything as it is.
    pub is_guest: bool,
    /// What was odd about the state: code, count, what.
    pub warnings: Vec<(String, u64, String)>,
    _lock: Option<Lock>,
}

impl<'a> Session<'a> {
    /// Takes the lock and ends what an interrupted run left behind.
    pub fn open(
        config: &'a Config,
        request: &'a Request<'a>,
        progress: &'a dyn Progress,
        log: &'a Log<'a>,
        (clock, run_id): (Clock, String),
    ) -> Result<Self, RunError> {
        // Before anything is made: what lies among the inputs would be read as documents.
        refuse_bad_places(config, &roots(config))?;
        let path = &config.run.state;
        let is_guest = request.one_off && is_of_another_report(config);
        let state = if is_guest { StateFolder::existing(path) } else { None };
        let state = state.map_or_else(|| StateFolder::create(path), Ok).map_err(|source| RunError::state(path, source))?;
        // Who only reads needs no lock: a shard that is taken away meanwhile is read from its file instead.
        let lock = if is_guest { None } else { Some(Self::lock(&state, request, progress, log, &run_id)?) };
        if !is_guest {
            log.write_to(&state.join("logs"), LOGS).map_err(|source| RunError::state(path, source))?;
        }
        log.info("run_start", Told { msg: concat!("yuliao ", env!("CARGO_PKG_VERSION")), ..Told::default() });
        let memory_file = state.join("state.json");
        let loaded = Memory::load(&memory_file);
        let mut warnings = Vec::new();
        if loaded.is_none() && memory_file.exists() {
            warnings.push(("W_STATE".to_string(), 1, "state.json is damaged or of another version; a new one is begun".to_string()));
        }
        let memory = loaded.unwrap_or_else(|| Memory::new(format!("y{}", &run_id[1..])));
        let mut session = Self { config, request, progress, log, clock, run_id, state, memory, is_guest, warnings, _lock: lock };
        if !is_guest {
            session.recover()?;
            report::remove_staging(&session.state.join("staging"));
            session.catch_up();
        }
        session.refuse_foreign_output()?;
        Ok(session)
    }

    fn lock(state: &StateFolder, request: &Request<'_>, progress: &dyn Progress, log: &Log<'_>, run_id: &str) -> Result<Lock, RunError> {
        let host = resources::host().unwrap_or_default();
        let who = format!("run {run_id}, process {} on {host}, since {}\n", std::process::id(), now());
        let mut waiting = |holder: &str| {
            let msg = format!("waiting for another run to end ({holder})");
            log.info("lock_wait", Told { stage: Some("plan"), msg: &msg, ..Told::default() });
        };
        let lock = Lock::take(&state.join("lock"), request.wait, &who, &mut waiting, &|| progress.stop_signal().is_none());
        super::build::stop_if_asked(progress)?;
        Ok(lock?)
    }

    /// Ends the publishing that a crash interrupted.
    fn recover(&self) -> Result<(), RunError> {
        let journal = self.state.join("publish.json");
        let of_last = self.memory.last.as_ref().map(|last| place_of(&self.config.run.state, &last.output));
        let output = of_last.unwrap_or_else(|| absolute(&self.config.run.output));
        let outputs = [absolute(&self.config.run.output), output];
        let ended = report::recover(&journal, &outputs).map_err(|source| RunError::state(&journal, source))?;
        let Some(ended) = ended else { return Ok(()) };
        let msg = match ended {
            Recovered::Forward => "a run was interrupted while it published: its report is in place now",
            Recovered::Back => "a run was interrupted while it published: the report before it is back",
        };
        self.log.info("recovered", Told { stage: Some("publish"), msg, ..Told::default() });
        Ok(())
    }

    /// A run that ended between publishing and remembering left a report that state.json does not know. Its documents are known, so the next
    /// one is compared with what it was compared with, not with itself.
    fn catch_up(&mut self) {
        let report = report::PreviousReport::read(&self.config.run.output);
        let (Some(run_id), Some(last)) = (report.run_id, self.memory.last.as_mut()) else { return };
        let is_ours = report.state_id.as_deref() == Some(&self.memory.state_id);
        if is_ours && run_id > last.run_id && self.state.baselines().load(&run_id).is_some() {
            // What it was made with is not known, so it is made again.
            (last.run_id, last.baseline, last.settings) = (run_id, report.baseline, String::new());
            // Of the others how they were published is not known.
            last.files.retain(|name, _| report.hashes.contains_key(name));
            last.hashes = report.hashes;
        }
    }

    fn refuse_foreign_output(&mut self) -> Result<(), RunError> {
        if let Some(foreign) = refuse_foreign(self.config, Some(&self.memory))? {
            let msg = format!("the report in the output folder was published with another state ({foreign}); it is taken over");
            self.warnings.push(("W_STATE".to_string(), 1, msg));
        }
        Ok(())
    }
}

/// Two configurations that write into one folder would undo each other's work run after run. Gives the id of another state whose report a
/// state that has published nothing takes over.
fn refuse_foreign(config: &Config, memory: Option<&Memory>) -> Result<Option<String>, RunError> {
    let own = memory.map(|memory| memory.state_id.as_str());
    let foreign = report::PreviousReport::read(&config.run.output).state_id.filter(|id| own != Some(id));
    let Some((foreign, own)) = foreign.clone().zip(own.filter(|_| memory.is_some_and(|memory| memory.last.is_some()))) else {
        return Ok(foreign);
    };
    Err(RunError::Config(format!(
        "{}: the report there was published with another state ({foreign}), this one is {own} ({}): do two configurations write into one \
         folder? Choose another with --output; to take the folder over, remove its run.json",
        config.run.output.display(),
        config.run.state.display()
    )))
}

/// Whether there is a state, and it is that of a run with other folders.
pub(super) fn is_of_another_report(config: &Config) -> bool {
    let last = Memory::load(&config.run.state.join("state.json")).and_then(|memory| memory.last);
    last.is_some_and(|last| !belongs(&last, config))
}

/// Whether the state is that of a run with these folders.
fn belongs(last: &crate::state::LastRun, config: &Config) -> bool {
    is_remembered(&config.run.state, &last.output, &config.run.output) && has_roots(last, config)
}

/// Whether the last report was made of these input roots. Where the state has forgotten it, the report itself tells.
pub(super) fn has_roots_of(last: Option<&crate::state::LastRun>, config: &Config) -> bool {
    match last {
        Some(last) => has_roots(last, config),
        None => report::PreviousReport::read(&config.run.output).roots == super::record::shown_roots(config),
    }
}

/// Whether the state is that of a run with these input roots.
fn has_roots(last: &crate::state::LastRun, config: &Config) -> bool {
    let roots = roots(config);
    let is_same = |(remembered, root): (&String, &InputRoot)| is_remembered(&config.run.state, remembered, &root.path);
    last.roots.len() == roots.len() && last.roots.iter().zip(&roots).all(is_same)
}

/// The input roots as they are remembered.
pub(super) fn root_names(config: &Config) -> Vec<String> {
    roots(config).iter().map(|root| remembered(&config.run.state, &root.path)).collect()
}

/// Writes down how a run ended: its last event, and if the state is its own its line in runs.jsonl and the metrics. Failures to do so
/// are warnings, no more.
pub(super) fn write_down(
    config: &Config,
    log: &Log<'_>,
    (clock, run_id, is_guest): (&Clock, &str, bool),
    result: &Result<Outcome, RunError>,
) {
    let exit = result.as_ref().map_or_else(RunError::exit, |outcome| outcome.exit);
    let line = line(clock, run_id, result, exit);
    if let Err(error) = result {
        let event = if let RunError::Interrupted(_) = error { "interrupted" } else { "run_failed" };
        log.warn("error", event, Told { msg: &error.to_string(), ..Told::default() });
    }
    let state = StateFolder::existing(&config.run.state);
    let failed = |what: &Path, error: &std::io::Error| {
        let msg = format!("{}: cannot be written: {error}", what.display());
        log.warn("warning", "not_written", Told { code: Some("W_STATE"), msg: &msg, ..Told::default() });
    };
    // A run that found the lock taken says nothing: the other one is writing.
    // Nor does one whose state may not be where it is.
    let is_ours = exit != ExitCode::Busy && !is_guest && refuse_bad_places(config, &roots(config)).is_ok();
    if let Some(runs) = state.as_ref().map(StateFolder::runs).filter(|_| is_ours)
        && let Err(error) = runs.add(&line)
    {
        failed(runs.path(), &error);
    }
    if !config.run.metrics.as_os_str().is_empty()
        && is_ours
        && let Err(error) = metrics(config, state.as_ref(), result, &line).write(&config.run.metrics)
    {
        failed(&config.run.metrics, &error);
    }
    let msg = format!("exit={} outcome={} duration_ms={}", line.exit_code, line.outcome, line.duration_ms);
    let code = line.exit_code.to_string();
    log.info("run_end", Told { code: Some(&code), msg: &msg, ..Told::default() });
}

fn line(clock: &Clock, run_id: &str, result: &Result<Outcome, RunError>, exit: ExitCode) -> RunLine {
    let outcome = result.as_ref().ok();
    let counts = outcome.map(|outcome| &outcome.counts);
    RunLine {
        run_id: run_id.to_string(),
        started_at: clock.started_at(),
        finished_at: now(),
        finished: time::OffsetDateTime::now_utc().unix_timestamp(),
        duration_ms: clock.total_ms(),
        exit_code: exit.code(),
        outcome: match (result, exit) {
            (Err(RunError::Interrupted(_)), _) => "interrupted",
            (Err(_), _) => "failed",
            (Ok(_), ExitCode::NothingNew(_)) => "nothing_new",
            (Ok(_), _) => "published",
        }
        .to_string(),
        documents: outcome.map(|outcome| outcome.documents),
        new: counts.map(|counts| counts.new),
        changed: counts.map(|counts| counts.changed),
        removed: counts.map(|counts| counts.removed),
        quarantined: outcome.map(|outcome| outcome.quarantined),
        bad: outcome.map(|outcome| outcome.bad),
        peak_memory_bytes: resources::peak_memory_bytes(),
        error: result.as_ref().err().map(ToString::to_string),
    }
}

/// What the collector is told. Of a run that failed or found nothing new the tables are those of the last report.
fn metrics(config: &Config, state: Option<&StateFolder>, result: &Result<Outcome, RunError>, line: &RunLine) -> Metrics {
    let earlier = state.map(|state| state.runs().read()).unwrap_or_default();
    let last_success = std::iter::once(line).chain(earlier.iter().rev()).find(|line| line.is_success()).map(|line| line.finished);
    let outcome = result.as_ref().ok();
    let documents = outcome.map_or_else(Vec::new, |o| {
        vec![("new", o.counts.new), ("changed", o.counts.changed), ("unchanged", o.counts.unchanged), ("quarantined", o.quarantined)]
    });
    let mut metrics = Metrics {
        last_run: line.finished,
        last_success,
        exit_code: line.exit_code,
        duration_ms: line.duration_ms,
        documents,
        coded: outcome.map(|o| o.coded.clone()).unwrap_or_default(),
        rows: outcome.map(|o| o.rows.clone()).unwrap_or_default(),
        version: env!("CARGO_PKG_VERSION"),
    };
    metrics.keep_report(&std::fs::read_to_string(&config.run.metrics).unwrap_or_default());
    metrics
}

/// What a dry run would do, and how the real one would go on from there.
pub struct Planned {
    /// Files by reason, in the order in which they are told.
    pub reasons: Vec<(&'static str, usize)>,
    /// Every file that would be read, with the reason.
    pub files: Vec<(&'static str, String)>,
    /// Files that the last run had and that are gone.
    pub removed: Vec<String>,
    /// Files that were written to just now and are left for the next run.
    pub unsettled: u64,
    /// Whether the report would be left as it is.
    pub nothing_new: bool,
    /// What a changed setting makes anew, as a sentence; empty if nothing.
    pub because: Vec<&'static str>,
}

/// What a run would do, without doing anything: nothing is locked or written, and of files only the bytes are hashed.
///
/// # Errors
/// As the run itself, up to its plan.
pub fn plan(config: &Config, request: &Request<'_>) -> Result<Planned, RunError> {
    let mut prepared = super::Prepared::new(config)?;
    let state = StateFolder::existing(&config.run.state);
    let memory = state.as_ref().and_then(|state| Memory::load(&state.join("state.json")));
    let known = state.as_ref().and_then(|state| crate::state::Catalogue::load(&state.join("catalogue")).ok());
    let catalogue = known.as_ref().filter(|_| !request.full);
    let layers = incremental::Layers::of(&prepared);
    let last = memory.as_ref().and_then(|memory| memory.last.as_ref());
    refuse_foreign(config, memory.as_ref())?;
    // A run over everything knows what is gone too.
    let before_removals = prepared.plan(known.as_ref(), &layers, request.rehash);
    let baseline = state.as_ref().zip(last).and_then(|(state, last)| state.baselines().load(&last.run_id));
    let mut is_open = false;
    if has_roots_of(last, config) {
        // The documents of a file that is gone may stand in one that is new: only who reads it knows.
        let may_be_elsewhere = baseline.is_some() && before_removals.count(incremental::Reason::New) > 0;
        let checked = super::guards::check_removals(config, request, &before_removals, known.as_ref());
        is_open = checked.is_err() && may_be_elsewhere;
        checked.or_else(|refused| if is_open { Ok(()) } else { Err(refused) })?;
    }
    let plan = if request.full {
        incremental::Plan { removed: before_removals.removed, ..prepared.plan(None, &layers, false) }
    } else {
        before_removals
    };
    super::guards::check_input(request, &prepared)?;
    let is_as_published = |last: &&crate::state::LastRun| super::guards::changed_output(config, last).is_none();
    let nothing_new =
        !request.full && last.filter(is_as_published).is_some_and(|last| super::guards::is_nothing_new(&prepared, &plan, last));
    if !nothing_new {
        super::series_break::check_series(config, request, &prepared, baseline)?;
    }
    let mut because = catalogue.map(|before| super::guards::because(before, &layers)).unwrap_or_default();
    because.extend(is_open.then_some("many files are gone: the run is refused unless the new ones hold their documents"));
    let listed = prepared.listing.files.iter().zip(&plan.files);
    Ok(Planned {
        reasons: incremental::Reason::ALL.iter().map(|reason| (reason.as_str(), plan.count(*reason))).collect(),
        files: listed
            .filter(|(_, p)| p.reason != incremental::Reason::Unchanged)
            .map(|(f, p)| (p.reason.as_str(), f.relative.to_string()))
            .collect(),
        removed: plan.removed,
        unsettled: prepared.listing.unsettled.len() as u64,
        nothing_new,
        because,
    })
}
