//! Names that people list: entities with the forms in which they are written, and texts that are no entities.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::diagnostic::{Diagnostic, Level};
use crate::text::{is_token_character, normalise, simplified};

use super::lines::{content_lines, decode};

/// What an entity is; in the order of the names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntityKind {
    /// A text with a title or a number: law, notice, report, book, film.
    Document,
    /// A conference, a session, a fair.
    Meeting,
    /// A body: authority, party, company, school, newspaper.
    Organisation,
    /// A human being.
    Person,
    /// A country, a province, a town, a river.
    Place,
}

impl EntityKind {
    /// All kinds, in order.
    pub const ALL: [Self; 5] = [Self::Document, Self::Meeting, Self::Organisation, Self::Person, Self::Place];

    /// Its name in lists and tables.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Document => "document",
            Self::Meeting => "meeting",
            Self::Organisation => "organisation",
            Self::Person => "person",
            Self::Place => "place",
        }
    }
}

/// What a listed form stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedName {
    /// Its kind; nothing for a form that is no entity.
    pub kind: Option<EntityKind>,
    /// The name under which all forms of the entity count.
    pub name: String,
    /// Where it was typed: file and 1-based line.
    place: (String, usize),
}

/// Most characters of a name or form: no name is longer, and every beginning of a form is looked up, which takes the square of its
/// length.
const LONGEST_FORM: usize = 100;

/// The kind of a form that is no entity.
const BLOCKED: &str = "blocked";

/// The entities of all files: for each form, as it is matched, what it stands for. In code-point order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EntityList {
    forms: BTreeMap<String, ListedName>,
    in_simplified: bool,
}

impl EntityList {
    /// The same for text whose traditional characters are counted as simplified ones. Call it before names are added.
    #[must_use]
    pub fn in_simplified(self, in_simplified: bool) -> Self {
        Self { in_simplified, ..self }
    }

    /// Adds the names of one file, in any encoding that lists come in: `kind,name` or `kind,name,form;form`, one entity a line;
    /// a first line of column names, blank lines and `#` comments are skipped. Of a form listed twice the last line wins, with a
    /// warning. Returns the problems found; lines that cannot be used add nothing.
    pub fn add_file(&mut self, file: &str, bytes: &[u8]) -> Vec<Diagnostic> {
        let text = match decode(file, bytes) {
            Ok(text) => text,
            Err(problem) => return vec![problem],
        };
        let mut problems = Vec::new();
        for (line, content) in content_lines(&text) {
            if content.trim() != "kind,name,aliases" {
                self.add_line((file, line), content.trim(), &mut problems);
            }
        }
        problems
    }

    fn add_line(&mut self, (file, line): (&str, usize), content: &str, problems: &mut Vec<Diagnostic>) {
        let mut refuse = |code, message: String, help: &str| problems.push(Diagnostic::error(file, line, 0, code, message).with_help(help));
        let cells: Vec<&str> = content.split([',', '\t']).map(|cell| cell.trim().trim_matches('"').trim()).collect();
        let kind = match cells[0] {
            BLOCKED => None,
            other => match EntityKind::ALL.into_iter().find(|kind| kind.name() == other) {
                Some(kind) => Some(kind),
                None => {
                    let known: Vec<&str> = EntityKind::ALL.iter().map(|kind| kind.name()).collect();
                    let message = format!("expected a kind ({} or {BLOCKED}), found `{other}`", known.join(", "));
                    return refuse("N001", message, "write kind,name or kind,name,form;form");
                }
            },
        };
        let name = cells.get(1).copied().unwrap_or_default();
        if name.is_empty() {
            return refuse("N002", "expected a name behind the kind, found nothing".into(), "write kind,name or kind,name,form;form");
        }
        if cells.iter().skip(3).any(|cell| !cell.is_empty()) {
            return refuse("N003", format!("expected three columns, found {}", cells.len()), "part other forms of a name by ;");
        }
        let others = cells.get(2).copied().unwrap_or_default().split([';', '；']).map(str::trim).filter(|form| !form.is_empty());
        for form in std::iter::once(name).chain(others) {
            let length = form.chars().count();
            if length > LONGEST_FORM {
                let beginning: String = form.chars().take(10).collect();
                let message = format!("expected a name of at most {LONGEST_FORM} characters, found {length}: `{beginning}…`");
                problems.push(
                    Diagnostic::error(file, line, 0, "N006", message)
                        .with_help("part the forms of a name by ;, and write one entity a line"),
                );
                continue;
            }
            match self.matched_form(form, kind) {
                Some(matched) => problems.extend(self.insert((file, line), matched, (kind, name))),
                None => problems.push(
                    Diagnostic::error(file, line, 0, "N004", format!("`{form}` can never be found: a name holds no marks but ·"))
                        .with_help("leave out the marks, or list the parts"),
                ),
            }
        }
    }

