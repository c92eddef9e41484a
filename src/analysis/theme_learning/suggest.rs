//! theme_suggestions.csv: words that are typical of sentences with a theme and that it does not have.

use crate::analysis::Inputs;
use crate::analysis::theme_totals::add_up;
use crate::corpus::Parts;
use crate::table::{Cell, Column, Decimal, Definition, ListedTable};
use crate::theme::{Kind, Tagger};

use super::units::{Fit, Units};

/// Columns of theme_suggestions.csv.
pub static SUGGESTIONS_DEFINITION: Definition = Definition {
    name: "theme_suggestions",
    title_zh: "主题词建议",
    title_en: "Suggested terms",
    description: "One row a word that is typical of the sentences coded with a theme and is no pattern of it. Write accept or reject into the column decision and give the file to `yuliao themes import --suggestions`.",
    key: "order of the taxonomy, llr descending, word",
    columns: &[
        Column::text(
            "theme_id",
            "主题编号",
            "Theme id",
            "A main theme, or a leaf with --level 2. Patterns belong to leaves: replace the id of a main theme by that of a leaf before accepting.",
        ),
        Column::text("word", "词语", "Word", "The proposed term: at least two Han characters."),
        Column::text("pos", "词性", "Part of speech", "See terms."),
        Column::decimal(
            "llr",
            "natural log",
            "对数似然比权重",
            "Log-likelihood ratio",
            "ln((tf_theme + 1) / sum of it over all words) − ln((tf − tf_theme + 1) / sum of it over all words). Watanabe 2018 (newsmap).",
        ),
        Column::integer("tf", "tokens", "词频", "Occurrences", "Occurrences outside masked names."),
        Column::integer("df", "documents", "文档数", "Documents", "Documents that hold the word; see terms."),
        Column::integer("tf_theme", "tokens", "主题内词频", "Occurrences in the theme", "Those in sentences coded with the theme."),
        Column::integer("gain", "sentences", "可新增句数", "Gain", "Sentences with the word that are not coded with the theme."),
        Column::text("example_doc_id", "例句文档", "Example document", "doc_id of the example; empty if there is no gain."),
        Column::integer("example_sentence_no", "1 = first", "例句句号", "Example sentence", "Sentence number of the example."),
        Column::text(
            "example",
            "例句",
            "Example",
            "Shortest sentence with the word that is not coded with the theme; ties by doc_id, then sentence number.",
        ),
        Column::text("decision", "决定", "Decision", "To fill in: accept, reject, or nothing."),
    ],
    optional: &[],
};

/// What the proposals are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SuggestionLevel {
    /// Main themes of kind policy.
    Mains,
    /// Leaves of kind policy.
    Leaves,
}

/// Fewest coded sentences of a theme that is learned from.
const MIN_SENTENCES: usize = 50;

struct Proposal {
    class: usize,
    term: u32,
    llr: f64,
    gain: u64,
    example: Option<(u32, u32, usize)>,
}

/// Proposes at most `top` words for each theme that has at least 50 coded sentences.
pub fn suggest(inputs: &Inputs<'_>, tagger: &Tagger, level: SuggestionLevel, top: usize) -> ListedTable {
    let classes = classes(inputs, tagger, level);
    let labels = labels(inputs, tagger, &classes);
    let units = Units::new(inputs, tagger);
    let terms = inputs.selection.terms().len();
    let fit = Fit::new(&units, terms, classes.len(), |_| true, |unit, out| out.extend(&labels[unit]));
    let mut proposals: Vec<Proposal> = Vec::new();
    for (class, theme) in classes.iter().enumerate() {
        let mut words: Vec<(u32, f64)> = (0u32..)
            .take(terms)
            .filter_map(|term| Some((term, fit.weight(class, term)?)))
            .filter(|(term, llr)| *llr > 0.0 && is_new(tagger, *theme, &inputs.selection.terms()[*term as usize].text))
            .collect();
        let text = |term: u32| &inputs.selection.terms()[term as usize].text;
        words.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| text(a.0).cmp(text(b.0))));
        words.truncate(top);
        proposals.extend(words.into_iter().map(|(term, llr)| Proposal { class, term, llr, gain: 0, example: None }));
    }
    find_gains(inputs, &units, &labels, &mut proposals);
    let rows = proposals.iter().map(|proposal| row(inputs, tagger, &classes, &fit, proposal)).collect();
    ListedTable::new(&SUGGESTIONS_DEFINITION, rows)
}

