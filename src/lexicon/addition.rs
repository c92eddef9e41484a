//! Words that a program appends to a list that people keep by hand: nothing else in the file changes.

use crate::text::normalise;

use super::entry::{Entry, is_tag, is_word_and_tag, matched_form, parse_line};

/// A word to be appended, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addition {
    /// The form in which it will be matched.
    pub word: String,
    /// The part of speech that will stand beside it, if any.
    pub tag: Option<String>,
    line: String,
}

impl Addition {
    /// The line for a word as typed, with or without a part of speech. A word that holds a space gets the tag `n` if none is
    /// given, since only a tab behind it shows where it ends.
    ///
    /// # Errors
    /// Words that can never match or cannot stand in a list, tags that are none; in words for people.
    pub fn new(typed: &str, tag: Option<&str>) -> Result<Self, String> {
        let word = matched_form(typed).map_err(|refusal| refusal.message)?;
        let written = normalise(typed).trim().to_string();
        if written.contains(char::REPLACEMENT_CHARACTER) {
            return Err(format!("`{written}` holds a character that could not be decoded: type it again"));
        }
        if let Some(tag) = tag.filter(|tag| !is_tag(tag)) {
            return Err(format!("expected a tag of one to five Latin letters such as `n` or `nz`, found `{tag}`"));
        }
        if is_word_and_tag(&written) {
            return Err(format!("`{written}` is a word and its tag: add the word alone, and the tag with --tag"));
        }
        let holds_space = written.contains(' ');
        let tag = tag.or(holds_space.then_some("n"));
        let line = match tag {
            None => written.clone(),
            Some(tag) if holds_space => format!("{written}\t{tag}"),
            Some(tag) => format!("{written} {tag}"),
        };
        // A line that says something else when it is read is no line for this word.
        let is_read_back =
            matches!(parse_line(&line), Ok(Entry { word: read, tag: read_tag, .. }) if read == word && read_tag.as_deref() == tag);
        if !is_read_back || written.starts_with('#') {
            return Err(format!(
                "`{written}` cannot stand in a list: a comma parts word and tag, and a line that begins with # is a comment"
            ));
        }
        Ok(Self { word, tag: tag.map(String::from), line })
    }
}

/// The list with these words at its end, in lines of their own, with the line ends that the list has.
///
/// # Errors
/// A list that is not UTF-8: nothing is written into an encoding that may lack a character.
pub fn append(list: &[u8], additions: &[Addition]) -> Result<Vec<u8>, String> {
    let text = std::str::from_utf8(list).map_err(|_| "expected UTF-8, found other bytes; save the file as UTF-8 first".to_string())?;
    let line_end = match (text.contains("\r\n"), text.contains('\n'), text.contains('\r')) {
        (true, _, _) => "\r\n",
        (false, false, true) => "\r",
        _ => "\n",
    };
    let mut longer = list.to_vec();
    let content = text.trim_start_matches('\u{FEFF}');
    if !content.is_empty() && !content.ends_with(['\n', '\r']) {
        longer.extend_from_slice(line_end.as_bytes());
    }
    for addition in additions {
        longer.extend_from_slice(addition.line.as_bytes());
        longer.extend_from_slice(line_end.as_bytes());
    }
    Ok(longer)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::lexicon::Dictionary;

    fn line(typed: &str, tag: Option<&str>) -> Result<String, String> {
        Addition::new(typed, tag).map(|addition| addition.line)
    }

    #[test]
    fn a_line_is_read_back_as_it_was_meant() {
        assert_eq!(line(" 新质生产力\u{3000}", None).unwrap(), "新质生产力");
        assert_eq!(line("５Ｇ网络", Some("nz")).unwrap(), "5G网络 nz");
        assert_eq!(line("Big  Data", None).unwrap(), "Big Data\tn");
        for refused in ["", "。", "好。", "甲,乙", "甲，乙", "#甲", "1,000", "甲乙 nz"] {
            assert!(line(refused, None).is_err(), "{refused}");
        }
        assert!(line("甲乙", Some("名词")).is_err());
    }

    proptest! {
        #[test]
        fn whatever_is_added_is_one_word_of_the_list(typed in "\\PC{0,8}|[甲a1 #,\t。\u{3000}\u{FEFF}]{0,6}", tag in prop::option::of("[a-z]{1,3}")) {
            // A few letters of two bytes may look like GB18030, in which no letter of the list does.
            prop_assume!(typed.is_ascii() || typed.chars().any(|c| c >= '\u{800}'));
            let Ok(addition) = Addition::new(&typed, tag.as_deref()) else { return Ok(()) };
            let list = append(b"# x\n", std::slice::from_ref(&addition)).unwrap();
            let mut dictionary = Dictionary::default();
            dictionary.add_file("d.txt", &list);
            prop_assert_eq!(dictionary.refused(), []);
            prop_assert_eq!(dictionary.get(&addition.word).map(|w| w.tag.clone()), Some(addition.tag));
        }

        #[test]
        fn no_list_is_too_strange_to_be_read(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            Dictionary::default().add_file("d.txt", &bytes);
            let _ = append(&bytes, &[]);
        }
    }

    #[test]
    fn the_rest_of_the_list_stays_as_it_is() {
        let additions = [Addition::new("丙", None).unwrap(), Addition::new("丁 丁", None).unwrap()];
        let longer = |list: &str| String::from_utf8(append(list.as_bytes(), &additions).unwrap()).unwrap();
        assert_eq!(longer(""), "丙\n丁 丁\tn\n");
        assert_eq!(longer("\u{FEFF}"), "\u{FEFF}丙\n丁 丁\tn\n");
        assert_eq!(longer("甲 n\n"), "甲 n\n丙\n丁 丁\tn\n");
        assert_eq!(longer("甲\r\n乙"), "甲\r\n乙\r\n丙\r\n丁 丁\tn\r\n");
        assert_eq!(longer("甲\r乙"), "甲\r乙\r丙\r丁 丁\tn\r");
        assert!(append(b"\xB9\xFA", &additions).is_err());
        let mut dictionary = Dictionary::default();
        assert_eq!(dictionary.add_file("d.txt", longer("甲\r乙").as_bytes()), []);
        assert_eq!(dictionary.words().map(|w| w.word.as_str()).collect::<Vec<_>>(), ["丁 丁", "丙", "乙", "甲"]);
    }
}
