//! Traditional characters as simplified ones, for counting only: what is quoted stays as written.
//!
//! Dictionaries and themes are written in simplified characters, and the segmenter cuts traditional text badly (兒子|生性|病母
//! comes out as 兒子生|性|病母). Every character becomes one character, so offsets lead back unchanged.

use std::borrow::Cow;
use std::fmt;
use std::sync::LazyLock;

use ferrous_opencc::OpenCC;
use ferrous_opencc::config::BuiltinConfig;
use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// When traditional characters are counted as simplified ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Simplify {
    /// Never.
    Never,
    /// In documents written in traditional characters.
    #[default]
    Auto,
    /// In all documents.
    Always,
}

impl Simplify {
    /// Whether a document of this text is counted in simplified characters.
    pub fn applies(self, title: &str, body: &str) -> bool {
        match self {
            Self::Never => false,
            Self::Always => true,
            Self::Auto => is_traditional(title, body),
        }
    }
}

/// Han characters that are looked at to tell how a document is written.
const SAMPLE: u32 = 2_000;
/// Of traditional text a third of all characters have another form in simplified text; of simplified text with some old names
/// in it less than one in a hundred.
const LEAST_SHARE: u32 = 10;

/// Whether at least two Han characters of the sample, and one in ten, are traditional forms.
fn is_traditional(title: &str, body: &str) -> bool {
    let (mut han, mut traditional) = (0, 0);
    for text in [title, body] {
        let bytes = text.as_bytes();
        let mut at = 0;
        while at < bytes.len() && han < SAMPLE {
            // U+4000 to U+9FFF; nearly all Han characters, and quicker told than decoded.
            if let (0xE4..=0xE9, Some(rest)) = (bytes[at], bytes.get(at + 1..at + 3)) {
                let code = u32::from(bytes[at] & 0xF) << 12 | u32::from(rest[0] & 0x3F) << 6 | u32::from(rest[1] & 0x3F);
                han += 1;
                traditional += u32::from(TABLE.is_traditional(code));
                at += 3;
            } else {
                at += 1;
            }
        }
    }
    traditional >= 2 && traditional * LEAST_SHARE >= han
}

/// The text in simplified characters: as many, each in the place of its own.
pub fn simplified(text: &str) -> Cow<'_, str> {
    let Some(converter) = &TABLE.converter else { return Cow::Borrowed(text) };
    let whole = converter.convert(text);
    if whole == text {
        return Cow::Borrowed(text);
    }
    if whole.chars().count() == text.chars().count() {
        return Cow::Owned(whole);
    }
    // The tables hold no such phrase; if one comes, each character alone keeps the offsets.
    let mut buffer = [0; 4];
    Cow::Owned(text.chars().map(|c| converter.convert(c.encode_utf8(&mut buffer)).chars().next().unwrap_or(c)).collect())
}

static TABLE: LazyLock<Table> = LazyLock::new(Table::new);

/// The converter, and one bit for each character from U+4000 to U+9FFF: whether it changes.
struct Table {
    converter: Option<OpenCC>,
    changes: Vec<u64>,
}

const FIRST: u32 = 0x4000;
const LAST: u32 = 0x9FFF;

impl Table {
    fn new() -> Self {
        let converter = OpenCC::from_config(BuiltinConfig::T2s).ok();
        let mut changes = vec![0; ((LAST - FIRST) / 64 + 1) as usize];
        let mut buffer = [0; 4];
        for code in FIRST..=LAST {
            let Some(text) = char::from_u32(code).map(|c| &*c.encode_utf8(&mut buffer)) else { continue };
            let changed = converter.as_ref().is_some_and(|converter| converter.convert(text) != text);
            changes[((code - FIRST) / 64) as usize] |= u64::from(changed) << (code % 64);
        }
        Self { converter, changes }
    }

    fn is_traditional(&self, code: u32) -> bool {
        self.changes.get((code.wrapping_sub(FIRST) / 64) as usize).is_some_and(|bits| bits >> (code % 64) & 1 == 1)
    }
}

impl Serialize for Simplify {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Never => serializer.serialize_bool(false),
            Self::Always => serializer.serialize_bool(true),
            Self::Auto => serializer.serialize_str("auto"),
        }
    }
}

impl<'de> Deserialize<'de> for Simplify {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Value;
        impl Visitor<'_> for Value {
            type Value = Simplify;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("\"auto\", true or false")
            }
            fn visit_bool<E: de::Error>(self, on: bool) -> Result<Simplify, E> {
                Ok(if on { Simplify::Always } else { Simplify::Never })
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Simplify, E> {
                match text {
                    "auto" => Ok(Simplify::Auto),
                    "true" => Ok(Simplify::Always),
                    "false" => Ok(Simplify::Never),
                    other => Err(E::invalid_value(de::Unexpected::Str(other), &self)),
                }
            }
        }
        deserializer.deserialize_any(Value)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_script_of_a_document_is_told() {
        assert!(Simplify::Auto.applies("經濟發展", ""));
        assert!(Simplify::Auto.applies("", "這是關於環境保護的報告。"));
        assert!(!Simplify::Auto.applies("经济发展", "这是关于环境保护的报告。"));
        assert!(!Simplify::Auto.applies("", "清朝乾隆年間的文物在此展出，吸引了许多观众前来参观，现场讲解员介绍了文物的来历和保护情况。"));
        assert!(!Simplify::Auto.applies("", "Plain text"));
        assert!(Simplify::Always.applies("", "") && !Simplify::Never.applies("經濟發展", ""));
    }

    #[test]
    fn characters_become_others_one_by_one() {
        assert_eq!(simplified("臺灣的經濟發展，乾隆，後來。"), "台湾的经济发展，乾隆，后来。");
        assert!(matches!(simplified("经济发展"), Cow::Borrowed(_)));
    }

    proptest! {
        #[test]
        fn every_character_keeps_its_place(text in "[臺灣經濟乾隆著名於是后里面裏干發髮 a，𠮷]{0,30}") {
            let converted = simplified(&text);
            prop_assert_eq!(converted.chars().count(), text.chars().count());
        }
    }
}
