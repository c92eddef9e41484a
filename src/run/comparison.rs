//! With which earlier run a run is compared, and what became of the documents of that one.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::analysis::{Baseline as Compared, BaselineChoice, DocumentState, Retired, VanishedDocument, Withheld};
use crate::corpus::{CopyOptions, Corpus, PagedShard, Parts, Room, Selection, Shard, ShardDocument, Splicer, WordTags};
use crate::source::{DocId, TextKey};
use crate::state::{Baseline, BaselineDocument};

use super::home::is_remembered;
use super::incremental::Version;
use super::record::{COPIES_PART, copies_part};
use super::session::Session;
use super::{Built, Prepared};

/// Seconds of a day.
const DAY: i64 = 86_400;
/// Share of the tokens of the baseline, in percent, that must be at hand for its counts to be compared with.
const LEAST_AVAILABLE: u128 = 90;

/// The earlier runs that this run or the next one may be compared with.
pub(super) struct Earlier {
    /// The newest first.
    baselines: Vec<Baseline>,
}

/// What became of the documents of an earlier run.
pub(super) struct Comparison {
    /// The run.
    pub baseline: Baseline,
    /// Each document of the corpus beside it.
    documents: Vec<DocumentState>,
    vanished: Vec<VanishedDocument>,
    /// Texts that the corpus no longer has, as far as they were kept.
    retired: Option<(Corpus, Selection, WordTags)>,
    /// Documents of the baseline whose text is no longer at hand.
    pub unavailable: u64,
    /// What of the comparison cannot be made.
    pub withheld: Withheld,
}

impl Session<'_> {
    /// The earlier runs of this output folder that matter.
    pub(super) fn earlier(&mut self) -> Earlier {
        let all = self.state.baselines();
        let last_used = self.memory.last.as_ref().and_then(|last| last.baseline.clone());
        let now = self.clock.started().unix_timestamp();
        let mut baselines: Vec<Baseline> = Vec::new();
        let mut is_enough = false;
        for id in all.ids() {
            let is_asked_for = !is_enough || last_used.as_ref() == Some(&id);
            if !is_asked_for {
                continue;
            }
            let Some(baseline) = all.load(&id) else {
                let what = format!(
                    "the documents of run {id} cannot be read (damaged, or written by another version); changes.csv compares with another run, or with none"
                );
                self.warnings.push(("W_STATE".to_string(), 1, what));
                continue;
            };
            if !is_remembered(&self.config.run.state, &baseline.output, &self.config.run.output) {
                continue;
            }
            is_enough |= match self.config.changes.baseline {
                BaselineChoice::Previous => true,
                BaselineChoice::Days(days) => is_old_enough(&baseline, now, days),
            };
            baselines.push(baseline);
        }
        Earlier { baselines }
    }

    /// The run to compare with: where no document came, changed or went the one that the last report was compared with, so that what is
    /// new stands there until something newer comes.
    pub(super) fn chosen<'e>(&self, earlier: &'e Earlier, are_documents_other: bool) -> Option<&'e Baseline> {
        let used = self.memory.last.as_ref().and_then(|last| last.baseline.as_ref());
        if !are_documents_other && let Some(used) = used {
            return earlier.baselines.iter().find(|baseline| baseline.run_id == *used);
        }
        let now = self.clock.started().unix_timestamp();
        match self.config.changes.baseline {
            BaselineChoice::Previous => earlier.baselines.first(),
            BaselineChoice::Days(days) => {
                let old = earlier.baselines.iter().find(|baseline| is_old_enough(baseline, now, days));
                old.or(earlier.baselines.last())
            }
        }
    }
}

fn is_old_enough(baseline: &Baseline, now: i64, days: u16) -> bool {
    baseline.published <= now - i64::from(days) * DAY
}

impl Earlier {
    /// The documents of earlier runs whose text is not `here`, so that they must be kept.
    pub fn wanted(&self, here: &FxHashSet<TextKey>) -> FxHashSet<Version> {
        let documents = self.baselines.iter().flat_map(|baseline| &baseline.documents);
        documents.filter(|document| !here.contains(&document.key)).map(|document| (document.id, document.key)).collect()
    }
}

