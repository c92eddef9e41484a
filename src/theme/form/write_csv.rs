//! A taxonomy as written into the CSV pair: UTF-8 with a mark and CRLF, so that any spreadsheet opens it right.

use super::read_csv::{ALL_THEMES, PATTERN_COLUMNS, THEME_COLUMNS, needs_guard};
use super::written::{Entry, GlobalList, List, SETTINGS, Text, Written};

impl Written {
    /// The texts of themes.csv and patterns.csv.
    pub fn to_pair(&self) -> [String; 2] {
        [self.themes_csv(), self.patterns_csv()]
    }

    fn themes_csv(&self) -> String {
        let mut out = Sheet::new(&THEME_COLUMNS);
        for theme in &self.themes {
            let fields = theme.fields.iter().map(text_of);
            out.row([theme.id.text.as_str(), theme.parent_id()].into_iter().chain(fields));
        }
        out.finish()
    }

    fn patterns_csv(&self) -> String {
        let mut out = Sheet::new(&PATTERN_COLUMNS);
        for (key, value) in SETTINGS.iter().zip(&self.settings) {
            if let Some(value) = value {
                out.row([ALL_THEMES, "set", &format!("{key}={}", value.text), "", "", ""]);
            }
        }
        for list in GlobalList::ALL {
            self.lists[list as usize].iter().for_each(|entry| out.entry(ALL_THEMES, list.op(), entry));
        }
        for theme in &self.themes {
            for list in List::ALL {
                theme.list(list).iter().for_each(|entry| out.entry(&theme.id.text, list.op(), entry));
            }
        }
        out.finish()
    }
}

fn text_of(text: &Option<Text>) -> &str {
    text.as_ref().map_or("", |text| &text.text)
}

struct Sheet(String);

impl Sheet {
    fn new(columns: &[&str]) -> Self {
        let mut sheet = Self("\u{FEFF}".to_string());
        sheet.row(columns.iter().copied());
        sheet
    }

    fn entry(&mut self, theme: &str, op: &str, entry: &Entry) {
        self.row([theme, op, &entry.text.text, text_of(&entry.weight), text_of(&entry.scope), text_of(&entry.note)]);
    }

    fn row<'c>(&mut self, cells: impl IntoIterator<Item = &'c str>) {
        for (number, cell) in cells.into_iter().enumerate() {
            if number > 0 {
                self.0.push(',');
            }
            let guard = if needs_guard(cell) { "'" } else { "" };
            if cell.contains(['"', ',', '\n', ';', '\t']) {
                self.0.push_str(&format!("\"{guard}{}\"", cell.replace('"', "\"\"")));
            } else {
                self.0.push_str(guard);
                self.0.push_str(cell);
            }
        }
        self.0.push_str("\r\n");
    }

    fn finish(self) -> String {
        self.0
    }
}
