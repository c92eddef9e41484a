//! Which files there are: everything below the input roots, in an order that no file system decides.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use thiserror::Error;
use walkdir::{DirEntry, WalkDir};

use super::quarantine::{Code, Failure, Quarantined, Stage};
use super::stamp::FileStamp;
use crate::text::composed;

/// A folder (or a single file) to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputRoot {
    /// Where it is.
    pub path: PathBuf,
    /// What stands before its paths in the tables, followed by `/`.
    pub label: Option<String>,
}

/// A file to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// Path relative to its root in `/` form, the label first. Bytes that are no UTF-8 stand as `\xNN`.
    pub relative: Arc<str>,
    /// Where it is.
    pub path: PathBuf,
    /// Its size.
    pub bytes: u64,
    /// How it looked when it was listed.
    pub stamp: FileStamp,
}

/// What was found below the roots.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listing {
    /// Files in byte order of their relative paths.
    pub files: Vec<SourceFile>,
    /// What could not be listed.
    pub quarantined: Vec<Quarantined>,
    /// Hidden and temporary files passed over.
    pub skipped: u64,
    /// Files left out since they were written to just now, in the same order. See [`Self::leave_out_unsettled`].
    pub unsettled: Vec<SourceFile>,
}

impl Listing {
    /// Leaves out files that were written to less than so many seconds before `now` (nanoseconds since 1970): their writer may not be
    /// done.
    pub fn leave_out_unsettled(&mut self, seconds: u64, now: i64) {
        let settled = i64::try_from(seconds).unwrap_or(i64::MAX).saturating_mul(1_000_000_000);
        // What is dated long after now was not written just now either: a clock is wrong.
        let age = |file: &SourceFile| now.saturating_sub(file.stamp.modified).saturating_abs();
        let is_settled = |file: &SourceFile| seconds == 0 || age(file) >= settled;
        self.unsettled.extend(self.files.extract_if(.., |file| !is_settled(file)));
    }

    /// Takes files that were just written to back in with the looks they had when they were read, which `known` gives by their relative
    /// path: what is known of them stands until their writer is done. They stay among the unsettled.
    pub fn hold(&mut self, known: impl Fn(&str) -> Option<FileStamp>) {
        let held = |file: &SourceFile| known(&file.relative).map(|stamp| SourceFile { stamp, ..file.clone() });
        self.files.extend(self.unsettled.iter().filter_map(held));
        self.files.sort_by(|a, b| a.relative.cmp(&b.relative));
    }

    /// Takes those of the files back in that were just written to.
    pub fn take_unsettled(&mut self, is_known: impl Fn(&str) -> bool) {
        self.files.extend(self.unsettled.extract_if(.., |file| is_known(&file.relative)));
        self.files.sort_by(|a, b| a.relative.cmp(&b.relative));
    }
}

/// Why the inputs cannot be listed.
#[derive(Debug, Error)]
pub enum ListError {
    /// A root is missing or unreadable.
    #[error("{path}: the input cannot be read: {source}; mend input.paths or name another with --input")]
    Root {
        /// The root.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// One root lies in another.
    #[error("{inner} lies in {outer}: its documents would be counted twice; name only one of them")]
    Nested {
        /// The one inside.
        inner: PathBuf,
        /// The one around it.
        outer: PathBuf,
    },
    /// Two files would have the same name in the tables.
    #[error(
        "{first} and {second} are both called {relative} in the tables; give their folders labels with input.root in the configuration"
    )]
    SameName {
        /// The name.
        relative: Arc<str>,
        /// One file.
        first: PathBuf,
        /// The other.
        second: PathBuf,
    },
}

/// Lists all files below the roots. Links are followed; loops, special files and what cannot be read become quarantine rows.
///
/// # Errors
/// A root that is missing or unreadable, or lies in another; two files with the same relative path.
pub fn list(roots: &[InputRoot]) -> Result<Listing, ListError> {
    let mut listing = Listing::default();
    for root in roots {
        list_root(root, &mut listing).map_err(|source| ListError::Root { path: root.path.clone(), source })?;
    }
    if let Some((inner, outer)) = nested(roots) {
        return Err(ListError::Nested { inner, outer });
    }
    listing.files.sort_by(|a, b| a.relative.cmp(&b.relative));
    listing.quarantined.sort_by(|a, b| a.path.cmp(&b.path));
    let mut seen: FxHashMap<&Arc<str>, &Path> = FxHashMap::default();
    for file in &listing.files {
        if let Some(first) = seen.insert(&file.relative, &file.path) {
            let (first, second) = (first.to_path_buf(), file.path.clone());
            return Err(ListError::SameName { relative: file.relative.clone(), first, second });
        }
    }
    compose_names(&mut listing.files);
    Ok(listing)
}

