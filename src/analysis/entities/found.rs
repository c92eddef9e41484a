//! All shards: forms with enough evidence become entities, and the mentions of each are counted.

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::analysis::examples::{Examples, NO_EXAMPLE};
use crate::analysis::{Inputs, Shared};
use crate::corpus::{Corpus, Parts};
use crate::lexicon::{EntityKind, EntityList};
use crate::source::Date;

use super::classify;
use super::context::{Reading, Rule};
use super::listed::ListedForms;
use super::names::{Identity, identity};
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
    /// For each shard its mentions.
    shards: Vec<ShardMentions>,
    /// Forms that looked like names, but for which nothing spoke, and their mentions.
    pub without_evidence: (u64, u64),
}

/// The entities of each sentence of a shard.
#[derive(Debug, Default)]
struct ShardMentions {
    /// Where each sentence begins in `entities`; one more entry at the end.
    starts: Vec<u32>,
    entities: Vec<u32>,
}

const NO_ENTITY: u32 = u32::MAX;

impl Entities {
    /// Finds them.
    pub fn new(inputs: &Inputs<'_>, shared: &Shared) -> Self {
        let corpus = inputs.corpus;
        let listed = ListedForms::new(inputs.entities);
        let flags = classify::of_words(inputs, &listed);
        let seen: Vec<ShardForms> = (0..corpus.shards().len())
            .into_par_iter()
            .map(|shard| {
                let of_words: Vec<_> = corpus.word_ids(shard).iter().map(|word| flags[*word as usize]).collect();
                scan(&corpus.shards()[shard].read(Parts::ALL), &of_words, &listed)
            })
            .collect();
        let forms = Forms::merge(&seen);
        let (identities, without_evidence) = forms.identities(inputs.entities);
        let numbered = Numbered::new(&forms, identities);
        let counts: Vec<Counts> = (0..seen.len())
            .into_par_iter()
            .map(|shard| Counts::of(corpus, &shared.examples, shard, &seen[shard], &numbered.of_form(&forms, shard)))
            .collect();
        numbered.finish(&forms, &seen, counts, without_evidence)
    }

    /// The numbers of all entities that a sentence of a shard mentions, one for each mention.
    pub fn of_sentence(&self, shard: usize, sentence: usize) -> &[u32] {
        let ShardMentions { starts, entities } = &self.shards[shard];
        &entities[starts[sentence] as usize..starts[sentence + 1] as usize]
    }
}

/// The forms of all shards.
struct Forms {
    /// Each with its tally over all shards.
    all: Vec<SeenForm>,
    /// For each shard the number of each of its forms.
    of_shards: Vec<Vec<u32>>,
}

impl Forms {
    fn merge(seen: &[ShardForms]) -> Self {
        let mut numbers: FxHashMap<(Reading, &str, Option<&str>), u32> = FxHashMap::default();
        let mut all: Vec<SeenForm> = Vec::new();
        let of_shards = seen
            .iter()
            .map(|shard| {
                let mut of_shard = Vec::with_capacity(shard.forms.len());
                for form in &shard.forms {
                    let next = u32::try_from(all.len()).unwrap_or(NO_ENTITY - 1);
                    let known = *numbers.entry((form.reading, form.text.as_str(), form.stands_for.as_deref())).or_insert(next);
                    match all.get_mut(known as usize) {
                        Some(known) => known.tally.merge(&form.tally),
                        None => all.push(form.clone()),
                    }
                    of_shard.push(known);
                }
                of_shard
            })
            .collect();
        Self { all, of_shards }
    }

    /// What each form is, if anything; and the forms for which nothing spoke, with their mentions.
    fn identities(&self, list: &EntityList) -> (Vec<Option<Identity>>, (u64, u64)) {
        let places: FxHashSet<&str> =
            self.all.iter().filter(|form| form.reading == Reading::Place && form.tally.sure > 0).map(|form| form.text.as_str()).collect();
        let mut without = (0, 0);
        let identities = self.all.iter().map(|SeenForm { reading, text, stands_for, tally }| {
            let text = stands_for.as_ref().unwrap_or(text);
            let kind = kind_of(*reading, text, tally, &places);
            // Of a surname and any word beside it one would say so in every other sentence.
            let looks_like_a_name = tally.shown > 0 || tally.rules != Rule::SurnameAndGivenName.bit();
            if kind.is_none() && looks_like_a_name {
                without = (without.0 + 1, without.1 + tally.mentions);
            }
            kind.and_then(|kind| identity(kind, text, list))
        });
        (identities.collect(), without)
    }
}

/// One mention in so many must show that a form is the name of a person.
const SHARE_OF_PERSONS: u64 = 4;
/// The same for foreign names of three characters and more, which are no common words.
const SHARE_OF_FOREIGN: u64 = 20;

