//! Literals written in another script than the taxonomy says: they are never found.

use crate::diagnostic::Level;
use crate::text::simplified;
use crate::theme::form::{Place, Problems};
use crate::theme::model::{Language, Taxonomy};

pub(super) fn check(taxonomy: &Taxonomy, problems: &mut Problems) {
    let Some(language) = taxonomy.language.filter(|_| !taxonomy.to_simplified) else { return };
    let mut look = |text: &str, place: Place| {
        if let Some(c) = text.chars().find(|c| is_foreign(*c, language)) {
            let (script, name) = match language {
                Language::Simplified => ("traditional", "zh-Hans"),
                Language::Traditional => ("simplified", "zh-Hant"),
            };
            let message = format!("`{text}`: `{c}` is a {script} character, and the taxonomy is {name}");
            problems.add_at(Level::Warning, place, "T019", message, None);
        }
    };
    for literal in taxonomy.masks.iter().chain(&taxonomy.topic).chain(&taxonomy.stance) {
        look(&literal.text, literal.place);
    }
    for theme in &taxonomy.themes {
        theme.patterns.iter().for_each(|pattern| look(&pattern.text, pattern.place));
        for literal in [&theme.masks, &theme.all, &theme.any, &theme.none].into_iter().flatten() {
            look(&literal.text, literal.place);
        }
    }
}

fn is_foreign(c: char, language: Language) -> bool {
    if !('\u{4E00}'..='\u{9FFF}').contains(&c) {
        return false;
    }
    let mut buffer = [0; 4];
    let text = &*c.encode_utf8(&mut buffer);
    match language {
        Language::Simplified => *simplified(text) != *text,
        // Big5 has the traditional characters and hardly any that are simplified only.
        Language::Traditional => encoding_rs::BIG5.encode(text).2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_character_of_the_other_script_is_known() {
        for (c, in_simplified, in_traditional) in [('国', false, true), ('國', true, false), ('人', false, false), ('a', false, false)] {
            assert_eq!((is_foreign(c, Language::Simplified), is_foreign(c, Language::Traditional)), (in_simplified, in_traditional), "{c}");
        }
    }
}
