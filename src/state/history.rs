//! Dated copies of the tables, outside the folder that spreadsheets refresh from.

use std::fs;
use std::io;
use std::path::Path;

/// Copies the files `names` of `output` into `folder/run_id` and keeps the newest `keep` copies. Copies are hard links where the
/// file system can: a table that is replaced later is a new file, so the copy stays as it is.
///
/// # Errors
/// When a file cannot be copied; what was begun is removed.
pub fn keep_copy(folder: &Path, run_id: &str, output: &Path, names: &[String], keep: usize) -> io::Result<()> {
    let (begun, done) = (folder.join(format!(".new-{run_id}")), folder.join(run_id));
    let copy = || -> io::Result<()> {
        fs::create_dir_all(&begun)?;
        for name in names {
            let (from, to) = (output.join(name), begun.join(name));
            fs::hard_link(&from, &to).or_else(|_| fs::copy(&from, &to).map(|_| ()))?;
        }
        fs::rename(&begun, &done)
    };
    copy().inspect_err(|_| {
        let _ = fs::remove_dir_all(&begun);
    })?;
    let mut runs: Vec<String> = fs::read_dir(folder)?.flatten().filter_map(|entry| entry.file_name().into_string().ok()).collect();
    runs.sort_unstable_by(|a, b| b.cmp(a));
    for old in runs.iter().filter(|name| is_run(name)).skip(keep) {
        let _ = fs::remove_dir_all(folder.join(old));
    }
    for begun in runs.iter().filter(|name| name.starts_with(".new-")) {
        let _ = fs::remove_dir_all(folder.join(begun));
    }
    Ok(())
}

/// Whether a copy of a run may have this name; what somebody put beside them stays.
fn is_run(name: &str) -> bool {
    let Some((date, time)) = name.strip_prefix('r').and_then(|rest| rest.split_once('T')) else { return false };
    date.len() == 8 && date.bytes().all(|digit| digit.is_ascii_digit()) && time.contains("Z-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_copies_stay() {
        let root = tempfile::tempdir().unwrap();
        let (output, history) = (root.path().join("output"), root.path().join("history"));
        fs::create_dir_all(&output).unwrap();
        fs::create_dir_all(history.join("r2reference")).unwrap();
        for run in ["r20261121T063000Z-0000", "r20261122T063000Z-0000", "r20261123T063000Z-0000"] {
            fs::remove_file(output.join("a.csv")).ok();
            fs::write(output.join("a.csv"), run).unwrap();
            keep_copy(&history, run, &output, &["a.csv".into()], 2).unwrap();
        }
        let read = |run: &str| fs::read_to_string(history.join(run).join("a.csv")).ok();
        assert_eq!(
            [read("r20261121T063000Z-0000"), read("r20261122T063000Z-0000"), read("r20261123T063000Z-0000")],
            [None, Some("r20261122T063000Z-0000".into()), Some("r20261123T063000Z-0000".into())]
        );
        assert!(keep_copy(&history, "r20261124T063000Z-0000", &output, &["none.csv".into()], 2).is_err());
        assert_eq!(fs::read_dir(&history).unwrap().count(), 3, "two copies, and a folder of somebody");
    }
}
