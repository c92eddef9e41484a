//! Which forms are one entity, and under which name they count. Rules that hold for every text; what they cannot know stands in
//! the list of the configuration.

use crate::lexicon::{EntityKind, EntityList, ListedName};

use super::vocabulary::{CITIES, CITIES_THAT_ARE_WORDS, VOCABULARY};

/// What the forms of one entity have in common.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Identity {
    pub kind: EntityKind,
    /// Equal for all forms of the entity.
    pub key: String,
    /// The name; where there is none, that of the form seen most often.
    pub name: Option<String>,
}

/// The identity of a form that was taken for this kind; nothing if it is listed as no entity.
///
/// - A listed form has the name of its line.
/// - A city of the level of prefectures is the same with and without 市.
/// - 中共 before a place and 委 (中共浙江省委) says nothing more.
/// - 中国 and 中华人民共和国 before a listed body (中国外交部) say nothing more.
/// - A session of a listed body (全国人大常委会第六次会议, 上合组织峰会) begins with the name of the body, not with another form of it. What is
///   called after a body (东盟博览会) stays as it is written.
/// - A plenary session of the Party is the same with and without 党的, 中共.
/// - Titles are compared without white space and quotation marks and by normalised marks; 中华人民共和国 before a law or an order is left out.
/// - Brackets around the year of a document number are 〔〕.
pub(super) fn identity(kind: EntityKind, form: &str, list: &EntityList) -> Option<Identity> {
    let lower = form.to_ascii_lowercase();
    // 《甲乙》 is a document, even where a body has this name.
    let fits = |listed: &&ListedName| kind != EntityKind::Document || listed.kind.is_none_or(|listed| listed == kind);
    if let Some(listed) = list.get(&lower).filter(fits) {
        return listed.kind.map(|kind| Identity { kind, key: listed.name.clone(), name: Some(listed.name.clone()) });
    }
    let named = |name: String| Some(Identity { kind, key: name.clone(), name: Some(name) });
    match kind {
        EntityKind::Place => named(place(form)),
        EntityKind::Organisation => match form.strip_prefix("中共").filter(|rest| rest.ends_with('委') && rest.chars().count() > 2) {
            // The body may be listed without the prefix.
            Some(rest) => identity(kind, rest, list),
            None => {
                let bare = ["中国", "中华人民共和国"].into_iter().filter_map(|country| form.strip_prefix(country));
                let listed = bare.filter_map(|rest| list.get(rest)).find(|listed| listed.kind == Some(kind));
                named(listed.map_or_else(|| form.to_string(), |listed| listed.name.clone()))
            }
        },
        EntityKind::Meeting => named(meeting(form, &lower, list)),
        EntityKind::Document if is_number(form) => named(document_number(form)),
        EntityKind::Document => Some(Identity { kind, key: document_key(&lower), name: None }),
        EntityKind::Person => named(form.to_string()),
    }
}

fn place(form: &str) -> String {
    if VOCABULARY.has(CITIES, form) && !VOCABULARY.has(CITIES_THAT_ARE_WORDS, form) { format!("{form}市") } else { form.to_string() }
}

/// What follows the name of a body in that of its sessions.
const SESSIONS: [&str; 7] = ["会议", "大会", "全会", "全体会议", "常务会议", "峰会", "年会"];

fn meeting(form: &str, lower: &str, list: &EntityList) -> String {
    if !form.ends_with("中全会") {
        let bodies = lower.char_indices().skip(2).map(|(at, _)| at);
        let body = bodies.filter_map(|at| list.get(&lower[..at]).map(|listed| (at, listed))).last();
        let is_session = |rest: &str| rest.starts_with('第') || SESSIONS.contains(&rest);
        return match body.filter(|(at, listed)| listed.kind == Some(EntityKind::Organisation) && is_session(&form[*at..])) {
            Some((at, listed)) => format!("{}{}", listed.name, &form[at..]),
            None => form.to_string(),
        };
    }
    let bare = ["党的", "中共", "中国共产党"].into_iter().find_map(|prefix| form.strip_prefix(prefix)).unwrap_or(form);
    format!("党的{}", bare.strip_prefix('第').unwrap_or(bare))
}

