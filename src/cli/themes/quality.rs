//! `yuliao themes score`, `agree` and `sample`: quality that is measured.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::analysis::{LooseEvidence, LooseHit, QualityTable};
use crate::config::Config;
use crate::diagnostic::{self, Diagnostic};
use crate::report::write_csv;
use crate::run::{self, ExitCode, Gold, Prepared, RunError, SampleRequest, Scored};
use crate::table::Table;
use crate::theme::{Average, Tagger};

use super::super::arguments::Arguments;
use super::super::commands::{config_error, counted, failure};
use super::super::dictionary::write_out;
use super::super::display::{Display, say};

/// How labels are scored.
#[derive(Debug, Args)]
pub(in crate::cli) struct ScoreArguments {
    /// Sentences that a person labelled: a CSV with the columns sentence and themes; or with doc_id, sentence_no, sentence_hash
    /// and themes, for sentences of the configured documents
    #[arg(long, value_name = "FILE", required = true)]
    pub gold: PathBuf,

    /// End with an error below this F1 of all leaf labels together, from 0 to 1
    #[arg(long, value_name = "X", value_parser = share)]
    pub min_f1: Option<f64>,

    /// Also write every hit in the labelled sentences, in the columns of theme_evidence.csv
    #[arg(long, value_name = "FILE")]
    pub evidence: Option<PathBuf>,

    /// Also write the labels without the text of the sentences: doc_id, sentence_no, sentence_hash, themes
    #[arg(long, value_name = "FILE")]
    pub without_text: Option<PathBuf>,
}

/// Which coders are compared.
#[derive(Debug, Args)]
pub(in crate::cli) struct AgreeArguments {
    /// The labels of one coder: a gold file
    #[arg(value_name = "A")]
    pub a: PathBuf,

    /// The labels of the other
    #[arg(value_name = "B")]
    pub b: PathBuf,
}

/// How a sample is drawn.
#[derive(Debug, Args)]
pub(in crate::cli) struct SampleArguments {
    /// Sentences for each leaf theme that is found
    #[arg(long, value_name = "N", default_value_t = 3)]
    pub per_theme: usize,

    /// Sentences without any theme
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub uncoded: usize,

    /// Another text gives another sample
    #[arg(long, value_name = "TEXT", default_value = "1")]
    pub seed: String,

    /// One sentence in so many is marked for a second coder; 0 = none
    #[arg(long, value_name = "N", default_value_t = 3)]
    pub second_coder: usize,

    /// Also write the code book: what each leaf means
    #[arg(long, value_name = "FILE")]
    pub codebook: Option<PathBuf>,
}

/// A number from 0 to 1.
fn share(text: &str) -> Result<f64, String> {
    let number: Option<f64> = text.parse().ok();
    number.filter(|number| (0.0..=1.0).contains(number)).ok_or_else(|| format!("expected a number from 0 to 1, found `{text}`"))
}

/// `yuliao themes score`
pub(super) fn score(arguments: &Arguments, options: &ScoreArguments) -> u8 {
    let (mut config, _) = match arguments.configuration() {
        Ok(found) => found,
        Err(error) => return config_error(&error),
    };
    let mut gold = match Gold::read(&options.gold) {
        Ok(gold) => gold,
        Err(problems) => return bad_data(&problems),
    };
    if !gold.needs_corpus() {
        config.input.paths.clear();
        config.input.root.clear();
    }
    let prepared = match Prepared::for_reading(&config) {
        Ok(prepared) => prepared,
        Err(error) => return failure(&error),
    };
    let Some(tagger) = prepared.taggers().first() else { return failure(&no_taxonomy()) };
    if !arguments.quiet && gold.sentences.iter().all(|sentence| sentence.themes.is_empty()) {
        say(&format!("warning: {}: no sentence has a theme in the column themes; is it still to be coded?", gold.file));
    }
    let missing = match resolve(arguments, &prepared, &mut gold) {
        Ok(missing) => missing,
        Err(code) => return code,
    };
    let scored = match Scored::new(&gold, tagger, &prepared) {
        Ok(scored) => scored,
        Err(problems) => return bad_data(&problems),
    };
    let table = QualityTable { tagger, report: &scored.report };
    let mut written = vec![write(&table, arguments.output.as_deref(), &config)];
    if let Some(path) = &options.evidence {
        written.push(write(&evidence(&gold, &scored, tagger), Some(path), &config));
    }
    if let Some(path) = &options.without_text {
        written.push(write(&run::gold_without_text(&gold), Some(path), &config));
    }
    if let Some(code) = written.into_iter().find_map(Result::err) {
        return code;
    }
    if arguments.verbose {
        differences(&gold, &scored, tagger).iter().for_each(|line| say(line));
    }
    summary(arguments, options, &gold, &scored, tagger, missing.len(), config.run.partial_exit)
}

