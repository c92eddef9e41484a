//! What a run tells while it works.

use super::events::Event;

/// The stages of a run, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Reading, segmenting and coding; measured in bytes of input.
    Process,
    /// Counting; measured in tables.
    Aggregate,
    /// Writing tables aside; measured in tables.
    Write,
    /// Reading tables back and checking them.
    Check,
    /// Renaming them into place.
    Publish,
}

impl Stage {
    /// What it does, as a word for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Process => "segment",
            Self::Aggregate => "count",
            Self::Write => "write",
            Self::Check => "check",
            Self::Publish => "publish",
        }
    }
}

/// Listens to a run. Called from several threads.
pub trait Progress: Sync {
    /// A stage begins; `total` is bytes for [`Stage::Process`], tables for the others, 0 if unknown.
    fn stage(&self, stage: Stage, total: u64);
    /// So many documents (or tables) and bytes are done.
    fn advance(&self, documents: u64, bytes: u64);
    /// What is counted now.
    fn step(&self, _name: &str) {}
    /// Something happened that a log should know of.
    fn event(&self, _event: &Event<'_>) {}
    /// Asked between pieces of work: the number of the signal that asks the run to end, if one does.
    fn stop_signal(&self) -> Option<u8> {
        None
    }
}

/// Listens and says nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Quiet;

impl Progress for Quiet {
    fn stage(&self, _: Stage, _: u64) {}
    fn advance(&self, _: u64, _: u64) {}
}
