//! Radicals that look like ideographs: PDF writers and fonts leave them in texts, where no word would ever match.

use unicode_normalization::UnicodeNormalization;

/// The ideograph of each radical of the supplement U+2E80–2EF3, itself where there is none. Facts of the Unicode property
/// Equivalent_Unified_Ideograph; NFKC knows only two of them.
const SUPPLEMENT: [char; 116] = [
    '⺀', '厂', '乛', '乚', '乙', '亻', '冂', '𠘨', '刀', '刂', '卜', '㔾', '小', '小', '兀', '尣', '尢', '𡯂', '巳', '幺', '彑', '彐',
    '忄', '心', '扌', '攵', '\u{2E9A}', '旡', '日', '月', '歺', '母', '民', '氵', '氺', '灬', '爫', '爫', '丬', '牛', '犭', '王', '𤴔',
    '目', '示', '礻', '𥫗', '糹', '纟', '罓', '罒', '㓁', '冗', '𦉫', '羊', '𦍌', '𦍋', '耂', '肀', '聿', '肉', '𦥑', '艹', '艹', '艹',
    '虎', '衤', '覀', '西', '见', '角', '𧢲', '讠', '贝', '𧾷', '车', '辶', '辶', '辶', '邑', '钅', '長', '镸', '长', '门', '𨸏', '阝',
    '雨', '青', '韦', '页', '风', '飞', '食', '𩙿', '飠', '饣', '𩠐', '马', '骨', '鬼', '鱼', '鸟', '卤', '麦', '黄', '黾', '斉', '齐',
    '歯', '齿', '竜', '龙', '龜', '亀', '龟',
];

/// The ideograph of a Kangxi radical (U+2F00–2FD5) or of one of the supplement; any other character is itself.
pub fn fold_radical(c: char) -> char {
    match c {
        '\u{2F00}'..='\u{2FD5}' => std::iter::once(c).nfkc().next().unwrap_or(c),
        '\u{2E80}'..='\u{2EF3}' => SUPPLEMENT[c as usize - 0x2E80],
        _ => c,
    }
}

/// The ideograph of a radical or of a compatibility ideograph (U+F900–FAFF); any other character is itself.
pub fn fold_ideograph(c: char) -> char {
    match c {
        '\u{F900}'..='\u{FAFF}' => std::iter::once(c).nfc().next().unwrap_or(c),
        _ => fold_radical(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn radicals_become_ideographs() {
        let folded: String = "⼈⺠⻛⿓⺟⻳⼀".chars().map(fold_radical).collect();
        assert_eq!(folded, "人民风龍母龟一");
        assert_eq!(fold_radical('国'), '国');
        assert_eq!(fold_radical('\u{2E9A}'), '\u{2E9A}', "not assigned");
    }

    #[test]
    fn compatibility_ideographs_become_ideographs() {
        let folded: String = "\u{F97E}\u{F98A}⽂国".chars().map(fold_ideograph).collect();
        assert_eq!(folded, "量力文国");
        assert_eq!(fold_ideograph('\u{FA0E}'), '\u{FA0E}', "an ideograph of its own in spite of its block");
    }

    #[test]
    fn folding_twice_changes_nothing() {
        for c in ('\u{2E80}'..='\u{2FD5}').map(fold_radical) {
            assert_eq!(fold_radical(c), c);
        }
    }
}
