//! The sections of the configuration file.

use std::path::PathBuf;

use serde::{Deserialize, Deserializer, Serialize, de};

use crate::analysis::{
    AnalysisOptions, ChangeOptions, CooccurrenceOptions, EntityOptions, KeynessOptions, KeywordOptions, NewWordOptions, NgramOptions,
    TextStatisticsOptions, ThemeOptions, TrendOptions,
};
use crate::corpus::{CopyOptions, TermOptions};
use crate::lexicon::BadLines;
use crate::report::ReportOptions;
use crate::segment::{Mode, Patterns};
use crate::source::SourceOptions;
use crate::text::{SentenceOptions, Simplify};

use super::{Limit, Memory};

/// Every setting. The keys of the file are the names of these fields.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// What a run does as a whole.
    pub run: RunSection,
    /// What is read.
    pub input: InputSection,
    /// How text is cut into sentences.
    pub text: SentenceOptions,
    /// How text is cut into words.
    pub segment: SegmentSection,
    /// Words that are cut whole.
    pub dictionary: DictionarySection,
    /// Words that are no terms.
    pub stopwords: ListSection,
    /// Which tokens are terms.
    pub terms: TermOptions,
    /// Keywords of each document.
    pub keywords: KeywordOptions,
    /// Pairs of terms.
    pub cooccurrence: CooccurrenceOptions,
    /// Persons, places, organisations, documents and meetings.
    pub entities: EntitySection,
    /// Terms and themes through time.
    pub trends: TrendOptions,
    /// One part of the corpus against another.
    pub keyness: KeynessOptions,
    /// What is new.
    pub changes: ChangeOptions,
    /// Sequences of tokens.
    pub ngrams: NgramOptions,
    /// Words that no dictionary has.
    pub new_words: NewWordOptions,
    /// Length, vocabulary, sentences and words of each document.
    pub text_statistics: TextStatisticsOptions,
    /// Documents that repeat another.
    pub duplicates: CopyOptions,
    /// The taxonomies.
    pub themes: ThemeSection,
    /// The look of the files.
    pub report: ReportOptions,
    /// Dated copies of the tables.
    pub history: HistorySection,
}

/// What a run does as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RunSection {
    /// The folder that tables are published into. Default `output`.
    pub output: PathBuf,
    /// Threads; 0 = one a core. No number depends on it.
    pub threads: usize,
    /// Most inputs that may be unusable before the run fails and publishes nothing. Default half of them.
    pub max_bad: Limit,
    /// Exit code when the report is published but some inputs were unusable: 3, or 0 for schedulers that know only 0.
    #[serde(deserialize_with = "exit_code")]
    pub partial_exit: u8,
    /// Exit code when nothing is new and the report is left as it is: 0, or 99 for schedulers that tell it apart.
    #[serde(deserialize_with = "exit_code")]
    pub no_change_exit: u8,
    /// Most documents of the last run that may be gone before the run fails and publishes nothing. Default half of them.
    pub max_removed: Limit,
    /// The folder that remembers what was read, between runs. Default `.yuliao`.
    pub state: PathBuf,
    /// A file for the textfile collector of Prometheus, written after every run. Default none.
    pub metrics: PathBuf,
    /// How far the run steps back for other programs, 0 to 19. Default 0.
    pub nice: u8,
    /// How much memory the run should take; 0 = as much as it takes. Default 0. No number depends on it.
    pub memory: Memory,
}

/// An exit code of a run that failed would hide that it did.
fn exit_code<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u8, D::Error> {
    let code = u8::deserialize(deserializer)?;
    match code {
        1 | 2 | 64..=78 | 128.. => {
            Err(de::Error::custom(format!("expected an exit code that says of no run that it failed, found {code}")))
        }
        _ => Ok(code),
    }
}

impl Default for RunSection {
    fn default() -> Self {
        Self {
            output: "output".into(),
            threads: 0,
            max_bad: Limit::Percent(50),
            partial_exit: 3,
            no_change_exit: 0,
            max_removed: Limit::Percent(50),
            state: ".yuliao".into(),
            metrics: PathBuf::new(),
            nice: 0,
            memory: Memory::default(),
        }
    }
}

/// Dated copies of the tables, kept in the state folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
pub struct HistorySection {
    /// How many copies are kept, the newest ones. Default 0: none.
    pub keep: usize,
}

/// What is read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct InputSection {
    /// Folders or files; everything below a folder is read.
    pub paths: Vec<PathBuf>,
    /// Folders with a label that stands before their paths in the tables.
    pub root: Vec<RootEntry>,
    /// Files that were written to in the last so many seconds are left for the next run. Default 0: none.
    pub settle_seconds: u64,
    /// How files are read.
    #[serde(flatten)]
    pub source: SourceOptions,
}

impl Default for InputSection {
    fn default() -> Self {
        Self { paths: vec!["seeds".into()], root: Vec::new(), settle_seconds: 0, source: SourceOptions::default() }
    }
}

/// How text is cut into words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
pub struct SegmentSection {
    /// `jieba`, or how the words of text that is already cut are parted: `spaces`, `slash_tags`.
    pub mode: Mode,
}