/// The lines of the gold file that the documents do not have.
fn resolve(arguments: &Arguments, prepared: &Prepared, gold: &mut Gold) -> Result<Vec<usize>, u8> {
    if !gold.needs_corpus() {
        return Ok(Vec::new());
    }
    let display = Display::new(arguments.quiet);
    let built = prepared.in_pool(|| prepared.build(&display));
    display.finish();
    let missing = gold.resolve(built.map_err(|error| failure(&error))?.corpus());
    if !missing.is_empty() && !arguments.quiet {
        let lines: Vec<String> = missing.iter().take(if arguments.verbose { usize::MAX } else { 5 }).map(ToString::to_string).collect();
        let count = counted(missing.len() as u64, "sentence");
        say(&format!("warning: {count} of {} not in the documents, or changed: lines {} …", gold.file, lines.join(", ")));
    }
    if gold.sentences.is_empty() {
        let what = format!("{}: none of its sentences is in the configured documents; name those with --input", gold.file);
        return Err(failure(&RunError::NothingLeft(what)));
    }
    Ok(missing)
}

fn summary(
    arguments: &Arguments,
    options: &ScoreArguments,
    gold: &Gold,
    scored: &Scored,
    tagger: &Tagger,
    missing: usize,
    partial_exit: u8,
) -> u8 {
    let leaves = scored.report.micro(tagger.themes(), Average::Leaves);
    let value = |share: Option<(u64, u64)>| share.map(|(part, whole)| part as f64 / whole as f64);
    let shown = |share: Option<(u64, u64)>| value(share).map_or("-".to_string(), |value| format!("{value:.4}"));
    if !arguments.quiet {
        say(&format!(
            "{}: leaves tp {} fp {} fn {} precision {} recall {} f1 {}",
            counted(gold.sentences.len() as u64, "sentence"),
            leaves.true_positives,
            leaves.false_positives,
            leaves.false_negatives,
            shown(leaves.precision()),
            shown(leaves.recall()),
            shown(leaves.f1())
        ));
    }
    let f1 = value(leaves.f1()).unwrap_or(0.0);
    match options.min_f1 {
        Some(least) if f1 < least => {
            say(&format!("error: expected an F1 of at least {least}, found {f1:.4}"));
            ExitCode::BadData.code()
        }
        _ if missing > 0 => ExitCode::Partial(partial_exit).code(),
        _ => ExitCode::Done.code(),
    }
}

/// A line for each sentence on which taxonomy and person differ, with the hits behind it.
fn differences(gold: &Gold, scored: &Scored, tagger: &Tagger) -> Vec<String> {
    let ids = |labels: Vec<usize>| labels.iter().map(|theme| tagger.themes()[*theme].id.as_str()).collect::<Vec<_>>().join(", ");
    let mut lines = Vec::new();
    for (number, sentence) in (0u32..).zip(&gold.sentences) {
        let of = |labels: &std::collections::BTreeSet<(u32, usize)>, others: &std::collections::BTreeSet<(u32, usize)>| {
            labels.difference(others).filter(|(at, _)| *at == number).map(|(_, theme)| *theme).collect::<Vec<usize>>()
        };
        let (too_many, missing) = (of(&scored.found, &scored.given), of(&scored.given, &scored.found));
        if too_many.is_empty() && missing.is_empty() {
            continue;
        }
        let text = sentence.text.as_deref().unwrap_or_default();
        let hits = scored.coding.hits.iter().filter(|hit| hit.sentence == number && too_many.contains(&tagger.pattern_theme(hit.pattern)));
        let words: Vec<String> = hits
            .filter(|hit| hit.blocked.is_none())
            .map(|hit| text.chars().skip(hit.start as usize).take((hit.end - hit.start) as usize).collect())
            .collect();
        let why = if words.is_empty() { String::new() } else { format!(" by {}", words.join(", ")) };
        lines.push(format!("{}:{}: too many [{}]{why} missing [{}]", gold.file, sentence.line, ids(too_many), ids(missing)));
    }
    lines
}

fn evidence<'a>(gold: &'a Gold, scored: &Scored, tagger: &'a Tagger) -> LooseEvidence<'a> {
    let hits = scored
        .coding
        .hits
        .iter()
        .map(|hit| {
            let sentence = &gold.sentences[hit.sentence as usize];
            LooseHit {
                doc_id: &sentence.doc_id,
                paragraph_no: sentence.paragraph_no,
                sentence_no: sentence.number(),
                sentence: sentence.text.as_deref().unwrap_or_default(),
                hit: *hit,
            }
        })
        .collect();
    LooseEvidence { tagger, hits }
}

