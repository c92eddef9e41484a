//! The TOML form into a taxonomy as written.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::diagnostic::{Diagnostic, LineIndex, line_column};

use super::problems::{Problems, nearest};
use super::written::{Entry, GlobalList, List, Place, SETTINGS, THEME_FIELDS, Text, Written, WrittenTheme};

type Table<'a> = DeTable<'a>;
type Value<'a> = Spanned<DeValue<'a>>;

/// The taxonomy, if it is TOML at all; and every problem of form.
pub fn read_toml(file: &str, text: &str) -> (Option<Written>, Vec<Diagnostic>) {
    let mut reader = Reader { lines: LineIndex::new(text), problems: Problems::new(vec![file.to_string()]) };
    let (tree, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        let (line, column) = error.span().map_or((0, 0), |span| line_column(text, span.start));
        let message = error.message().split_whitespace().collect::<Vec<_>>().join(" ");
        reader.problems.add(Place { file: 0, line, column }, "T001", format!("no TOML: {message}"));
    }
    if !errors.is_empty() {
        return (None, reader.problems.found);
    }
    let written = reader.taxonomy(tree.get_ref());
    (Some(written), reader.problems.found)
}

struct Reader<'t> {
    lines: LineIndex<'t>,
    problems: Problems,
}

/// What a value of TOML must be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Type {
    Text,
    Number,
    Truth,
}

impl Type {
    /// Of a setting or of a field of a theme.
    fn of(name: &str) -> Self {
        match name {
            "threshold" | "cap" | "negation.window" | "priority" | "w" => Self::Number,
            "normalize.to_simplified" => Self::Truth,
            _ => Self::Text,
        }
    }
}

