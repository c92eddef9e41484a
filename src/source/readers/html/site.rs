//! Names of sites behind titles.

/// How the names of sites end.
const SITE_ENDS: [&str; 17] = [
    "网",
    "网站",
    "在线",
    "频道",
    "门户",
    "新闻",
    "日报",
    "晚报",
    "时报",
    "政府",
    "博客",
    "专栏",
    "平台",
    "公众号",
    "客户端",
    "栏目",
    "官网",
];

/// A title without the name of the site behind it: `…_中国政府网`, `…-新华网`, `… | 某博客`.
pub(super) fn without_site(title: &str) -> String {
    let mut rest = title.trim();
    // Nobody writes these signs in a headline.
    if let Some((head, _)) = rest.split_once(['_', '|', '｜'])
        && head.trim().chars().count() >= 4
    {
        rest = head.trim();
    }
    while let Some((head, site)) = last_part(rest) {
        if head.trim().chars().count() < 4 || !is_site_name(site.trim()) {
            break;
        }
        rest = head.trim_end_matches(['-', '—', '–', ' ']);
    }
    rest.trim().to_string()
}

fn last_part(title: &str) -> Option<(&str, &str)> {
    let (at, sign) = title.char_indices().rfind(|(_, c)| matches!(c, '-' | '—' | '–' | '－' | '·' | '>' | '»'))?;
    Some((&title[..at], &title[at + sign.len_utf8()..]))
}

/// Whether a text is the name of a site, or of a page nobody named.
pub(super) fn is_site_name(text: &str) -> bool {
    let han = text.chars().count() <= 20 && SITE_ENDS.iter().any(|end| text.ends_with(end)) && !text.contains(['，', '《', '：']);
    han && !text.contains("关于") || ["首页", "无标题文档", "Untitled", "Document"].contains(&text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_sites_are_cut_off() {
        for (title, expected) in [
            ("关于推进改革的意见_中国政府网", "关于推进改革的意见"),
            ("关于推进改革的意见__2024年第8号公报_中国政府网", "关于推进改革的意见"),
            ("某地推进改革-新华网", "某地推进改革"),
            ("某地推进改革--时政--某报网", "某地推进改革--时政"),
            ("某地推进改革 | 一个博客", "某地推进改革"),
            ("抓改革——某省的做法", "抓改革——某省的做法"),
            ("COVID-19", "COVID-19"),
        ] {
            assert_eq!(without_site(title), expected);
        }
        assert!(is_site_name("某某市人民政府门户网站") && !is_site_name("关于办好政府网站"));
    }
}
