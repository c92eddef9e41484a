//! The rows and columns of new_words.csv.

use std::sync::{Arc, OnceLock};

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::analysis::sequences::PlaceEvidence;
use crate::analysis::{Inputs, Shared, entities};
use crate::lexicon::EntityKind;
use crate::stats;
use crate::table::{Cells, Column, Decimal, Definition, Dropped, Table};

use super::candidates::{self, Candidate};
use super::characters::Characters;
use super::effect::{self, Effect};
use super::rules;

pub(in crate::analysis) static DEFINITION: Definition = Definition {
    name: "new_words",
    title_zh: "新词候选",
    title_en: "New words",
    description: "One row a string of Han characters that behaves like a word and stands in no dictionary, neither the user's nor the segmenter's (dates, document numbers and other forced patterns count as words of the dictionary here): its weakest joint holds and both sides of it are free. Every string of the text is looked at, however it is cut now; a run of characters ends at marks, white space, Latin letters and digits. Left out: strings that begin or end with one of 的了着是在和与及或而也就都还又很被把让使们这那其之所将但并则却, begin with one of 枚亿届岁, end with one of 为以对从向于由按据因将要会能可应该已正不没有至到等说称, or begin or end with a stop word of two characters or more, numbers, strings that would be a token in fewer than half of their occurrences if they were added (tf_as_token; else words of the dictionary, or parts of them, would still cut across), pieces (more than half of their occurrences in one longer candidate) and extensions (a candidate of at least the same score and one character more). The last columns say what adding the word would change.",
    key: "score descending, word",
    columns: &[
        Column::text("word", "词语", "Word", "The string, normalised and in simplified characters where the text is counted in them."),
        Column::integer(
            "tf",
            "occurrences",
            "频次",
            "Frequency",
            "Occurrences as a string of characters, also overlapping and inside tokens: c.",
        ),
        Column::integer("df", "documents", "文档频率", "Document frequency", "Documents that hold it."),
        Column::decimal(
            "pmi_min",
            "bits",
            "最弱连接处的点互信息",
            "PMI of the weakest joint",
            "The least log2(c(w) · M / (c(u) · c(v))) over all cuts of the word w into u and v; M = Han characters of the corpus. Church & Hanks 1990; Luo & Sun 2003.",
        ),
        Column::decimal(
            "left_entropy",
            "bits",
            "左邻熵",
            "Entropy on the left",
            "log2 c − Σ c_j · log2 c_j / c over the characters that stand before it; every edge of a run counts as a neighbour of its own. 0 = always the same one. Jin & Tanaka-Ishii 2006; Feng et al. 2004.",
        ),
        Column::decimal("right_entropy", "bits", "右邻熵", "Entropy on the right", "The same for what stands behind it."),
        Column::decimal("score", "bits", "得分", "Score", "pmi_min + the smaller of the two entropies, as they are printed."),
        Column::text(
            "current_segmentation",
            "现在的切分",
            "Cut as",
            "How most of its occurrences are cut now: the tokens that lie in it, whole, joined by |; ties in code-point order.",
        ),
        Column::text("example", "例句", "Example", "Shortest sentence that holds it; ties by doc_id, then sentence number."),
        Column::text("example_doc_id", "例句文档", "Example document", "doc_id of the example."),
        Column::integer(
            "example_sentence_no",
            "1 = first",
            "例句句号",
            "Example sentence",
            "Sentence number of the example in its document.",
        ),
        Column::share("segmentation_share", "此切分占比", "Share cut so", "Occurrences cut as in current_segmentation / tf."),
        Column::integer(
            "tf_now",
            "tokens",
            "现为独立词的次数",
            "Tokens now",
            "Occurrences that are a token of their own now: the segmenter guessed it there.",
        ),
        Column::integer(
            "tf_as_token",
            "tokens",
            "收录后的词频",
            "Tokens if added",
            "Occurrences that would be a token if the word were added to the dictionary: all but those that overlap an earlier one or that a word of the dictionary, which begins before or is longer, keeps.",
        ),
        Column::integer(
            "tokens_before",
            "tokens",
            "现在的词数",
            "Tokens in their place now",
            "Tokens that lie in those occurrences now, in part or wholly.",
        ),
        Column::integer(
            "tokens_after",
            "tokens",
            "收录后的词数",
            "Tokens in their place then",
            "One for each of those occurrences and one for every rest that a token at its edge leaves over. tokens_before − tokens_after is how much smaller N would be, if the segmenter cuts the rest of each sentence as now.",
        ),
        Column::text(
            "words_affected",
            "受影响的词",
            "Words affected",
            "Words that would lose occurrences, with how many, the most first, parted by ; — those that lie in those occurrences in part or wholly.",
        ),
        Column::text(
            "dictionary_line",
            "词典行",
            "Dictionary line",
            "Ready to paste into the dictionary file. The tag is n = noun, to be changed where it is none; nr, ns or nt for a person, place or organisation of entities (if that table is made); or the kind of noun that the word is taken for now, where at least half of its occurrences are a token of their own.",
        ),
    ],
    optional: &[],
};

