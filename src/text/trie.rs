//! A trie of characters in one list of slots, so that a step costs one look into memory.
//!
//! The double array of Aoe, "An efficient digital search algorithm by using a double-array structure", 1989: the children of a
//! node lie at its base plus the code of their character, and each slot knows whose child it is.

use rustc_hash::FxHashMap;

/// The node that walks begin at.
pub(super) const ROOT: u32 = 0;

/// No literal, no node.
const NONE: u32 = u32::MAX;

/// Places tried for the children of a node before those before them are given up: what keeps building linear.
const TRIES: u32 = 64;

/// The literals by their characters.
pub(super) struct Trie {
    /// For each character up to the last that occurs its code; 0 for one that occurs in no literal.
    codes: Vec<u16>,
    /// The codes of characters beyond U+FFFF.
    rare: FxHashMap<char, u32>,
    slots: Vec<Slot>,
}

#[derive(Clone, Copy)]
struct Slot {
    /// Where its children lie.
    base: u32,
    /// Whose child it is.
    parent: u32,
    /// The literal that ends here.
    literal: u32,
}

const FREE: Slot = Slot { base: 0, parent: NONE, literal: NONE };

impl Trie {
    /// The literals, each known by its place in the list. Of equal ones the last is found, an empty one never.
    pub fn new(literals: &[&str]) -> Self {
        let mut trie = Self { codes: Vec::new(), rare: FxHashMap::default(), slots: Vec::new() };
        trie.number_characters(literals);
        let mut words: Vec<(Vec<u32>, u32)> =
            (0u32..).zip(literals).map(|(number, literal)| (literal.chars().map(|c| trie.code(c)).collect(), number)).collect();
        words.sort_unstable();
        trie.slots = Builder::default().build(&words);
        trie
    }

    fn number_characters(&mut self, literals: &[&str]) {
        let mut characters: Vec<char> = literals.iter().flat_map(|literal| literal.chars()).collect();
        characters.sort_unstable();
        characters.dedup();
        let common = characters.partition_point(|c| *c <= '\u{FFFF}');
        self.codes = vec![0; characters[..common].last().map_or(0, |last| *last as usize + 1)];
        // There are fewer than 2^16 such characters.
        (1u16..).zip(&characters[..common]).for_each(|(code, c)| self.codes[*c as usize] = code);
        self.rare = characters[common..].iter().copied().zip(1 << 16..).collect();
    }

    /// The code of a character, by which steps are made; 0, with which none can be made, if no literal holds it.
    pub fn code(&self, c: char) -> u32 {
        match self.codes.get(c as usize) {
            Some(code) => u32::from(*code),
            None if c <= '\u{FFFF}' => 0,
            None => self.rare.get(&c).copied().unwrap_or(0),
        }
    }

    /// The node behind this one for the character of this code.
    pub fn step(&self, node: u32, code: u32) -> Option<u32> {
        let at = self.slots.get(node as usize)?.base + code;
        self.slots.get(at as usize).filter(|slot| slot.parent == node).map(|_| at)
    }

    /// The number of the literal that ends at a node.
    pub fn literal(&self, node: u32) -> Option<u32> {
        self.slots.get(node as usize).map(|slot| slot.literal).filter(|literal| *literal != NONE)
    }
}

/// Gives every node its slot.
#[derive(Default)]
struct Builder {
    slots: Vec<Slot>,
    /// For each slot one at or after it that may be free: itself while it is.
    next_free: Vec<u32>,
    /// Where children of a node that has several are looked for room from.
    from: u32,
}

/// A node whose children are still to be placed: those of `words[first..last]` at depth `depth`.
struct Open {
    node: u32,
    first: usize,
    last: usize,
    depth: usize,
}

impl Builder {
    /// The slots for words in order of their codes.
    fn build(mut self, words: &[(Vec<u32>, u32)]) -> Vec<Slot> {
        self.take(ROOT, NONE);
        let mut open = vec![Open { node: ROOT, first: words.partition_point(|(codes, _)| codes.is_empty()), last: words.len(), depth: 0 }];
        while let Some(Open { node, first, last, depth }) = open.pop() {
            // Words that end here stand before those that go on.
            let goes_on = first + words[first..last].partition_point(|(codes, _)| codes.len() == depth);
            if let Some((_, number)) = words[first..goes_on].last() {
                self.slots[node as usize].literal = *number;
            }
            let groups: Vec<&[(Vec<u32>, u32)]> = words[goes_on..last].chunk_by(|a, b| a.0[depth] == b.0[depth]).collect();
            let codes: Vec<u32> = groups.iter().map(|group| group[0].0[depth]).collect();
            let base = if node == ROOT { 0 } else { self.room_for(&codes) };
            self.slots[node as usize].base = base;
            let mut first = goes_on;
            for (group, code) in groups.iter().zip(&codes) {
                self.take(base + code, node);
                open.push(Open { node: base + code, first, last: first + group.len(), depth: depth + 1 });
                first += group.len();
            }
        }
        self.slots
    }

    fn take(&mut self, at: u32, parent: u32) {
        let end = at as usize + 1;
        if self.slots.len() < end {
            let known = u32::try_from(self.next_free.len()).unwrap_or(NONE);
            self.slots.resize(end, FREE);
            self.next_free.extend(known..=at);
        }
        self.slots[at as usize].parent = parent;
        self.next_free[at as usize] = at + 1;
    }

    /// The first free slot from `at` on.
    fn free(&mut self, at: u32) -> u32 {
        let mut free = at;
        while let Some(next) = self.next_free.get(free as usize).filter(|next| **next != free) {
            free = *next;
        }
        // The way is made short for who comes next.
        let mut on_the_way = at;
        while on_the_way < free {
            on_the_way = std::mem::replace(&mut self.next_free[on_the_way as usize], free);
        }
        free
    }

    /// A base at which there is room for children of these codes, which are in order.
    fn room_for(&mut self, codes: &[u32]) -> u32 {
        let Some(first) = codes.first() else { return 0 };
        let from = if codes.len() == 1 { 0 } else { self.from };
        let mut at = self.free(from.max(*first));
        for tries in 0.. {
            let base = at - first;
            if codes[1..].iter().all(|code| self.free(base + code) == base + code) {
                break;
            }
            if tries >= TRIES {
                self.from = at;
            }
            at = self.free(at + 1);
        }
        at - first
    }
}
