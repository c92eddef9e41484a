//! Counted by hand, and against a naive count that follows the definitions word by word.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use proptest::prelude::*;

use crate::corpus::{Corpus, Parts, Tools, build_shard};
use crate::lexicon::Dictionary;
use crate::segment::{Mode, Segmenter};
use crate::source::{BatchReader, Document, InputRoot, SourceOptions, list};
use crate::text::SentenceOptions;

use super::count::{Counts, Spread, clauses, count};

/// Cuts at spaces, so that a test says which words there are.
static SPACES: LazyLock<Segmenter> = LazyLock::new(|| Segmenter::new(&Dictionary::default()).in_mode(Mode::Spaces));

/// The documents of texts, read as files 0.txt, 1.txt and so on.
fn documents(texts: &[String]) -> Vec<Document> {
    let folder = tempfile::tempdir().unwrap();
    for (number, text) in texts.iter().enumerate() {
        std::fs::write(folder.path().join(format!("{number}.txt")), text).unwrap();
    }
    let options = SourceOptions::default();
    let listing = list(&[InputRoot { path: folder.path().to_path_buf(), label: None }]).unwrap();
    BatchReader::new(&listing.files, &options).flat_map(|batch| batch.read(&options).documents).collect()
}

fn corpus(texts: &[String]) -> Corpus {
    let sentences = SentenceOptions::default();
    let tools = Tools { segmenter: &SPACES, taggers: &[], sentences: &sentences };
    Corpus::assemble(vec![build_shard(&documents(texts), tools)])
}

#[test]
fn a_document_is_as_counted_by_hand() {
    // 3 paragraphs; sentences of 4, 2 and 1 tokens; 甲 甲 乙丙 gdp | 甲 5.2% | 一二三四.
    let text = "正文\u{3000}首段。\n甲 ， 甲 ， 乙丙 GDP 。 甲 5.2% ！ …… 。\n一二三四 ；\n";
    let counts = count(&corpus(&[text.to_string()]), 3).row(0)[0];
    // 正文 and 首段。 are cut off as a sentence of their own: 2 tokens of 2 and 3 characters, the mark being part of the given word.
    assert_eq!((counts.paragraphs, counts.sentences, counts.tokens), (3, 4, 9));
    assert_eq!((counts.types, counts.hapaxes), (7, 6));
    // 甲 three times, six others once.
    assert_eq!(counts.sum_of_squares, 9 + 6);
    assert_eq!(counts.clauses, 1 + 3 + 1 + 1);
    assert_eq!((counts.numbers, counts.latin), (1, 1));
    // 甲 ×3 | 正文 乙丙 | 首段。 gdp | 5.2% 一二三四.
    assert_eq!(counts.of_length, [3, 2, 2, 2]);
    assert_eq!(counts.characters, 3 + 4 + 6 + 8);
    // 2, 4, 2, 1 tokens: median 2. 5, 7, 5, 4 characters: median 5.
    assert_eq!(counts.in_tokens, Spread { twice_median: 4, longest: 4 });
    assert_eq!((counts.in_characters, counts.longest_sentence_no), (Spread { twice_median: 10, longest: 7 }, 2));
    // Windows of three over 正文 首段。 甲 甲 乙丙 gdp 甲 5.2% 一二三四: 3 2 2 3 3 3 3.
    assert_eq!(counts.types_in_windows, 19);
}

fn naive(corpus: &Corpus, number: usize, window: usize) -> Counts {
    let (shard, local) = corpus.shard_of_document(number);
    let shard = corpus.shards()[shard].read(Parts::ALL);
    let word = |token: &u32| shard.words.text(*token as usize).to_string();
    let tokens: Vec<String> = shard.document_tokens(local).iter().map(word).collect();
    let mut f = BTreeMap::<&str, u64>::new();
    tokens.iter().for_each(|token| *f.entry(token).or_default() += 1);
    let of_length = |from: usize, to: usize| tokens.iter().filter(|t| (from..=to).contains(&t.chars().count())).count() as u64;
    let sentences: Vec<usize> = shard.document_sentences(local).filter(|sentence| !shard.sentence_tokens(*sentence).is_empty()).collect();
    let characters = |sentence: usize| shard.sentence_tokens(sentence).iter().map(|t| word(t).chars().count() as u64).sum::<u64>();
    let spread = |mut lengths: Vec<u64>| {
        lengths.sort_unstable();
        let median = match lengths.len() {
            0 => 0,
            odd if odd % 2 == 1 => 2 * lengths[odd / 2],
            even => lengths[even / 2 - 1] + lengths[even / 2],
        };
        Spread { twice_median: median, longest: lengths.last().copied().unwrap_or(0) }
    };
    let longest = sentences.iter().map(|s| characters(*s)).max();
    let first_longest = sentences.iter().find(|s| Some(characters(**s)) == longest);
    let paragraphs: BTreeSet<u32> = shard.document_sentences(local).map(|s| shard.sentences[s].paragraph).collect();
    Counts {
        paragraphs: paragraphs.len() as u64,
        sentences: sentences.len() as u64,
        clauses: sentences.iter().map(|s| clauses(shard.sentence_text(*s))).sum(),
        tokens: tokens.len() as u64,
        types: f.len() as u64,
        hapaxes: f.values().filter(|f| **f == 1).count() as u64,
        sum_of_squares: f.values().map(|f| f * f).sum(),
        types_in_windows: tokens.windows(window).map(|part| part.iter().collect::<BTreeSet<_>>().len() as u64).sum(),
        characters: sentences.iter().map(|s| characters(*s)).sum(),
        of_length: [of_length(1, 1), of_length(2, 2), of_length(3, 3), of_length(4, usize::MAX)],
        numbers: tokens.iter().filter(|t| t.as_str() == "12").count() as u64,
        latin: tokens.iter().filter(|t| t.as_str() == "ai").count() as u64,
        in_tokens: spread(sentences.iter().map(|s| shard.sentence_tokens(*s).len() as u64).collect()),
        in_characters: spread(sentences.iter().map(|s| characters(*s)).collect()),
        longest_sentence_no: first_longest.map_or(0, |s| u64::from(shard.sentences[*s].number)),
    }
}

proptest! {
    #[test]
    fn counts_agree_with_the_definitions(texts in prop::collection::vec("([甲乙]|乙丙|AI|12|一二三四|，|。|\n| ){0,1}( ([甲乙]|乙丙|AI|12|一二三四|，|。|\n)){1,25}", 1..5), window in 1u32..6) {
        let corpus = corpus(&texts);
        let counts = count(&corpus, window);
        for number in 0..corpus.document_count() {
            let counts = counts.row(number)[0];
            prop_assert_eq!(&counts, &naive(&corpus, number, window as usize));
            prop_assert_eq!(counts.of_length.iter().sum::<u64>(), counts.tokens);
        }
    }
}
