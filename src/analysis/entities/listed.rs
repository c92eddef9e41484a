//! Forms of the list, found where the words of a text begin and end with them.

use rustc_hash::FxHashMap;

use crate::lexicon::{EntityKind, EntityList};

use super::classes::{self, Class};
use super::context::{Candidate, Evidence, Reading, Rule, Sentence};

/// The listed forms with all their beginnings.
pub(super) struct ListedForms<'a> {
    beginnings: FxHashMap<&'a str, Beginning>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Beginning {
    /// What the text is, where it is a whole form.
    whole: Option<Reading>,
    /// Whether a longer form begins with it.
    goes_on: bool,
}

/// What a word is among the listed forms.
pub(super) enum Form {
    /// Nothing.
    None,
    /// A form, with these flags, and no other begins with it.
    Whole(Class),
    /// A form may begin with it; the flags if it is one itself.
    Begins(Class),
}

impl<'a> ListedForms<'a> {
    pub fn new(list: &'a EntityList) -> Self {
        let mut beginnings: FxHashMap<&str, Beginning> = FxHashMap::default();
        for (form, listed) in list.forms() {
            for (at, _) in form.char_indices().skip(1) {
                beginnings.entry(&form[..at]).or_default().goes_on = true;
            }
            beginnings.entry(form).or_default().whole = Some(reading(listed.kind));
        }
        Self { beginnings }
    }

    /// The rule behind a word that has the flags of a name.
    pub fn rule_of(class: Class) -> Rule {
        if class & classes::WHOLE != 0 { Rule::Listed } else { Rule::Tag }
    }

    /// What this word is.
    pub fn of_word(&self, word: &str) -> Form {
        let Some(beginning) = self.beginnings.get(word) else { return Form::None };
        let class = beginning.whole.map_or(0, flags);
        // Forms that flags cannot tell are looked up where they stand.
        if beginning.goes_on || (class == 0 && beginning.whole.is_some()) { Form::Begins(class) } else { Form::Whole(class) }
    }

    /// The longest form that begins at token `start`.
    pub fn find(&self, sentence: &Sentence<'_>, start: usize, buffer: &mut String) -> Option<Candidate> {
        buffer.clear();
        let mut best = None;
        for at in start..sentence.len() {
            if at > start && !sentence.joins(at) {
                break;
            }
            buffer.push_str(sentence.text(at));
            let Some(beginning) = self.beginnings.get(buffer.as_str()) else { break };
            best = beginning.whole.map(|reading| (at + 1, reading)).or(best);
            if !beginning.goes_on {
                break;
            }
        }
        let (end, reading) = best?;
        Some(Candidate { start, end, reading, rule: Rule::Listed, evidence: Evidence::Sure, tail: 0, written: None })
    }
}

fn reading(kind: Option<EntityKind>) -> Reading {
    match kind {
        None => Reading::Blocked,
        Some(EntityKind::Document) => Reading::Document,
        Some(EntityKind::Meeting) => Reading::Meeting,
        Some(EntityKind::Organisation) => Reading::Organisation,
        Some(EntityKind::Person) => Reading::Person,
        Some(EntityKind::Place) => Reading::Place,
    }
}

fn flags(reading: Reading) -> Class {
    match reading {
        Reading::Organisation => classes::ORGANISATION,
        Reading::Place => classes::PLACE,
        _ => 0,
    }
}
