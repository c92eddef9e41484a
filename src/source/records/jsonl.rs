//! A JSON object as a record, fields by name.

use std::borrow::Cow;

use super::RecordFile;
use super::fields::{EMPTY, RowText, is_same_name, metadata_of};
use super::json::Json;
use crate::source::decode;
use crate::source::lines;
use crate::source::options::SourceOptions;
use crate::source::quarantine::{Code, Failure, Stage};

/// An object as a record. `line` is the line on which it begins, for messages.
pub(super) fn read(bytes: &[u8], line: u64, file: &RecordFile, options: &SourceOptions) -> Result<RowText, Failure> {
    let decoded = file.charset.decode(bytes);
    let without_nul = without_nul(&decoded);
    let broken = |message: String| Failure::new(Stage::Split, Code::Row, format!("line {line}: {message}"));
    let written = without_nul.trim();
    let mut value: Json<'_> = serde_json::from_str(written).map_err(|e| {
        let reason = e.to_string();
        let reason = reason.split(" at line").next().unwrap_or_default();
        broken(format!("no JSON: {reason} (column {}); mend the line", e.column()))
    })?;
    let Json::Object(members) = &value else {
        return Err(broken(format!("expected an object such as {{\"title\": …, \"text\": …}}, found {}", value.kind())));
    };
    let fields = &options.fields;
    if value.find(&fields.text).is_none() {
        let is_named = |name: &str| fields.text.iter().any(|wanted| is_same_name(wanted, name));
        if members.iter().any(|(name, _)| is_named(name)) {
            return Err(broken(EMPTY.to_string()));
        }
        let found: Vec<&str> = members.iter().filter(|(_, value)| *value != Json::Null).map(|(name, _)| &**name).collect();
        let found = if found.is_empty() { "no field".to_string() } else { format!("the fields {}", found.join(", ")) };
        if let Some((name, _)) =
            members.iter().find(|(_, value)| matches!(value, Json::List(items) if matches!(items.first(), Some(Json::Object(_)))))
        {
            return Err(broken(format!(
                "expected a record, found an object whose field {name} holds records; write that array alone into the file"
            )));
        }
        let expected = fields.text.join(", ");
        return Err(broken(format!("expected a text in one of the fields {expected}, found {found}; name yours in input.fields.text")));
    }
    let mut metadata = metadata_of(fields, |names| short(&value, written, names));
    let key = short(&value, written, &fields.id);
    let text = value.find_mut(&fields.text).map(std::mem::take).unwrap_or_default();
    let text = decode::clean(text_of(text).map_err(broken)?, options)?;
    if matches!(without_nul, Cow::Owned(_)) {
        metadata.warnings.push("W_NUL");
    }
    metadata.warnings.extend(text.warnings);
    metadata.warnings.dedup();
    Ok(RowText { key, body: text.text.into_owned(), replaced: text.replaced, metadata })
}

/// A text, or the paragraphs of a list of texts.
fn text_of(value: Json<'_>) -> Result<Cow<'_, str>, String> {
    let string = |value| match value {
        Json::Text(text) => Ok(text),
        other => Err(format!("expected a string as text, found {}; name the right field in input.fields.text", other.kind())),
    };
    match value {
        Json::List(parts) => Ok(parts.into_iter().map(string).collect::<Result<Vec<_>, _>>()?.join("\n").into()),
        other => string(other),
    }
}

/// Damage that JSON does not allow, but that says nothing against the text.
fn without_nul(line: &str) -> Cow<'_, str> {
    match memchr::memchr(0, line.as_bytes()) {
        Some(_) => Cow::Owned(line.replace('\0', "")),
        None => Cow::Borrowed(line),
    }
}

/// A short value as text; numbers too, since keys often are. `written` is what the value was read from.
fn short(value: &Json<'_>, written: &str, names: &[String]) -> String {
    match value.find(names) {
        Some(Json::Text(text)) => lines::one_line(text),
        _ => value.number(written, names).unwrap_or_default().into_owned(),
    }
}
