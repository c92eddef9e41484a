//! The jieba-rs segmenter, with its dictionary and its hidden Markov model for unknown words.
//!
//! `Jieba::load_dict` is not used: it deletes words typed without a frequency and cannot match words with marks in them.

use jieba_rs::HmmModel;

use super::Cut;

/// The version that Cargo.toml pins.
pub(super) const VERSION: &str = "jieba-rs 0.11.0";

/// A hidden Markov model that takes any run of characters as one word: begin (B), middle (M), end (E), and never a word of
/// one character (S). The lines are start, transitions from B, E, M, S, and no emissions.
const ONE_WORD_MODEL: &str = "0 -1e250 -1e250 -1e250\n\
     -1e250 0 0 -1e250\n-1e250 -1e250 -1e250 -1e250\n-1e250 0 0 -1e250\n-1e250 -1e250 -1e250 -1e250\n\
     ,\n,\n,\n,\n";

pub(super) struct Jieba {
    full: jieba_rs::Jieba,
    /// Without a dictionary and with [`ONE_WORD_MODEL`]: asks for the tag of a word without cutting it again.
    whole: Option<jieba_rs::Jieba>,
}

impl Jieba {
    pub fn new() -> Self {
        let whole = HmmModel::load(&mut ONE_WORD_MODEL.as_bytes()).ok().map(|model| {
            let mut jieba = jieba_rs::Jieba::empty();
            jieba.set_hmm_model(model);
            jieba
        });
        Self { full: jieba_rs::Jieba::new(), whole }
    }
}

impl Cut for Jieba {
    fn cut(&self, text: &str, offset: usize, ends: &mut Vec<u32>) {
        let tokens = self.full.cut(text, true);
        ends.extend(tokens.into_iter().map(|token| u32::try_from(offset + token.byte_end).unwrap_or(u32::MAX)));
    }

    fn tag(&self, word: &str) -> String {
        let single = |jieba: &jieba_rs::Jieba| match jieba.tag(word, true).as_slice() {
            [only] => Some(only.tag.to_string()),
            _ => None,
        };
        single(&self.full).or_else(|| self.whole.as_ref().and_then(single)).unwrap_or_else(|| "x".to_string())
    }

    fn knows(&self, word: &str) -> bool {
        self.full.has_word(word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_that_would_be_cut_again_still_has_one_tag() {
        let jieba = Jieba::new();
        assert!(jieba.whole.is_some(), "the one-word model loads");
        for word in ["郑栅洁", "信长星", "甲乙丙丁戊己", "共拉长板提升"] {
            let tag = jieba.tag(word);
            assert!(tag != "x" && !tag.is_empty(), "{word} has tag {tag}");
        }
    }

    /// The traps for which the user dictionary does not go through `load_dict`: an upgrade that mends one is noticed here.
    #[test]
    fn load_dict_still_deletes_words_typed_without_a_frequency() {
        let mut jieba = jieba_rs::Jieba::new();
        let count = |jieba: &jieba_rs::Jieba| jieba.cut("推进碳达峰工作", true).len();
        let before = count(&jieba);
        jieba.load_dict(&mut "碳达峰\n".as_bytes()).unwrap();
        assert!(count(&jieba) > before);
    }
}
