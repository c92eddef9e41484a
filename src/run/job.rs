//! The work of a run, as a table of contents: plan, gather, count, write, check, publish, remember.

use std::collections::BTreeMap;

use crate::corpus::{PagedShard, Room};
use crate::failpoint;
use crate::report::{DocumentCounts, PreviousReport, Staging};
use crate::source::Quarantined;
use crate::state::{Catalogue, Suspect};

use super::build::{check_bad_share, stop_if_asked};
use super::comparison::{self, Earlier};
use super::effects;
use super::events::{MOST_REPEATS, Told, now_nanoseconds};
use super::fates;
use super::guards::{because, changed_output, check_fewer, check_gone, check_input, check_removals, is_nothing_new};
use super::home::is_remembered;
use super::incremental::{
    Gathered, Gathering, Known, Layers, Plan, ReadFiles, Reason, catalogue, keep_only, retire, retire_stored, store_composed, store_retired,
};
use super::room;
use super::series_break::check_series;
use super::session::{Session, has_roots_of};
use super::{ExitCode, Outcome, Prepared, RunError, Stage};

/// Texts that are gone are kept up to as many bytes as the corpus has, and up to this many of a small one.
const LEAST_RETIRED_BYTES: usize = 4 << 20;

impl Session<'_> {
    /// Does it all.
    pub fn work(&mut self) -> Result<Outcome, RunError> {
        let mut prepared = Prepared::new(self.config)?;
        let layers = Layers::of(&prepared);
        let before = self.catalogue();
        let listed_at = now_nanoseconds();
        let plan = prepared.plan(before.as_ref(), &layers, self.request.rehash);
        self.tell_plan((&plan, prepared.listing.unsettled.len()), before.as_ref(), &layers);
        // Where the documents of the last run are known, `make` asks for them instead of for files.
        if self.has_roots_of_last() && self.last_baseline().is_none() {
            check_removals(self.config, self.request, &plan, before.as_ref())?;
        }
        check_input(self.request, &prepared)?;
        let is_changed = self.tell_changed_output();
        if !is_changed && let Some(outcome) = self.nothing_new(&prepared, &plan) {
            return Ok(outcome);
        }
        check_series(self.config, self.request, &prepared, self.last_baseline())?;
        if !self.is_guest {
            self.suspect(&prepared).map_err(|source| RunError::state(&self.config.run.state, source))?;
        }
        let state = (!self.is_guest).then(|| self.state.path().to_path_buf());
        let staging = Staging::create(&self.config.run.output, state.as_deref())?;
        self.clock.lap(|d| &mut d.plan);
        let before = before.unwrap_or_default();
        prepared.in_pool(|| self.make(&prepared, &layers, (plan, before, listed_at), staging))
    }

    /// Whether the last run read the same folders: of other folders nothing is gone.
    fn has_roots_of_last(&self) -> bool {
        has_roots_of(self.memory.last.as_ref(), self.config)
    }

    /// Takes note of files that were being read when a run was killed.
    fn suspect(&mut self, prepared: &Prepared) -> std::io::Result<()> {
        let left = self.state.in_flight().left_behind();
        for file in prepared.listing.files.iter().filter(|file| left.binary_search_by(|path| (**path).cmp(&file.relative)).is_ok()) {
            let fresh = Suspect { stamp: file.stamp, crashes: 0, program: env!("CARGO_PKG_VERSION").to_string() };
            let suspect = self.memory.suspects.entry(file.relative.to_string()).or_insert_with(|| fresh.clone());
            if (suspect.stamp, &suspect.program) != (fresh.stamp, &fresh.program) {
                *suspect = fresh;
            }
            suspect.crashes += 1;
        }
        if left.is_empty() { Ok(()) } else { self.memory.store(&self.state.join("state.json")) }
    }

    fn catalogue(&mut self) -> Option<Catalogue> {
        let path = self.state.join("catalogue");
        if self.request.full || !path.exists() {
            return None;
        }
        Catalogue::load(&path)
            .inspect_err(|error| self.warnings.push(("W_STATE".to_string(), 1, format!("catalogue: {error}; everything is read again"))))
            .ok()
    }

    fn tell_plan(&self, (plan, unsettled): (&Plan, usize), before: Option<&Catalogue>, layers: &Layers) {
        let counts: Vec<String> = Reason::ALL.iter().map(|reason| format!("{}={}", reason.as_str(), plan.count(*reason))).collect();
        let because = before.map(|before| because(before, layers)).unwrap_or_default();
        let unsettled = if unsettled == 0 { String::new() } else { format!(" unsettled={unsettled}") };
        let because = if because.is_empty() { String::new() } else { format!("; {}", because.join("; ")) };
        let msg = format!("files {} removed={}{unsettled}{because}", counts.join(" "), plan.removed.len());
        self.log.info("plan", Told { stage: Some("plan"), msg: &msg, ..Told::default() });
    }

    /// What to say if the report in place is what this run would make.
    /// Warns of a file of the last report that somebody changed: it is put back.
    fn tell_changed_output(&mut self) -> bool {
        let last = self.memory.last.as_ref().filter(|last| is_remembered(&self.config.run.state, &last.output, &self.config.run.output));
        let changed = last.filter(|_| !self.is_guest).and_then(|last| changed_output(self.config, last));
        let is_changed = changed.is_some();
        self.warnings.extend(changed.map(|changed| ("W_OUTPUT_CHANGED".to_string(), 1, changed)));
        is_changed
    }

    fn nothing_new(&mut self, prepared: &Prepared, plan: &Plan) -> Option<Outcome> {
        let last = self.memory.last.as_ref().filter(|_| !self.is_guest && !self.request.full)?;
        if !is_nothing_new(prepared, plan, last) {
            return None;
        }
        let msg = format!("nothing is new since run {}; the report is left as it is", last.run_id);
        self.log.info("nothing_new", Told { stage: Some("plan"), msg: &msg, ..Told::default() });
        Some(Outcome {
            documents: last.documents,
            quarantined: last.quarantined,
            run_id: self.run_id.clone(),
            exit: ExitCode::NothingNew(self.config.run.no_change_exit),
            warnings: self.warnings.clone(),
            bad_inputs: Vec::new(),
            bad: 0,
            counts: DocumentCounts { unchanged: last.documents, ..DocumentCounts::default() },
            coded: Vec::new(),
            rows: Vec::new(),
        })
    }

    fn make(
        &mut self,
        prepared: &Prepared,
        layers: &Layers,
        (mut plan, before, listed_at): (Plan, Catalogue, i64),
        staging: Staging,
    ) -> Result<Outcome, RunError> {
        let room = room::new(self.config, &prepared.listing.files, &staging)?;
        let mut known = self.known(prepared, (&before, layers, &room), &mut plan);
        let earlier = self.earlier();
        let (gathered, retired) = self.gather((prepared, &room), (&plan, &before, layers), &mut known, &earlier)?;
        let (bad, documents) = (prepared.quarantined(&gathered), gathered.document_count());
        if !self.is_guest {
            let path = self.state.join("quarantine.csv");
            let unchanged = plan.unchanged(&prepared.listing.files);
            let is_as_before =
                |path: &str| unchanged.contains(path) || path.match_indices('/').any(|(at, _)| unchanged.contains(&path[..at]));
            self.complain(super::quarantine_log::write(&path, &bad, &self.clock.started_at(), is_as_before));
        }
        self.tell_bad(&bad);
        let last = self.last_baseline();
        if let Some(last) = last.as_ref().filter(|_| self.has_roots_of_last()) {
            // Before anything is stored: what is known of a folder that is not mounted is of use when it is back.
            let gone = comparison::gone(gathered.composed.shards.iter().flat_map(PagedShard::documents), last);
            check_gone(self.config, self.request, &plan, (&gone, last.documents.len() as u64)).map_err(|gone| {
                // Where every file is there they are gone because it cannot be read.
                if plan.removed.is_empty() { check_bad_share(self.config, &bad, documents).err().unwrap_or(gone) } else { gone }
            })?;
        }
        let now = self.store(prepared, &gathered, &known, layers, (listed_at, retired.as_slice()))?;
        check_bad_share(self.config, &bad, documents)?;
        room::check(&room)?;
        let mut built = prepared.assemble((gathered, bad), &room, self.progress)?;
        let previous = PreviousReport::read(staging.output());
        if !self.request.allow_removals {
            built.check_anything_left(&previous)?;
        }
        if last.is_none() && self.has_roots_of_last() {
            check_fewer(self.config, self.request, previous.documents, built.corpus().document_count() as u64)?;
        }
        let counts = fates::count(built.corpus(), last.as_ref());
        let baseline = self.chosen(&earlier, counts.new + counts.changed + counts.removed > 0);
        built.compare(prepared, baseline, retired, &room);
        let series_break = baseline.and_then(|baseline| self.series_break(prepared, baseline, built.corpus(), &before, layers));
        self.clock.lap(|d| &mut d.process);
        let outcome = self.publish(prepared, (&plan, &built), (counts, series_break, &room), &previous, staging)?;
        if let Some(now) = now {
            keep_only(&self.state.shards(), [&now.shards, &now.retired], layers);
        }
        Ok(outcome)
    }

    /// What was cut before and is of use now, with a word on what is damaged.
    fn known(&mut self, prepared: &Prepared, (before, layers, room): (&Catalogue, &Layers, &Room), plan: &mut Plan) -> Known {
        if self.request.full {
            return Known::default();
        }
        let known = Known::load(&self.state.shards(), before, layers, (prepared.tools(), room), plan);
        let damage = [
            (known.damaged, format!("{} shards are damaged; their documents are read again", known.damaged)),
            (known.damaged_themes, format!("the themes of {} shards are damaged; they are found again", known.damaged_themes)),
        ];
        self.warnings.extend(damage.into_iter().filter(|(count, _)| *count > 0).map(|(count, what)| ("W_STATE".to_string(), count, what)));
        known
    }

    /// The documents of the plan; and texts that are gone but were in an earlier run that may be compared with.
    fn gather(
        &self,
        (prepared, room): (&Prepared, &Room),
        (plan, before, layers): (&Plan, &Catalogue, &Layers),
        known: &mut Known,
        earlier: &Earlier,
    ) -> Result<(Gathered, Vec<PagedShard>), RunError> {
        self.progress.stage(Stage::Process, plan.to_read().iter().map(|number| prepared.listing.files[*number].bytes).sum());
        let read = self.read((prepared, room), plan, known);
        stop_if_asked(self.progress)?;
        let gathering = Gathering::new(&prepared.listing.files, plan, (before, known), read);
        let here = gathering.text_keys(known);
        let (wanted, most_bytes) = (earlier.wanted(&here), gathering.text_bytes(known).max(LEAST_RETIRED_BYTES));
        let retired = match self.request.full {
            true => retire_stored(&self.state.shards(), layers, &wanted, (prepared.tools(), room), most_bytes),
            false => retire(known, &wanted, most_bytes, room),
        };
        let gathered = gathering.composed(known, room);
        Ok((gathered, retired.into_iter().map(|shard| room.settle(shard)).collect()))
    }

    /// Reads what the plan says. A file that may have ended an earlier run is read alone, and not at all when it did so twice.
    fn read(&self, (prepared, room): (&Prepared, &Room), plan: &Plan, known: &Known) -> ReadFiles {
        let crashes = |number: &usize| {
            let file = &prepared.listing.files[*number];
            let suspect = self.memory.suspects.get(&*file.relative);
            suspect.filter(|s| s.stamp == file.stamp && s.program == env!("CARGO_PKG_VERSION")).map_or(0, |s| s.crashes)
        };
        let (trusted, suspects): (Vec<usize>, Vec<usize>) = plan.to_read().into_iter().partition(|number| crashes(number) == 0);
        let notes = (!self.is_guest).then(|| self.state.in_flight());
        let mut read = ReadFiles::new((prepared, room), &trusted, known, notes.as_ref(), self.progress);
        for number in suspects {
            match crashes(&number) {
                1 => read.join(ReadFiles::new((prepared, room), &[number], known, notes.as_ref(), self.progress)),
                _ => read.set_aside(number, &prepared.listing.files[number]),
            }
        }
        read
    }

    /// Says of each input that could not be used, and of how many with the same code where not each is told.
    fn tell_bad(&self, bad: &[Quarantined]) {
        let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
        for item in bad {
            let (code, place) = (item.code.as_str(), item.place());
            *counts.entry(code).or_default() += item.count;
            let told = Told { stage: Some("process"), path: Some(&place), code: Some(code), msg: &item.message };
            self.log.warn("warning", "document_quarantined", told);
        }
        for (code, count) in counts.into_iter().filter(|(_, count)| *count > MOST_REPEATS) {
            let msg = format!("{count} inputs in all; see quarantine.csv");
            self.log.warn("warning", "warning", Told { stage: Some("process"), code: Some(code), msg: &msg, ..Told::default() });
        }
    }

    /// Stores what was cut, so that the next run need not do it again, whatever becomes of this one.
    fn store(
        &self,
        prepared: &Prepared,
        gathered: &Gathered,
        known: &Known,
        layers: &Layers,
        (listed_at, retired): (i64, &[PagedShard]),
    ) -> Result<Option<Catalogue>, RunError> {
        if self.is_guest {
            return Ok(None);
        }
        let path = self.state.join("catalogue");
        let failed = |source| RunError::state(&self.config.run.state, source);
        let names = store_composed(&gathered.composed, known, &self.state.shards(), layers).map_err(failed)?;
        failpoint::at("after_shard_write");
        let mut now = catalogue(&gathered.files, &gathered.composed, names, layers, listed_at);
        now.taxonomies = effects::theme_ids(&prepared.taggers);
        now.retired = store_retired(retired, &self.state.shards(), layers).map_err(failed)?;
        now.store(&path).map_err(failed)?;
        Ok(Some(now))
    }
}
