//! How fast the whole run is beside the bare segmenter, in one process and at the same thread count.
//!
//! `cargo bench --bench pipeline -- [CORPUS] [--rounds N] [--threads N]`
//!
//! CORPUS is a file or folder as for `yuliao run`; without one the seed documents are repeated to about 8 MB. Each round
//! measures (a) the floor: rayon over documents, jieba-rs `cut` with its hidden Markov model, tokens counted and dropped;
//! (b) the main job, which leaves out the tables of [`STATISTICS`], and (c) the whole run with all tables, from loading the
//! dictionary to the published report. Peak memory is that of one more run in a process of its own (this binary with `--once`). Absolute times of a shared machine vary; the ratio of neighbours in time does not much.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use rayon::prelude::*;
use yuliao::run::{Prepared, Progress, Quiet, Request, Stage};
use yuliao::source::{BatchReader, SourceOptions};

type AnyError = Box<dyn std::error::Error + Send + Sync>;

/// The tables beyond the main job: what they cost is told as a share of the floor.
const STATISTICS: &[&str] = &[
    "term_trends",
    "theme_trends",
    "keyness",
    "changes",
    "entities",
    "entity_pairs",
    "ngrams",
    "new_words",
    "duplicates",
    "text_statistics",
    "lengths",
    "theme_pairs",
    "pattern_stats",
    "uncoded",
];

/// Which tables a run makes.
#[derive(Clone, Copy, PartialEq)]
enum Tables {
    MainJob,
    All,
}

struct Options {
    corpus: PathBuf,
    rounds: usize,
    threads: usize,
    once: bool,
    _temporary: Option<tempfile::TempDir>,
}

fn main() -> Result<(), AnyError> {
    let options = options()?;
    if options.once {
        whole_run(&options, Tables::All)?;
        say(&peak_memory_kib().to_string());
        return Ok(());
    }
    let bodies = bodies(&options.corpus)?;
    let bytes: usize = bodies.iter().map(String::len).sum();
    say(&format!(
        "corpus {}: {} documents, {:.1} MB of text, {} threads, {} rounds",
        options.corpus.display(),
        bodies.len(),
        megabytes(bytes as f64),
        options.threads,
        options.rounds
    ));
    compare(&options, &bodies, bytes)?;
    drop(bodies);
    stages(&options)
}

/// Alternates floor, main job and whole run.
fn compare(options: &Options, bodies: &[String], bytes: usize) -> Result<(), AnyError> {
    let jieba = jieba_rs::Jieba::new();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(options.threads).build()?;
    let mut rounds = Rounds::default();
    for round in 0..=options.rounds {
        let began = Instant::now();
        let tokens: usize = pool.install(|| bodies.par_iter().map(|body| jieba.cut(body, true).len()).sum());
        let floor = began.elapsed().as_secs_f64();
        let main_job = whole_run(options, Tables::MainJob)?.as_secs_f64();
        let whole = whole_run(options, Tables::All)?.as_secs_f64();
        // The first round warms caches and is not counted.
        if round == 0 {
            say(&format!("floor: {tokens} pieces"));
            continue;
        }
        say(&format!("round {round}: floor {floor:.2} s, main job {main_job:.2} s, all tables {whole:.2} s"));
        rounds.add(floor, main_job, whole);
    }
    rounds.report(bytes);
    say(&format!("peak memory of the whole run, alone in a process: {} MiB", peak_of_a_run(options)? / 1024));
    Ok(())
}

/// Seconds of all rounds.
#[derive(Default)]
struct Rounds {
    floors: Vec<f64>,
    main_jobs: Vec<f64>,
    wholes: Vec<f64>,
    main_ratios: Vec<f64>,
    whole_ratios: Vec<f64>,
    /// What the tables beyond the main job cost, in floors.
    statistics: Vec<f64>,
}

impl Rounds {
    fn add(&mut self, floor: f64, main_job: f64, whole: f64) {
        self.floors.push(floor);
        self.main_jobs.push(main_job);
        self.wholes.push(whole);
        self.main_ratios.push(main_job / floor);
        self.whole_ratios.push(whole / floor);
        self.statistics.push((whole - main_job) / floor);
    }

    fn report(&mut self, bytes: usize) {
        for (name, seconds) in [("floor", &mut self.floors), ("main job", &mut self.main_jobs), ("all tables", &mut self.wholes)] {
            let middle = median(seconds);
            say(&format!("{name:<11}{middle:.2} s, {:.1} MB/s", megabytes(bytes as f64) / middle));
        }
        let ratios = [
            ("main job / floor", &mut self.main_ratios),
            ("all tables / floor", &mut self.whole_ratios),
            ("(all tables - main job) / floor", &mut self.statistics),
        ];
        for (name, ratios) in ratios {
            let middle = median(ratios);
            say(&format!("{name:<32}{middle:.2} (from {:.2} to {:.2})", ratios[0], ratios[ratios.len() - 1]));
        }
    }
}

/// One run: loading dictionary and taxonomy, the tables, publishing.
fn whole_run(options: &Options, tables: Tables) -> Result<Duration, AnyError> {
    let folder = tempfile::tempdir()?;
    let mut config = config(options, folder.path());
    if tables == Tables::MainJob {
        config.report.leave_out = STATISTICS.iter().map(ToString::to_string).collect();
        config.duplicates.kinds.clear();
    }
    let began = Instant::now();
    yuliao::run::run(&config, &Request::default(), &Quiet)?;
    Ok(began.elapsed())
}

