//! Everything that must be right before the long work: word lists, taxonomy, segmenter, the list of inputs.

use std::path::{Path, PathBuf};

use crate::analysis::KeynessOptions;
use crate::config::Config;
use crate::corpus::Tools;
use crate::diagnostic::{Diagnostic, Level};
use crate::lexicon::{Dictionary, EntityList, FrequencyList, StopWords};
use crate::report::{Staging, TaxonomyRecord};
use crate::segment::{LoadedSegmenter, Segmenter};
use crate::source::{self, InputRoot, Listing};
use crate::state::StateFolder;
use crate::theme::Tagger;

use super::refusals::{bad_settings, refuse_bad_comparison, refuse_bad_places, together};
use super::taxonomy::read_taxonomies;
use super::{Gold, RunError};

/// A run that is ready to start.
pub struct Prepared {
    pub(super) config: Config,
    pub(super) dictionary: Dictionary,
    pub(super) stop_words: StopWords,
    pub(super) entities: EntityList,
    pub(super) segmenter: Segmenter,
    /// The taxonomies in the order of the configuration, with what the manifest says of each.
    pub(super) taggers: Vec<Tagger>,
    pub(super) taxonomies: Vec<TaxonomyRecord>,
    /// Frequencies of another corpus that keyness compares with.
    pub(super) reference: Option<FrequencyList>,
    /// Sentences that a person labelled.
    pub(super) gold: Option<Gold>,
    pub(super) listing: Listing,
    /// Problems that do not stop the run.
    pub(super) warnings: Vec<Diagnostic>,
    pool: rayon::ThreadPool,
}

/// Word lists and taxonomy, read and checked, with every problem found in them.
struct Lists {
    dictionary: Dictionary,
    stop_words: StopWords,
    entities: EntityList,
    /// Those without errors.
    taxonomies: Vec<(Tagger, TaxonomyRecord)>,
    reference: Option<FrequencyList>,
    gold: Option<Gold>,
    problems: Vec<Diagnostic>,
}

impl Prepared {
    /// Loads and checks everything, and lists the inputs. Nothing is written.
    ///
    /// # Errors
    /// Invalid word lists or taxonomy (every problem is listed), inputs that are missing, settings that contradict the file
    /// system.
    pub fn new(config: &Config) -> Result<Self, RunError> {
        refuse_bad_places(config, &roots(config))?;
        Self::for_reading(config)
    }

