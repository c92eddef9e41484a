//! Many sentences as one text, so that the segmenter is called once for all of them.
//!
//! A call costs as much as cutting some twenty characters, and forced words would make several calls of one sentence. A line
//! break never joins a word, so what stands between two of them is cut as if it stood alone.

use std::ops::Range;

use super::{Segmenter, given};

/// Sentences that wait to be cut, in buffers that are used again.
#[derive(Debug, Default)]
pub struct Gathered {
    /// What lies between forced words, each stretch closed by a line break.
    free: String,
    /// The forced words, one after another.
    forced: String,
    /// What each line break stands for, in order.
    breaks: Vec<Break>,
    /// Where the pieces of `free` end.
    ends: Vec<u32>,
}

#[derive(Debug, Clone, Copy)]
enum Break {
    /// A forced word of this many bytes.
    Forced(u32),
    /// So many bytes that are no word: what parts the words of a text that is already cut.
    Passed(u32),
    SentenceEnd,
}

/// A piece of a sentence.
#[derive(Debug, Clone, Copy)]
pub struct Piece<'a> {
    text: &'a str,
    start: usize,
    end: usize,
    /// First byte in its sentence.
    pub sentence_start: usize,
}

impl<'a> Piece<'a> {
    /// The piece itself, ASCII letters in lower case.
    pub fn key(&self) -> &'a str {
        &self.text[self.start..self.end]
    }

    /// A longer text in which the key stands, and where: reading beyond the key is allowed and often faster.
    pub fn key_in_text(&self) -> (&'a str, Range<usize>) {
        (self.text, self.start..self.end)
    }

    /// Where it stands in its sentence, in bytes.
    pub fn range(&self) -> Range<usize> {
        self.sentence_start..self.sentence_start + (self.end - self.start)
    }

    /// Whether it is a token: it holds a letter, a Han character or a digit.
    pub fn is_token(&self) -> bool {
        let bytes = &self.text.as_bytes()[self.start..self.end];
        match bytes {
            // U+4E00 to U+9FFF in UTF-8: nearly every piece that is a token begins like this.
            [0xE5..=0xE9, ..] | [0xE4, 0xB8..=0xBF, ..] => true,
            // One of 、。《》「」【】, of ‘’“” or ，: nearly every piece that is none.
            [0xE3, 0x80, 0x81..=0x84 | 0x88..=0x91] | [0xE2, 0x80, 0x98..=0x9D] | [0xEF, 0xBC, 0x8C] => false,
            _ => self.key().chars().any(crate::text::is_token_character),
        }
    }
}

/// What comes out of gathered sentences, in order.
#[derive(Debug, Clone, Copy)]
pub enum Cutting<'a> {
    /// The next piece of the sentence in hand.
    Piece(Piece<'a>),
    /// The sentence in hand has no more pieces.
    SentenceEnd,
}

/// Text that the segmenter is given at once: enough to make the cost of a call small, so little that what it returns stays in
/// the cache.
const SECTION_BYTES: usize = 4_096;

impl Gathered {
    /// Whether nothing waits.
    pub fn is_empty(&self) -> bool {
        self.breaks.is_empty()
    }

    /// Adds a normalised sentence that will be cut as if no word were forced.
    pub fn add_plain(&mut self, sentence: &str) {
        self.add_free(sentence);
        self.end_sentence();
    }

    fn end_sentence(&mut self) {
        self.free.push('\n');
        self.breaks.push(Break::SentenceEnd);
    }

    fn clear(&mut self) {
        self.free.clear();
        self.forced.clear();
        self.breaks.clear();
        self.ends.clear();
    }

    fn add_forced(&mut self, word: &str) {
        self.free.push('\n');
        self.forced.push_str(word);
        self.breaks.push(Break::Forced(u32::try_from(word.len()).unwrap_or(u32::MAX)));
    }

