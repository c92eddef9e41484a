//! Putting a finished report in place: written aside first, renamed when all of it is complete, the manifest last.

use std::collections::BTreeSet;
use std::fs::{self, File, TryLockError};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use thiserror::Error;

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
    /// Another run publishes into the same folder.
    #[error("{path}: another run holds the output folder; wait until it is done, or choose another with --output")]
    Busy {
        /// The output folder.
        path: PathBuf,
    },
    /// A file could not be replaced, and the old report was put back.
    #[error("{path}: cannot be replaced: {source}; the old report stands; close the file if a program has it open")]
    Replace {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The report could not be put in place, and the old one could not be put back whole.
    #[error("{path}: cannot be written: {source}; the report there may be old and new in part: run again")]
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
    /// The open output folder, locked while this lives; the system unlocks it when the program ends, however it ends.
    _lock: Option<File>,
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
        attempt
    }

    /// The same test for one who publishes nothing: leaves no trace.
    ///
    /// # Errors
    /// As [`Self::create`].
    pub fn check(output: &Path) -> Result<(), PublishError> {
        let existed = output.exists();
        drop(Self::create(output)?);
        if !existed {
            // It was made by the line above and is empty.
            let _ = fs::remove_dir(output);
        }
        Ok(())
    }

    fn beside(output: &Path) -> Result<Self, PublishError> {
        let unwritable = |source: io::Error| PublishError::Unwritable { path: output.to_path_buf(), source: explained(source) };
        let lock = lock(output)?;
        let parent = output.parent().unwrap_or(output);
        let name = output.file_name().map_or_else(|| "output".into(), |n| n.to_string_lossy().into_owned());
        let prefix = format!(".{name}.staging-");
        if lock.is_some() {
            remove_leftovers(parent, &prefix);
        }
        let probe = || -> io::Result<TempDir> {
            let folder = tempfile::Builder::new().prefix(&prefix).tempdir_in(parent)?;
            let probe = folder.path().join(".probe");
            let target = output.join(".yuliao-probe");
            File::create(&probe)?;
            fs::rename(&probe, &target)?;
            fs::remove_file(&target)?;
            Ok(folder)
        };
        Ok(Self { folder: probe().map_err(unwritable)?, output: output.to_path_buf(), _lock: lock })
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
    /// The first file that could not be put in place; those before it are put back as they were.
    pub fn publish(self, files: &[String], last: &str, obsolete: &[String]) -> Result<(), PublishError> {
        let all: Vec<&str> = files.iter().map(String::as_str).chain([last]).collect();
        let kept = self.keep_old(&all)?;
        let placed = all.iter().try_fold(0, |placed, name| {
            let synced = if *name == last { self.sync_folder() } else { Ok(()) };
            let done = synced.and_then(|()| self.place(name));
            done.map(|()| placed + 1).map_err(|source| (placed, name, source))
        });
        if let Err((placed, name, source)) = placed {
            let path = self.output.join(name);
            return match self.put_back(&all[..placed], &kept) {
                Ok(()) => Err(PublishError::Replace { path, source }),
                Err(_) => Err(PublishError::Write { path, source }),
            };
        }
        let new: BTreeSet<&str> = all.into_iter().collect();
        for name in obsolete.iter().filter(|name| !new.contains(name.as_str()) && is_plain_name(name)) {
            // It may be gone already; a leftover part is not worth failing a finished report.
            let _ = fs::remove_file(self.output.join(name));
        }
        self.sync_folder().map_err(|source| PublishError::Write { path: self.output.clone(), source })
    }

    /// Keeps what is about to be replaced, by a second name where the file system can, else by a copy. Returns which there were.
    fn keep_old<'n>(&self, names: &[&'n str]) -> Result<BTreeSet<&'n str>, PublishError> {
        let previous = self.folder.path().join(PREVIOUS);
        let mut kept = BTreeSet::new();
        let keep = |name: &str| -> io::Result<bool> {
            let (from, to) = (self.output.join(name), previous.join(name));
            match fs::symlink_metadata(&from) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
                Err(error) => Err(error),
                Ok(metadata) if metadata.is_dir() => Err(io::Error::other("a folder has the name of a table")),
                Ok(_) => fs::hard_link(&from, &to).or_else(|_| fs::copy(&from, &to).map(|_| ())).map(|()| true),
            }
        };
        fs::create_dir(&previous).map_err(|source| PublishError::Replace { path: previous.clone(), source })?;
        for name in names {
            let replace = |source| PublishError::Replace { path: self.output.join(name), source };
            if keep(name).map_err(replace)? {
                kept.insert(*name);
            }
        }
        Ok(kept)
    }

    /// Undoes the placing of these files.
    fn put_back(&self, placed: &[&str], kept: &BTreeSet<&str>) -> io::Result<()> {
        for name in placed {
            let target = self.output.join(name);
            match kept.contains(name) {
                true => fs::rename(self.folder.path().join(PREVIOUS).join(name), &target)?,
                false => fs::remove_file(&target)?,
            }
        }
        self.sync_folder()
    }

    fn place(&self, name: &str) -> io::Result<()> {
        let (from, to) = (self.folder.path().join(name), self.output.join(name));
        if is_same_file_content(&from, &to) { fs::remove_file(&from) } else { fs::rename(&from, &to) }
    }

    fn sync_folder(&self) -> io::Result<()> {
        // Folders can be synced on Unix only; elsewhere the rename itself is what the system offers.
        if cfg!(unix) { File::open(&self.output)?.sync_all() } else { Ok(()) }
    }
}

