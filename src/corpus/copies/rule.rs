//! When a text repeats another, and how much.

use crate::stats::{Overlap, Ratio, containment, resemblance};

use super::options::{CopyKind, CopyOptions, Threshold};

/// What makes a copy of one kind, near or contained.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rule {
    pub kind: CopyKind,
    least: Threshold,
    fewest: u64,
}

impl Rule {
    pub fn near(options: &CopyOptions) -> Self {
        Self { kind: CopyKind::Near, least: options.near, fewest: u64::from(options.min_shingles) }
    }

    pub fn contained(options: &CopyOptions) -> Self {
        Self { kind: CopyKind::Contained, least: options.contained, fewest: u64::from(options.min_shingles) }
    }

    /// The similarity of a text (a) and a kept one (b), if the first repeats the second.
    pub fn similarity(self, overlap: Overlap) -> Option<Ratio> {
        let fits = overlap.smaller() >= self.fewest && (self.kind != CopyKind::Contained || overlap.a <= overlap.b);
        self.measure(overlap).filter(|ratio| fits && self.least.is_reached(Some(*ratio)))
    }

    /// Whether it could reach that when at most so many shingles are shared and the sets have at least these sizes.
    pub fn is_possible(self, shared_most: u64, a_least: u64, b_least: u64) -> bool {
        // Similarity grows with what is shared and falls with the sizes, which are not below what is shared.
        let best = Overlap { shared: shared_most, a: a_least.max(shared_most), b: b_least.max(shared_most) };
        let ratio = match self.kind {
            // The larger text may be the smaller set of the two, if only just.
            CopyKind::Contained => Ratio::new(best.shared, best.a),
            _ => resemblance(best),
        };
        self.least.is_reached(ratio)
    }

    /// Whether a text of so many characters may repeat a kept one of so many: near copies are about as long. The sets behind the
    /// similarity are smaller than the texts where these repeat themselves, hence a wide margin.
    pub fn fits(self, characters: u64, kept: u64) -> bool {
        self.kind == CopyKind::Contained || characters.min(kept).saturating_mul(2) >= characters.max(kept)
    }

    fn measure(self, overlap: Overlap) -> Option<Ratio> {
        if self.kind == CopyKind::Contained { containment(overlap) } else { resemblance(overlap) }
    }
}