impl Comparison {
    /// Compares the corpus with a run. `retired` are texts that the corpus no longer has.
    pub fn new(prepared: &Prepared, corpus: &Corpus, baseline: &Baseline, retired: Vec<PagedShard>, room: &Room) -> Self {
        let (documents, gone, earlier_texts) = matched(corpus.documents(), baseline);
        let mut wanted: FxHashMap<Version, u64> = FxHashMap::default();
        wanted.extend(gone.iter().chain(&earlier_texts).map(|document| ((document.id, document.key), document.tokens)));
        let kept_of = |shard: PagedShard| {
            let keep: Vec<bool> = shard.documents().iter().map(|d| wanted.remove(&(d.id, d.text_key)).is_some()).collect();
            match (keep.contains(&true), keep.contains(&false)) {
                (true, true) => Some(room.keep(shard.read(Parts::ALL).without(|document| !keep[document]))),
                (true, false) => Some(shard),
                (false, _) => None,
            }
        };
        let mut shards: Vec<PagedShard> = retired.into_iter().filter_map(kept_of).collect();
        shards.extend(still_here(corpus, baseline, &mut wanted).map(|shard| room.keep(shard)));
        let all: u64 = baseline.documents.iter().map(|document| document.tokens).sum();
        let missing: u64 = wanted.values().sum();
        let withheld = if leaves_out_others(prepared, baseline) {
            Withheld::All
        } else if u128::from(all - missing.min(all)) * 100 < u128::from(all) * LEAST_AVAILABLE {
            Withheld::Counts
        } else {
            Withheld::Nothing
        };
        let left_out = || corpus.left_out().iter().flat_map(PagedShard::documents);
        let (mut here, ids) = (text_keys(corpus), left_out().map(|document| document.id).collect::<FxHashSet<DocId>>());
        here.extend(left_out().map(|document| document.text_key));
        let vanished = gone.iter().filter(|document| !here.contains(&document.key) && !ids.contains(&document.id));
        let vanished = vanished.map(|d| VanishedDocument { id: d.id, title: d.title.clone(), tokens: d.tokens, date: d.date }).collect();
        Self {
            baseline: baseline.clone(),
            documents,
            vanished,
            retired: (!shards.is_empty()).then(|| counted(prepared, shards, room)),
            unavailable: wanted.len() as u64,
            withheld,
        }
    }

    /// What to say where rows are withheld: code, count, what it is.
    pub fn warning(&self) -> Option<(String, u64, String)> {
        let id = &self.baseline.run_id;
        let (count, what) = match self.withheld {
            Withheld::Nothing => return None,
            Withheld::Counts => (
                self.unavailable,
                format!(
                    "too many texts of run {id} are no longer at hand; changes.csv has rows of documents only for the comparison with it"
                ),
            ),
            Withheld::All => (
                1,
                format!(
                    "run {id} left other copies out than [duplicates] asks for now; changes.csv has no rows for the comparison with it"
                ),
            ),
        };
        Some(("W_SERIES_BREAK".to_string(), count, what))
    }

    /// As the table of changes reads it.
    pub fn compared(&self) -> Compared<'_> {
        Compared {
            documents: self.documents.clone(),
            vanished: self.vanished.clone(),
            retired: self.retired.as_ref().map(|(corpus, selection, word_tags)| Retired { corpus, selection, word_tags }),
            unavailable: self.unavailable,
            withheld: self.withheld,
        }
    }
}

/// Whether what counts as a copy that is left out was decided otherwise in the baseline: which of its documents would be left out now is
/// not known.
fn leaves_out_others(prepared: &Prepared, baseline: &Baseline) -> bool {
    let of_then = baseline.fingerprint.iter().find(|(name, _)| name == COPIES_PART).map(|(_, hash)| hash.clone());
    of_then != copies_part(&prepared.config)
}

