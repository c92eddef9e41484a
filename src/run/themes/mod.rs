//! What the commands about taxonomies do.

mod check;

pub use check::check_taxonomies;
