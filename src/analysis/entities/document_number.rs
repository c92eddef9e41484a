//! Numbers of documents: a number with a year in brackets, which is one word, and orders: 国务院令 | 第 | 727 | 号.

use super::classes::ORGANISATION;
use super::context::{Candidate, Evidence, Reading, Rule, Sentence};

/// Most tokens of a number behind 令.
const LONGEST: usize = 4;

/// The number that token `at` is, or begins behind the body that gives the order. `ended` says where a candidate begins that ends before
/// a token.
pub(super) fn at(sentence: &Sentence<'_>, at: usize, ended: &dyn Fn(usize) -> Option<usize>) -> Option<Candidate> {
    let text = sentence.text(at);
    let Some(giver) = text.strip_suffix(ORDER) else { return Some(found(at, at + 1)) };
    // 命令, 禁令 and 口令 are given by nobody in particular.
    if !giver.is_empty() && !giver.ends_with(['院', '席', '部', '委', '署', '局', '府', '会', '行']) {
        return None;
    }
    let body = || ended(at).or_else(|| sentence.before(at, ORGANISATION).then(|| at - 1));
    let start = if text == "令" { sentence.runs_on(at).then(body)?? } else { at };
    let mut number = String::new();
    for end in at + 1..=at + LONGEST {
        if !sentence.joins(end) {
            return None;
        }
        number.push_str(sentence.text(end));
        if let Some(digits) = number.strip_prefix('第').and_then(|rest| rest.strip_suffix('号')) {
            // 第一号楼 is no number of an order.
            let goes_on = sentence.joins(end + 1) && sentence.text(end + 1).starts_with(['楼', '院', '线', '桥', '门', '机', '车', '店']);
            let start = if sentence.joins(start) && sentence.text(start - 1) == "中华人民共和国" { start - 1 } else { start };
            return (!goes_on && !digits.is_empty() && digits.chars().all(is_digit)).then(|| found(start, end + 1));
        }
    }
    None
}

/// What an order is called by.
pub(super) const ORDER: char = '令';

fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || "〇零一二三四五六七八九十百".contains(c)
}

fn found(start: usize, end: usize) -> Candidate {
    Candidate { start, end, reading: Reading::Document, rule: Rule::DocumentNumber, evidence: Evidence::Sure, tail: 0, written: None }
}
