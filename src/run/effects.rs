//! What another dictionary or taxonomy made of the counts: the same documents, counted by the shards of an earlier run and by those of
//! this one.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::corpus::{Corpus, Parts, Shard};
use crate::report::Effect;
use crate::source::TextKey;
use crate::state::{Catalogue, ShardFolder};
use crate::theme::Tagger;

use super::comparison::text_keys;
use super::incremental::Layers;

/// Effects of each kind that are told, the largest.
const MOST_EFFECTS: usize = 50;

/// The largest effects on words, then those on themes, as far as the shards of the earlier run are still there.
pub(super) fn of_break(corpus: &Corpus, taggers: &[Tagger], folder: &ShardFolder, before: &Catalogue, layers: &Layers) -> Vec<Effect> {
    let is_cut_anew = before.tokens != layers.tokens;
    if !is_cut_anew && before.themes == layers.themes {
        return Vec::new();
    }
    let here = text_keys(corpus);
    let (mut words, mut themes) = (Sides::default(), Sides::default());
    // A shard may be there without its themes.
    let (mut with_words, mut with_themes): (FxHashSet<TextKey>, FxHashSet<TextKey>) = Default::default();
    for name in &before.shards {
        let Ok(mut shard) = folder.load_tokens(name, &before.tokens) else { continue };
        // Of copies of a text one is counted on either side, since there may be another number of them.
        if is_cut_anew {
            let wanted = chosen(&shard, |key| here.contains(key) && with_words.insert(*key));
            count_words(&shard, &wanted, &mut words, 0);
        }
        if folder.load_themes(name, &mut shard, &before.themes, before.taxonomies.len()).is_ok() {
            let wanted = chosen(&shard, |key| here.contains(key) && with_themes.insert(*key));
            count_themes(&shard, &wanted, &before.taxonomies, &mut themes, 0);
        }
    }
    let names = theme_ids(taggers);
    for shard in corpus.shards() {
        let shard = &shard.read(Parts::TOKENS | Parts::WORDS | Parts::CODED);
        count_words(shard, &chosen(shard, |key| with_words.remove(key)), &mut words, 1);
        count_themes(shard, &chosen(shard, |key| with_themes.remove(key)), &names, &mut themes, 1);
    }
    [words.largest("term"), themes.largest("theme")].concat()
}

/// The taxonomies: id, and ids of their themes by number.
pub(super) fn theme_ids(taggers: &[Tagger]) -> Vec<(String, Vec<String>)> {
    let ids = |tagger: &Tagger| tagger.themes().iter().map(|theme| theme.id.clone()).collect();
    taggers.iter().map(|tagger| (tagger.taxonomy().id().to_string(), ids(tagger))).collect()
}

/// Counts before and now, by key.
#[derive(Default)]
struct Sides(FxHashMap<Box<str>, [u64; 2]>);

impl Sides {
    fn add(&mut self, key: &str, side: usize) {
        match self.0.get_mut(key) {
            Some(count) => count[side] += 1,
            None => {
                let mut count = [0; 2];
                count[side] = 1;
                self.0.insert(key.into(), count);
            }
        }
    }

    /// Those that differ most, by the difference, then by key.
    fn largest(self, kind: &'static str) -> Vec<Effect> {
        let changed = self.0.into_iter().filter(|(_, [before, after])| before != after);
        let mut effects: Vec<Effect> = changed.map(|(key, [before, after])| Effect { kind, key: key.into(), before, after }).collect();
        effects.sort_unstable_by(|a, b| (b.before.abs_diff(b.after), &a.key).cmp(&(a.before.abs_diff(a.after), &b.key)));
        effects.truncate(MOST_EFFECTS);
        effects
    }
}

/// Which documents of a shard count, by their texts.
fn chosen(shard: &Shard, is_wanted: impl FnMut(&TextKey) -> bool) -> Vec<bool> {
    shard.documents.iter().map(|document| &document.text_key).map(is_wanted).collect()
}

fn count_words(shard: &Shard, wanted: &[bool], counts: &mut Sides, side: usize) {
    for (at, _) in wanted.iter().enumerate().filter(|(_, is_wanted)| **is_wanted) {
        shard.document_tokens(at).iter().for_each(|word| counts.add(shard.words.text(*word as usize), side));
    }
}

/// Counts the sentences of each leaf. `names` holds for each taxonomy its id and those of its themes; a theme is known by its id, in
/// several taxonomies behind that of its own.
fn count_themes(shard: &Shard, wanted: &[bool], names: &[(String, Vec<String>)], counts: &mut Sides, side: usize) {
    for ((taxonomy, ids), themes) in names.iter().zip(&shard.themes) {
        for coded in &themes.coded {
            let document = shard.sentences[coded.sentence as usize].document;
            if !wanted[document as usize] {
                continue;
            }
            for id in coded.themes.iter().filter_map(|(theme, _)| ids.get(*theme as usize)) {
                match names.len() {
                    1 => counts.add(id, side),
                    _ => counts.add(&format!("{taxonomy}:{id}"), side),
                }
            }
        }
    }
}
