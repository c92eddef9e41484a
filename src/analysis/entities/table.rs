//! The rows and columns of entities.csv.

use std::sync::Arc;

use crate::analysis::{Inputs, Shared};
use crate::table::{Cells, Column, Definition, Dropped, Table};

use super::context::Rule;
use super::found::{Entities, Entity};

pub(in crate::analysis) static DEFINITION: Definition = Definition {
    name: "entities",
    title_zh: "实体",
    title_en: "Entities",
    description: "One row a person, place, organisation, document or meeting that the texts name: how often, in how many documents, since when, and the shortest sentence that shows it. Found by rules over words and lists, not by a trained model; the column sources says by which, variants what was counted under the name. A wrong row is mended in the list of names of the configuration.",
    key: "mentions descending, kind, name",
    columns: &[
        Column::text(
            "kind",
            "类别",
            "Kind",
            "person, place, organisation, document or meeting. A document is whatever has a title in 《》 or a document number, works of art included.",
        ),
        Column::text(
            "name",
            "名称",
            "Name",
            "The name under which all variants count; titles without 《》. Latin letters in lower case, but for names of the list and titles.",
        ),
        Column::integer(
            "mentions",
            "mentions",
            "提及次数",
            "Mentions",
            "Places in the texts. Of names that lie in one another only the longest is counted: 浙江大学 is no mention of 浙江; but every level of 浙江省杭州市 is one.",
        ),
        Column::integer("documents", "documents", "文档数", "Documents", "Documents that mention it."),
        Column::date("first_date", "最早日期", "First date", "Earliest date of a document that mentions it; empty if none is dated."),
        Column::date("last_date", "最晚日期", "Last date", "Latest date of a document that mentions it; empty if none is dated."),
        Column::text("example", "例句", "Example", "Shortest sentence that mentions it; ties by doc_id, then sentence number."),
        Column::text("example_doc_id", "例句文档", "Example document", "doc_id of the example."),
        Column::integer(
            "example_sentence_no",
            "1 = first",
            "例句句号",
            "Example sentence",
            "Sentence number of the example in its document.",
        ),
        Column::text(
            "variants",
            "写法",
            "Variants",
            "The forms counted under the name, each with its mentions, parted by ; the most frequent first. One by the list of names; for cities with and without 市; titles by white space, marks, quotation marks and 中华人民共和国 before laws and orders; 中共 before party committees; 党的 before plenary sessions; and what a document says of itself: 以下简称, or a title that is the end of one named before it (of a law only the country, the party or the place may be left out).",
        ),
        Column::text(
            "sources",
            "依据",
            "Sources",
            "The rules that found it, parted by ; list (the list of names), word (tag of a word of the dictionary or guessed by the segmenter), surname_and_given_name (a surname and a given name that were cut apart; if the given name is a common word, at least a quarter of such places must stand behind a title or before a verb of speech), foreign_name (parts around ·), place_suffix (省, 市, 县 …), organisation_head (a name and 委员会, 公司 …), meeting_head, meeting_topic (between 召开 and 会议), title_marks (《》), document_number, declared (以下简称 in the same document).",
        ),
    ],
    optional: &[],
};

struct Rows<'a> {
    inputs: Inputs<'a>,
    shared: Arc<Shared>,
    rows: usize,
}

pub(in crate::analysis) fn build<'a>(inputs: &Inputs<'a>, shared: &Arc<Shared>) -> Box<dyn Table + 'a> {
    let entities = super::entities(inputs, shared);
    let frequent = frequent(inputs, entities);
    let rows = if inputs.options.entities.top == 0 { frequent } else { frequent.min(inputs.options.entities.top) };
    Box::new(Rows { inputs: *inputs, shared: Arc::clone(shared), rows })
}

/// How many entities have enough mentions.
fn frequent(inputs: &Inputs<'_>, entities: &Entities) -> usize {
    entities.list.partition_point(|entity| entity.mentions >= inputs.options.entities.min_mentions)
}

impl Rows<'_> {
    fn entities(&self) -> &Entities {
        super::entities(&self.inputs, &self.shared)
    }
}

impl Table for Rows<'_> {
    fn definition(&self) -> &'static Definition {
        &DEFINITION
    }

    fn row_count(&self) -> usize {
        self.rows
    }

    fn write_row(&self, row: usize, cells: &mut dyn Cells) {
        let entity = &self.entities().list[row];
        cells.code(entity.kind.name());
        cells.text(&entity.name);
        cells.integer(entity.mentions);
        cells.integer(entity.documents);
        cells.date(entity.dates.as_ref().map(|(first, _)| first as &dyn std::fmt::Display));
        cells.date(entity.dates.as_ref().map(|(_, last)| last as &dyn std::fmt::Display));
        match self.shared.examples.sentence(entity.example).map(|sentence| self.inputs.corpus.sentence(sentence)) {
            Some(sentence) => {
                cells.text(&sentence.text());
                cells.code(sentence.document().id.write(&mut [0; 13]));
                cells.integer(u64::from(sentence.sentence().number));
            }
            None => (0..3).for_each(|_| cells.empty()),
        }
        cells.text(&variants(entity));
        cells.text(&sources(entity.rules));
    }

    fn dropped(&self) -> Vec<Dropped> {
        let frequent = frequent(&self.inputs, self.entities());
        let all = [("entities.min_mentions", self.entities().list.len() - frequent), ("entities.top", frequent - self.rows)];
        all.into_iter().filter(|(_, rows)| *rows > 0).map(|(option, rows)| Dropped { option, rows: rows as u64 }).collect()
    }

    fn note(&self) -> Option<String> {
        let (forms, mentions) = self.entities().without_evidence;
        (forms > 0).then(|| {
            format!(
                "{forms} words ({mentions} mentions) look like names of persons or places, but too few of their mentions stand beside a title, \
                 a verb of speech or a place; list the wrongly missed in a file of entities.files"
            )
        })
    }
}

fn variants(entity: &Entity) -> String {
    let forms: Vec<String> = entity.forms.iter().map(|(form, mentions)| format!("{form}:{mentions}")).collect();
    forms.join(";")
}

fn sources(rules: u16) -> String {
    let names: Vec<&str> = Rule::ALL.into_iter().filter(|rule| rules & rule.bit() != 0).map(Rule::name).collect();
    names.join(";")
}