struct Row {
    candidate: Candidate,
    word: String,
    evidence: PlaceEvidence,
    effect: Effect,
}

struct NewWords<'a> {
    inputs: Inputs<'a>,
    shared: Arc<Shared>,
    rows: Vec<Row>,
    below_min_df: u64,
    beyond_top: u64,
    names: OnceLock<FxHashMap<String, EntityKind>>,
}

pub(in crate::analysis) fn build<'a>(inputs: &Inputs<'a>, shared: &Arc<Shared>) -> Box<dyn Table + 'a> {
    let options = &inputs.options.new_words;
    let characters = Characters::new(inputs.corpus, inputs.segmenter);
    let mut candidates = candidates::find(&characters, options);
    // The dictionary mostly cuts across the others.
    candidates.retain(|candidate| candidate.tf_as_token > 0 && u64::from(candidate.tf_as_token) * 2 >= u64::from(candidate.tf));
    let mut words: Vec<(Candidate, String)> = candidates
        .into_par_iter()
        .with_min_len(64)
        .map(|candidate| (candidate, characters.word(candidate.symbols())))
        .filter(|(_, word)| is_unknown(inputs, word))
        .collect();
    let all = words.len();
    words.retain(|(candidate, _)| candidate.in_documents);
    let below_min_df = (all - words.len()) as u64;
    rules::drop_pieces_and_extensions(&mut words);
    words.sort_by(|(a, a_word), (b, b_word)| b.score.cmp(&a.score).then_with(|| a_word.cmp(b_word)));
    let wanted = if options.top == 0 { words.len() } else { options.top };
    let beyond_top = words.len().saturating_sub(wanted) as u64;
    words.truncate(wanted);
    let rows = look_at_places(inputs, shared, &characters, words);
    Box::new(NewWords { inputs: *inputs, shared: Arc::clone(shared), rows, below_min_df, beyond_top, names: OnceLock::new() })
}

fn is_unknown(inputs: &Inputs<'_>, word: &str) -> bool {
    !rules::is_number(word)
        && !rules::has_stop_word_at_edge(word, inputs.stop_words)
        && !inputs.segmenter.forces(word)
        && !inputs.segmenter.knows(word)
}

/// The rows of these words, in their order, with what is seen where they stand.
fn look_at_places(inputs: &Inputs<'_>, shared: &Shared, characters: &Characters<'_>, words: Vec<(Candidate, String)>) -> Vec<Row> {
    let mut order: Vec<(usize, (Candidate, String))> = words.into_iter().enumerate().collect();
    order.sort_by(|(_, (a, _)), (_, (b, _))| a.symbols().cmp(b.symbols()));
    let sequences: Vec<&[u32]> = order.iter().map(|(_, (candidate, _))| candidate.symbols()).collect();
    let found = characters.text.runs.find_all(&sequences, |at, rows| {
        let places: Vec<u32> = rows.places().collect();
        let evidence = characters.text.evidence(rows.places(), &shared.examples);
        (evidence, effect::look(inputs, characters, &places, sequences[at].len()))
    });
    let row = |((place, (candidate, word)), (evidence, effect))| (place, Row { candidate, word, evidence, effect });
    let mut rows: Vec<(usize, Row)> = order.iter().cloned().zip(found).map(row).collect();
    rows.sort_by_key(|(place, _)| *place);
    rows.into_iter().map(|(_, row)| row).collect()
}

