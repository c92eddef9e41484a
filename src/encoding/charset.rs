//! The encodings that are read.

use std::borrow::Cow;

use encoding_rs::{BIG5, GB18030, UTF_16BE, UTF_16LE};
use serde::{Deserialize, Serialize};

/// What the configuration says about the encoding of files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
pub enum Encoding {
    /// Decided for each file.
    #[default]
    #[serde(rename = "auto")]
    Auto,
    /// UTF-8.
    #[serde(rename = "utf-8", alias = "utf8")]
    Utf8,
    /// GB18030, which includes GBK and GB2312.
    #[serde(rename = "gb18030", alias = "gbk", alias = "gb2312")]
    Gb18030,
    /// Big5 with the Hong Kong characters.
    #[serde(rename = "big5", alias = "big5-hkscs")]
    Big5,
    /// UTF-16, the low byte first.
    #[serde(rename = "utf-16le")]
    Utf16Le,
    /// UTF-16, the high byte first.
    #[serde(rename = "utf-16be")]
    Utf16Be,
}

impl Encoding {
    /// The encoding it names, if it names one.
    pub fn charset(self) -> Option<Charset> {
        match self {
            Self::Auto => None,
            Self::Utf8 => Some(Charset::Utf8),
            Self::Gb18030 => Some(Charset::Gb18030),
            Self::Big5 => Some(Charset::Big5),
            Self::Utf16Le => Some(Charset::Utf16Le),
            Self::Utf16Be => Some(Charset::Utf16Be),
        }
    }
}

/// How bytes are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Charset {
    /// UTF-8, perhaps with damaged places.
    Utf8,
    /// GB18030, which includes GBK and GB2312.
    Gb18030,
    /// Big5 with the Hong Kong characters.
    Big5,
    /// UTF-16, the low byte first.
    Utf16Le,
    /// UTF-16, the high byte first.
    Utf16Be,
    /// UTF-32, the low byte first.
    Utf32Le,
    /// UTF-32, the high byte first.
    Utf32Be,
}

impl Charset {
    /// As it stands in documents.csv.
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Gb18030 => "gb18030",
            Self::Big5 => "big5",
            Self::Utf16Le => "utf-16le",
            Self::Utf16Be => "utf-16be",
            Self::Utf32Le => "utf-32le",
            Self::Utf32Be => "utf-32be",
        }
    }

    /// The same name for as long as the program runs, if it is one of an encoding.
    pub fn known_name(name: &str) -> Option<&'static str> {
        let all = [Self::Utf8, Self::Gb18030, Self::Big5, Self::Utf16Le, Self::Utf16Be, Self::Utf32Le, Self::Utf32Be];
        all.into_iter().map(Self::name).find(|known| *known == name)
    }

    /// Whether even a line feed takes more than one byte.
    pub fn is_wide(self) -> bool {
        matches!(self, Self::Utf16Le | Self::Utf16Be | Self::Utf32Le | Self::Utf32Be)
    }

    /// The byte-order mark at the start of `bytes`, if it is there, and how long it is. UTF-32 comes first, since its mark begins
    /// with that of UTF-16.
    pub fn of_mark(bytes: &[u8]) -> Option<(Self, usize)> {
        const MARKS: [(&[u8], Charset); 5] = [
            (b"\xFF\xFE\0\0", Charset::Utf32Le),
            (b"\0\0\xFE\xFF", Charset::Utf32Be),
            (b"\xEF\xBB\xBF", Charset::Utf8),
            (b"\xFF\xFE", Charset::Utf16Le),
            (b"\xFE\xFF", Charset::Utf16Be),
        ];
        MARKS.iter().find(|(mark, _)| bytes.starts_with(mark)).map(|(mark, charset)| (*charset, mark.len()))
    }

    /// The characters of bytes; a byte-order mark at their start is left out. What is no character becomes U+FFFD.
    pub fn decode(self, bytes: &[u8]) -> Cow<'_, str> {
        let bytes = match Self::of_mark(bytes) {
            Some((marked, length)) if marked == self => &bytes[length..],
            _ => bytes,
        };
        match self {
            Self::Utf8 => match simdutf8::basic::from_utf8(bytes) {
                Ok(text) => Cow::Borrowed(text),
                Err(_) => String::from_utf8_lossy(bytes),
            },
            Self::Gb18030 => GB18030.decode_without_bom_handling(bytes).0,
            Self::Big5 => BIG5.decode_without_bom_handling(bytes).0,
            Self::Utf16Le => UTF_16LE.decode_without_bom_handling(bytes).0,
            Self::Utf16Be => UTF_16BE.decode_without_bom_handling(bytes).0,
            Self::Utf32Le => utf32(bytes, u32::from_le_bytes),
            Self::Utf32Be => utf32(bytes, u32::from_be_bytes),
        }
    }
}

fn utf32(bytes: &[u8], number: fn([u8; 4]) -> u32) -> Cow<'_, str> {
    let unit = |four: &[u8]| <[u8; 4]>::try_from(four).ok().and_then(|four| char::from_u32(number(four)));
    bytes.chunks(4).map(|four| unit(four).unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_tell_the_encoding_and_never_reach_the_text() {
        let wide = |number: fn(u32) -> [u8; 4]| "\u{FEFF}国𠮷\n".chars().flat_map(|c| number(c as u32)).collect::<Vec<u8>>();
        let utf16 = |number: fn(u16) -> [u8; 2]| "\u{FEFF}国𠮷\n".encode_utf16().flat_map(number).collect::<Vec<u8>>();
        for (bytes, expected) in [
            ("\u{FEFF}国𠮷\n".as_bytes().to_vec(), Charset::Utf8),
            (utf16(u16::to_le_bytes), Charset::Utf16Le),
            (utf16(u16::to_be_bytes), Charset::Utf16Be),
            (wide(u32::to_le_bytes), Charset::Utf32Le),
            (wide(u32::to_be_bytes), Charset::Utf32Be),
        ] {
            let (charset, _) = Charset::of_mark(&bytes).unwrap();
            assert_eq!((charset, &*charset.decode(&bytes)), (expected, "国𠮷\n"));
        }
    }

    #[test]
    fn half_a_character_becomes_a_replacement() {
        assert_eq!(Charset::Utf32Le.decode(b"a\0\0\0b\0"), "a\u{FFFD}");
        assert_eq!(Charset::Utf16Le.decode(b"a\0b"), "a\u{FFFD}");
    }
}
