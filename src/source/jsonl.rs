//! JSON lines: one object a line, fields by name.

use std::borrow::Cow;

use serde_json::Value;

use super::csv::RowText;
use super::decode;
use super::metadata::Metadata;
use super::options::SourceOptions;
use super::quarantine::{Code, Failure, Stage};
use super::records::RecordFile;

/// A line as a record. `line` is its number, for messages.
pub(super) fn read(bytes: &[u8], line: u64, file: &RecordFile, options: &SourceOptions) -> Result<RowText, Failure> {
    let decoded = decode::characters(bytes, file.chosen);
    let broken = |message: String| Failure::new(Stage::Split, Code::Row, format!("line {line}: {message}"));
    let value: Value = serde_json::from_str(decoded.trim()).map_err(|e| {
        let reason = e.to_string();
        let reason = reason.split(" at line").next().unwrap_or_default();
        broken(format!("no JSON: {reason} (column {}); mend the line", e.column()))
    })?;
    if !value.is_object() {
        return Err(broken("expected an object such as {\"title\": …, \"text\": …}, found another value".to_string()));
    }
    let fields = &options.fields;
    let text = match text_of(&value, &fields.text) {
        Some(text) => decode::clean(Cow::Owned(text), options)?,
        None => decode::clean(Cow::Borrowed(""), options)?,
    };
    let mut metadata = Metadata { title: short(&value, &fields.title), source: short(&value, &fields.source), ..Metadata::default() };
    metadata.set_date(&short(&value, &fields.date));
    metadata.warnings.extend(text.warnings);
    metadata.warnings.dedup();
    Ok(RowText { key: short(&value, &fields.id), body: text.text.into_owned(), metadata })
}

/// The first field of these names that holds something. A dotted name reaches a nested object; letter case is ignored.
fn find<'a>(value: &'a Value, names: &[String]) -> Option<&'a Value> {
    names.iter().find_map(|name| {
        let direct = field(value, name);
        let nested = || name.contains('.').then(|| name.split('.').try_fold(value, field))?;
        direct.or_else(nested).filter(|found| !found.is_null())
    })
}

fn field<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    let object = value.as_object()?;
    object.get(name).or_else(|| object.iter().find(|(key, _)| key.to_lowercase() == name.to_lowercase()).map(|(_, found)| found))
}

/// A text, or the paragraphs of a list of texts.
fn text_of(value: &Value, names: &[String]) -> Option<String> {
    match find(value, names)? {
        Value::String(text) => Some(text.clone()),
        Value::Array(parts) => Some(parts.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("\n")),
        _ => None,
    }
}

/// A short value as text; numbers too, since keys often are.
fn short(value: &Value, names: &[String]) -> String {
    match find(value, names) {
        Some(Value::String(text)) => text.trim().to_string(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    }
}
