use super::*;
use crate::analysis::AnalysisOptions;
use crate::analysis::test_corpus::{Setting, document};
use crate::source::Document;

const TAXONOMY: &str = "taxonomy = { id = \"t\", version = \"1\" }
mask = { terms = [\"农业部\"] }
theme = [ { id = \"a\", kind = \"policy\" }, { id = \"a.x\", terms = [\"小麦\", \"玉米\"], rejected = [\"天气\"] },
  { id = \"b\", kind = \"policy\" }, { id = \"b.y\", terms = [\"医院\", \"疫苗\"] } ]";

/// 60 sentences with 小麦 and 收割, of which the word 收割 stands alone in 2 more; 60 with 医院 and 护士; 天气 everywhere.
fn documents() -> Vec<Document> {
    let mut documents = Vec::new();
    for number in 0..60 {
        documents.push(document(&format!("a{number}.txt"), "", "", "小麦 收割 天气 。"));
        documents.push(document(&format!("b{number}.txt"), "", "", "医院 护士 天气 。"));
    }
    documents.push(document("c.txt", "", "", "农业部 收割 。收割 很 忙 。"));
    documents
}

fn with_corpus<T>(look: impl FnOnce(&crate::analysis::Inputs<'_>) -> T) -> T {
    Setting { options: AnalysisOptions::default(), taxonomy: Some(TAXONOMY), ..Setting::default() }.with_inputs(&documents(), look)
}

#[test]
fn words_around_a_theme_are_proposed_with_what_they_would_bring() {
    let rows: Vec<Vec<String>> = with_corpus(|inputs| {
        let table = suggest(inputs, &inputs.taggers[0], SuggestionLevel::Mains, 50);
        crate::analysis::test_corpus::rows_of(&table)
    });
    // 收割: 62 times, 60 of them in sentences with a. Vocabulary of words with at least 10 occurrences: 小麦 60, 收割 62, 天气 120,
    // 医院 60, 护士 60. Σ own = 60 + 60 + 60 + 5, Σ rest = 0 + 2 + 60 + 60 + 60 + 5: ln(61 / 185) − ln(3 / 187) = 3.023055.
    // 天气 is refused for a, and no more frequent in b than elsewhere; 小麦 and 医院 are patterns.
    let llr = libm::log(61.0 / 185.0) - libm::log(3.0 / 187.0);
    assert_eq!(rows[0][..8], ["a", "收割", "n", &format!("{llr:.6}"), "62", "61", "60", "2"].map(String::from));
    // The shorter of the two sentences without the theme.
    assert_eq!((rows[0][9].as_str(), rows[0][10].as_str(), rows[0][11].as_str()), ("1", "农业部 收割 。", ""));
    let words: Vec<(&str, &str)> = rows.iter().map(|row| (row[0].as_str(), row[1].as_str())).collect();
    assert_eq!(words[..2], [("a", "收割"), ("b", "护士")]);
    assert!(words.iter().all(|(theme, word)| !(*theme == "a" && ["天气", "小麦", "玉米"].contains(word))), "{words:?}");
}

#[test]
fn hidden_terms_are_told_by_the_words_around_them() {
    let rows = with_corpus(|inputs| {
        let table = selftest(inputs, &inputs.taggers[0], SelftestSplit::ByHash);
        crate::analysis::test_corpus::rows_of(&table)
    });
    // Five splits of two themes and a total.
    assert_eq!(rows.len(), 15);
    for split in rows.chunks(3) {
        assert_eq!(split.iter().map(|row| row[1].as_str()).collect::<Vec<_>>(), ["a", "b", "total"]);
        let number = |row: &Vec<String>, at: usize| row[at].parse::<u64>().unwrap();
        assert_eq!(number(&split[2], 2), number(&split[0], 2) + number(&split[1], 2));
        assert!(number(&split[2], 3) <= number(&split[2], 2) && number(&split[2], 7) <= number(&split[2], 6));
    }
}
