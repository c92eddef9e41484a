use super::*;

fn read(text: &str, path: &str, options: &SourceOptions) -> (Metadata, String) {
    let (mut found, body) = Metadata::from_head(text);
    let body = text[body..].to_string();
    found.complete(&body, path, options);
    (found, body)
}

fn of(text: &str, path: &str) -> (String, String, String, String) {
    let (m, body) = read(text, path, &SourceOptions::default());
    (m.title, m.date.map_or(String::new(), |d| d.to_string()), m.source, body)
}

fn row(title: &str, date: &str, source: &str, body: &str) -> (String, String, String, String) {
    (title.into(), date.into(), source.into(), body.into())
}

#[test]
fn labels_may_be_in_traditional_characters() {
    let text = "標題：經濟體制改革\n發布日期：2024年1月2日\n來源：中央社\n正文第一段。";
    assert_eq!(of(text, "a.txt"), row("經濟體制改革", "2024-01-02", "中央社", "正文第一段。"));
}

#[test]
fn partial_dates_of_names_give_the_year() {
    let dateline = |day: &str| format!("某标题\n新华社北京{day}电 好。");
    for (path, day, expected) in [
        ("2023/0105.txt", "12月30日", "2022-12-30"),
        ("2023/0105.txt", "1月4日", "2023-01-04"),
        ("2023-01/a.txt", "12月30日", "2022-12-30"),
        ("报告2023.txt", "11月30日", "2023-11-30"),
        ("报告20231.txt", "11月30日", ""),
    ] {
        assert_eq!(of(&dateline(day), path).1, expected, "{path} {day}");
    }
    assert_eq!(of("某标题\n正文。", "20240230_2024-01-27.txt").1, "2024-01-27");
}

#[test]
fn a_label_says_more_than_a_line() {
    assert_eq!(of("题\n2020年1月1日\n发布日期：2024年1月27日\n文。", "a.txt").1, "2024-01-27");
    assert_eq!(of("题\n发布日期：2024年1月27日\n2020年1月1日\n文。", "a.txt").1, "2024-01-27");
}

#[test]
fn lines_under_a_title_say_when_and_where_it_was_published() {
    for line in [
        "来源：某报　发布时间：2024-01-27 10:20",
        "2024-01-27 来源：某报",
        "2024年01月27日10:20 | 来源：某报",
        "日期：2024年1月27日 来源：某报 作者：某人",
        "某报 2024年1月27日",
        "2024-01-27 10:20 某报",
        "【发布日期】2024-01-27\n【来源】某报",
        "来源：某报\n成文日期：2024年1月27日\n发布日期：2024年2月1日",
    ] {
        assert_eq!(of(&format!("某题\n{line}\n正文。"), "a.txt"), row("某题", "2024-01-27", "某报", "正文。"), "{line}");
    }
    for line in ["某地 2024年1月27日", "某人读报 2024年1月", "时间：1月27日上午　地点：某处", "据某报 2024-01-27 10:20 消息。"]
    {
        assert_eq!(of(&format!("某题\n{line}\n正文。"), "a.txt"), row("某题", "", "", &format!("{line}\n正文。")), "{line}");
    }
}

#[test]
fn the_issuing_body_stands_in_the_title_or_above_the_date() {
    assert_eq!(of("国务院关于印发规划的通知\n正文。", "a.txt").2, "国务院");
    assert_eq!(of("某通知\n正文如下。\n某市人民政府\n2024年1月27日\n", "a.txt").2, "某市人民政府");
    assert_eq!(of("专家谈关于改革\n正文。", "a.txt").2, "");
}

#[test]
fn words_that_are_parted_already_are_noticed() {
    assert!(is_spaced("要 加快 完善 体制 机制 ， 推动 高 质量 发展 取得 新 的 成效 。"));
    assert!(!is_spaced("要加快完善体制机制，推动高质量发展取得新的成效。 第二句。 第三句也很短。"));
    assert!(!is_spaced("We speed up the reform of 体制机制 and so on, in plain English with spaces."));
}

#[test]
fn a_label_with_part_of_a_date_is_a_label_and_one_without_is_text() {
    let read = |text: &str| read(text, "a.txt", &SourceOptions::default());
    let (found, body) = read("某通知\n日期：2024年3月\n来源：某部\n新华社北京3月5日电 正文。");
    assert_eq!((found.source.as_str(), found.date, found.warnings), ("某部", Date::new(2024, 3, 5), vec![]));
    assert_eq!(body, "新华社北京3月5日电 正文。");
    assert_eq!(read("某通知\n日期：2024年3月\n正文。").0.warnings, ["W_DATE_PARTIAL"]);
    let (found, body) = read("开会通知\n时间：周三下午两点\n请参加。");
    assert_eq!((found.warnings, body.as_str()), (vec![], "时间：周三下午两点\n请参加。"));
}

