//! Sentences that a person labelled: with their text, or by reference to documents whose text must not be shared.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::corpus::Corpus;
use crate::diagnostic::Diagnostic;
use crate::table::{Cell, Column, Definition, ListedTable};
use crate::theme::{BROKEN_QUOTE, Label, Tagger, broken_quote, sheet_rows};

use super::super::prepare::{name, read_file};
use super::super::taxonomy::decoded;

/// A labelled sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GoldSentence {
    /// 1-based line of the file.
    pub line: usize,
    /// Its document; empty where the file has none.
    pub doc_id: String,
    /// 1-based paragraph number, or its line.
    pub paragraph_no: u32,
    /// 1-based sentence number, where it is stated.
    pub sentence_no: Option<u32>,
    /// Whether it is a title.
    pub is_title: bool,
    /// The sentence; nothing where it must be found in the documents.
    pub text: Option<String>,
    /// What [`sentence_hash`] gives for it, where that is stated.
    pub hash: String,
    /// Ids of its leaf themes, as written.
    pub themes: Vec<String>,
    /// Whether its document is counted in simplified characters, where that is at hand.
    pub in_simplified: Option<bool>,
    /// Whether it is marked for a second coder.
    pub is_for_second: bool,
}

/// A file of labelled sentences.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gold {
    /// How messages call it.
    pub file: String,
    /// In file order.
    pub sentences: Vec<GoldSentence>,
}

/// Names of the columns; the first is that of the tables, the last their Chinese title.
const COLUMNS: [&[&str]; 8] = [
    &["sentence", "句子"],
    &["themes", "主题"],
    &["doc_id", "文档编号"],
    &["paragraph_no", "段号"],
    &["sentence_no", "句号"],
    &["title", "标题"],
    &["sentence_hash", "句子指纹"],
    &["second_coder", "第二编码人"],
];

/// What a cell says that means no.
fn is_no(cell: &str) -> bool {
    matches!(cell.to_lowercase().as_str(), "" | "0" | "false" | "no" | "否")
}

/// `b` and 16 hex digits of the BLAKE3 hash of a sentence as written, in UTF-8.
pub fn sentence_hash(sentence: &str) -> String {
    format!("b{}", &blake3::hash(sentence.as_bytes()).to_hex()[..16])
}

impl Gold {
    /// Reads a file, as it comes back from a spreadsheet.
    ///
    /// # Errors
    /// A file that cannot be read, that lacks a column, or a row without what the columns promise, with line and field.
    pub fn read(path: &Path) -> Result<Self, Vec<Diagnostic>> {
        let file = name(path);
        let bytes = read_file(path).map_err(|problem| vec![problem])?;
        let text = decoded(&file, &bytes).map_err(|problem| vec![problem])?;
        let error = |line: usize, column: usize, message: String| Diagnostic::error(&file, line, column, "G001", message);
        if let Some(line) = broken_quote(&text) {
            return Err(vec![error(line, 0, BROKEN_QUOTE.to_string())]);
        }
        let mut rows = sheet_rows(&text).into_iter();
        let Some((line, header)) = rows.next() else {
            return Err(vec![error(0, 0, "expected a header with the columns sentence and themes, found an empty file".into())]);
        };
        let places = COLUMNS.map(|names| header.iter().position(|column| names.contains(&column.to_lowercase().as_str())));
        let [sentence, themes, doc_id, _, sentence_no, _, hash, _] = places;
        let is_by_reference = sentence.is_none() && doc_id.is_some() && sentence_no.is_some() && hash.is_some();
        if themes.is_none() || sentence.is_none() && !is_by_reference {
            let found = header.join(",");
            let message =
                format!("expected the columns sentence and themes, or doc_id, sentence_no, sentence_hash and themes, found {found}");
            return Err(vec![error(line, 0, message)]);
        }
        let mut problems = Vec::new();
        let mut sentences = Vec::new();
        let width = header.iter().rposition(|column| !column.is_empty()).map_or(0, |last| last + 1);
        for (line, row) in rows {
            if row.iter().skip(width).any(|cell| !cell.is_empty()) || row.len() < width {
                let help = "several themes stand in one cell, joined by ;";
                problems.push(error(line, 0, format!("{} fields, the header has {}", row.len(), width)).with_help(help));
                continue;
            }
            let cell = |column: Option<usize>| column.and_then(|at| row.get(at)).map_or("", String::as_str);
            let mut number = |column: Option<usize>| match (cell(column), column) {
                ("", _) => u32::try_from(line).unwrap_or(u32::MAX),
                (text, at) => text.parse().unwrap_or_else(|_| {
                    problems.push(error(line, at.map_or(0, |at| at + 1), format!("expected a whole number, found `{text}`")));
                    0
                }),
            };
            let is_numbered = !cell(sentence_no).is_empty();
            let (paragraph_no, sentence_no) = (number(places[3]), Some(number(sentence_no)).filter(|_| is_numbered));
            sentences.push(GoldSentence {
                line,
                doc_id: cell(doc_id).to_string(),
                paragraph_no,
                sentence_no,
                is_title: !is_no(cell(places[5])),
                text: sentence.map(|_| cell(sentence).to_string()),
                hash: cell(hash).to_string(),
                themes: cell(themes).split([';', '；']).map(|id| id.trim().to_string()).filter(|id| !id.is_empty()).collect(),
                in_simplified: None,
                is_for_second: !is_no(cell(places[7])),
            });
        }
        let labelled: &[GoldSentence] = if problems.is_empty() { &sentences } else { &[] };
        problems.extend(repeated(labelled).map(|(first, again)| {
            let place = format!("{}#{}", again.doc_id, again.sentence_no.unwrap_or_default());
            error(again.line, 0, format!("sentence {place} is labelled in line {} already; keep one of the two", first.line))
        }));
        if problems.is_empty() { Ok(Self { file, sentences }) } else { Err(problems) }
    }

