//! Measures: pure functions of final counts, without state and without files.
//!
//! In: whole numbers that no longer change. Out: a float or, where it is one, a quotient of whole
//! numbers; nothing where a measure is not defined. Must not know: texts,
//! terms, tables, options or threads. Each function states formula, range, impossible case and source; the conventions (log
//! base, N, sign, zeros) hold for all tables. Logs come from `libm`, so that tables are equal on every platform.

pub mod association;
pub mod contingency;
mod deviation;
pub mod dispersion;
pub mod diversity;
pub mod false_discovery;
pub mod fisher;
pub mod frequency;
pub mod interval;
pub mod keyness;
mod krippendorff;
pub mod log_ratio_bound;
pub mod new_words;
mod newsmap;
pub mod ratio;
pub mod resemblance;
pub mod simple_association;
#[cfg(test)]
mod vectors_test;

pub use association::{
    chi2, delta_p_a_given_b, delta_p_b_given_a, dice, expected, g2, g2_stays_below, jaccard, log_dice, mi3, min_sensitivity, npmi, pmi,
    t_score,
};
pub use contingency::{Contingency, ContingencyError};
pub use dispersion::{Parts, dp_norm, juilland_d};
pub use diversity::{mattr, ttr, windows_led, yule_k};
pub use false_discovery::{p_value, q_values, q_values_of_groups, q_values_of_top};
pub use fisher::fisher;
pub use frequency::{idf, per_million, relative_tf_idf, share, tf_idf};
pub use interval::{RateSums, f1_interval, ratio_interval, wilson};
pub use keyness::{Direction, bic, direction, log_ratio, percent_diff};
pub use krippendorff::{Agreement, krippendorff_alpha};
pub use log_ratio_bound::{conservative_log_ratio, log_ratio_low};
pub use new_words::{branching_entropy, c_log_c, cut_pmi};
pub use newsmap::newsmap_weight;
pub use ratio::Ratio;
pub use resemblance::{Overlap, containment, resemblance};
pub use simple_association::{local_mi, mi2, odds_ratio, simple_ll, z_score};
