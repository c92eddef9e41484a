//! Theme counts of documents and of the corpus: whole numbers that merge, behind every theme table.

use std::borrow::Cow;

use rayon::prelude::*;

use crate::corpus::{ByDocument, Entry, PagedRows, PagedShard, Parts, Room, Shard};
use crate::theme::{CodedSentence, Kind, Tagger};

use super::Inputs;

/// What is counted of one theme in a set of documents.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ThemeCount {
    /// Documents with a coded sentence.
    pub documents: u64,
    /// Coded sentences; a theme with parts counts a sentence once.
    pub sentences: u64,
    /// Characters of these sentences.
    pub characters: u64,
    /// Hits that count, sentences below the threshold included.
    pub hits: u64,
    /// Σ contribution in millionths, sentences below the threshold included.
    pub score: i64,
}

impl ThemeCount {
    fn merge(&mut self, other: &Self) {
        self.documents += other.documents;
        self.sentences += other.sentences;
        self.characters += other.characters;
        self.hits += other.hits;
        self.score += other.score;
    }
}

/// Sentences by what themes they have.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Coverage {
    /// All sentences.
    pub sentences: u64,
    /// With a theme of kind policy.
    pub policy: u64,
    /// Without policy, with framing.
    pub framing_only: u64,
    /// With procedure only.
    pub procedure_only: u64,
    /// Without any theme.
    pub none: u64,
    /// Evidence rows left out because one pattern was capped more than 100 times in a unit.
    pub capped_rows_left_out: u64,
}

/// Theme counts of a set of documents: merging is associative and commutative, the empty counts are its identity.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ThemeCounts {
    /// By theme, in taxonomy order.
    pub themes: Vec<ThemeCount>,
    /// Documents, sentences and characters with a policy theme.
    pub policy: ThemeCount,
    /// All documents, sentences and characters.
    pub all: ThemeCount,
    /// Sentences by what themes they have.
    pub coverage: Coverage,
}

impl ThemeCounts {
    /// Adds the counts of other documents under the same taxonomy.
    pub fn merge(&mut self, other: &Self) {
        if self.themes.len() < other.themes.len() {
            self.themes.resize(other.themes.len(), ThemeCount::default());
        }
        self.themes.iter_mut().zip(&other.themes).for_each(|(a, b)| a.merge(b));
        self.policy.merge(&other.policy);
        self.all.merge(&other.all);
        let (a, b) = (&mut self.coverage, &other.coverage);
        a.sentences += b.sentences;
        a.policy += b.policy;
        a.framing_only += b.framing_only;
        a.procedure_only += b.procedure_only;
        a.none += b.none;
        a.capped_rows_left_out += b.capped_rows_left_out;
    }
}

/// A theme of one document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DocumentTheme {
    /// Theme number in taxonomy order.
    pub theme: u32,
    /// Coded sentences of the document.
    pub sentences: u64,
    /// Hits that count.
    pub hits: u64,
    /// Σ contribution in millionths: above zero.
    pub score: i64,
}

impl Entry for DocumentTheme {
    const BYTES: usize = <[u64; 4]>::BYTES;

    fn write(&self, bytes: &mut Vec<u8>) {
        [u64::from(self.theme), self.sentences, self.hits, self.score.cast_unsigned()].write(bytes);
    }

    fn read(bytes: &[u8]) -> Self {
        let [theme, sentences, hits, score] = Entry::read(bytes);
        Self { theme: u32::try_from(theme).unwrap_or_default(), sentences, hits, score: score.cast_signed() }
    }
}

/// The themes of one document, ranked, and its own base for shares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentThemes<'a> {
    /// Level ascending, then score descending, policy first, priority descending, taxonomy order.
    pub ranked: Cow<'a, [DocumentTheme]>,
    /// Sentences with a policy theme.
    pub policy_sentences: u64,
    /// All sentences.
    pub sentences: u64,
}

/// Theme counts of every document and of all.
pub struct ThemeTotals {
    ranked: ByDocument<DocumentTheme>,
    /// Sentences of each document, those with a policy theme and all.
    sentences: Vec<(u32, u32)>,
    total: ThemeCounts,
}

