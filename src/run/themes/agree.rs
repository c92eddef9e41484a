//! Two coders of the same sentences.

use std::collections::{BTreeMap, BTreeSet};

use crate::stats::{self, Agreement, Ratio};
use crate::table::{Cell, Column, Decimal, Definition, ListedTable};

use super::gold::{Gold, GoldSentence};

/// Columns of the table of agreement.
pub static AGREEMENT_DEFINITION: Definition = Definition {
    name: "theme_agreement",
    title_zh: "编码一致性",
    title_en: "Agreement of two coders",
    description: "One row a theme that one of two coders used, then total: all themes together. A theme with parts is present where one of its parts is.",
    key: "theme_id, total last",
    columns: &[
        Column::text(
            "theme_id",
            "主题编号",
            "Theme id",
            "As the coders wrote it; total: all leaves that were used, each in each sentence.",
        ),
        Column::integer("n", "sentences", "句数", "Sentences", "Sentences that both coded; of total: sentences times leaves."),
        Column::integer("both", "sentences", "双方都标", "Both", "Sentences that both labelled with it."),
        Column::integer("only_a", "sentences", "仅甲标", "Only A", "Sentences that only the first coder labelled with it."),
        Column::integer("only_b", "sentences", "仅乙标", "Only B", "Sentences that only the second coder labelled with it."),
        Column::integer("neither", "sentences", "双方都未标", "Neither", "Sentences that neither labelled with it."),
        Column::share("agreement", "一致率", "Agreement", "(both + neither) / n; high for rare themes by chance alone."),
        Column::decimal(
            "alpha",
            "at most 1",
            "Krippendorff α",
            "Krippendorff's alpha",
            "1 − d · (2n − 1) / (n₁ · n₀), d = only_a + only_b, n₁ = labels of both coders, n₀ = 2n − n₁; 1 = perfect, 0 = chance; empty if all values are equal. Krippendorff 2011.",
        ),
        Column::text(
            "reading",
            "解读",
            "Reading",
            "firm: alpha of at least .80; tentative: of at least .667; weak: below. Krippendorff 2004.",
        ),
    ],
    optional: &[],
};

/// Agreement of two coders, and the sentences that only one of them has.
pub struct AgreementOutcome {
    /// The table.
    pub table: ListedTable,
    /// Of all leaves together.
    pub total: Agreement,
    /// Sentences that both coded.
    pub common: usize,
    /// Sentences that only the first coder has, and only the second.
    pub alone: [usize; 2],
    /// Sentences of both that are not marked for a second coder, where some are, so that an empty cell says nothing.
    pub not_marked: usize,
}

/// What a sentence is known by in both files: its document, and its number or its text; which of several with that text.
type Key = (String, u32, String, usize);

/// The keys of all sentences of a file. Numbers are used where both files have them.
fn keys(gold: &Gold, by_number: bool) -> Vec<Key> {
    let mut seen: BTreeMap<(String, u32, String), usize> = BTreeMap::new();
    let key = |sentence: &GoldSentence| match (&sentence.text, sentence.sentence_no.filter(|_| !sentence.doc_id.is_empty())) {
        (text, Some(number)) if by_number || text.is_none() => (sentence.doc_id.clone(), number, String::new()),
        (text, _) => (sentence.doc_id.clone(), 0, text.clone().unwrap_or_default()),
    };
    let keys = gold.sentences.iter().map(key).map(|key| {
        let before = seen.entry(key.clone()).or_default();
        *before += 1;
        (key.0, key.1, key.2, *before)
    });
    keys.collect()
}

/// Compares the labels of two coders, in all sentences that both files have, or in those marked for a second coder where any is.
pub fn agreement(a: &Gold, b: &Gold) -> AgreementOutcome {
    let has_numbers = |gold: &Gold| gold.sentences.iter().all(|sentence| sentence.doc_id.is_empty() || sentence.sentence_no.is_some());
    let by_number = has_numbers(a) && has_numbers(b);
    let (keys_a, keys_b) = (keys(a, by_number), keys(b, by_number));
    let labels = |keys: &[Key], gold: &Gold| -> BTreeMap<Key, BTreeSet<String>> {
        keys.iter().cloned().zip(gold.sentences.iter().map(|sentence| sentence.themes.iter().cloned().collect())).collect()
    };
    let (of_a, of_b) = (labels(&keys_a, a), labels(&keys_b, b));
    let all = keys_a.iter().zip(&a.sentences).chain(keys_b.iter().zip(&b.sentences));
    let marked: BTreeSet<Key> = all.filter(|(_, sentence)| sentence.is_for_second).map(|(key, _)| key.clone()).collect();
    let both = of_a.iter().filter_map(|(key, a)| Some((key, (a, of_b.get(key)?))));
    let (common, not_marked): (Vec<_>, Vec<_>) = both.partition(|(key, _)| marked.is_empty() || marked.contains(*key));
    let common: Vec<(&BTreeSet<String>, &BTreeSet<String>)> = common.into_iter().map(|(_, labels)| labels).collect();
    let leaves: BTreeSet<&str> = common.iter().flat_map(|(a, b)| a.iter().chain(*b)).map(String::as_str).collect();
    let mut ids: BTreeSet<&str> = leaves.clone();
    ids.extend(leaves.iter().flat_map(|leaf| leaf.match_indices('.').map(|(at, _)| &leaf[..at])));
    let mut total = Agreement::default();
    let mut rows = Vec::new();
    for id in ids {
        let below = format!("{id}.");
        let has = |labels: &BTreeSet<String>| labels.iter().any(|label| label == id || label.starts_with(&below));
        let mut found = Agreement::default();
        for (a, b) in &common {
            *match (has(a), has(b)) {
                (true, true) => &mut found.both,
                (true, false) => &mut found.only_a,
                (false, true) => &mut found.only_b,
                (false, false) => &mut found.neither,
            } += 1;
        }
        if leaves.contains(id) {
            total.merge(&found);
        }
        rows.push(row(id, &found));
    }
    rows.push(row("total", &total));
    let (common, not_marked) = (common.len(), not_marked.len());
    let alone = [of_a.len() - common - not_marked, of_b.len() - common - not_marked];
    AgreementOutcome { table: ListedTable::new(&AGREEMENT_DEFINITION, rows), total, common, alone, not_marked }
}

fn row(id: &str, found: &Agreement) -> Vec<Cell> {
    let alpha = stats::krippendorff_alpha(found);
    let reading = match alpha.map(Ratio::value) {
        None => "",
        Some(alpha) if alpha >= 0.80 => "firm",
        Some(alpha) if alpha >= 0.667 => "tentative",
        Some(_) => "weak",
    };
    let decimal = |ratio: Option<Ratio>, digits: u8| ratio.and_then(|r| Decimal::of_ratio(r, digits)).map_or(Cell::Empty, Cell::Decimal);
    let mut cells = vec![Cell::of(id)];
    cells.extend([found.n(), found.both, found.only_a, found.only_b, found.neither].map(Cell::Integer));
    cells.push(decimal(stats::share(found.agreed(), found.n()), 4));
    cells.push(decimal(alpha, 6));
    cells.push(Cell::of(reading));
    cells
}
