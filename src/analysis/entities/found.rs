//! All shards: forms with enough evidence become entities, and the mentions of each are counted.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::analysis::examples::{Examples, NO_EXAMPLE};
use crate::analysis::{Inputs, Shared};
use crate::corpus::{Corpus, PagedRows, Parts};
use crate::lexicon::EntityKind;
use crate::source::Date;

use super::classify;
use super::forms::Forms;
use super::listed::ListedForms;
use super::mentions::{self, Mentions, NO_ENTITY, ShardMentions};
use super::names::Identity;
use super::scan::{SeenForm, ShardForms, Tally, scan};

/// An entity with its counts over the corpus.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::analysis) struct Entity {
    pub kind: EntityKind,
    pub name: String,
    pub mentions: u64,
    pub documents: u64,
    /// Earliest and latest date of a document that holds it.
    pub dates: Option<(Date, Date)>,
    /// Rank of the best example.
    pub example: u32,
    /// The forms with their mentions, most frequent first.
    pub forms: Vec<(String, u64)>,
    /// Those that stand for another in some document, sorted.
    short_forms: Vec<String>,
    /// The rules that found it, one bit each.
    pub rules: u16,
}

/// The entities of a corpus, numbered in table order, and where they stand.
#[derive(Debug, Default)]
pub(in crate::analysis) struct Entities {
    /// By mentions descending, kind, name.
    pub list: Vec<Entity>,
    mentions: Mentions,
    /// Forms that looked like names, but for which nothing spoke, and their mentions.
    pub without_evidence: (u64, u64),
}

/// Shards whose forms are found side by side before they are added to those of the others: a shard may name as much as it has words.
const SHARDS_AT_ONCE: usize = 32;

impl Entities {
    /// Finds them.
    pub fn new(inputs: &Inputs<'_>, shared: &Shared) -> Self {
        let corpus = inputs.corpus;
        let (forms, rows) = read_forms(inputs);
        let (identities, without_evidence) = forms.identities(inputs.entities);
        let Numbered { identities, of_forms } = Numbered::new(identities);
        let mut list: Vec<Entity> = identities.iter().map(Entity::new).collect();
        for (SeenForm { text, stands_for, tally, .. }, entity) in
            forms.all().iter().zip(&of_forms).filter(|(_, entity)| **entity != NO_ENTITY)
        {
            list[*entity as usize].add_form(text, stands_for.is_some(), tally);
        }
        drop(forms);
        let mut mentions = Mentions::new(rows, of_forms);
        count_mentions(corpus, &shared.examples, &mentions, &mut list);
        list.iter_mut().for_each(Entity::settle_forms);
        let place = put_in_order(&mut list);
        mentions.renumber(|entity| place[entity as usize]);
        Self { list, mentions, without_evidence }
    }

    /// Calls `visit` with sentence in the shard and number of the entity for each mention in a document, in text order.
    pub fn of_document(&self, document: usize, visit: impl FnMut(u32, u32)) {
        self.mentions.of_document(document, visit);
    }

    /// The mentions of a shard.
    pub fn of_shard(&self, shard: usize) -> ShardMentions {
        self.mentions.of_shard(shard)
    }
}

/// The forms of all shards, and for each shard its mentions of them.
fn read_forms(inputs: &Inputs<'_>) -> (Forms, Vec<PagedRows<(u32, u32)>>) {
    let corpus = inputs.corpus;
    let listed = ListedForms::new(inputs.entities);
    let flags = classify::of_words(inputs, &listed);
    let read = |shard: usize| {
        let of_words: Vec<_> = corpus.word_ids(shard).iter().map(|word| flags[*word as usize]).collect();
        scan(&corpus.shards()[shard].read(Parts::ALL), &of_words, &listed)
    };
    let (mut forms, mut rows) = (Forms::default(), Vec::with_capacity(corpus.shards().len()));
    for some in in_groups(corpus) {
        let found: Vec<ShardForms> = some.clone().into_par_iter().map(read).collect();
        for (shard, found) in some.zip(found) {
            let numbers = forms.add(found.forms);
            rows.push(mentions::by_document(corpus, shard, &found.mentions, &numbers));
        }
    }
    (forms, rows)
}

/// The numbers of all shards, [`SHARDS_AT_ONCE`] at a time.
fn in_groups(corpus: &Corpus) -> impl Iterator<Item = std::ops::Range<usize>> {
    let all = corpus.shards().len();
    (0..all).step_by(SHARDS_AT_ONCE).map(move |first| first..all.min(first + SHARDS_AT_ONCE))
}

/// Entities with numbers, not yet in table order.
struct Numbered {
    identities: Vec<Identity>,
    /// For each form its entity, or [`NO_ENTITY`].
    of_forms: Vec<u32>,
}

impl Numbered {
    fn new(of_forms: Vec<Option<Identity>>) -> Self {
        let mut numbers: FxHashMap<Identity, u32> = FxHashMap::default();
        let mut identities = Vec::new();
        let number = |identity: Option<Identity>| {
            let Some(identity) = identity else { return NO_ENTITY };
            let next = u32::try_from(identities.len()).unwrap_or(NO_ENTITY - 1);
            *numbers.entry(identity).or_insert_with_key(|identity| {
                identities.push(identity.clone());
                next
            })
        };
        let of_forms = of_forms.into_iter().map(number).collect();
        Self { identities, of_forms }
    }
}