impl Reader<'_> {
    fn place(&self, span: Range<usize>) -> Place {
        let (line, column) = self.lines.place(span.start);
        Place { file: 0, line, column }
    }

    fn known_keys(&mut self, table: &Table<'_>, known: &[&str], what: &str) {
        for (key, _) in table.iter().filter(|(key, _)| !known.contains(&key.get_ref().as_ref())) {
            let place = self.place(key.span());
            let name: &str = key.get_ref();
            let help = nearest(name, known).map(|near| format!("did you mean `{near}`?"));
            self.problems.add_with_help(place, "T002", format!("unknown key `{name}` in {what}"), help);
        }
    }

    fn taxonomy(&mut self, tree: &Table<'_>) -> Written {
        self.known_keys(tree, &["taxonomy", "normalize", "mask", "negation", "theme"], "the file");
        let empty = DeTable::new();
        let mut written = Written { files: self.problems.files.clone(), ..Written::default() };
        for (section, known) in [
            ("taxonomy", &SETTINGS[..8]),
            ("normalize", &["to_simplified"][..]),
            ("mask", &["terms"]),
            ("negation", &["topic", "stance", "window"]),
        ] {
            let table = self.section(tree, section).unwrap_or(&empty);
            self.known_keys(table, known, &format!("[{section}]"));
            for (setting, slot) in SETTINGS.iter().zip(&mut written.settings) {
                let (of, key) = setting.split_once('.').unwrap_or(("taxonomy", setting));
                if of == section {
                    *slot = self.value(table, key, Type::of(setting));
                }
            }
            for (list, entries) in GlobalList::ALL.into_iter().zip(&mut written.lists) {
                if list.key().0 == section {
                    *entries = self.entries(table, list.key().1, false);
                }
            }
        }
        written.themes = self.themes(tree);
        written
    }

    fn section<'v, 'a>(&mut self, table: &'v Table<'a>, key: &str) -> Option<&'v Table<'a>> {
        let value = table.get(key)?;
        match value.get_ref() {
            DeValue::Table(inner) => Some(inner),
            _ => {
                let place = self.place(value.span());
                self.problems.add(place, "T002", format!("`{key}`: expected a table"));
                None
            }
        }
    }

    /// A value as text; nothing where it says nothing.
    fn value(&mut self, table: &Table<'_>, key: &str, expected: Type) -> Option<Text> {
        let value = table.get(key)?;
        let place = self.place(value.span());
        let text = match (value.get_ref(), expected) {
            (DeValue::String(text), Type::Text) => text.to_string(),
            (DeValue::Integer(number), Type::Number) => match i64::from_str_radix(number.as_str(), number.radix()) {
                Ok(number) => number.to_string(),
                Err(_) => number.as_str().to_string(),
            },
            (DeValue::Float(number), Type::Number) => number.as_str().to_string(),
            (DeValue::Boolean(truth), Type::Truth) => truth.to_string(),
            _ => {
                let (code, what) = match expected {
                    Type::Text => ("T002", "a text in quotes"),
                    Type::Number => ("T011", "a number without quotes"),
                    Type::Truth => ("T002", "true or false"),
                };
                self.problems.add(place, code, format!("`{key}`: expected {what}"));
                return None;
            }
        };
        Some(Text::new(&text, place)).filter(|text| !text.text.is_empty())
    }

    /// The items of a list.
    fn items<'v, 'a>(&mut self, table: &'v Table<'a>, key: &str) -> Vec<&'v Value<'a>> {
        let Some(value) = table.get(key) else { return Vec::new() };
        match value.get_ref() {
            DeValue::Array(items) => items.iter().collect(),
            _ => {
                let place = self.place(value.span());
                self.problems.add(place, "T002", format!("`{key}`: expected a list in brackets"));
                Vec::new()
            }
        }
    }

    fn entries(&mut self, table: &Table<'_>, key: &str, counts: bool) -> Vec<Entry> {
        let items = self.items(table, key);
        items.into_iter().filter_map(|item| self.entry(item, key, counts)).collect()
    }

    /// An entry is a text, or a table with the text `t`.
    fn entry(&mut self, item: &Value<'_>, key: &str, counts: bool) -> Option<Entry> {
        let place = self.place(item.span());
        match item.get_ref() {
            DeValue::String(text) => Some(Entry { text: Text::new(text, place), ..Entry::default() }),
            DeValue::Table(table) => {
                let known: &[&str] = if counts { &["t", "w", "scope", "note"] } else { &["t", "note"] };
                self.known_keys(table, known, &format!("an entry of `{key}`"));
                let found = self.problems.found.len();
                let text = self.value(table, "t", Type::Text);
                if text.is_none() && self.problems.found.len() == found {
                    self.problems.add(place, "T002", format!("an entry of `{key}` has no text `t`"));
                }
                let weight = counts.then(|| self.value(table, "w", Type::Number)).flatten();
                let scope = counts.then(|| self.value(table, "scope", Type::Text)).flatten();
                let note = self.value(table, "note", Type::Text);
                text.map(|text| Entry { text: Text { place, ..text }, weight, scope, note })
            }
            _ => {
                self.problems.add(place, "T002", format!("`{key}`: expected a text, or a table with `t`"));
                None
            }
        }
    }

    fn themes(&mut self, tree: &Table<'_>) -> Vec<WrittenTheme> {
        let mut themes = Vec::new();
        for item in self.items(tree, "theme") {
            let place = self.place(item.span());
            match item.get_ref() {
                DeValue::Table(table) => themes.push(self.theme(table, place)),
                _ => self.problems.add(place, "T002", "`theme`: expected [[theme]]"),
            }
        }
        themes
    }

    fn theme(&mut self, table: &Table<'_>, place: Place) -> WrittenTheme {
        let known: Vec<&str> = ["id"].into_iter().chain(THEME_FIELDS).chain(List::ALL.map(List::key)).collect();
        self.known_keys(table, &known, "[[theme]]");
        let id = self.value(table, "id", Type::Text).unwrap_or(Text { text: String::new(), place });
        let fields = THEME_FIELDS.map(|field| self.value(table, field, Type::of(field)));
        let lists = List::ALL.map(|list| self.entries(table, list.key(), list.counts()));
        WrittenTheme { id, fields, lists }
    }
}
