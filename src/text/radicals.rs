use unicode_normalization::UnicodeNormalization;
pub fn fold_radical(c: char) -> char { c.nfkc().next().unwrap_or(c) }
