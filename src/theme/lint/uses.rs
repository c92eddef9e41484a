//! Themes that ask for other themes.

use std::collections::BTreeMap;

use crate::theme::form::Problems;
use crate::theme::model::{Taxonomy, Theme};

/// Conditions on themes that do not exist or have no score of their own.
pub(super) fn check(theme: &Theme, taxonomy: &Taxonomy, problems: &mut Problems) {
    for found in &theme.uses {
        let message = match taxonomy.themes.iter().find(|t| t.id == found.id) {
            None => format!("use: there is no theme `{}`", found.id),
            Some(_) if found.id == theme.id => format!("use: `{}` uses itself", theme.id),
            Some(other) if !other.is_leaf => format!("use: `{}` has parts; name one of them", found.id),
            Some(_) => continue,
        };
        problems.add(found.place, "T013", message);
    }
}

/// Themes that use each other in a circle, once for each circle; circles that share a theme with one that was told wait for its end.
pub(super) fn circles(taxonomy: &Taxonomy, problems: &mut Problems) {
    let Err(waiting) = use_order(taxonomy) else { return };
    let number: BTreeMap<&str, usize> = waiting.iter().map(|at| (taxonomy.themes[*at].id.as_str(), *at)).collect();
    // Themes that lead into no circle that was not told.
    let mut done = vec![false; taxonomy.themes.len()];
    for start in &waiting {
        let mut path: Vec<usize> = if done[*start] { Vec::new() } else { vec![*start] };
        while let Some(last) = path.last().copied() {
            let is_open = |other: &usize| !done[*other] && *other != last;
            let uses = taxonomy.themes[last].uses.iter();
            match uses.filter_map(|found| number.get(found.id.as_str()).copied()).find(is_open) {
                Some(next) => match path.iter().position(|at| *at == next) {
                    Some(from) => {
                        let circle = path.split_off(from);
                        tell(taxonomy, &circle, problems);
                        circle.iter().for_each(|at| done[*at] = true);
                    }
                    None => path.push(next),
                },
                None => {
                    done[last] = true;
                    path.pop();
                }
            }
        }
    }
}

fn tell(taxonomy: &Taxonomy, circle: &[usize], problems: &mut Problems) {
    let ids: Vec<&str> = circle.iter().chain(&circle[..1]).map(|at| taxonomy.themes[*at].id.as_str()).collect();
    let place = taxonomy.themes[circle[0]].uses.first().map_or(taxonomy.themes[circle[0]].place, |found| found.place);
    problems.add(place, "T013", format!("themes use each other in a circle: {}", ids.join(" -> ")));
}

/// Leaves, each after those it uses; or those that wait for each other, and those that use them.
pub(in crate::theme) fn use_order(taxonomy: &Taxonomy) -> Result<Vec<usize>, Vec<usize>> {
    let themes = &taxonomy.themes;
    let number: BTreeMap<&str, usize> = themes.iter().enumerate().filter(|(_, t)| t.is_leaf).map(|(at, t)| (t.id.as_str(), at)).collect();
    let mut used_by: Vec<Vec<usize>> = vec![Vec::new(); themes.len()];
    let mut missing = vec![0_usize; themes.len()];
    for at in number.values() {
        for other in themes[*at].uses.iter().filter_map(|found| number.get(found.id.as_str())) {
            used_by[*other].push(*at);
            missing[*at] += 1;
        }
    }
    let leaves = || (0..themes.len()).filter(|at| themes[*at].is_leaf);
    let mut order: Vec<usize> = leaves().filter(|at| missing[*at] == 0).collect();
    let mut next = 0;
    while let Some(at) = order.get(next).copied() {
        next += 1;
        for user in &used_by[at] {
            missing[*user] -= 1;
            if missing[*user] == 0 {
                order.push(*user);
            }
        }
    }
    let waiting: Vec<usize> = leaves().filter(|at| missing[*at] > 0).collect();
    if waiting.is_empty() { Ok(order) } else { Err(waiting) }
}
