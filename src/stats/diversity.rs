//! Lexical diversity of a text: how many different words it has for its length.

use super::Ratio;

/// Types / tokens. Range above 0 to 1; falls with the length of a text, so it compares only texts of equal length. Nothing for a
/// text without tokens. Templin 1957.
pub fn ttr(types: u64, tokens: u64) -> Option<Ratio> {
    Ratio::new(types, tokens)
}

/// Moving-average type-token ratio: the mean of types / W over all stretches of W tokens in a row. `types_in_windows` is the sum of
/// the types of each stretch, which [`windows_led`] adds up. Range above 0 to 1, whatever the length of the text. Nothing for a
/// text shorter than one window. Covington & McFall 2010.
pub fn mattr(types_in_windows: u64, tokens: u64, window: u64) -> Option<Ratio> {
    let windows = (tokens + 1).checked_sub(window).filter(|windows| *windows > 0)?;
    Ratio::new(types_in_windows, u128::from(windows) * u128::from(window))
}

/// In how many windows the token at `position` (from 0) is the first of its type, `previous` being the position of the same
/// type before it. Summed over all tokens it is the sum of types over all windows, without sliding any.
///
/// A window from s holds `position` and no earlier token of the type if s > `previous` and s > `position` − W; s itself ends at
/// `position` and at the last place where a whole window fits.
pub fn windows_led(position: u64, previous: Option<u64>, tokens: u64, window: u64) -> u64 {
    let Some(last_start) = tokens.checked_sub(window) else { return 0 };
    let first = previous.map_or(0, |previous| previous + 1).max((position + 1).saturating_sub(window));
    (position.min(last_start) + 1).saturating_sub(first)
}

/// Yule's characteristic K = 10⁴ · (Σ f² − N) / N², f = occurrences of each type, N = tokens: ten thousand times the chance that
/// two tokens drawn with replacement are of one type, without those that are the same token. High where few words are repeated
/// much; depends little on length. Range 0 (no word twice) to below 10⁴. Nothing for a text without tokens. Yule 1944; Tweedie &
/// Baayen 1998, eq. 16.
pub fn yule_k(sum_of_squares: u64, tokens: u64) -> Option<Ratio> {
    let repeated = u128::from(sum_of_squares.saturating_sub(tokens));
    Ratio::new(repeated * 10_000, u128::from(tokens) * u128::from(tokens))
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use proptest::prelude::*;

    use super::*;

    fn led(text: &[u8], window: u64) -> u64 {
        let mut last = BTreeMap::new();
        let mut sum = 0;
        for (position, word) in (0u64..).zip(text) {
            sum += windows_led(position, last.insert(word, position), text.len() as u64, window);
        }
        sum
    }

    #[test]
    fn measures_are_as_counted_by_hand() {
        // a b a c, windows of 3: {a, b} and {b, a, c}: (2 + 3) / (3 · 2).
        assert_eq!(led(b"abac", 3), 5);
        assert_eq!(mattr(5, 4, 3), Ratio::new(5, 6u64));
        assert_eq!((mattr(0, 2, 3), mattr(0, 0, 1)), (None, None));
        // f = 2, 1, 1: (4 + 1 + 1 − 4) / 16 · 10⁴.
        assert_eq!(yule_k(6, 4).map(Ratio::value), Some(1_250.0));
        assert_eq!((yule_k(4, 4).map(Ratio::value), yule_k(0, 0)), (Some(0.0), None));
        assert_eq!((ttr(3, 4).map(Ratio::value), ttr(0, 0)), (Some(0.75), None));
    }

    proptest! {
        #[test]
        fn leading_windows_add_up_to_the_types_of_all(text in prop::collection::vec(0u8..6, 0..40), window in 1usize..12) {
            let slid: usize = text.windows(window).map(|part| part.iter().collect::<BTreeSet<_>>().len()).sum();
            prop_assert_eq!(led(&text, window as u64), slid as u64);
        }
    }
}
