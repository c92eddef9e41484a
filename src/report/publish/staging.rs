//! Where a report is written before anyone sees it.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::PublishError;

/// A folder on the file system of the output folder, but outside of it: spreadsheets read every file in there. It goes away with
/// everything in it unless the report is being published when the program ends.
#[derive(Debug)]
pub struct Staging {
    pub(super) folder: TempDir,
    pub(super) output: PathBuf,
    /// Where it says that publishing has begun.
    pub(super) journal: Option<PathBuf>,
    /// Keeps other runs from the output folder while this lives; the system lets go of it when the program ends, however it ends.
    _lock: Option<File>,
}

impl Staging {
    /// Prepares for publishing into `output`, so that a folder that cannot be written is known before the long work. The report is
    /// written into the folder of the state where that is on the same file system, else beside the output folder.
    ///
    /// # Errors
    /// When the output folder cannot be created, or files cannot be made in it or renamed into it.
    pub fn create(output: &Path, state: Option<&Path>) -> Result<Self, PublishError> {
        let unwritable = |source| PublishError::Unwritable { path: output.to_path_buf(), source };
        let existed = output.exists();
        fs::create_dir_all(output).map_err(unwritable)?;
        let absolute = output.canonicalize().map_err(unwritable)?;
        let attempt = Self::for_output(&absolute, state);
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
        drop(Self::create(output, None)?);
        if !existed {
            // It was made by the line above and is empty.
            let _ = fs::remove_dir(output);
        }
        Ok(())
    }

    fn for_output(output: &Path, state: Option<&Path>) -> Result<Self, PublishError> {
        let unwritable = |source: io::Error| PublishError::Unwritable { path: output.to_path_buf(), source: explained(source) };
        let lock = lock(output)?;
        let parent = output.parent().unwrap_or(output);
        let name = output.file_name().map_or_else(|| "output".into(), |n| n.to_string_lossy().into_owned());
        let beside = format!(".{name}.staging-");
        if lock.is_some() {
            remove_leftovers(parent, &beside);
        }
        let in_state = state.map(|state| state.join("staging"));
        let tried = in_state.as_ref().map(|folder| {
            remove_leftovers(folder, "");
            fs::create_dir_all(folder)?;
            probe(folder, "", output)
        });
        let folder = match tried {
            Some(Ok(folder)) => folder,
            _ => probe(parent, &beside, output).map_err(unwritable)?,
        };
        let journal = state.map(|state| state.join("publish.json"));
        Ok(Self { folder, output: output.to_path_buf(), journal, _lock: lock })
    }

    /// Where to write the files of the report.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// An empty file beside the tables that goes away by itself.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn scratch(&self) -> io::Result<File> {
        tempfile::tempfile_in(self.folder.path())
    }

    /// The folder it will be published into.
    pub fn output(&self) -> &Path {
        &self.output
    }

    /// Leaves the files where they are, for a person to look at; gives the folder.
    pub fn keep(self) -> PathBuf {
        self.folder.keep()
    }

    /// The same for files without which the old report is not whole. The next run comes back to them where it has a journal; else it would
    /// take them for what a run left behind that was killed, so they get a name that it does not know.
    pub(super) fn keep_for_good(self) -> PathBuf {
        let has_journal = self.journal.is_some();
        let folder = self.keep();
        let name = folder.file_name().map(|name| name.to_string_lossy().trim_start_matches('.').to_string());
        let visible = name.filter(|_| !has_journal).map(|name| folder.with_file_name(name));
        visible.filter(|visible| fs::rename(&folder, visible).is_ok()).unwrap_or(folder)
    }
}

/// A new folder from which files can be renamed into `output`.
fn probe(parent: &Path, prefix: &str, output: &Path) -> io::Result<TempDir> {
    let folder = tempfile::Builder::new().prefix(prefix).tempdir_in(parent)?;
    let probe = folder.path().join(".probe");
    File::create(&probe)?;
    can_take(&probe, output)?;
    Ok(folder)
}

/// Whether `output` could take this file. Nothing is put there, since spreadsheets read every file: a file that does not exist cannot be
/// renamed, and the system's reason tells whether one that exists could (another file system and a read-only one are told first).
#[cfg(unix)]
fn can_take(probe: &Path, output: &Path) -> io::Result<()> {
    use rustix::fs::{Access, access};
    fs::remove_file(probe)?;
    match fs::rename(probe, output.join(".yuliao-probe")) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        other => return other,
    }
    Ok(access(output, Access::WRITE_OK | Access::EXEC_OK)?)
}

/// Whether `output` can take this file: it is put there for a moment.
#[cfg(not(unix))]
fn can_take(probe: &Path, output: &Path) -> io::Result<()> {
    let target = output.join(".yuliao-probe");
    fs::rename(probe, &target)?;
    fs::remove_file(&target)
}

/// Locks the output folder for this run; nothing where folders cannot be opened or locked.
#[cfg(not(windows))]
pub(super) fn lock(output: &Path) -> Result<Option<File>, PublishError> {
    let Ok(folder) = File::open(output) else { return Ok(None) };
    match folder.try_lock() {
        Ok(()) => Ok(Some(folder)),
        Err(fs::TryLockError::WouldBlock) => Err(PublishError::Busy { path: output.to_path_buf() }),
        Err(fs::TryLockError::Error(_)) => Ok(None),
    }
}

/// Locks the output folder for this run. Windows locks no folders, so a file beside it is held open that nobody else may open, and
/// that goes away when it is closed, also when the program is killed; nothing where no such file can be made.
#[cfg(windows)]
pub(super) fn lock(output: &Path) -> Result<Option<File>, PublishError> {
    use std::os::windows::fs::OpenOptionsExt;
    const DELETE_ON_CLOSE: u32 = 0x0400_0000;
    const SHARING_VIOLATION: i32 = 32;
    let name = output.file_name().unwrap_or_default().to_string_lossy();
    let path = output.with_file_name(format!(".{name}.lock"));
    match fs::OpenOptions::new().write(true).create(true).share_mode(0).custom_flags(DELETE_ON_CLOSE).open(path) {
        Ok(file) => Ok(Some(file)),
        Err(error) if error.raw_os_error() == Some(SHARING_VIOLATION) => Err(PublishError::Busy { path: output.to_path_buf() }),
        Err(_) => Ok(None),
    }
}

/// Removes what runs that were killed left in a staging folder, which must be locked.
pub fn remove_staging(folder: &Path) {
    remove_leftovers(folder, "");
}

/// Removes staging folders of runs that were killed. With the lock held, no living run has one.
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
            "the folder is a file system of its own, and tables are prepared outside before they are renamed into it: put the state \
             (run.state) on the same volume, or name a folder inside it",
        ),
        io::ErrorKind::PermissionDenied => io::Error::new(
            error.kind(),
            format!("{error} (tables are prepared in the state folder or beside the output folder, so these count too)"),
        ),
        _ => error,
    }
}
