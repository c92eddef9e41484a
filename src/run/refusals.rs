//! Settings that contradict each other or the folders there are, refused before anything is read or written.

use std::path::Path;

use crate::analysis::{self, TrendOptions};
use crate::config::Config;
use crate::lexicon::FrequencyList;
use crate::source::InputRoot;
use crate::theme::Tagger;

use super::RunError;
use super::prepare::absolute;

/// More threads than this take longer to start than any run (measured: four seconds for a thousand).
const MOST_THREADS: usize = 512;

/// Every setting that is out of its bounds, as far as the configuration alone tells.
pub(super) fn bad_settings(config: &Config) -> Vec<RunError> {
    let all = [refuse_too_many_threads, refuse_too_nice, refuse_unknown_tables, refuse_too_many_trends];
    all.into_iter().filter_map(|refuse| refuse(config).err()).collect()
}

/// All of them as one error, if there is any.
pub(super) fn together(refused: Vec<RunError>) -> Result<(), RunError> {
    match refused.len() {
        0 => Ok(()),
        _ => Err(RunError::Config(refused.iter().map(ToString::to_string).collect::<Vec<_>>().join("\nerror: "))),
    }
}

fn refuse_too_many_threads(config: &Config) -> Result<(), RunError> {
    if config.run.threads <= MOST_THREADS {
        return Ok(());
    }
    Err(RunError::Config(format!("run.threads: expected 0 (one a core) to {MOST_THREADS}, found {}", config.run.threads)))
}

/// The most that a process can give way.
const MOST_NICE: u8 = 19;

fn refuse_too_nice(config: &Config) -> Result<(), RunError> {
    if config.run.nice <= MOST_NICE {
        return Ok(());
    }
    Err(RunError::Config(format!("run.nice: expected 0 (not at all) to {MOST_NICE}, found {}", config.run.nice)))
}

fn refuse_unknown_tables(config: &Config) -> Result<(), RunError> {
    if config.report.leave_out.iter().any(|name| name == "quarantine") {
        let why = "it says which inputs could not be used, and why";
        return Err(RunError::Config(format!("report.leave_out: expected tables other than `quarantine`, found it: {why}")));
    }
    let known: Vec<&str> = analysis::definitions().iter().map(|definition| definition.name).collect();
    match config.report.leave_out.iter().find(|name| !known.contains(&name.as_str())) {
        Some(name) => Err(RunError::Config(format!("report.leave_out: expected names of tables ({}), found `{name}`", known.join(", ")))),
        None => Ok(()),
    }
}

/// Conditions that are none, themes that do not exist. A taxonomy with errors is named by itself, and its themes are not asked for.
pub(super) fn refuse_bad_comparison(config: &Config, tagger: Option<&Tagger>, list: Option<&FrequencyList>) -> Result<(), RunError> {
    let ids = tagger.map(|tagger| tagger.themes().iter().map(|theme| theme.id.as_str()));
    let keyness = &config.keyness;
    match (ids, config.themes.taxonomy.is_empty()) {
        (None, true) => keyness.comparison(Some(std::iter::empty())),
        (ids, _) => keyness.comparison(ids),
    }
    .map_err(RunError::Config)?;
    match list.map(FrequencyList::total).filter(|total| keyness.reference_tokens > 0 && *total > keyness.reference_tokens) {
        None => Ok(()),
        Some(total) => Err(RunError::Config(format!(
            "keyness.reference_tokens: expected at least {total}, the sum of the list, found {}; 0 takes that sum",
            keyness.reference_tokens
        ))),
    }
}

fn refuse_too_many_trends(config: &Config) -> Result<(), RunError> {
    let (trends, most) = (&config.trends, TrendOptions::MOST_TERMS);
    if trends.top > most {
        return Err(RunError::Config(format!("trends.top: expected 0 to {most}, found {}", trends.top)));
    }
    if trends.rows_a_period() > most {
        return Err(RunError::Config(format!(
            "trends.terms: expected at most {most} terms together with trends.top = {}, found {}",
            trends.top,
            trends.terms.len()
        )));
    }
    Ok(())
}

/// Folders and files of a run that lie in each other. Reports or remembered text inside an input folder would be read as documents by the
/// next run. (A state folder with a dot before its name is passed over like all such folders, so it may lie there.)
pub(super) fn refuse_bad_places(config: &Config, roots: &[InputRoot]) -> Result<(), RunError> {
    let inside = |folder: &Path| roots.iter().find(|root| absolute(folder).starts_with(absolute(&root.path)));
    if let Some(root) = inside(&config.run.output) {
        return Err(RunError::Config(format!(
            "the output folder {} lies inside the input {}: its tables would be read as documents; choose another with --output",
            config.run.output.display(),
            root.path.display()
        )));
    }
    let state = &config.run.state;
    let is_hidden = state.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
    if let Some(root) = inside(state).filter(|_| !is_hidden) {
        return Err(RunError::Config(format!(
            "run.state: the folder {} lies inside the input {}: its files would be read as documents; name one outside",
            state.display(),
            root.path.display()
        )));
    }
    if absolute(state).starts_with(absolute(&config.run.output)) {
        return Err(RunError::Config(format!(
            "run.state: the folder {} lies inside the output folder, where spreadsheets read every file; name one outside",
            state.display()
        )));
    }
    if absolute(&config.run.output).starts_with(absolute(state)) {
        return Err(RunError::Config(format!(
            "the output folder {} lies inside the state {}, which removes what it does not know; choose another with --output",
            config.run.output.display(),
            state.display()
        )));
    }
    refuse_metrics_among_tables(config, roots)?;
    refuse_unspeakable_paths(config)
}

/// A file of metrics is written after every run: as an input it would be new each time.
fn refuse_metrics_among_tables(config: &Config, roots: &[InputRoot]) -> Result<(), RunError> {
    let metrics = &config.run.metrics;
    if metrics.as_os_str().is_empty() {
        return Ok(());
    }
    let folders = roots.iter().map(|root| &root.path).chain([&config.run.output]);
    match folders.into_iter().find(|folder| absolute(metrics).starts_with(absolute(folder))) {
        None => Ok(()),
        Some(folder) => Err(RunError::Config(format!(
            "run.metrics: the file {} lies inside {}, where every file is an input or a table; name one elsewhere",
            metrics.display(),
            folder.display()
        ))),
    }
}

/// What a run must remember of its folders is written as text.
fn refuse_unspeakable_paths(config: &Config) -> Result<(), RunError> {
    match [&config.run.output, &config.run.state].into_iter().find(|folder| absolute(folder).to_str().is_none()) {
        None => Ok(()),
        Some(folder) => Err(RunError::Config(format!(
            "{}: the path of the folder holds bytes that are no UTF-8; name another, or rename the folder",
            folder.display()
        ))),
    }
}