/// Names in the form that most systems write (NFC): a copy by way of a Mac has the same characters, taken apart. Where both lie in one
/// folder the second keeps its own.
fn compose_names(files: &mut [SourceFile]) {
    let changed: Vec<(usize, Arc<str>)> =
        files.iter().enumerate().filter_map(|(number, file)| Some((number, composed(&file.relative)?.into()))).collect();
    if changed.is_empty() {
        return;
    }
    let mut taken: FxHashSet<Arc<str>> = files.iter().map(|file| file.relative.clone()).collect();
    for (number, name) in changed {
        if taken.insert(name.clone()) {
            files[number].relative = name;
        }
    }
    files.sort_by(|a, b| a.relative.cmp(&b.relative));
}

/// A root of which the files are also those of another, and that one.
fn nested(roots: &[InputRoot]) -> Option<(PathBuf, PathBuf)> {
    let places: Vec<PathBuf> = roots.iter().map(|root| root.path.canonicalize().unwrap_or_else(|_| root.path.clone())).collect();
    let holds = |outer: usize, inner: usize| {
        let way = places[inner].strip_prefix(&places[outer]).ok();
        // Hidden folders are passed over.
        outer != inner && way.is_some_and(|way| !way.iter().any(is_hidden))
    };
    let pairs = (0..roots.len()).flat_map(|inner| (0..roots.len()).map(move |outer| (inner, outer)));
    pairs
        .into_iter()
        .find(|(inner, outer)| holds(*outer, *inner))
        .map(|(inner, outer)| (roots[inner].path.clone(), roots[outer].path.clone()))
}

fn list_root(root: &InputRoot, listing: &mut Listing) -> io::Result<()> {
    let metadata = fs::metadata(&root.path)?;
    if metadata.is_file() {
        let name = root.path.file_name().map(escaped).unwrap_or_default();
        listing.files.push(SourceFile {
            relative: labelled(root, &name),
            path: root.path.clone(),
            bytes: metadata.len(),
            stamp: FileStamp::of(&metadata),
        });
        return Ok(());
    }
    fs::read_dir(&root.path)?;
    let mut walk = WalkDir::new(&root.path).follow_links(true).min_depth(1).sort_by_file_name().into_iter();
    while let Some(entry) = walk.next() {
        match entry {
            Ok(entry) if is_hidden(entry.file_name()) => {
                listing.skipped += 1;
                if entry.file_type().is_dir() {
                    walk.skip_current_dir();
                }
            }
            Ok(entry) if entry.file_type().is_dir() => {}
            Ok(entry) => add_entry(root, &entry, listing),
            // Editors lock a file with a hidden link that leads nowhere.
            Err(error) if error.path().and_then(Path::file_name).is_some_and(is_hidden) => listing.skipped += 1,
            Err(error) => {
                let path = error.path().unwrap_or(&root.path).to_path_buf();
                let relative = labelled(root, &relative_path(&root.path, &path));
                let message = if error.loop_ancestor().is_some() {
                    "a symbolic link that leads back to a folder above it; it is not followed".to_string()
                } else {
                    let reason = error.io_error().map_or_else(|| error.to_string(), ToString::to_string);
                    match fs::read_link(&path) {
                        Ok(to) => {
                            format!("a symbolic link to {}, which cannot be read: {reason}; mend or remove it", escaped(to.as_os_str()))
                        }
                        Err(_) => format!("cannot be read: {reason}; mend its permissions or remove it"),
                    }
                };
                listing.quarantined.push(Failure::new(Stage::Read, Code::Read, message).at(&relative, None, 0));
            }
        }
    }
    Ok(())
}

fn add_entry(root: &InputRoot, entry: &DirEntry, listing: &mut Listing) {
    let relative = labelled(root, &relative_path(&root.path, entry.path()));
    match entry.metadata() {
        Ok(metadata) if metadata.is_file() => {
            listing.files.push(SourceFile {
                relative,
                path: entry.path().to_path_buf(),
                bytes: metadata.len(),
                stamp: FileStamp::of(&metadata),
            });
        }
        Ok(_) => {
            let message = "neither a file nor a folder (a pipe, socket or device); it is never opened";
            listing.quarantined.push(Failure::new(Stage::Read, Code::Read, message).at(&relative, None, 0));
        }
        Err(error) => {
            let message = format!("cannot be read: {error}; mend its permissions or remove it");
            listing.quarantined.push(Failure::new(Stage::Read, Code::Read, message).at(&relative, None, 0));
        }
    }
}

fn is_hidden(name: &OsStr) -> bool {
    let bytes = name.as_encoded_bytes();
    bytes.starts_with(b".") || bytes.starts_with(b"~$")
}

/// Dot files and the lock files of office programs.
pub(super) fn is_hidden_name(name: &str) -> bool {
    is_hidden(OsStr::new(name))
}

fn labelled(root: &InputRoot, relative: &str) -> Arc<str> {
    match &root.label {
        Some(label) => format!("{label}/{relative}").into(),
        None => relative.into(),
    }
}

