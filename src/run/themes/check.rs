//! Taxonomies checked by themselves, without inputs, output or word lists.

use crate::config::Config;
use crate::diagnostic::Diagnostic;

use super::super::prepare::read_taxonomy;

/// Every problem of the configured taxonomies, sorted by place.
pub fn check_taxonomies(config: &Config) -> Vec<Diagnostic> {
    let mut problems: Vec<Diagnostic> = Vec::new();
    for path in &config.themes.taxonomy {
        match read_taxonomy(path) {
            Ok((_, _, notes)) => problems.extend(notes),
            Err(found) => problems.extend(found),
        }
    }
    problems.sort();
    problems
}