/// A folder, with a label if it has one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RootEntry {
    /// The folder.
    pub path: PathBuf,
    /// What stands before its paths in the tables; nothing if it is empty. Default empty.
    #[serde(default, deserialize_with = "label")]
    pub label: String,
}

fn label<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let label = String::deserialize(deserializer)?;
    let is_plain = label.is_empty() || label.split('/').all(|part| !part.trim().is_empty() && !matches!(part, "." | ".."));
    if is_plain { Ok(label) } else { Err(de::Error::custom(format!("expected a name such as `news`, found `{label}`"))) }
}

/// Words that are cut whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DictionarySection {
    /// The files, read in this order.
    pub files: Vec<PathBuf>,
    /// Whether a line that cannot be used stops the run. Default true; else it is left out and the audit lists it.
    pub strict: bool,
    /// Whether document numbers, full dates, years in Han numerals, percentages and decimals are one token each. Default true.
    pub patterns: bool,
    /// Whether a run writes dictionary_audit.csv too. Default false: the text is cut twice more for it.
    pub audit: bool,
}

impl Default for DictionarySection {
    fn default() -> Self {
        Self { files: Vec::new(), strict: true, patterns: true, audit: false }
    }
}

impl DictionarySection {
    /// What happens to lines that cannot be used.
    pub fn bad_lines(&self) -> BadLines {
        if self.strict { BadLines::Refuse } else { BadLines::Skip }
    }

    /// Whether the built-in patterns are forced.
    pub fn patterns(&self) -> Patterns {
        if self.patterns { Patterns::Forced } else { Patterns::Off }
    }
}

/// Words that are no terms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ListSection {
    /// The files, read in this order.
    pub files: Vec<PathBuf>,
    /// Whether a line that cannot be used stops the run. Default true; else it is left out and the audit lists it.
    pub strict: bool,
}

impl Default for ListSection {
    fn default() -> Self {
        Self { files: Vec::new(), strict: true }
    }
}

impl ListSection {
    /// What happens to lines that cannot be used.
    pub fn bad_lines(&self) -> BadLines {
        if self.strict { BadLines::Refuse } else { BadLines::Skip }
    }
}

/// Persons, places, organisations, documents and meetings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(default)]
pub struct EntitySection {
    /// Lists of names, read in this order; the last line about a form wins.
    pub files: Vec<PathBuf>,
    /// What the tables hold.
    #[serde(flatten)]
    pub options: EntityOptions,
}

/// The taxonomies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(default)]
pub struct ThemeSection {
    /// The taxonomies: a TOML file, or the folder of a CSV pair. An empty list tags no themes. The first writes the tables of
    /// the contract, each further one those of its own name, such as `themes.ID.csv`; they never hide each other's hits.
    pub taxonomy: Vec<PathBuf>,
    /// Sentences that a person labelled; a run then writes theme_quality.csv. Default none.
    pub gold: PathBuf,
    /// What the tables hold.
    #[serde(flatten)]
    pub options: ThemeOptions,
}

impl Config {
    /// The settings of the shipped configuration file, whose lists and taxonomy lie beside it.
    pub fn shipped() -> Self {
        Self {
            dictionary: DictionarySection { files: vec!["config/dictionary.txt".into()], ..DictionarySection::default() },
            stopwords: ListSection { files: vec!["config/stopwords.txt".into()], ..ListSection::default() },
            entities: EntitySection { files: vec!["config/entities.csv".into()], ..EntitySection::default() },
            themes: ThemeSection { taxonomy: vec!["config/themes.toml".into()], ..ThemeSection::default() },
            ..Self::default()
        }
    }

    /// Whether traditional characters may be counted as simplified ones, so that typed words are taken so too.
    pub fn counts_simplified(&self) -> bool {
        self.text.simplify != Simplify::Never
    }

    /// The options of the analyses.
    pub fn analysis(&self) -> AnalysisOptions {
        AnalysisOptions {
            terms: self.terms.clone(),
            keywords: self.keywords.clone(),
            cooccurrence: self.cooccurrence.clone(),
            entities: self.entities.options.clone(),
            trends: self.trends.clone().matched(self.counts_simplified()),
            keyness: self.keyness.clone(),
            changes: self.changes.clone(),
            ngrams: self.ngrams.clone(),
            new_words: self.new_words.clone(),
            text_statistics: self.text_statistics.clone(),
            themes: self.themes.options.clone(),
            leave_out: self.report.leave_out.clone(),
        }
    }

    /// The same with relative paths taken from `base`.
    #[must_use]
    pub fn resolved(mut self, base: &std::path::Path) -> Self {
        self.each_path(|path| *path = base.join(&*path));
        self
    }

    /// Calls `change` with every path that is set.
    pub fn each_path(&mut self, change: impl FnMut(&mut PathBuf)) {
        let lists = [
            &mut self.dictionary.files,
            &mut self.stopwords.files,
            &mut self.entities.files,
            &mut self.themes.taxonomy,
            &mut self.input.paths,
        ];
        let roots = self.input.root.iter_mut().map(|root| &mut root.path);
        let single =
            [&mut self.keyness.reference_list, &mut self.themes.gold, &mut self.run.output, &mut self.run.state, &mut self.run.metrics];
        let all = lists.into_iter().flatten().chain(roots).chain(single);
        all.filter(|path| !path.as_os_str().is_empty()).for_each(change);
    }
}