    /// Leaves out so many bytes.
    fn pass(&mut self, bytes: usize) {
        if bytes > 0 {
            self.free.push('\n');
            self.breaks.push(Break::Passed(u32::try_from(bytes).unwrap_or(u32::MAX)));
        }
    }

    /// Text without forced words. A line break is kept out of the segmenter's way like one.
    fn add_free(&mut self, text: &str) {
        if memchr::memchr(b'\n', text.as_bytes()).is_none() {
            self.free.push_str(text);
            return;
        }
        for (number, stretch) in text.split('\n').enumerate() {
            if number > 0 {
                self.add_forced("\n");
            }
            self.free.push_str(stretch);
        }
    }

    /// Hands out the pieces, once the ends are known, and forgets them.
    fn hand_out(&mut self, mut emit: impl FnMut(Cutting<'_>)) {
        self.free.make_ascii_lowercase();
        self.forced.make_ascii_lowercase();
        let mut breaks = self.breaks.iter();
        let (mut start, mut forced_start, mut sentence_start) = (0, 0, 0);
        for end in &self.ends {
            let end = *end as usize;
            if self.free.as_bytes()[start] != b'\n' {
                emit(Cutting::Piece(Piece { text: &self.free, start, end, sentence_start }));
                sentence_start += end - start;
            } else {
                match breaks.next() {
                    Some(Break::Forced(length)) => {
                        let forced_end = forced_start + *length as usize;
                        emit(Cutting::Piece(Piece { text: &self.forced, start: forced_start, end: forced_end, sentence_start }));
                        sentence_start += forced_end - forced_start;
                        forced_start = forced_end;
                    }
                    Some(Break::Passed(length)) => sentence_start += *length as usize,
                    Some(Break::SentenceEnd) | None => {
                        emit(Cutting::SentenceEnd);
                        sentence_start = 0;
                    }
                }
            }
            start = end;
        }
        self.clear();
    }
}

impl Segmenter {
    /// Adds a normalised sentence to those that wait.
    pub fn gather(&self, sentence: &str, gathered: &mut Gathered) {
        if self.takes_given_words() {
            return self.gather_given(sentence, gathered);
        }
        let mut done = 0;
        self.forced.find(sentence, |word| {
            gathered.add_free(&sentence[done..word.start]);
            gathered.add_forced(&sentence[word.clone()]);
            done = word.end;
        });
        gathered.add_free(&sentence[done..]);
        gathered.end_sentence();
    }

    /// Adds a sentence whose words are already parted.
    fn gather_given(&self, sentence: &str, gathered: &mut Gathered) {
        let mut done = 0;
        given::words(sentence, self.mode, |word| {
            gathered.pass(word.start - done);
            gathered.add_forced(&sentence[word.clone()]);
            done = word.end;
        });
        gathered.end_sentence();
    }

    /// Cuts all sentences that wait, and calls `emit` with every piece, marks and spaces included, and at the end of each
    /// sentence. The pieces of a sentence concatenate to it, but for the case of ASCII letters; of text that is already cut
    /// only its words are pieces.
    pub fn cut(&self, gathered: &mut Gathered, emit: impl FnMut(Cutting<'_>)) {
        let Gathered { free, ends, .. } = gathered;
        let mut start = 0;
        while start < free.len() {
            // A section ends with a line break, so that no word is divided.
            let wanted = free.len().min(start + SECTION_BYTES) - 1;
            let end = memchr::memchr(b'\n', &free.as_bytes()[wanted..]).map_or(free.len(), |at| wanted + at + 1);
            self.cutter.cut(&free[start..end], start, ends);
            start = end;
        }
        gathered.hand_out(emit);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_glance_at_a_piece_tells_what_the_rule_tells() {
        for c in (0..=0x10_FFFF).filter_map(char::from_u32) {
            let text = format!("{c}甲");
            let piece = Piece { text: &text, start: 0, end: c.len_utf8(), sentence_start: 0 };
            assert_eq!(piece.is_token(), crate::text::is_token_character(c), "{c:?}");
        }
    }
}