impl Table for NewWords<'_> {
    fn definition(&self) -> &'static Definition {
        &DEFINITION
    }

    fn row_count(&self) -> usize {
        self.rows.len()
    }

    fn write_row(&self, row: usize, cells: &mut dyn Cells) {
        let Row { candidate, word, evidence, effect } = &self.rows[row];
        cells.text(word);
        cells.integer(u64::from(candidate.tf));
        cells.integer(u64::from(evidence.documents));
        for value in [candidate.pmi_min, candidate.left_entropy, candidate.right_entropy, candidate.score] {
            cells.decimal(Some(Decimal::from_millionths(value)));
        }
        cells.text(&effect.segmentation);
        self.write_example(*evidence, cells);
        cells.share(stats::share(u64::from(effect.segmentation_count), u64::from(candidate.tf)));
        cells.integer(u64::from(effect.tf_now));
        cells.integer(u64::from(candidate.tf_as_token));
        cells.integer(effect.tokens_before);
        cells.integer(effect.tokens_after);
        let affected: Vec<String> = effect.affected.iter().map(|(word, count)| format!("{word} ({count})")).collect();
        cells.text(&affected.join("; "));
        cells.text(&format!("{word} {}", self.tag(word, effect.tf_now, candidate.tf)));
    }

    fn dropped(&self) -> Vec<Dropped> {
        let all = [("new_words.min_df", self.below_min_df), ("new_words.top", self.beyond_top)];
        all.into_iter().filter(|(_, rows)| *rows > 0).map(|(option, rows)| Dropped { option, rows }).collect()
    }

    fn note(&self) -> Option<String> {
        let given =
            "; the text comes already cut, so a dictionary would change nothing: tf_as_token and what follows hold for text that is not";
        let thresholds =
            "nearly every string of characters is below new_words.min_tf, min_pmi or min_entropy; such strings are not counted";
        Some(format!("{thresholds}{}", if self.inputs.segmenter.takes_given_words() { given } else { "" }))
    }
}

impl NewWords<'_> {
    /// A name that the entities or the segmenter know must not become a common noun.
    fn tag(&self, word: &str, tf_now: u32, tf: u32) -> String {
        match self.names().get(word) {
            Some(EntityKind::Person) => return "nr".to_string(),
            Some(EntityKind::Place) => return "ns".to_string(),
            Some(EntityKind::Organisation) => return "nt".to_string(),
            Some(EntityKind::Document | EntityKind::Meeting) | None => {}
        }
        let own = (u64::from(tf_now) * 2 >= u64::from(tf)).then(|| self.inputs.segmenter.tag(word));
        own.filter(|tag| tag.starts_with('n')).unwrap_or_else(|| "n".to_string())
    }

    /// The names of entities, where these are looked for.
    fn names(&self) -> &FxHashMap<String, EntityKind> {
        self.names.get_or_init(|| {
            let list = if self.inputs.options.wants_entities() { &entities::entities(&self.inputs, &self.shared).list[..] } else { &[] };
            list.iter().map(|entity| (entity.name.clone(), entity.kind)).collect()
        })
    }

    fn write_example(&self, evidence: PlaceEvidence, cells: &mut dyn Cells) {
        match self.shared.examples.sentence(evidence.example).map(|sentence| self.inputs.corpus.sentence(sentence)) {
            Some(sentence) => {
                cells.text(&sentence.text());
                cells.code(sentence.document().id.write(&mut [0; 13]));
                cells.integer(u64::from(sentence.sentence().number));
            }
            None => (0..3).for_each(|_| cells.empty()),
        }
    }
}
