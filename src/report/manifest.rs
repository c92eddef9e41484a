//! run.json: what a run read, with which settings, what it wrote and what it left out. Written last: it is the commit mark.

use std::io;
use std::path::Path;

use serde::Serialize;

use crate::table::Dropped;

use super::csv::{HashingFile, WrittenTable};
use super::publish::NewFile;

/// The manifest. Only this file holds times, host or paths of the machine.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Manifest {
    /// Version of this layout; adding a field does not raise it.
    pub schema_version: u32,
    /// UTC start and four hex digits.
    pub run_id: String,
    /// The run whose files this one replaces, if its manifest could be read.
    pub previous_run_id: Option<String>,
    /// Names the state folder of the run; nothing where the run left the state of another report alone.
    pub state_id: Option<String>,
    /// `complete`, or `partial` when an input was quarantined.
    pub status: &'static str,
    /// The exit code of the program.
    pub exit_code: u8,
    /// RFC 3339, UTC.
    pub started_at: String,
    /// RFC 3339, UTC.
    pub finished_at: String,
    /// Milliseconds of each stage.
    pub duration_ms: Durations,
    /// Time and memory that the run took.
    pub resources: Resources,
    /// Program and versions that decide numbers.
    pub tool: Tool,
    /// The name of the machine, where it has one.
    pub host: Option<String>,
    /// What was typed, as far as it can be known; empty when the library was called.
    pub command: Vec<String>,
    /// The settings in force.
    pub config: ConfigRecord,
    /// Hashes of everything that shapes the numbers.
    pub fingerprint: Fingerprint,
    /// What was read.
    pub inputs: InputsRecord,
    /// Documents by fate.
    pub counts: Counts,
    /// Sizes of the corpus.
    pub corpus: CorpusRecord,
    /// How much of it has themes.
    pub theme_coverage: Vec<CoverageRecord>,
    /// The files of the report, in the order of the data dictionary.
    pub outputs: Vec<ManifestOutput>,
    /// What changes.csv compares with.
    pub changes: ChangesRecord,
    /// What no longer counts as it did in the run that changes.csv compares with; nothing if all does.
    pub series_break: Option<SeriesBreak>,
    /// What was odd, counted.
    pub warnings: Vec<ManifestWarning>,
}

/// What changes.csv compares with.
#[derive(Debug, Clone, Default, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ChangesRecord {
    /// The run; nothing on a first run.
    pub baseline_run_id: Option<String>,
    /// Whether its texts were counted again with other settings than then.
    pub recounted: bool,
    /// Documents of it whose text is no longer at hand, and which are left out.
    pub unavailable_documents: u64,
    /// Whether rows of terms, pairs, themes and entities are withheld, since too much is no longer at hand, or all rows, since other copies
    /// were left out.
    pub withheld: bool,
}

/// A break between two reports.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct SeriesBreak {
    /// The earlier one.
    pub since_run_id: String,
    /// What changed: `dictionary stop_words term_filter duplicates taxonomy:ID normaliser segmenter analysis_version`.
    pub changed: Vec<String>,
    /// What changed most since the run before this one, counted in the same documents.
    pub largest_effects: Vec<Effect>,
    /// That run: not the earlier one where lists were edited in several runs without a new document.
    pub effects_since_run_id: Option<String>,
}

/// What a changed setting made of a count.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Effect {
    /// `term` or `theme`.
    pub kind: &'static str,
    /// The word, or the id of the leaf; with several taxonomies behind the id of its own and a colon.
    pub key: String,
    /// Its occurrences, or sentences, as they were counted before.
    pub before: u64,
    /// Its count now.
    pub after: u64,
}

/// Milliseconds of each stage.
#[derive(Debug, Clone, Default, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Durations {
    /// Loading and listing.
    pub plan: u64,
    /// Reading, segmenting, coding.
    pub process: u64,
    /// Counting.
    pub aggregate: u64,
    /// Writing the tables aside.
    pub write: u64,
    /// Reading them back and checking them.
    pub check: u64,
    /// From start to the writing of this file.
    pub total: u64,
}

