//! What people see while a run works: bars on a terminal, short lines elsewhere. All of it on standard error.

use std::fmt;
use std::io::{self, IsTerminal, Write};
use std::sync::Mutex;
use std::time::Duration;

use indicatif::{HumanDuration, ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

use crate::config::Override;
use crate::run::{Event, Progress, Stage};

use super::arguments::Arguments;
use super::signals;

/// Writes one line to standard error. When nobody listens there is nobody to tell.
pub(super) fn say(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}

/// Says which environment variables look like settings but are none.
pub(super) fn warn_of_unknown_variables(arguments: &Arguments) {
    if arguments.quiet {
        return;
    }
    let names: Vec<String> = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok()).collect();
    let is_failpoint = |name: &&str| cfg!(debug_assertions) && *name == "YULIAO_FAIL";
    for name in Override::unknown_in_environment(names.iter().map(String::as_str).filter(|name| !is_failpoint(name))) {
        say(&format!("warning: the environment variable {name} names no setting and has no effect"));
    }
}

/// Shows the progress of a run.
pub(super) struct Display {
    bar: Option<ProgressBar>,
    lines: bool,
    /// Whether events are written as JSON, and nothing else.
    json: bool,
    quiet: bool,
    documents: Mutex<u64>,
    run_id: Mutex<String>,
}

impl Display {
    /// A bar when standard error is a terminal, lines when it is not, nothing when `quiet`.
    pub fn new(quiet: bool) -> Self {
        Self::in_format(quiet, false)
    }

    /// The same; with `json` events as JSON and nothing else.
    pub fn in_format(quiet: bool, json: bool) -> Self {
        let terminal = io::stderr().is_terminal();
        let bar = (!quiet && !json && terminal).then(|| ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(10)));
        Self { bar, lines: !quiet && !json && !terminal, json, quiet, documents: Mutex::new(0), run_id: Mutex::default() }
    }

    /// The id of the run that is shown; empty before it has one.
    pub fn run_id(&self) -> String {
        self.run_id.lock().map(|id| id.clone()).unwrap_or_default()
    }

    /// Takes the bar away, so that what follows stands on lines of its own.
    pub fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

/// Before this share is done nobody knows how long the rest takes.
const KNOWN_FROM: f32 = 0.05;

/// How long this stage still takes, once that can be told.
fn time_left(state: &ProgressState, out: &mut dyn fmt::Write) {
    if state.fraction() >= KNOWN_FROM && state.elapsed() >= Duration::from_secs(1) {
        // Writing into a string cannot fail.
        let _ = write!(out, ", {:#} left", HumanDuration(state.eta()));
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

impl Progress for Display {
    fn stage(&self, stage: Stage, total: u64) {
        signals::set_publishing(stage == Stage::Publish);
        if self.lines {
            say(&format!("{} …", stage.label()));
        }
        let Some(bar) = &self.bar else { return };
        bar.set_position(0);
        bar.reset_eta();
        bar.set_message("");
        if stage == Stage::Process {
            bar.set_length(total);
            bar.set_style(style("{prefix} {wide_bar} {bytes}/{total_bytes} {bytes_per_sec} {msg}{left}").with_key("left", time_left));
        } else if total > 0 {
            bar.set_length(total);
            bar.set_style(style("{prefix} {wide_bar} {pos}/{len} tables"));
        } else {
            bar.set_style(style("{prefix} {spinner} {msg}"));
            bar.enable_steady_tick(Duration::from_millis(100));
        }
        bar.set_prefix(stage.label());
    }

    fn advance(&self, documents: u64, bytes: u64) {
        let Some(bar) = &self.bar else { return };
        if bytes == 0 {
            bar.inc(documents);
            return;
        }
        bar.inc(bytes);
        if let Ok(mut total) = self.documents.lock() {
            *total += documents;
            bar.set_message(format!("{total} documents"));
        }
    }

    fn event(&self, event: &Event<'_>) {
        if let Ok(mut id) = self.run_id.lock()
            && id.is_empty()
        {
            id.push_str(event.run_id);
        }
        if self.json
            && (!self.quiet || event.level != "info")
            && let Ok(line) = serde_json::to_string(event)
        {
            say(&line);
        } else if self.lines && event.event == "plan" {
            say(event.msg);
        } else if !self.json && !self.quiet && ["lock_wait", "recovered", "series_break"].contains(&event.event) {
            say(&format!("note: {}", event.msg));
        } else if !self.json && event.event == "not_written" {
            say(&format!("warning: {}", event.msg));
        }
    }

    fn stop_signal(&self) -> Option<u8> {
        signals::asked()
    }

    fn step(&self, name: &str) {
        if let Some(bar) = &self.bar {
            bar.set_message(name.to_string());
        }
    }
}
