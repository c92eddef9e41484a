//! What a run writes down about itself.

use std::time::Instant;

use time::OffsetDateTime;

use crate::analysis::{Coverage, Withheld};
use crate::config::{Config, HistorySection, RunSection};
use crate::lexicon::{EntityKind, FrequencyList, ListedName};
use crate::report::{
    ChangesRecord, ConfigRecord, CorpusRecord, Counts, CoverageRecord, DocumentCounts, Durations, Fingerprint, InputsRecord, Manifest,
    ManifestOutput, ManifestWarning, PreviousReport, Resources, SeriesBreak, Tool,
};
use crate::segment::SEGMENTER_VERSION;

use super::events::timestamp;
use super::home::remembered;
use super::incremental::{Plan, Reason};
use super::prepare::is_built_in;
use super::session::Session;
use super::taxonomy::PAIR;
use super::{ANALYSIS_VERSION, Built, ExitCode, Prepared, Published, millis_since, resources};

/// When the run began and how long each stage took.
#[derive(Clone)]
pub(super) struct Clock {
    started: OffsetDateTime,
    begin: Instant,
    lap: Instant,
    durations: Durations,
}

impl Clock {
    pub fn start() -> Self {
        Self { started: OffsetDateTime::now_utc(), begin: Instant::now(), lap: Instant::now(), durations: Durations::default() }
    }

    /// When the run began, RFC 3339 in UTC.
    pub fn started_at(&self) -> String {
        timestamp(self.started)
    }

    /// When the run began.
    pub fn started(&self) -> OffsetDateTime {
        self.started
    }

    /// Since when time is measured.
    pub fn began(&self) -> Instant {
        self.begin
    }

    /// Milliseconds since the run began.
    pub fn total_ms(&self) -> u64 {
        millis_since(self.begin)
    }

    /// Books the time since the last lap.
    pub fn lap(&mut self, stage: impl FnOnce(&mut Durations) -> &mut u64) {
        *stage(&mut self.durations) += millis_since(self.lap);
        self.lap = Instant::now();
    }
}

pub(super) fn manifest(
    session: &mut Session<'_>,
    prepared: &Prepared,
    (plan, built): (&Plan, &Built),
    (coverage, written, counts): (&[Coverage], &[Published], DocumentCounts),
    (previous, series_break): (&PreviousReport, Option<SeriesBreak>),
    exit: ExitCode,
) -> Manifest {
    let config = session.config;
    let mut durations = std::mem::take(&mut session.clock.durations);
    durations.total = session.clock.total_ms();
    Manifest {
        schema_version: 1,
        run_id: session.run_id.clone(),
        previous_run_id: previous.run_id.clone(),
        state_id: (!session.is_guest).then(|| session.memory.state_id.clone()),
        status: if exit == ExitCode::Done { "complete" } else { "partial" },
        exit_code: exit.code(),
        started_at: session.clock.started_at(),
        finished_at: super::events::now(),
        duration_ms: durations,
        resources: Resources {
            peak_memory_bytes: resources::peak_memory_bytes(),
            processor_ms: resources::processor_ms(),
            threads: rayon::current_num_threads(),
        },
        tool: Tool {
            name: env!("CARGO_PKG_NAME"),
            version: env!("CARGO_PKG_VERSION"),
            analysis_version: ANALYSIS_VERSION,
            rustc: env!("YULIAO_RUSTC"),
            target: format!("{}-{}", std::env::consts::OS, std::env::consts::ARCH),
        },
        host: resources::host(),
        command: session.request.command.to_vec(),
        config: config_record(config, session.request.config_path),
        fingerprint: fingerprint(config, prepared),
        inputs: inputs_record(config, prepared, built),
        counts: Counts {
            documents: built.corpus().document_count() as u64,
            documents_raw: built.corpus().copies().document_count(),
            copies: built.corpus().copies().rows().len() as u64,
            since: counts,
            retried: plan.count(Reason::Retry) as u64,
            quarantined: built.quarantined_count(),
        },
        corpus: corpus_record(built),
        theme_coverage: prepared.taxonomies.iter().zip(coverage).map(|(taxonomy, c)| coverage_record(&taxonomy.id, c)).collect(),
        outputs: written.iter().map(|p| ManifestOutput::of(&p.file, &p.dropped, p.note.clone())).collect(),
        changes: built.comparison.as_ref().map_or_else(ChangesRecord::default, |comparison| ChangesRecord {
            baseline_run_id: Some(comparison.baseline.run_id.clone()),
            recounted: series_break.is_some() && comparison.withheld != Withheld::All,
            unavailable_documents: comparison.unavailable,
            withheld: comparison.withheld != Withheld::Nothing,
        }),
        series_break,
        warnings: warnings(session, prepared, built, written),
    }
}

