//! What a folder of many small files costs beside the same text in one file of records.
//!
//! `cargo bench --bench small_files -- [CORPUS] [--files N] [--rounds N] [--threads N]`
//!
//! CORPUS is a file or folder as for `yuliao run`; without one the sentences of the seed documents are used. Its documents are
//! written as N text files (74,000 by default; documents are repeated as often as it takes), a hundred a folder, and as one
//! `.jsonl`. Whole runs over both alternate; the ratio is that of neighbours in time. Where this process may drop the system's
//! cache of files, a cold round follows, else only warm ones are reported.

use std::fs;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

use yuliao::run::{Quiet, Request};
use yuliao::source::{BatchReader, InputRoot, SourceOptions};

type AnyError = Box<dyn std::error::Error + Send + Sync>;

struct Options {
    corpus: PathBuf,
    files: usize,
    rounds: usize,
    threads: usize,
}

fn main() -> Result<(), AnyError> {
    let options = options()?;
    let folder = tempfile::tempdir()?;
    let (files, records) = (folder.path().join("files"), folder.path().join("records.jsonl"));
    let bytes = write_both(&options, &files, &records)?;
    say(&format!("{} documents, {:.1} MB of text, {} threads", options.files, bytes as f64 / 1e6, options.threads));
    let mut ratios = Vec::new();
    for round in 0..=options.rounds {
        let (one, many) = (run(&records, &options)?, run(&files, &options)?);
        // The first round fills the cache and is not counted.
        if round > 0 {
            ratios.push(many / one);
            say(&format!("round {round}: one file {one:.2} s, many files {many:.2} s, ratio {:.2}", many / one));
        }
    }
    ratios.sort_by(f64::total_cmp);
    say(&format!("ratio, warm  {:.2} (from {:.2} to {:.2})", ratios[ratios.len() / 2], ratios[0], ratios[ratios.len() - 1]));
    if drop_cache() {
        let one = run(&records, &options)?;
        drop_cache();
        let many = run(&files, &options)?;
        say(&format!("ratio, cold  {:.2} (one file {one:.2} s, many files {many:.2} s)", many / one));
    } else {
        say("ratio, cold  not measured: this process may not drop the cache of files");
    }
    Ok(())
}

/// One whole run, all tables, in seconds.
fn run(input: &Path, options: &Options) -> Result<f64, AnyError> {
    let folder = tempfile::tempdir()?;
    let mut config = yuliao::run::built_in_config();
    config.input.paths = vec![input.to_path_buf()];
    config.run.output = folder.path().join("output");
    config.run.state = folder.path().join("state");
    config.run.threads = options.threads;
    let began = Instant::now();
    yuliao::run::run(&config, &Request::default(), &Quiet)?;
    Ok(began.elapsed().as_secs_f64())
}

/// Writes the documents in both shapes; returns the bytes of their text.
fn write_both(options: &Options, files: &Path, records: &Path) -> Result<usize, AnyError> {
    let documents = documents(&options.corpus)?;
    let mut out = BufWriter::new(fs::File::create(records)?);
    let mut bytes = 0;
    for (number, (title, body)) in documents.iter().cycle().take(options.files).enumerate() {
        let parent = files.join(format!("{:04}", number / 100));
        if number % 100 == 0 {
            fs::create_dir_all(&parent)?;
        }
        let text = format!("{title}\n\n{body}\n");
        bytes += text.len();
        fs::write(parent.join(format!("{number:06}.txt")), text)?;
        writeln!(out, "{}", serde_json::json!({"id": number.to_string(), "title": title, "text": body}))?;
    }
    out.flush()?;
    Ok(bytes)
}

fn documents(corpus: &Path) -> Result<Vec<(String, String)>, AnyError> {
    let options = SourceOptions::default();
    let listing = yuliao::source::list(&[InputRoot { path: corpus.to_path_buf(), label: None }])?;
    let read = BatchReader::new(&listing.files, &options).flat_map(|batch| batch.read(&options).documents);
    let documents: Vec<_> = read.map(|document| (document.title, document.body)).collect();
    if documents.len() > 1 {
        return Ok(documents);
    }
    // The seed is one long document: its paragraphs are about as long as a news item.
    let lines = documents.iter().flat_map(|(_, body)| body.lines()).filter(|line| !line.trim().is_empty());
    Ok(lines.map(|line| ("一段报道".to_string(), line.trim().to_string())).collect())
}

/// Whether the system's cache of files could be emptied.
fn drop_cache() -> bool {
    fs::write("/proc/sys/vm/drop_caches", "3\n").is_ok()
}

fn options() -> Result<Options, AnyError> {
    let mut parsed = Options { corpus: Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds"), files: 74_000, rounds: 5, threads: 0 };
    let mut arguments = std::env::args_os().skip(1);
    while let Some(argument) = arguments.next() {
        let mut number = || arguments.next().and_then(|n| n.to_str()?.parse().ok()).ok_or("expected a number");
        match argument.to_str() {
            Some("--files") => parsed.files = number()?,
            Some("--rounds") => parsed.rounds = number()?,
            Some("--threads") => parsed.threads = number()?,
            Some("--bench") => {}
            _ => parsed.corpus = argument.into(),
        }
    }
    if parsed.threads == 0 {
        parsed.threads = std::thread::available_parallelism().map_or(1, usize::from);
    }
    (parsed.rounds, parsed.files) = (parsed.rounds.max(1), parsed.files.max(1));
    Ok(parsed)
}

#[allow(clippy::print_stdout)] // A benchmark reports on standard output.
fn say(text: &str) {
    println!("{text}");
}
