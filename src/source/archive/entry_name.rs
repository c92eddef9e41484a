//! Names of entries: in the encoding of whoever packed the archive, and never to be trusted as paths.

use crate::encoding::{Charset, Encoding, decide_bytes};
use crate::source::list::is_hidden_name;

/// What the name of an entry says.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum EntryName {
    /// The name of a file, in `/` form.
    File(String),
    /// A name that leads out of the archive.
    LeadsOut(String),
    /// A folder, or a file that programs leave behind.
    PassedOver,
}

impl EntryName {
    /// Reads the bytes of a name. Chinese programs write GBK without saying so, Windows writes `\`.
    pub fn of(bytes: &[u8]) -> Self {
        let name = decoded(bytes).replace('\\', "/").replace(|c: char| c.is_control(), "\u{FFFD}");
        let drive = name.as_bytes().get(1) == Some(&b':') && name.as_bytes()[0].is_ascii_alphabetic();
        let mut parts = name.split('/');
        if drive || name.starts_with('/') || parts.any(|part| part == "..") {
            return Self::LeadsOut(name);
        }
        let kept: Vec<&str> = name.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
        let hidden = kept.iter().any(|part| is_hidden_name(part) || *part == "__MACOSX");
        if name.ends_with('/') || kept.is_empty() || hidden {
            return Self::PassedOver;
        }
        Self::File(kept.join("/"))
    }
}

fn decoded(bytes: &[u8]) -> String {
    // Names are short, so anything that decides at all is better than the code page 437 of the first PCs.
    let charset = decide_bytes(Encoding::Auto, bytes).map_or(Charset::Gb18030, |decision| decision.charset);
    charset.decode(bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str) -> EntryName {
        EntryName::File(name.to_string())
    }

    #[test]
    fn names_are_read_in_the_encoding_of_who_packed_them() {
        assert_eq!(EntryName::of("通知/关于发展的意见.txt".as_bytes()), file("通知/关于发展的意见.txt"));
        assert_eq!(EntryName::of(&encoding_rs::GB18030.encode("通知\\关于发展的意见.txt").0), file("通知/关于发展的意见.txt"));
        assert_eq!(EntryName::of(&encoding_rs::BIG5.encode("關於經濟發展.txt").0), file("關於經濟發展.txt"));
        assert_eq!(EntryName::of(b"./a//b.txt"), file("a/b.txt"));
    }

    #[test]
    fn names_that_lead_out_are_told_and_leftovers_passed_over() {
        for name in ["../a.txt", "a/../../b.txt", "/etc/passwd", "C:\\a.txt", "a\\..\\b.txt"] {
            assert!(matches!(EntryName::of(name.as_bytes()), EntryName::LeadsOut(_)), "{name}");
        }
        for name in ["a/", "", "__MACOSX/a.txt", "a/.DS_Store", "~$a.docx"] {
            assert_eq!(EntryName::of(name.as_bytes()), EntryName::PassedOver, "{name}");
        }
        assert_eq!(EntryName::of(b"a..b.txt"), file("a..b.txt"));
    }
}
