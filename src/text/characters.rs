//! What kind of character this is: the few questions that counting asks.

/// A Han character: the unified ideographs, their extensions and the compatibility block.
pub fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}' | '〇')
}

/// A character that makes a piece of text a token: a letter, a Han character or a digit.
pub fn is_token_character(c: char) -> bool {
    matches!(c, '\u{4E00}'..='\u{9FFF}') || c.is_ascii_alphanumeric() || (!c.is_ascii() && c.is_alphanumeric())
}

/// A Han numeral of the positional kind, among which `○` is a zero.
pub(super) fn is_han_numeral(c: char) -> bool {
    matches!(c, '〇' | '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十' | '百' | '零' | '○' | 'Ｏ')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_hold_a_letter_a_han_character_or_a_digit() {
        assert!("国a9ß〇".chars().all(is_token_character));
        assert!(!"，。·—“”％ \u{3000}+-".chars().any(is_token_character));
    }

    #[test]
    fn han_covers_extensions_but_not_kana() {
        assert!("国㐂𠮷〇".chars().all(is_han));
        assert!(!"かA1，".chars().any(is_han));
    }
}
