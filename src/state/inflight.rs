//! What is being read right now, so that a document that ends the whole program (a stack that overflows, an abort in a library) is
//! known to the next run. Files of plain text and records are not noted: nothing in them can do that, and a machine that is switched
//! off is no reason to suspect them.

use std::fs;
use std::path::{Path, PathBuf};

/// The folder of the notes: one small file for each batch that is being read.
#[derive(Debug, Clone)]
pub struct InFlight(PathBuf);

/// A note; it goes when the batch is read.
#[derive(Debug)]
pub struct Mark(Option<PathBuf>);

impl Drop for Mark {
    fn drop(&mut self) {
        if let Some(path) = &self.0 {
            // One that stays names a document that was read: it is read alone next time, no more.
            let _ = fs::remove_file(path);
        }
    }
}

impl InFlight {
    /// In this folder.
    pub fn new(folder: &Path) -> Self {
        Self(folder.to_path_buf())
    }

    /// Notes that these files are being read. Not synced: it need only outlive the process.
    pub fn mark(&self, number: usize, paths: &[String]) -> Mark {
        if paths.is_empty() {
            return Mark(None);
        }
        let path = self.0.join(number.to_string());
        let written = fs::create_dir_all(&self.0).and_then(|()| fs::write(&path, paths.join("\n")));
        Mark(written.is_ok().then_some(path))
    }

    /// The files that were being read when an earlier run was killed; the notes are taken away.
    pub fn left_behind(&self) -> Vec<String> {
        let mut paths = Vec::new();
        for note in fs::read_dir(&self.0).into_iter().flatten().flatten().map(|entry| entry.path()) {
            paths.extend(fs::read_to_string(&note).unwrap_or_default().lines().map(String::from));
            let _ = fs::remove_file(note);
        }
        paths.sort();
        paths.dedup();
        paths
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_not_done_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let notes = InFlight::new(&folder.path().join("inflight"));
        let done = notes.mark(0, &["a.html".into()]);
        let killed = notes.mark(1, &["c.docx".into(), "b.html".into()]);
        drop((done, notes.mark(2, &[])));
        std::mem::forget(killed);
        assert_eq!((notes.left_behind(), notes.left_behind()), (vec!["b.html".to_string(), "c.docx".to_string()], vec![]));
    }
}