/// Peak memory in KiB of a whole run in a process of its own.
fn peak_of_a_run(options: &Options) -> Result<u64, AnyError> {
    let arguments = ["--once", "--threads", &options.threads.to_string()];
    let output = Command::new(std::env::current_exe()?).arg(&options.corpus).args(arguments).output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    text.trim().parse().map_err(|_| format!("the run failed: {}", String::from_utf8_lossy(&output.stderr)).into())
}

/// Times each stage of one run.
fn stages(options: &Options) -> Result<(), AnyError> {
    let folder = tempfile::tempdir()?;
    let config = config(options, folder.path());
    let log = StageLog::default();
    let began = Instant::now();
    let prepared = Prepared::new(&config)?;
    say(&format!("stage load       {:.2} s", began.elapsed().as_secs_f64()));
    prepared.in_pool(|| -> Result<(), AnyError> {
        let began = Instant::now();
        let built = prepared.build(&log)?;
        say(&format!("stage segment    {:.2} s (words numbered and tagged included)", began.elapsed().as_secs_f64()));
        let began = Instant::now();
        let (tables, _) = built.tables(&prepared, &log);
        log.close();
        say(&format!("stage count      {:.2} s, of which", began.elapsed().as_secs_f64()));
        for (name, seconds) in log.steps() {
            say(&format!("  {name:<18} {seconds:.2} s"));
        }
        let mut total = 0.0;
        for table in &tables {
            let began = Instant::now();
            yuliao::report::write_table(&**table, &config.report, folder.path(), yuliao::report::MOST_ROWS_PER_FILE)?;
            let seconds = began.elapsed().as_secs_f64();
            total += seconds;
            say(&format!("  write {:<18} {:>8} rows {seconds:.2} s", table.definition().name, table.row_count()));
        }
        say(&format!("stage write      {total:.2} s"));
        Ok(())
    })
}

#[derive(Default)]
struct StageLog(std::sync::Mutex<Vec<(String, Instant, f64)>>);

impl StageLog {
    fn close(&self) {
        let mut steps = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(last) = steps.last_mut() {
            last.2 = last.1.elapsed().as_secs_f64();
        }
    }

    fn steps(&self) -> Vec<(String, f64)> {
        let steps = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        steps.iter().map(|(name, _, seconds)| (name.clone(), *seconds)).collect()
    }
}

impl Progress for StageLog {
    fn stage(&self, _: Stage, _: u64) {}
    fn advance(&self, _: u64, _: u64) {}
    fn step(&self, name: &str) {
        self.close();
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push((name.to_string(), Instant::now(), 0.0));
    }
}

fn config(options: &Options, output: &Path) -> yuliao::config::Config {
    let mut config = yuliao::run::built_in_config();
    config.input.paths = vec![options.corpus.clone()];
    config.run.output = output.join("output");
    config.run.threads = options.threads;
    config
}

fn bodies(corpus: &Path) -> Result<Vec<String>, AnyError> {
    let options = SourceOptions::default();
    let listing = yuliao::source::list(&[yuliao::source::InputRoot { path: corpus.to_path_buf(), label: None }])?;
    let documents = BatchReader::new(&listing.files, &options).flat_map(|batch| batch.read(&options).documents);
    Ok(documents.map(|d| format!("{}\n{}", d.title, d.body)).collect())
}

fn options() -> Result<Options, AnyError> {
    let mut parsed = Options { corpus: PathBuf::new(), rounds: 5, threads: 0, once: false, _temporary: None };
    let mut arguments = std::env::args_os().skip(1);
    while let Some(argument) = arguments.next() {
        let mut number = || arguments.next().and_then(|n| n.to_str()?.parse().ok()).ok_or("expected a number");
        match argument.to_str() {
            Some("--rounds") => parsed.rounds = number()?,
            Some("--threads") => parsed.threads = number()?,
            Some("--once") => parsed.once = true,
            Some("--bench") => {}
            _ => parsed.corpus = argument.into(),
        }
    }
    if parsed.threads == 0 {
        parsed.threads = std::thread::available_parallelism().map_or(1, usize::from);
    }
    parsed.rounds = parsed.rounds.max(1);
    if parsed.corpus.as_os_str().is_empty() {
        let folder = tempfile::tempdir()?;
        parsed.corpus = repeat_seeds(folder.path())?;
        parsed._temporary = Some(folder);
    }
    Ok(parsed)
}

/// The seed documents as about 8 MB of records.
fn repeat_seeds(folder: &Path) -> Result<PathBuf, AnyError> {
    let seeds = bodies(&Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds"))?;
    let size: usize = seeds.iter().map(String::len).sum();
    let path = folder.join("seeds.jsonl");
    let mut lines = String::new();
    for number in 0..(8_000_000 / size.max(1)).max(1) {
        for (part, text) in seeds.iter().enumerate() {
            lines.push_str(&serde_json::json!({ "id": format!("{number}-{part}"), "text": text }).to_string());
            lines.push('\n');
        }
    }
    std::fs::write(&path, lines)?;
    Ok(path)
}

/// Peak resident size of this process in KiB, where the system tells.
fn peak_memory_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:"));
    line.and_then(|l| l.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn megabytes(bytes: f64) -> f64 {
    bytes / 1e6
}

fn say(line: &str) {
    use std::io::Write;
    // Nothing to do when nobody listens.
    let _ = writeln!(std::io::stdout(), "{line}");
}
