//! The product and its q-values against counting every pair by the definition.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::product::{self, Meetings, UNDEFINED, over_rows};
use super::q_values::QValues;
use super::{Incidence, Items, Limits};
use crate::stats::{self, Contingency};
use crate::table::Decimal;

/// Units as lists of distinct numbers.
struct Units {
    units: Vec<Vec<u32>>,
    marginals: Vec<u64>,
}

impl Units {
    fn new(items: usize, units: Vec<std::collections::BTreeSet<u32>>) -> Self {
        let mut marginals = vec![0; items];
        units.iter().flatten().for_each(|item| marginals[*item as usize] += 1);
        Self { units: units.into_iter().map(|unit| unit.into_iter().collect()).collect(), marginals }
    }
}

impl Meetings for Units {
    fn meetings(&self, item: usize, visit: &mut impl FnMut(u32)) {
        let holding = self.units.iter().filter(|unit| unit.contains(&(item as u32)));
        holding.flatten().filter(|other| **other as usize > item).for_each(|other| visit(*other));
    }
}

impl Incidence for Units {
    fn n(&self) -> u64 {
        self.units.len() as u64
    }

    fn marginal(&self, item: usize) -> u64 {
        self.marginals[item]
    }

    fn over_rows<T: Send>(&self, at_once: usize, start: impl Fn() -> T + Sync, see: impl Fn(&mut T, [usize; 2], u32) + Sync) -> Vec<T> {
        over_rows(self, self.marginals.len(), at_once, start, see)
    }

    fn parts(&self) -> Vec<std::ops::Range<usize>> {
        std::iter::once(0..self.units.len()).collect()
    }

    fn pairs_of_units<'p>(&self, _: std::ops::Range<usize>, _: &dyn Fn(u32) -> &'p [(u32, u32)], _: &mut dyn FnMut(usize, u32)) {}
}

/// Items `a`, `b`, … in the order of their texts.
fn items(number: u32) -> Items {
    let names: Vec<String> = (0..number).map(|at| format!("{at:03}")).collect();
    Items::choose(&names.iter().map(|name| (name.as_str(), 1)).collect::<Vec<_>>(), 0, 0)
}

/// Printed g2 (last digit), the two items and |g2| of every pair seen often enough, in table order.
fn all_pairs(units: &Units, items: u32, min_count: u64) -> Vec<(i64, u32, u32, Option<f64>)> {
    let mut all = Vec::new();
    for (a, b) in (0..items).flat_map(|a| (a + 1..items).map(move |b| (a, b))) {
        let both = units.units.iter().filter(|unit| unit.contains(&a) && unit.contains(&b)).count() as u64;
        if both >= min_count {
            let table = Contingency::new(both, units.marginal(a as usize), units.marginal(b as usize), units.n()).unwrap();
            let g2 = stats::g2(&table);
            let printed = g2.map_or(UNDEFINED, |g2| Decimal::rounded(g2, 6).unwrap().scaled() as i64);
            all.push((printed, a, b, g2.map(f64::abs)));
        }
    }
    all.sort_by_key(|(printed, a, b, _)| (std::cmp::Reverse(*printed), *a, *b));
    all
}

/// q of each magnitude, by the definition.
fn q_by_definition(magnitudes: &[f64]) -> BTreeMap<u64, f64> {
    let mut sorted = magnitudes.to_vec();
    sorted.sort_by(|a, b| b.total_cmp(a));
    sorted.iter().zip(stats::q_values(&sorted)).map(|(magnitude, q)| (magnitude.to_bits(), q)).collect()
}

/// Units of a small world, some of them drawn to each other.
fn worlds() -> impl Strategy<Value = (u32, Vec<std::collections::BTreeSet<u32>>)> {
    (3u32..14).prop_flat_map(|items| {
        let any = prop::collection::btree_set(0..items, 0..6);
        let neighbours = (0..items - 1, 0..items).prop_map(|(a, other)| [a, a + 1, other].into_iter().collect());
        (Just(items), prop::collection::vec(prop_oneof![any, neighbours], 1..120))
    })
}

proptest! {
    #[test]
    fn the_best_pairs_and_their_q_values_are_those_of_all_pairs((number, units) in worlds(), top in 0usize..12, min_count in 1u32..4) {
        let units = Units::new(number as usize, units);
        let expected = all_pairs(&units, number, u64::from(min_count));
        let magnitudes: Vec<f64> = expected.iter().filter_map(|(.., g2)| *g2).collect();
        let (items, limits) = (items(number), Limits { min_count, top });
        let product = product::count(&units, &items, limits);
        let rows = if top == 0 { expected.len() } else { top.min(expected.len()) };
        let got: Vec<_> = product.pairs.iter().map(|pair| (pair.g2_millionths, pair.a, pair.b)).collect();
        prop_assert_eq!(got, expected[..rows].iter().map(|(printed, a, b, _)| (*printed, *a, *b)).collect::<Vec<_>>());
        prop_assert_eq!((product.tested, product.left_out), (magnitudes.len() as u64, (expected.len() - rows) as u64));
        let q_values = QValues::new(&units, min_count, &product);
        let by_definition = q_by_definition(&magnitudes);
        for (.., g2) in &expected[..rows] {
            let exact = g2.map(|g2| by_definition[&g2.to_bits()]);
            let got = q_values.of(*g2);
            // Where all are printed as 0 none is looked up.
            prop_assert!(got == exact || (got == Some(0.0) && exact.is_some_and(|q| q < 5e-7)), "{got:?} {exact:?}");
        }
    }
}
