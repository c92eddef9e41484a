//! What is paired: the items of a list that are frequent enough, numbered densely.

/// The number of an item that is not paired.
pub const NOT_PAIRED: u32 = u32::MAX;

/// The paired items, numbered densely from 0 in the order of the list they come from.
pub struct Items {
    /// Place in the list of each paired item.
    chosen: Vec<u32>,
    /// Paired number of each item of the list, or [`NOT_PAIRED`].
    numbers: Vec<u32>,
    /// Place of each paired item in code-point order.
    text_ranks: Vec<u32>,
    /// Items that stand in too few documents.
    pub too_rare: u64,
    /// Items beyond the most that are paired.
    pub too_many: u64,
}

impl Items {
    /// Of `list` (text and documents of each item, the most frequent item first) those that at least `min_df` documents hold, and
    /// of these the first `most` (0 = all). Items of equal text keep the order of the list.
    pub fn choose(list: &[(&str, u64)], min_df: u64, most: usize) -> Self {
        let most = if most == 0 { usize::MAX } else { most };
        let mut chosen: Vec<u32> = (0u32..).zip(list).filter(|(_, (_, df))| *df >= min_df).map(|(at, _)| at).collect();
        let (too_rare, too_many) = ((list.len() - chosen.len()) as u64, chosen.len().saturating_sub(most) as u64);
        chosen.truncate(most);
        let mut numbers = vec![NOT_PAIRED; list.len()];
        let mut by_text: Vec<u32> = Vec::with_capacity(chosen.len());
        for (number, at) in (0u32..).zip(&chosen) {
            numbers[*at as usize] = number;
            by_text.push(number);
        }
        by_text.sort_by_key(|number| list[chosen[*number as usize] as usize].0);
        let mut text_ranks = vec![0; chosen.len()];
        for (rank, number) in (0u32..).zip(by_text) {
            text_ranks[number as usize] = rank;
        }
        Self { chosen, numbers, text_ranks, too_rare, too_many }
    }

    /// How many are paired.
    pub fn len(&self) -> usize {
        self.chosen.len()
    }

    /// The paired number of an item of the list, or [`NOT_PAIRED`].
    pub fn number(&self, at: u32) -> u32 {
        self.numbers[at as usize]
    }

    /// The place in the list of a paired item.
    pub fn place(&self, number: u32) -> u32 {
        self.chosen[number as usize]
    }

    /// The place of a paired item in the order of texts.
    pub fn text_rank(&self, number: u32) -> u32 {
        self.text_ranks[number as usize]
    }

    /// Whether the text of `a` comes before that of `b`.
    pub fn in_order(&self, a: u32, b: u32) -> bool {
        self.text_rank(a) < self.text_rank(b)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_items_of_enough_documents_are_paired() {
        let list = [("丙", 9), ("甲", 1), ("乙", 5), ("丁", 4)];
        let items = Items::choose(&list, 2, 2);
        // 甲 stands in one document only; of the other three the first two are kept, and 丁 is one too many.
        assert_eq!((items.len(), items.too_rare, items.too_many), (2, 1, 1));
        assert_eq!([0, 1, 2, 3].map(|at| items.number(at)), [0, NOT_PAIRED, 1, NOT_PAIRED]);
        assert_eq!([items.place(0), items.place(1)], [0, 2]);
        // U+4E19 丙 comes before U+4E59 乙.
        assert!(items.in_order(0, 1) && !items.in_order(1, 0));
        assert_eq!(Items::choose(&list, 0, 0).len(), 4);
    }
}
