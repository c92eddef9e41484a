//! Pages of many kinds, each with the boilerplate of its kind.

use proptest::prelude::*;

use super::*;

/// Title, day, source and lines of a page.
type Shown = (String, String, String, Vec<String>);

fn of(html: &str) -> Shown {
    let Extracted { metadata, text } = read(html, &SourceOptions::default()).unwrap();
    let day = metadata.date.map_or(String::new(), |date| date.to_string());
    (metadata.title, day, metadata.source, text.lines().map(ToString::to_string).collect())
}

fn shown(title: &str, day: &str, source: &str, lines: &[&str]) -> Shown {
    (title.into(), day.into(), source.into(), lines.iter().map(ToString::to_string).collect())
}

fn code(html: &str) -> Option<Code> {
    read(html, &SourceOptions::default()).err().map(|failure| failure.code)
}

const MENU: &str = "<ul><li><a href=/>首页</a><li><a href=/a>要闻</a><li><a href=/b>政策文件</a><li><a href=/c>政务服务</a><li><a href=/d>互动交流</a></ul>";
const NOTES: &str =
    "<div class=footer><p>主办：某某市人民政府办公室</p><p>某公网安备 0000 号</p><a href=/x>网站地图</a><a href=/y>联系我们</a></div>";
const FIRST: &str = "各县要推进市场改革，扩大国内需求。";
const SECOND: &str = "要加强组织领导，确保各项任务落实到位。";

#[test]
fn of_articles_of_one_length_only_the_same_are_read_once() {
    let other = "各市要推进科技改革，扩大对外开放。";
    assert_eq!(other.chars().count(), FIRST.chars().count());
    let page = format!("<body><article><p>{FIRST}</p></article><article><p>{other}</p></article><article><p>{FIRST}</p></article></body>");
    assert_eq!(of(&page).3, [FIRST, other]);
    // What no browser shows and links do not make it another text.
    for more in ["<script>x()</script>", "<style>p{}</style>", "<p><a href=/>阅读全文</a></p>"] {
        let page = format!("<body><article><p>{FIRST}</p></article><article><p>{FIRST}</p>{more}</article></body>");
        assert_eq!(of(&page).3, [FIRST], "{more}");
    }
}

fn two() -> String {
    format!("<p>{FIRST}</p><p>{SECOND}</p>")
}

#[test]
fn a_page_of_the_central_government() {
    let html = format!(
        "<html><head><title>关于推进改革的意见_其他_中国政府网</title><meta name=PubDate content='2024-03-05 10:20'>\
         <meta name=ContentSource content='某部网站'></head><body><div class=header>{MENU}</div>\
         <div class=BreadcrumbNav>首页 &gt; 政策</div><div class='article oneColumn'><h1>关于推进改革的意见</h1>\
         <div class=pages-date>2024-03-05 10:20 <span>来源：某部网站</span><div class=share-title>【字体：大 中 小】打印</div></div>\
         <div class=pages_content id=UCAP-CONTENT>{}</div><div class=editor>责任编辑：某人</div></div>{NOTES}</body></html>",
        two()
    );
    assert_eq!(of(&html), shown("关于推进改革的意见", "2024-03-05", "某部网站", &[FIRST, SECOND]));
}

