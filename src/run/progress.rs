//! What a run tells while it works.

/// The stages of a run, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Reading, segmenting and coding; measured in bytes of input.
    Process,
    /// Counting; measured in tables.
    Aggregate,
    /// Writing tables aside; measured in tables.
    Write,
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
}

/// Listens and says nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Quiet;

impl Progress for Quiet {
    fn stage(&self, _: Stage, _: u64) {}
    fn advance(&self, _: u64, _: u64) {}
}
