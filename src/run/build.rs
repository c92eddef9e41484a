//! Documents into a corpus with all that came up on the way; a document that fails, even by a panic, costs only itself.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::analysis::{self, AnalysisOptions, Baseline, Coverage, Inputs, QualityTable};
use crate::config::Config;
use crate::corpus::{Corpus, Room, Selection, Shard, StopWordEffect, Tools, WordTags, build_shard};
use crate::report::PreviousReport;
use crate::source::{Code, Document, Quarantined, Stage as SourceStage, sorted_and_capped};
use crate::state::{Catalogue, FileWarning};
use crate::table::Table;
use crate::theme::QualityReport;

use super::comparison::Comparison;
use super::incremental::{Gathered, Gathering, Known, Plan, ReadFiles};
use super::prepare::shipped_stop_words;
use super::{ExitCode, Prepared, Progress, RunError, Scored, Stage};

/// The corpus of a run with all that came up while reading it.
pub struct Built {
    corpus: Corpus,
    selection: Selection,
    word_tags: WordTags,
    stop_words: StopWordEffect,
    options: AnalysisOptions,
    gold: GoldMeasure,
    quarantined: Vec<Quarantined>,
    warnings: BTreeMap<String, (u64, String)>,
    /// An earlier run, if there is one to compare with.
    pub(super) comparison: Option<Comparison>,
}

/// What a gold file says of the first taxonomy.
#[derive(Default)]
struct GoldMeasure {
    report: Option<QualityReport>,
    /// See [`Scored::patterns`].
    patterns: Vec<(u64, u64)>,
    /// Lines whose sentence the documents do not have, and the file.
    missing: Option<(u64, String)>,
}

impl GoldMeasure {
    fn new(prepared: &Prepared, corpus: &Corpus) -> Self {
        let (Some(gold), Some(tagger)) = (&prepared.gold, prepared.taggers.first()) else { return Self::default() };
        let mut gold = gold.clone();
        let missing = gold.resolve(corpus);
        let missing = missing.first().map(|line| (missing.len() as u64, format!("{}:{line}", gold.file)));
        // Labels were checked when the file was read.
        match Scored::new(&gold, tagger, prepared) {
            Ok(scored) => Self { report: Some(scored.report), patterns: scored.patterns, missing },
            Err(_) => Self { missing, ..Self::default() },
        }
    }
}

impl Prepared {
    /// Reads, segments and codes all inputs. Call it inside [`Self::in_pool`].
    ///
    /// # Errors
    /// When the run is to stop; none of a single input: those are in quarantine.
    pub fn build(&self, progress: &dyn Progress) -> Result<Built, RunError> {
        let plan = Plan::everything(self.listing.files.len());
        let numbers = plan.to_read();
        progress.stage(Stage::Process, self.listing.files.iter().map(|file| file.bytes).sum());
        let (mut known, room) = (Known::default(), Room::unlimited());
        let read = ReadFiles::new((self, &room), &numbers, &known, None, progress);
        stop_if_asked(progress)?;
        let gathered = Gathering::new(&self.listing.files, &plan, (&Catalogue::default(), &known), read).composed(&mut known, &room);
        let bad = self.quarantined(&gathered);
        self.assemble((gathered, bad), &room, progress)
    }

    /// All inputs that could not be used, by path and record, those of a file with very many together.
    pub(super) fn quarantined(&self, gathered: &Gathered) -> Vec<Quarantined> {
        let of_files = gathered.files.iter().flat_map(|file| file.quarantined.iter().cloned());
        sorted_and_capped(self.listing.quarantined.iter().cloned().chain(of_files).collect())
    }

    /// Counts what was gathered. The second are the inputs that could not be used.
    pub(super) fn assemble(
        &self,
        (gathered, quarantined): (Gathered, Vec<Quarantined>),
        room: &Room,
        progress: &dyn Progress,
    ) -> Result<Built, RunError> {
        progress.stage(Stage::Aggregate, 0);
        let Gathered { composed, files } = gathered;
        let mut warnings: Vec<FileWarning> = files.iter().flat_map(|file| file.warnings.iter().cloned()).collect();
        if self.segmenter.takes_given_words() {
            // That is how it should be.
            warnings.retain(|warning| warning.code != "W_SPACED");
        }
        let corpus = Corpus::with_copies(composed.shards, &self.config.duplicates, room);
        stop_if_asked(progress)?;
        let options = self.config.analysis();
        check_length(&options, corpus.most_places())?;
        let tag = |word: &str| self.segmenter.tag(word);
        let selection = Selection::new(&corpus, &self.config.terms, &self.stop_words, &tag);
        let stop_words = StopWordEffect::new(&corpus, &self.config.terms, (&self.stop_words, &shipped_stop_words()), &tag);
        let word_tags = if options.wants_entities() { WordTags::new(&corpus, &selection, &tag) } else { WordTags::default() };
        let gold = GoldMeasure::new(self, &corpus);
        let warnings = count_warnings(&warnings);
        Ok(Built { gold, corpus, selection, word_tags, stop_words, options, quarantined, warnings, comparison: None })
    }
}

