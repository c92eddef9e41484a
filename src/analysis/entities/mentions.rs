//! Where the entities of a corpus stand.

use crate::corpus::{ByDocument, Corpus, PagedRows};

/// The mentions of a corpus by document: sentence in the shard and number of the form, in text order. There are more of them than of
/// anything else that is known of entities, so they lie where there is room.
#[derive(Debug, Default)]
pub(super) struct Mentions {
    forms: ByDocument<(u32, u32)>,
    /// For each form its entity, or [`NO_ENTITY`].
    entity_of: Vec<u32>,
}

/// The number of what is no entity.
pub(super) const NO_ENTITY: u32 = u32::MAX;

impl Mentions {
    /// Of the mentions of each shard; `entity_of` gives the entity of each form, or [`NO_ENTITY`].
    pub fn new(shards: Vec<PagedRows<(u32, u32)>>, entity_of: Vec<u32>) -> Self {
        Self { forms: shards.into_iter().collect(), entity_of }
    }

    /// Gives the entities other numbers.
    pub fn renumber(&mut self, number: impl Fn(u32) -> u32) {
        self.entity_of.iter_mut().filter(|entity| **entity != NO_ENTITY).for_each(|entity| *entity = number(*entity));
    }

    /// Calls `visit` with sentence and entity of each mention of a document, in text order.
    pub fn of_document(&self, document: usize, visit: impl FnMut(u32, u32)) {
        self.visit(&self.forms.row(document), visit);
    }

    /// The mentions of a shard.
    pub fn of_shard(&self, shard: usize) -> ShardMentions {
        let mut mentions = Vec::new();
        self.visit(&self.forms.shard(shard).all(), |sentence, entity| mentions.push((sentence, entity)));
        ShardMentions(mentions)
    }

    fn visit(&self, mentions: &[(u32, u32)], mut visit: impl FnMut(u32, u32)) {
        let entity = |form: u32| self.entity_of[form as usize];
        let of_entities = mentions.iter().map(|(sentence, form)| (*sentence, entity(*form))).filter(|(_, entity)| *entity != NO_ENTITY);
        of_entities.for_each(|(sentence, entity)| visit(sentence, entity));
    }
}

/// Sentence and entity of each mention of a shard, in text order.
#[derive(Debug, Default)]
pub(in crate::analysis) struct ShardMentions(Vec<(u32, u32)>);

impl ShardMentions {
    /// The numbers of all entities that a sentence of the shard mentions, one for each mention.
    pub fn of_sentence(&self, sentence: usize) -> impl Iterator<Item = u32> + '_ {
        let from = self.0.partition_point(|(of, _)| (*of as usize) < sentence);
        self.0[from..].iter().take_while(move |(of, _)| *of as usize == sentence).map(|(_, entity)| *entity)
    }
}

/// The mentions of a shard as rows of its documents; `number` gives the number of each of the forms of the shard.
pub(super) fn by_document(corpus: &Corpus, shard: usize, mentions: &[(u32, u32)], number: &[u32]) -> PagedRows<(u32, u32)> {
    let starts = corpus.shards()[shard].documents().iter().map(|document| document.sentence_start).chain([u32::MAX]);
    let starts = starts.map(|first| mentions.partition_point(|(sentence, _)| *sentence < first));
    let starts = starts.map(|start| u32::try_from(start).unwrap_or(u32::MAX)).collect();
    PagedRows::new(corpus.room(), starts, mentions.iter().map(|(sentence, form)| (*sentence, number[*form as usize])).collect())
}
