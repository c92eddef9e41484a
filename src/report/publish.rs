//! Putting a finished report in place: written aside first, renamed when all of it is complete, the manifest last.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use thiserror::Error;

use super::csv::sha256_of_file;

/// Why a report could not be put in place.
#[derive(Debug, Error)]
pub enum PublishError {
    /// The output folder cannot be created or written to.
    #[error("{path}: the output folder cannot be written: {source}; choose another with --output or mend its permissions")]
    Unwritable {
        /// The output folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file could not be written or renamed.
    #[error("{path}: cannot be written: {source}; the tables that were there are unchanged unless named above")]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// A folder beside the output folder, on the same file system, where a report is written before anyone sees it. It goes away
/// with everything in it unless the report is published.
#[derive(Debug)]
pub struct Staging {
    folder: TempDir,
    output: PathBuf,
}

impl Staging {
    /// Prepares for publishing into `output`, so that a folder that cannot be written is known before the long work.
    ///
    /// # Errors
    /// When the output folder cannot be created, or files cannot be made in it or renamed into it.
    pub fn create(output: &Path) -> Result<Self, PublishError> {
        let unwritable = |source| PublishError::Unwritable { path: output.to_path_buf(), source };
        let existed = output.exists();
        fs::create_dir_all(output).map_err(unwritable)?;
        let absolute = output.canonicalize().map_err(unwritable)?;
        let attempt = Self::beside(&absolute);
        if attempt.is_err() && !existed {
            // Leave nothing behind: this call made the folder, and it is empty.
            let _ = fs::remove_dir(&absolute);
        }
        attempt.map_err(unwritable)
    }

    fn beside(output: &Path) -> io::Result<Self> {
        let parent = output.parent().unwrap_or(output);
        let name = output.file_name().map_or_else(|| "output".into(), |n| n.to_string_lossy().into_owned());
        let folder = tempfile::Builder::new().prefix(&format!(".{name}.staging-")).tempdir_in(parent)?;
        let probe = folder.path().join(".probe");
        let target = output.join(".yuliao-probe");
        File::create(&probe)?;
        fs::rename(&probe, &target)?;
        fs::remove_file(&target)?;
        Ok(Self { folder, output: output.to_path_buf() })
    }

    /// Where to write the files of the report.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The folder it will be published into.
    pub fn output(&self) -> &Path {
        &self.output
    }

    /// Renames `files`, in this order, into the output folder; `last` (the manifest) after a sync of the folder. A file whose
    /// bytes would not change is left alone. `obsolete` are files of an earlier report that this one no longer has.
    ///
    /// # Errors
    /// The first file that could not be put in place.
    pub fn publish(self, files: &[String], last: &str, obsolete: &[String]) -> Result<(), PublishError> {
        for name in files {
            self.place(name)?;
        }
        let kept: BTreeSet<&str> = files.iter().map(String::as_str).chain([last]).collect();
        for name in obsolete.iter().filter(|name| !kept.contains(name.as_str()) && is_plain_name(name)) {
            // It may be gone already; a leftover part is not worth failing a finished report.
            let _ = fs::remove_file(self.output.join(name));
        }
        self.sync_folder()?;
        self.place(last)?;
        self.sync_folder()
    }

    fn place(&self, name: &str) -> Result<(), PublishError> {
        let (from, to) = (self.folder.path().join(name), self.output.join(name));
        let write = |source| PublishError::Write { path: to.clone(), source };
        if is_same_file_content(&from, &to) {
            return fs::remove_file(&from).map_err(write);
        }
        fs::rename(&from, &to).map_err(write)
    }

    fn sync_folder(&self) -> Result<(), PublishError> {
        // Folders can be synced on Unix only; elsewhere the rename itself is what the system offers.
        if cfg!(unix) {
            let write = |source| PublishError::Write { path: self.output.clone(), source };
            File::open(&self.output).and_then(|folder| folder.sync_all()).map_err(write)?;
        }
        Ok(())
    }
}

/// Only names of files in the folder itself are ever removed.
fn is_plain_name(name: &str) -> bool {
    !name.is_empty() && !name.contains(['/', '\\']) && name != "." && name != ".."
}

fn is_same_file_content(one: &Path, two: &Path) -> bool {
    let size = |path: &Path| fs::symlink_metadata(path).ok().filter(fs::Metadata::is_file).map(|m| m.len());
    let (Some(a), Some(b)) = (size(one), size(two)) else { return false };
    a == b && matches!((sha256_of_file(one), sha256_of_file(two)), (Ok(x), Ok(y)) if x == y)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_seen_before_publishing_and_unchanged_files_stay() {
        let root = tempfile::tempdir().unwrap();
        let output = root.path().join("output");
        fs::create_dir(&output).unwrap();
        fs::write(output.join("same.csv"), "一").unwrap();
        fs::write(output.join("old.part-0002.csv"), "旧").unwrap();
        let before = fs::metadata(output.join("same.csv")).unwrap().modified().unwrap();
        let staging = Staging::create(&output).unwrap();
        for name in ["same.csv", "new.csv", "run.json"] {
            fs::write(staging.path().join(name), "一").unwrap();
        }
        assert!(!output.join("new.csv").exists());
        let obsolete = ["old.part-0002.csv".to_string(), "../escape".to_string()];
        staging.publish(&["same.csv".into(), "new.csv".into()], "run.json", &obsolete).unwrap();
        let mut names: Vec<String> = fs::read_dir(&output).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        assert_eq!(names, ["new.csv", "run.json", "same.csv"]);
        assert_eq!(fs::metadata(output.join("same.csv")).unwrap().modified().unwrap(), before);
        assert_eq!(fs::read_dir(root.path()).unwrap().count(), 1, "the staging folder is gone");
    }

    #[test]
    fn an_output_that_is_a_file_is_known_at_once() {
        let root = tempfile::tempdir().unwrap();
        let output = root.path().join("output");
        fs::write(&output, "").unwrap();
        assert!(matches!(Staging::create(&output), Err(PublishError::Unwritable { .. })));
    }
}
