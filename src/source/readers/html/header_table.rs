//! The table above official documents that says what they are: 索引号, 发文机关, 成文日期, 标题, 发文字号, 发布日期.

use super::blocks::text_of;
use super::dom::{Data, NodeId, ROOT, Step};
use super::page::Page;

/// Labels of such tables, without white space.
const LABELS: [&str; 56] = [
    "索引号",
    "信息索引号",
    "索引",
    "主题分类",
    "分类",
    "信息分类",
    "体裁分类",
    "组配分类",
    "服务对象分类",
    "主题",
    "发文机关",
    "发文单位",
    "发文机构",
    "发布机构",
    "发布单位",
    "发布机关",
    "制发机关",
    "制定机关",
    "公开单位",
    "公开机构",
    "公开责任部门",
    "信息来源",
    "来源",
    "成文日期",
    "成文时间",
    "生成日期",
    "制发日期",
    "发文日期",
    "印发日期",
    "发文时间",
    "发布日期",
    "发布时间",
    "公开日期",
    "公开时间",
    "公布日期",
    "标题",
    "名称",
    "信息名称",
    "文件名称",
    "发文字号",
    "发文号",
    "文号",
    "文件编号",
    "公文编号",
    "主题词",
    "关键词",
    "有效性",
    "时效性",
    "时效",
    "效力状态",
    "有效期",
    "公开形式",
    "公开方式",
    "公开范围",
    "生效日期",
    "失效日期",
];

/// Labels that no other table has: one of them is needed.
const SURE_LABELS: [&str; 14] = [
    "索引号",
    "信息索引号",
    "主题分类",
    "发文机关",
    "发文单位",
    "发文机构",
    "发布机构",
    "制发机关",
    "成文日期",
    "生成日期",
    "发文日期",
    "发文字号",
    "文号",
    "公开责任部门",
];

/// Most characters of a header table: they are short, and longer elements hold the article too.
const MOST_TEXT: usize = 1_500;
/// Most characters of one value.
const MOST_VALUE: usize = 200;
/// Least known labels.
const LEAST_LABELS: usize = 3;
/// Most places of a page that are looked at.
const MOST_PLACES: usize = 30;
/// Elements above a label that may be its table: cell, row, body, table, and wrappers.
const MOST_LEVELS: usize = 12;

/// Label and value, both without white space around them.
pub(super) type Row = (String, String);

/// Takes the header tables out of a page. Returns their rows in document order; rows without a value are left out.
pub(super) fn take(page: &mut Page) -> Vec<Row> {
    let mut rows = Vec::new();
    for place in places(page) {
        if page.is_within_out(place) {
            continue;
        }
        if let Some((table, found)) = table_around(page, place) {
            page.leave_out(table);
            rows.extend(found.into_iter().filter(|(_, value)| !value.is_empty()));
        }
    }
    rows
}

/// Value of the first of some labels that has one.
pub(super) fn value<'a>(rows: &'a [Row], labels: &[&str]) -> Option<&'a str> {
    labels.iter().find_map(|wanted| rows.iter().find(|(label, _)| label == wanted)).map(|(_, value)| value.as_str())
}

/// Texts that begin with a sure label.
fn places(page: &Page) -> Vec<NodeId> {
    let begins = |text: &str| {
        let start: String = text.chars().filter(|c| !c.is_whitespace()).take(7).collect();
        SURE_LABELS.iter().any(|label| start.starts_with(label))
    };
    let text = |step| match step {
        Step::Enter(id) => matches!(&page.dom.nodes[id].data, Data::Text(text) if begins(text)).then_some(id),
        Step::Leave(_) => None,
    };
    page.dom.walk(ROOT).filter_map(text).take(MOST_PLACES).collect()
}

/// The largest element around a place that holds labels and values and nothing else: up to the table or list that the place is in,
/// or where it is in none, as long as every label has its value, since the next text would be taken for one.
fn table_around(page: &Page, place: NodeId) -> Option<(NodeId, Vec<Row>)> {
    let is_list = |id: NodeId| ["table", "ul", "ol", "dl"].iter().any(|name| page.is_named(id, name));
    let around: Vec<NodeId> = page.dom.ancestors(place).take(MOST_LEVELS).collect();
    let list = around.iter().position(|id| is_list(*id));
    let around = &around[..list.map_or(around.len(), |at| at + 1)];
    let small = around.iter().take_while(|id| page.measure(**id).text <= MOST_TEXT && !page.is_named(**id, "body"));
    let is_whole = |rows: &[Row]| rows.iter().all(|(label, value)| !value.is_empty() && LABELS.contains(&label.as_str()));
    let found = small.filter_map(|id| rows_of(&text_of(page, *id)).map(|rows| (*id, rows)));
    found.filter(|(_, rows)| list.is_some() || is_whole(rows)).last()
}

/// Reads lines as labels and values, in turn or on one line. Nothing where any other line stands between them.
fn rows_of(text: &str) -> Option<Vec<Row>> {
    let mut rows: Vec<Row> = Vec::new();
    for line in text.lines().map(str::trim) {
        if let Some(row) = label_of(line) {
            rows.push(row);
            continue;
        }
        let (_, value) = rows.last_mut().filter(|(_, value)| value.is_empty())?;
        *value = line.to_string();
    }
    let is_value = |value: &str| value.chars().count() <= MOST_VALUE && !value.ends_with('。');
    let known = |labels: &[&str]| rows.iter().filter(|(label, _)| labels.contains(&label.as_str())).count();
    let is_table = known(&LABELS) >= LEAST_LABELS && known(&SURE_LABELS) > 0 && known(&LABELS) * 2 > rows.len();
    (is_table && rows.iter().all(|(_, value)| is_value(value))).then_some(rows)
}

/// A known label, with or without colon, or a short unknown one with it; and what follows on the line.
fn label_of(line: &str) -> Option<Row> {
    let (label, value) = line.split_once(['：', ':']).map_or((line, None), |(label, value)| (label, Some(value)));
    let label: String = label.chars().filter(|c| !c.is_whitespace() && !matches!(c, '【' | '】' | '[' | ']')).collect();
    let is_known = LABELS.contains(&label.as_str());
    let is_label = is_known || (value.is_some() && label.chars().count() <= 8 && label.chars().all(crate::text::is_han));
    is_label.then(|| (label, value.unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_and_values_are_read_in_turn_or_on_one_line() {
        let rows =
            rows_of("索 引 号：\n0001/2024\n主题分类\n综合政务\n标　　题：关于改革的通知\n发文字号：某发〔2024〕3号\n主题词：").unwrap();
        let shown: Vec<String> = rows.iter().map(|(label, value)| format!("{label}={value}")).collect();
        assert_eq!(shown, ["索引号=0001/2024", "主题分类=综合政务", "标题=关于改革的通知", "发文字号=某发〔2024〕3号", "主题词="]);
        assert_eq!(value(&rows, &["文号", "发文字号"]), Some("某发〔2024〕3号"));
    }

    #[test]
    fn other_tables_are_none() {
        for text in [
            "名称\n产值\n甲县\n3\n乙县\n4",
            "标题：甲\n来源：乙\n关键词：丙",
            "前言\n索引号：1\n发文机关：乙\n成文日期：丙",
            "索引号：1\n发文字号：2",
        ] {
            assert_eq!(rows_of(text), None, "{text}");
        }
        assert_eq!(rows_of(&format!("索引号：1\n发文字号：2\n标题：{}", "长".repeat(201))), None);
    }
}