impl ThemeTotals {
    /// Adds up the hits of all shards. Without a taxonomy every document has no themes.
    pub fn new(inputs: &Inputs<'_>) -> Self {
        let (corpus, tagger) = (inputs.corpus, inputs.tagger());
        let parts: Vec<ShardThemes> =
            corpus.shards().par_iter().map(|shard| count_shard(shard, inputs.taxonomy, tagger, corpus.room())).collect();
        let mut total =
            ThemeCounts { themes: vec![ThemeCount::default(); tagger.map_or(0, |t| t.themes().len())], ..ThemeCounts::default() };
        parts.iter().for_each(|part| total.merge(&part.total));
        let sentences = parts.iter().flat_map(|part| part.sentences.iter().copied()).collect();
        Self { ranked: parts.into_iter().map(|part| part.ranked).collect(), sentences, total }
    }

    /// The themes of a document.
    pub fn document(&self, document: usize) -> DocumentThemes<'_> {
        let (policy, all) = self.sentences[document];
        DocumentThemes { ranked: self.ranked.row(document), policy_sentences: policy.into(), sentences: all.into() }
    }

    /// How many themes a document has.
    pub fn theme_count(&self, document: usize) -> usize {
        self.ranked.row_len(document)
    }

    /// The corpus as a whole.
    pub fn total(&self) -> &ThemeCounts {
        &self.total
    }

    /// Sentences by what themes they have.
    pub fn coverage(&self) -> Coverage {
        self.total.coverage
    }

    /// Id of the main theme of kind policy with the highest score; without one, of any kind.
    pub fn primary_theme<'t>(&self, document: usize, tagger: &'t Tagger) -> Option<&'t str> {
        let ranked = self.ranked.row(document);
        let mains = || ranked.iter().map(|d| &tagger.themes()[d.theme as usize]).filter(|t| t.level == 1);
        mains().find(|t| t.kind == Kind::Policy).or_else(|| mains().next()).map(|t| t.id.as_str())
    }
}

/// What is counted of a shard.
struct ShardThemes {
    ranked: PagedRows<DocumentTheme>,
    sentences: Vec<(u32, u32)>,
    total: ThemeCounts,
}

fn count_shard(paged: &PagedShard, taxonomy: usize, tagger: Option<&Tagger>, room: &Room) -> ShardThemes {
    let shard = &*paged.read(Parts::THEMES);
    let found = shard.themes(taxonomy);
    let theme_count = tagger.map_or(0, |t| t.themes().len());
    let mut total = ThemeCounts { themes: vec![ThemeCount::default(); theme_count], ..ThemeCounts::default() };
    total.coverage.capped_rows_left_out = found.capped_rows_left_out();
    let (mut starts, mut entries, mut sentences) = (vec![0], Vec::new(), Vec::with_capacity(shard.documents.len()));
    for (number, document) in shard.documents.iter().enumerate() {
        let mut counts = vec![ThemeCount::default(); theme_count];
        // None of them is there if they could not be read; the run then ends with that.
        let (hits, coded) = paged.theme_places(taxonomy, number);
        let (hits, coded) = (found.hits.get(hits).unwrap_or_default(), found.coded.get(coded).unwrap_or_default());
        let mut policy_sentences = 0;
        if let Some(tagger) = tagger {
            for h in hits.iter().filter(|h| h.contribution_micro != 0) {
                add_up(tagger, tagger.pattern_theme(h.pattern), &mut |theme| {
                    counts[theme].hits += 1;
                    counts[theme].score += h.contribution_micro;
                });
            }
            policy_sentences = count_coded(shard, coded, tagger, &mut counts, &mut total);
            entries.extend(ranked(&counts, tagger));
        }
        let all_sentences = document.sentence_end - document.sentence_start;
        sentences.push((policy_sentences, all_sentences));
        starts.push(u32::try_from(entries.len()).unwrap_or(u32::MAX));
        total.all.documents += 1;
        total.all.sentences += u64::from(all_sentences);
        total.all.characters += document.characters;
        total.policy.documents += u64::from(policy_sentences > 0);
        counts.iter_mut().for_each(|c| c.documents = u64::from(c.sentences > 0));
        total.themes.iter_mut().zip(&counts).for_each(|(a, b)| a.merge(b));
    }
    total.coverage.sentences = shard.sentences.len() as u64;
    total.coverage.none = total.coverage.sentences - total.coverage.policy - total.coverage.framing_only - total.coverage.procedure_only;
    ShardThemes { ranked: PagedRows::new(room, starts, entries), sentences, total }
}