/// Puts entities in table order; gives the place of each.
fn put_in_order(list: &mut Vec<Entity>) -> Vec<u32> {
    let mut order: Vec<u32> = (0u32..).take(list.len()).collect();
    let key = |at: &u32| {
        let entity = &list[*at as usize];
        (std::cmp::Reverse(entity.mentions), entity.kind, &entity.name)
    };
    order.par_sort_unstable_by(|a, b| key(a).cmp(&key(b)));
    let mut place = vec![NO_ENTITY; list.len()];
    for (at, entity) in (0u32..).zip(&order) {
        place[*entity as usize] = at;
    }
    *list = order.iter().map(|at| std::mem::take(&mut list[*at as usize])).collect();
    place
}

impl Default for Entity {
    fn default() -> Self {
        Self {
            kind: EntityKind::Document,
            name: String::new(),
            mentions: 0,
            documents: 0,
            dates: None,
            example: NO_EXAMPLE,
            forms: Vec::new(),
            short_forms: Vec::new(),
            rules: 0,
        }
    }
}

impl Entity {
    fn new(identity: &Identity) -> Self {
        Self { kind: identity.kind, name: identity.name.clone().unwrap_or_default(), ..Self::default() }
    }

    fn add_form(&mut self, text: &str, is_short: bool, tally: &Tally) {
        self.rules |= tally.rules;
        if is_short {
            self.short_forms.push(text.to_string());
        }
        match self.forms.iter_mut().find(|(form, _)| form == text) {
            Some((_, mentions)) => *mentions += tally.mentions,
            None => self.forms.push((text.to_string(), tally.mentions)),
        }
    }

    fn add(&mut self, count: &Count) {
        self.mentions += count.mentions;
        self.documents += count.documents;
        self.example = self.example.min(count.example);
        if let Some((first, last)) = count.dates {
            self.dates = Some(self.dates.map_or((first, last), |(a, b)| (a.min(first), b.max(last))));
        }
    }

    /// Puts the forms in order and takes the name from them where nothing else gives it.
    fn settle_forms(&mut self) {
        self.short_forms.sort();
        self.short_forms.dedup();
        self.forms.sort_by(|(a, x), (b, y)| y.cmp(x).then_with(|| a.cmp(b)));
        if self.name.is_empty() {
            // 意见 may stand for a title, but is none.
            let full = self.forms.iter().find(|(form, _)| !self.short_forms.contains(form));
            self.name = full.or(self.forms.first()).map(|(form, _)| form.clone()).unwrap_or_default();
        }
    }
}

/// The counts of one entity in one shard.
#[derive(Debug, Clone, Copy)]
struct Count {
    mentions: u64,
    documents: u64,
    last_document: usize,
    dates: Option<(Date, Date)>,
    example: u32,
}

impl Count {
    const NOTHING: Self = Self { mentions: 0, documents: 0, last_document: usize::MAX, dates: None, example: NO_EXAMPLE };

    fn see(&mut self, document: usize, date: Option<Date>, example: u32) {
        self.mentions += 1;
        self.example = self.example.min(example);
        if self.last_document != document {
            self.last_document = document;
            self.documents += 1;
            if let Some(date) = date {
                self.dates = Some(self.dates.map_or((date, date), |(a, b)| (a.min(date), b.max(date))));
            }
        }
    }
}

/// Adds the mentions of all shards to the entities.
fn count_mentions(corpus: &Corpus, examples: &Examples, mentions: &Mentions, list: &mut [Entity]) {
    for some in in_groups(corpus) {
        let slots = || vec![NO_ENTITY; list.len()];
        let of_shard = |slots: &mut Vec<u32>, shard| count_shard(corpus, examples, mentions, (shard, slots));
        let counts: Vec<Vec<(u32, Count)>> = some.into_par_iter().map_init(slots, of_shard).collect();
        counts.iter().flatten().for_each(|(entity, count)| list[*entity as usize].add(count));
    }
}

/// The counts of one shard, each entity once. `slots`, one for each entity and all of them empty before and behind, are used again.
fn count_shard(corpus: &Corpus, examples: &Examples, mentions: &Mentions, (shard, slots): (usize, &mut [u32])) -> Vec<(u32, Count)> {
    let (first_document, first_sentence) = (corpus.document_offset(shard), corpus.sentence_offset(shard));
    let mut counts: Vec<(u32, Count)> = Vec::new();
    for (local, document) in corpus.shards()[shard].documents().iter().enumerate() {
        mentions.of_document(first_document + local, |sentence, entity| {
            let slot = &mut slots[entity as usize];
            if *slot == NO_ENTITY {
                *slot = u32::try_from(counts.len()).unwrap_or(NO_ENTITY - 1);
                counts.push((entity, Count::NOTHING));
            }
            counts[*slot as usize].1.see(local, document.date, examples.rank(first_sentence + sentence as usize));
        });
    }
    counts.iter().for_each(|(entity, _)| slots[*entity as usize] = NO_ENTITY);
    counts
}