/// `yuliao themes agree`
pub(super) fn agree(arguments: &Arguments, options: &AgreeArguments) -> u8 {
    let (config, _) = match arguments.configuration() {
        Ok(found) => found,
        Err(error) => return config_error(&error),
    };
    let (mut a, mut b) = match (Gold::read(&options.a), Gold::read(&options.b)) {
        (Ok(a), Ok(b)) => (a, b),
        (a, b) => return bad_data(&[a.err(), b.err()].into_iter().flatten().flatten().collect::<Vec<_>>()),
    };
    let unknown = use_known_themes(&config, [&mut a, &mut b]);
    if !arguments.quiet {
        unknown.iter().for_each(|message| say(message));
    }
    let outcome = run::agreement(&a, &b);
    if outcome.common == 0 {
        return failure(&RunError::NothingLeft(format!("{} and {} have no sentence in common", a.file, b.file)));
    }
    if let Err(code) = write(&outcome.table, arguments.output.as_deref(), &config) {
        return code;
    }
    if !arguments.quiet {
        let alpha = crate::stats::krippendorff_alpha(&outcome.total).map_or("-".to_string(), |alpha| format!("{:.3}", alpha.value()));
        say(&format!("{} coded by both, alpha of all leaves {alpha}", counted(outcome.common as u64, "sentence")));
        if outcome.not_marked > 0 {
            let count = counted(outcome.not_marked as u64, "sentence");
            say(&format!("note: {count} not marked in second_coder, not compared"));
        }
        for (count, file) in outcome.alone.iter().zip([&a.file, &b.file]).filter(|(count, _)| **count > 0) {
            say(&format!("note: {} only in {file}, not compared", counted(*count as u64, "sentence")));
        }
    }
    ExitCode::Done.code()
}

/// Puts current ids of the first taxonomy in the place of former ones. What to say of labels of no theme of it: a word misspelt, or two
/// people code by a book of their own.
fn use_known_themes(config: &Config, mut files: [&mut Gold; 2]) -> Vec<String> {
    let mut config = config.clone();
    config.input.paths.clear();
    config.input.root.clear();
    let Ok(prepared) = Prepared::for_reading(&config) else { return Vec::new() };
    let Some(tagger) = prepared.taggers().first() else { return Vec::new() };
    files.iter_mut().for_each(|gold| gold.use_current_ids(tagger));
    let problems: Vec<_> = files.iter().filter_map(|gold| gold.labels(tagger).err()).flatten().collect();
    let shown = problems.iter().take(MOST_SHOWN).map(|problem| format!("warning: {}:{}: {}", problem.file, problem.line, problem.message));
    let more = problems.len().saturating_sub(MOST_SHOWN);
    shown.chain((more > 0).then(|| format!("warning: and {}", counted(more as u64, "more label")))).collect()
}

/// Labels of no theme that are named one by one.
const MOST_SHOWN: usize = 20;

/// `yuliao themes sample`
pub(super) fn sample(arguments: &Arguments, options: &SampleArguments) -> u8 {
    let (config, _) = match arguments.configuration() {
        Ok(found) => found,
        Err(error) => return config_error(&error),
    };
    let prepared = match Prepared::for_reading(&config) {
        Ok(prepared) => prepared,
        Err(error) => return failure(&error),
    };
    let Some(tagger) = prepared.taggers().first() else { return failure(&no_taxonomy()) };
    let display = Display::new(arguments.quiet);
    let built = prepared.in_pool(|| prepared.build(&display));
    display.finish();
    let built = match built {
        Ok(built) => built,
        Err(error) => return failure(&error),
    };
    let request = SampleRequest {
        per_theme: options.per_theme,
        uncoded: options.uncoded,
        seed: options.seed.clone(),
        second_coder: options.second_coder,
    };
    let table = run::draw_sample(built.corpus(), &request);
    let rows = table.row_count();
    let codebook = options.codebook.as_deref().map(|path| write(&run::codebook(tagger), Some(path), &config));
    let written = [Some(write(&table, arguments.output.as_deref(), &config)), codebook];
    if let Some(code) = written.into_iter().flatten().find_map(Result::err) {
        return code;
    }
    if !arguments.quiet {
        say(&format!("{} to code", counted(rows as u64, "sentence")));
    }
    ExitCode::Done.code()
}

/// Writes a table to a file or to standard output.
pub(super) fn write(table: &dyn Table, target: Option<&Path>, config: &Config) -> Result<(), u8> {
    let mut bytes = Vec::new();
    // Writing into memory fails only for a table that contradicts its definition.
    if let Err(error) = write_csv(table, &config.report, &mut bytes) {
        say(&format!("error: {error}; this is a bug of yuliao, please report it"));
        return Err(ExitCode::Bug.code());
    }
    write_out(target, &bytes).map_err(|(place, error)| {
        say(&format!("error: {place}: {error}"));
        ExitCode::Io.code()
    })
}

fn bad_data(problems: &[Diagnostic]) -> u8 {
    diagnostic::shown(problems).iter().for_each(|problem| say(problem));
    ExitCode::BadData.code()
}

pub(super) fn no_taxonomy() -> RunError {
    RunError::Config("no taxonomy is configured: name one with --taxonomy or in themes.taxonomy".to_string())
}
