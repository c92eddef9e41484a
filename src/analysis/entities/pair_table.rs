//! The rows and columns of entity_pairs.csv: who occurs with whom. Counted by [`super::super::pairs`].

use std::sync::Arc;

use crate::analysis::pairs::{
    self, AddedMeasures, Found, Held, Items, Limits, NOT_PAIRED, OPTIONAL_COLUMNS, STRENGTH_COLUMNS, Unit, UnitSource, Units, UnitsOf,
};
use crate::analysis::{Inputs, Shared};
use crate::corpus::{Corpus, Parts};
use crate::table::{Cells, Column, Definition, Dropped, Table, joined};

use super::found::{Entities, Entity};

pub(in crate::analysis) static PAIRS: Definition = Definition {
    name: "entity_pairs",
    title_zh: "实体共现",
    title_en: "Pairs of entities",
    description: "One row a pair of entities that a unit (a sentence by default) mentions together, with the strength of the pair by several measures and the shortest sentence that shows it: who appears with whom, where, on what.",
    key: "g2 descending (undefined last), entity_a, kind_a, entity_b, kind_b",
    columns: &COLUMNS,
    optional: &OPTIONAL_COLUMNS,
};

static COLUMNS: [Column; 27] = joined(&[&OWN_COLUMNS, &STRENGTH_COLUMNS]);

const OWN_COLUMNS: [Column; 9] = [
    Column::text("kind_a", "类别甲", "Kind A", "See entities."),
    Column::text("entity_a", "实体甲", "Entity A", "The first of the two in code-point order; see entities."),
    Column::text("kind_b", "类别乙", "Kind B", "See entities."),
    Column::text("entity_b", "实体乙", "Entity B", "The second of the two in code-point order; see entities."),
    Column::text("unit", "单位", "Unit", "sentence, paragraph or document."),
    Column::integer("n_ab", "units", "共现次数", "Both", "Units that mention both; presence, not multiplicity."),
    Column::integer("n_a", "units", "甲出现次数", "With A", "Units that mention entity_a."),
    Column::integer("n_b", "units", "乙出现次数", "With B", "Units that mention entity_b."),
    Column::integer("n", "units", "单位总数", "All units", "All units with at least one token."),
];

struct Pairs<'a> {
    inputs: Inputs<'a>,
    shared: Arc<Shared>,
    items: Items,
    found: Found,
    /// Those that cooccurrence.csv has, too.
    measures: AddedMeasures,
}

pub(in crate::analysis) fn build_pairs<'a>(inputs: &Inputs<'a>, shared: &Arc<Shared>) -> Box<dyn Table + 'a> {
    let options = &inputs.options.entities;
    let entities = super::entities(inputs, shared);
    // In the order of names, equal names in that of kinds, so that the order of rows depends on nothing else.
    let names: Vec<String> = entities.list.iter().map(|entity| format!("{}\0{}", entity.name, entity.kind.name())).collect();
    let list: Vec<(&str, u64)> = names.iter().zip(&entities.list).map(|(name, entity)| (name.as_str(), entity.documents)).collect();
    let items = Items::choose(&list, 0, options.pair_max_entities);
    let by_sentence = units(inputs.corpus, entities, &items, pairs::sentences);
    let limits = Limits { min_count: options.pair_min_count, top: options.pair_top };
    let count = |units: &Units<'_>, sentences| pairs::count(inputs.corpus, &shared.examples, &items, (units, sentences), limits);
    let found = match options.pair_unit.unit() {
        Unit::Paragraph => count(&units(inputs.corpus, entities, &items, pairs::paragraphs), Some(&by_sentence)),
        Unit::Document => count(&units(inputs.corpus, entities, &items, pairs::documents), Some(&by_sentence)),
        Unit::Sentence | Unit::Window(_) => count(&by_sentence, None),
    };
    drop(by_sentence);
    let measures = AddedMeasures::new(&inputs.options.cooccurrence.measures);
    Box::new(Pairs { inputs: *inputs, shared: Arc::clone(shared), items, found, measures })
}

/// Which entities the units mention.
fn units<'a>(corpus: &'a Corpus, entities: &'a Entities, items: &'a Items, units_of: UnitsOf) -> Units<'a> {
    let held = move |number: usize| -> Held<'a> {
        let mentions = entities.of_shard(number);
        Box::new(move |_, sentence, held| {
            let mentioned = mentions.of_sentence(sentence);
            held.extend(mentioned.map(|entity| items.number(entity)).filter(|number| *number != NOT_PAIRED));
        })
    };
    Units::new(UnitSource { corpus, parts: Parts::TOKENS, items: items.len(), units_of, held: Box::new(held) })
}

impl Pairs<'_> {
    fn entity(&self, number: u32) -> &Entity {
        &super::entities(&self.inputs, &self.shared).list[self.items.place(number) as usize]
    }
}

impl Table for Pairs<'_> {
    fn definition(&self) -> &'static Definition {
        &PAIRS
    }

    fn row_count(&self) -> usize {
        self.found.rows.len()
    }

    fn write_row(&self, row: usize, cells: &mut dyn Cells) {
        let pair = &self.found.rows[row];
        for entity in pair.items().map(|number| self.entity(number)) {
            cells.code(entity.kind.name());
            cells.text(&entity.name);
        }
        cells.code(&self.inputs.options.entities.pair_unit.unit().to_string());
        pair.write_counts(cells);
        pair.write_strength(self.inputs.corpus, &self.shared.examples, cells);
        pair.write_added(&self.measures, cells);
    }

    fn added_columns(&self) -> &[&'static Column] {
        self.measures.columns()
    }

    fn dropped(&self) -> Vec<Dropped> {
        let all = [
            ("entities.pair_top", self.found.left_out),
            ("entities.pair_min_count", self.found.rare),
            ("entities.pair_max_entities (entities)", self.items.too_many),
        ];
        all.into_iter().filter(|(_, rows)| *rows > 0).map(|(option, rows)| Dropped { option, rows }).collect()
    }
}
