//! What is being published, so that the next run can end what a crash interrupted.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::failpoint;
use crate::report::csv::sha256_of_file;

use super::place::{NewFile, PREVIOUS, is_plain_name, is_same_file_content, place, sync_folder};

/// A report on its way. Exists as a file only while files are being renamed.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Journal {
    /// Where the new files lie, and in `prev` the old ones.
    pub staging: PathBuf,
    /// Where they go.
    pub output: PathBuf,
    /// The files but the manifest.
    pub files: Vec<NewFile>,
    /// The manifest.
    pub manifest: NewFile,
    /// Files to remove.
    pub obsolete: Vec<String>,
    /// Files that the output folder did not have.
    #[serde(default)]
    pub created: Vec<String>,
}

/// How an interrupted publishing was ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recovered {
    /// The new report is in place.
    Forward,
    /// The old report is back.
    Back,
}

/// Ends the publishing that the journal at `path` tells of, if there is one and it is into one of these folders. Call it with the
/// lock of the state held.
///
/// # Errors
/// When files cannot be renamed; the journal then stays for the next try.
pub fn recover(path: &Path, outputs: &[PathBuf]) -> io::Result<Option<Recovered>> {
    let Ok(bytes) = fs::read(path) else { return Ok(None) };
    let journal: Option<Journal> = serde_json::from_slice(&bytes).ok();
    // One that was cut was being written, so nothing had been renamed yet. One of another folder is none of ours.
    let Some(journal) = journal.filter(|journal| outputs.iter().any(|output| journal.is_about(output))) else {
        return fs::remove_file(path).map(|()| None);
    };
    let ended = if journal.is_complete() {
        journal.forward().map_err(|(_, error)| error)?;
        Recovered::Forward
    } else {
        journal.back()?;
        Recovered::Back
    };
    let _ = fs::remove_dir_all(&journal.staging);
    fs::remove_file(path).map(|()| Some(ended))
}

impl Journal {
    /// Writes it and syncs it: from here on a crash is mended by the next run.
    pub fn write(&self, path: &Path) -> io::Result<()> {
        let mut file = File::create(path)?;
        file.write_all(&serde_json::to_vec(self)?)?;
        file.sync_all()?;
        path.parent().map_or(Ok(()), sync_folder)
    }

    fn is_about(&self, output: &Path) -> bool {
        let names = self.files.iter().chain([&self.manifest]).map(|file| &file.name).chain(&self.obsolete);
        output.canonicalize().is_ok_and(|output| output == self.output) && names.into_iter().all(|name| is_plain_name(name))
    }

    /// Whether every new file is in place, or still lies whole where it was written.
    fn is_complete(&self) -> bool {
        let is_whole = |folder: &Path, file: &NewFile| sha256_of_file(&folder.join(&file.name)).is_ok_and(|hash| hash == file.sha256);
        self.files.iter().chain([&self.manifest]).all(|file| is_whole(&self.staging, file) || is_whole(&self.output, file))
    }

    /// Puts everything in place that is not there yet.
    pub fn forward(&self) -> Result<(), (PathBuf, io::Error)> {
        let put = |file: &NewFile| -> Result<(), (PathBuf, io::Error)> {
            let is_done = !self.staging.join(&file.name).exists() && self.output.join(&file.name).exists();
            if is_done && sha256_of_file(&self.output.join(&file.name)).is_ok_and(|hash| hash == file.sha256) {
                return Ok(());
            }
            place(&self.staging, &self.output, &file.name).map_err(|error| (self.output.join(&file.name), error))
        };
        for file in &self.files {
            failpoint::at(if file.name == "datapackage.json" { "before_datapackage" } else { "before_rename" });
            put(file)?;
        }
        for name in &self.obsolete {
            // It may be gone already.
            let _ = fs::remove_file(self.output.join(name));
        }
        let sync = || sync_folder(&self.output).map_err(|error| (self.output.clone(), error));
        sync()?;
        failpoint::at("before_manifest");
        put(&self.manifest)?;
        sync()
    }

    /// Puts everything back as it was before. What was not touched is left alone, and a file that cannot be put back costs no other.
    ///
    /// # Errors
    /// The first file that could not be put back.
    pub fn back(&self) -> io::Result<()> {
        let names = self.files.iter().chain([&self.manifest]).map(|file| &file.name).chain(&self.obsolete);
        // All are tried before the first failure is told.
        let failed: Vec<io::Error> = names.filter_map(|name| self.put_back(name).err()).collect();
        let synced = sync_folder(&self.output);
        failed.into_iter().next().map_or(synced, Err)
    }

    fn put_back(&self, name: &str) -> io::Result<()> {
        let (kept, target) = (self.staging.join(PREVIOUS).join(name), self.output.join(name));
        if kept.exists() {
            return if is_same_file_content(&kept, &target) { Ok(()) } else { fs::rename(&kept, &target) };
        }
        // Where nothing was kept there was nothing, or the kept files are lost: then what is there is better than nothing.
        let is_new = self.created.iter().any(|created| created == name) && self.is_new_file(name);
        if is_new { fs::remove_file(&target) } else { Ok(()) }
    }

    /// Whether the file in the output folder is one that this report put there.
    fn is_new_file(&self, name: &str) -> bool {
        let new = self.files.iter().chain([&self.manifest]).find(|file| file.name == *name);
        new.is_some_and(|file| sha256_of_file(&self.output.join(name)).is_ok_and(|hash| hash == file.sha256))
    }
}