#[test]
fn a_header_table_becomes_label_lines() {
    let html = format!(
        "<div class=wrap><table><tr><td><table class=bd1><tr><td><b>索 引 号：</b></td><td>0001/2024-3</td><td><b>主题分类：</b></td>\
         <td>综合</td></tr><tr><td><b>发文机关：</b></td><td>某市政府</td><td><b>成文日期：</b></td><td>2024年03月01日</td></tr>\
         <tr><td><b>标　　题：</b></td><td colspan=3>某市政府关于推进改革的意见</td></tr><tr><td><b>发文字号：</b></td>\
         <td>某发〔2024〕3号</td><td><b>发布日期：</b></td><td>2024年03月05日</td></tr></table><table><tr><td><b>主 题 词：</b></td><td></td></tr>\
         </table></td></tr></table><br><table><tr><td id=UCAP-CONTENT><p>某市政府关于</p><p>推进改革的意见</p><p>某发〔2024〕3号</p>{}</td></tr>\
         </table></div>",
        two()
    );
    let rows = [
        "索引号：0001/2024-3",
        "主题分类：综合",
        "发文机关：某市政府",
        "成文日期：2024年03月01日",
        "标题：某市政府关于推进改革的意见",
        "发文字号：某发〔2024〕3号",
        "发布日期：2024年03月05日",
        "某发〔2024〕3号",
        FIRST,
        SECOND,
    ];
    assert_eq!(of(&html), shown("某市政府关于推进改革的意见", "2024-03-01", "某市政府", &rows));
}

#[test]
fn a_province_with_a_list_of_labels_inside_the_article() {
    let html = format!(
        "<html><head><title>某省关于扩大需求的通知-某省人民政府门户网站</title></head><body>{MENU}<div class=main><div class=article>\
         <ul class=xxgk><li><b>索引号：</b>A-1</li><li><b>发布机构：</b>某省办公厅</li><li><b>文号：</b>某政〔2024〕9号</li>\
         <li><b>发布日期：</b>2024-04-02</li></ul><h1>某省关于扩大需求的通知</h1>\
         <p>发布时间：2024-04-02 09:00 浏览次数：35 次 字体：[大 中 小]</p><div id=zoom><div class=TRS_Editor><p>{FIRST}</p></div>\
         <div class=TRS_Editor><p>{SECOND}</p></div></div></div></div>{NOTES}</body></html>"
    );
    let (title, day, source, lines) = of(&html);
    assert_eq!((title.as_str(), day.as_str(), source.as_str()), ("某省关于扩大需求的通知", "2024-04-02", "某省办公厅"));
    assert_eq!(lines, ["索引号：A-1", "发布机构：某省办公厅", "文号：某政〔2024〕9号", "发布日期：2024-04-02", FIRST, SECOND]);
}

#[test]
fn pages_of_newspapers_and_agencies() {
    let people = format!(
        "<title>某地推进改革--时政--某报网</title>{MENU}<div class=layout><h1>某地推进改革</h1>\
         <div class=channel><div class='col-1-1'>2024年03月05日07:12 | 来源：<a href=/s>某报</a></div></div>\
         <div class=rm_txt_con><p>{FIRST}</p><div class=rm_relevant></div><p>{SECOND}</p><p class=paper_num>《某报》（2024年03月05日 第 01 版）</p></div>\
         <div class=rm_recommend><h3>推荐阅读</h3><p>另一条新闻的摘要，讲另一件事。</p></div></div>{NOTES}"
    );
    let page = "《某报》（2024年03月05日 第 01 版）";
    assert_eq!(of(&people), shown("某地推进改革", "2024-03-05", "某报", &[FIRST, SECOND, page]));
    let agency = format!(
        "<head><title>某地推进改革-某社网</title><meta name=publishdate content=2024-03-05></head><body><div class=domPC>{MENU}</div>\
         <div class='main clearfix'><h1><span>某地推进改革</span></h1><div class=source>来源：某社</div>\
         <div class=main-aticle id=detail><p>{FIRST}</p><script>var a='不是正文';</script><p>{SECOND}</p></div></div></body>"
    );
    assert_eq!(of(&agency), shown("某地推进改革", "2024-03-05", "某社", &[FIRST, SECOND]));
    let paper = format!(
        "<body><table><tr><td>{MENU}</td></tr><tr><td><h1>某地推进改革</h1><founder-content><div id=ozoom>{}</div></founder-content></td></tr></table>",
        two()
    );
    assert_eq!(of(&paper), shown("某地推进改革", "", "", &[FIRST, SECOND]));
}

