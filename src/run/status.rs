//! How the scheduled runs of a project are doing, for a person or a monitor.

use std::fmt::Write as _;
use std::time::Duration;

use crate::config::Config;
use crate::state::{Holder, Memory, RunLine, StateFolder, last_holder};

use super::home::place_of;

/// What a monitor acts on, as plugins of Nagios say it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatusCode {
    /// The last run succeeded, and not too long ago.
    Fine,
    /// The same, but some inputs could not be used.
    Partial,
    /// The last run failed, or the last success is too long ago.
    Bad,
    /// No run is known.
    Unknown,
}

impl StatusCode {
    /// The number that the process returns.
    pub fn code(self) -> u8 {
        match self {
            Self::Fine => 0,
            Self::Partial => 1,
            Self::Bad => 2,
            Self::Unknown => 3,
        }
    }
}

/// How the runs are doing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// For a monitor.
    pub code: StatusCode,
    /// For a person: a first line that says all, then details.
    pub text: String,
}

/// Looks at what runs left in the state. A success older than `max_age` is too old.
pub fn status(config: &Config, max_age: Option<Duration>) -> Status {
    let now = time::OffsetDateTime::now_utc().unix_timestamp();
    let unknown = |why: String| Status { code: StatusCode::Unknown, text: format!("UNKNOWN {why}\n") };
    let Some(state) = StateFolder::existing(&config.run.state) else {
        return unknown(format!("{}: there is no state, so no run is known", config.run.state.display()));
    };
    let runs = state.runs().read();
    let memory = Memory::load(&state.join("state.json"));
    let published_last = memory.as_ref().and_then(|memory| memory.last.as_ref()).map(|last| last.run_id.as_str());
    let is_known = |holder: &Holder| runs.iter().map(|run| run.run_id.as_str()).chain(published_last).any(|id| holder.who.contains(id));
    let unfinished = last_holder(&state.join("lock")).filter(|holder| !is_known(holder));
    let killed = unfinished.as_ref().filter(|holder| !holder.is_at_work);
    let Some(last) = runs.last() else {
        return match killed {
            Some(holder) => Status { code: StatusCode::Bad, text: format!("CRITICAL {}\n", was_killed(holder)) },
            None => unknown(format!("{}: no finished run is known", state.path().display())),
        };
    };
    let success = runs.iter().rev().find(|line| line.is_success());
    let age = success.map(|line| now.saturating_sub(line.finished).max(0));
    let is_old = max_age.is_some_and(|most| age.is_none_or(|age| u64::try_from(age).unwrap_or(0) > most.as_secs()));
    let quarantined = published(&runs).and_then(|line| line.bad.or(line.quarantined)).unwrap_or(0);
    let (code, word) = match (last.is_success() && killed.is_none(), is_old) {
        (false, _) | (_, true) => (StatusCode::Bad, "CRITICAL"),
        _ if quarantined > 0 => (StatusCode::Partial, "WARNING"),
        _ => (StatusCode::Fine, "OK"),
    };
    let mut text = format!("{word} {}\n", headline(last, age, is_old, quarantined, killed));
    if let Some(holder) = unfinished.filter(|holder| holder.is_at_work) {
        let _ = writeln!(text, "at work       {}", holder.who);
    }
    describe(&mut text, last, success, memory.as_ref(), &state);
    Status { code, text }
}

/// The run whose report is in place.
fn published(runs: &[RunLine]) -> Option<&RunLine> {
    runs.iter().rev().find(|line| line.outcome == "published")
}

/// A run that was killed, or whose machine went down, could not write down how it ended.
fn was_killed(holder: &Holder) -> String {
    format!("the last run ended without a word: it was killed, or the machine went down ({})", holder.who)
}

fn headline(last: &RunLine, age: Option<i64>, is_old: bool, quarantined: u64, killed: Option<&Holder>) -> String {
    let age = age.map_or_else(|| "no run ever succeeded".to_string(), |age| format!("last success {} ago", span(age)));
    let mut parts = vec![age];
    if let Some(holder) = killed {
        parts.push(was_killed(holder));
    } else if !last.is_success() {
        parts.push(format!("the last run {} with exit code {}", last.outcome, last.exit_code));
    } else if is_old {
        parts.push("which is too long".to_string());
    }
    if quarantined > 0 {
        parts.push(format!("{quarantined} inputs could not be used"));
    }
    parts.join("; ")
}

fn describe(text: &mut String, last: &RunLine, success: Option<&RunLine>, memory: Option<&Memory>, state: &StateFolder) {
    // Writing into a string cannot fail.
    let _ = writeln!(
        text,
        "last run      {} {} at {}, exit {}, {:.1} s",
        last.run_id,
        last.outcome,
        last.finished_at,
        last.exit_code,
        last.duration_ms as f64 / 1e3
    );
    if let Some(error) = &last.error {
        let _ = writeln!(text, "error         {}", error.lines().next().unwrap_or_default());
    }
    if let Some(success) = success.filter(|success| success.run_id != last.run_id) {
        let _ = writeln!(text, "last success  {} {} at {}", success.run_id, success.outcome, success.finished_at);
    }
    if let Some(published) = memory.and_then(|memory| memory.last.as_ref()) {
        let output = place_of(state.path(), &published.output);
        let _ = writeln!(text, "report        {} with {} documents in {}", published.run_id, published.documents, output.display());
    }
    let _ = writeln!(text, "state         {}", state.path().display());
    let _ = writeln!(text, "quarantine    {}", state.join("quarantine.csv").display());
}

/// A length of time as a person says it.
fn span(seconds: i64) -> String {
    match seconds {
        0..=119 => format!("{seconds} s"),
        120..=7_199 => format!("{} min", seconds / 60),
        7_200..=172_799 => format!("{} h", seconds / 3_600),
        _ => format!("{} days", seconds / 86_400),
    }
}