/// Time and memory that a run took, up to the writing of this file; nothing where the system does not tell.
#[derive(Debug, Default, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Resources {
    /// Most memory it held, in bytes.
    pub peak_memory_bytes: Option<u64>,
    /// Processor time of all threads, in milliseconds.
    pub processor_ms: Option<u64>,
    /// Threads that worked.
    pub threads: usize,
}

/// Program and versions that decide numbers.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Tool {
    /// `yuliao`.
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
    /// Raised by hand when results change.
    pub analysis_version: u32,
    /// The compiler that built it.
    pub rustc: &'static str,
    /// Operating system and processor it runs on.
    pub target: String,
}

/// The settings in force.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ConfigRecord {
    /// The configuration file, if one was read.
    pub path: Option<String>,
    /// BLAKE3 of the settings.
    pub hash: String,
    /// Every setting.
    pub resolved: serde_json::Value,
}

/// Everything that shapes the numbers: two runs with the same fingerprint may be compared.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Fingerprint {
    /// Version of the rules that normalise text and cut it into sentences.
    pub normaliser: String,
    /// The segmenter with its dictionary.
    pub segmenter: &'static str,
    /// BLAKE3 of the words of the user dictionaries with their tags, as read: comments and order of lines do not matter.
    pub dictionaries: String,
    /// BLAKE3 of the stop words, as read.
    pub stop_words: String,
    /// BLAKE3 of the settings of the term filter.
    pub term_filter: String,
    /// Taxonomies.
    pub taxonomies: Vec<TaxonomyRecord>,
    /// BLAKE3 of the words and frequencies that keyness compares with, where that is a list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference_list: Option<String>,
    /// All of them and the versions of the program.
    pub all: String,
}

/// A taxonomy in use.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct TaxonomyRecord {
    /// Its id.
    pub id: String,
    /// Its version, as written by its author.
    pub version: String,
    /// BLAKE3 of what it says, as the CSV pair that `themes export` writes: comments do not count.
    pub hash: String,
}

/// What was read.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct InputsRecord {
    /// The input folders as configured.
    pub roots: Vec<String>,
    /// Files found.
    pub files: u64,
    /// Documents in them, and inputs that could not be used; a file that cannot be read at all is one.
    pub records: u64,
    /// Their size.
    pub bytes: u64,
    /// Hidden and temporary files passed over.
    pub skipped: u64,
    /// Files that were written to just before the run and are left for the next one.
    pub unsettled: u64,
    /// BLAKE3 of all paths and sizes: equal where two runs saw the same files.
    pub list_hash: String,
}

/// Documents by fate.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Counts {
    /// Documents in the tables.
    pub documents: u64,
    /// Documents that could be read: more than `documents` where copies are left out.
    pub documents_raw: u64,
    /// Those of them that repeat another.
    pub copies: u64,
    /// What became of documents since the last published run.
    #[serde(flatten)]
    pub since: DocumentCounts,
    /// Files that could not be used before, wholly or in part, and were tried again.
    pub retried: u64,
    /// Inputs that could not be used: files, or records of a file.
    pub quarantined: u64,
}

/// Documents of a report beside those of the one before, by id and text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct DocumentCounts {
    /// Not in the report before.
    pub new: u64,
    /// With another text than in it.
    pub changed: u64,
    /// With the same text.
    pub unchanged: u64,
    /// In the report before, and gone.
    pub removed: u64,
}

/// Sizes of the corpus.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct CorpusRecord {
    /// N.
    pub tokens: u64,
    /// Distinct words.
    pub words: u64,
    /// Distinct terms.
    pub terms: u64,
    /// Sentences.
    pub sentences: u64,
    /// Characters.
    pub characters: u64,
    /// Documents without a date: no table of trends holds them.
    pub undated: u64,
    /// Earliest date of a document.
    pub first_date: Option<String>,
    /// Latest date of a document.
    pub last_date: Option<String>,
}

