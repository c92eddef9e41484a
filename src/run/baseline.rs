//! What the next run is compared with.

use std::path::Path;

use crate::analysis::BaselineChoice;
use crate::corpus::PagedShard;
use crate::report::{Expected, Facts, Staging, self_check};
use crate::state::{Baseline, BaselineDocument, LookBack};

use super::events::Told;
use super::home::{is_remembered, remembered};
use super::session::Session;
use super::{Built, Prepared, Published, RunError, Stage, record};

impl Session<'_> {
    /// The documents of the last published report of this folder, if they are known.
    pub(super) fn last_baseline(&self) -> Option<Baseline> {
        let all = self.state.baselines();
        let is_of_this_folder = |output: &str| is_remembered(&self.config.run.state, output, &self.config.run.output);
        match self.memory.last.as_ref().filter(|last| is_of_this_folder(&last.output)) {
            Some(last) => all.load(&last.run_id),
            // The last run made another report, or state.json was damaged. The newest report of this folder that is remembered is also what
            // changes.csv compares with.
            None => all.ids().iter().filter_map(|id| all.load(id)).find(|baseline| is_of_this_folder(&baseline.output)),
        }
    }

    /// Notes the documents of this run.
    pub(super) fn remember_baseline(&mut self, prepared: &Prepared, built: &Built, output: &Path) {
        let fingerprint = record::fingerprint_parts(self.config, prepared);
        let mut documents: Vec<BaselineDocument> = Vec::with_capacity(built.corpus().document_count());
        for shard in built.corpus().shards() {
            let known = shard.documents().iter().enumerate().map(|(at, d)| BaselineDocument {
                id: d.id,
                key: d.text_key,
                tokens: shard.document_token_count(at) as u64,
                date: d.date,
                title: d.title.to_string(),
            });
            documents.extend(known);
        }
        documents.sort_by_key(|document| document.id);
        let left_out =
            built.corpus().left_out().iter().flat_map(PagedShard::documents).map(|document| (document.id, document.text_key)).collect();
        let published = time::OffsetDateTime::now_utc().unix_timestamp();
        let output = remembered(&self.config.run.state, output);
        let baseline = Baseline { run_id: self.run_id.clone(), published, output, fingerprint, documents, left_out };
        let days = match self.config.changes.baseline {
            BaselineChoice::Previous => None,
            BaselineChoice::Days(days) => Some(days),
        };
        let used = self.memory.last.as_ref().and_then(|last| last.baseline.clone());
        let done = self.state.baselines().add(&baseline, &LookBack { days, used });
        self.complain(done);
    }

    /// Reads the tables back as they will be published.
    pub(super) fn check(&self, written: &[Published], built: &Built, staging: &Staging) -> Result<(), RunError> {
        self.progress.stage(Stage::Check, 0);
        let facts = Facts {
            tokens: built.corpus().token_count(),
            documents: built.corpus().document_count() as u64,
            quarantine_rows: built.quarantined().len() as u64,
        };
        let tables: Vec<Expected<'_>> = written.iter().map(|p| Expected { definition: p.definition, file: &p.file }).collect();
        let checked = self_check(staging.path(), &tables, &facts, &self.config.report);
        let msg = format!("{} tables read back", tables.len());
        self.log.info("self_check", Told { stage: Some("check"), msg: &msg, ..Told::default() });
        checked.map_err(|error| RunError::SelfCheck(error.to_string(), staging.path().to_path_buf()))
    }
}
