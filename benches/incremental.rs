//! What a run costs that has little to do: nothing new, ten new documents, another taxonomy, beside a run over everything.
//!
//! `cargo bench --bench incremental -- [CORPUS] [--rounds N] [--threads N]`
//!
//! CORPUS is a file or folder as for `yuliao run`; without one the seed documents are read. Each round begins with
//! no state: (a) a first run, (b) a run with nothing new, (c) one with ten more documents in a file of their own, (d) one over everything
//! again (`--full`). Times are those of whole runs with all tables, told also as shares of (d); those of neighbours in time are compared.
//! The size of the state is told beside that of the text.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use yuliao::config::Config;
use yuliao::run::{Quiet, Request};

type AnyError = Box<dyn std::error::Error + Send + Sync>;

struct Options {
    corpus: PathBuf,
    rounds: usize,
    threads: usize,
}

fn main() -> Result<(), AnyError> {
    let options = options()?;
    let mut shares: Vec<[f64; 3]> = Vec::new();
    for round in 0..=options.rounds {
        let folder = tempfile::tempdir()?;
        let config = config(&options, folder.path())?;
        let first = run(&config, false)?;
        let nothing = run(&config, false)?;
        add_ten_documents(&folder.path().join("input"))?;
        let ten = run(&config, false)?;
        let full = run(&config, true)?;
        if round == 0 {
            // The first round warms caches and is not counted.
            let text: u64 = size(&options.corpus)?;
            let state = size(&config.run.state.join("shards"))?;
            say(&format!("input {:.1} MB, shards {:.1} MB", text as f64 / 1e6, state as f64 / 1e6));
            continue;
        }
        say(&format!("round {round}: first {first:.2} s, nothing new {nothing:.2} s, ten documents {ten:.2} s, everything {full:.2} s"));
        shares.push([first / full, nothing / full, ten / full]);
    }
    for (at, name) in ["first / everything", "nothing new / everything", "ten documents / everything"].into_iter().enumerate() {
        let mut column: Vec<f64> = shares.iter().map(|row| row[at]).collect();
        column.sort_by(f64::total_cmp);
        say(&format!("{name:<28}{:.3} (from {:.3} to {:.3})", column[column.len() / 2], column[0], column[column.len() - 1]));
    }
    Ok(())
}

fn config(options: &Options, folder: &Path) -> Result<Config, AnyError> {
    let input = folder.join("input");
    fs::create_dir(&input)?;
    let mut config = yuliao::run::built_in_config();
    config.input.paths = vec![options.corpus.clone(), input];
    config.run.output = folder.join("output");
    config.run.state = folder.join("state");
    config.run.threads = options.threads;
    Ok(config)
}

/// One whole run, in seconds.
fn run(config: &Config, full: bool) -> Result<f64, AnyError> {
    let began = Instant::now();
    yuliao::run::run(config, &Request { full, ..Request::default() }, &Quiet)?;
    Ok(began.elapsed().as_secs_f64())
}

fn add_ten_documents(input: &Path) -> Result<(), AnyError> {
    let line = |number| serde_json::json!({"id": number, "date": "2024-03-05", "text": format!("第{number}次会议强调，要深化改革，推动高质量发展。")});
    let lines: String = (0..10).map(|number| format!("{}\n", line(number))).collect();
    fs::write(input.join("ten.jsonl"), lines)?;
    Ok(())
}

/// Bytes of a file, or of all files in a folder.
fn size(path: &Path) -> Result<u64, AnyError> {
    if path.is_file() {
        return Ok(fs::metadata(path)?.len());
    }
    fs::read_dir(path)?.map(|entry| size(&entry?.path())).sum()
}

fn options() -> Result<Options, AnyError> {
    let mut parsed = Options { corpus: Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds"), rounds: 3, threads: 0 };
    let mut arguments = std::env::args_os().skip(1);
    while let Some(argument) = arguments.next() {
        let mut number = || arguments.next().and_then(|n| n.to_str()?.parse().ok()).ok_or("expected a number");
        match argument.to_str() {
            Some("--rounds") => parsed.rounds = number()?,
            Some("--threads") => parsed.threads = number()?,
            Some("--bench") => {}
            _ => parsed.corpus = argument.into(),
        }
    }
    parsed.rounds = parsed.rounds.max(1);
    Ok(parsed)
}

#[allow(clippy::print_stdout)] // A benchmark reports on standard output.
fn say(text: &str) {
    println!("{text}");
}
