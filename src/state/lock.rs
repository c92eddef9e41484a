//! One run at a time. The operating system lets go of the lock when its holder ends, however it ends.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use thiserror::Error;

/// Why there is no lock.
#[derive(Debug, Error)]
pub enum LockError {
    /// Another run has it.
    #[error("{path}: another run is at work ({holder}); try again when it is done, or wait for it with --wait 5m")]
    Busy {
        /// The lock.
        path: PathBuf,
        /// What the other run says of itself.
        holder: String,
    },
    /// It cannot be made, or the file system has no locks.
    #[error("{path}: cannot be locked: {source}; put the state on a file system that has locks with run.state")]
    Unable {
        /// The lock.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// Held while it lives.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

/// The last holder of a lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// What it said of itself.
    pub who: String,
    /// Whether it still has the lock.
    pub is_at_work: bool,
}

/// How often it is tried again.
const PAUSE: Duration = Duration::from_millis(500);

/// Whoever looks at the lock holds it for a moment: that is no other run.
const GLANCE: Duration = Duration::from_millis(50);

impl Lock {
    /// Takes the lock at `path`, waiting for it up to `wait`; `waiting` is called once if that is necessary, `goes_on` is asked
    /// before every further try. `who` is written into the file, for the messages of others.
    ///
    /// # Errors
    /// When another run has it all the time, or it cannot be made.
    pub fn take(
        path: &Path,
        wait: Duration,
        who: &str,
        waiting: &mut dyn FnMut(&str),
        goes_on: &dyn Fn() -> bool,
    ) -> Result<Self, LockError> {
        let unable = |source| LockError::Unable { path: path.to_path_buf(), source };
        let began = Instant::now();
        let mut told = false;
        let mut file = loop {
            if let Some(file) = attempt(path).map_err(unable)? {
                break file;
            }
            if began.elapsed() >= wait.max(GLANCE) || !goes_on() {
                return Err(LockError::Busy { path: path.to_path_buf(), holder: holder(path) });
            }
            if !std::mem::replace(&mut told, true) {
                waiting(&holder(path));
            }
            std::thread::sleep(PAUSE.min(wait.max(GLANCE).saturating_sub(began.elapsed())));
        };
        // Only for messages: what cannot be written changes nothing.
        let _ = file.set_len(0).and_then(|()| file.write_all(who.as_bytes()));
        Ok(Self { _file: file })
    }
}

/// Who took the lock last; nothing if nobody did or it cannot be read.
pub fn last_holder(path: &Path) -> Option<Holder> {
    let text = fs::read_to_string(path).ok()?;
    let who = text.lines().next().filter(|line| !line.is_empty())?.to_string();
    Some(Holder { who, is_at_work: is_held(path) })
}

/// Whether a run has it. Who may only read may ask.
#[cfg(not(windows))]
fn is_held(path: &Path) -> bool {
    File::open(path).is_ok_and(|file| matches!(file.try_lock_shared(), Err(fs::TryLockError::WouldBlock)))
}

/// Whether a run has it.
#[cfg(windows)]
fn is_held(path: &Path) -> bool {
    matches!(attempt(path), Ok(None))
}

/// The locked file; nothing if another run has it.
#[cfg(not(windows))]
fn attempt(path: &Path) -> io::Result<Option<File>> {
    let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(fs::TryLockError::WouldBlock) => Ok(None),
        Err(fs::TryLockError::Error(source)) => Err(source),
    }
}

/// The file, which others may only read now; nothing if another run has it. A lock in the sense of Windows would keep them from reading
/// who holds it, too.
#[cfg(windows)]
fn attempt(path: &Path) -> io::Result<Option<File>> {
    use std::os::windows::fs::OpenOptionsExt;
    const SHARE_READ: u32 = 1;
    const SHARING_VIOLATION: i32 = 32;
    match OpenOptions::new().read(true).write(true).create(true).truncate(false).share_mode(SHARE_READ).open(path) {
        Ok(file) => Ok(Some(file)),
        Err(error) if error.raw_os_error() == Some(SHARING_VIOLATION) => Ok(None),
        Err(error) => Err(error),
    }
}

fn holder(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap_or_default();
    let line = text.lines().next().unwrap_or_default().trim();
    if line.is_empty() { "it does not say which".to_string() } else { line.chars().take(200).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_holder_is_known_also_when_it_is_gone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        assert_eq!(last_holder(&path), None);
        let lock = Lock::take(&path, Duration::ZERO, "run r1, process 1\n", &mut |_| (), &|| true).unwrap();
        let holder = |is_at_work| Some(Holder { who: "run r1, process 1".to_string(), is_at_work });
        assert_eq!(last_holder(&path), holder(true));
        drop(lock);
        assert_eq!(last_holder(&path), holder(false));
    }

    #[test]
    fn a_second_one_waits_and_gives_up_and_gets_it_when_the_first_is_gone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        let take = |wait| Lock::take(&path, wait, "pid 1", &mut |_| (), &|| true);
        let first = take(Duration::ZERO).unwrap();
        let refused = take(Duration::from_millis(20)).unwrap_err();
        assert!(matches!(&refused, LockError::Busy { holder, .. } if holder == "pid 1"), "{refused}");
        drop(first);
        assert!(take(Duration::ZERO).is_ok());
        assert!(matches!(
            Lock::take(&folder.path().join("no/lock"), Duration::ZERO, "", &mut |_| (), &|| true),
            Err(LockError::Unable { .. })
        ));
    }
}