/// Numbers that do not fit would count wrong without a word.
fn check_length(options: &AnalysisOptions, characters: u64) -> Result<(), RunError> {
    let tables = options.too_long_for(characters);
    if tables.is_empty() {
        return Ok(());
    }
    let left_out: Vec<String> = tables.iter().map(|table| format!("\"{table}\"")).collect();
    let (most, left_out) = (analysis::MOST_PLACES, left_out.join(", "));
    Err(RunError::Config(format!(
        "{} cannot be counted: the text has up to {characters} characters and breaks, and they are numbered up to {most}; add {left_out} to report.leave_out, or read fewer documents",
        tables.join(" and "),
    )))
}

/// Ends the run if someone asked for it.
pub(super) fn stop_if_asked(progress: &dyn Progress) -> Result<(), RunError> {
    progress.stop_signal().map_or(Ok(()), |signal| Err(RunError::Interrupted(signal)))
}

/// A shard of the documents; those that panic are left out, and have a row in their place in the list.
pub(super) fn survive(documents: &[Document], tools: Tools<'_>) -> (Shard, Vec<Option<Quarantined>>) {
    // After a panic everything half done is thrown away, so no half-counted document is ever seen.
    let attempt = |documents: &[Document]| catch_unwind(AssertUnwindSafe(|| build_shard(documents, tools))).ok();
    if let Some(shard) = attempt(documents) {
        return (shard, vec![None; documents.len()]);
    }
    // Which one was it? Each is tried alone.
    let rows: Vec<Option<Quarantined>> = documents
        .iter()
        .map(|document| match attempt(std::slice::from_ref(document)) {
            Some(_) => None,
            None => Some(panic_row(document)),
        })
        .collect();
    let good: Vec<Document> = documents.iter().zip(&rows).filter(|(_, row)| row.is_none()).map(|(document, _)| document.clone()).collect();
    match attempt(&good) {
        Some(shard) => (shard, rows),
        None => (Shard::default(), documents.iter().map(|document| Some(panic_row(document))).collect()),
    }
}

pub(super) fn panic_row(document: &Document) -> Quarantined {
    Quarantined {
        path: document.path.clone(),
        record: document.record,
        bytes: document.bytes,
        stage: SourceStage::Analyse,
        code: Code::Panic,
        message: "the program failed on this document, which is a bug: please report it; the others are not affected".to_string(),
        count: 1,
    }
}

/// Warnings of all files by code: how many, and the first place.
fn count_warnings(warnings: &[FileWarning]) -> BTreeMap<String, (u64, String)> {
    let mut counted: BTreeMap<String, (u64, (String, Option<u64>))> = BTreeMap::new();
    for warning in warnings {
        let place = (warning.path.clone(), warning.record);
        let (count, first) = counted.entry(warning.code.clone()).or_insert((0, place.clone()));
        *count += warning.count;
        if place < *first {
            *first = place;
        }
    }
    let shown = |(path, record): (String, Option<u64>)| record.map_or_else(|| path.clone(), |record| format!("{path}#{record}"));
    counted.into_iter().map(|(code, (count, first))| (code, (count, shown(first)))).collect()
}

impl Built {
    /// The documents that could be used.
    pub fn corpus(&self) -> &Corpus {
        &self.corpus
    }

    /// The terms.
    pub fn selection(&self) -> &Selection {
        &self.selection
    }

    /// The inputs that could not be used, by path and record.
    pub fn quarantined(&self) -> &[Quarantined] {
        &self.quarantined
    }

    /// How many inputs they stand for.
    pub(super) fn quarantined_count(&self) -> u64 {
        self.quarantined.iter().map(|q| q.count).sum()
    }

    /// What the analyses read.
    pub(super) fn inputs<'a>(&'a self, prepared: &'a Prepared) -> Inputs<'a> {
        Inputs {
            corpus: &self.corpus,
            selection: &self.selection,
            word_tags: &self.word_tags,
            entities: &prepared.entities,
            segmenter: &prepared.segmenter,
            stop_words: &prepared.stop_words,
            taggers: &prepared.taggers,
            taxonomy: 0,
            gold_patterns: &self.gold.patterns,
            reference: prepared.reference.as_ref(),
            baseline: None,
            quarantined: &self.quarantined,
            options: &self.options,
        }
    }

