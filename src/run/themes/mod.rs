//! What the commands about taxonomies do.

mod check;
mod exchange;
mod explain;

pub use check::{check_taxonomies, unseen_patterns};
pub use exchange::{Exported, Import, ImportTarget, TaxonomyForm, export_taxonomy, plan_import, plan_suggestions};
pub use explain::{ExplainedHit, ExplainedTheme, Explanation};
