//! theme_pairs.csv: which themes occur together. Counted by [`super::pairs`].

use std::sync::Arc;

use crate::corpus::Parts;
use crate::table::{Cells, Column, Definition, Table, joined};
use crate::theme::{Tagger, Theme};

use super::pairs::{self, Found, Held, Items, Limits, NOT_PAIRED, PairRow, STRENGTH_COLUMNS, Unit, UnitSource, Units, UnitsOf};
use super::theme_totals::add_up;
use super::{Inputs, Shared};

pub(super) static DEFINITION: Definition = Definition {
    name: "theme_pairs",
    title_zh: "主题共现表",
    title_en: "Pairs of themes",
    description: "One row a pair of themes of one level that a unit (a sentence by default) is coded with together, main themes with main themes and leaves with leaves, with the strength of the pair and the shortest sentence that shows it.",
    key: "level (main, leaf), g2 descending (undefined last), theme_a, theme_b, unit (sentence, paragraph, document)",
    columns: &COLUMNS,
    optional: &[],
};

static COLUMNS: [Column; 28] = joined(&[&OWN_COLUMNS, &STRENGTH_COLUMNS]);

const OWN_COLUMNS: [Column; 10] = [
    Column::text("level", "层级", "Level", "main: two main themes; leaf: two themes without parts."),
    Column::text("theme_a", "主题甲", "Theme A", "The first of the two ids in code-point order."),
    Column::text("name_a", "主题甲名称", "Name A", "See themes."),
    Column::text("theme_b", "主题乙", "Theme B", "The second of the two ids in code-point order."),
    Column::text("name_b", "主题乙名称", "Name B", "See themes."),
    Column::text("unit", "单位", "Unit", "sentence, paragraph or document."),
    Column::integer("n_ab", "units", "共现次数", "Both", "Units with a sentence coded with each; presence, not multiplicity."),
    Column::integer(
        "n_a",
        "units",
        "甲出现次数",
        "With A",
        "Units with a sentence coded with theme_a: in sentences and documents the count of themes.",
    ),
    Column::integer("n_b", "units", "乙出现次数", "With B", "Units with a sentence coded with theme_b."),
    Column::integer("n", "units", "单位总数", "All units", "All units with at least one token."),
];

/// Themes that are paired with each other.
struct Level {
    name: &'static str,
    items: Items,
    rows: Vec<(Unit, PairRow)>,
}

struct Pairs<'a> {
    inputs: Inputs<'a>,
    shared: Arc<Shared>,
    levels: Vec<Level>,
    /// Level and place in it of each row.
    rows: Vec<(usize, usize)>,
}

pub(super) fn build<'a>(inputs: &Inputs<'a>, shared: &Arc<Shared>) -> Box<dyn Table + 'a> {
    let levels: Vec<Level> = match inputs.tagger() {
        Some(tagger) => vec![
            Level::new(inputs, shared, tagger, ("main", |theme| theme.level == 1)),
            Level::new(inputs, shared, tagger, ("leaf", |theme| theme.is_leaf)),
        ],
        None => Vec::new(),
    };
    let rows = levels.iter().enumerate().flat_map(|(number, level)| (0..level.rows.len()).map(move |row| (number, row))).collect();
    Box::new(Pairs { inputs: *inputs, shared: Arc::clone(shared), levels, rows })
}

impl Level {
    fn new(inputs: &Inputs<'_>, shared: &Shared, tagger: &Tagger, (name, belongs): (&'static str, fn(&Theme) -> bool)) -> Self {
        // All themes are items; those of other levels are held by no unit.
        let list: Vec<(&str, u64)> = tagger.themes().iter().map(|theme| (theme.id.as_str(), 0)).collect();
        let items = Items::choose(&list, 0, 0);
        let by_sentence = units(inputs, tagger, &items, belongs, pairs::sentences);
        let limits = Limits { min_count: 1, top: 0 };
        let count = |units: &Units<'_>, sentences| pairs::count(inputs.corpus, &shared.examples, &items, (units, sentences), limits);
        let mut rows: Vec<(Unit, PairRow)> = Vec::new();
        for unit in inputs.options.themes.pair_units() {
            let of = |units_of| units(inputs, tagger, &items, belongs, units_of);
            let Found { rows: found, .. } = match unit {
                Unit::Paragraph => count(&of(pairs::paragraphs), Some(&by_sentence)),
                Unit::Document => count(&of(pairs::documents), Some(&by_sentence)),
                Unit::Sentence | Unit::Window(_) => count(&by_sentence, None),
            };
            rows.extend(found.into_iter().map(|row| (unit, row)));
        }
        drop(by_sentence);
        rows.sort_by_key(|(unit, row)| (row.order_key(&items), *unit));
        Self { name, items, rows }
    }
}

/// Which themes of a level the units are coded with.
fn units<'a>(inputs: &Inputs<'a>, tagger: &'a Tagger, items: &'a Items, belongs: fn(&Theme) -> bool, units_of: UnitsOf) -> Units<'a> {
    let taxonomy = inputs.taxonomy;
    let held = move |_| -> Held<'a> {
        Box::new(move |shard, sentence, held| {
            let coded = &shard.themes(taxonomy).coded;
            let Ok(place) = coded.binary_search_by_key(&sentence, |coded| coded.sentence as usize) else { return };
            for (leaf, _) in &coded[place].themes {
                add_up(tagger, *leaf as usize, &mut |theme| {
                    let number = u32::try_from(theme).map_or(NOT_PAIRED, |theme| items.number(theme));
                    if belongs(&tagger.themes()[theme]) && number != NOT_PAIRED {
                        held.push(number);
                    }
                });
            }
        })
    };
    Units::new(UnitSource { corpus: inputs.corpus, parts: Parts::CODED, items: items.len(), units_of, held: Box::new(held) })
}

impl Table for Pairs<'_> {
    fn definition(&self) -> &'static Definition {
        &DEFINITION
    }

    fn row_count(&self) -> usize {
        self.rows.len()
    }

    fn write_row(&self, row: usize, cells: &mut dyn Cells) {
        let Some(tagger) = self.inputs.tagger() else { return };
        let (level, place) = self.rows[row];
        let level = &self.levels[level];
        let (unit, pair) = &level.rows[place];
        cells.code(level.name);
        for number in pair.items() {
            let theme = &tagger.themes()[level.items.place(number) as usize];
            cells.code(&theme.id);
            cells.text(&theme.name);
        }
        cells.code(&unit.to_string());
        pair.write_counts(cells);
        pair.write_strength(self.inputs.corpus, &self.shared.examples, cells);
    }
}
