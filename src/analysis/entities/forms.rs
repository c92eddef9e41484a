//! The forms of all shards under one numbering, and what the evidence makes of each.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::lexicon::{EntityKind, EntityList};

use super::context::{Reading, Rule};
use super::names::{Identity, identity};
use super::scan::{SeenForm, Tally};

/// The forms, in the order in which shards are added, each with its tally over all of them.
#[derive(Debug, Default)]
pub(super) struct Forms {
    all: Vec<SeenForm>,
    /// The first form of each text.
    by_text: FxHashMap<Box<str>, u32>,
    /// For each form the next one of the same text, or [`NO_FORM`].
    next_of_text: Vec<u32>,
}

const NO_FORM: u32 = u32::MAX;

impl Forms {
    /// All of them, by number.
    pub fn all(&self) -> &[SeenForm] {
        &self.all
    }

    /// Adds the forms of one more shard; gives the number of each.
    pub fn add(&mut self, forms: Vec<SeenForm>) -> Vec<u32> {
        forms.into_iter().map(|form| self.add_form(form)).collect()
    }

    fn add_form(&mut self, form: SeenForm) -> u32 {
        let new = u32::try_from(self.all.len()).unwrap_or(NO_FORM - 1);
        let Some(first) = self.by_text.get(form.text.as_str()) else {
            self.by_text.insert(form.text.as_str().into(), new);
            return self.push(form, new);
        };
        let mut at = *first;
        loop {
            let known = &mut self.all[at as usize];
            if (known.reading, &known.stands_for) == (form.reading, &form.stands_for) {
                known.tally.merge(&form.tally);
                return at;
            }
            match self.next_of_text[at as usize] {
                NO_FORM => break,
                next => at = next,
            }
        }
        self.next_of_text[at as usize] = new;
        self.push(form, new)
    }

    fn push(&mut self, form: SeenForm, number: u32) -> u32 {
        self.all.push(form);
        self.next_of_text.push(NO_FORM);
        number
    }

    /// What each form is, if anything; and the forms for which nothing spoke, with their mentions.
    pub fn identities(&self, list: &EntityList) -> (Vec<Option<Identity>>, (u64, u64)) {
        let places: FxHashSet<&str> =
            self.all.iter().filter(|form| form.reading == Reading::Place && form.tally.sure > 0).map(|form| form.text.as_str()).collect();
        let mut without = (0, 0);
        let identities = self.all.iter().map(|SeenForm { reading, text, stands_for, tally }| {
            let text = stands_for.as_ref().unwrap_or(text);
            let kind = kind_of(*reading, text, tally, &places);
            // Of a surname and any word beside it one would say so in every other sentence.
            let looks_like_a_name = tally.shown > 0 || tally.rules != Rule::SurnameAndGivenName.bit();
            if kind.is_none() && looks_like_a_name {
                without = (without.0 + 1, without.1 + tally.mentions);
            }
            kind.and_then(|kind| identity(kind, text, list))
        });
        (identities.collect(), without)
    }
}

/// One mention in so many must show that a form is the name of a person.
const SHARE_OF_PERSONS: u64 = 4;
/// The same for foreign names of three characters and more, which are no common words.
const SHARE_OF_FOREIGN: u64 = 20;

/// What the evidence makes of a form.
fn kind_of(reading: Reading, text: &str, tally: &Tally, places: &FxHashSet<&str>) -> Option<EntityKind> {
    let shown = |share: u64| tally.sure > 0 || (tally.shown > 0 && tally.shown * share >= tally.mentions);
    // 隆林 is a place if 隆林县 is.
    let has_level =
        || ["县", "市", "区", "州", "镇", "乡", "村", "省"].into_iter().any(|level| places.contains(format!("{text}{level}").as_str()));
    let characters = text.chars().count();
    let share_of_foreign = if characters > 2 { SHARE_OF_FOREIGN } else { SHARE_OF_PERSONS };
    match reading {
        Reading::Blocked => None,
        Reading::Document => Some(EntityKind::Document),
        Reading::Meeting => Some(EntityKind::Meeting),
        Reading::Organisation => Some(EntityKind::Organisation),
        Reading::Person => shown(SHARE_OF_PERSONS).then_some(EntityKind::Person),
        Reading::ForeignPerson | Reading::ForeignPlace if shown(share_of_foreign) => Some(EntityKind::Person),
        Reading::ForeignPerson => None,
        Reading::ForeignPlace => (characters > 2 || has_level()).then_some(EntityKind::Place),
        Reading::Place => (shown(SHARE_OF_PERSONS) || has_level()).then_some(EntityKind::Place),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_one_if_text_reading_and_what_they_stand_for_are() {
        let form = |text: &str, reading, stands_for: Option<&str>| SeenForm {
            reading,
            text: text.into(),
            stands_for: stands_for.map(str::to_string),
            tally: Tally { mentions: 1, ..Tally::default() },
        };
        let mut forms = Forms::default();
        let first = forms.add(vec![form("甲", Reading::Place, None), form("乙", Reading::Place, None), form("甲", Reading::Person, None)]);
        let second =
            forms.add(vec![form("甲", Reading::Person, Some("丙")), form("甲", Reading::Person, None), form("甲", Reading::Place, None)]);
        assert_eq!((first, second), (vec![0, 1, 2], vec![3, 2, 0]));
        assert_eq!(forms.all().iter().map(|form| form.tally.mentions).collect::<Vec<_>>(), [2, 1, 2, 1]);
    }
}