    /// Every table as a value, in the order of the data dictionary, and how much of the corpus has themes under each taxonomy. They are
    /// made one after the other, so that each step can be timed.
    pub fn tables<'a>(&'a self, prepared: &'a Prepared, progress: &dyn Progress) -> (Vec<Box<dyn Table + 'a>>, Vec<Coverage>) {
        self.all_tables(&self.inputs(prepared), false, prepared, progress)
    }

    /// The same with the comparison of changes.csv with an earlier run, two tables at once.
    pub(super) fn tables_beside<'a>(
        &'a self,
        prepared: &'a Prepared,
        baseline: Option<&'a Baseline<'a>>,
        progress: &dyn Progress,
    ) -> (Vec<Box<dyn Table + 'a>>, Vec<Coverage>) {
        self.all_tables(&Inputs { baseline, ..self.inputs(prepared) }, true, prepared, progress)
    }

    fn all_tables<'a>(
        &'a self,
        inputs: &Inputs<'a>,
        two_at_once: bool,
        prepared: &'a Prepared,
        progress: &dyn Progress,
    ) -> (Vec<Box<dyn Table + 'a>>, Vec<Coverage>) {
        let (mut tables, coverage) = analysis::tables(inputs, two_at_once, &|name| progress.step(name));
        if let (Some(report), Some(tagger)) = (&self.gold.report, prepared.taggers.first()) {
            tables.push(Box::new(QualityTable { tagger, report }));
        }
        if prepared.config.dictionary.audit {
            progress.step("dictionary_audit");
            tables.push(Box::new(self.audit(prepared)));
        }
        (tables, coverage)
    }

    /// Warnings: code, count, first place.
    pub fn warnings(&self) -> Vec<(String, u64, String)> {
        let mut all: Vec<_> = self.warnings.iter().map(|(code, (count, first))| (code.clone(), *count, first.clone())).collect();
        let long =
            || self.corpus.shards().iter().flat_map(|s| s.long_sentences().iter().map(|document| &s.documents()[*document as usize]));
        all.extend(long().next().map(|first| ("W_LONG_SENTENCE".to_string(), long().count() as u64, first.place())));
        all.extend(self.stop_words.warning(self.corpus.token_count()).map(|(count, what)| ("W_STOPWORDS".to_string(), count, what)));
        all.extend(self.gold.missing.iter().map(|(count, first)| ("W_GOLD".to_string(), *count, first.clone())));
        all.extend(self.comparison.as_ref().and_then(Comparison::warning));
        all.extend(self.corpus.repeated_ids().map(|(count, first)| ("W_REPEATED_ID".to_string(), *count, first.clone())));
        all.sort();
        all
    }

    /// How the program should end when the report is published. A file without a byte is listed, but harms nothing.
    pub(super) fn exit(&self, config: &Config) -> ExitCode {
        if self.bad_inputs() > 0 { ExitCode::Partial(config.run.partial_exit) } else { ExitCode::Done }
    }

    /// Refuses to put nothing in the place of a report that had documents.
    pub(super) fn check_anything_left(&self, previous: &PreviousReport) -> Result<(), RunError> {
        if self.corpus.document_count() > 0 || previous.documents == 0 {
            return Ok(());
        }
        Err(RunError::NothingLeft(format!(
            "the inputs hold no document that can be used, and the report before had {}: is a folder not mounted, or a feed broken? \
             With --allow-removals the empty report is published",
            previous.documents
        )))
    }

    /// How many inputs could not be used; an empty file is none of them.
    pub(super) fn bad_inputs(&self) -> u64 {
        bad_inputs(&self.quarantined)
    }
}

fn bad_inputs(quarantined: &[Quarantined]) -> u64 {
    quarantined.iter().filter(|q| !q.is_harmless()).map(|q| q.count).sum()
}

/// Refuses to publish where too many inputs are bad, beside so many documents that are not.
pub(super) fn check_bad_share(config: &Config, quarantined: &[Quarantined], documents: u64) -> Result<(), RunError> {
    let bad = bad_inputs(quarantined);
    let all = bad + documents;
    if !config.run.max_bad.is_exceeded(bad, all) {
        return Ok(());
    }
    let show = |q: &&Quarantined| format!("\n  {}: {} {}", q.place(), q.code.as_str(), q.message);
    let first = quarantined.iter().filter(|q| !q.is_harmless()).take(10).map(|q| show(&q)).collect();
    Err(RunError::TooManyBad { bad, all, limit: config.run.max_bad.to_string(), first })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_too_long_for_a_table_is_refused_unless_the_table_is_left_out() {
        let mut options = AnalysisOptions::default();
        assert!(check_length(&options, analysis::MOST_PLACES).is_ok());
        let message = check_length(&options, 4_294_967_296).unwrap_err().to_string();
        assert!(message.starts_with("ngrams and new_words cannot be counted: the text has up to 4294967296 characters"), "{message}");
        assert!(message.contains("add \"ngrams\", \"new_words\" to report.leave_out"), "{message}");
        options.leave_out = vec!["ngrams".into(), "new_words".into()];
        assert!(check_length(&options, u64::MAX).is_ok());
    }
}
