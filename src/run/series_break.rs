//! What no longer counts as it did: with another dictionary or taxonomy two reports are two series, and no change of the texts.

use rustc_hash::FxHashMap;

use crate::analysis::OnSeriesBreak;
use crate::corpus::Corpus;
use crate::report::{Effect, SeriesBreak};
use crate::state::{Baseline, Catalogue};

use super::comparison::text_keys;
use super::events::Told;
use super::incremental::Layers;
use super::session::Session;
use super::{Prepared, RunError, record};

/// Effects that are told, the largest.
const MOST_EFFECTS: usize = 50;

impl Session<'_> {
    /// Which parts of the fingerprint are not those of an earlier run.
    fn changed_since(&self, prepared: &Prepared, earlier: &Baseline) -> Vec<String> {
        let now = record::fingerprint_parts(self.config, prepared);
        let before: FxHashMap<&str, &str> = earlier.fingerprint.iter().map(|(name, hash)| (name.as_str(), hash.as_str())).collect();
        let changed = now.iter().filter(|(name, hash)| before.get(name.as_str()) != Some(&hash.as_str())).map(|(name, _)| name.clone());
        let gone = earlier.fingerprint.iter().map(|(name, _)| name).filter(|name| now.iter().all(|(n, _)| n != *name)).cloned();
        changed.chain(gone).collect()
    }

    /// Stops where numbers would no longer be comparable with those of the last report and the configuration wants a person to agree.
    pub(super) fn check_series(&self, prepared: &Prepared) -> Result<(), RunError> {
        if self.config.changes.on_series_break != OnSeriesBreak::Stop || self.request.accept_series_break {
            return Ok(());
        }
        let Some(last) = self.last_baseline() else { return Ok(()) };
        let changed = self.changed_since(prepared, &last);
        if changed.is_empty() {
            return Ok(());
        }
        Err(RunError::SeriesBreak(format!(
            "numbers would no longer be comparable with those of run {}, since these changed: {}; changes.on_series_break = \"stop\" asks a \
             person to agree: run once with --accept-series-break",
            last.run_id,
            changed.join(", ")
        )))
    }

    /// What run.json says of a break between this run and the one it is compared with, if there is one.
    pub(super) fn series_break(
        &self,
        prepared: &Prepared,
        earlier: &Baseline,
        corpus: &Corpus,
        before: &Catalogue,
        layers: &Layers,
    ) -> Option<SeriesBreak> {
        let changed = self.changed_since(prepared, earlier);
        if changed.is_empty() {
            return None;
        }
        let largest_effects = if before.tokens == layers.tokens { Vec::new() } else { self.effects(corpus, before) };
        let shown: Vec<String> = largest_effects.iter().take(3).map(|e: &Effect| format!("{} {} → {}", e.key, e.before, e.after)).collect();
        let shown = if shown.is_empty() { String::new() } else { format!("; largest effects: {}", shown.join(", ")) };
        let msg = format!(
            "since run {} these changed: {}; the earlier texts are counted again with what is in force now{shown}",
            earlier.run_id,
            changed.join(", ")
        );
        self.log.info("series_break", Told { stage: Some("aggregate"), msg: &msg, ..Told::default() });
        Some(SeriesBreak { since_run_id: earlier.run_id.clone(), changed, largest_effects })
    }

    /// Words whose frequency in the same documents changed most by cutting them otherwise, as far as the shards of the last run are
    /// still there.
    fn effects(&self, corpus: &Corpus, before: &Catalogue) -> Vec<Effect> {
        let here = text_keys(corpus.shards());
        let folder = self.state.shards();
        let (mut counts, mut keys): (FxHashMap<Box<str>, [u64; 2]>, Vec<_>) = (FxHashMap::default(), Vec::new());
        for shard in before.shards.iter().filter_map(|name| folder.load_tokens(name, &before.tokens).ok()) {
            for (at, document) in shard.documents.iter().enumerate().filter(|(_, document)| here.contains(&document.text_key)) {
                keys.push(document.text_key);
                shard.document_tokens(at).iter().for_each(|word| add(&mut counts, shard.words.text(*word as usize), 0));
            }
        }
        let compared: rustc_hash::FxHashSet<_> = keys.into_iter().collect();
        for shard in corpus.shards() {
            for (at, _) in shard.documents.iter().enumerate().filter(|(_, document)| compared.contains(&document.text_key)) {
                shard.document_tokens(at).iter().for_each(|word| add(&mut counts, shard.words.text(*word as usize), 1));
            }
        }
        let mut effects: Vec<Effect> = counts
            .into_iter()
            .filter(|(_, [before, after])| before != after)
            .map(|(word, [before, after])| Effect { kind: "term", key: word.into(), before, after })
            .collect();
        effects.sort_unstable_by(|a, b| (b.before.abs_diff(b.after), &a.key).cmp(&(a.before.abs_diff(a.after), &b.key)));
        effects.truncate(MOST_EFFECTS);
        effects
    }
}

fn add(counts: &mut FxHashMap<Box<str>, [u64; 2]>, word: &str, side: usize) {
    match counts.get_mut(word) {
        Some(count) => count[side] += 1,
        None => {
            let mut count = [0; 2];
            count[side] = 1;
            counts.insert(word.into(), count);
        }
    }
}
