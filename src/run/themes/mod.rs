//! What the commands about taxonomies do.

mod check;
mod explain;

pub use check::check_taxonomies;
pub use explain::{ExplainedHit, ExplainedTheme, Explanation};
