//! A JSON value that borrows its strings from the line it was read from.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::Number;

use super::fields::is_same_name;

/// A value; the members of an object stand in the order in which they were written.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) enum Json<'a> {
    #[default]
    Null,
    Bool,
    Number(Number),
    Text(Cow<'a, str>),
    List(Vec<Json<'a>>),
    Object(Vec<(Cow<'a, str>, Json<'a>)>),
}

impl Json<'_> {
    /// What a value is called in messages.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool => "true or false",
            Self::Number(_) => "a number",
            Self::Text(_) => "a string",
            Self::List(_) => "an array",
            Self::Object(_) => "an object",
        }
    }

    /// The first field of these names that holds something. A dotted name reaches a nested object; letter case is ignored.
    pub fn find(&self, names: &[String]) -> Option<&Self> {
        self.path(names)?.into_iter().try_fold(self, Self::field)
    }

    /// The same, to take it out.
    pub fn find_mut(&mut self, names: &[String]) -> Option<&mut Self> {
        self.path(names)?.into_iter().try_fold(self, Self::field_mut)
    }

    fn is_filled(&self) -> bool {
        !matches!(self, Self::Null) && !matches!(self, Self::Text(text) if text.trim().is_empty())
    }

    /// The names that lead to that field.
    fn path<'n>(&self, names: &'n [String]) -> Option<Vec<&'n str>> {
        let holds = |path: &[&str]| path.iter().try_fold(self, |value, name| value.field(name)).is_some_and(Self::is_filled);
        names.iter().find_map(|name| {
            if holds(&[name]) {
                return Some(vec![name.as_str()]);
            }
            let path: Vec<&str> = name.contains('.').then(|| name.split('.').collect())?;
            holds(&path).then_some(path)
        })
    }

    fn field(&self, name: &str) -> Option<&Self> {
        let Self::Object(members) = self else { return None };
        position(members, name).map(|at| &members[at].1)
    }

    fn field_mut(&mut self, name: &str) -> Option<&mut Self> {
        let Self::Object(members) = self else { return None };
        position(members, name).map(|at| &mut members[at].1)
    }
}

/// The member of this name, the last one where it is written twice; else one that differs in letter case.
fn position(members: &[(Cow<'_, str>, Json<'_>)], name: &str) -> Option<usize> {
    let exact = members.iter().rposition(|(key, _)| key == name);
    exact.or_else(|| members.iter().position(|(key, _)| is_same_name(key, name)))
}

impl<'de> Deserialize<'de> for Json<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyValue)
    }
}

struct AnyValue;

impl<'de> Visitor<'de> for AnyValue {
    type Value = Json<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_unit<E>(self) -> Result<Json<'de>, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Json<'de>, E> {
        Ok(Json::Bool)
    }

    fn visit_i64<E>(self, number: i64) -> Result<Json<'de>, E> {
        Ok(Json::Number(number.into()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Json<'de>, E> {
        Ok(Json::Number(number.into()))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Json<'de>, E> {
        Ok(Number::from_f64(number).map_or(Json::Null, Json::Number))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Json<'de>, E> {
        Ok(Json::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Json<'de>, E> {
        Ok(Json::Text(Cow::Owned(text.to_string())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Json<'de>, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Json::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Json<'de>, A::Error> {
        let mut members = Vec::new();
        while let Some(Name(name)) = entries.next_key()? {
            members.push((name, entries.next_value()?));
        }
        Ok(Json::Object(members))
    }
}

/// The name of a member, borrowed where it has no escapes.
struct Name<'a>(Cow<'a, str>);

impl<'de> Deserialize<'de> for Name<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Json::deserialize(deserializer)? {
            Json::Text(name) => Ok(Self(name)),
            other => Err(D::Error::custom(format!("expected a name, found {}", other.kind()))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Json<'_> {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn fields_are_found_by_name_case_and_path() {
        let mut value = parse(r#"{"Text":"一","n":null,"meta":{"日期":"2024","a\tb":1},"a.b":"点","x":1,"x":2}"#);
        fn found<'a>(value: &Json<'a>, wanted: &[&str]) -> Option<Json<'a>> {
            value.find(&wanted.iter().map(ToString::to_string).collect::<Vec<_>>()).cloned()
        }
        assert_eq!(found(&value, &["text"]), Some(Json::Text("一".into())));
        assert_eq!(found(&value, &["n", "meta.日期"]), Some(Json::Text("2024".into())));
        assert_eq!(found(&value, &["a.b"]), Some(Json::Text("点".into())));
        assert_eq!(found(&value, &["x"]), Some(Json::Number(2.into())), "the last of two");
        assert_eq!(found(&value, &["n", "none", "x.y"]), None);
        for (wanted, expected) in [("meta.日期", "2024"), ("a.b", "点"), ("TEXT", "一")] {
            assert_eq!(value.find_mut(&[wanted.to_string()]).map(std::mem::take), Some(Json::Text(expected.into())));
        }
        assert_eq!(found(&value, &["text"]), None, "taken out");
    }

    #[test]
    fn every_kind_of_value_has_a_name() {
        let kinds = |text| match parse(text) {
            Json::List(items) => items.iter().map(Json::kind).collect::<Vec<_>>(),
            other => vec![other.kind()],
        };
        assert_eq!(
            kinds(r#"[null, true, -1, 1.5, "a", [], {}]"#),
            ["null", "true or false", "a number", "a number", "a string", "an array", "an object"]
        );
    }
}