#[test]
fn sentences_that_begin_like_labels_are_text() {
    let (found, body) = read("垃圾分类指南\n分类：可回收物包括废纸、塑料和玻璃。\n请遵守。\n", "a.txt", &SourceOptions::default());
    assert_eq!((found.title.as_str(), body.as_str()), ("垃圾分类指南", "分类：可回收物包括废纸、塑料和玻璃。\n请遵守。\n"));
    let (found, body) = read("来源：水从哪里来\n主题词：改革\n", "a.txt", &SourceOptions::default());
    assert_eq!((found.source.as_str(), body.as_str()), ("", "来源：水从哪里来\n主题词：改革\n"), "all there is may not vanish");
}

#[test]
fn official_documents_state_number_and_issuer() {
    let read = |text: &str| read(text, "a.txt", &SourceOptions::default()).0;
    let letter = read("某市人民政府文件\n某政发〔2024〕7号\n\n某市人民政府关于加快发展的意见\n各区：\n请执行。\n");
    assert_eq!((letter.document_number.as_str(), letter.issuing_body.as_str()), ("某政发〔2024〕7号", "某市人民政府"));
    assert_eq!(letter.title, "某市人民政府关于加快发展的意见");
    let labelled = read(
        "索引号：000/1\n发文机关：某部\n标　　题：某通知\n发文字号：某发 (2024) 3 号\n主题词：\n发布日期：2024年1月27日\n正文第一句。",
    );
    assert_eq!((labelled.title.as_str(), labelled.issuing_body.as_str(), labelled.source.as_str()), ("某通知", "某部", "某部"));
    assert_eq!((labelled.document_number.as_str(), labelled.date), ("某发〔2024〕3号", Date::new(2024, 1, 27)));
    let one_line = read("某某标题内容\n发文字号：某发[2024]3号 发布日期：2024年3月5日\n正文改革开放。");
    assert_eq!((one_line.document_number.as_str(), one_line.date), ("某发〔2024〕3号", Date::new(2024, 3, 5)));
    let framed = read("某某标题内容\n索引号：x 成文日期：2024年3月5日\n正文改革开放。");
    assert_eq!((framed.title.as_str(), framed.date), ("某某标题内容", Date::new(2024, 3, 5)));
    // A sentence behind a label is text, and so is a label behind something else.
    for text in [
        "某通知\n发文机关：某部 时效性：有效 第一条 为了规范管理，制定本办法。\n正文。",
        "某通知\n有人问 来源：水从哪里来\n正文。",
        "某通知\n地点：北京 时间：2031年3月1日\n正文。",
    ] {
        let found = read(text);
        assert_eq!((found.source.as_str(), found.issuing_body.as_str(), found.date), ("", "", None), "{text}");
    }
    assert_eq!(read("索引号：000 标题：真正的标题 文号：某发〔2024〕1号\n正文。").title, "真正的标题");
    // A title may stand behind lines that are none.
    assert_eq!(read("来源：新华社\n某某标题\n正文改革开放。").title, "某某标题");
    assert_eq!(read("2024年1月2日\n某某标题\n正文改革开放。").title, "某某标题");
    let mentioned = read("某通知\n根据某发〔2023〕5号，请执行。");
    assert_eq!(mentioned.document_number, "");
    assert_eq!(read("某通知（某发〔2023〕5号）\n请执行。").document_number, "某发〔2023〕5号");
}

#[test]
fn the_year_of_a_dateline_is_found_and_never_invented() {
    let of_column = |column: &str, body: &str| {
        let mut found = Metadata::default();
        found.set_date(column);
        found.complete(body, "a.csv", &SourceOptions::default());
        (found.date, found.place, found.warnings)
    };
    let dateline = "新华社上海11月30日电 正文。";
    assert_eq!(of_column("2023年", dateline), (Date::new(2023, 11, 30), "上海".to_string(), vec![]));
    assert_eq!(of_column("2024-01", dateline).0, Date::new(2023, 11, 30));
    assert_eq!(of_column("2023", "正文。"), (None, String::new(), vec!["W_DATE_PARTIAL"]));
    assert_eq!(of_column("昨天", dateline), (None, "上海".to_string(), vec!["W_DATE"]));
    // A report of an anniversary names the day of long ago.
    assert_eq!(of_column("", &format!("{dateline}1937年11月30日，……")).0, None);
    // The day behind a month that a column states, and none of another month.
    assert_eq!(of_column("2024年5月", "改革。\n2024年5月6日").0, Date::new(2024, 5, 6));
    assert_eq!(of_column("2024年5月", "改革。\n2024年6月6日").0, None);
    assert_eq!(of_column("03/04/2024", "正文。").0, None, "March or April");
}