/// How many sentences have a theme.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct CoverageRecord {
    /// The taxonomy.
    pub taxonomy: String,
    /// All sentences.
    pub sentences: u64,
    /// With a theme of kind policy.
    pub policy: u64,
    /// With framing, without policy.
    pub framing_only: u64,
    /// With procedure only.
    pub procedure_only: u64,
    /// Without any theme.
    pub none: u64,
    /// Evidence rows left out because one pattern was capped more than 100 times in a unit.
    pub capped_rows_left_out: u64,
}

/// A file of the report.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ManifestOutput {
    /// Name in the output folder.
    pub path: String,
    /// Its data rows, those of further parts not included.
    pub rows: u64,
    /// Its size.
    pub bytes: u64,
    /// `sha256:` and its hash.
    pub hash: String,
    /// Further parts of a table that is longer than a sheet.
    pub parts: Vec<PartRecord>,
    /// Rows that options kept out.
    pub dropped: std::collections::BTreeMap<&'static str, u64>,
    /// What a reader of the table must know of this run, such as why it has no rows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Text cells that got a leading `'`.
    pub guarded_cells: u64,
    /// Text cells that were cut.
    pub cut_cells: u64,
}

/// A further part of a table.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct PartRecord {
    /// Name in the output folder.
    pub path: String,
    /// Data rows.
    pub rows: u64,
    /// Size.
    pub bytes: u64,
    /// `sha256:` and its hash.
    pub hash: String,
}

/// A warning, counted.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ManifestWarning {
    /// Stable code.
    pub code: String,
    /// How often.
    pub count: u64,
    /// The first document it concerns.
    pub first: String,
}

impl ManifestOutput {
    /// The record of a written table.
    pub fn of(written: &WrittenTable, dropped: &[Dropped], note: Option<String>) -> Self {
        let hash = |sha256: &str| format!("sha256:{sha256}");
        let (first, rest) = written.files.split_first().map_or((None, &[][..]), |(first, rest)| (Some(first), rest));
        Self {
            path: first.map_or_else(String::new, |f| f.name.clone()),
            rows: first.map_or(0, |f| f.rows),
            bytes: first.map_or(0, |f| f.bytes),
            hash: first.map_or_else(String::new, |f| hash(&f.sha256)),
            parts: rest.iter().map(|f| PartRecord { path: f.name.clone(), rows: f.rows, bytes: f.bytes, hash: hash(&f.sha256) }).collect(),
            dropped: dropped.iter().map(|d| (d.option, d.rows)).collect(),
            note,
            guarded_cells: written.guarded_cells,
            cut_cells: written.cut_cells,
        }
    }
}

impl Manifest {
    /// Writes run.json into `folder` and syncs it. Gives its name and hash.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write(&self, folder: &Path) -> io::Result<NewFile> {
        let mut bytes = serde_json::to_vec_pretty(self)?;
        bytes.push(b'\n');
        let mut file = HashingFile::create(&folder.join("run.json"))?;
        file.write(&bytes)?;
        file.finish().map(|(_, sha256)| NewFile { name: "run.json".to_string(), sha256 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The schema as text.
    fn schema() -> String {
        let mut schema =
            schemars::SchemaGenerator::new(schemars::generate::SchemaSettings::draft2020_12()).into_root_schema_for::<Manifest>();
        schema.insert("title".to_string(), "run.json of yuliao".into());
        let mut text = serde_json::to_string_pretty(&schema).unwrap();
        text.push('\n');
        text
    }

    /// Written anew by `YULIAO_UPDATE_GOLDEN=1 cargo test schema`.
    #[test]
    fn the_schema_in_docs_is_that_of_the_manifest() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/run.schema.json");
        if std::env::var_os("YULIAO_UPDATE_GOLDEN").is_some() {
            std::fs::write(&path, schema()).unwrap();
        }
        let known = std::fs::read_to_string(&path).unwrap();
        assert_eq!(known.replace("\r\n", "\n"), schema());
    }
}
