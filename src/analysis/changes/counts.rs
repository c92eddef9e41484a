//! How often a thing occurs on either side, and what that makes of it.

use crate::stats::{self, Contingency};
use crate::table::Decimal;

/// Occurrences on both sides with what they are shares of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// Occurrences on the current side.
    pub current: u64,
    /// What they are a share of.
    pub current_total: u64,
    /// Occurrences on the previous side.
    pub previous: u64,
    /// What they are a share of.
    pub previous_total: u64,
}

/// What happened, in the order in which the words are listed in the definition of the column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// It was not there.
    New,
    /// It is more frequent.
    Rising,
    /// It is less frequent.
    Falling,
    /// It is no longer there.
    Vanished,
    /// A document has another text.
    Changed,
}

impl Status {
    /// How many there are.
    pub const COUNT: usize = 5;

    /// Its name in the table.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Rising => "rising",
            Self::Falling => "falling",
            Self::Vanished => "vanished",
            Self::Changed => "changed",
        }
    }
}

/// So many occurrences must be expected on the current side for their absence to be one of note.
const EXPECTED_OF_VANISHED: u128 = 5;
/// Largest q-value of what is said to rise, fall or have vanished.
const LARGEST_Q: f64 = 0.05;
/// p is above 0.05, and q with it, below this |g2| (3.841459 has p = 0.05), in millionths.
pub const SURELY_NO_CHANGE: u64 = 3_841_000;

impl Counts {
    /// Four-term G² of the current side against the previous, signed; nothing where a side is empty or has nothing else.
    pub fn g2(&self) -> Option<f64> {
        let table = Contingency::from_slices(self.current, self.current_total, self.previous, self.previous_total).ok()?;
        stats::g2(&table)
    }

    /// log2 of the ratio of the two rates, as in keyness.csv.
    pub fn log_ratio(&self) -> Option<f64> {
        stats::log_ratio(self.current, self.current_total, self.previous, self.previous_total)
    }

    /// The one status that these counts may have; nothing for things that are in neither text or equally frequent.
    pub fn possible_status(&self) -> Option<Status> {
        let [current_total, previous_total] = [self.current_total, self.previous_total].map(u128::from);
        if self.previous == 0 {
            return (self.current > 0).then_some(Status::New);
        }
        if self.current == 0 && u128::from(self.previous) * current_total >= EXPECTED_OF_VANISHED * previous_total {
            return Some(Status::Vanished);
        }
        // The sign of the log ratio, in which a zero count is one half.
        let twice_current = if self.current == 0 { 1 } else { 2 * u128::from(self.current) };
        match (twice_current * previous_total).cmp(&(2 * u128::from(self.previous) * current_total)) {
            std::cmp::Ordering::Greater => Some(Status::Rising),
            std::cmp::Ordering::Less => Some(Status::Falling),
            std::cmp::Ordering::Equal => None,
        }
    }

    /// The status that they have with this q-value; without one they can only be new.
    pub fn status(&self, q_value: Option<f64>) -> Option<Status> {
        self.possible_status().filter(|status| *status == Status::New || q_value.is_some_and(|q_value| q_value <= LARGEST_Q))
    }
}

/// |g2| in whole millionths, as it is printed and sorted by.
pub fn printed(g2: f64) -> u64 {
    let millionths = Decimal::rounded(g2, 6).map(|g2| g2.scaled().unsigned_abs());
    millionths.and_then(|millionths| u64::try_from(millionths).ok()).unwrap_or(u64::MAX)
}

/// The q-values of all things tested, by their |g2|.
///
/// The totals of a comparison are few, so many things have equal counts and with them one |g2|: a pair costs no number of its own.
#[derive(Debug, Default)]
pub struct QValues {
    /// |g2|, descending, each with its q-value.
    by_magnitude: Vec<(f64, f64)>,
}

