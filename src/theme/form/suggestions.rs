//! Decisions about proposed terms, taken over into a taxonomy.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::diagnostic::Diagnostic;

use super::problems::Problems;
use super::read_csv::{Rows, stated_separator};
use super::written::{Entry, List, Text, Written};

/// Columns of theme_suggestions.csv that decide something.
const COLUMNS: [&str; 3] = ["theme_id", "word", "decision"];
/// The others.
const OTHERS: [&str; 9] = ["pos", "llr", "tf", "df", "tf_theme", "gain", "example_doc_id", "example_sentence_no", "example"];

/// Titles of the same columns where the table was written with Chinese ones.
const TITLES: [&str; 12] =
    ["主题编号", "词语", "决定", "词性", "对数似然比权重", "词频", "文档数", "主题内词频", "可新增句数", "例句文档", "例句句号", "例句"];

/// The table with the names of its columns where it has their Chinese titles.
fn with_names(text: &str) -> Cow<'_, str> {
    let above = stated_separator(text).and_then(|_| text.find('\n')).map_or(0, |end| end + 1);
    let end = text[above..].find('\n').map_or(text.len(), |end| above + end);
    let (header, rest) = text.split_at(end);
    let names = || COLUMNS.iter().chain(&OTHERS);
    let is_mark = |c: char| matches!(c, ',' | ';' | '\t' | '"' | '\r' | '\n' | '\u{FEFF}');
    let name_of = |title: &str| TITLES.iter().position(|known| *known == title.trim()).and_then(|at| names().nth(at).copied());
    let mut named = String::new();
    for part in header.split_inclusive(is_mark) {
        let title = part.trim_end_matches(is_mark);
        named.push_str(name_of(title).unwrap_or(title));
        named.push_str(&part[title.len()..]);
    }
    if named == header { Cow::Borrowed(text) } else { Cow::Owned(named + rest) }
}

impl Written {
    /// The same with the decisions of a list of proposals: `accept` adds a term, `reject` remembers the refusal, an empty cell
    /// decides nothing.
    ///
    /// # Errors
    /// Every row that cannot be taken over, with its line and field; then nothing is.
    pub fn with_suggestions(&self, file: &str, text: &str) -> Result<Self, Vec<Diagnostic>> {
        let mut problems = Problems::new(vec![file.to_string()]);
        let columns: Vec<&str> = COLUMNS.iter().chain(&OTHERS).copied().collect();
        let text = &with_names(text);
        let Some(rows) = Rows::read(0, text, &columns, COLUMNS.len(), &mut problems) else { return Err(problems.found) };
        let mut changed = self.clone();
        let mut decided: BTreeMap<(&str, &str), List> = BTreeMap::new();
        for row in &rows.rows {
            let [id, word, decision] = [&row.cells[0], &row.cells[1], &row.cells[2]];
            let list = match decision.text.to_lowercase().as_str() {
                "" => continue,
                "accept" => List::Term,
                "reject" => List::Rejected,
                _ => {
                    let message = format!("decision: expected accept, reject or an empty cell, found `{}`", decision.text);
                    problems.add(decision.place, "T002", message);
                    continue;
                }
            };
            let below = format!("{}.", id.text);
            let leaves: Vec<&str> =
                changed.themes.iter().map(|theme| theme.id.text.as_str()).filter(|other| other.starts_with(&below)).collect();
            if !leaves.is_empty() {
                let help = format!("write one of its parts into theme_id: {}", leaves.join(", "));
                problems.add_with_help(id.place, "T005", format!("`{}` has parts, and patterns belong to leaves", id.text), Some(help));
                continue;
            }
            let Some(theme) = changed.themes.iter_mut().find(|theme| theme.id == *id) else {
                problems.add(id.place, "T003", format!("there is no theme `{}`", id.text));
                continue;
            };
            if *decided.entry((id.text.as_str(), word.text.as_str())).or_insert(list) != list {
                problems.add(decision.place, "T002", format!("decision: `{}` is accepted in one row and rejected in another", word.text));
                continue;
            }
            if list == List::Rejected && theme.list(List::Term).iter().any(|entry| entry.text == *word) {
                let message = format!("decision: `{}` is a term of `{}`; to reject it, take it out there", word.text, id.text);
                problems.add(decision.place, "T002", message);
                continue;
            }
            // A decision takes back the one before.
            if list == List::Term {
                theme.lists[List::Rejected as usize].retain(|entry| entry.text != *word);
            }
            let entries = &mut theme.lists[list as usize];
            if word.text.is_empty() {
                problems.add(word.place, "T007", "expected a word, found an empty cell");
            } else if entries.iter().all(|entry| entry.text != *word) {
                let note = (list == List::Term).then(|| Text::new("suggested", word.place));
                entries.push(Entry { text: word.clone(), note, ..Entry::default() });
            }
        }
        if problems.found.is_empty() { Ok(changed) } else { Err(problems.found) }
    }
}
