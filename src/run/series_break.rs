//! What no longer counts as it did: with another dictionary or taxonomy two reports are two series, and no change of the texts.

use rustc_hash::FxHashMap;

use crate::analysis::OnSeriesBreak;
use crate::config::Config;
use crate::corpus::Corpus;
use crate::report::{Effect, SeriesBreak};
use crate::state::{Baseline, Catalogue};

use super::effects;
use super::events::Told;
use super::incremental::Layers;
use super::session::Session;
use super::{Prepared, Request, RunError, record};

/// Effects of each kind that one line shows.
const MOST_SHOWN: usize = 3;

/// Which parts of the fingerprint are not those of an earlier run.
fn changed_since(config: &Config, prepared: &Prepared, earlier: &Baseline) -> Vec<String> {
    let now = record::fingerprint_parts(config, prepared);
    let before: FxHashMap<&str, &str> = earlier.fingerprint.iter().map(|(name, hash)| (name.as_str(), hash.as_str())).collect();
    let changed = now.iter().filter(|(name, hash)| before.get(name.as_str()) != Some(&hash.as_str())).map(|(name, _)| name.clone());
    let gone = earlier.fingerprint.iter().map(|(name, _)| name).filter(|name| now.iter().all(|(n, _)| n != *name)).cloned();
    changed.chain(gone).collect()
}

/// Stops where numbers would no longer be comparable with those of the last report and the configuration wants a person to agree.
pub(super) fn check_series(config: &Config, request: &Request<'_>, prepared: &Prepared, last: Option<Baseline>) -> Result<(), RunError> {
    if config.changes.on_series_break != OnSeriesBreak::Stop || request.accept_series_break {
        return Ok(());
    }
    let Some(last) = last else { return Ok(()) };
    let changed = changed_since(config, prepared, &last);
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

impl Session<'_> {
    /// What run.json says of a break between this run and the one it is compared with, if there is one.
    pub(super) fn series_break(
        &self,
        prepared: &Prepared,
        earlier: &Baseline,
        corpus: &Corpus,
        before: &Catalogue,
        layers: &Layers,
    ) -> Option<SeriesBreak> {
        let changed = changed_since(self.config, prepared, earlier);
        if changed.is_empty() {
            return None;
        }
        let largest_effects = effects::of_break(corpus, prepared.taggers(), &self.state.shards(), before, layers);
        let of_kind = |kind: &'static str| largest_effects.iter().filter(move |effect| effect.kind == kind).take(MOST_SHOWN);
        let shown: Vec<String> =
            of_kind("term").chain(of_kind("theme")).map(|e: &Effect| format!("{} {} → {}", e.key, e.before, e.after)).collect();
        let last = self.memory.last.as_ref().map(|last| last.run_id.clone());
        let since = last.as_ref().filter(|last| **last != earlier.run_id).map(|last| format!(" since run {last}")).unwrap_or_default();
        let shown = if shown.is_empty() { String::new() } else { format!("; largest effects{since}: {}", shown.join(", ")) };
        let counted = match changed.iter().any(|part| part == record::COPIES_PART) {
            true => "nothing is compared with it",
            false => "the earlier texts are counted again with what is in force now",
        };
        let msg = format!("since run {} these changed: {}; {counted}{shown}", earlier.run_id, changed.join(", "));
        self.log.info("series_break", Told { stage: Some("aggregate"), msg: &msg, ..Told::default() });
        Some(SeriesBreak { since_run_id: earlier.run_id.clone(), changed, largest_effects, effects_since_run_id: last })
    }
}
