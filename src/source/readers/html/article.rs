//! Which elements of a page are the article.

use std::collections::BTreeMap;

use super::dom::{Element, NodeId};
use super::page::Page;

/// How an element is known.
enum Mark {
    Id(&'static str),
    Class(&'static str),
    Attribute(&'static str, &'static str),
    Tag(&'static str),
}

use Mark::{Attribute, Class, Id, Tag};

/// An element that holds articles, and the least share of the page's text, in percent, that it must hold to be believed.
type Known = (Mark, usize);

/// Share for names that one publishing system gives to nothing but its articles.
const SURE: usize = 10;
/// Share for names that other boxes bear too.
const LIKELY: usize = 35;

/// Where articles stand, the surest first.
const KNOWN: [Known; 52] = [
    (Id("UCAP-CONTENT"), SURE),                   // gov.cn
    (Id("js_content"), SURE),                     // WeChat accounts, where most agencies publish too
    (Class("TRS_UEDITOR"), SURE),                 // TRS, the publishing system of most ministries and provinces; newer editor
    (Class("TRS_Editor"), SURE),                  // the same, older editor
    (Class("trs_editor_view"), SURE),             // the same, newest editor
    (Class("pages_content"), SURE),               // gov.cn and provinces that took over its layout
    (Id("zoom"), SURE),                           // JCMS: provinces and cities; the element whose letters can be made larger
    (Id("Zoom"), SURE),                           // the same
    (Id("fontzoom"), SURE),                       // the same in other systems
    (Class("xxgk_content"), SURE),                // open-government columns of cities
    (Class("rm_txt_con"), SURE),                  // people.com.cn
    (Id("rwb_zw"), SURE),                         // people.com.cn, older
    (Class("box_con"), SURE),                     // people.com.cn, theory and party pages
    (Id("detailContent"), SURE),                  // xinhuanet, since 2020
    (Class("main-aticle"), SURE),                 // xinhuanet, with the misspelling it had for years
    (Id("p-detail"), SURE),                       // xinhuanet, before
    (Class("left_zw"), SURE),                     // chinanews.com
    (Class("content_area"), SURE),                // cctv.com
    (Id("content_area"), SURE),                   // the same
    (Class("cnt_bd"), SURE),                      // cctv.com, older
    (Id("ozoom"), SURE),                          // electronic editions of printed papers
    (Id("articleText"), SURE),                    // dailies
    (Id("articleContent"), SURE),                 // dailies
    (Class("u-mainText"), SURE),                  // gmw.cn
    (Id("artibody"), SURE),                       // sina.com.cn
    (Class("post_body"), SURE),                   // 163.com
    (Class("content-article"), SURE),             // qq.com
    (Attribute("itemprop", "articleBody"), SURE), // schema.org, wherever it is used
    (Class("entry-content"), SURE),               // WordPress
    (Class("post-content"), SURE),                // blogs
    (Class("article-content"), SURE),             // many
    (Class("article_content"), SURE),             // many
    (Class("articleContent"), SURE),              // many
    (Id("article_content"), SURE),                // csdn.net and others
    (Class("article-body"), SURE),                // many
    (Class("article_con"), SURE),                 // cities and counties
    (Class("markdown-body"), SURE),               // pages made of Markdown
    (Tag("article"), LIKELY),                     // HTML5
    (Class("news_content"), LIKELY),              // company and college pages
    (Class("newscontent"), LIKELY),               // the same
    (Class("detail-content"), LIKELY),            // mobile pages
    (Class("text_con"), LIKELY),                  // dailies
    (Class("view"), LIKELY),                      // gov.cn and ministries, older
    (Class("article"), LIKELY),                   // many, often with title and date
    (Id("article"), LIKELY),                      // many
    (Id("detail"), LIKELY),                       // news of cities
    (Class("detail"), LIKELY),                    // the same
    (Id("content"), LIKELY),                      // many, sometimes the whole page below its head
    (Class("content"), LIKELY),                   // the same
    (Id("main-content"), LIKELY),                 // documentation
    (Tag("main"), LIKELY),                        // HTML5
    (Attribute("role", "main"), LIKELY),          // HTML5 for old browsers
];

/// Least text of an article, in characters, where its share alone would do.
const LEAST_TEXT: usize = 15;

/// The elements of the article, in document order and none inside another. Where they are not sure to hold nothing else, lists of
/// links in them are left out of the page.
pub(super) fn find(page: &mut Page) -> Vec<NodeId> {
    let body = page.body();
    let whole = page.measure(body).unlinked();
    let by_mark = matches_of_all(page);
    let good = KNOWN.iter().zip(by_mark).find_map(|((_, share), matches)| {
        let parts = parts_of_one(page, &matches);
        let text: usize = parts.iter().map(|id| page.measure(*id).unlinked()).sum();
        (text >= LEAST_TEXT && text * 100 >= whole * share).then_some((parts, *share))
    });
    if let Some((parts, SURE)) = good {
        return parts;
    }
    let parts = good.map_or_else(|| vec![densest(page, body)], |(parts, _)| parts);
    for part in &parts {
        leave_out_link_lists(page, *part);
    }
    parts
}

/// For each mark the elements that bear it and are not left out.
fn matches_of_all(page: &Page) -> Vec<Vec<NodeId>> {
    let mut found: Vec<Vec<NodeId>> = KNOWN.iter().map(|_| Vec::new()).collect();
    for id in page.elements() {
        let Some(element) = page.dom.element(id) else { continue };
        for ((mark, _), matches) in KNOWN.iter().zip(&mut found) {
            if mark.is_on(element) {
                matches.push(id);
            }
        }
    }
    for matches in &mut found {
        matches.retain(|id| !page.is_within_out(*id));
    }
    found
}

impl Mark {
    fn is_on(&self, element: &Element) -> bool {
        match self {
            Id(id) => element.attribute("id") == Some(id),
            Class(class) => element.has_class(class),
            Attribute(name, value) => element.attribute(name) == Some(value),
            Tag(name) => element.name() == *name,
        }
    }
}

/// The match with the most text, and those beside it that are a good part of it: some pages set an article in several pieces.
/// What has the text of one taken already is there for another kind of screen.
fn parts_of_one(page: &Page, matches: &[NodeId]) -> Vec<NodeId> {
    let text = |id: NodeId| page.measure(id).unlinked();
    let Some(largest) = matches.iter().copied().max_by_key(|id| (text(*id), std::cmp::Reverse(*id))) else { return Vec::new() };
    // Texts of the parts by their lengths: nearly always the length alone tells them apart.
    let mut texts: BTreeMap<usize, Vec<String>> = BTreeMap::from([(text(largest), vec![page.unlinked_text(largest)])]);
    let mut parts = Vec::new();
    for id in matches.iter().copied() {
        let within_other = || page.dom.ancestors(id).any(|above| above == largest || parts.contains(&above));
        let is_part = || text(id) * 4 >= text(largest) && !page.dom.ancestors(largest).any(|above| above == id);
        if id == largest {
            parts.push(id);
            continue;
        }
        if parts.len() >= MOST_PARTS || !is_part() || within_other() {
            continue;
        }
        let (own, known) = (page.unlinked_text(id), texts.entry(text(id)).or_default());
        if !known.contains(&own) {
            known.push(own);
            parts.push(id);
        }
    }
    parts
}

/// Most elements that one article is put together of.
const MOST_PARTS: usize = 50;

/// Share of the body's text, in percent, that the element of a page without known names must hold.
const DENSE: usize = 85;
/// Links from which on a page is taken for one of a site, with menus and notes around its text. A page without them is all text.
const SITE_LINKS: usize = 10;

/// The innermost element that still holds nearly all text of the body; the body itself where nothing seems to stand around it.
fn densest(page: &Page, body: NodeId) -> NodeId {
    let whole = page.measure(body);
    if whole.links < SITE_LINKS {
        return body;
    }
    let least = (whole.unlinked() * DENSE / 100).max(1);
    let holds = |id: &NodeId| page.dom.element(*id).is_some() && !page.is_out(*id) && page.measure(*id).unlinked() >= least;
    let mut best = body;
    while let Some(inner) = page.dom.children(best).find(holds) {
        best = inner;
    }
    best
}

/// Elements that hold lists of links.
const LISTS: [&str; 10] = ["div", "dl", "li", "ol", "p", "section", "table", "td", "tr", "ul"];
/// Links of a list from which on it is a menu.
const LIST_LINKS: usize = 4;

/// Leaves out what is nearly all links, such as menus and lists of other articles; unless it is most of the article.
fn leave_out_link_lists(page: &mut Page, part: NodeId) {
    let most = page.measure(part).text / 2;
    let is_list = |id: &NodeId| {
        let held = page.measure(*id);
        held.links >= LIST_LINKS && held.linked * 10 >= held.text * 7 && held.text <= most
    };
    let named = |id: &NodeId| page.dom.element(*id).is_some_and(|element| LISTS.contains(&element.name()));
    let lists: Vec<NodeId> = page.elements_of(part).filter(|id| *id != part && named(id) && is_list(id)).collect();
    for list in lists {
        page.leave_out(list);
    }
}
