//! `yuliao` (语料, "corpus") turns a folder of Chinese documents into tables for spreadsheets.
//!
//! file → [`source`] → Document → [`text`] → sentences → [`segment`] → tokens → [`corpus`] (shards) → [`analysis`] →
//! [`table`] → [`report`] → file, driven by [`run`], steered by [`config`], started by [`cli`].
//!
//! ```no_run
//! use yuliao::config::Config;
//! use yuliao::run::{Prepared, Quiet};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let mut config = yuliao::run::built_in_config();
//! config.input.paths = vec!["documents".into()];
//! let prepared = Prepared::new(&config)?;
//! let built = prepared.in_pool(|| prepared.build(&Quiet))?;
//! let (tables, _) = prepared.in_pool(|| built.tables(&prepared, &Quiet));
//! for table in &tables {
//!     let definition = table.definition();
//!     let first = (table.row_count() > 0).then(|| yuliao::table::row_values(&**table, 0));
//!     // definition.columns name the cells of `first`
//! #   let _ = (definition, first);
//! }
//! # Ok(())
//! # }
//! ```

pub mod analysis;
pub mod cli;
pub mod config;
pub mod corpus;
pub mod diagnostic;
pub mod encoding;
mod failpoint;
pub mod lexicon;
pub mod report;
pub mod run;
pub mod segment;
pub mod source;
pub mod state;
pub mod stats;
pub mod table;
pub mod text;
pub mod theme;
