use super::*;
use crate::lexicon::BadLines;
use crate::segment::Segmenter;
use crate::table::{Cell, row_values};
use crate::theme::Taxonomy;

const TAXONOMY: &str = "taxonomy = { id = \"t\", version = \"1\" }
mask = { terms = [\"改革办\"] }
[[theme]]
id = \"a\"
name = \"甲\"
kind = \"policy\"
[[theme]]
id = \"a.b\"
name = \"乙\"
terms = [\"“改革”\", \"开放\", \"绿色\"]
[[theme]]
id = \"a.c\"
name = \"丙\"
terms = [\"开放\", \"智慧城市\"]
";

/// The rows of one list, cells joined by `|`.
fn audit(list: &str, dictionary: &[(&str, &str)], stop_words: &str, text: &[&str]) -> Vec<String> {
    let mut words = Dictionary::new(BadLines::Skip);
    dictionary.iter().for_each(|(file, lines)| drop(words.add_file(file, lines.as_bytes())));
    let mut stop = StopWords::new(BadLines::Skip);
    stop.add_file("s.txt", stop_words.as_bytes());
    let loaded = Taxonomy::parse("t.toml", TAXONOMY).map_err(|problems| format!("{problems:?}")).unwrap();
    let themes = loaded.tagger.taxonomy().literals();
    let segmenter = Segmenter::new(&words);
    let audit = audit_words(&words, &stop, &themes);
    let counts = audit.count(&segmenter, text.iter().map(|sentence| (*sentence).into()));
    let knows = |word: &str| segmenter.knows(word);
    let inputs = AuditInputs { dictionary: &words, stop_words: &stop, themes: &themes, words: &audit, counts: &counts, knows: &knows };
    let table = DictionaryAudit::new(&inputs);
    let written = |cell: Cell| match cell {
        Cell::Text(text) => text,
        Cell::Integer(number) => number.to_string(),
        _ => String::new(),
    };
    let rows = (0..table.row_count()).map(|row| row_values(&table, row).into_iter().map(written).collect::<Vec<_>>());
    rows.filter(|cells| cells[0] == list).map(|cells| cells[1..].join("|")).collect()
}

#[test]
fn every_status_of_a_user_word_is_given_and_explained() {
    let list = "生产总值\n国内生产总值\n双碳 n\n双碳 nz\n新质生产力\n新质生产力 n\n甲乙 名词\n好。\n没有的词\n甲乙丙\n乙丙\n发展中\n１２６家\n一带一路\n的话\n";
    let text = ["国内生产总值和生产总值", "甲乙丙", "发展中国家", "共126家", "推进一带一路", "他的话"];
    let rows = audit("user", &[("d.txt", list)], "的话\n", &text);
    let expected = [
        "一带一路|14|ok|1|1||",
        "乙丙|11|swallowed|1|0|甲乙丙 (1)|default",
        "双碳|3|conflict|0|0||line 3: n, line 4: nz; nz counts",
        "发展中|12|crosses|1|1||crosses 发展中国家 (1)",
        "国内生产总值|2|ok|1|1||",
        "好。|8|unreachable||||`好。` holds `。`, which ends a sentence: it can never match",
        "新质生产力|5|duplicate|0|0||again in line 6",
        "没有的词|9|absent|0|0||",
        "生产总值|1|partial|2|1|国内生产总值 (1)|default",
        "甲乙 名词|7|rejected||||expected a tag or a frequency after `甲乙`, found `名词`",
        "甲乙丙|10|ok|1|1||",
        "的话|15|ok|1|1||also a stop word, so no term; default",
        "１２６家|13|changed|1|1||matched as 126家",
    ];
    assert_eq!(rows, expected);
}

#[test]
fn a_list_of_several_files_names_them() {
    let rows = audit("user", &[("a/one.txt", "双碳\n"), ("b/two.txt", "长三角\n\n双碳\n")], "", &["长三角"]);
    assert_eq!(rows, ["双碳|1|duplicate|0|0||one.txt; again in two.txt line 3", "长三角|1|ok|1|1||two.txt; default"]);
}

#[test]
fn stop_words_are_tokens_or_not() {
    let rows = audit("stop", &[("d.txt", "的确良\n")], "的\n确\n和\n和\n无\n，\n两 个\n", &["他的的确良，好"]);
    let expected = [
        "两 个|7|rejected||||expected one word a line, without tag or number, found `两 个`",
        "和|3|duplicate|0|0||again in line 4",
        "无|5|absent|0|0||",
        "的|1|ok|2|1|的确良 (1)|",
        "确|2|never_token|1|0|的确良 (1)|",
        "，|6|never_token|1|0||marks are never tokens",
    ];
    assert_eq!(rows, expected);
}

#[test]
fn theme_literals_count_on_match_text() {
    let rows = audit("theme", &[("d.txt", "智慧城市\n")], "", &["改 革办谈“改革”和开放", "建设智慧城市"]);
    let expected = [
        "“改革”|10|changed|2|0||pattern of a.b; matched as 改革",
        "开放|10|conflict|1|1||pattern of a.b; pattern of a.c in line 14",
        "改革办|2|ok|1|0||mask",
        "智慧城市|14|ok|1|1||pattern of a.c",
        "绿色|10|absent|0|0||pattern of a.b",
    ];
    assert_eq!(rows, expected);
}
