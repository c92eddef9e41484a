//! The body that issued a document, by its title or its signature.

use super::lone_date;

/// How the names of bodies end that issue documents.
const BODY_ENDS: [&str; 18] = [
    "国务院",
    "人民政府",
    "政府",
    "委员会",
    "办公厅",
    "办公室",
    "人大",
    "政协",
    "法院",
    "检察院",
    "部",
    "厅",
    "局",
    "署",
    "委",
    "办",
    "总局",
    "银行",
];
/// Longest name of an issuing body, in characters: joint notices name several.
const LONGEST_BODY: usize = 40;

/// The body that issued the document: what stands before 关于 in its title, else the line above its date, if that is the name
/// of a body.
pub(super) fn issuing_body(title: &str, body: &str) -> Option<String> {
    let is_body = |name: &&str| {
        let characters = name.chars().filter(|c| !c.is_whitespace()).count();
        (2..=LONGEST_BODY).contains(&characters)
            && BODY_ENDS.iter().any(|end| name.ends_with(end))
            && !name.contains(['。', '，', '；', '：', ',', ':', '《'])
    };
    let in_title = title.split_once("关于").map(|(before, _)| before.trim()).filter(is_body);
    in_title.or_else(|| lone_date(body).map(|(_, above)| above).filter(is_body)).map(ToString::to_string)
}
