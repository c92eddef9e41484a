//! What happens in a run, one object a line: for the log of the run, and for standard error where that is asked for.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use serde::Serialize;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::Progress;

/// Something that happened. Names of events and fields are for ever; the text of `msg` is not. No text of a document stands in it.
#[derive(Debug, Clone, Serialize)]
pub struct Event<'a> {
    /// When, RFC 3339.
    pub ts: String,
    /// `info`, `warning` or `error`.
    pub level: &'static str,
    /// The run.
    pub run_id: &'a str,
    /// What the run was at: `plan`, `process`, `aggregate`, `write`, `check` or `publish`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stage: Option<&'static str>,
    /// What happened: `run_start recovered lock_wait plan series_break document_quarantined warning self_check published nothing_new
    /// interrupted run_failed not_written run_end`.
    pub event: &'static str,
    /// The input it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<&'a str>,
    /// The document it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub doc_id: Option<&'a str>,
    /// Code of a warning or of a quarantined input; the exit code at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<&'a str>,
    /// What a person reads.
    pub msg: &'a str,
    /// Milliseconds since the run began.
    pub ms: u64,
}

/// What is told of an event; the rest is the same for all of a run.
#[derive(Debug, Clone, Copy, Default)]
pub struct Told<'a> {
    /// See [`Event::stage`].
    pub stage: Option<&'static str>,
    /// See [`Event::path`].
    pub path: Option<&'a str>,
    /// See [`Event::code`].
    pub code: Option<&'a str>,
    /// See [`Event::msg`].
    pub msg: &'a str,
}

/// How often a warning with the same code is told; after that it is only counted, in run.json.
pub(super) const MOST_REPEATS: u64 = 10;

/// Tells events to the log of the run and to who listens.
pub(super) struct Log<'a> {
    run_id: String,
    began: Instant,
    progress: &'a dyn Progress,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    file: Option<File>,
    repeats: BTreeMap<String, u64>,
}

impl<'a> Log<'a> {
    /// A log that only `progress` hears.
    pub fn new(run_id: String, began: Instant, progress: &'a dyn Progress) -> Self {
        Self { run_id, began, progress, kept: Mutex::default() }
    }

    /// From here on events are also written to `folder/RUN.jsonl`, of which the newest `keep` are kept.
    ///
    /// # Errors
    /// When the file cannot be made.
    pub fn write_to(&self, folder: &Path, keep: usize) -> std::io::Result<()> {
        fs::create_dir_all(folder)?;
        let file = File::create(folder.join(format!("{}.jsonl", self.run_id)))?;
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).file = Some(file);
        let mut names: Vec<_> = fs::read_dir(folder)?.flatten().map(|entry| entry.file_name()).collect();
        names.sort_unstable_by(|a, b| b.cmp(a));
        for old in names.into_iter().skip(keep) {
            // An old log more harms nobody.
            let _ = fs::remove_file(folder.join(old));
        }
        Ok(())
    }

    /// Something that is as it should be.
    pub fn info(&self, event: &'static str, told: Told<'_>) {
        self.tell("info", event, told);
    }

    /// Something that went wrong, or was odd. Of those with the same code the first ten are told.
    pub fn warn(&self, level: &'static str, event: &'static str, told: Told<'_>) {
        let repeats = {
            let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            let count = kept.repeats.entry(format!("{event} {}", told.code.unwrap_or_default())).or_insert(0);
            *count += 1;
            *count
        };
        if repeats <= MOST_REPEATS {
            self.tell(level, event, told);
        }
    }

    fn tell(&self, level: &'static str, event: &'static str, told: Told<'_>) {
        let Told { stage, path, code, msg } = told;
        let ms = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX);
        let event = Event { ts: now(), level, run_id: &self.run_id, stage, event, path, doc_id: None, code, msg, ms };
        if let Some(file) = &mut self.kept.lock().unwrap_or_else(PoisonError::into_inner).file
            && let Ok(mut line) = serde_json::to_string(&event)
        {
            line.push('\n');
            // A log that cannot be written must not cost the report.
            let _ = file.write_all(line.as_bytes());
        }
        self.progress.event(&event);
    }
}

/// Now, RFC 3339 in UTC.
pub(super) fn now() -> String {
    timestamp(OffsetDateTime::now_utc())
}

/// Now, in nanoseconds since 1970.
pub(super) fn now_nanoseconds() -> i64 {
    i64::try_from(OffsetDateTime::now_utc().unix_timestamp_nanos()).unwrap_or(i64::MAX)
}

/// RFC 3339, always to the millisecond, so that one pattern reads all: more says nothing to anyone.
pub(super) fn timestamp(at: OffsetDateTime) -> String {
    let at = at.to_offset(time::UtcOffset::UTC);
    let seconds = at.replace_nanosecond(0).unwrap_or(at).format(&Rfc3339).unwrap_or_default();
    format!("{}.{:03}Z", seconds.trim_end_matches('Z'), at.millisecond())
}