impl QValues {
    /// Of the g2 of all things tested, each with how many have it, in any order and with repeats.
    pub fn new(tested: impl Iterator<Item = (f64, u64)>) -> Self {
        let mut all: Vec<(f64, u64)> = tested.map(|(g2, things)| (g2.abs(), things)).collect();
        all.sort_unstable_by(|a, b| b.0.total_cmp(&a.0));
        let equals = |group: &[(f64, u64)]| Some((group.first()?.0, group.iter().map(|(_, things)| things).sum()));
        let groups: Vec<(f64, u64)> = all.chunk_by(|a, b| a.0 == b.0).filter_map(equals).collect();
        let q_values = stats::q_values_of_groups(&groups);
        Self { by_magnitude: groups.iter().map(|(magnitude, _)| *magnitude).zip(q_values).collect() }
    }

    /// The q-value of something tested.
    pub fn of(&self, g2: f64) -> Option<f64> {
        let at = self.by_magnitude.partition_point(|(magnitude, _)| *magnitude > g2.abs());
        self.by_magnitude.get(at).filter(|(magnitude, _)| *magnitude == g2.abs()).map(|(_, q_value)| *q_value)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn counts([current, current_total, previous, previous_total]: [u64; 4]) -> Counts {
        Counts { current, current_total, previous, previous_total }
    }

    #[test]
    fn a_status_follows_from_the_counts_and_q() {
        let of = |numbers, q_value| counts(numbers).status(Some(q_value));
        assert_eq!((of([3, 10, 0, 1000], 0.9), of([0, 10, 0, 1000], 0.0)), (Some(Status::New), None));
        // 500 · 10 / 1000 = 5 are expected, 499 · 10 / 1000 are fewer.
        assert_eq!((of([0, 10, 500, 1000], 0.05), of([0, 10, 500, 1000], 0.051)), (Some(Status::Vanished), None));
        assert_eq!(of([0, 10, 499, 1000], 0.05), Some(Status::Falling));
        assert_eq!((of([3, 10, 299, 1000], 0.05), of([3, 10, 301, 1000], 0.0)), (Some(Status::Rising), Some(Status::Falling)));
        assert_eq!([[8, 8, 0, 0], [0, 8, 3, 9]].map(|numbers| counts(numbers).status(None)), [Some(Status::New), None]);
        assert_eq!((of([3, 10, 300, 1000], 0.0), of([3, 10, 299, 1000], 0.06)), (None, None));
    }

    #[test]
    fn below_the_least_that_counts_p_is_above_the_limit() {
        assert!(stats::p_value(SURELY_NO_CHANGE as f64 / 1e6 + 1e-6) > LARGEST_Q);
        assert_eq!((printed(-3.841_459_4), printed(0.0)), (3_841_459, 0));
    }

    #[test]
    fn equal_g2_have_one_q_value() {
        // m = 4: p(10) · 4 / 1; p(4) = 0.045500 twice: · 4 / 3; p(1) = 0.317311: · 4 / 4.
        let q_values = QValues::new([(4.0, 1), (-10.0, 1), (-4.0, 1), (1.0, 1)].into_iter());
        let rounded = [10.0, 4.0, 1.0].map(|g2| format!("{:.6}", q_values.of(g2).unwrap()));
        assert_eq!((rounded, q_values.of(2.0)), (["0.006262", "0.060667", "0.317311"].map(String::from), None));
    }

    proptest! {
        #[test]
        fn the_possible_status_is_the_sign_of_the_log_ratio(current in 0u64..40, previous in 1u64..40, c in 40u64..90, d in 40u64..90) {
            let counts = counts([current, c, previous, d]);
            let log_ratio = counts.log_ratio().unwrap();
            match counts.possible_status() {
                Some(Status::Rising) => prop_assert!(log_ratio > 0.0),
                Some(Status::Falling) => prop_assert!(log_ratio < 0.0),
                Some(Status::Vanished) => prop_assert!(current == 0 && log_ratio < 0.0),
                status => prop_assert!(status.is_none() && log_ratio == 0.0),
            }
        }
    }
}
