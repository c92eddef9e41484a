//! What is asked before the long work: is anything new, is too much gone, is there anything at all?

use crate::config::Config;
use crate::report::{self, PreviousReport};
use crate::source::FileStamp;
use crate::state::{Catalogue, LastRun};

use super::incremental::{Layers, Plan};
use super::{Prepared, Request, RunError, record};

/// Whether inputs and settings are those of the last report.
pub(super) fn is_nothing_new(prepared: &Prepared, plan: &Plan, last: &LastRun) -> bool {
    plan.is_nothing_new()
        && last.output == super::prepare::absolute(&prepared.config.run.output).display().to_string()
        && last.settings == record::settings_hash(&prepared.config, prepared)
        && last.inputs == inputs_hash(prepared, plan)
}

/// BLAKE3 of every input path with the hash of its bytes.
pub(super) fn inputs_hash(prepared: &Prepared, plan: &Plan) -> String {
    let mut hasher = blake3::Hasher::new();
    for (file, planned) in prepared.listing.files.iter().zip(&plan.files) {
        hasher.update(file.relative.as_bytes());
        hasher.update(b"\t");
        hasher.update(&planned.hash.unwrap_or_default());
    }
    for bad in &prepared.listing.quarantined {
        hasher.update(format!("\n{} {}", bad.path, bad.message).as_bytes());
    }
    hasher.finalize().to_hex().to_string()
}

/// A file of the report that is not as it was published, if there is one.
pub(super) fn changed_output(config: &Config, last: &LastRun) -> Option<String> {
    let output = &config.run.output;
    let previous = PreviousReport::read(output);
    if previous.run_id.as_deref() != Some(&last.run_id) {
        return Some("run.json".to_string());
    }
    let is_as_published = |name: &String, stamp: &FileStamp| {
        let path = output.join(name);
        FileStamp::at(&path) == Some(*stamp)
            || previous.hashes.get(name).is_some_and(|hash| report::sha256_of_file(&path).is_ok_and(|found| found == *hash))
    };
    last.files.iter().find(|(name, stamp)| !is_as_published(name, stamp)).map(|(name, _)| name.clone())
}

/// What other settings make anew.
pub(super) fn because(before: &Catalogue, layers: &Layers) -> Vec<&'static str> {
    let mut because = Vec::new();
    if before.tokens != layers.tokens {
        because.push("all text is cut again, since a dictionary, the segmenter or how text is cut changed");
    } else if before.reading != layers.reading {
        because.push("all files are read again, since a setting of [input] changed");
    }
    because
}

/// Refuses to go on where too much of the last run is gone: a folder may not be mounted.
pub(super) fn check_removals(config: &Config, request: &Request<'_>, plan: &Plan, before: Option<&Catalogue>) -> Result<(), RunError> {
    let Some(before) = before.filter(|_| !request.allow_removals) else { return Ok(()) };
    if plan.removed.is_empty() {
        return Ok(());
    }
    let gone: std::collections::BTreeSet<&str> = plan.removed.iter().map(String::as_str).collect();
    let all: u64 = before.files.iter().flat_map(|file| &file.documents).map(|run| u64::from(run.count)).sum();
    let of_gone = before.files.iter().filter(|file| gone.contains(file.path.as_str()));
    let removed: u64 = of_gone.flat_map(|file| &file.documents).map(|run| u64::from(run.count)).sum();
    let is_all = removed == all && removed > 0;
    if !is_all && (all < 10 || !config.run.max_removed.is_exceeded(removed, all)) {
        return Ok(());
    }
    let first: String = plan.removed.iter().take(10).map(|path| format!("\n  {path}")).collect();
    Err(RunError::TooManyRemoved(format!(
        "{removed} of {all} documents of the last run are gone, more than run.max_removed = \"{}\" allows: is a folder not mounted, or a feed \
         broken? With --allow-removals the report is published without them; the first files:{first}",
        config.run.max_removed
    )))
}

/// Refuses an input without any file where one is required.
pub(super) fn check_input(request: &Request<'_>, prepared: &Prepared) -> Result<(), RunError> {
    if request.require_input && prepared.listing.files.is_empty() {
        return Err(RunError::TooManyRemoved("the input folders hold no file, and --require-input asks for one".to_string()));
    }
    Ok(())
}
