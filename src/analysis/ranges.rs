//! Work in pieces: items that follow one another, put together up to a size.

use std::ops::Range;

/// Ranges of items, each with at most `most` in all, or of one item. Items come ascending with their sizes; those that are left out
/// belong to the range around them, if they are in the midst of one.
pub fn ranges_up_to(most: usize, sizes: impl IntoIterator<Item = (usize, usize)>) -> Vec<Range<usize>> {
    let mut ranges: Vec<Range<usize>> = Vec::new();
    let mut held = 0;
    for (item, size) in sizes {
        held += size;
        match ranges.last_mut().filter(|_| held <= most) {
            Some(range) => range.end = item + 1,
            None => {
                ranges.push(item..item + 1);
                held = size;
            }
        }
    }
    ranges
}

/// The parts of a list, of these sizes one behind the other, for threads that each write to their own.
pub fn parts_of<T>(list: &mut [T], sizes: impl IntoIterator<Item = usize>) -> Vec<&mut [T]> {
    let mut rest = list;
    let cut = |size: usize| {
        let (part, others) = std::mem::take(&mut rest).split_at_mut(size);
        rest = others;
        part
    };
    sizes.into_iter().map(cut).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_hold_what_fits_or_one_item() {
        assert_eq!(ranges_up_to(5, [(0, 2), (1, 3), (2, 1), (4, 4), (7, 9), (8, 1)]), [0..2, 2..5, 7..8, 8..9]);
        assert_eq!(ranges_up_to(0, [(3, 0), (4, 0), (5, 1)]), [3..5, 5..6]);
        assert!(ranges_up_to(5, []).is_empty());
    }

    #[test]
    fn parts_are_those_of_the_list() {
        let mut list = [1, 2, 3, 4, 5, 6];
        parts_of(&mut list, [2, 0, 3]).into_iter().for_each(|part| part.reverse());
        assert_eq!(list, [2, 1, 5, 4, 3, 6]);
    }
}
