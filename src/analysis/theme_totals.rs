//! Theme counts of documents and of the corpus: whole numbers that merge, behind every theme table.

use rayon::prelude::*;

use crate::corpus::{PagedShard, Parts, Shard};
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
    /// Σ contribution in millionths, sentences below the threshold included.
    pub score: i64,
}

impl ThemeCount {
    fn merge(&mut self, other: &Self) {
        self.documents += other.documents;
        self.sentences += other.sentences;
        self.characters += other.characters;
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
    /// Σ contribution in millionths: above zero.
    pub score: i64,
}

/// The themes of one document, ranked, and its own base for shares.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DocumentThemes {
    /// Level ascending, then score descending, policy first, priority descending, taxonomy order.
    pub ranked: Vec<DocumentTheme>,
    /// Sentences with a policy theme.
    pub policy_sentences: u64,
    /// All sentences.
    pub sentences: u64,
}

/// Theme counts of every document and of all.
pub struct ThemeTotals {
    documents: Vec<DocumentThemes>,
    total: ThemeCounts,
}

impl ThemeTotals {
    /// Adds up the hits of all shards. Without a taxonomy every document has no themes.
    pub fn new(inputs: &Inputs<'_>) -> Self {
        let (corpus, tagger) = (inputs.corpus, inputs.tagger());
        let parts: Vec<(Vec<DocumentThemes>, ThemeCounts)> =
            corpus.shards().par_iter().map(|shard| count_shard(shard, inputs.taxonomy, tagger)).collect();
        let mut total =
            ThemeCounts { themes: vec![ThemeCount::default(); tagger.map_or(0, |t| t.themes().len())], ..ThemeCounts::default() };
        let mut documents = Vec::with_capacity(corpus.document_count());
        for (of_documents, counts) in parts {
            total.merge(&counts);
            documents.extend(of_documents);
        }
        Self { documents, total }
    }

    /// The themes of a document.
    pub fn document(&self, document: usize) -> &DocumentThemes {
        &self.documents[document]
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
        let ranked = &self.documents[document].ranked;
        let mains = || ranked.iter().map(|d| &tagger.themes()[d.theme as usize]).filter(|t| t.level == 1);
        mains().find(|t| t.kind == Kind::Policy).or_else(|| mains().next()).map(|t| t.id.as_str())
    }
}

fn count_shard(paged: &PagedShard, taxonomy: usize, tagger: Option<&Tagger>) -> (Vec<DocumentThemes>, ThemeCounts) {
    let shard = &*paged.read(Parts::THEMES);
    let found = shard.themes(taxonomy);
    let theme_count = tagger.map_or(0, |t| t.themes().len());
    let mut total = ThemeCounts { themes: vec![ThemeCount::default(); theme_count], ..ThemeCounts::default() };
    total.coverage.capped_rows_left_out = found.capped_rows_left_out();
    let mut documents = Vec::with_capacity(shard.documents.len());
    for (number, document) in shard.documents.iter().enumerate() {
        let mut counts = vec![ThemeCount::default(); theme_count];
        // None of them is there if they could not be read; the run then ends with that.
        let (hits, coded) = paged.theme_places(taxonomy, number);
        let (hits, coded) = (found.hits.get(hits).unwrap_or_default(), found.coded.get(coded).unwrap_or_default());
        let mut of_document = DocumentThemes { sentences: shard.document_sentences(number).len() as u64, ..DocumentThemes::default() };
        if let Some(tagger) = tagger {
            for h in hits.iter().filter(|h| h.contribution_micro != 0) {
                add_up(tagger, tagger.pattern_theme(h.pattern), &mut |theme| counts[theme].score += h.contribution_micro);
            }
            count_coded(shard, coded, tagger, &mut counts, &mut total, &mut of_document);
            of_document.ranked = ranked(&counts, tagger);
        }
        count_bases(document, &of_document, &mut total);
        counts.iter_mut().for_each(|c| c.documents = u64::from(c.sentences > 0));
        total.themes.iter_mut().zip(&counts).for_each(|(a, b)| a.merge(b));
        documents.push(of_document);
    }
    total.coverage.sentences = shard.sentences.len() as u64;
    total.coverage.none = total.coverage.sentences - total.coverage.policy - total.coverage.framing_only - total.coverage.procedure_only;
    (documents, total)
}

fn count_bases(document: &crate::corpus::ShardDocument, of_document: &DocumentThemes, total: &mut ThemeCounts) {
    total.all.documents += 1;
    total.all.sentences += of_document.sentences;
    total.all.characters += document.characters;
    total.policy.documents += u64::from(of_document.policy_sentences > 0);
}

/// Counts the coded sentences of one document.
fn count_coded(
    shard: &Shard,
    coded: &[CodedSentence],
    tagger: &Tagger,
    counts: &mut [ThemeCount],
    total: &mut ThemeCounts,
    of_document: &mut DocumentThemes,
) {
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
                of_document.policy_sentences += 1;
            }
            (false, true) => total.coverage.framing_only += 1,
            (false, false) => total.coverage.procedure_only += 1,
        }
    }
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
    let mut ranked: Vec<DocumentTheme> = scored.map(|(theme, c)| DocumentTheme { theme, sentences: c.sentences, score: c.score }).collect();
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
