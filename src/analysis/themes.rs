//! themes.csv: every theme of the taxonomy with its share of the corpus.

use std::sync::Arc;

use crate::stats::{self, Ratio};
use crate::table::{Cells, Column, Decimal, Definition, Table};
use crate::theme::Kind;

use super::{Inputs, Shared};

pub(super) static DEFINITION: Definition = Definition {
    name: "themes",
    title_zh: "主题表",
    title_en: "Themes",
    description: "One row a theme, parents included and also those that do not occur. Shares of policy themes are over documents, sentences and characters with at least one policy theme, those of the other kinds over all; they do not add up to 1, since a sentence has several themes.",
    key: "order of the taxonomy",
    columns: &[
        Column::text("theme_id", "主题编号", "Theme id", "Id in the taxonomy; dots make the hierarchy."),
        Column::text("parent_id", "上级主题", "Parent", "Id of the theme above; empty for a main theme."),
        Column::integer("level", "1 = main theme", "层级", "Level", "Depth in the hierarchy."),
        Column::text("name", "主题", "Name", "Name in the taxonomy."),
        Column::text("kind", "类别", "Kind", "policy, framing (fixed formulas) or procedure (meeting boilerplate)."),
        Column::integer("documents", "documents", "文档数", "Documents", "Documents with a coded sentence."),
        Column::share("document_share", "文档占比", "Document share", "documents / base documents; empty if there are none."),
        Column::integer("sentences", "sentences", "句数", "Sentences", "Coded sentences; a theme with parts counts a sentence once."),
        Column::share("sentence_share", "句子占比", "Sentence share", "sentences / base sentences; empty if there are none."),
        Column::share(
            "character_share",
            "字数占比",
            "Character share",
            "Characters of coded sentences / characters of base sentences, titles left out; empty if there are none.",
        ),
        Column::decimal(
            "score",
            "sum of weights",
            "得分",
            "Score",
            "Sum of contribution in theme_evidence; of a theme with parts exactly the sum of its parts. Sentences below the threshold are included.",
        ),
        Column::decimal(
            "per_thousand_characters",
            "per thousand characters",
            "每千字得分",
            "Score per thousand characters",
            "1000 · score / characters of all documents; empty if there are none.",
        ),
    ],
    optional: &[],
};

struct Themes<'a> {
    inputs: Inputs<'a>,
    shared: Arc<Shared>,
}

pub(super) fn build<'a>(inputs: &Inputs<'a>, shared: &Arc<Shared>) -> Box<dyn Table + 'a> {
    Box::new(Themes { inputs: *inputs, shared: Arc::clone(shared) })
}

impl Table for Themes<'_> {
    fn definition(&self) -> &'static Definition {
        &DEFINITION
    }

    fn row_count(&self) -> usize {
        self.inputs.tagger().map_or(0, |t| t.themes().len())
    }

    fn write_row(&self, row: usize, cells: &mut dyn Cells) {
        let Some(tagger) = self.inputs.tagger() else { return };
        let theme = &tagger.themes()[row];
        let total = self.shared.themes.total();
        let count = total.themes[row];
        let base = if theme.kind == Kind::Policy { total.policy } else { total.all };
        cells.code(&theme.id);
        match theme.parent {
            Some(parent) => cells.text(&tagger.themes()[parent].id),
            None => cells.empty(),
        }
        cells.integer(theme.level as u64);
        cells.text(&theme.name);
        cells.text(theme.kind.as_str());
        cells.integer(count.documents);
        cells.share(stats::share(count.documents, base.documents));
        cells.integer(count.sentences);
        cells.share(stats::share(count.sentences, base.sentences));
        cells.share(stats::share(count.characters, base.characters));
        cells.decimal(Some(Decimal::from_millionths(count.score)));
        cells.ratio(per_thousand(count.score, total.all.characters));
    }
}

/// 1000 · score / characters; `score` in millionths. Nothing without characters.
fn per_thousand(score: i64, characters: u64) -> Option<Ratio> {
    Ratio::new(score, u128::from(characters) * 1_000)
}
