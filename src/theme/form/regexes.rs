//! Regular expressions of patterns: bounded, and such as some text can match.

use regex::RegexBuilder;
use regex_syntax::hir::{Class, HirKind};

use crate::text::simplified;
use crate::theme::match_text::literal;

use super::parts::Wrong;

/// Largest compiled regular expression, in bytes.
const REGEX_SIZE: usize = 1 << 20;
/// What one may remember while it searches, in each thread: with the usual 2 MiB those of the shipped taxonomy took 60 MiB.
pub(in crate::theme) const REGEX_CACHE: usize = 1 << 18;

/// A regex that can be used, or why it cannot.
pub(super) fn regex(text: &str, to_simplified: bool) -> Result<regex::Regex, Wrong> {
    let wrong = |message: String| Wrong::new("T010", message);
    let compiled = RegexBuilder::new(text).size_limit(REGEX_SIZE).dfa_size_limit(REGEX_CACHE).build().map_err(|e| {
        let reason = e.to_string();
        let reason = reason.lines().last().unwrap_or_default().trim().trim_start_matches("error: ").to_string();
        wrong(format!("`{text}` is no regular expression that can be used: {reason}"))
    })?;
    if compiled.is_match("") {
        return Err(wrong(format!("`{text}` can match nothing at all")));
    }
    match impossible(text, to_simplified) {
        Some(what) => Err(wrong(format!("`{text}`: {what}"))),
        None => Ok(compiled),
    }
}

/// What a regex asks for that no text has once it was normalised for matching.
fn impossible(text: &str, to_simplified: bool) -> Option<String> {
    let changed = |c: &char| !literal(&c.to_string()).chars().eq([*c]);
    let says = |c: char| match literal(&c.to_string()) {
        _ if c.is_ascii() => format!("the match text has no {c:?} (spaces and quotes are left out, letters are in lower case)"),
        becomes if becomes.is_empty() => format!("the match text has no `{c}`: it is left out"),
        becomes => format!("the match text has `{becomes}` where the regex has `{c}`"),
    };
    // As written, since what stands between brackets beside other characters is most often a slip too.
    if let Some(c) = text.chars().find(|c| !c.is_ascii() && changed(c) || matches!(c, ' ' | '"' | '\'')) {
        return Some(says(c));
    }
    // Each part, and whether something else may match instead of it.
    let mut parts = vec![(regex_syntax::parse(text).ok()?, false)];
    while let Some((part, is_optional)) = parts.pop() {
        match part.into_kind() {
            HirKind::Literal(found) => {
                let characters = std::str::from_utf8(&found.0).ok()?;
                // A white space that may be absent does no harm; upper case is a slip wherever it stands.
                if let Some(c) = characters.chars().find(|c| changed(c) && (!is_optional || c.is_ascii_uppercase())) {
                    return Some(says(c));
                }
                let in_simplified = simplified(characters);
                if to_simplified && *in_simplified != *characters {
                    return Some(format!("the match text has `{in_simplified}` where the regex has `{characters}`"));
                }
            }
            HirKind::Class(Class::Unicode(class)) if !is_optional => {
                let all = || class.iter().flat_map(|range| range.start()..=range.end());
                if all().take(MOST_OF_CLASS).count() < MOST_OF_CLASS && all().all(|c| changed(&c)) {
                    return Some(
                        "the match text has no character of one of its classes (spaces are left out, letters are in lower case)".into(),
                    );
                }
            }
            HirKind::Repetition(repeated) => parts.push((*repeated.sub, is_optional || repeated.min == 0)),
            HirKind::Capture(capture) => parts.push((*capture.sub, is_optional)),
            HirKind::Concat(all) => parts.extend(all.into_iter().map(|part| (part, is_optional))),
            HirKind::Alternation(all) => parts.extend(all.into_iter().map(|part| (part, true))),
            HirKind::Class(_) | HirKind::Look(_) | HirKind::Empty => {}
        }
    }
    None
}

/// A class of so many characters holds one that text has.
const MOST_OF_CLASS: usize = 5_000;
