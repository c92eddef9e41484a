//! What is asked before the long work: is anything new, is too much gone, is there anything at all?

use rustc_hash::{FxHashMap, FxHashSet};

use crate::config::Config;
use crate::report::{self, PreviousReport};
use crate::source::{DocId, FileStamp};
use crate::state::{BaselineDocument, Catalogue, FileEntry, LastRun};

use super::home::is_remembered;
use super::incremental::{Layers, Plan};
use super::{Prepared, Request, RunError, record};

/// Whether inputs and settings are those of the last report.
pub(super) fn is_nothing_new(prepared: &Prepared, plan: &Plan, last: &LastRun) -> bool {
    plan.is_nothing_new()
        && is_remembered(&prepared.config.run.state, &last.output, &prepared.config.run.output)
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
            || last
                .hashes
                .get(name)
                .or(previous.hashes.get(name))
                .is_some_and(|hash| report::sha256_of_file(&path).is_ok_and(|found| found == *hash))
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

/// Refuses to go on where files with too much of the last run are gone: a folder may not be mounted. A file that is there under another
/// name is not gone.
pub(super) fn check_removals(config: &Config, request: &Request<'_>, plan: &Plan, before: Option<&Catalogue>) -> Result<(), RunError> {
    let Some(before) = before.filter(|_| !request.allow_removals) else { return Ok(()) };
    let mut moved: FxHashMap<[u8; 16], u64> = FxHashMap::default();
    let new_files = plan.files.iter().filter(|file| file.entry.is_none());
    new_files.filter_map(|file| file.hash).for_each(|hash| *moved.entry(hash).or_default() += 1);
    let mut is_gone = |file: &&FileEntry| match file.hash.and_then(|hash| moved.get_mut(&hash)).filter(|left| **left > 0) {
        Some(left) => {
            *left -= 1;
            false
        }
        None => true,
    };
    let removed = before.files.iter().filter(|file| plan.removed.binary_search(&file.path).is_ok());
    let gone: Vec<&FileEntry> = removed.filter(&mut is_gone).collect();
    let documents = |file: &FileEntry| file.documents.iter().map(|run| u64::from(run.count)).sum::<u64>();
    let all = before.files.iter().map(documents).sum();
    refuse_removals(config, gone.iter().map(|file| documents(file)).sum(), all, gone.iter().map(|file| file.path.as_str()))
}

/// Refuses to publish where too many documents of the last run are gone: a feed may have been cut. Nothing of this is known before the
/// files are read.
pub(super) fn check_gone(
    config: &Config,
    request: &Request<'_>,
    plan: &Plan,
    (gone, all): (&[&BaselineDocument], u64),
) -> Result<(), RunError> {
    if request.allow_removals {
        return Ok(());
    }
    let files: FxHashSet<DocId> = plan.removed.iter().map(|path| DocId::of(path, None)).collect();
    let others = gone.iter().filter(|document| !files.contains(&document.id));
    let of_document = |document: &&BaselineDocument| format!("{} {}", document.id, document.title);
    let names: Vec<String> = plan.removed.iter().cloned().chain(others.map(of_document)).take(10).collect();
    refuse_removals(config, gone.len() as u64, all, names.iter().map(String::as_str))
}

/// The same where all that is known of the last run is how many documents its report has.
pub(super) fn check_fewer(config: &Config, request: &Request<'_>, before: u64, now: u64) -> Result<(), RunError> {
    if request.allow_removals { Ok(()) } else { refuse_removals(config, before.saturating_sub(now), before, std::iter::empty()) }
}

fn refuse_removals<'n>(config: &Config, removed: u64, all: u64, names: impl Iterator<Item = &'n str>) -> Result<(), RunError> {
    let is_all = removed == all && removed > 0;
    if !is_all && (all < 10 || !config.run.max_removed.is_exceeded(removed, all)) {
        return Ok(());
    }
    let first: String = names.take(10).map(str::trim_end).map(|name| format!("\n  {name}")).collect();
    let first = if first.is_empty() { first } else { format!("; the first:{first}") };
    Err(RunError::TooManyRemoved(format!(
        "{removed} of {all} documents of the last run are gone, more than run.max_removed = \"{}\" allows: is a folder not mounted, or a feed \
         broken? With --allow-removals the report is published without them{first}",
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
