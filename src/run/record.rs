//! What a run writes down about itself.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::analysis::Coverage;
use crate::config::Config;
use crate::lexicon::{EntityKind, FrequencyList, ListedName};
use crate::report::{
    ConfigRecord, CorpusRecord, Counts, CoverageRecord, Durations, Fingerprint, InputsRecord, Manifest, ManifestOutput, ManifestWarning,
    PreviousReport, Tool,
};
use crate::segment::SEGMENTER_VERSION;

use super::{ANALYSIS_VERSION, Built, ExitCode, Prepared, Published, Request, millis_since};

/// When the run began and how long each stage took.
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

    /// Books the time since the last lap.
    pub fn lap(&mut self, stage: impl FnOnce(&mut Durations) -> &mut u64) {
        *stage(&mut self.durations) += millis_since(self.lap);
        self.lap = Instant::now();
    }
}

#[allow(clippy::too_many_arguments)] // A manifest is what all stages have to say.
pub(super) fn manifest(
    config: &Config,
    request: &Request<'_>,
    prepared: &Prepared,
    built: &Built,
    coverage: &[Coverage],
    written: &[Published],
    previous: &PreviousReport,
    exit: ExitCode,
    clock: &mut Clock,
) -> Manifest {
    let mut durations = std::mem::take(&mut clock.durations);
    durations.total = millis_since(clock.begin);
    Manifest {
        schema_version: 1,
        run_id: run_id(clock.started),
        previous_run_id: previous.run_id.clone(),
        status: if exit == ExitCode::Done { "complete" } else { "partial" },
        exit_code: exit.code(),
        started_at: timestamp(clock.started),
        finished_at: timestamp(OffsetDateTime::now_utc()),
        duration_ms: durations,
        tool: Tool {
            name: env!("CARGO_PKG_NAME"),
            version: env!("CARGO_PKG_VERSION"),
            analysis_version: ANALYSIS_VERSION,
            target: format!("{}-{}", std::env::consts::OS, std::env::consts::ARCH),
        },
        command: request.command.to_vec(),
        config: config_record(config, request.config_path),
        fingerprint: fingerprint(config, prepared),
        inputs: InputsRecord {
            roots: config.input.paths.iter().chain(config.input.root.iter().map(|r| &r.path)).map(|p| p.display().to_string()).collect(),
            files: prepared.listing.files.len() as u64,
            bytes: prepared.listing.files.iter().map(|f| f.bytes).sum(),
            skipped: prepared.listing.skipped,
            list_hash: list_hash(prepared),
        },
        counts: Counts {
            documents: built.corpus().document_count() as u64,
            documents_raw: built.corpus().copies().document_count(),
            copies: built.corpus().copies().rows().len() as u64,
            quarantined: built.quarantined().iter().map(|q| q.count).sum(),
        },
        corpus: corpus_record(built),
        theme_coverage: prepared.taxonomies.iter().zip(coverage).map(|(taxonomy, c)| coverage_record(&taxonomy.id, c)).collect(),
        outputs: written.iter().map(|p| ManifestOutput::of(&p.file, &p.dropped, p.note.clone())).collect(),
        warnings: warnings(prepared, built, written),
    }
}

/// Warnings of tables: code, count, first place or what it is.
pub(super) fn warnings_of_tables(written: &[Published]) -> impl Iterator<Item = (String, u64, String)> {
    written.iter().flat_map(|p| &p.warnings).map(|w| (w.code.to_string(), w.count, w.first.clone()))
}

fn warnings(prepared: &Prepared, built: &Built, written: &[Published]) -> Vec<ManifestWarning> {
    let of_files = prepared.warnings.iter().map(|d| ManifestWarning { code: d.code.to_string(), count: 1, first: d.to_string() });
    let of_documents =
        built.warnings().into_iter().chain(warnings_of_tables(written)).map(|(code, count, first)| ManifestWarning { code, count, first });
    of_files.chain(of_documents).collect()
}

fn config_record(config: &Config, path: Option<&str>) -> ConfigRecord {
    // Settings are plain data with text keys: they always serialise.
    let resolved = serde_json::to_value(config).unwrap_or_default();
    ConfigRecord { path: path.map(String::from), hash: hash(resolved.to_string().as_bytes()), resolved }
}

fn fingerprint(config: &Config, prepared: &Prepared) -> Fingerprint {
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
    // What counts as a copy shapes the numbers only where copies are left out.
    let copies = if config.duplicates.collapse { serde_json::to_string(&config.duplicates).unwrap_or_default() } else { String::new() };
    let entities = hash(entities.as_bytes());
    let all =
        hash(format!("{parts:?}{entities}{taxonomy_hashes}{sentences}{copies}{SEGMENTER_VERSION}{ANALYSIS_VERSION}{list}").as_bytes());
    let [dictionaries, stop_words, term_filter] = parts;
    let normaliser = format!("{ANALYSIS_VERSION} {sentences}");
    Fingerprint { normaliser, segmenter: SEGMENTER_VERSION, dictionaries, stop_words, term_filter, taxonomies, reference_list, all }
}

/// BLAKE3 of every listed path with its size: whether two runs saw the same files.
fn list_hash(prepared: &Prepared) -> String {
    let lines: String = prepared.listing.files.iter().map(|file| format!("{}\t{}\n", file.relative, file.bytes)).collect();
    hash(lines.as_bytes())
}

fn corpus_record(built: &Built) -> CorpusRecord {
    let corpus = built.corpus();
    let dates = || corpus.shards().iter().flat_map(|s| &s.documents).filter_map(|d| d.date);
    CorpusRecord {
        tokens: corpus.token_count(),
        words: corpus.words().len() as u64,
        terms: built.selection().terms().len() as u64,
        sentences: corpus.sentence_count() as u64,
        characters: corpus.character_count(),
        undated: corpus.shards().iter().flat_map(|s| &s.documents).filter(|d| d.date.is_none()).count() as u64,
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

fn timestamp(at: OffsetDateTime) -> String {
    at.format(&Rfc3339).unwrap_or_default()
}

/// `r20261123T063000Z-1a2b`: the start in UTC and four hex digits that differ between runs of the same second.
fn run_id(at: OffsetDateTime) -> String {
    #[expect(clippy::disallowed_methods, reason = "the manifest may know the time")]
    let nanos = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.subsec_nanos());
    let salt = hash(format!("{nanos}{}", std::process::id()).as_bytes());
    let (date, clock) = (at.date(), at.time());
    format!(
        "r{:04}{:02}{:02}T{:02}{:02}{:02}Z-{}",
        date.year(),
        u8::from(date.month()),
        date.day(),
        clock.hour(),
        clock.minute(),
        clock.second(),
        &salt[..4]
    )
}
