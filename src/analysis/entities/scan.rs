//! One shard: the rules propose stretches, the longest is kept where they overlap, and its form is counted.

use rustc_hash::FxHashMap;

use crate::corpus::Shard;

use super::classes::{self, Class};
use super::context::{Candidate, Evidence, Reading, Rule, Sentence};
use super::listed::ListedForms;
use super::short_forms::ShortForms;
use super::{document_number, meeting, organisation, person, place, written};

/// How often a form was seen, and what for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Tally {
    /// Mentions.
    pub mentions: u64,
    /// Mentions that need no evidence.
    pub sure: u64,
    /// Mentions in a place that shows what the form is.
    pub shown: u64,
    /// The rules, one bit each.
    pub rules: u16,
}

impl Tally {
    fn add(&mut self, candidate: &Candidate) {
        self.mentions += 1;
        self.sure += u64::from(candidate.evidence == Evidence::Sure);
        self.shown += u64::from(candidate.evidence == Evidence::Shown);
        self.rules |= candidate.rule.bit();
    }

    /// Adds what was seen elsewhere.
    pub fn merge(&mut self, other: &Self) {
        self.mentions += other.mentions;
        self.sure += other.sure;
        self.shown += other.shown;
        self.rules |= other.rules;
    }
}

/// A form as it stands in texts, with one reading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SeenForm {
    pub reading: Reading,
    pub text: String,
    /// The form of which the document says that this one stands for it.
    pub stands_for: Option<String>,
    pub tally: Tally,
}

/// What a shard names.
#[derive(Debug, Default)]
pub(super) struct ShardForms {
    /// The forms, in order of first appearance.
    pub forms: Vec<SeenForm>,
    /// Sentence and form of each mention, in text order.
    pub mentions: Vec<(u32, u32)>,
}

/// All mentions of a shard whose words have these flags.
pub(super) fn scan(shard: &Shard, flags: &[Class], listed: &ListedForms<'_>) -> ShardForms {
    let mut scanner = Scanner {
        listed,
        candidates: Vec::new(),
        texts: Vec::new(),
        short_forms: ShortForms::default(),
        buffer: String::new(),
        forms: FormNumbers { single: vec![NONE; shard.words.len()], ..FormNumbers::default() },
        found: ShardForms::default(),
    };
    let mut marked = written::marked_sentences(shard).into_iter().peekable();
    for number in 0..shard.sentences.len() {
        let is_marked = marked.next_if_eq(&number).is_some();
        scanner.sentence(&Sentence::new(shard, number, flags), number, is_marked);
    }
    scanner.found
}

struct Scanner<'a> {
    listed: &'a ListedForms<'a>,
    candidates: Vec<Candidate>,
    /// Texts of the candidates of a sentence that are not their tokens joined, and what they stand for.
    texts: Vec<(String, Option<String>)>,
    short_forms: ShortForms,
    buffer: String,
    forms: FormNumbers,
    found: ShardForms,
}

impl Scanner<'_> {
    fn sentence(&mut self, sentence: &Sentence<'_>, number: usize, is_marked: bool) {
        self.candidates.clear();
        self.texts.clear();
        self.short_forms.enter(sentence.shard.sentences[number].document);
        let marked = if is_marked { written::find(sentence, number) } else { written::Found::default() };
        for (candidate, text) in marked.mentions {
            let is_declared = marked.declared.iter().any(|(_, short)| *short == text);
            let stands_for = (candidate.reading == Reading::Document).then(|| self.short_forms.title(&text, is_declared)).flatten();
            self.add_written(candidate, text, stands_for);
        }
        for (candidate, text, stands_for) in self.short_forms.find(sentence) {
            self.add_written(candidate, text, Some(stands_for));
        }
        for at in 0..sentence.len() {
            let class = sentence.flags(at);
            if class & classes::HIT != 0 {
                self.propose(sentence, at, class);
            }
        }
        keep_longest(sentence, &mut self.candidates);
        if !marked.declared.is_empty() {
            self.declare(sentence, marked.declared);
        }
        for candidate in &self.candidates {
            if candidate.reading == Reading::Blocked {
                continue;
            }
            let text = candidate.written.map(|at| &self.texts[at as usize]);
            let form = self.forms.number(sentence, candidate, text, &mut self.found.forms);
            self.found.forms[form as usize].tally.add(candidate);
            self.found.mentions.push((u32::try_from(number).unwrap_or(u32::MAX), form));
        }
    }

    /// Notes what the sentence declares. Behind the declaration its short forms stand for what they are declared to.
    fn declare(&mut self, sentence: &Sentence<'_>, declared: Vec<(usize, String)>) {
        for (full_end, short) in declared {
            let full = self.candidates.iter().find(|candidate| candidate.end == full_end);
            let Some((reading, text)) = full.map(|full| (full.reading, self.text_of(sentence, full))) else { continue };
            self.short_forms.declare(short, reading, text);
            // Before what the rules found there: of equally long stretches the first counts.
            let found = std::mem::take(&mut self.candidates);
            for (candidate, short, full) in self.short_forms.find(sentence) {
                if candidate.start >= full_end {
                    self.add_written(candidate, short, Some(full));
                }
            }
            self.candidates.extend(found);
            keep_longest(sentence, &mut self.candidates);
        }
    }

    fn add_written(&mut self, candidate: Candidate, text: String, stands_for: Option<String>) {
        let at = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
        self.candidates.push(Candidate { written: Some(at), ..candidate });
        self.texts.push((text, stands_for));
    }

    /// The full form of a candidate.
    fn text_of(&self, sentence: &Sentence<'_>, candidate: &Candidate) -> String {
        match candidate.written.map(|at| &self.texts[at as usize]) {
            Some((text, stands_for)) => stands_for.clone().unwrap_or_else(|| text.clone()),
            None => sentence.joined(candidate),
        }
    }

    /// What the rules say of the token at `at`, which has these flags.
    fn propose(&mut self, sentence: &Sentence<'_>, at: usize, class: Class) {
        let has = |flags: Class| class & flags != 0;
        let before = self.candidates.len();
        if has(classes::LISTED) {
            self.candidates.extend(self.listed.find(sentence, at, &mut self.buffer));
        }
        if has(classes::PERSON | classes::FOREIGN) {
            self.candidates.push(person::word(sentence, at));
        } else if has(classes::SURNAME) {
            self.candidates.extend(person::parts(sentence, at));
        }
        let beside_place = || sentence.behind(at + 1, classes::PLACE_SUFFIX) || sentence.before(at, classes::PLACE | classes::PLACE_SUFFIX);
        if has(classes::PLACE | classes::PLACE_WEAK) && (!has(classes::FOREIGN) || beside_place()) {
            self.candidates.push(place::word(sentence, at));
        }
        if has(classes::PLACE_SUFFIX) {
            self.candidates.extend(place::suffix(sentence, at));
        }
        if has(classes::ORGANISATION) {
            self.candidates.push(organisation::word(sentence, at));
        }
        let of_a_place = |body: &Candidate| organisation::of_a_place(sentence, body);
        let of_places: Vec<Candidate> = self.candidates[before..].iter().filter_map(of_a_place).collect();
        self.candidates.extend(of_places);
        if has(classes::ORG_HEAD | classes::SHORT_HEAD) {
            let found = organisation::headed(sentence, at, &|end| ended(&self.candidates, end));
            self.candidates.extend(found);
        }
        if has(classes::MEETING_HEAD) {
            let found = meeting::headed(sentence, at, &|end| ended(&self.candidates, end));
            self.candidates.extend(found);
        }
        if has(classes::NUMBER) {
            let found = document_number::at(sentence, at, &|end| ended(&self.candidates, end));
            self.candidates.extend(found);
        }
    }
}

