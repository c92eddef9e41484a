use proptest::prelude::*;

use super::*;
use crate::source::{ContentHash, Date, DocId, TextKey};

fn document(date: Option<(i32, u8, u8)>, source: &str, path: &str) -> ShardDocument {
    ShardDocument {
        id: DocId::of(path, None),
        path: path.into(),
        record: None,
        title: "关于 Digital 改革".into(),
        date: date.and_then(|(year, month, day)| Date::new(year, month, day)),
        source: source.into(),
        document_number: "国办发〔2024〕1号".into(),
        issuing_body: "".into(),
        place: "上海".into(),
        format: "text",
        encoding: "utf-8",
        confidence: None,
        replaced: 0,
        simplified: false,
        content_hash: ContentHash::of("", ""),
        text_key: TextKey::default(),
        characters: 0,
        sentence_start: 0,
        sentence_end: 0,
    }
}

/// The document of 2023-05-15 from 新华社 with the theme `reform`.
fn holds(condition: &str) -> Option<bool> {
    let document = document(Some((2023, 5, 15)), "新华社", "news/2023/a.txt");
    Slice::parse(condition).unwrap().holds(&document, &|id| id == "reform")
}

fn error(condition: &str) -> String {
    Slice::parse(condition).unwrap_err().to_string()
}

#[test]
fn every_field_and_operator() {
    let true_ones = [
        "year=2023",
        "year==2023",
        "year != 2022",
        "year<2024",
        "year<=2023",
        "year>2022",
        "year>=2023",
        "year≥2023",
        "quarter=2023Q2",
        "quarter<2023-q3",
        "month=2023-05",
        "month=2023-5",
        "month>2022-12",
        "week=2023-W20",
        "week<2023W21",
        "date=2023-05-15",
        "date>=2023-05-15",
        "source=新华社",
        "source~新华",
        "source=人民日报,新华社",
        "source=人民日报|新华社",
        "source!=人民日报,光明日报",
        "folder=news",
        "folder=news/2023/",
        "folder!=new",
        "folder~2023",
        "path=news/2023/A.TXT",
        "path~a.txt",
        "title~digital",
        "title='关于 digital 改革'",
        "title~\"l 改\"",
        "place=上海",
        "document_number~〔2024〕",
        "format=text",
        "encoding=UTF-8",
        "theme=reform",
        "theme!=other",
        "theme=other,reform",
        "YEAR=2023",
    ];
    for condition in true_ones {
        assert_eq!(holds(condition), Some(true), "{condition}");
        assert_eq!(holds(&format!("not ({condition})")), Some(false), "{condition}");
    }
}

#[test]
fn and_binds_closer_than_or_and_full_width_marks_are_marks() {
    for (condition, expected) in [
        ("year=2023 or year=2022 and year=2021", true),
        ("(year=2023 or year=2022) and year=2021", false),
        ("year=2023 & source=新华社", true),
        ("year=2022 || source=新华社", true),
        ("not year=2022 and not source=人民日报", true),
        ("not not year=2023", true),
        ("（year＝2023）＆ source～新华，人民", true),
        ("source=“新华社”", true),
        ("source=\"and\" or year=2023", true),
    ] {
        assert_eq!(holds(condition), Some(expected), "{condition}");
    }
}

#[test]
fn what_is_not_known_is_neither_true_nor_false() {
    let undated = document(None, "新华社", "a.txt");
    let ask = |condition: &str| Slice::parse(condition).unwrap().holds(&undated, &|_| false);
    for unknown in
        ["year=2023", "year!=2023", "not year=2023", "year=2023 and source=新华社", "issuing_body=国务院", "issuing_body!=国务院"]
    {
        assert_eq!(ask(unknown), None, "{unknown}");
    }
    assert_eq!(ask("year=2023 or source=新华社"), Some(true));
    assert_eq!(ask("year=2023 and source=人民日报"), Some(false));
    assert_eq!((ask("folder=a"), ask("folder!=a"), ask("theme=x"), ask("theme!=x")), (Some(false), Some(true), Some(false), Some(true)));
}

