//! The steps of publishing.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::failpoint;

use super::journal::Journal;
use super::{PublishError, Staging};

/// A file of the new report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewFile {
    /// Its name.
    pub name: String,
    /// Its SHA-256, in hex.
    pub sha256: String,
}

/// A report that lies complete in the staging folder.
#[derive(Debug, Clone)]
pub struct NewReport<'a> {
    /// Its files but the manifest, in the order in which they are put in place.
    pub files: Vec<NewFile>,
    /// The manifest: the commit mark, put in place last.
    pub manifest: NewFile,
    /// Files of the report before that this one no longer has.
    pub obsolete: &'a [String],
}

/// Where the files that are replaced wait, in case they must come back.
pub(super) const PREVIOUS: &str = "prev";

/// How long a file that another program holds open is waited for, in all.
const PATIENCE: [Duration; 3] = [Duration::from_secs(1), Duration::from_secs(2), Duration::from_secs(4)];

impl Staging {
    /// Renames the files into the output folder, the manifest last, after a sync of the folder. A file whose bytes would not change is
    /// left alone.
    ///
    /// # Errors
    /// The first file that could not be put in place; those before it are put back as they were.
    pub fn publish(self, report: &NewReport<'_>) -> Result<(), PublishError> {
        let new: BTreeSet<&str> = report.files.iter().chain([&report.manifest]).map(|file| file.name.as_str()).collect();
        let is_gone = |name: &&String| !new.contains(name.as_str()) && is_plain_name(name);
        let obsolete: Vec<String> = report.obsolete.iter().filter(is_gone).cloned().collect();
        let names = new.iter().copied().chain(obsolete.iter().map(String::as_str));
        let created = keep_old(self.folder.path(), &self.output, names)?;
        let journal = Journal {
            staging: self.folder.path().to_path_buf(),
            output: self.output.clone(),
            files: report.files.clone(),
            manifest: report.manifest.clone(),
            obsolete,
            created,
        };
        failpoint::at("before_journal");
        if let Some(path) = &self.journal {
            journal.write(path).map_err(|source| PublishError::Replace { path: path.clone(), source })?;
        }
        failpoint::at("after_journal");
        let done = journal.forward();
        failpoint::at("after_manifest");
        let ended = match done {
            Ok(()) => Ok(()),
            Err((path, source)) if journal.back().is_ok() => Err(PublishError::Replace { path, source }),
            // The next run tries again, with the journal and what lies in the folder.
            Err((path, source)) => return Err(PublishError::Write { path, source, kept: self.keep_for_good() }),
        };
        if let Some(path) = &self.journal {
            // Without it the next start would only find that all is done.
            let _ = fs::remove_file(path);
        }
        ended
    }
}

/// Keeps what is about to be replaced, by a second name where the file system can, else by a copy. Gives the names of which there is
/// nothing.
fn keep_old<'n>(staging: &Path, output: &Path, names: impl Iterator<Item = &'n str>) -> Result<Vec<String>, PublishError> {
    let previous = staging.join(PREVIOUS);
    let keep = |name: &str| -> io::Result<bool> {
        let (from, to) = (output.join(name), previous.join(name));
        match fs::symlink_metadata(&from) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error),
            Ok(metadata) if metadata.is_dir() => Err(io::Error::other("a folder has the name of a table; move it away")),
            Ok(_) => fs::hard_link(&from, &to).or_else(|_| fs::copy(&from, &to).map(|_| ())).map(|()| true),
        }
    };
    fs::create_dir(&previous).map_err(|source| PublishError::Replace { path: previous.clone(), source })?;
    let mut missing = Vec::new();
    for name in names {
        if !keep(name).map_err(|source| PublishError::Replace { path: output.join(name), source })? {
            missing.push(name.to_string());
        }
    }
    Ok(missing)
}

/// Puts one file in place. It may be there already: publishing goes on where it was interrupted.
pub(super) fn place(staging: &Path, output: &Path, name: &str) -> io::Result<()> {
    let (from, to) = (staging.join(name), output.join(name));
    if is_same_file_content(&from, &to) {
        return fs::remove_file(&from);
    }
    let mut patience = PATIENCE.iter();
    loop {
        match fs::rename(&from, &to) {
            Err(error) if is_held(&error) => match patience.next() {
                Some(pause) => std::thread::sleep(*pause),
                None => return Err(error),
            },
            done => return done,
        }
    }
}

/// Whether another program may have the file open, as spreadsheets on Windows and on shared drives do.
fn is_held(error: &io::Error) -> bool {
    let held = [io::ErrorKind::ResourceBusy, io::ErrorKind::ExecutableFileBusy];
    held.contains(&error.kind())
        || (cfg!(windows) && error.kind() == io::ErrorKind::PermissionDenied)
        || error.raw_os_error() == Some(32) && cfg!(windows)
}

/// Only names of files in the folder itself are ever removed.
pub(super) fn is_plain_name(name: &str) -> bool {
    !name.is_empty() && !name.contains(['/', '\\']) && name != "." && name != ".."
}

pub(super) fn is_same_file_content(one: &Path, two: &Path) -> bool {
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

pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
    // Folders can be synced on Unix only; elsewhere the rename itself is what the system offers.
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}
