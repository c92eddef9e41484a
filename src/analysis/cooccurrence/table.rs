//! The rows and columns of cooccurrence.csv.

use std::sync::Arc;

use crate::analysis::pairs::{
    self, AddedMeasures, Found, Held, Incidence, Items, Limits, NOT_PAIRED, OPTIONAL_COLUMNS, PairRow, STRENGTH_COLUMNS, Unit, UnitSource,
    Units, UnitsOf, Window,
};
use crate::analysis::{Inputs, Shared};
use crate::corpus::Parts;
use crate::table::{Cells, Column, Definition, Dropped, Table, joined};

use super::paired::{numbers_of_words, paired_terms};

pub(in crate::analysis) static DEFINITION: Definition = Definition {
    name: "cooccurrence",
    title_zh: "共现表",
    title_en: "Co-occurrence",
    description: "One row a pair of terms seen together in a unit (a sentence by default), with the strength of the pair by several measures and the shortest sentence that shows it. Use g2 to rank, an effect size (pmi, log_dice, ΔP) to judge, documents against pairs made by one text.",
    key: "g2 descending (undefined last), term_a, term_b, unit (sentence, paragraph, document, window by K)",
    columns: &COLUMNS,
    optional: &OPTIONAL_COLUMNS,
};

static COLUMNS: [Column; 25] = joined(&[&OWN_COLUMNS, &STRENGTH_COLUMNS]);

const OWN_COLUMNS: [Column; 7] = [
    Column::text("term_a", "词语甲", "Term A", "The first of the two in code-point order."),
    Column::text("term_b", "词语乙", "Term B", "The second of the two in code-point order."),
    Column::text("unit", "单位", "Unit", "sentence, paragraph, document or window:K."),
    Column::integer(
        "n_ab",
        "units",
        "共现次数",
        "Both",
        "Units that hold both; presence, not multiplicity. For window:K token pairs at most K apart in a sentence, each read from both ends.",
    ),
    Column::integer("n_a", "units", "甲出现次数", "With A", "Units that hold term_a. For window:K ordered token pairs that start at it."),
    Column::integer("n_b", "units", "乙出现次数", "With B", "Units that hold term_b. For window:K ordered token pairs that start at it."),
    Column::integer("n", "units", "单位总数", "All units", "All units with at least one token. For window:K all ordered token pairs."),
];

struct Row {
    unit: Unit,
    pair: PairRow,
}

struct Cooccurrence<'a> {
    inputs: Inputs<'a>,
    shared: Arc<Shared>,
    items: Arc<Items>,
    measures: AddedMeasures,
    rows: Vec<Row>,
    left_out: u64,
    rare: u64,
}

pub(in crate::analysis) fn build<'a>(inputs: &Inputs<'a>, shared: &Arc<Shared>) -> Box<dyn Table + 'a> {
    let options = &inputs.options.cooccurrence;
    let items = Arc::new(paired_terms(inputs));
    let mut asked = options.units.clone();
    asked.sort_unstable();
    asked.dedup();
    let by_sentence = units(inputs, &items, pairs::sentences);
    let (shared, measures) = (Arc::clone(shared), AddedMeasures::new(&options.measures));
    let mut table = Cooccurrence { inputs: *inputs, shared, items, measures, rows: Vec::new(), left_out: 0, rare: 0 };
    for unit in asked {
        let of = |units_of| units(inputs, &table.items, units_of);
        match unit {
            Unit::Sentence => table.add_unit(unit, &by_sentence, None),
            Unit::Paragraph => table.add_unit(unit, &of(pairs::paragraphs), Some(&by_sentence)),
            Unit::Document => table.add_unit(unit, &of(pairs::documents), Some(&by_sentence)),
            Unit::Window(width) => {
                let of_words = |shard| numbers_of_words(inputs, &|term| table.items.number(term), shard);
                let window = Window::new(inputs.corpus, width, table.items.len(), of_words);
                table.add_unit(unit, &window, Some(&by_sentence));
            }
        }
    }
    let items = &table.items;
    table.rows.sort_by_key(|row| (row.pair.order_key(items), row.unit));
    Box::new(table)
}

/// Which terms the units hold.
fn units<'a>(inputs: &Inputs<'a>, items: &Arc<Items>, units_of: UnitsOf) -> Units<'a> {
    let (count, items, inputs) = (items.len(), Arc::clone(items), *inputs);
    let held = move |number: usize| -> Held<'a> {
        let numbers = numbers_of_words(&inputs, &|term| items.number(term), number);
        Box::new(move |shard, sentence, held| {
            let words = shard.sentence_tokens(sentence).iter();
            held.extend(words.map(|word| numbers[*word as usize]).filter(|number| *number != NOT_PAIRED));
        })
    };
    Units::new(UnitSource { corpus: inputs.corpus, parts: Parts::TOKENS, items: count, units_of, held: Box::new(held) })
}

impl Cooccurrence<'_> {
    fn add_unit<U: Incidence>(&mut self, unit: Unit, units: &U, sentences: Option<&Units<'_>>) {
        let options = &self.inputs.options.cooccurrence;
        let limits = Limits { min_count: options.min_count, top: options.top };
        let Found { rows, left_out, rare } =
            pairs::count(self.inputs.corpus, &self.shared.examples, &self.items, (units, sentences), limits);
        self.left_out += left_out;
        self.rare += rare;
        self.rows.extend(rows.into_iter().map(|pair| Row { unit, pair }));
    }

    fn term(&self, number: u32) -> &str {
        &self.inputs.selection.terms()[self.items.place(number) as usize].text
    }
}

impl Table for Cooccurrence<'_> {
    fn definition(&self) -> &'static Definition {
        &DEFINITION
    }

    fn row_count(&self) -> usize {
        self.rows.len()
    }

    fn added_columns(&self) -> &[&'static Column] {
        self.measures.columns()
    }

    fn write_row(&self, row: usize, cells: &mut dyn Cells) {
        let Row { unit, pair } = &self.rows[row];
        pair.items().into_iter().for_each(|number| cells.text(self.term(number)));
        cells.code(&unit.to_string());
        pair.write_counts(cells);
        pair.write_strength(self.inputs.corpus, &self.shared.examples, cells);
        pair.write_added(&self.measures, cells);
    }

    fn dropped(&self) -> Vec<Dropped> {
        let all = [
            ("cooccurrence.top", self.left_out),
            ("cooccurrence.min_count", self.rare),
            ("cooccurrence.min_df (terms)", self.items.too_rare),
            ("cooccurrence.max_terms (terms)", self.items.too_many),
        ];
        all.into_iter().filter(|(_, rows)| *rows > 0).map(|(option, rows)| Dropped { option, rows }).collect()
    }
}