#[test]
fn errors_say_where_and_what() {
    assert_eq!(
        error("yeer=2023"),
        "character 1: expected a field (year, quarter, month, week, date, source, folder, path, title, place, issuing_body, \
         document_number, format, encoding, theme), found `yeer`; such as year=2023"
    );
    for (condition, message) in [
        ("", "character 1: expected a field"),
        ("year=2023 and", "character 14: expected a field"),
        ("year 2023", "character 6: expected one of = != < <= > >= after `year`, found `2023`"),
        ("year~2023", "character 5: expected one of = != < <= > >= after `year`, found `~`"),
        ("theme~a", "character 6: expected one of = != after `theme`"),
        ("year=", "character 6: expected a value of `year`, found the end"),
        ("year=23", "character 6: expected a year from 1900 to 2100 such as 2023, found `23`"),
        ("year=20234", "character 6: expected a year"),
        ("year=1850", "character 6: expected a year"),
        ("year=二〇", "character 6: expected a year"),
        ("month=2023-13", "character 7: expected a month"),
        ("quarter=2023Q5", "character 9: expected a quarter"),
        ("week=2021-W53", "character 6: expected a week"),
        ("date=2023-02-30", "character 6: expected a day"),
        ("date=2023-05", "character 6: expected a day such as 2023-05-01, found `2023-05`; for longer times there are"),
        ("year<2023,2024", "character 10: expected one value after `<`, found `,`"),
        ("(year=2023", "character 11: expected `and`, `or` or `)`, found the end"),
        ("year=2023)", "character 10: expected `and`, `or` or the end, found `)`"),
        ("source=新华社 上海", "character 12: expected `and`, `or` or the end, found `上海`"),
        ("source=\"新华社", "character 8: expected \" at the end of the value that begins here, found none"),
        ("!year=2023", "character 1: expected an operator such as = or !=, found `!`"),
        ("folder=/", "character 8: expected a folder, found `/`"),
        ("folder~'// '", "character 8: expected a folder, found `//`"),
        ("folder!=a,/", "character 11: expected a folder, found `/`"),
        ("source='  '", "character 8: expected a value of `source`"),
    ] {
        assert!(error(condition).starts_with(message), "{condition}: {}", error(condition));
    }
    assert!(error(&format!("{}year=2023", "not ".repeat(100_000))).contains("at most 50"));
    assert!(error(&"(".repeat(100_000)).contains("at most 50"));
}

#[test]
fn themes_must_be_known() {
    let slice = Slice::parse("year=2023 and theme=reform,nosuch").unwrap();
    assert_eq!(slice.check_themes(["reform", "nosuch"].into_iter()), Ok(()));
    let error = slice.check_themes(["reform"].into_iter()).unwrap_err();
    assert_eq!((error.column, error.found.as_str()), (28, "`nosuch`"));
    assert!(slice.check_themes(std::iter::empty()).is_err());
}

proptest! {
    #[test]
    fn no_text_panics(text in "\\PC{0,60}", marks in "[a-z0-9 =<>!~&|(),'\"-]{0,60}") {
        let _ = Slice::parse(&text);
        let _ = Slice::parse(&marks);
        let _ = Slice::parse(&format!("year={text}"));
    }

    #[test]
    fn the_three_valued_laws_hold(a in prop::sample::select(vec!["year=2023", "year=2022", "issuing_body=x"]), b in prop::sample::select(vec!["year=2023", "year=2022", "issuing_body=x"])) {
        let opposite = |value: Option<bool>| value.map(|v| !v);
        prop_assert_eq!(holds(&format!("not ({a} and {b})")), holds(&format!("not {a} or not {b}")));
        prop_assert_eq!(holds(&format!("{a} and {b}")), holds(&format!("{b} and {a}")));
        prop_assert_eq!(holds(&format!("not {a}")), opposite(holds(a)));
    }
}