    fn insert(&mut self, (file, line): (&str, usize), form: String, (kind, name): (Option<EntityKind>, &str)) -> Option<Diagnostic> {
        let listed = ListedName { kind, name: normalise(name).trim().to_string(), place: (file.to_string(), line) };
        let before = self.forms.insert(form.clone(), listed)?;
        let (first_file, first_line) = &before.place;
        let message = format!("`{form}` is listed again (first at {first_file}:{first_line}); this line wins");
        Some(Diagnostic::error(file, line, 0, "N005", message).at_level(Level::Warning))
    }

    /// The form in which a name is found: normalised, without white space, ASCII letters in lower case.
    fn matched_form(&self, typed: &str, kind: Option<EntityKind>) -> Option<String> {
        let bare = if kind == Some(EntityKind::Document) { typed.trim_matches(['《', '》']) } else { typed };
        let form: String = normalise(bare).chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_lowercase()).collect();
        let has_marks = form.chars().any(|c| !is_token_character(c) && c != '·');
        let may_be_found = kind == Some(EntityKind::Document) || kind.is_none() || !has_marks;
        let form = if self.in_simplified { simplified(&form).into_owned() } else { form };
        Some(form).filter(|form| may_be_found && form.chars().any(is_token_character))
    }

    /// What a form stands for: normalised, without white space, ASCII letters in lower case.
    pub fn get(&self, form: &str) -> Option<&ListedName> {
        self.forms.get(form)
    }

    /// All forms, in code-point order.
    pub fn forms(&self) -> impl ExactSizeIterator<Item = (&str, &ListedName)> {
        self.forms.iter().map(|(form, listed)| (form.as_str(), listed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(text: &str) -> (EntityList, Vec<String>) {
        let mut list = EntityList::default();
        let problems = list.add_file("e.csv", text.as_bytes()).iter().map(|p| p.to_string().lines().next().unwrap().to_string()).collect();
        (list, problems)
    }

    #[test]
    fn every_form_of_a_name_leads_to_it() {
        let (list, problems) =
            list("\u{FEFF}kind,name,aliases\r\n# 注\r\norganisation,某某委员会,某 委; 某某委\r\nmeeting,G20峰会,\r\nblocked,高峰\r\n");
        assert_eq!(problems, Vec::<String>::new());
        let found = |form: &str| list.get(form).map(|l| (l.kind.map(EntityKind::name), l.name.as_str()));
        assert_eq!(found("某委"), Some((Some("organisation"), "某某委员会")));
        assert_eq!(found("g20峰会"), Some((Some("meeting"), "G20峰会")));
        assert_eq!(found("高峰"), Some((None, "高峰")));
        assert_eq!(list.forms().len(), 5);
    }

    #[test]
    fn wrong_lines_are_named_with_their_place() {
        let (list, problems) = list("persno,甲乙\nperson,\nplace,甲,乙,丙\nplace,甲（乙）\ndocument,《甲：乙》\nplace,丁\nperson,丁\n");
        assert_eq!(
            problems,
            [
                "e.csv:1: error[N001]: expected a kind (document, meeting, organisation, person, place or blocked), found `persno`",
                "e.csv:2: error[N002]: expected a name behind the kind, found nothing",
                "e.csv:3: error[N003]: expected three columns, found 4",
                "e.csv:4: error[N004]: `甲（乙）` can never be found: a name holds no marks but ·",
                "e.csv:7: warning[N005]: `丁` is listed again (first at e.csv:6); this line wins",
            ]
        );
        assert_eq!(list.forms().map(|(form, _)| form).collect::<Vec<_>>(), ["丁", "甲：乙"]);
    }

    #[test]
    fn a_name_or_form_is_at_most_100_characters_long() {
        let (longest, longer) = ("甲".repeat(100), "乙".repeat(101));
        let (list, problems) = list(&format!("place,{longest}\nplace,丙,{longer};丁\nblocked,{longer}\n"));
        let message = "expected a name of at most 100 characters, found 101: `乙乙乙乙乙乙乙乙乙乙…`";
        assert_eq!(problems, [format!("e.csv:2: error[N006]: {message}"), format!("e.csv:3: error[N006]: {message}")]);
        assert_eq!(list.forms().map(|(form, _)| form).collect::<Vec<_>>(), ["丁", "丙", &longest]);
    }
}