    /// Puts the ids that themes have today in the place of their former ones.
    pub fn use_current_ids(&mut self, tagger: &Tagger) {
        for id in self.sentences.iter_mut().flat_map(|sentence| &mut sentence.themes) {
            if let Some(theme) = tagger.taxonomy().number_of(id) {
                id.clone_from(&tagger.themes()[theme].id);
            }
        }
    }

    /// Whether its sentences must be found in documents.
    pub fn needs_corpus(&self) -> bool {
        self.sentences.iter().any(|sentence| sentence.text.is_none())
    }

    /// Takes the texts that are missing from the documents, and how their documents are counted. Returns the lines whose sentence is not
    /// there, or is another one; they are left out.
    pub fn resolve(&mut self, corpus: &Corpus) -> Vec<usize> {
        let wanted: BTreeSet<String> = self.sentences.iter().map(|s| s.doc_id.clone()).filter(|id| !id.is_empty()).collect();
        if wanted.is_empty() {
            return Vec::new();
        }
        let mut documents: BTreeMap<String, usize> = BTreeMap::new();
        (0..corpus.document_count()).for_each(|number| {
            let id = corpus.document(number).id.to_string();
            if wanted.contains(&id) {
                documents.insert(id, number);
            }
        });
        let mut missing = Vec::new();
        self.sentences.retain_mut(|sentence| {
            let number = documents.get(&sentence.doc_id);
            sentence.in_simplified = number.map(|number| corpus.document(*number).simplified);
            if sentence.text.is_some() {
                return true;
            }
            let found = number.and_then(|number| {
                let document = corpus.document_text(*number);
                let (shard, local) = (document.shard(), document.number());
                let at = shard.document_sentences(local).nth((sentence.sentence_no? as usize).checked_sub(1)?)?;
                let text = shard.sentence_text(at);
                (sentence_hash(text) == sentence.hash).then(|| (text.to_string(), shard.sentences[at].paragraph, shard.is_title(at)))
            });
            match found {
                Some((text, paragraph_no, is_title)) => {
                    (sentence.text, sentence.paragraph_no, sentence.is_title) = (Some(text), paragraph_no, is_title);
                    true
                }
                None => {
                    missing.push(sentence.line);
                    false
                }
            }
        });
        missing
    }