/// The themes that are learned from, in taxonomy order.
fn classes(inputs: &Inputs<'_>, tagger: &Tagger, level: SuggestionLevel) -> Vec<usize> {
    let wanted = |number: &usize| {
        let theme = &tagger.themes()[*number];
        theme.kind == Kind::Policy
            && match level {
                SuggestionLevel::Mains => theme.level == 1,
                SuggestionLevel::Leaves => theme.is_leaf,
            }
    };
    let all: Vec<usize> = (0..tagger.themes().len()).filter(wanted).collect();
    let labels = labels(inputs, tagger, &all);
    let mut counts = vec![0; all.len()];
    labels.iter().flatten().for_each(|class| counts[*class] += 1);
    all.into_iter().zip(counts).filter(|(_, count)| *count >= MIN_SENTENCES).map(|(theme, _)| theme).collect()
}

/// For each sentence of the corpus the classes it is coded with.
fn labels(inputs: &Inputs<'_>, tagger: &Tagger, classes: &[usize]) -> Vec<Vec<usize>> {
    let mut labels: Vec<Vec<usize>> = vec![Vec::new(); inputs.corpus.sentence_count()];
    for (number, shard) in inputs.corpus.shards().iter().enumerate() {
        let first = inputs.corpus.sentence_offset(number);
        for coded in &shard.read(Parts::CODED).themes(inputs.taxonomy).coded {
            let of_sentence = &mut labels[first + coded.sentence as usize];
            for (leaf, _) in &coded.themes {
                add_up(tagger, *leaf as usize, &mut |theme| of_sentence.extend(classes.iter().position(|class| *class == theme)));
            }
            of_sentence.sort_unstable();
            of_sentence.dedup();
        }
    }
    labels
}

/// Whether a word is neither part of a pattern of the theme nor holds one, and was not refused before.
fn is_new(tagger: &Tagger, theme: usize, word: &str) -> bool {
    let id = &tagger.themes()[theme].id;
    let below = format!("{id}.");
    let mut leaves = tagger.themes().iter().filter(|t| t.id == *id || t.id.starts_with(&below));
    !leaves.any(|leaf| {
        leaf.rejected.iter().any(|rejected| rejected == word)
            || leaf.patterns.iter().filter_map(|pattern| pattern.literal()).any(|literal| literal.contains(word) || word.contains(literal))
    })
}

fn find_gains(inputs: &Inputs<'_>, units: &Units, labels: &[Vec<usize>], proposals: &mut [Proposal]) {
    let mut of_term: Vec<Vec<usize>> = vec![Vec::new(); inputs.selection.terms().len()];
    proposals.iter().enumerate().for_each(|(at, proposal)| of_term[proposal.term as usize].push(at));
    let mut words: Vec<u32> = Vec::new();
    for (unit, of_unit) in labels.iter().enumerate() {
        words.clear();
        words.extend(units.words(unit).iter().filter(|word| !of_term[**word as usize].is_empty()));
        words.sort_unstable();
        words.dedup();
        for at in words.iter().flat_map(|word| &of_term[*word as usize]) {
            let proposal = &mut proposals[*at];
            if of_unit.contains(&proposal.class) {
                continue;
            }
            proposal.gain += 1;
            let sentence = inputs.corpus.sentence(unit).sentence();
            let key = (sentence.scalars, inputs.corpus.id_rank(inputs.corpus.document_of(unit)), unit);
            if proposal.example.is_none_or(|best| key < best) {
                proposal.example = Some(key);
            }
        }
    }
}

fn row(inputs: &Inputs<'_>, tagger: &Tagger, classes: &[usize], fit: &Fit, proposal: &Proposal) -> Vec<Cell> {
    let term = &inputs.selection.terms()[proposal.term as usize];
    let word = proposal.term as usize;
    let mut cells = vec![
        Cell::of(tagger.themes()[classes[proposal.class]].id.as_str()),
        Cell::of(&*term.text),
        Cell::of(&*term.pos),
        Decimal::rounded(proposal.llr, 6).map_or(Cell::Empty, Cell::Decimal),
        Cell::Integer(fit.all[word]),
        Cell::Integer(term.count.df),
        Cell::Integer(fit.inside[proposal.class][word]),
        Cell::Integer(proposal.gain),
    ];
    match proposal.example.map(|(_, _, sentence)| inputs.corpus.sentence(sentence)) {
        Some(place) => cells.extend([
            Cell::Text(place.document().id.to_string()),
            Cell::Integer(u64::from(place.sentence().number)),
            Cell::of(place.text()),
        ]),
        None => cells.extend([Cell::Empty, Cell::Empty, Cell::Empty]),
    }
    cells.push(Cell::Empty);
    cells
}
