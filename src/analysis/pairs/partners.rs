//! Which items are wanted together: looked up at the rarer one of each pair, so that frequent items have nothing to look for.

/// For each item its partners that are more frequent, each with the place of the pair.
pub struct Partners {
    starts: Vec<u32>,
    entries: Vec<(u32, u32)>,
}

impl Partners {
    /// Of `pairs`, the more frequent item of each first, among `items` items.
    pub fn new(items: usize, pairs: impl Iterator<Item = [u32; 2]>) -> Self {
        let mut entries: Vec<(u32, u32, u32)> = pairs.zip(0u32..).map(|([a, b], at)| (b, a, at)).collect();
        entries.sort_unstable();
        let mut starts = vec![0u32; items + 1];
        entries.iter().for_each(|(b, ..)| starts[*b as usize + 1] += 1);
        (0..items).for_each(|at| starts[at + 1] += starts[at]);
        Self { starts, entries: entries.into_iter().map(|(_, a, at)| (a, at)).collect() }
    }

    /// The partners of `item`, each with the place of the pair.
    pub fn of(&self, item: u32) -> &[(u32, u32)] {
        &self.entries[self.starts[item as usize] as usize..self.starts[item as usize + 1] as usize]
    }
}