/// Where the longest body or meeting begins that ends before token `end`.
fn ended(candidates: &[Candidate], end: usize) -> Option<usize> {
    let may_begin = |c: &&Candidate| c.end == end && c.written.is_none() && matches!(c.reading, Reading::Organisation | Reading::Meeting);
    candidates.iter().filter(may_begin).map(|c| c.start).min()
}

/// Of candidates that overlap keeps the longest, in text order. A surname and a word for which nothing speaks give way to all others.
fn keep_longest(sentence: &Sentence<'_>, candidates: &mut Vec<Candidate>) {
    candidates.sort_unstable_by_key(|c| c.start);
    if candidates.windows(2).all(|pair| pair[0].end <= pair[1].start) {
        return;
    }
    candidates.sort_by_cached_key(|c| {
        let is_listed = c.rule == Rule::Listed;
        (
            c.rule == Rule::SurnameAndGivenName && c.evidence == Evidence::None,
            std::cmp::Reverse(sentence.bytes(c.start, c.end)),
            c.reading != Reading::Blocked,
            c.rule != Rule::TitleMarks,
            !is_listed,
            c.reading,
            c.start,
        )
    });
    let mut taken = vec![false; sentence.len()];
    candidates.retain(|c| {
        let is_free = !taken[c.start..c.end].contains(&true);
        if is_free {
            taken[c.start..c.end].fill(true);
        }
        is_free
    });
    candidates.sort_unstable_by_key(|c| c.start);
}

const NONE: u32 = u32::MAX;

/// Numbers for the forms of a shard, without a string for each mention.
#[derive(Default)]
struct FormNumbers {
    /// The form that is this word alone, in its first reading.
    single: Vec<u32>,
    /// By reading and words, or by reading and number of a written text.
    longer: FxHashMap<Box<[u32]>, u32>,
    written: FxHashMap<(String, Option<String>), u32>,
    key: Vec<u32>,
}

impl FormNumbers {
    fn number(
        &mut self,
        sentence: &Sentence<'_>,
        candidate: &Candidate,
        written: Option<&(String, Option<String>)>,
        forms: &mut Vec<SeenForm>,
    ) -> u32 {
        let words = &sentence.words[candidate.start..candidate.end];
        if let ([word], None) = (words, written) {
            let known = self.single[*word as usize];
            if known != NONE && forms[known as usize].reading == candidate.reading {
                return known;
            }
        }
        self.key.clear();
        self.key.push(candidate.reading as u32);
        match written {
            None => self.key.extend_from_slice(words),
            Some(text) => {
                let next = u32::try_from(self.written.len()).unwrap_or(NONE - 1);
                let number = *self.written.entry(text.clone()).or_insert(next);
                self.key.extend([NONE, number]);
            }
        }
        if let Some(known) = self.longer.get(self.key.as_slice()) {
            return *known;
        }
        let number = u32::try_from(forms.len()).unwrap_or(NONE - 1);
        self.longer.insert(self.key.as_slice().into(), number);
        if let ([word], None) = (words, written) {
            let slot = &mut self.single[*word as usize];
            *slot = if *slot == NONE { number } else { *slot };
        }
        let (text, stands_for) = written.cloned().unwrap_or_else(|| (sentence.joined(candidate), None));
        forms.push(SeenForm { reading: candidate.reading, text, stands_for, tally: Tally::default() });
        number
    }
}
