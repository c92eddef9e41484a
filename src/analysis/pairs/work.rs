//! Handing out work to threads that each keep what they need for it.

use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

/// Calls `work` once a thread with the pieces that fall to it, `at_once` at a time, and gives what each made of them.
///
/// Large tables of a thread are made once and not once a task. Who gets which piece is left to chance: results must not depend on
/// it when they are put together.
pub fn share_out<T: Send>(pieces: usize, at_once: usize, work: impl Fn(&mut dyn Iterator<Item = usize>) -> T + Sync) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let threads = rayon::current_num_threads().min(pieces.div_ceil(at_once)).max(1);
    let one = |_| {
        let take = || {
            let start = next.fetch_add(at_once, Ordering::Relaxed);
            (start < pieces).then(|| start..pieces.min(start + at_once))
        };
        work(&mut std::iter::from_fn(take).flatten())
    };
    (0..threads).into_par_iter().with_max_len(1).map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_piece_is_given_to_one() {
        let mut given: Vec<usize> = share_out(103, 8, |pieces| pieces.collect::<Vec<_>>()).concat();
        given.sort_unstable();
        assert_eq!(given, (0..103).collect::<Vec<_>>());
        assert!(share_out(0, 8, |pieces| pieces.count()).iter().all(|count| *count == 0));
    }
}