    /// The leaves that the person gave, by number of the sentence in the file.
    ///
    /// # Errors
    /// Ids that no theme has or had, and themes with parts, each with its line.
    pub fn labels(&self, tagger: &Tagger) -> Result<BTreeSet<Label>, Vec<Diagnostic>> {
        let mut problems = Vec::new();
        let mut labels = BTreeSet::new();
        for (number, sentence) in (0u32..).zip(&self.sentences) {
            for id in &sentence.themes {
                let heirs = tagger.taxonomy().heirs_of(id);
                if heirs.len() > 1 {
                    let message = format!("`{id}` was split, so it does not say which theme is meant");
                    let help = format!("write one of {}", heirs.iter().map(|theme| theme.id.as_str()).collect::<Vec<_>>().join(", "));
                    problems.push(Diagnostic::error(&self.file, sentence.line, 0, "G002", message).with_help(help));
                    continue;
                }
                let theme = tagger.taxonomy().number_of(id);
                match theme.map(|theme| (theme, &tagger.themes()[theme])) {
                    Some((theme, content)) if content.is_leaf => {
                        labels.insert((number, theme));
                    }
                    Some((_, content)) => {
                        let leaves = tagger.themes().iter().filter(|t| t.is_leaf && t.id.starts_with(&format!("{}.", content.id)));
                        let help = format!("its parts are {}", leaves.map(|t| t.id.as_str()).collect::<Vec<_>>().join(", "));
                        let message = format!("`{id}` has parts: label sentences with a part of it");
                        problems.push(Diagnostic::error(&self.file, sentence.line, 0, "G002", message).with_help(help));
                    }
                    None => {
                        let message = format!("there is no theme `{id}` in {}", tagger.taxonomy().id());
                        let help = match id.contains([',', '，', '、', ' ']) {
                            true => "several themes stand in one cell, joined by ;",
                            false => "a theme that was renamed keeps its former id in `replaces`",
                        };
                        problems.push(Diagnostic::error(&self.file, sentence.line, 0, "G002", message).with_help(help));
                    }
                }
            }
        }
        if problems.is_empty() { Ok(labels) } else { Err(problems) }
    }
}

impl GoldSentence {
    /// Its number, or where it has none its line: both tell the order.
    pub fn number(&self) -> u32 {
        self.sentence_no.unwrap_or_else(|| u32::try_from(self.line).unwrap_or(u32::MAX))
    }
}

/// Sentences of documents that are labelled twice, each with the one before it.
fn repeated(sentences: &[GoldSentence]) -> impl Iterator<Item = (&GoldSentence, &GoldSentence)> {
    let mut seen: BTreeMap<(&str, u32), &GoldSentence> = BTreeMap::new();
    let numbered = sentences.iter().filter(|sentence| !sentence.doc_id.is_empty());
    numbered.filter_map(move |sentence| {
        let first = *seen.entry((&sentence.doc_id, sentence.sentence_no?)).or_insert(sentence);
        (first.line != sentence.line).then_some((first, sentence))
    })
}

/// Columns of labels without the text of the sentences.
pub static REFERENCE_DEFINITION: Definition = Definition {
    name: "gold_without_text",
    title_zh: "不含原文的标注",
    title_en: "Labels without text",
    description: "One row a labelled sentence, known by its place and its hash, so that labels can be shared where the text must not be. A gold file.",
    key: "order of the gold file",
    columns: &[
        Column::text("doc_id", "文档编号", "Document id", "See documents."),
        Column::integer("sentence_no", "1 = first", "句号", "Sentence", "Sentence number in the document; the title is sentence 1."),
        Column::text("sentence_hash", "句子指纹", "Sentence hash", "b and 16 hex digits of the BLAKE3 hash of the sentence as written."),
        Column::text("themes", "主题", "Themes", "Ids of its leaf themes joined by ;."),
    ],
    optional: &[],
};

/// The labels without the text of the sentences.
pub fn gold_without_text(gold: &Gold) -> ListedTable {
    let row = |sentence: &GoldSentence| {
        vec![
            Cell::of(sentence.doc_id.as_str()),
            sentence.sentence_no.map_or(Cell::Empty, |number| Cell::Integer(u64::from(number))),
            Cell::Text(sentence.text.as_deref().map_or_else(|| sentence.hash.clone(), sentence_hash)),
            Cell::of(sentence.themes.join(";")),
        ]
    };
    ListedTable::new(&REFERENCE_DEFINITION, gold.sentences.iter().map(row).collect())
}
