//! From listed files to shards, with what the state remembers: only what is new or changed is read, and only text that was never
//! seen is cut.
//!
//! In: the listing and the catalogue of the last run. Out: shards in the order of the listing, as reading everything would give them
//! but for how documents are shared out among shards, which no table shows; and the catalogue for the next run. Aggregates are never
//! patched: every run counts the documents of its plan, so it cannot drift from a run over everything.

mod compose;
mod gather;
mod known;
mod layers;
mod plan;
mod read;
mod retire;
mod store;

pub use compose::{Composed, Item, Source};
pub use gather::{Gathered, Gathering, catalogue};
pub use known::Known;
pub use layers::Layers;
pub use plan::{Plan, Reason, hash};
pub use read::{FileRead, ReadFiles};
pub use retire::{Version, retire, retire_stored, store_retired};
pub use store::{keep_only, store_composed};