#[test]
fn a_blog_with_comments_and_sidebar() {
    let html = format!(
        "<head><title>谈改革 | 一个博客</title><meta property=article:published_time content='2024-03-05T08:00:00+08:00'></head>\
         <body class='single with-sidebar'><header><a href=/>一个博客</a></header><nav>{MENU}</nav><main><article><header><h1>谈改革</h1></header>\
         <div class=entry-content>{}<div class=sharedaddy><div class='share-buttons'>分享到微博</div></div></div><footer>标签：改革</footer></article>\
         <section id=comments><p>读者甲：写得很好，我完全同意这篇文章的看法，转给同事看了。</p></section></main>\
         <aside><h2>近期文章</h2><p>关于别的事情的一篇文章。</p></aside></body>",
        two()
    );
    assert_eq!(of(&html), shown("谈改革", "2024-03-05", "", &[FIRST, SECOND]));
}

#[test]
fn a_piece_without_html_and_body() {
    let piece = format!("<h1>关于改革的通知</h1><p>各县：</p>{}<p>某市政府</p><p>2024年3月5日</p>", two());
    assert_eq!(of(&piece), shown("关于改革的通知", "", "", &["各县：", FIRST, SECOND, "某市政府", "2024年3月5日"]));
    assert_eq!(of("一段文字。"), shown("", "", "", &["一段文字。"]));
    assert_eq!(of(&format!("<div>{}</div><p>某市政府</p>", two())).3, [FIRST, SECOND, "某市政府"]);
}

#[test]
fn text_parted_by_line_breaks_only() {
    let html =
        format!("<html><body bgcolor=#ffffff><center><b>关于改革的通知</b></center><br>　　{FIRST}<br><br>　　{SECOND}<br></body></html>");
    let lines = ["关于改革的通知".to_string(), format!("　　{FIRST}"), format!("　　{SECOND}")];
    assert_eq!(of(&html).3, lines);
    assert_eq!(of(&format!("<body>{FIRST}\n{SECOND}</body>")).3, [format!("{FIRST}{SECOND}")]);
}

#[test]
fn a_layout_of_tables_with_menus() {
    let menu: String = (0..12).map(|n| format!("<td><a href={n}.htm><font color=red>栏目{n}</font></a></td>")).collect();
    let html = format!(
        "<html><head><title>关于改革的通知</title></head><body><table width=760><tr>{menu}</tr></table><table><tr><td width=160>\
         <table><tr><td><a href=1>最新文件</a></td></tr><tr><td><a href=2>法规</a></td></tr></table></td><td><table><tr><td align=center>\
         <font size=4>关于改革的通知</font></td></tr><tr><td><p>　　{FIRST}<p>　　{SECOND}</td></tr></table></td></tr></table>\
         <table><tr><td><font size=2>版权所有</font></td></tr></table></body></html>"
    );
    let (title, _, _, lines) = of(&html);
    assert_eq!(title, "关于改革的通知");
    assert_eq!(lines, [format!("　　{FIRST}"), format!("　　{SECOND}")]);
}

#[test]
fn a_mobile_page_that_a_script_would_show() {
    let html = format!(
        "<head><title>某号的文章</title><meta property=og:title content=谈扩大需求></head><body><div id=page>\
         <div id=js_content style='visibility: hidden; opacity: 0'><section>{FIRST}</section><section><span>{SECOND}</span></section></div></div>\
         <div style='display:none'>微信扫一扫，使用小程序</div><div class=modal>确定要关闭吗</div></body>"
    );
    assert_eq!(of(&html), shown("谈扩大需求", "", "", &[FIRST, SECOND]));
}