#[test]
fn a_title_is_not_repeated() {
    let titled = Metadata { title: "推进改革".into(), ..Metadata::default() };
    assert_eq!(titled.without_title("\n推进改革 \n正文。"), "正文。");
    assert_eq!((titled.without_title("推进改革。\n正文。"), titled.without_title("推进改革")), ("推进改革。\n正文。", "推进改革"));
    assert_eq!(Metadata::default().without_title("\n正文。"), "\n正文。");
}

#[test]
fn the_head_gives_title_date_and_source() {
    assert_eq!(of("某地推进改革\n2024-03-05\n\n正文。\n", "a.txt"), row("某地推进改革", "2024-03-05", "", "正文。\n"));
    assert_eq!(
        of("标　题：通知\n来源：某部\n发布日期：2024年3月5日\n正文：好。", "a.txt"),
        row("通知", "2024-03-05", "某部", "正文：好。")
    );
    assert_eq!(of("只有一行", "a.txt"), row("", "", "", "只有一行"));
    assert_eq!(of("这是正文的第一句。\n第二句。", "a.txt"), row("", "", "", "这是正文的第一句。\n第二句。"));
    assert_eq!(of(&format!("{}\n正文", "长".repeat(61)), "a.txt").0, "");
}

#[test]
fn a_signed_notice_is_dated_by_its_first_lone_date() {
    let text = "关于某事的通知\n各单位：\n请遵照执行。\n二〇二四年三月五日\n附件\n2024年4月1日\n";
    assert_eq!(of(text, "a.txt").1, "2024-03-05");
}

#[test]
fn the_file_name_dates_what_the_text_does_not() {
    for name in ["20231130_01.txt", "x 2023-11-30.txt", "法(2023-11-30).md", "2023年11月30日.txt", "2023.11.30.txt"] {
        assert_eq!(of("标题\n正文。", name).1, "2023-11-30", "{name}");
    }
    assert_eq!(of("标题\n正文。", "000_fb77fa30169a27a9.txt").1, "");
    assert_eq!(of("标题\n正文。", "1202311301.txt").1, "");
}

#[test]
fn a_dateline_has_no_year_of_its_own() {
    let text = "标题\n新华社上海11月30日电 正文。";
    let (found, body) = read(text, "a.txt", &SourceOptions::default());
    assert_eq!((found.date, found.source.as_str(), found.warnings), (None, "新华社", vec!["W_DATE_YEAR"]));
    // No day of that year.
    let options = SourceOptions { year: 2023, ..SourceOptions::default() };
    let (found, _) = read("标题\n新华社北京2月29日电 正文。", "a.txt", &options);
    assert_eq!((found.date, found.warnings), (None, vec!["W_DATE"]));
    assert!(body.starts_with("新华社"));
    assert_eq!(of(text, "2023/1130.txt").1, "2023-11-30");
    assert_eq!((of(text, "2023-12/a.txt").1, of(text, "2024-01/a.txt").1), ("2023-11-30".into(), "2023-11-30".into()));
    let options = SourceOptions { year: 2023, name: "某报".into(), ..SourceOptions::default() };
    assert_eq!(read(text, "a.txt", &options).0.date, Date::new(2023, 11, 30));
    let ours = read("标题\n本报北京１１月３０日讯 （记者某）正文。", "a.txt", &options).0;
    assert_eq!((ours.source.as_str(), ours.date), ("某报", Date::new(2023, 11, 30)));
    assert_eq!(of("标题\n中新网2024年1月2日电 正文", "a.txt").1, "2024-01-02");
    assert_eq!(of("标题\n央视网消息（新闻联播）：正文", "a.txt").2, "央视网");
    assert_eq!(of("标题\n据新华社北京2024年1月2日电 正文", "a.txt").2, "新华社");
    assert_eq!(of("标题\n最新消息：今天有雨。", "a.txt").2, "");
}

#[test]
fn a_year_alone_dates_nothing() {
    let (found, _) = read("报告\n正文。", "1954.txt", &SourceOptions::default());
    assert_eq!((found.date, found.warnings), (None, vec!["W_DATE_PARTIAL"]));
}

#[test]
fn columns_that_are_no_day_stay_empty_with_a_warning() {
    let mut found = Metadata::default();
    found.set_date("昨天");
    found.set_date("2024");
    found.set_date(" ");
    assert_eq!((found.date, found.warnings), (None, vec!["W_DATE", "W_DATE_PARTIAL"]));
}
