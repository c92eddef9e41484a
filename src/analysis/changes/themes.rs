//! Themes of the first taxonomy on both sides: coded sentences among those that themes.csv divides by.

use crate::analysis::side_counts::SideCount;
use crate::analysis::theme_totals::add_up;
use crate::corpus::Shard;
use crate::theme::{Kind as ThemeKind, Tagger};

use super::counts::Counts;
use super::listed::{self, Found, Limits, Names};
use super::rows::Kind;
use super::sides::{Compared, Texts};
use super::things::{OfTexts, Things};

/// The themes of some texts.
struct Themes<'t, 'a> {
    texts: Texts<'t, 'a>,
    tagger: &'a Tagger,
}

impl Things for Themes<'_, '_> {
    fn in_document(&self, document: usize, visit: &mut dyn FnMut(u32, u64)) {
        let of_document = self.texts.shared.themes.document(document);
        let themes = of_document.ranked.iter().filter(|theme| theme.sentences > 0);
        themes.for_each(|theme| visit(theme.theme, theme.sentences));
    }

    fn in_sentence(&self, (_, shard): (usize, &Shard), sentence: usize, visit: &mut dyn FnMut(u32)) {
        let coded = &shard.themes(self.texts.inputs.taxonomy).coded;
        let Ok(place) = coded.binary_search_by_key(&sentence, |coded| coded.sentence as usize) else { return };
        for (leaf, _) in &coded[place].themes {
            add_up(self.tagger, *leaf as usize, &mut |theme| visit(u32::try_from(theme).unwrap_or(u32::MAX)));
        }
    }

    fn totals(&self, _: usize) -> Vec<SideCount> {
        let themes = &self.texts.shared.themes.total().themes;
        themes.iter().map(|theme| SideCount { count: theme.sentences, documents: theme.documents }).collect()
    }
}

/// What the sentences of a theme are divided by, on either side.
#[derive(Debug, Clone, Copy, Default)]
struct Base {
    sentences: [u64; 2],
    policy_sentences: [u64; 2],
}

impl Base {
    fn new(compared: &Compared<'_, '_>) -> Self {
        let mut base = Self::default();
        for texts in compared.texts() {
            for (document, side) in texts.of_document.iter().enumerate() {
                let (side, themes) = (*side as usize, texts.shared.themes.document(document));
                if side < 2 {
                    base.sentences[side] += themes.sentences;
                    base.policy_sentences[side] += themes.policy_sentences;
                }
            }
        }
        base
    }
}

/// The themes that changed.
pub fn find(compared: &Compared<'_, '_>, limits: Limits) -> Found {
    let Some(tagger) = compared.corpus.inputs.tagger() else { return Found::default() };
    let themes = OfTexts {
        corpus: Themes { texts: compared.corpus, tagger },
        retired: compared.retired.map(|texts| Themes { texts, tagger }),
        number: tagger.themes().len(),
    };
    let base = Base::new(compared);
    let counts = |number: u32, [current, previous]: [SideCount; 2]| {
        let is_policy = tagger.themes()[number as usize].kind == ThemeKind::Policy;
        let [current_total, previous_total] = if is_policy { base.policy_sentences } else { base.sentences };
        Counts { current: current.count, current_total, previous: previous.count, previous_total }
    };
    let key = |number: u32| tagger.themes()[number as usize].id.clone();
    let names = Names { kind: Kind::Theme, key: &key, name: &|number| tagger.themes()[number as usize].name.clone() };
    listed::find(compared, limits, &themes, &themes.count(compared), &counts, &names)
}