/// Earlier texts of documents that are gone or were edited, which stand in another document of the corpus (copies of one text, of which one
/// is left), and of those that are left out as copies now. What is found is no longer wanted.
fn still_here(corpus: &Corpus, baseline: &Baseline, wanted: &mut FxHashMap<Version, u64>) -> Option<Shard> {
    let mut by_key: FxHashMap<TextKey, Vec<&BaselineDocument>> = FxHashMap::default();
    for document in baseline.documents.iter().filter(|document| wanted.contains_key(&(document.id, document.key))) {
        by_key.entry(document.key).or_default().push(document);
    }
    let mut splicer: Option<Splicer> = None;
    for (number, shard) in corpus.shards().iter().chain(corpus.left_out()).enumerate() {
        if !shard.documents().iter().any(|document| by_key.contains_key(&document.text_key)) {
            continue;
        }
        let read = shard.read(Parts::ALL);
        for (at, document) in shard.documents().iter().enumerate() {
            for earlier in by_key.remove(&document.text_key).unwrap_or_default() {
                wanted.remove(&(earlier.id, earlier.key));
                let known = ShardDocument { id: earlier.id, date: earlier.date, ..document.clone() };
                splicer.get_or_insert_with(|| Splicer::like(&read)).take((number, &read), at, Some(&known));
            }
        }
    }
    splicer.map(Splicer::finish)
}

/// Texts with their terms.
fn counted(prepared: &Prepared, shards: Vec<PagedShard>, room: &Room) -> (Corpus, Selection, WordTags) {
    let tag = |word: &str| prepared.segmenter.tag(word);
    let corpus = Corpus::with_copies(shards, &CopyOptions::default(), room);
    let selection = Selection::new(&corpus, &prepared.config.terms, &prepared.stop_words, &tag);
    let word_tags = WordTags::new(&corpus, &selection, &tag);
    (corpus, selection, word_tags)
}

/// The documents of the baseline that are gone.
pub(super) fn gone<'b, 'd>(documents: impl Iterator<Item = &'d ShardDocument>, baseline: &'b Baseline) -> Vec<&'b BaselineDocument> {
    matched(documents, baseline).1
}

/// What each document is beside the baseline; the documents of the baseline that are gone; and the earlier texts of those that were
/// edited. A document is known by its id, or, where that is new, by its text: a file that was moved is nothing new. Of documents that
/// share an id the first has it.
fn matched<'b, 'd>(
    documents: impl Iterator<Item = &'d ShardDocument>,
    baseline: &'b Baseline,
) -> (Vec<DocumentState>, Vec<&'b BaselineDocument>, Vec<&'b BaselineDocument>) {
    let current: Vec<&ShardDocument> = documents.collect();
    let ids: FxHashSet<DocId> = current.iter().map(|document| document.id).collect();
    let before: FxHashMap<DocId, &BaselineDocument> = baseline.documents.iter().map(|document| (document.id, document)).collect();
    let mut without_id: FxHashMap<TextKey, Vec<&BaselineDocument>> = FxHashMap::default();
    for document in baseline.documents.iter().filter(|document| !ids.contains(&document.id)) {
        without_id.entry(document.key).or_default().push(document);
    }
    let mut moved: FxHashSet<DocId> = FxHashSet::default();
    let mut edited = Vec::new();
    let mut seen: FxHashSet<DocId> = FxHashSet::default();
    let state = |document: &&ShardDocument| match before.get(&document.id).filter(|_| seen.insert(document.id)) {
        Some(earlier) if earlier.key == document.text_key => DocumentState::Same,
        Some(earlier) => {
            edited.push(*earlier);
            DocumentState::Changed { previous_tokens: earlier.tokens }
        }
        None => match without_id.get_mut(&document.text_key).and_then(Vec::pop) {
            Some(earlier) => {
                moved.insert(earlier.id);
                DocumentState::Same
            }
            None => DocumentState::New,
        },
    };
    let states = current.iter().map(state).collect();
    let gone = baseline.documents.iter().filter(|document| !ids.contains(&document.id) && !moved.contains(&document.id)).collect();
    (states, gone, edited)
}

/// The keys of all texts of a corpus.
pub(super) fn text_keys(corpus: &Corpus) -> FxHashSet<TextKey> {
    corpus.documents().map(|document| document.text_key).collect()
}

impl Built {
    /// Notes what this run is compared with.
    pub(super) fn compare(&mut self, prepared: &Prepared, baseline: Option<&Baseline>, retired: Vec<PagedShard>, room: &Room) {
        self.comparison = baseline.map(|baseline| Comparison::new(prepared, self.corpus(), baseline, retired, room));
    }
}
