//! theme_quality.csv: how far each theme can be trusted, measured on sentences that a person labelled.

use crate::stats::{self, Ratio};
use crate::table::{Cells, Column, Decimal, Definition, Table};
use crate::theme::{Average, Quality, QualityReport, Share, Tagger};

/// Name and columns of theme_quality.csv.
pub static QUALITY_DEFINITION: Definition = Definition {
    name: "theme_quality",
    title_zh: "主题质量表",
    title_en: "Quality of the themes",
    description: "One row a theme, then the totals: how the labels of the taxonomy agree with those of a person, on the sentences of a gold file. Written when `[themes] gold` names one, and by `yuliao themes score`.",
    key: "order of the taxonomy, then total.leaf.micro, total.leaf.macro, total.main.micro, total.main.macro",
    columns: &[
        Column::text(
            "theme_id",
            "主题编号",
            "Theme id",
            "See themes; total.… are all labels together (micro) or the mean over themes (macro), over leaves or main themes.",
        ),
        Column::integer(
            "n_gold",
            "labels",
            "标准标签数",
            "Gold labels",
            "Sentences that the person labelled with the theme; a theme with parts is present where one of them is. Empty for macro.",
        ),
        Column::integer("tp", "labels", "正确", "True positives", "Labels of both. Empty for macro."),
        Column::integer("fp", "labels", "误标", "False positives", "Labels of the taxonomy alone. Empty for macro."),
        Column::integer("fn", "labels", "漏标", "False negatives", "Labels of the person alone. Empty for macro."),
        Column::share(
            "precision",
            "精确率",
            "Precision",
            "tp / (tp + fp); empty if there are none. For macro the mean of the defined, unrounded cells.",
        ),
        Column::share(
            "recall",
            "召回率",
            "Recall",
            "tp / n_gold; empty if there are none. For macro the mean of the defined, unrounded cells.",
        ),
        Column::share(
            "f1",
            "F1 值",
            "F1",
            "2 · tp / (2 · tp + fp + fn); empty if there is no label. For macro the mean of the defined, unrounded cells.",
        ),
        Column::share(
            "low",
            "F1 下限",
            "F1, low",
            "Lower end of the 95 % interval of f1: Wilson's interval of j = tp / (tp + fp + fn), carried over by f1 = 2j / (1 + j). Empty for macro. Wilson 1927.",
        ),
        Column::share("high", "F1 上限", "F1, high", "Its upper end."),
    ],
    optional: &[],
};

/// The quality of the themes of one taxonomy as a table.
pub struct QualityTable<'a> {
    /// The taxonomy.
    pub tagger: &'a Tagger,
    /// What was measured.
    pub report: &'a QualityReport,
}

const TOTALS: [(&str, Average, bool); 4] = [
    ("total.leaf.micro", Average::Leaves, true),
    ("total.leaf.macro", Average::Leaves, false),
    ("total.main.micro", Average::Mains, true),
    ("total.main.macro", Average::Mains, false),
];

impl Table for QualityTable<'_> {
    fn definition(&self) -> &'static Definition {
        &QUALITY_DEFINITION
    }

    fn row_count(&self) -> usize {
        self.report.themes.len() + TOTALS.len()
    }

    fn write_row(&self, row: usize, cells: &mut dyn Cells) {
        let themes = self.tagger.themes();
        if let Some(quality) = self.report.themes.get(row) {
            cells.code(&themes[row].id);
            return write_quality(quality, cells);
        }
        let (name, average, is_micro) = TOTALS[row - themes.len()];
        cells.code(name);
        if is_micro {
            return write_quality(&self.report.micro(themes, average), cells);
        }
        (0..4).for_each(|_| cells.empty());
        for measure in [Quality::precision, Quality::recall, Quality::f1] {
            cells.decimal(self.report.macro_mean(themes, average, measure).and_then(|mean| Decimal::rounded(mean, 4)));
        }
        (0..2).for_each(|_| cells.empty());
    }
}

fn write_quality(quality: &Quality, cells: &mut dyn Cells) {
    let counts = [quality.given(), quality.true_positives, quality.false_positives, quality.false_negatives];
    counts.into_iter().for_each(|count| cells.integer(count));
    for share in [quality.precision(), quality.recall(), quality.f1()] {
        cells.share(share.and_then(|(part, whole): Share| Ratio::new(part, whole)));
    }
    let interval = stats::f1_interval(quality.true_positives, quality.wrong());
    cells.decimal(interval.and_then(|(low, _)| Decimal::rounded(low, 4)));
    cells.decimal(interval.and_then(|(_, high)| Decimal::rounded(high, 4)));
}
