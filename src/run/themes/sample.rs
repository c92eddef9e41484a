//! A sample to be coded by hand: even over the themes that were found, with sentences that have none, and blind.

use std::collections::{BTreeMap, BTreeSet};

use crate::corpus::{Corpus, Parts};
use crate::table::{Cell, Column, Definition, ListedTable};
use crate::theme::Tagger;

/// Columns of a sample to be coded.
pub static SAMPLE_DEFINITION: Definition = Definition {
    name: "theme_sample",
    title_zh: "人工标注样本",
    title_en: "Sample to code by hand",
    description: "One row a sentence. Write the ids of its leaf themes into the column themes, joined by ;, and leave it empty where none fits. What the taxonomy found is not shown, and the order gives nothing away. The filled file is a gold file.",
    key: "BLAKE3 of seed, doc_id and sentence_no",
    columns: &[
        Column::text("doc_id", "文档编号", "Document id", "See documents."),
        Column::integer("paragraph_no", "1 = first", "段号", "Paragraph", "Paragraph number in the document."),
        Column::integer("sentence_no", "1 = first", "句号", "Sentence", "Sentence number in the document; the title is sentence 1."),
        Column::text("before", "前一句", "Before", "The sentence before it, to understand it; it is not coded."),
        Column::text("sentence", "句子", "Sentence text", "The sentence to code, as written."),
        Column::text("after", "后一句", "After", "The sentence after it."),
        Column::text("themes", "主题", "Themes", "To fill in: ids of leaf themes joined by ;."),
        Column::text("note", "备注", "Note", "For the coder."),
        Column::text("second_coder", "第二编码人", "Second coder", "yes where a second person should code the sentence too."),
        Column::text("sentence_hash", "句子指纹", "Sentence hash", "b and 16 hex digits of the BLAKE3 hash of the sentence."),
    ],
    optional: &[],
};

/// The code book that goes with it.
pub static CODEBOOK_DEFINITION: Definition = Definition {
    name: "codebook",
    title_zh: "编码手册",
    title_en: "Code book",
    description: "One row a leaf theme: what it means to the people who code.",
    key: "order of the taxonomy",
    columns: &[
        Column::text("theme_id", "主题编号", "Theme id", "What is written into the column themes."),
        Column::text("main", "一级主题", "Main theme", "Name of its main theme."),
        Column::text("name", "主题", "Name", "Its name."),
        Column::text("kind", "类别", "Kind", "policy, framing or procedure."),
        Column::text("definition", "定义", "Definition", "When a sentence has it."),
        Column::text("include", "包括", "Include", "What belongs to it."),
        Column::text("exclude", "不包括", "Exclude", "What does not, and where it goes."),
        Column::text("examples", "样例", "Examples", "Sentences that have it."),
    ],
    optional: &[],
};

/// How a sample is drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SampleRequest {
    /// Sentences for each leaf that was found.
    pub per_theme: usize,
    /// Sentences without any theme.
    pub uncoded: usize,
    /// Another seed gives another sample.
    pub seed: String,
    /// One sentence in so many is for a second coder too; 0 = none.
    pub second_coder: usize,
}

type Hash = [u8; 32];

/// Draws a sample. The sentences of each stratum are those with the smallest hash of seed, document and number: a larger sample holds
/// the smaller one. Titles are left out.
pub fn draw_sample(corpus: &Corpus, request: &SampleRequest) -> ListedTable {
    let mut strata: BTreeMap<Option<u32>, BTreeSet<(Hash, usize)>> = BTreeMap::new();
    let mut add = |stratum: Option<u32>, most: usize, entry: (Hash, usize)| {
        let chosen = strata.entry(stratum).or_default();
        chosen.insert(entry);
        if chosen.len() > most {
            chosen.pop_last();
        }
    };
    for (number, shard) in corpus.shards().iter().enumerate() {
        let (shard, first) = (shard.read(Parts::CODED), corpus.sentence_offset(number));
        let mut coded = shard.themes(0).coded.iter().peekable();
        for local in 0..shard.sentences.len() {
            let found = coded.next_if(|c| c.sentence as usize == local);
            if shard.is_title(local) {
                continue;
            }
            let sentence = &shard.sentences[local];
            let id = shard.documents[sentence.document as usize].id;
            let hash = *blake3::hash(format!("{}\0{id}#{}", request.seed, sentence.number).as_bytes()).as_bytes();
            match found {
                Some(found) => found.themes.iter().for_each(|(theme, _)| add(Some(*theme), request.per_theme, (hash, first + local))),
                None => add(None, request.uncoded, (hash, first + local)),
            }
        }
    }
    let drawn: BTreeSet<(Hash, usize)> = strata.into_values().flatten().collect();
    let is_second = |at: usize| request.second_coder > 0 && at.is_multiple_of(request.second_coder);
    let rows = drawn.iter().enumerate().map(|(at, (_, sentence))| row(corpus, *sentence, is_second(at))).collect();
    ListedTable::new(&SAMPLE_DEFINITION, rows)
}

fn row(corpus: &Corpus, number: usize, is_second: bool) -> Vec<Cell> {
    let place = corpus.sentence(number);
    let (sentence, document) = (place.sentence(), place.document());
    let beside = |at: Option<usize>| {
        let is_here = |at: &usize| (document.sentence_start as usize..document.sentence_end as usize).contains(at);
        Cell::of(at.filter(is_here).map(|at| place.other(at).text()).unwrap_or_default())
    };
    vec![
        Cell::Text(document.id.to_string()),
        Cell::Integer(u64::from(sentence.paragraph)),
        Cell::Integer(u64::from(sentence.number)),
        beside(place.local().checked_sub(1)),
        Cell::of(place.text()),
        beside(place.local().checked_add(1)),
        Cell::Empty,
        Cell::Empty,
        Cell::of(if is_second { "yes" } else { "" }),
        Cell::Text(super::gold::sentence_hash(&place.text())),
    ]
}

/// The code book of a taxonomy.
pub fn codebook(tagger: &Tagger) -> ListedTable {
    let themes = tagger.themes();
    let main = |id: &str| themes.iter().find(|t| t.level == 1 && id.split('.').next() == Some(&t.id)).map_or("", |t| &t.name);
    let row = |theme: &crate::theme::Theme| {
        let examples: Vec<&str> = theme.examples.iter().map(|(text, _)| text.as_str()).collect();
        let [definition, include, exclude, _] = &theme.notes;
        [&theme.id, main(&theme.id), &theme.name, theme.kind.as_str(), definition, include, exclude, &examples.join(" ")]
            .map(Cell::of)
            .to_vec()
    };
    ListedTable::new(&CODEBOOK_DEFINITION, themes.iter().filter(|t| t.is_leaf).map(row).collect())
}
