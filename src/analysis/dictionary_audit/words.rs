//! Rows of the user dictionary and of the stop words.

use crate::corpus::WordAudit;
use crate::lexicon::{DictionaryWord, Mention};

use super::{AuditInputs, List, Places, Row, Status, cut_apart, joined, named, refused_row};

pub(super) fn user_rows(inputs: &AuditInputs<'_>) -> Vec<Row> {
    let words = || inputs.dictionary.words();
    let refused = inputs.dictionary.refused();
    let files = words().flat_map(|w| &w.mentions).map(|m| m.file.as_str()).chain(refused.iter().map(|r| r.file.as_str()));
    let places = Places::new(files);
    let mut rows: Vec<Row> = words().map(|word| user_row(inputs, word, &places)).collect();
    rows.extend(refused.iter().map(|refused| refused_row(List::User, refused, &places)));
    rows
}

fn user_row(inputs: &AuditInputs<'_>, word: &DictionaryWord, places: &Places) -> Row {
    let audit = inputs.counts.word(inputs.words, &word.word);
    let first = &word.mentions[0];
    let status = user_status(word, &audit);
    let crossed = audit.crossed();
    let note = [
        places.file_of(&first.file),
        (status == Status::Conflict).then(|| tags(word, places)).or_else(|| places.again(&word.mentions)),
        cut_apart(&audit),
        (!crossed.is_empty()).then(|| format!("crosses {}", named(&crossed))),
        matched_form(first, &word.word),
        inputs.stop_words.contains(&word.word).then(|| "also a stop word, so no term".to_string()),
        (inputs.knows)(&word.word).then(|| "default".to_string()),
    ];
    row(List::User, first, status, &audit, joined(note))
}

fn user_status(word: &DictionaryWord, audit: &WordAudit) -> Status {
    let first = &word.mentions[0];
    let mut tags = word.mentions.iter().filter_map(|mention| mention.tag.as_deref());
    let first_tag = tags.next();
    if tags.any(|tag| Some(tag) != first_tag) {
        Status::Conflict
    } else if word.mentions.len() > 1 {
        Status::Duplicate
    } else if audit.occurrences == 0 {
        Status::Absent
    } else if audit.tokens == 0 {
        Status::Swallowed
    } else if audit.tokens < audit.occurrences {
        Status::Partial
    } else if !audit.crossed().is_empty() {
        Status::Crosses
    } else if matched_form(first, &word.word).is_some() {
        Status::Changed
    } else {
        Status::Ok
    }
}

/// The tags of a word that has several, each with its line; the last one counts.
fn tags(word: &DictionaryWord, places: &Places) -> String {
    let all: Vec<String> = word.mentions.iter().map(|m| format!("{}: {}", places.of(m), m.tag.as_deref().unwrap_or("no tag"))).collect();
    format!("{}; {} counts", all.join(", "), word.tag.as_deref().unwrap_or("no tag"))
}

/// The form that is matched, where it is not the typed one. Letter case is no other form.
fn matched_form(typed: &Mention, word: &str) -> Option<String> {
    (!typed.typed.eq_ignore_ascii_case(word)).then(|| format!("matched as {word}"))
}

pub(super) fn stop_rows(inputs: &AuditInputs<'_>) -> Vec<Row> {
    let mentions = || inputs.stop_words.mentions();
    let refused = inputs.stop_words.refused();
    let files = mentions().flat_map(|(_, m)| m).map(|m| m.file.as_str()).chain(refused.iter().map(|r| r.file.as_str()));
    let places = Places::new(files);
    let mut rows: Vec<Row> = mentions().map(|(word, mentions)| stop_row(inputs, word, mentions, &places)).collect();
    rows.extend(refused.iter().map(|refused| refused_row(List::Stop, refused, &places)));
    rows
}

fn stop_row(inputs: &AuditInputs<'_>, word: &str, mentions: &[Mention], places: &Places) -> Row {
    let audit = inputs.counts.word(inputs.words, word);
    let status = match (mentions.len(), audit.occurrences, audit.tokens) {
        (2.., _, _) => Status::Duplicate,
        (_, 0, _) => Status::Absent,
        (_, _, 0) => Status::NeverToken,
        _ => Status::Ok,
    };
    let is_mark = !word.chars().any(crate::text::is_token_character);
    let note = [
        places.file_of(&mentions[0].file),
        places.again(mentions),
        is_mark.then(|| "marks are never tokens".to_string()),
        cut_apart(&audit),
        matched_form(&mentions[0], word),
    ];
    row(List::Stop, &mentions[0], status, &audit, joined(note))
}

fn row(list: List, first: &Mention, status: Status, audit: &WordAudit, note: String) -> Row {
    Row {
        list,
        word: first.typed.clone(),
        line: first.line,
        status,
        counts: Some((audit.occurrences, audit.tokens)),
        swallowed_by: named(&audit.takers()),
        note,
    }
}