fn is_number(form: &str) -> bool {
    form.ends_with('号') && form.contains(OPENING) && form.contains(CLOSING)
}

const OPENING: [char; 7] = ['〔', '[', '(', '﹝', '【', '［', '（'];
const CLOSING: [char; 7] = ['〕', ']', ')', '﹞', '】', '］', '）'];

fn document_number(form: &str) -> String {
    let number: String = form
        .chars()
        .map(|c| match c {
            _ if OPENING.contains(&c) => '〔',
            _ if CLOSING.contains(&c) => '〕',
            _ => c,
        })
        .collect();
    number.replace("〕第", "〕")
}

/// A mark as ASCII has it, where it is the full-width form of one.
fn half_width(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => u32::from(c).checked_sub(0xFEE0).and_then(char::from_u32).unwrap_or(c),
        _ => c,
    }
}

/// What titles of one document have in common.
fn document_key(title: &str) -> String {
    let is_quote = |c: &char| "〈〉《》「」『』“”‘’\"'".contains(*c);
    let key: String =
        crate::text::normalise(title).chars().filter(|c| !c.is_whitespace()).map(half_width).filter(|c| !is_quote(c)).collect();
    let is_law = ["法", "条例", "法典", "决定", "号"].into_iter().any(|end| key.ends_with(end));
    match key.strip_prefix("中华人民共和国").filter(|rest| is_law && rest.chars().count() > 1) {
        Some(rest) => rest.to_string(),
        None => key,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list() -> EntityList {
        let mut list = EntityList::default();
        let text = "place,浙江省,浙江\norganisation,某某委员会,某某委\nblocked,高峰\nmeeting,G20峰会\n";
        assert_eq!(list.add_file("e.csv", text.as_bytes()), []);
        list
    }

    #[test]
    fn forms_of_one_entity_have_one_key() {
        let list = list();
        let key = |kind, form: &str| identity(kind, form, &list).map(|identity| identity.key);
        for (kind, forms, expected) in [
            (EntityKind::Place, &["浙江", "浙江省"][..], "浙江省"),
            (EntityKind::Place, &["杭州", "杭州市"], "杭州市"),
            // Which of city and province is meant, the bare name does not say.
            (EntityKind::Place, &["吉林"], "吉林"),
            (EntityKind::Place, &["吉林市"], "吉林市"),
            (EntityKind::Organisation, &["中共某某委", "某某委", "某某委员会", "中国某某委", "中华人民共和国某某委员会"], "某某委员会"),
            (EntityKind::Organisation, &["中华人民共和国甲乙局"], "中华人民共和国甲乙局"),
            (EntityKind::Meeting, &["二十届三中全会", "党的二十届三中全会", "中共二十届三中全会"], "党的二十届三中全会"),
            (EntityKind::Meeting, &["g20峰会"], "G20峰会"),
            (EntityKind::Meeting, &["某某委第六次会议", "某某委员会第六次会议"], "某某委员会第六次会议"),
            (EntityKind::Meeting, &["某某委峰会"], "某某委员会峰会"),
            (EntityKind::Meeting, &["某某委博览会"], "某某委博览会"),
            (EntityKind::Document, &["中华人民共和国环境保护法", "环境保护法", "环境 保护法"], "环境保护法"),
            (EntityKind::Document, &["甲：乙", "甲:乙"], "甲:乙"),
            (EntityKind::Document, &["实施〈甲〉的通知", "实施《甲》的通知", "实施“甲”的通知", "实施甲的通知"], "实施甲的通知"),
            (EntityKind::Document, &["国务院令第727号", "中华人民共和国国务院令第727号"], "国务院令第727号"),
            (EntityKind::Document, &["国办发〔2024〕1号", "国办发[2024]1号", "国办发（2024）第1号"], "国办发〔2024〕1号"),
            (EntityKind::Document, &["法"], "法"),
        ] {
            for form in forms {
                assert_eq!(key(kind, form).as_deref(), Some(expected), "{form}");
            }
        }
        assert_eq!(key(EntityKind::Person, "高峰"), None);
    }
}