#[test]
fn documentation_with_bars_on_both_sides() {
    let links: String = (0..40).map(|n| format!("<li><a href=#{n}>第{n}章的标题</a></li>")).collect();
    let html = format!(
        "<head><title>词频 — 课程</title></head><body><div class=site-navigation id=site-navigation><h1 id=site-title>课程</h1><nav>{links}</nav></div>\
         <main role=main><div class=topbar><button>下载</button></div><div class='bd-toc'><nav>{links}</nav></div><div id=main-content>\
         <div class=section><h1>词频<a class=headerlink href=#a>¶</a></h1>{}<pre>count(a)\ncount(b)</pre></div></div></main></body>",
        two()
    );
    let (title, _, _, lines) = of(&html);
    assert_eq!(title, "词频");
    assert_eq!(lines, [FIRST, SECOND, "count(a)", "count(b)"]);
}

#[test]
fn a_page_of_a_site_without_any_known_name() {
    let menu: String = (0..15).map(|n| format!("<span><a href={n}>栏目名称{n}</a></span>")).collect();
    let html = format!(
        "<head><title>推进改革_某某网</title></head><body><div class=a1>{menu}</div><div class=b2><div class=b3><div class=t9>推进改革</div>\
         <div class=i4>发布时间：2024-03-05 来源：某局 点击数：3</div><div class=c5>{}</div></div><div class=d6><b>热门</b>{menu}</div></div>\
         <div class=e7>地址：某路 1 号</div></body>",
        two().repeat(5)
    );
    let (title, day, source, lines) = of(&html);
    assert_eq!((title.as_str(), day.as_str(), source.as_str()), ("推进改革", "2024-03-05", "某局"));
    assert_eq!((lines.len(), lines[0].as_str(), lines[9].as_str()), (10, FIRST, SECOND));
}

#[test]
fn boxes_by_name_go_unless_they_hold_the_text() {
    let html = format!("<body><div class='share comment'>{}</div><div class=share>分享到</div><aside>别的</aside></body>", two());
    assert_eq!(of(&html).3, [FIRST, SECOND]);
    let hidden = format!(
        "<body><p>{FIRST}</p><p hidden>无</p><p style='display: none'>无</p><p aria-hidden=true>无</p><form>{SECOND}<input value=x><button>无</button></form>"
    );
    assert_eq!(of(&hidden).3, [FIRST, SECOND]);
    let table = format!("<body>{}<table><tr class=header><th class=head>县<th class=nav>产值<tr><td>甲<td>3</table></body>", two());
    assert_eq!(of(&table).3, [FIRST, SECOND, "县", "产值", "甲", "3"]);
}

#[test]
fn a_page_of_scripts_is_empty() {
    for html in [
        "",
        "<html><body><div id=app></div><script>render('文')</script><noscript>请打开脚本</noscript></body></html>",
        "<p>&nbsp;</p>",
        "<frameset><frame src=a></frameset>",
    ] {
        assert_eq!(code(html), Some(Code::Empty), "{html}");
    }
}

#[test]
fn a_page_of_links_is_not_lost() {
    assert_eq!(of(&format!("<body>{MENU}</body>")).3, ["首页", "要闻", "政策文件", "政务服务", "互动交流"]);
}

#[test]
fn cut_pages_are_read() {
    let html =
        format!("<html><head><title>甲</title></head><body><table><tr><td>索引号：1</td></tr></table><div id=zoom>{}</div></body>", two());
    for at in (0..html.len()).filter(|at| html.is_char_boundary(*at)) {
        let _ = read(&html[..at], &SourceOptions::default());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn no_page_panics(pieces in proptest::collection::vec(0..24_usize, 0..60)) {
        const PIECES: [&str; 24] = [
            "<table>", "<tr>", "<td>", "</table>", "<p>", "</p>", "<b>", "</b>", "<a href=x>", "</a>", "<svg>", "<template>", "</template>",
            "<select>", "<li>", "<!--", "-->", "<pre>\n", "索引号：", "文号：1", "正文。", "<div hidden>", "<nav>", "<title>",
        ];
        let html: String = pieces.iter().map(|at| PIECES[*at]).collect();
        let _ = read(&html, &SourceOptions::default());
    }
}
