//! Settings: the option structs of all stages, composed from defaults, a file, the environment and flags.
//!
//! In: `config/yuliao.toml` and overrides. Out: a [`Config`], or every problem at once with its line. Each option is defined
//! beside the stage that reads it; this room only puts them together.

mod load;
mod max_bad;
mod schema;

pub use load::{DEFAULT_PATH, LoadError, Override, load, load_text};
pub use max_bad::MaxBad;
pub use schema::{Config, DictionarySection, InputSection, ListSection, RootEntry, RunSection, ThemeSection};
