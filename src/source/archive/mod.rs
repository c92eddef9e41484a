//! Archives: every entry is an input of its own, named after the archive and its name in it. Nothing is written to disk.

mod entry_name;
mod tar;
mod zip;

pub(super) use zip::Contents;

use std::sync::Arc;

use super::compress::Opened;
use super::formats::Format;
use super::input::Input;
use super::options::SourceOptions;
use super::quarantine::{Code, Failure, Stage};
use entry_name::EntryName;

/// An archive that is being read.
pub(super) struct OpenArchive {
    entries: Box<dyn Iterator<Item = Found> + Send>,
    /// Its path and size, until anything came of it: an archive must not vanish.
    untold: Option<(Arc<str>, u64)>,
}

/// An entry, or the reason why it is none. Folders and the leftovers of programs are passed over.
pub(super) enum Found {
    /// A file.
    File(Input),
    /// A link, pipe or device: named, never followed.
    Special(Arc<str>),
    /// An entry that cannot be used, or the rest of an archive that breaks off.
    Bad(Arc<str>, u64, Failure),
}

impl OpenArchive {
    /// Opens an archive of that kind, of which the first bytes are known.
    pub fn open(input: &Input, format: Format, opened: Opened, options: &SourceOptions) -> Result<Self, Failure> {
        if input.nesting >= options.max_nesting {
            let message = format!(
                "expected archives at most {} deep in archives (input.max_nesting), found another one; unpack it",
                options.max_nesting
            );
            return Err(Failure::new(Stage::Extract, Code::TooLarge, message));
        }
        let entries: Box<dyn Iterator<Item = Found> + Send> = match format {
            Format::Zip => Box::new(zip::entries(input, opened, options)?.into_iter()),
            _ => Box::new(tar::Entries::new(input, opened, options)),
        };
        Ok(Self { entries, untold: Some((input.relative.clone(), input.bytes)) })
    }

    pub fn next(&mut self) -> Option<Found> {
        let next = self.entries.next();
        let untold = self.untold.take();
        next.or_else(|| {
            let (path, bytes) = untold?;
            let failure = Failure::new(Stage::Extract, Code::Empty, "the archive holds no file: nothing, folders, or hidden files only");
            Some(Found::Bad(path, bytes, failure))
        })
    }
}

/// What an archive may still hold.
#[derive(Debug, Clone, Copy)]
struct Budget {
    entries: u64,
    bytes: u64,
}

impl Budget {
    fn of(input: &Input, options: &SourceOptions) -> Self {
        let bytes = options.max_unpacked_bytes.min(super::compress::unpacked_limit(input, options));
        Self { entries: options.max_entries, bytes }
    }

    /// Books an entry of so many bytes.
    fn take(&mut self, bytes: u64) -> Result<(), Failure> {
        let too_large = |message| Err(Failure::new(Stage::Read, Code::TooLarge, message));
        match (self.entries.checked_sub(1), self.bytes.checked_sub(bytes)) {
            (None, _) => {
                too_large("expected an archive of at most input.max_entries entries, found more; this one and all after it are left out")
            }
            (_, None) => too_large(
                "expected an archive that unpacks to input.max_unpacked_bytes and to input.max_expansion times its size at most, found more; this entry and all after it are left out",
            ),
            (Some(entries), Some(bytes)) => {
                *self = Self { entries, bytes };
                Ok(())
            }
        }
    }
}

/// The path of an entry in the tables.
fn path_of(archive: &str, name: &str) -> Arc<str> {
    format!("{archive}/{name}").into()
}

/// An archive that is not whole or not what it seems.
fn damaged(reason: impl std::fmt::Display) -> Failure {
    let message = format!("expected a whole archive, found a damaged one ({reason}); get an undamaged copy, or unpack it yourself");
    Failure::new(Stage::Extract, Code::Format, message)
}

/// An entry whose name leads out of the archive.
fn leads_out() -> Failure {
    let message = "expected a name inside the archive, found one that leads out of it (.. or an absolute path); such archives are made to overwrite files: ask where it comes from";
    Failure::new(Stage::Extract, Code::Format, message)
}

/// The input of an entry, unless its name says that it is none.
fn named(archive: &Input, name: &[u8], make: impl FnOnce(Arc<str>) -> Found) -> Option<Found> {
    match EntryName::of(name) {
        EntryName::File(name) => Some(make(path_of(&archive.relative, &name))),
        EntryName::LeadsOut(name) => Some(Found::Bad(path_of(&archive.relative, &name), 0, leads_out())),
        EntryName::PassedOver => None,
    }
}
