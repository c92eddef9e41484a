//! What of a page is no text of its author: scripts, hidden parts, navigation, boxes for sharing and comments.

use super::dom::Element;

/// Elements whose content is never text of the page.
const NEVER_TEXT: [&str; 34] = [
    "applet", "area", "audio", "base", "button", "canvas", "datalist", "embed", "frame", "frameset", "head", "iframe", "img", "input",
    "link", "map", "math", "meta", "meter", "noembed", "noframes", "noscript", "object", "progress", "rp", "rt", "rtc", "script", "select",
    "style", "svg", "template", "textarea", "video",
];

/// Words in a class or an id that name a box around the text. Names are cut at hyphens, underlines and capitals, so that
/// `article-share` and `shareBox` are found, and `shared` is not.
const BOX_WORDS: [&str; 56] = [
    "ad",
    "ads",
    "advert",
    "advertisement",
    "adverts",
    "banner",
    "bdshare",
    "bdsharebuttonbox",
    "breadcrumb",
    "breadcrumbs",
    "comment",
    "comments",
    "cookie",
    "copyright",
    "crumb",
    "crumbs",
    "disqus",
    "dqwz",
    "erweima",
    "ewm",
    "footer",
    "hashlink",
    "headerlink",
    "jiathis",
    "login",
    "masthead",
    "mbx",
    "menu",
    "modal",
    "nav",
    "navbar",
    "navbars",
    "navigation",
    "pager",
    "pagination",
    "paging",
    "popup",
    "qrcode",
    "recommend",
    "recommendation",
    "recommended",
    "relate",
    "related",
    "respond",
    "search",
    "share",
    "sharing",
    "sidebar",
    "social",
    "sr-only",
    "subscribe",
    "toc",
    "toolbar",
    "topbar",
    "tuijian",
    "visually-hidden",
];

/// Classes and ids that name such a box only when they stand alone: as parts of longer names they mean too much, and on
/// a cell or a paragraph, too.
const BOX_NAMES: [&str; 16] = [
    "aside",
    "bottom",
    "close",
    "dayin",
    "fenxiang",
    "foot",
    "footernav",
    "head",
    "header",
    "location",
    "position",
    "print",
    "relevant",
    "side",
    "tools",
    "weizhi",
];

/// Roles of such boxes.
const BOX_ROLES: [&str; 7] = ["banner", "complementary", "contentinfo", "menu", "navigation", "search", "tablist"];

/// Whether nothing in the element is text of the page.
pub(super) fn is_never_text(element: &Element) -> bool {
    NEVER_TEXT.binary_search(&element.name()).is_ok()
}

/// Whether a browser does not show the element. Style sheets are not known here.
pub(super) fn is_hidden(element: &Element) -> bool {
    let style = || element.attribute("style").is_some_and(hides);
    let closed_dialog = || element.name() == "dialog" && element.attribute("open").is_none();
    element.attribute("hidden").is_some() || element.attribute("aria-hidden") == Some("true") || closed_dialog() || style()
}

fn hides(style: &str) -> bool {
    style.split(';').filter_map(|rule| rule.split_once(':')).any(|(property, value)| {
        let value = value.trim();
        let is = |name: &str, wanted: &str| {
            property.trim().eq_ignore_ascii_case(name) && value.get(..wanted.len()).is_some_and(|v| v.eq_ignore_ascii_case(wanted))
        };
        is("display", "none") || is("visibility", "hidden")
    })
}

/// Whether the element is one of the boxes around the text, by its name, role, class or id.
pub(super) fn is_box(element: &Element) -> bool {
    match element.name() {
        "nav" | "aside" | "footer" | "menu" => return true,
        // Many pages carry words about their layout there: `with-sidebar`, `nav-open`.
        "html" | "body" => return false,
        _ => {}
    }
    // A heading or a row is part of the text around it, whatever it is called.
    if matches!(element.name(), "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "th" | "tr" | "tbody" | "thead" | "tfoot") {
        return false;
    }
    let is_frame = matches!(element.name(), "div" | "section" | "header" | "table" | "td" | "ul" | "ol" | "dl" | "form" | "center");
    let role = element.attribute("role").is_some_and(|role| BOX_ROLES.contains(&role));
    role || ["class", "id"].iter().filter_map(|name| element.attribute(name)).any(|names| names_a_box(names, is_frame))
}

fn names_a_box(names: &str, is_frame: bool) -> bool {
    names.split_ascii_whitespace().any(|name| {
        let lower = name.to_ascii_lowercase();
        (is_frame && BOX_NAMES.binary_search(&lower.as_str()).is_ok()) || is_box_word(&lower) || parts(name).any(|part| is_box_word(&part))
    })
}

fn is_box_word(word: &str) -> bool {
    BOX_WORDS.binary_search(&word).is_ok()
}

/// The words of a name: `article-share`, `article_share` and `articleShare` have two.
fn parts(name: &str) -> impl Iterator<Item = String> {
    let mut words = vec![String::new()];
    let mut after_lower = false;
    for c in name.chars() {
        if !c.is_alphanumeric() || (c.is_ascii_uppercase() && after_lower) {
            words.push(String::new());
        }
        after_lower = c.is_ascii_lowercase() || c.is_ascii_digit();
        if c.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.push(c.to_ascii_lowercase());
        }
    }
    words.into_iter().filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_matched_by_whole_words() {
        for name in ["share", "article-share", "shareBox", "news_related list", "header", "bdsharebuttonbox", "Sidebar", "x pager-2"] {
            assert!(names_a_box(name, true), "{name}");
        }
        for name in ["shared", "article-header", "content", "adopt", "headline", "article-position", "navy", "commentary"] {
            assert!(!names_a_box(name, true), "{name}");
        }
        assert!(!names_a_box("head", false) && names_a_box("headerlink", false));
    }

    #[test]
    fn styles_hide_in_any_spelling() {
        for style in ["display:none", "color:red; Display : none !important", "visibility:hidden;"] {
            assert!(hides(style), "{style}");
        }
        assert!(!hides("display:block") && !hides("overflow:hidden") && !hides("display") && !hides(""));
    }

    #[test]
    fn lists_are_sorted_where_they_are_searched() {
        assert!(NEVER_TEXT.is_sorted() && BOX_WORDS.is_sorted() && BOX_NAMES.is_sorted());
    }
}
