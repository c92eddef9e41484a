//! Settings: the option structs of all stages, composed from defaults, a file, the environment and flags.
//!
//! In: `config/yuliao.toml` and overrides. Out: a [`Config`], or every problem at once with its line. Each option is defined
//! beside the stage that reads it; this room only puts them together.

mod limit;
mod load;
mod memory;
mod number_or_text;
mod schema;

pub use limit::Limit;
pub use load::{DEFAULT_PATH, LoadError, Override, load, load_text};
pub use memory::Memory;
pub use schema::{Config, DictionarySection, HistorySection, InputSection, ListSection, RootEntry, RunSection, ThemeSection};
