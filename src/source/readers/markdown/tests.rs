use proptest::prelude::*;

use super::*;
use crate::source::metadata::Metadata;

fn of(text: &str) -> (Metadata, String) {
    let Extracted { mut metadata, text } = read(text, &SourceOptions::default()).unwrap();
    let (head, start) = Metadata::from_head(&text);
    let start = metadata.take_head(head, start);
    (metadata, text[start..].to_string())
}

fn lines(text: &str) -> Vec<String> {
    read(text, &SourceOptions::default()).unwrap().text.lines().map(ToString::to_string).collect()
}

fn code(text: &str) -> Option<Code> {
    read(text, &SourceOptions::default()).err().map(|failure| failure.code)
}

#[test]
fn marks_go_and_text_stays() {
    let text = "# 关于发展的意见\n\n<!-- 注 -->\n## 一、要求\n- **加快**改革，见[通知](http://a.b/c)。\n```\ncode\n```\n> 引文\n\n| 甲 | 乙 |\n|---|---|\n| 丙 | ~~丁~~ |\n\n`行内` ![图](a.png) <http://a.b>\n";
    let (metadata, body) = of(text);
    assert_eq!(metadata.title, "关于发展的意见");
    let lines: Vec<&str> = body.lines().collect();
    assert_eq!(lines, ["一、要求", "加快改革，见通知。", "引文", "甲", "乙", "丙", "丁", "行内"]);
}

#[test]
fn front_matter_is_metadata() {
    let (metadata, body) = of("---\ntitle: \"发展\"\ndate: 2024-03-05\n来源: 某部\n---\n# 发展\n正文。\n");
    assert_eq!((metadata.title.as_str(), metadata.source.as_str()), ("发展", "某部"));
    assert_eq!((metadata.date.unwrap().to_string().as_str(), body.trim()), ("2024-03-05", "正文。"));
}

#[test]
fn of_two_fields_of_one_meaning_the_first_name_wins_as_in_records() {
    let (metadata, _) = of("---\nauthor: 张三\nsource: 新华社\n文号: 国发〔2024〕1号\n---\n正文。\n");
    assert_eq!((metadata.source.as_str(), metadata.document_number.as_str()), ("新华社", "国发〔2024〕1号"));
    let (metadata, _) = of("---\ntitle:\n题目: 真题目\nsource: \"\"\nauthor: 张三\n---\n正文。\n");
    assert_eq!((metadata.title.as_str(), metadata.source.as_str()), ("真题目", "张三"));
    for text in ["内容: 本法讨论环境保护。", "第一条: 本法讨论环境保护。\n第二条: 本法讨论粮食安全。\nA: 附件。"]
    {
        assert!(of(&format!("---\n{text}\n---\n正文。\n")).1.contains("环境保护"), "{text}");
    }
}

#[test]
fn rules_and_code_in_a_line_take_no_text_with_them() {
    let (metadata, body) = of("---\n# 标题\n第一段。\n---\n第二段。\n");
    assert_eq!(metadata.title, "标题");
    assert!(body.contains("第一段。") && body.contains("第二段。"));
    let (metadata, body) = of("---\n第一条: 本法讨论环境保护。\n第二条: 本法讨论粮食安全。\n---\n正文。\n");
    assert!(body.contains("环境保护") && body.contains("粮食安全") && metadata.source.is_empty());
    let (_, body) = of("# 标题\n```一行```\n正文。\n");
    assert!(body.contains("正文。"));
}

#[test]
fn wrapped_lines_are_joined_and_paragraphs_without_empty_lines_are_not() {
    assert_eq!(lines("各地要推进\n改革开放，\n扩大需求。"), ["各地要推进改革开放，扩大需求。"]);
    assert_eq!(lines("open the\nmarket"), ["open the market"]);
    assert_eq!(lines("推进改革。\n扩大需求。\n"), ["推进改革。", "扩大需求。"]);
    assert_eq!(
        lines("有关要求\n第一条 推进改革\n（一）扩大需求\n2.加强领导\n"),
        ["有关要求", "第一条 推进改革", "（一）扩大需求", "2.加强领导"]
    );
    assert_eq!(
        lines("某通知\n各县都要推进改革开放工作，扩大国内需求\n\u{3000}\u{3000}另起一段"),
        ["某通知", "各县都要推进改革开放工作，扩大国内需求", "\u{3000}\u{3000}另起一段"]
    );
    assert_eq!(lines("某县人民政府\n2024年3月5日"), ["某县人民政府", "2024年3月5日"]);
    assert_eq!(lines("甲  \n乙\\\n丙"), ["甲", "乙", "丙"]);
    assert_eq!(lines("    缩进的一段。\n    又一段。\n\n文\n\n    let x = 1;\n"), ["缩进的一段。", "又一段。", "文"]);
}

#[test]
fn items_keep_their_numbers_and_footnotes_come_last() {
    assert_eq!(lines("1. 甲\n2. 乙\n   续\n\n- [x] 丙\n"), ["1. 甲", "2. 乙续", "丙"]);
    assert_eq!(lines("正文[^1]。\n\n[^1]: 注释。\n\n后文。"), ["正文。", "后文。", "注释。"]);
}

#[test]
fn html_is_read_as_in_a_page() {
    assert_eq!(lines("<p>第一段。</p><p>第二<b>段</b>。</p>\n\n<div style='display:none'>无</div>\n\n后"), ["第一段。", "第二段。", "后"]);
    assert_eq!(lines("甲<br>乙<span>丙</span><!-- 注 -->&lt;丁 &amp; 戊"), ["甲", "乙丙<丁 & 戊"]);
    assert_eq!(lines("用 <script> 标记\n写成"), ["用 <script> 标记写成"]);
    assert_eq!(lines("<table>\n<tr><td>甲</td><td>乙</td></tr>\n</table>"), ["甲", "乙"]);
}

#[test]
fn deep_nesting_is_given_up() {
    for mark in ["> ", ">", "- ", "* ", "1. "] {
        assert_eq!(code(&format!("{}文", mark.repeat(100_000))), Some(Code::TooLarge), "{mark}");
        assert_eq!(code(&format!("{}文", mark.repeat(100))), None, "{mark}");
    }
    assert_eq!(code(&"[".repeat(100_000)), None);
    assert_eq!(code(&"*a **b ".repeat(20_000)), None);
    assert_eq!(code("<div>".repeat(1_000).as_str()), Some(Code::TooLarge));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn no_text_panics(text in "[ \t\n#>*_`~|\\[\\]()!<>&;:a1.一、。文-]{0,200}") {
        let _ = read(&text, &SourceOptions::default());
    }
}
