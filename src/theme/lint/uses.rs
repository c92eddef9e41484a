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

/// Themes that use each other in a circle, once for each circle.
pub(super) fn circles(taxonomy: &Taxonomy, problems: &mut Problems) {
    let Err(waiting) = use_order(taxonomy) else { return };
    let Some(circle) = circle(taxonomy, &waiting) else { return };
    let ids: Vec<&str> = circle.iter().chain(&circle[..1]).map(|at| taxonomy.themes[*at].id.as_str()).collect();
    let place = taxonomy.themes[circle[0]].uses.first().map_or(taxonomy.themes[circle[0]].place, |found| found.place);
    problems.add(place, "T013", format!("themes use each other in a circle: {}", ids.join(" -> ")));
}

/// A circle among themes each of which waits for another of them; a theme that uses itself is reported apart.
fn circle(taxonomy: &Taxonomy, waiting: &[usize]) -> Option<Vec<usize>> {
    let number: BTreeMap<&str, usize> = waiting.iter().map(|at| (taxonomy.themes[*at].id.as_str(), *at)).collect();
    let mut path: Vec<usize> = vec![*waiting.first()?];
    loop {
        let last = path[path.len() - 1];
        let next = taxonomy.themes[last].uses.iter().find_map(|found| number.get(found.id.as_str()).copied())?;
        if let Some(start) = path.iter().position(|at| *at == next) {
            let circle = path.split_off(start);
            return (circle.len() > 1).then_some(circle);
        }
        path.push(next);
    }
}

/// Leaves, each after those it uses; or those that wait for each other.
pub(in crate::theme) fn use_order(taxonomy: &Taxonomy) -> Result<Vec<usize>, Vec<usize>> {
    let number: BTreeMap<&str, usize> = taxonomy.themes.iter().enumerate().map(|(at, t)| (t.id.as_str(), at)).collect();
    let mut waiting: Vec<usize> = (0..taxonomy.themes.len()).filter(|at| taxonomy.themes[*at].is_leaf).collect();
    let mut order: Vec<usize> = Vec::with_capacity(waiting.len());
    let mut done = vec![false; taxonomy.themes.len()];
    while !waiting.is_empty() {
        let ready = |at: &usize| {
            let mut uses = taxonomy.themes[*at].uses.iter().filter_map(|u| number.get(u.id.as_str()));
            uses.all(|other| done[*other] || !taxonomy.themes[*other].is_leaf)
        };
        let (now, later): (Vec<usize>, Vec<usize>) = waiting.iter().partition(|at| ready(at));
        if now.is_empty() {
            return Err(later);
        }
        now.iter().for_each(|at| done[*at] = true);
        order.extend(now);
        waiting = later;
    }
    Ok(order)
}