fn relative_path(root: &Path, path: &Path) -> String {
    let relative = path.strip_prefix(root).unwrap_or(path);
    relative.components().map(|part| escaped(part.as_os_str())).collect::<Vec<_>>().join("/")
}

/// A name as text; bytes that are no UTF-8, control characters and the backslash itself as `\xNN`, so that two names are never
/// shown as one and none can forge a line of a log.
fn escaped(name: &OsStr) -> String {
    let mut out = String::new();
    let escape = |out: &mut String, bytes: &[u8]| out.extend(bytes.iter().map(|byte| format!("\\x{byte:02X}")));
    for chunk in name.as_encoded_bytes().utf8_chunks() {
        for c in chunk.valid().chars() {
            if c.is_control() || c == '\\' { escape(&mut out, c.encode_utf8(&mut [0; 4]).as_bytes()) } else { out.push(c) }
        }
        escape(&mut out, chunk.invalid());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn root(path: &Path) -> InputRoot {
        InputRoot { path: path.to_path_buf(), label: None }
    }

    fn names(listing: &Listing) -> Vec<&str> {
        listing.files.iter().map(|f| &*f.relative).collect()
    }

    #[test]
    fn names_are_composed_unless_the_folder_holds_both_forms() {
        let folder = tempfile::tempdir().unwrap();
        let (apart, whole) = ("Re\u{301}sume\u{301}.txt", "R\u{e9}sum\u{e9}.txt");
        fs::write(folder.path().join(apart), "文").unwrap();
        let names = || {
            let root = InputRoot { path: folder.path().to_path_buf(), label: None };
            list(&[root]).unwrap().files.iter().map(|file| file.relative.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(names(), [whole]);
        fs::write(folder.path().join(whole), "文").unwrap();
        // Some systems take them for one.
        assert!(names() == [apart, whole] || names() == [whole], "{:?}", names());
    }

    #[test]
    fn files_come_in_byte_order_without_hidden_ones() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["乙.txt", "甲/一.txt", "B.txt", "a.txt", ".hidden", "~$lock.docx", ".git/x.txt"] {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "文").unwrap();
        }
        let listing = list(&[root(folder.path())]).unwrap();
        assert_eq!(names(&listing), ["B.txt", "a.txt", "乙.txt", "甲/一.txt"]);
        assert_eq!((listing.skipped, listing.quarantined.len()), (3, 0));
    }

    #[test]
    fn a_root_may_be_a_file_and_must_exist() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("文.txt");
        assert!(matches!(list(&[root(&file)]), Err(ListError::Root { .. })));
        fs::write(&file, "文").unwrap();
        assert_eq!(names(&list(&[root(&file)]).unwrap()), ["文.txt"]);
    }

    #[test]
    fn equal_names_need_labels() {
        let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        fs::write(one.path().join("a.txt"), "一").unwrap();
        fs::write(two.path().join("a.txt"), "二").unwrap();
        let message = list(&[root(one.path()), root(two.path())]).unwrap_err().to_string();
        assert!(message.contains("both called a.txt") && message.contains("labels"));
        let labelled = InputRoot { label: Some("news".into()), ..root(two.path()) };
        assert_eq!(names(&list(&[root(one.path()), labelled]).unwrap()), ["a.txt", "news/a.txt"]);
    }

    #[cfg(unix)]
    #[test]
    fn loops_pipes_dangling_links_and_odd_names_cost_only_themselves() {
        use std::os::unix::ffi::OsStrExt;
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("sub")).unwrap();
        symlink(folder.path(), folder.path().join("sub/loop")).unwrap();
        symlink("nowhere", folder.path().join("dangling.txt")).unwrap();
        symlink("someone@host.1", folder.path().join(".#good.txt")).unwrap();
        fs::write(folder.path().join(OsStr::from_bytes(b"odd\xFF.txt")), "文").unwrap();
        fs::write(folder.path().join("odd\\xFF.txt"), "文").unwrap();
        fs::write(folder.path().join("a\nERROR.txt"), "文").unwrap();
        fs::write(folder.path().join("good.txt"), "文").unwrap();
        let pipe = std::process::Command::new("mkfifo").arg(folder.path().join("pipe.txt")).status();
        let listing = list(&[root(folder.path())]).unwrap();
        assert_eq!(names(&listing), ["a\\x0AERROR.txt", "good.txt", "odd\\x5CxFF.txt", "odd\\xFF.txt"]);
        let bad: Vec<&str> = listing.quarantined.iter().map(|q| &*q.path).collect();
        assert!(bad.contains(&"dangling.txt") && bad.contains(&"sub/loop"));
        assert_eq!((listing.skipped, bad.contains(&".#good.txt")), (1, false));
        assert_eq!(bad.contains(&"pipe.txt"), pipe.is_ok_and(|s| s.success()));
    }
}
