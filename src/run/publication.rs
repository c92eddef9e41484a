//! From counts to a report in its place: tables written, read back, published, and what is remembered of them.

use crate::analysis::Coverage;
use crate::corpus::Room;
use crate::failpoint;
use crate::report::{self, DocumentCounts, NewFile, NewReport, PreviousReport, SeriesBreak, Staging};
use crate::source::FileStamp;
use crate::state::LastRun;
use crate::table::file_stem;

use super::build::stop_if_asked;
use super::comparison::Comparison;
use super::events::Told;
use super::guards::inputs_hash;
use super::home::remembered;
use super::incremental::Plan;
use super::record;
use super::room;
use super::session::{Session, root_names};
use super::{Built, ExitCode, Outcome, Prepared, Published, RunError, Stage};

impl Session<'_> {
    /// Writes the tables, checks and publishes them, and remembers what the next run must know.
    pub(super) fn publish(
        &mut self,
        prepared: &Prepared,
        (plan, built): (&Plan, &Built),
        (counts, series_break, room): (DocumentCounts, Option<SeriesBreak>, &Room),
        previous: &PreviousReport,
        staging: Staging,
    ) -> Result<Outcome, RunError> {
        let (written, coverage) = self.write_tables(prepared, built, &staging)?;
        room::check(room)?;
        let exit = built.exit(self.config);
        let ids: Vec<String> = prepared.taxonomies.iter().map(|taxonomy| taxonomy.id.clone()).collect();
        let descriptions: Vec<_> = written.iter().map(|p| (p.definition, &p.file)).collect();
        let write = |name: &str, result: std::io::Result<_>| result.map_err(|e| RunError::writing(name, e));
        let package = write("datapackage.json", report::write_datapackage(staging.path(), &descriptions, &self.config.report))?;
        let readme = write("README.md", report::write_readme(staging.path(), &crate::analysis::definitions(), &self.config.report))?;
        self.clock.lap(|d| &mut d.write);
        if let Err(error) = self.check(&written, built, &staging) {
            // For a person to look at.
            staging.keep();
            return Err(error);
        }
        self.clock.lap(|d| &mut d.check);
        let manifest = record::manifest(self, prepared, (plan, built), (&coverage, &written, counts), (previous, series_break), exit);
        let manifest_file = manifest.write(staging.path()).map_err(|e| RunError::writing("run.json", e))?;
        stop_if_asked(self.progress)?;
        self.progress.stage(Stage::Publish, 0);
        let tables = written.iter().flat_map(|p| &p.file.files);
        let mut files: Vec<NewFile> =
            tables.chain([&readme, &package]).map(|f| NewFile { name: f.name.clone(), sha256: f.sha256.clone() }).collect();
        let output = staging.output().to_path_buf();
        let manifest_hash = manifest_file.sha256.clone();
        staging.publish(&NewReport { files: files.clone(), manifest: manifest_file, obsolete: &previous.files })?;
        files.push(NewFile { name: "run.json".to_string(), sha256: manifest_hash });
        let msg = format!("{} documents in {} tables", built.corpus().document_count(), written.len());
        self.log.info("published", Told { stage: Some("publish"), msg: &msg, ..Told::default() });
        self.remember(prepared, (plan, built), &output, &files);
        let outcome = self.outcome(built, &ids, (&coverage, &written, counts), exit);
        failpoint::at("before_unlock");
        Ok(outcome)
    }

    fn write_tables(&mut self, prepared: &Prepared, built: &Built, staging: &Staging) -> Result<(Vec<Published>, Vec<Coverage>), RunError> {
        let compared = built.comparison.as_ref().map(Comparison::compared);
        let (tables, coverage) = built.tables_beside(prepared, compared.as_ref(), self.progress);
        stop_if_asked(self.progress)?;
        self.clock.lap(|d| &mut d.aggregate);
        self.progress.stage(Stage::Write, tables.len() as u64);
        let mut written: Vec<Published> = Vec::new();
        for table in tables {
            let file = report::write_table(&*table, &self.config.report, staging.path(), report::MOST_ROWS_PER_FILE)
                .map_err(|source| RunError::writing(&file_stem(&*table), source))?;
            failpoint::at("after_stage");
            written.push(Published {
                definition: table.definition(),
                file,
                dropped: table.dropped(),
                note: table.note(),
                warnings: table.warnings(),
            });
            self.progress.advance(1, 0);
            stop_if_asked(self.progress)?;
        }
        Ok((written, coverage))
    }

    fn outcome(
        &self,
        built: &Built,
        ids: &[String],
        (coverage, written, counts): (&[Coverage], &[Published], DocumentCounts),
        exit: ExitCode,
    ) -> Outcome {
        let warnings = record::warnings_of_tables(written).chain(built.warnings()).chain(self.warnings.clone());
        let bad = built.quarantined().iter();
        let coded = ids.iter().zip(coverage);
        let outcome = Outcome {
            documents: built.corpus().document_count() as u64,
            quarantined: built.quarantined_count(),
            bad: built.bad_inputs(),
            run_id: self.run_id.clone(),
            exit,
            warnings: warnings.collect(),
            bad_inputs: bad.map(|q| (q.place(), q.code.as_str().to_string(), q.message.clone())).collect(),
            counts,
            coded: coded.filter(|(_, c)| c.sentences > 0).map(|(id, c)| (id.clone(), coded_share(c))).collect(),
            rows: written.iter().map(|p| (p.file.stem(), p.file.files.iter().map(|f| f.rows).sum())).collect(),
        };
        for (code, count, first) in &outcome.warnings {
            let msg = format!("{count} times, first: {first}");
            self.log.warn("warning", "warning", Told { code: Some(code), msg: &msg, ..Told::default() });
        }
        outcome
    }

    /// What the next run must know. What cannot be written costs that run time, not this one its report.
    fn remember(&mut self, prepared: &Prepared, (plan, built): (&Plan, &Built), output: &std::path::Path, files: &[NewFile]) {
        if self.is_guest {
            return;
        }
        let stamps = files.iter().filter_map(|file| Some((file.name.clone(), FileStamp::at(&output.join(&file.name))?)));
        let hashes = files.iter().map(|file| (file.name.clone(), file.sha256.clone()));
        // What was read without harm is no longer suspected.
        self.memory.suspects.retain(|_, suspect| suspect.crashes > 1);
        self.memory.last = Some(LastRun {
            run_id: self.run_id.clone(),
            output: remembered(&self.config.run.state, output),
            roots: root_names(self.config),
            settings: record::settings_hash(self.config, prepared),
            inputs: inputs_hash(prepared, plan),
            baseline: built.comparison.as_ref().map(|comparison| comparison.baseline.run_id.clone()),
            files: stamps.collect(),
            hashes: hashes.collect(),
            documents: built.corpus().document_count() as u64,
            quarantined: built.quarantined_count(),
        });
        self.remember_baseline(prepared, built, output);
        failpoint::at("after_baseline");
        let kept = self.memory.store(&self.state.join("state.json"));
        self.complain(kept);
        if self.config.history.keep > 0 {
            let names: Vec<String> = files.iter().map(|file| file.name.clone()).collect();
            self.complain(crate::state::keep_copy(&self.state.join("history"), &self.run_id, output, &names, self.config.history.keep));
        }
    }

    /// What cannot be written into the state costs the next run, not this one: it is a warning.
    pub(super) fn complain(&mut self, done: std::io::Result<()>) {
        if let Err(error) = done {
            let msg = format!("{}: cannot be written: {error}", self.config.run.state.display());
            self.warnings.push(("W_STATE".to_string(), 1, msg));
        }
    }
}

fn coded_share(coverage: &Coverage) -> f64 {
    // Whole numbers below 2^53 for any corpus there is.
    1.0 - coverage.none as f64 / coverage.sentences as f64
}
