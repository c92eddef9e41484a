//! From the counts of things that can be listed to rows: which are tested, which changed, which of these are shown.

use crate::analysis::side_counts::SideCount;

use super::ChangeOptions;
use super::counts::{Counts, QValues, Status, printed};
use super::evidence;
use super::rows::{Kind, Row, Side};
use super::sides::Compared;
use super::things::{OfTexts, Things};

/// What is tested, and how many rows there may be.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Fewest occurrences on both sides together.
    pub min_count: u64,
    /// Fewest documents on both sides together.
    pub min_documents: u64,
    /// Most rows of a status.
    pub top: usize,
}

impl Limits {
    /// Those of the options, in which 0 rows stand for all.
    pub fn new(options: &ChangeOptions) -> Self {
        let top = if options.top == 0 { usize::MAX } else { options.top };
        Self { min_count: options.min_count.max(1), min_documents: options.min_documents, top }
    }
}

/// The rows of one kind in one comparison, and what was kept out.
#[derive(Debug, Default)]
pub struct Found {
    /// In any order.
    pub rows: Vec<Row>,
    /// Things that are seen, but too seldom for a test.
    pub rare: u64,
    /// Things that are frequent enough, but in too few documents.
    pub in_few_documents: u64,
    /// Things that changed, but are not among the first of their status.
    pub beyond_top: u64,
}

/// What rows are called.
pub struct Names<'n> {
    /// Their kind.
    pub kind: Kind,
    /// The key of a thing.
    pub key: &'n dyn Fn(u32) -> String,
    /// The name of a thing.
    pub name: &'n dyn Fn(u32) -> String,
}

/// A thing that was tested.
#[derive(Debug, Clone, Copy)]
pub struct Tested<T> {
    /// Which one.
    pub thing: T,
    /// How often it occurs.
    pub counts: Counts,
    /// Their g2; nothing where a side has no base, as for the first theme of a corpus.
    pub g2: Option<f64>,
}

/// A thing that changed.
pub struct Changed<T> {
    /// Its counts.
    pub tested: Tested<T>,
    /// What happened.
    pub status: Status,
    /// The q-value of its g2.
    pub q_value: Option<f64>,
    /// Its key.
    pub key: String,
}

/// The rows of things whose counts on both sides are `on_sides`, by number; `counts` puts the totals beside them.
pub fn find<T: Things>(
    compared: &Compared<'_, '_>,
    limits: Limits,
    things: &OfTexts<T>,
    on_sides: &[[SideCount; 2]],
    counts: &dyn Fn(u32, [SideCount; 2]) -> Counts,
    names: &Names<'_>,
) -> Found {
    let mut found = Found::default();
    let mut tested = Vec::new();
    for (thing, sides) in (0u32..).zip(on_sides) {
        let both = sides[0].plus(sides[1]);
        match both {
            SideCount { count, .. } if count < limits.min_count => found.rare += u64::from(count > 0),
            SideCount { documents, .. } if documents < limits.min_documents => found.in_few_documents += 1,
            _ => {
                let counts = counts(thing, *sides);
                tested.push(Tested { thing, counts, g2: counts.g2() });
            }
        }
    }
    let q_values = QValues::new(tested.iter().filter_map(|tested| Some((tested.g2?, 1))));
    let changed = changed(tested, &q_values, names.key);
    let all = changed.len();
    let shown = first_of_each_status(changed, limits.top);
    found.beyond_top = (all - shown.len()) as u64;
    let wanted: Vec<(u32, u32)> = shown.iter().map(|changed| (changed.tested.thing, evidence::side_of(&changed.tested.counts))).collect();
    let evidence = evidence::find(compared, things, &wanted);
    let row = |(changed, (first_date, example)): (Changed<u32>, _)| {
        let thing = changed.tested.thing;
        let [current, previous] = on_sides[thing as usize].map(|side| side.documents);
        Row { first_date, example, ..changed.row(compared, (names.kind, (names.name)(thing)), [current, previous]) }
    };
    found.rows = shown.into_iter().zip(evidence).map(row).collect();
    found
}

/// Those of `tested` that have a status.
pub fn changed<T: Copy>(tested: Vec<Tested<T>>, q_values: &QValues, key: &dyn Fn(T) -> String) -> Vec<Changed<T>> {
    let of = |tested: Tested<T>| {
        let q_value = tested.g2.and_then(|g2| q_values.of(g2));
        let status = tested.counts.status(q_value)?;
        Some(Changed { tested, status, q_value, key: key(tested.thing) })
    };
    tested.into_iter().filter_map(of).collect()
}

/// The first `top` of each status in the order of the table.
pub fn first_of_each_status<T>(mut changed: Vec<Changed<T>>, top: usize) -> Vec<Changed<T>> {
    let magnitude = |changed: &Changed<T>| std::cmp::Reverse(changed.tested.g2.map(printed));
    changed.sort_unstable_by(|a, b| (magnitude(a), &a.key).cmp(&(magnitude(b), &b.key)));
    let mut of_status = [0usize; Status::COUNT];
    changed.retain(|changed| {
        let rows = &mut of_status[changed.status as usize];
        *rows += 1;
        *rows <= top
    });
    changed
}

impl<T> Changed<T> {
    /// Its row, as far as the counts tell.
    pub fn row(self, compared: &Compared<'_, '_>, (kind, name): (Kind, String), [current_documents, previous_documents]: [u64; 2]) -> Row {
        let Tested { counts, g2, .. } = self.tested;
        Row {
            comparison: compared.comparison,
            kind,
            key: self.key,
            name,
            status: self.status,
            current: Side { count: counts.current, total: Some(counts.current_total), documents: Some(current_documents) },
            previous: Side { count: counts.previous, total: Some(counts.previous_total), documents: Some(previous_documents) },
            g2,
            q_value: self.q_value,
            first_date: None,
            example: evidence::Example::None,
        }
    }
}