    /// The same for a caller that publishes nothing, so that the output folder does not matter.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn for_reading(config: &Config) -> Result<Self, RunError> {
        // The segmenter's own dictionary takes about as long to load as everything else together.
        let (lists, loaded) = std::thread::scope(|scope| {
            let loaded = scope.spawn(LoadedSegmenter::new);
            (read_lists(config), loaded.join())
        });
        let lists = lists?;
        let (errors, warnings): (Vec<_>, Vec<_>) = lists.problems.into_iter().partition(Diagnostic::is_error);
        if !errors.is_empty() {
            return Err(RunError::BadData(errors));
        }
        let mut listing = source::list(&roots(config))?;
        listing.leave_out_unsettled(config.input.settle_seconds, super::events::now_nanoseconds());
        let (taggers, taxonomies): (Vec<Tagger>, Vec<TaxonomyRecord>) = lists.taxonomies.into_iter().unzip();
        let comparison = refuse_bad_comparison(config, taggers.first(), lists.reference.as_ref());
        together(bad_settings(config).into_iter().chain(comparison.err()).collect())?;
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(config.run.threads)
            .build()
            .map_err(|e| RunError::Config(format!("run.threads = {}: {e}", config.run.threads)))?;
        let segmenter = loaded.unwrap_or_default().with_words(&lists.dictionary, config.dictionary.patterns()).in_mode(config.segment.mode);
        let (errors, of_tokens): (Vec<_>, Vec<_>) =
            taggers.iter().flat_map(|tagger| tagger.check_tokens(&segmenter)).partition(Diagnostic::is_error);
        if !errors.is_empty() {
            return Err(RunError::BadData(errors));
        }
        // What is merely worth knowing is said when a person asks for a check.
        let warnings = warnings.into_iter().chain(of_tokens).filter(|problem| problem.level == Level::Warning).collect();
        Ok(Self {
            config: config.clone(),
            segmenter,
            dictionary: lists.dictionary,
            stop_words: lists.stop_words,
            entities: lists.entities,
            taggers,
            taxonomies,
            reference: lists.reference,
            gold: lists.gold,
            listing,
            warnings,
            pool,
        })
    }

    /// The same for a caller that needs no more than documents and their tokens: what only a report asks for is not read, so
    /// that nothing wrong with it can stop a search.
    ///
    /// # Errors
    /// As [`Self::for_reading`], of what is read.
    pub fn for_text(config: &Config) -> Result<Self, RunError> {
        let mut config = config.clone();
        config.themes.taxonomy.clear();
        config.themes.gold = PathBuf::new();
        config.entities.files.clear();
        config.keyness = KeynessOptions::default();
        Self::for_reading(&config)
    }

    /// Every problem of word lists, taxonomy and inputs, without stopping at the first kind; and whether any is an error.
    pub fn problems(config: &Config) -> (Vec<Diagnostic>, Vec<RunError>) {
        let mut errors = Vec::new();
        let roots = roots(config);
        errors.extend(refuse_bad_places(config, &roots).err());
        let mut problems = Vec::new();
        match read_lists(config) {
            Ok(lists) => {
                let tagger = lists.taxonomies.first().map(|(tagger, _)| tagger);
                errors.extend(refuse_bad_comparison(config, tagger, lists.reference.as_ref()).err());
                let needs_tokens = lists.taxonomies.iter().any(|(tagger, _)| tagger.needs_tokens());
                problems = lists.problems;
                if needs_tokens {
                    problems.extend(Self::token_problems(config).unwrap_or_default());
                    problems.sort();
                }
                problems.retain(|problem| problem.level != Level::Info);
            }
            Err(error) => errors.push(error),
        }
        errors.extend(bad_settings(config));
        // Each root alone, so that every missing one is named; then all together, for names that two of them share.
        let missing: Vec<RunError> =
            roots.iter().filter_map(|root| source::list(std::slice::from_ref(root)).err()).map(RunError::from).collect();
        if missing.is_empty() {
            errors.extend(source::list(&roots).err().map(RunError::from));
        }
        errors.extend(missing);
        errors.extend(Staging::check(&config.run.output).err().map(RunError::from));
        errors.extend(StateFolder::check(&config.run.state).err().map(|source| RunError::state(&config.run.state, source)));
        (problems, errors)
    }

    /// What only the segmenter can tell of the taxonomies: examples that need it, token patterns that are no token. Inputs are not
    /// looked at.
    ///
    /// # Errors
    /// When a word list cannot be used.
    pub(super) fn token_problems(config: &Config) -> Result<Vec<Diagnostic>, RunError> {
        let lists = read_lists(config)?;
        let segmenter = LoadedSegmenter::new().with_words(&lists.dictionary, config.dictionary.patterns()).in_mode(config.segment.mode);
        Ok(lists.taxonomies.iter().flat_map(|(tagger, _)| tagger.check_tokens(&segmenter)).collect())
    }

    /// Runs `work` on this run's own threads.
    pub fn in_pool<R: Send>(&self, work: impl FnOnce() -> R + Send) -> R {
        self.pool.install(work)
    }

    /// What turns a document into counts.
    pub fn tools(&self) -> Tools<'_> {
        Tools { segmenter: &self.segmenter, taggers: &self.taggers, sentences: &self.config.text }
    }

    /// The segmenter with the user's words.
    pub fn segmenter(&self) -> &Segmenter {
        &self.segmenter
    }

    /// The compiled taxonomies, in the order of the configuration.
    pub fn taggers(&self) -> &[Tagger] {
        &self.taggers
    }

    /// The stop words.
    pub fn stop_words(&self) -> &StopWords {
        &self.stop_words
    }

    /// The listed names of entities.
    pub fn entities(&self) -> &EntityList {
        &self.entities
    }

    /// The inputs.
    pub fn listing(&self) -> &Listing {
        &self.listing
    }

    /// Problems of word lists and taxonomy that do not stop the run.
    pub fn warnings(&self) -> &[Diagnostic] {
        &self.warnings
    }
}

pub(super) fn roots(config: &Config) -> Vec<InputRoot> {
    let plain = config.input.paths.iter().map(|path| InputRoot { path: path.clone(), label: None });
    let labelled = config
        .input
        .root
        .iter()
        .map(|root| InputRoot { path: root.path.clone(), label: Some(root.label.clone()).filter(|label| !label.is_empty()) });
    plain.chain(labelled).collect()
}

/// The path with links resolved, as far as it exists.
pub(super) fn absolute(path: &Path) -> PathBuf {
    let mut rest = Vec::new();
    let mut existing = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    loop {
        if let Ok(real) = existing.canonicalize() {
            return rest.iter().rev().fold(real, |path: PathBuf, name| path.join(name));
        }
        match (existing.file_name().map(std::ffi::OsStr::to_os_string), existing.parent()) {
            (Some(name), Some(parent)) => {
                rest.push(name);
                existing = parent.to_path_buf();
            }
            _ => return path.to_path_buf(),
        }
    }
}