/// The input roots as run.json tells them.
pub(super) fn shown_roots(config: &Config) -> Vec<String> {
    config.input.paths.iter().chain(config.input.root.iter().map(|r| &r.path)).map(|p| p.display().to_string()).collect()
}

fn inputs_record(config: &Config, prepared: &Prepared, built: &Built) -> InputsRecord {
    InputsRecord {
        roots: shown_roots(config),
        files: prepared.listing.files.len() as u64,
        records: built.corpus().copies().document_count() + built.quarantined_count(),
        bytes: prepared.listing.files.iter().map(|f| f.bytes).sum(),
        skipped: prepared.listing.skipped,
        unsettled: prepared.listing.unsettled.len() as u64,
        list_hash: list_hash(prepared),
    }
}

/// Warnings of tables: code, count, first place or what it is.
pub(super) fn warnings_of_tables(written: &[Published]) -> impl Iterator<Item = (String, u64, String)> {
    written.iter().flat_map(|p| &p.warnings).map(|w| (w.code.to_string(), w.count, w.first.clone()))
}

fn warnings(session: &Session<'_>, prepared: &Prepared, built: &Built, written: &[Published]) -> Vec<ManifestWarning> {
    let of_files = prepared.warnings.iter().map(|d| ManifestWarning { code: d.code.to_string(), count: 1, first: d.to_string() });
    let of_documents = built
        .warnings()
        .into_iter()
        .chain(warnings_of_tables(written))
        .chain(session.warnings.clone())
        .map(|(code, count, first)| ManifestWarning { code, count, first });
    of_files.chain(of_documents).collect()
}

fn config_record(config: &Config, path: Option<&str>) -> ConfigRecord {
    // Settings are plain data with text keys: they always serialise.
    let resolved = serde_json::to_value(config).unwrap_or_default();
    ConfigRecord { path: path.map(String::from), hash: hash(resolved.to_string().as_bytes()), resolved }
}

/// BLAKE3 of everything but the documents that the tables, or whether they may be published, depend on. What only says where, how fast or
/// how loud is left out.
pub(super) fn settings_hash(config: &Config, prepared: &Prepared) -> String {
    let mut config = config.clone();
    config.run = RunSection { output: config.run.output, max_bad: config.run.max_bad, state: Default::default(), ..RunSection::default() };
    config.history = HistorySection::default();
    // By the way from the state: from where the program was called does not matter.
    let state = &prepared.config.run.state;
    config.each_path(|path| {
        if !is_built_in(path) {
            *path = remembered(state, path).into();
        }
    });
    let resolved = serde_json::to_string(&config).unwrap_or_default();
    let lines = if config.dictionary.audit { lists_as_written(&prepared.config) } else { String::new() };
    let gold =
        prepared.gold.as_ref().map_or_else(String::new, |gold| std::fs::read(&gold.file).map_or_else(|_| String::new(), |b| hash(&b)));
    hash(format!("{}\n{resolved}\n{gold}\n{lines}\n{}", fingerprint(&config, prepared).all, env!("CARGO_PKG_VERSION")).as_bytes())
}

/// BLAKE3 of the bytes of the lists, of which the audit tells the lines.
fn lists_as_written(config: &Config) -> String {
    let taxonomies = config.themes.taxonomy.iter().flat_map(|path| match path.is_dir() {
        true => PAIR.map(|file| path.join(file)).to_vec(),
        false => vec![path.clone()],
    });
    let files = config.dictionary.files.iter().chain(&config.stopwords.files).cloned().chain(taxonomies);
    files.map(|path| std::fs::read(path).map_or_else(|_| String::new(), |bytes| hash(&bytes))).collect()
}

