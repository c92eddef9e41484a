//! `yuliao run` and `yuliao status`.

use std::io::{self, Write};
use std::time::Instant;

use crate::config::{Config, DEFAULT_PATH};
use crate::run::{self, ExitCode, Planned, Request};

use super::arguments::{Arguments, LogFormat, RunArguments, StatusArguments};
use super::commands::{config_error, counted, failure};
use super::display::{Display, say};
use super::signals;

/// `yuliao run`
pub(super) fn run(arguments: &Arguments, options: &RunArguments) -> u8 {
    let began = Instant::now();
    let (config, path) = match arguments.configuration() {
        Ok(found) => found,
        Err(error) => return config_error(&error),
    };
    let command: Vec<String> = std::env::args_os().map(|argument| argument.to_string_lossy().into_owned()).collect();
    let request = Request {
        config_path: path.as_deref(),
        command: &command,
        one_off: arguments.names_folders(),
        full: options.full,
        rehash: options.rehash,
        allow_removals: options.allow_removals,
        require_input: options.require_input,
        accept_series_break: options.accept_series_break,
        wait: options.wait.unwrap_or_default(),
    };
    if options.dry_run {
        return dry_run(&config, &request, arguments.verbose);
    }
    signals::listen();
    let is_json = options.log_format == LogFormat::Json;
    let display = Display::in_format(arguments.quiet, is_json);
    let result = run::run(&config, &request, &display);
    display.finish();
    if is_json {
        // Everything was said as it happened.
        return result.map_or_else(|error| error.exit(), |outcome| outcome.exit).code();
    }
    match result {
        Ok(outcome) => {
            if !arguments.quiet {
                report_warnings(&outcome, arguments.verbose);
                say(&last_line(&outcome, &config, began));
            }
            outcome.exit.code()
        }
        Err(error) => {
            if path.is_none() && error.exit() == ExitCode::NoInput {
                say(&format!("note: there is no {DEFAULT_PATH} here, so the built-in settings are in force"));
            }
            let code = failure(&error);
            if !arguments.quiet {
                say(&failed_line(code, began, &display.run_id()));
            }
            code
        }
    }
}

/// The last line of a run that failed; its id leads to its events.
fn failed_line(code: u8, began: Instant, run_id: &str) -> String {
    let run = if run_id.is_empty() { String::new() } else { format!(" run={run_id}") };
    format!("failed exit={code} duration={:.1}s{run}", began.elapsed().as_secs_f64())
}

fn last_line(outcome: &run::Outcome, config: &Config, began: Instant) -> String {
    let what = if let ExitCode::NothingNew(_) = outcome.exit { "nothing new" } else { "ok" };
    format!(
        "{what} documents={} new={} changed={} removed={} quarantined={} exit={} duration={:.1}s run={} output={}",
        outcome.documents,
        outcome.counts.new,
        outcome.counts.changed,
        outcome.counts.removed,
        outcome.quarantined,
        outcome.exit.code(),
        began.elapsed().as_secs_f64(),
        outcome.run_id,
        config.run.output.display()
    )
}

fn report_warnings(outcome: &run::Outcome, verbose: bool) {
    for (code, count, first) in &outcome.warnings {
        // A stop list has no places, nor have periods, empty sides or the state; what is said of them says all.
        if ["W_STOPWORDS", "W_PERIOD", "W_EMPTY_SLICE", "W_STATE", "W_SERIES_BREAK"].contains(&code.as_str()) {
            say(&format!("warning {code}: {first}"));
            continue;
        }
        let place = if first.is_empty() { String::new() } else { format!(", first {first}") };
        say(&format!("warning {code}: {}{place}", counted(*count, "time")));
    }
    if outcome.quarantined > 0 {
        say(&format!("warning: {} could not be used; quarantine.csv says why", counted(outcome.quarantined, "input")));
    }
    for (path, code, message) in outcome.bad_inputs.iter().filter(|_| verbose) {
        say(&format!("  {path}: {code} {message}"));
    }
}

/// Says what a run would do, on standard output.
fn dry_run(config: &Config, request: &Request<'_>, verbose: bool) -> u8 {
    let planned = match run::plan(config, request) {
        Ok(planned) => planned,
        Err(error) => return failure(&error),
    };
    let code = if planned.nothing_new { config.run.no_change_exit } else { ExitCode::Done.code() };
    match io::stdout().lock().write_all(plan_text(&planned, verbose).as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => ExitCode::Io.code(),
        _ => code,
    }
}

fn plan_text(planned: &Planned, verbose: bool) -> String {
    let mut lines: Vec<String> =
        planned.reasons.iter().map(|(reason, files)| format!("{reason:<12}{}", counted(*files as u64, "file"))).collect();
    lines.push(format!("{:<12}{}", "removed", counted(planned.removed.len() as u64, "file")));
    if planned.unsettled > 0 {
        lines.push(format!("{:<12}{}, left for the next run", "unsettled", counted(planned.unsettled, "file")));
    }
    lines.extend(planned.because.iter().map(|because| (*because).to_string()));
    let named = planned.files.iter().map(|(reason, path)| (*reason, path)).chain(planned.removed.iter().map(|path| ("removed", path)));
    lines.extend(named.filter(|_| verbose).map(|(reason, path)| format!("  {reason:<12}{path}")));
    lines.push(
        if planned.nothing_new { "nothing is new: the report would be left as it is" } else { "the report would be made anew" }.to_string(),
    );
    lines.join("\n") + "\n"
}

/// `yuliao status`
pub(super) fn status(arguments: &Arguments, options: &StatusArguments) -> u8 {
    let (config, _) = match arguments.configuration() {
        Ok(found) => found,
        Err(error) => {
            config_error(&error);
            return run::StatusCode::Unknown.code();
        }
    };
    let status = run::status(&config, options.max_age);
    match io::stdout().lock().write_all(status.text.as_bytes()) {
        // A closed pipe is nothing to report; what a monitor could not read tells it nothing.
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => run::StatusCode::Unknown.code(),
        _ => status.code.code(),
    }
}