/// Counts the coded sentences of one document; gives how many of them have a policy theme.
fn count_coded(shard: &Shard, coded: &[CodedSentence], tagger: &Tagger, counts: &mut [ThemeCount], total: &mut ThemeCounts) -> u32 {
    let mut policy_sentences = 0;
    let mut seen: Vec<usize> = Vec::new();
    for sentence in coded {
        let characters = u64::from(shard.sentences[sentence.sentence as usize].characters);
        seen.clear();
        let mut kinds = (false, false);
        for (leaf, _) in &sentence.themes {
            let leaf = *leaf as usize;
            kinds.0 |= tagger.themes()[leaf].kind == Kind::Policy;
            kinds.1 |= tagger.themes()[leaf].kind == Kind::Framing;
            add_up(tagger, leaf, &mut |theme| {
                if !seen.contains(&theme) {
                    seen.push(theme);
                    counts[theme].sentences += 1;
                    counts[theme].characters += characters;
                }
            });
        }
        match kinds {
            (true, _) => {
                total.coverage.policy += 1;
                total.policy.sentences += 1;
                total.policy.characters += characters;
                policy_sentences += 1;
            }
            (false, true) => total.coverage.framing_only += 1,
            (false, false) => total.coverage.procedure_only += 1,
        }
    }
    policy_sentences
}

/// Calls `visit` with a leaf and each theme above it.
pub(in crate::analysis) fn add_up(tagger: &Tagger, leaf: usize, visit: &mut dyn FnMut(usize)) {
    let mut at = Some(leaf);
    while let Some(theme) = at {
        visit(theme);
        at = tagger.themes()[theme].parent;
    }
}

fn ranked(counts: &[ThemeCount], tagger: &Tagger) -> Vec<DocumentTheme> {
    let themes = tagger.themes();
    let scored = (0u32..).zip(counts).filter(|(_, c)| c.score > 0);
    let mut ranked: Vec<DocumentTheme> =
        scored.map(|(theme, c)| DocumentTheme { theme, sentences: c.sentences, hits: c.hits, score: c.score }).collect();
    ranked.sort_by_key(|d| {
        let theme = &themes[d.theme as usize];
        (theme.level, std::cmp::Reverse(d.score), theme.kind != Kind::Policy, std::cmp::Reverse(theme.priority), d.theme)
    });
    ranked
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn counts(numbers: &[(u8, u8, u8, i8)]) -> ThemeCounts {
        let count = |(documents, sentences, characters, score): &(u8, u8, u8, i8)| ThemeCount {
            hits: u64::from(*documents) * 3,
            documents: u64::from(*documents),
            sentences: u64::from(*sentences),
            characters: u64::from(*characters),
            score: i64::from(*score),
        };
        let themes: Vec<ThemeCount> = numbers.iter().take(3).map(count).collect();
        let all = numbers.first().map(count).unwrap_or_default();
        let coverage = Coverage { sentences: all.sentences, none: all.sentences, ..Coverage::default() };
        ThemeCounts { themes, policy: all, all, coverage }
    }

    fn merged(a: &ThemeCounts, b: &ThemeCounts) -> ThemeCounts {
        let mut out = a.clone();
        out.merge(b);
        out
    }

    type Numbers = [(u8, u8, u8, i8); 3];

    proptest! {
        #[test]
        fn merge_is_associative_commutative_and_has_an_identity(a: Numbers, b: Numbers, c: Numbers) {
            let (x, y, z) = (counts(&a), counts(&b), counts(&c));
            prop_assert_eq!(merged(&merged(&x, &y), &z), merged(&x, &merged(&y, &z)));
            prop_assert_eq!(merged(&x, &y), merged(&y, &x));
            prop_assert_eq!(merged(&x, &ThemeCounts::default()), x.clone());
            prop_assert_eq!(merged(&ThemeCounts::default(), &x), x);
        }
    }
}
