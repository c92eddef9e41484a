//! A JSON value that borrows its strings from the line it was read from.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::Number;
use serde_json::value::RawValue;

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

impl Json<'_> {
    /// The number that these names lead to, digit by digit as it stands in `text`, which this value was read from: `1.10` and whole
    /// numbers beyond 64 bits are others once they are floats. None if there is no number.
    pub fn number<'t>(&self, text: &'t str, names: &[String]) -> Option<Cow<'t, str>> {
        let Json::Number(number) = self.find(names)? else { return None };
        if !number.is_f64() {
            return Some(number.to_string().into());
        }
        let written = self.path(names)?.into_iter().try_fold(text, |object, name| {
            let members: Members<'t, &RawValue> = serde_json::from_str(object).ok()?;
            position(&members.0, name).map(|at| members.0[at].1.get())
        })?;
        Some(written.into())
    }
}

/// The members of an object, in the order in which they are written.
struct Members<'a, T>(Vec<(Cow<'a, str>, T)>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Members<'de, T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(AnyMembers(PhantomData))
    }
}

struct AnyMembers<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for AnyMembers<T> {
    type Value = Members<'de, T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some(Name(name)) = entries.next_key()? {
            members.push((name, entries.next_value()?));
        }
        Ok(Members(members))
    }
}

/// The member of this name, the last one where it is written twice; else one that differs in letter case.
fn position<T>(members: &[(Cow<'_, str>, T)], name: &str) -> Option<usize> {
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

    fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<Json<'de>, A::Error> {
        Ok(Json::Object(AnyMembers(PhantomData).visit_map(entries)?.0))
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
    fn numbers_are_those_that_were_written() {
        let text = r#"{"id":123456789012345678901234567890,"a":{"b":2024.10},"n":-7,"s":"1"}"#;
        let value = parse(text);
        let number = |name: &str| value.number(text, &[name.to_string()]);
        assert_eq!(number("id").as_deref(), Some("123456789012345678901234567890"));
        assert_eq!((number("A.b").as_deref(), number("n").as_deref(), number("s")), (Some("2024.10"), Some("-7"), None));
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
