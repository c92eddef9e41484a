//! JSON lines: one object a line, fields by name.

use std::borrow::Cow;

use serde_json::Value;

use super::csv::RowText;
use super::decode;
use super::lines;
use super::metadata::Metadata;
use super::options::SourceOptions;
use super::quarantine::{Code, Failure, Stage};
use super::records::RecordFile;

/// A line as a record. `line` is its number, for messages.
pub(super) fn read(bytes: &[u8], line: u64, file: &RecordFile, options: &SourceOptions) -> Result<RowText, Failure> {
    let decoded = decode::characters(bytes, file.chosen);
    let without_nul = without_nul(&decoded);
    let broken = |message: String| Failure::new(Stage::Split, Code::Row, format!("line {line}: {message}"));
    let value: Value = serde_json::from_str(without_nul.trim()).map_err(|e| {
        let reason = e.to_string();
        let reason = reason.split(" at line").next().unwrap_or_default();
        broken(format!("no JSON: {reason} (column {}); mend the line", e.column()))
    })?;
    let Some(object) = value.as_object() else {
        return Err(broken(format!("expected an object such as {{\"title\": …, \"text\": …}}, found {}", kind(&value))));
    };
    let fields = &options.fields;
    let Some(text) = find(&value, &fields.text) else {
        let found = object.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
        let message = format!("the record has no text: it holds {found}; name the field of yours in input.fields.text");
        return Err(Failure::new(Stage::Split, Code::Empty, message));
    };
    let text = decode::clean(Cow::Owned(text_of(text).map_err(broken)?), options)?;
    let mut metadata = Metadata { title: short(&value, &fields.title), source: short(&value, &fields.source), ..Metadata::default() };
    metadata.set_date(&short(&value, &fields.date));
    if matches!(without_nul, Cow::Owned(_)) {
        metadata.warnings.push("W_NUL");
    }
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
fn text_of(value: &Value) -> Result<String, String> {
    let string = |value: &Value| match value {
        Value::String(text) => Ok(text.clone()),
        other => Err(format!("expected a string as text, found {}; name the right field in input.fields.text", kind(other))),
    };
    match value {
        Value::Array(parts) => Ok(parts.iter().map(string).collect::<Result<Vec<_>, _>>()?.join("\n")),
        other => string(other),
    }
}

/// What a value is called in messages.
fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

/// Damage that JSON does not allow, but that says nothing against the text.
fn without_nul(line: &str) -> Cow<'_, str> {
    match memchr::memchr(0, line.as_bytes()) {
        Some(_) => Cow::Owned(line.replace('\0', "")),
        None => Cow::Borrowed(line),
    }
}

/// A short value as text; numbers too, since keys often are.
fn short(value: &Value, names: &[String]) -> String {
    match find(value, names) {
        Some(Value::String(text)) => lines::one_line(text),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    }
}