/// Where the files that are replaced wait, in case they must come back.
const PREVIOUS: &str = "previous";

/// Locks the output folder for this run; nothing where folders cannot be opened or locked.
fn lock(output: &Path) -> Result<Option<File>, PublishError> {
    let Ok(folder) = File::open(output) else { return Ok(None) };
    match folder.try_lock() {
        Ok(()) => Ok(Some(folder)),
        Err(TryLockError::WouldBlock) => Err(PublishError::Busy { path: output.to_path_buf() }),
        Err(TryLockError::Error(_)) => Ok(None),
    }
}

/// Removes staging folders of runs that were killed. With the output locked, no living run has one.
fn remove_leftovers(parent: &Path, prefix: &str) {
    let entries = fs::read_dir(parent).into_iter().flatten().flatten();
    let is_leftover =
        |entry: &fs::DirEntry| entry.file_name().to_string_lossy().starts_with(prefix) && entry.file_type().is_ok_and(|t| t.is_dir());
    for leftover in entries.filter(is_leftover) {
        // What cannot be removed stays; it harms nothing.
        let _ = fs::remove_dir_all(leftover.path());
    }
}

/// Says what to do where the system's words do not.
fn explained(error: io::Error) -> io::Error {
    match error.kind() {
        io::ErrorKind::CrossesDevices => io::Error::new(
            error.kind(),
            "the folder is a file system of its own, and tables are prepared beside it before they are renamed into it: name a folder inside it",
        ),
        io::ErrorKind::PermissionDenied => io::Error::new(
            error.kind(),
            format!("{error} (tables are prepared beside the output folder, so the folder above it counts too)"),
        ),
        _ => error,
    }
}

/// Only names of files in the folder itself are ever removed.
fn is_plain_name(name: &str) -> bool {
    !name.is_empty() && !name.contains(['/', '\\']) && name != "." && name != ".."
}

fn is_same_file_content(one: &Path, two: &Path) -> bool {
    let size = |path: &Path| fs::symlink_metadata(path).ok().filter(fs::Metadata::is_file).map(|m| m.len());
    let (Some(a), Some(b)) = (size(one), size(two)) else { return false };
    a == b && same_bytes(one, two).unwrap_or(false)
}

/// Whether two files of equal size hold the same bytes.
fn same_bytes(one: &Path, two: &Path) -> io::Result<bool> {
    let (mut one, mut two) = (File::open(one)?, File::open(two)?);
    let (mut a, mut b) = (vec![0; 1 << 16], vec![0; 1 << 16]);
    loop {
        let read = one.read(&mut a)?;
        if read == 0 {
            return Ok(true);
        }
        two.read_exact(&mut b[..read])?;
        if a[..read] != b[..read] {
            return Ok(false);
        }
    }
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
    fn a_file_that_cannot_be_replaced_brings_the_old_report_back() {
        let root = tempfile::tempdir().unwrap();
        let output = root.path().join("output");
        fs::create_dir(&output).unwrap();
        for name in ["a.csv", "run.json"] {
            fs::write(output.join(name), "旧").unwrap();
        }
        let staging = Staging::create(&output).unwrap();
        for name in ["a.csv", "b.csv", "run.json"] {
            fs::write(staging.path().join(name), "新").unwrap();
        }
        // The last of four files was never written: renaming it must fail after the others were renamed.
        let files = ["a.csv".to_string(), "b.csv".to_string(), "missing.csv".to_string()];
        let error = staging.publish(&files, "run.json", &[]).unwrap_err();
        assert!(matches!(&error, PublishError::Replace { path, .. } if path.ends_with("missing.csv")), "{error}");
        let read = |name: &str| fs::read_to_string(output.join(name)).ok();
        assert_eq!([read("a.csv"), read("b.csv"), read("run.json")], [Some("旧".into()), None, Some("旧".into())]);
        fs::create_dir(output.join("b.csv")).unwrap();
        let staging = Staging::create(&output).unwrap();
        fs::write(staging.path().join("a.csv"), "新").unwrap();
        assert!(staging.publish(&["a.csv".into(), "b.csv".into()], "run.json", &[]).is_err());
        assert_eq!(read("a.csv"), Some("旧".into()), "nothing was touched");
    }

    #[test]
    fn one_run_at_a_time_and_leftovers_go() {
        let root = tempfile::tempdir().unwrap();
        let output = root.path().join("output");
        let leftover = root.path().join(".output.staging-dead");
        fs::create_dir_all(&leftover).unwrap();
        let first = Staging::create(&output).unwrap();
        assert!(!leftover.exists());
        assert!(matches!(Staging::create(&output), Err(PublishError::Busy { .. })));
        drop(first);
        assert!(Staging::create(&output).is_ok());
        assert!(Staging::check(&root.path().join("new")).is_ok() && !root.path().join("new").exists());
    }

    #[test]
    fn an_output_that_is_a_file_is_known_at_once() {
        let root = tempfile::tempdir().unwrap();
        let output = root.path().join("output");
        fs::write(&output, "").unwrap();
        assert!(matches!(Staging::create(&output), Err(PublishError::Unwritable { .. })));
    }
}