fn read_lists(config: &Config) -> Result<Lists, RunError> {
    let mut problems = Vec::new();
    let in_simplified = config.counts_simplified();
    let mut dictionary = Dictionary::new(config.dictionary.bad_lines()).in_simplified(in_simplified);
    for path in &config.dictionary.files {
        problems.extend(read_file(path).map_or_else(|e| vec![e], |bytes| dictionary.add_file(&name(path), &bytes)));
    }
    let mut stop_words = StopWords::new(config.stopwords.bad_lines()).in_simplified(in_simplified);
    for path in &config.stopwords.files {
        problems.extend(read_file(path).map_or_else(|e| vec![e], |bytes| stop_words.add_file(&name(path), &bytes)));
    }
    let mut entities = EntityList::default().in_simplified(in_simplified);
    for path in &config.entities.files {
        problems.extend(read_entities(path).map_or_else(|e| vec![e], |bytes| entities.add_file(&name(path), &bytes)));
    }
    let taxonomies = read_taxonomies(&config.themes.taxonomy, config.text.simplify, &mut problems);
    let reference = read_reference(&config.keyness.reference_list, in_simplified).unwrap_or_else(|found| {
        problems.extend(found);
        None
    });
    let gold = read_gold(config, taxonomies.first().map(|(tagger, _)| tagger)).unwrap_or_else(|found| {
        problems.extend(found);
        None
    });
    problems.sort();
    Ok(Lists { dictionary, stop_words, entities, taxonomies, reference, gold, problems })
}

/// The labelled sentences, if a file of them is named, with labels that the taxonomy has.
fn read_gold(config: &Config, tagger: Option<&Tagger>) -> Result<Option<Gold>, Vec<Diagnostic>> {
    let path = &config.themes.gold;
    if path.as_os_str().is_empty() {
        return Ok(None);
    }
    let gold = Gold::read(path)?;
    tagger.map(|tagger| gold.labels(tagger)).transpose()?;
    Ok(Some(gold))
}

/// The list of frequencies, if one is named.
fn read_reference(path: &Path, in_simplified: bool) -> Result<Option<FrequencyList>, Vec<Diagnostic>> {
    if path.as_os_str().is_empty() {
        return Ok(None);
    }
    let bytes = read_file(path).map_err(|problem| vec![problem])?;
    FrequencyList::parse(&name(path), &bytes, in_simplified).map(Some)
}

/// A list of entities. The shipped one need not lie beside the configuration: a project that has none still knows its names.
fn read_entities(path: &Path) -> Result<Vec<u8>, Diagnostic> {
    let shipped = &Config::shipped().entities.files[..];
    match shipped.iter().any(|file| path.ends_with(file)) && !path.exists() {
        true => read_file(Path::new("built-in:entities.csv")),
        false => read_file(path),
    }
}

pub(super) fn read_file(path: &Path) -> Result<Vec<u8>, Diagnostic> {
    if let Some(shipped) = shipped(path) {
        return Ok(shipped.to_vec());
    }
    let unreadable = |reason: String| {
        Diagnostic::error(name(path), 0, 0, "L001", format!("cannot be read: {reason}")).with_help("mend the path in the configuration")
    };
    // A pipe or a device would never end.
    let metadata = std::fs::metadata(path).map_err(|e| unreadable(e.to_string()))?;
    if !metadata.is_file() {
        return Err(unreadable("expected a file, found a folder, pipe or device".to_string()));
    }
    std::fs::read(path).map_err(|e| unreadable(e.to_string()))
}

/// The lists that are part of the program, for when it runs without a configuration file.
fn shipped(path: &Path) -> Option<&'static [u8]> {
    match path.to_str()?.strip_prefix(SHIPPED_PREFIX)? {
        "dictionary.txt" => Some(include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/config/dictionary.txt"))),
        "stopwords.txt" => Some(include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/config/stopwords.txt"))),
        "entities.csv" => Some(include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/config/entities.csv"))),
        "themes.toml" => Some(include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/config/themes.toml"))),
        _ => None,
    }
}

/// The stop words of the shipped list.
pub(super) fn shipped_stop_words() -> StopWords {
    let mut words = StopWords::default();
    let path = format!("{SHIPPED_PREFIX}stopwords.txt");
    // Its lines are tested.
    shipped(Path::new(&path)).into_iter().for_each(|bytes| drop(words.add_file(&path, bytes)));
    words
}

/// Whether a list is one of those that are part of the program.
pub(super) fn is_built_in(path: &Path) -> bool {
    shipped(path).is_some()
}

const SHIPPED_PREFIX: &str = "built-in:";

/// Puts the lists that the program carries in the place of the shipped files.
pub(super) fn use_built_in_lists(config: &mut Config) {
    let shipped = Config::shipped();
    let names = [shipped.dictionary.files, shipped.stopwords.files, shipped.entities.files, shipped.themes.taxonomy];
    let lists = [&mut config.dictionary.files, &mut config.stopwords.files, &mut config.entities.files, &mut config.themes.taxonomy];
    for (list, shipped) in lists.into_iter().zip(names) {
        for path in list.iter_mut().filter(|path| shipped.contains(path)) {
            let file = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
            *path = PathBuf::from(format!("{SHIPPED_PREFIX}{file}"));
        }
    }
}

pub(super) fn name(path: &Path) -> String {
    path.display().to_string()
}