pub(super) fn fingerprint(config: &Config, prepared: &Prepared) -> Fingerprint {
    let words: String = prepared.dictionary.words().map(|w| format!("{}\t{}\n", w.word, w.tag.as_deref().unwrap_or_default())).collect();
    // What is forced: the words and the built-in patterns.
    let dictionary = format!("patterns\t{}\n{words}", config.dictionary.patterns);
    let stop_words: String = prepared.stop_words.words().map(|w| format!("{w}\n")).collect();
    let term_filter = serde_json::to_string(&config.terms).unwrap_or_default();
    let kind = |listed: &ListedName| listed.kind.map_or("blocked", EntityKind::name);
    let entities: String = prepared.entities.forms().map(|(form, listed)| format!("{form}\t{}\t{}\n", kind(listed), listed.name)).collect();
    let taxonomies = prepared.taxonomies.clone();
    let parts = [hash(dictionary.as_bytes()), hash(stop_words.as_bytes()), hash(term_filter.as_bytes())];
    let taxonomy_hashes: String = taxonomies.iter().map(|t| t.hash.clone()).collect();
    let frequencies = |list: &FrequencyList| list.words().map(|(word, count)| format!("{word}\t{count}\n")).collect::<String>();
    let reference_list = prepared.reference.as_ref().map(|list| hash(frequencies(list).as_bytes()));
    let sentences = serde_json::to_string(&(&config.text, &config.segment)).unwrap_or_default();
    let list = reference_list.as_deref().unwrap_or_default();
    let copies = copies_part(config).unwrap_or_default();
    let entities = hash(entities.as_bytes());
    let all =
        hash(format!("{parts:?}{entities}{taxonomy_hashes}{sentences}{copies}{SEGMENTER_VERSION}{ANALYSIS_VERSION}{list}").as_bytes());
    let [dictionaries, stop_words, term_filter] = parts;
    let normaliser = format!("{ANALYSIS_VERSION} {sentences}");
    Fingerprint { normaliser, segmenter: SEGMENTER_VERSION, dictionaries, stop_words, term_filter, taxonomies, reference_list, all }
}

/// The part of a fingerprint that [`copies_part`] is.
pub(super) const COPIES_PART: &str = "duplicates";

/// BLAKE3 of what counts as a copy; nothing where copies are counted like other documents, since it then shapes no number.
pub(super) fn copies_part(config: &Config) -> Option<String> {
    config.duplicates.collapse.then(|| hash(serde_json::to_string(&config.duplicates).unwrap_or_default().as_bytes()))
}

/// The parts of the fingerprint by which numbers of two runs may be compared, by name.
pub(super) fn fingerprint_parts(config: &Config, prepared: &Prepared) -> Vec<(String, String)> {
    let f = fingerprint(config, prepared);
    let parts = [
        ("dictionary", f.dictionaries),
        ("stop_words", f.stop_words),
        ("term_filter", f.term_filter),
        ("normaliser", f.normaliser),
        ("segmenter", f.segmenter.to_string()),
        ("analysis_version", ANALYSIS_VERSION.to_string()),
    ];
    let taxonomies = f.taxonomies.into_iter().map(|t| (format!("taxonomy:{}", t.id), t.hash));
    let copies = copies_part(config).map(|hash| (COPIES_PART.to_string(), hash));
    parts.into_iter().map(|(name, hash)| (name.to_string(), hash)).chain(copies).chain(taxonomies).collect()
}

/// BLAKE3 of every listed path with its size: whether two runs saw the same files.
fn list_hash(prepared: &Prepared) -> String {
    let lines: String = prepared.listing.files.iter().map(|file| format!("{}\t{}\n", file.relative, file.bytes)).collect();
    hash(lines.as_bytes())
}

fn corpus_record(built: &Built) -> CorpusRecord {
    let corpus = built.corpus();
    let dates = || corpus.documents().filter_map(|d| d.date);
    CorpusRecord {
        tokens: corpus.token_count(),
        words: corpus.words().len() as u64,
        terms: built.selection().terms().len() as u64,
        sentences: corpus.sentence_count() as u64,
        characters: corpus.character_count(),
        undated: corpus.documents().filter(|d| d.date.is_none()).count() as u64,
        first_date: dates().min().map(|d| d.to_string()),
        last_date: dates().max().map(|d| d.to_string()),
    }
}

fn coverage_record(taxonomy: &str, c: &Coverage) -> CoverageRecord {
    CoverageRecord {
        taxonomy: taxonomy.to_string(),
        sentences: c.sentences,
        policy: c.policy,
        framing_only: c.framing_only,
        procedure_only: c.procedure_only,
        none: c.none,
        capped_rows_left_out: c.capped_rows_left_out,
    }
}

fn hash(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().to_string()
}

/// `r20261123T063000Z-1a2b`: the start in UTC, and in four hex digits which of 65,536 parts of the second it was: ids sort by time.
pub(super) fn run_id(at: OffsetDateTime) -> String {
    let part = u64::from(at.nanosecond()) * 65_536 / 1_000_000_000;
    let (date, clock) = (at.date(), at.time());
    format!(
        "r{:04}{:02}{:02}T{:02}{:02}{:02}Z-{part:04x}",
        date.year(),
        u8::from(date.month()),
        date.day(),
        clock.hour(),
        clock.minute(),
        clock.second(),
    )
}