/// What the evidence makes of a form.
fn kind_of(reading: Reading, text: &str, tally: &Tally, places: &FxHashSet<&str>) -> Option<EntityKind> {
    let shown = |share: u64| tally.sure > 0 || (tally.shown > 0 && tally.shown * share >= tally.mentions);
    // 隆林 is a place if 隆林县 is.
    let has_level =
        || ["县", "市", "区", "州", "镇", "乡", "村", "省"].into_iter().any(|level| places.contains(format!("{text}{level}").as_str()));
    let characters = text.chars().count();
    let share_of_foreign = if characters > 2 { SHARE_OF_FOREIGN } else { SHARE_OF_PERSONS };
    match reading {
        Reading::Blocked => None,
        Reading::Document => Some(EntityKind::Document),
        Reading::Meeting => Some(EntityKind::Meeting),
        Reading::Organisation => Some(EntityKind::Organisation),
        Reading::Person => shown(SHARE_OF_PERSONS).then_some(EntityKind::Person),
        Reading::ForeignPerson | Reading::ForeignPlace if shown(share_of_foreign) => Some(EntityKind::Person),
        Reading::ForeignPerson => None,
        Reading::ForeignPlace => (characters > 2 || has_level()).then_some(EntityKind::Place),
        Reading::Place => (shown(SHARE_OF_PERSONS) || has_level()).then_some(EntityKind::Place),
    }
}

/// Entities with numbers, not yet in table order.
struct Numbered {
    identities: Vec<Identity>,
    /// For each form its entity, or [`NO_ENTITY`].
    of_forms: Vec<u32>,
}

impl Numbered {
    fn new(forms: &Forms, of_forms: Vec<Option<Identity>>) -> Self {
        let mut numbers: FxHashMap<Identity, u32> = FxHashMap::default();
        let mut identities = Vec::new();
        debug_assert_eq!(forms.all.len(), of_forms.len());
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

    /// The entity of each form of a shard.
    fn of_form(&self, forms: &Forms, shard: usize) -> Vec<u32> {
        forms.of_shards[shard].iter().map(|form| self.of_forms[*form as usize]).collect()
    }

    fn finish(self, forms: &Forms, seen: &[ShardForms], counts: Vec<Counts>, without_evidence: (u64, u64)) -> Entities {
        let mut list: Vec<Entity> = self.identities.iter().map(Entity::new).collect();
        for (SeenForm { text, stands_for, tally, .. }, entity) in
            forms.all.iter().zip(&self.of_forms).filter(|(_, entity)| **entity != NO_ENTITY)
        {
            list[*entity as usize].add_form(text, stands_for.is_some(), tally);
        }
        for (entity, count) in counts.iter().flat_map(|counts| &counts.entities) {
            list[*entity as usize].add(count);
        }
        list.iter_mut().for_each(Entity::settle_forms);
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
        let shards = counts.into_iter().zip(seen).map(|(counts, _)| counts.mentions.renumbered(&place)).collect();
        let list = order.iter().map(|at| std::mem::take(&mut list[*at as usize])).collect();
        Entities { list, shards, without_evidence }
    }
}

impl ShardMentions {
    fn renumbered(mut self, place: &[u32]) -> Self {
        self.entities.iter_mut().for_each(|entity| *entity = place[*entity as usize]);
        self
    }
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
    last_document: u32,
    dates: Option<(Date, Date)>,
    example: u32,
}

/// The counts of one shard.
struct Counts {
    /// By entity, each once.
    entities: Vec<(u32, Count)>,
    mentions: ShardMentions,
}

impl Counts {
    /// Counts the mentions of a shard; `entity_of` gives the entity of each of its forms.
    fn of(corpus: &Corpus, examples: &Examples, shard: usize, seen: &ShardForms, entity_of: &[u32]) -> Self {
        let content = corpus.shards()[shard].read(Parts::SENTENCES);
        let first_sentence = corpus.sentence_offset(shard);
        let (slots, mut entities) = Self::slots(entity_of);
        let mut mentions =
            ShardMentions { starts: Vec::with_capacity(content.sentences.len() + 1), entities: Vec::with_capacity(seen.mentions.len()) };
        for (sentence, form) in &seen.mentions {
            let slot = slots[*form as usize];
            let Some((entity, count)) = entities.get_mut(slot as usize) else { continue };
            while mentions.starts.len() <= *sentence as usize {
                mentions.starts.push(u32::try_from(mentions.entities.len()).unwrap_or(u32::MAX));
            }
            mentions.entities.push(*entity);
            let document = content.sentences[*sentence as usize].document;
            count.mentions += 1;
            count.example = count.example.min(examples.rank(first_sentence + *sentence as usize));
            if count.last_document != document {
                count.last_document = document;
                count.documents += 1;
                if let Some(date) = content.documents[document as usize].date {
                    count.dates = Some(count.dates.map_or((date, date), |(a, b)| (a.min(date), b.max(date))));
                }
            }
        }
        let end = u32::try_from(mentions.entities.len()).unwrap_or(u32::MAX);
        mentions.starts.resize(content.sentences.len() + 1, end);
        Self { entities, mentions }
    }

    /// For each form the place of its entity in the list of counts, which begin at nothing.
    fn slots(entity_of: &[u32]) -> (Vec<u32>, Vec<(u32, Count)>) {
        let mut places: FxHashMap<u32, u32> = FxHashMap::default();
        let mut entities = Vec::new();
        let nothing = Count { mentions: 0, documents: 0, last_document: u32::MAX, dates: None, example: NO_EXAMPLE };
        let slot = |entity: &u32| match *entity {
            NO_ENTITY => NO_ENTITY,
            entity => *places.entry(entity).or_insert_with(|| {
                entities.push((entity, nothing));
                u32::try_from(entities.len() - 1).unwrap_or(NO_ENTITY)
            }),
        };
        let slots = entity_of.iter().map(slot).collect();
        (slots, entities)
    }
}
