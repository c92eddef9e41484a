//! One line of the dictionary: its word and tag, or why it has none.

use crate::text::{is_token_character, normalise};

use super::mention::{Refusal, RefusalKind};

/// What a line says.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// As typed.
    pub typed: String,
    /// Normalised, ASCII letters in lower case.
    pub word: String,
    pub tag: Option<String>,
    /// Whether the tag looks like the second half of a word with a space: no segmenter has such tags.
    pub tag_may_be_a_word: bool,
}

/// What parts word and tag beside white space; the last is what a Chinese keyboard gives for a comma.
const MARKS: [char; 3] = ['\t', ',', '，'];
/// Longest tag in letters.
const LONGEST_TAG: usize = 5;
const FORMS: &str = "write one word a line: `word`, `word tag`, `word frequency` or `word frequency tag`; \
                     a word that holds spaces is parted from its tag by a tab";

/// Word and tag of a line that is not blank and no comment; else the line (or its word) and the reason.
pub(super) fn parse_line(content: &str) -> Result<Entry, (String, Refusal)> {
    let is_parted_by_mark = content.contains(MARKS);
    let fields: Vec<&str> = match is_parted_by_mark {
        true => content.split(MARKS).map(str::trim).filter(|field| !field.is_empty()).collect(),
        false => content.split_whitespace().collect(),
    };
    let rejected = |message: String| {
        let refusal = Refusal { kind: RefusalKind::Rejected, message, code: "D002", help: Some(FORMS) };
        (content.trim().to_string(), refusal)
    };
    let (typed, rest) = fields.split_first().ok_or_else(|| rejected("expected a word, found only separators".to_string()))?;
    let mut tag = None;
    let mut has_frequency = false;
    for field in rest.iter().map(|field| normalise(field)) {
        if field.bytes().all(|b| b.is_ascii_digit()) && !has_frequency {
            has_frequency = true;
        } else if is_tag(&field) && tag.is_none() {
            tag = Some(field.into_owned());
        } else {
            return Err(rejected(format!("expected a tag or a frequency after `{typed}`, found `{field}`")));
        }
    }
    let word = matched_form(typed).map_err(|refusal| (typed.to_string(), refusal))?;
    let tag_may_be_a_word = !is_parted_by_mark && tag.as_deref().is_some_and(is_unlike_tags);
    Ok(Entry { typed: typed.to_string(), word, tag, tag_may_be_a_word })
}

/// Whether this may stand as a part of speech: one to five ASCII letters.
pub(super) fn is_tag(text: &str) -> bool {
    (1..=LONGEST_TAG).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphabetic())
}

/// Whether text that holds a space is a line of a list, word and tag: `新词 n`.
pub(super) fn is_word_and_tag(text: &str) -> bool {
    let is_common =
        |tag: &str| ["n", "nr", "ns", "nt", "nz", "nrt", "v", "vn", "vd", "a", "ad", "an", "d", "m", "t", "l", "i", "j"].contains(&tag);
    text.rsplit_once(char::is_whitespace).is_some_and(|(word, tag)| is_common(tag) && !word.is_ascii())
}

/// Segmenters use `nrfg`, `eng`, `Ng`, and nothing longer or with other capitals.
fn is_unlike_tags(tag: &str) -> bool {
    tag.len() > 4 || (tag.len() == 4 && tag != "nrfg") || (tag.bytes().any(|b| b.is_ascii_uppercase()) && !tag.ends_with('g'))
}

/// The form in which a word is matched: normalised, ASCII letters in lower case.
///
/// # Errors
/// When it can never match.
pub(super) fn matched_form(typed: &str) -> Result<String, Refusal> {
    let word = normalise(typed).trim().to_ascii_lowercase();
    let unreachable = |code, message| Refusal { kind: RefusalKind::Unreachable, message, code, help: None };
    if !word.chars().any(is_token_character) {
        let message = format!("`{typed}` has no letter, Han character or digit and can never be a token");
        return Err(unreachable("D003", message));
    }
    match word.chars().find(|c| matches!(c, '。' | '！' | '？' | '!' | '?' | '…' | '；' | ';')) {
        Some(mark) => Err(unreachable("D004", format!("`{word}` holds `{mark}`, which ends a sentence: it can never match"))),
        None => Ok(word),
    }
}
