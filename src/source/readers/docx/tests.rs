//! Small Word documents made here, element by element.

use std::io::{Cursor, Write};

use proptest::prelude::*;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::*;

const RELATIONSHIPS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const NAMESPACES: &str = r#"xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:mc="urn:mc" xmlns:m="urn:m""#;

/// An archive of these parts.
fn zipped(parts: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn relationships(list: &[(&str, &str)]) -> Vec<u8> {
    let one = |(kind, target): &(&str, &str)| format!(r#"<Relationship Id="r" Type="{RELATIONSHIPS}/{kind}" Target="{target}"/>"#);
    format!("<Relationships>{}</Relationships>", list.iter().map(one).collect::<String>()).into_bytes()
}

fn document(body: &str) -> Vec<u8> {
    format!(r#"<?xml version="1.0" encoding="UTF-8"?><w:document {NAMESPACES}><w:body>{body}</w:body></w:document>"#).into_bytes()
}

/// A Word document with this body, and parts beside the main one.
fn docx_with(body: &str, others: &[(&str, &str)]) -> Vec<u8> {
    let links: Vec<(&str, String)> = others.iter().map(|(kind, _)| (*kind, format!("{kind}.xml"))).collect();
    let links: Vec<(&str, &str)> = links.iter().map(|(kind, target)| (*kind, target.as_str())).collect();
    let names: Vec<String> = others.iter().map(|(kind, _)| format!("word/{kind}.xml")).collect();
    let mut parts = vec![
        ("_rels/.rels", relationships(&[("officeDocument", "word/document.xml")])),
        ("word/document.xml", document(body)),
        ("word/_rels/document.xml.rels", relationships(&links)),
    ];
    parts.extend(names.iter().zip(others).map(|(name, (_, xml))| (name.as_str(), xml.as_bytes().to_vec())));
    zipped(&parts)
}

fn docx(body: &str) -> Vec<u8> {
    docx_with(body, &[])
}

fn read_default(bytes: &[u8]) -> Result<Extracted, Failure> {
    read(bytes, &SourceOptions::default())
}

/// The text of a document with this body.
fn text(body: &str) -> String {
    read_default(&docx(body)).unwrap().text
}

fn code(bytes: &[u8]) -> Code {
    read_default(bytes).unwrap_err().code
}

fn p(runs: &str) -> String {
    format!("<w:p>{runs}</w:p>")
}

fn r(text: &str) -> String {
    format!("<w:r><w:t>{text}</w:t></w:r>")
}

fn styled(style: &str, text: &str) -> String {
    p(&format!(r#"<w:pPr><w:pStyle w:val="{style}"/></w:pPr>{}"#, r(text)))
}

fn mark(kind: &str) -> String {
    format!(r#"<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>"#)
}

/// A field in its long form.
fn field(instruction: &str, shown: &str) -> String {
    let (begin, separate, end) = (mark("begin"), mark("separate"), mark("end"));
    format!("{begin}<w:r><w:instrText> {instruction} </w:instrText></w:r>{separate}{shown}{end}")
}

#[test]
fn paragraphs_are_lines_and_runs_are_joined() {
    assert_eq!(
        text(&(p(&(r("全面推进") + &r("乡村振兴。"))) + &p("") + &p(&r("　　二是稳就业。")))),
        "全面推进乡村振兴。\n　　二是稳就业。"
    );
    let strict = r#"<x:document xmlns:x="http://purl.oclc.org/ooxml/wordprocessingml/main"><x:body><x:p><x:r><x:t>严格版。</x:t></x:r></x:p></x:body></x:document>"#;
    let parts = [("_rels/.rels", relationships(&[("officeDocument", "/main/text.xml")])), ("main/text.xml", strict.as_bytes().to_vec())];
    assert_eq!(read_default(&zipped(&parts)).unwrap().text, "严格版。");
}

#[test]
fn elements_stand_for_characters() {
    let run = r#"<w:r><w:tab/><w:t>甲</w:t><w:tab/><w:t>乙</w:t><w:br/><w:t>丙</w:t><w:cr/><w:t>A</w:t><w:noBreakHyphen/><w:t>B</w:t>
        <w:softHyphen/><w:sym w:font="Wingdings" w:char="F0FC"/><w:t>丁</w:t></w:r>"#;
    let ruler = r#"<w:pPr><w:tabs><w:tab w:val="left" w:pos="420"/></w:tabs></w:pPr>"#;
    assert_eq!(text(&p(&format!("{ruler}{run}"))), "\t甲\t乙\n丙\nA-B丁");
}

#[test]
fn white_space_counts_where_the_file_says_so() {
    let run = "<w:r><w:t>\n  Big\nData </w:t><w:t xml:space=\"preserve\"> is big</w:t></w:r>";
    assert_eq!(text(&p(run)), "Big Data is big");
    let outer = r#"<w:p xml:space="preserve"><w:r><w:t>a </w:t></w:r><w:r><w:t>b</w:t></w:r></w:p>"#;
    assert_eq!(text(outer), "a b");
}

#[test]
fn cells_are_read_one_by_one() {
    let cell = |inside: &str| format!("<w:tc>{inside}</w:tc>");
    let inner = format!("<w:tbl><w:tr>{}{}</w:tr></w:tbl>", cell(&p(&r("内一"))), cell(&p(&r("内二"))));
    let row = format!("<w:tr>{}{}</w:tr>", cell(&(p(&r("项目")) + &p(&r("说明")))), cell(&(inner + &p(&r("金额")))));
    assert_eq!(
        text(&format!("{}<w:tbl>{row}</w:tbl>{}", p(&r("表前。")), p(&r("表后。")))),
        "表前。\n项目\n说明\n内一\n内二\n金额\n表后。"
    );
}

#[test]
fn a_text_box_comes_once_and_in_lines_of_its_own() {
    let inside = |text: &str| format!("<w:txbxContent>{}</w:txbxContent>", p(&r(text)));
    let choice = |first: &str, second: &str| {
        format!("<mc:AlternateContent><mc:Choice>{first}</mc:Choice><mc:Fallback>{second}</mc:Fallback></mc:AlternateContent>")
    };
    let sentence = |middle: &str| p(&format!("<w:r><w:t>加快建设</w:t></w:r><w:r>{middle}</w:r><w:r><w:t>现代产业体系。</w:t></w:r>"));
    assert_eq!(text(&sentence(&choice(&inside("框中字"), &inside("框中字")))), "加快建设现代产业体系。\n框中字");
    assert_eq!(text(&sentence(&choice("<w:drawing/>", &inside("只在后者")))), "加快建设现代产业体系。\n只在后者");
    assert_eq!(text(&sentence(&format!("<w:pict>{}</w:pict>", inside("旧式")))), "加快建设现代产业体系。\n旧式");
    let nested = choice(&inside("外框"), "") + &choice(&format!("<w:txbxContent>{}</w:txbxContent>", sentence(&inside("内框"))), "");
    assert_eq!(text(&sentence(&nested)), "加快建设现代产业体系。\n外框\n加快建设现代产业体系。\n内框");
}

#[test]
fn revisions_are_read_as_accepted() {
    let revised = format!(
        "{}<w:ins>{}</w:ins><w:del><w:r><w:delText>旧</w:delText></w:r></w:del><w:moveFrom>{}</w:moveFrom><w:moveTo>{}</w:moveTo>",
        r("坚持"),
        r("新发展理念"),
        r("移走"),
        r("移来。")
    );
    assert_eq!(text(&p(&revised)), "坚持新发展理念移来。");
    let joined = r#"<w:pPr><w:rPr><w:del w:id="1"/></w:rPr></w:pPr>"#;
    assert_eq!(text(&(p(&format!("{joined}{}", r("深化改革，"))) + &p(&r("扩大开放。")) + &p(&r("三。")))), "深化改革，扩大开放。\n三。");
    let cell = format!("<w:tbl><w:tr><w:tc>{}</w:tc><w:tc>{}</w:tc></w:tr></w:tbl>", p(&format!("{joined}{}", r("甲"))), p(&r("乙")));
    assert_eq!(text(&cell), "甲\n乙");
}

#[test]
fn hidden_text_is_no_text() {
    let run = |properties: &str, text: &str| format!("<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>");
    let runs = run("<w:vanish/>", "藏一")
        + &run(r#"<w:vanish w:val="true"/>"#, "藏二")
        + &run(r#"<w:vanish w:val="0"/>"#, "明一")
        + &run(r#"<w:vanish w:val="false"/>"#, "明二")
        + &run("<w:rPrChange><w:rPr><w:vanish/></w:rPr></w:rPrChange>", "明三");
    assert_eq!(text(&p(&runs)), "明一明二明三");
    // The mark at the end of a paragraph may be hidden alone.
    assert_eq!(text(&p(&format!("<w:pPr><w:rPr><w:vanish/></w:rPr></w:pPr>{}", r("段落。")))), "段落。");
    let styles = r#"<w:styles><w:style w:styleId="a"><w:name w:val="甲"/><w:rPr><w:vanish/></w:rPr></w:style>
        <w:style w:styleId="b"><w:basedOn w:val="a"/></w:style><w:style w:styleId="c"><w:basedOn w:val="a"/><w:rPr><w:vanish w:val="0"/></w:rPr></w:style>
        <w:style w:styleId="d"><w:basedOn w:val="e"/></w:style><w:style w:styleId="e"><w:basedOn w:val="d"/></w:style></w:styles>"#;
    let body =
        styled("b", "窗体顶端") + &styled("c", "可见") + &styled("d", "兜圈") + &p(&(run(r#"<w:rStyle w:val="a"/>"#, "藏") + &r("现。")));
    assert_eq!(read_default(&docx_with(&body, &[("styles", styles)])).unwrap().text, "可见\n兜圈\n现。");
}

#[test]
fn codes_of_fields_are_no_text_and_their_results_are() {
    let nested = field(&format!("IF </w:instrText></w:r>{}<w:r><w:instrText>=1", field("PAGE", &r("9"))), &r("第一"));
    assert_eq!(text(&p(&(r("见") + &field(r#"HYPERLINK "x""#, &r("附件")) + &nested + &r("。")))), "见附件第一。");
    assert_eq!(text(&p(r#"<w:fldSimple w:instr=" DATE "><w:r><w:t>今日</w:t></w:r></w:fldSimple>"#)), "今日");
    let (begin, end) = (mark("begin"), mark("end"));
    let torn =
        p(&format!("{begin}<w:r><w:instrText>TOC</w:instrText></w:r>{}", mark("separate"))) + &p(&r("正文一。")) + &p(&r("正文二。"));
    assert_eq!(text(&torn), "正文一。\n正文二。");
    assert_eq!(text(&(p(&format!("{begin}{}", r("甲。"))) + &p(&format!("{}{end}{end}", r("乙。"))))), "甲。\n乙。");
}

#[test]
fn entries_of_a_table_of_contents_are_left_out_and_nothing_else() {
    let entry = |text: &str| r(text) + &field("PAGEREF _Toc1", &r("12"));
    let (begin, separate, end) = (mark("begin"), mark("separate"), mark("end"));
    let contents = p(&format!(r#"{begin}<w:r><w:instrText> TOC \o "1-3" </w:instrText></w:r>{separate}{}"#, entry("一、总则")))
        + &p(&entry("二、附则"))
        + &p(&end);
    let rest = p(&r("一、总则")) + &p(&r("第一条 为了发展。"));
    assert_eq!(text(&(p(&r("前言。")) + &contents + &rest)), "前言。\n一、总则\n第一条 为了发展。");
    let control = |inside: &str| {
        format!(
            r#"<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr><w:sdtContent>{inside}</w:sdtContent></w:sdt>"#
        )
    };
    assert_eq!(text(&(control(&(p(&r("目录")) + &contents)) + &rest)), "一、总则\n第一条 为了发展。");
    assert_eq!(
        text(&(control(&(p(&r("目录")) + &contents + &p(&r("误入其中的正文。")))) + &rest)),
        "误入其中的正文。\n一、总则\n第一条 为了发展。"
    );
    assert_eq!(text(&(styled("TOC2", "一、总则 1") + &rest)), "一、总则\n第一条 为了发展。");
    let named = r#"<w:styles><w:style w:styleId="21"><w:name w:val="toc 2"/></w:style><w:style w:styleId="TOC1"><w:name w:val="正文样式"/></w:style></w:styles>"#;
    let body = styled("21", "一、总则 1") + &styled("TOC1", "并非目录。");
    assert_eq!(read_default(&docx_with(&body, &[("styles", named)])).unwrap().text, "并非目录。");
    let simple = p(&format!(r#"<w:fldSimple w:instr="TOC \c">{}</w:fldSimple>{}"#, r("图一 3"), r("图后。")));
    assert_eq!(text(&simple), "图后。");
    let other = r#"<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Cover Pages"/></w:docPartObj></w:sdtPr><w:sdtContent><w:p><w:r><w:t>封面</w:t></w:r></w:p></w:sdtContent></w:sdt>"#;
    assert_eq!(text(other), "封面");
}

#[test]
fn links_tags_guides_and_formulas_give_their_text() {
    let ruby = "<w:r><w:ruby><w:rt><w:r><w:t>zhì</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>治</w:t></w:r></w:rubyBase></w:ruby></w:r>";
    let runs = format!(
        "<w:hyperlink>{}</w:hyperlink><w:smartTag>{}</w:smartTag>{ruby}<m:oMath><m:r><m:t>x+1</m:t></m:r></m:oMath>",
        r("通知"),
        r("全文")
    );
    assert_eq!(text(&p(&runs)), "通知全文治x+1");
    assert_eq!(text(&p("<w:r><w:t>A&amp;B&#x4E2D;&#25991;&lt;&nbsp;<![CDATA[<丙>]]><!-- 注 --></w:t></w:r>")), "A&B中文<&nbsp;<丙>");
}

#[test]
fn notes_come_after_the_body() {
    let notes = |word: &str, text: &str| {
        format!(
            r#"<w:{word}s><w:{word} w:type="separator">{}</w:{word}><w:{word} w:id="1">{}</w:{word}></w:{word}s>"#,
            p(&r("——")),
            p(&r(text))
        )
    };
    let (footnotes, endnotes) = (notes("footnote", "脚注。"), notes("endnote", "尾注。"));
    let bytes = docx_with(&p(&r("正文。")), &[("endnotes", &endnotes), ("footnotes", &footnotes), ("header", "<w:hdr/>")]);
    assert_eq!(read_default(&bytes).unwrap().text, "正文。\n脚注。\n尾注。");
}

#[test]
fn the_title_is_the_first_paragraph_with_text_if_its_style_says_so() {
    let styles = r#"<w:styles><w:style w:styleId="a3"><w:name w:val="Title"/></w:style></w:styles>"#;
    let of = |body: &str| read_default(&docx_with(body, &[("styles", styles)])).unwrap();
    let title = "<w:p><w:pPr><w:pStyle w:val=\"a3\"/></w:pPr><w:r><w:t>某市关于</w:t><w:br/><w:t>稳就业的意见</w:t></w:r></w:p>";
    let found = of(&(styled("a3", "") + title + &p(&r("各区："))));
    assert_eq!((found.metadata.title.as_str(), found.text.as_str()), ("某市关于稳就业的意见", "某市关于稳就业的意见\n各区："));
    assert_eq!(found.metadata.date, None);
    assert_eq!(of(&(p(&r("先有正文。")) + title)).metadata.title, "");
    assert_eq!(of(&(styled("a3", &"长".repeat(201)) + &p(&r("文。")))).metadata.title, "");
    assert_eq!(of(&(styled("heading1", "一、") + &p(&r("文。")))).metadata.title, "");
    let english = "<w:p><w:pPr><w:pStyle w:val=\"a3\"/></w:pPr><w:r><w:t>Report</w:t><w:br/><w:t>2024</w:t></w:r></w:p>";
    assert_eq!(of(english).metadata.title, "Report 2024");
}

#[test]
fn parts_may_be_utf_16() {
    let xml = String::from_utf8(document(&p(&r("双字节编码。")))).unwrap();
    for (mark, bytes) in [
        (vec![0xFF, 0xFE], xml.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>()),
        (vec![0xFE, 0xFF], xml.encode_utf16().flat_map(u16::to_be_bytes).collect()),
        (vec![], xml.encode_utf16().flat_map(u16::to_le_bytes).collect()),
        (vec![0xEF, 0xBB, 0xBF], xml.clone().into_bytes()),
    ] {
        let part = [mark, bytes].concat();
        assert_eq!(read_default(&zipped(&[("word/document.xml", part)])).unwrap().text, "双字节编码。");
    }
    let failure = read_default(&zipped(&[("word/document.xml", b"<document>\xD6\xD0</document>".to_vec())])).unwrap_err();
    assert_eq!(failure.code, Code::Format);
    assert!(failure.message.contains("UTF-8"), "{}", failure.message);
}

#[test]
fn the_main_part_is_found_however_it_is_named() {
    let body = document(&p(&r("正文。")));
    let types = |kind: &str| {
        format!(r#"<Types><Override PartName="/a/b.xml" ContentType="application/vnd.{kind}.main+xml"/></Types>"#).into_bytes()
    };
    for parts in [
        vec![("_rels/.rels", relationships(&[("officeDocument", "WORD/Document2.xml")])), ("word\\document2.xml", body.clone())],
        vec![("[Content_Types].xml", types("openxmlformats-officedocument.wordprocessingml.document")), ("a/b.xml", body.clone())],
        vec![("[Content_Types].xml", types("ms-word.document.macroEnabled")), ("a/b.xml", body.clone())],
        vec![("word/document.xml", body.clone())],
    ] {
        assert_eq!(read_default(&zipped(&parts)).unwrap().text, "正文。", "{}", parts[0].0);
    }
    assert_eq!(code(&zipped(&[("a/b.xml", body)])), Code::Format);
    assert_eq!(code(&zipped(&[("word/document.xml", b"<workbook><p><r><t>x</t></r></p></workbook>".to_vec())])), Code::Format);
}

#[test]
fn what_is_damaged_is_refused_whole() {
    let cut_xml = zipped(&[("word/document.xml", b"<document><p><r><t>half</t></r></p><p>".to_vec())]);
    let failure = read_default(&cut_xml).unwrap_err();
    assert_eq!((failure.stage, failure.code), (Stage::Extract, Code::Format));
    assert!(failure.message.contains("word/document.xml") && failure.message.contains("byte 38"), "{}", failure.message);
    for xml in
        ["", "text", "<document><p></document>", "<document>&amp</document>", "<!DOCTYPE x [<!ENTITY a 'aa'>]><document>&a;</document>"]
    {
        assert_eq!(code(&zipped(&[("word/document.xml", xml.as_bytes().to_vec())])), Code::Format, "{xml}");
    }
    let good = docx(&p(&r("正文。")));
    assert_eq!(code(&good[..good.len() / 2]), Code::Format);
    assert_eq!(code(b""), Code::Format);
    let missing =
        [("word/document.xml", document(&p(&r("甲")))), ("word/_rels/document.xml.rels", relationships(&[("footnotes", "gone.xml")]))];
    assert!(read_default(&zipped(&missing)).unwrap_err().message.contains("word/gone.xml is missing"));
    assert_eq!(code(&docx(&(p(&r("甲")) + r#"<w:altChunk r:id="r1"/>"#))), Code::Format);
}

#[test]
fn a_password_is_named() {
    let mut bytes = docx(&p(&r("机密。")));
    // Bit 0 of the flags, in every local header and in every row of the list at the end.
    for (signature, flags) in [(b"PK\x03\x04", 6), (b"PK\x01\x02", 8)] {
        let places: Vec<usize> = bytes.windows(4).enumerate().filter(|(_, window)| window == signature).map(|(at, _)| at).collect();
        places.into_iter().for_each(|at| bytes[at + flags] |= 1);
    }
    let failure = read_default(&bytes).unwrap_err();
    assert_eq!(failure.code, Code::Format);
    assert!(failure.message.contains("password"), "{}", failure.message);
}

#[test]
fn a_document_without_text_says_so() {
    assert_eq!(code(&docx(&p("<w:r><w:drawing/></w:r>"))), Code::Empty);
    assert_eq!(code(&docx(&p(&r(" ")))), Code::Empty);
}

#[test]
fn limits_hold() {
    let small = |change: fn(&mut SourceOptions)| {
        let mut options = SourceOptions::default();
        change(&mut options);
        options
    };
    let bytes = docx(&p(&r(&"发展".repeat(1_000))));
    for (options, name) in [
        (small(|o| o.max_document_bytes = 5_999), "max_document_bytes"),
        (small(|o| o.max_file_bytes = 6_000), "max_file_bytes"),
        (small(|o| o.max_entries = 2), "max_entries"),
        (small(|o| o.max_depth = 4), "max_depth"),
    ] {
        let failure = read(&bytes, &options).unwrap_err();
        assert_eq!(failure.code, Code::TooLarge, "{name}");
        assert!(failure.message.contains(name), "{}", failure.message);
    }
    let enough = small(|o| {
        o.max_document_bytes = 6_000;
        o.max_entries = 3;
        o.max_depth = 5;
    });
    assert!(read(&bytes, &enough).is_ok());
}

#[test]
fn a_bomb_is_stopped_at_the_limit_whatever_size_it_states() {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer.start_file("word/document.xml", SimpleFileOptions::default().compression_method(CompressionMethod::Deflated)).unwrap();
    let block = vec![b' '; 1 << 20];
    (0..66).for_each(|_| writer.write_all(&block).unwrap());
    let mut bytes = writer.finish().unwrap().into_inner();
    let options = SourceOptions { max_file_bytes: 1 << 30, ..SourceOptions::default() };
    assert_eq!(read(&bytes, &options).unwrap_err().code, Code::TooLarge);
    // A size of 1 in the list at the end.
    let list = bytes.windows(4).position(|window| window == b"PK\x01\x02").unwrap();
    bytes[list + 24..list + 28].copy_from_slice(&1_u32.to_le_bytes());
    assert!(matches!(read(&bytes, &options).unwrap_err().code, Code::TooLarge | Code::Format));
}

#[test]
fn deep_elements_and_many_open_fields_are_refused() {
    let deep = |levels: usize| docx(&("<w:sdt>".repeat(levels) + &p(&r("深")) + &"</w:sdt>".repeat(levels)));
    assert_eq!(code(&deep(1_000)), Code::TooLarge);
    assert_eq!(read_default(&deep(200)).unwrap().text, "深");
    assert_eq!(code(&docx(&p(&mark("begin").repeat(1_000)))), Code::TooLarge);
}

/// A document with something of everything.
fn rich() -> Vec<u8> {
    let styles = r#"<w:styles><w:style w:styleId="a3"><w:name w:val="Title"/></w:style></w:styles>"#;
    let notes = format!("<w:footnotes><w:footnote>{}</w:footnote></w:footnotes>", p(&r("注。")));
    let boxed = format!(
        "<w:r><mc:AlternateContent><mc:Choice><w:txbxContent>{}</w:txbxContent></mc:Choice></mc:AlternateContent></w:r>",
        p(&r("框"))
    );
    let body = styled("a3", "标题")
        + &p(&(r("见") + &field("TOC", &r("目")) + &boxed))
        + &format!("<w:tbl><w:tr><w:tc>{}</w:tc></w:tr></w:tbl>", p(&r("格")));
    docx_with(&body, &[("styles", styles), ("footnotes", &notes)])
}

#[test]
fn no_cut_and_no_flipped_byte_is_a_panic() {
    let good = rich();
    assert_eq!(read_default(&good).unwrap().text, "标题\n见\n框\n格\n注。");
    for at in (0..good.len()).step_by(97) {
        assert_eq!(code(&good[..at]), Code::Format, "cut at {at}");
    }
    for at in 0..good.len() {
        let mut flipped = good.clone();
        flipped[at] ^= 0x10;
        let _ = read_default(&flipped);
    }
}

/// Elements, texts and marks in any order: balanced or not.
fn scraps() -> impl Strategy<Value = String> {
    let scraps = [
        "<w:p>",
        "</w:p>",
        "<w:r>",
        "</w:r>",
        "<w:t>",
        "</w:t>",
        "字",
        "a b",
        "<w:tab/>",
        "<w:br/>",
        "<w:tc>",
        "</w:tc>",
        "<w:txbxContent>",
        "</w:txbxContent>",
        "<w:del/>",
        "<w:pPr><w:rPr><w:del/></w:rPr></w:pPr>",
        "<w:pPr><w:pStyle w:val=\"Title\"/></w:pPr>",
        "<w:r><w:fldChar w:fldCharType=\"begin\"/><w:instrText>TOC</w:instrText></w:r>",
        "<w:fldChar w:fldCharType=\"separate\"/>",
        "<w:fldChar w:fldCharType=\"end\"/>",
        "<mc:AlternateContent>",
        "</mc:AlternateContent>",
        "&#0;",
        "&amp;",
        "&x;",
        "<w:p><w:r><w:t>甲</w:t></w:r></w:p>",
    ];
    prop::collection::vec(prop::sample::select(scraps.to_vec()), 0..60).prop_map(|scraps| scraps.concat())
}

/// The same, with every element closed.
fn balanced(scraps: &str) -> String {
    let (mut out, mut open) = (String::new(), Vec::new());
    for piece in scraps.split_inclusive('>') {
        match piece.find('<').map(|at| &piece[at..]) {
            Some(end) if end.starts_with("</") => {
                let name = &end[2..end.len() - 1];
                if open.last() != Some(&name) {
                    continue;
                }
                open.pop();
            }
            Some(start) if !start.ends_with("/>") => open.push(start[1..start.len() - 1].split(' ').next().unwrap()),
            _ => {}
        }
        out.push_str(piece);
    }
    open.iter().rev().for_each(|name| out.push_str(&format!("</{name}>")));
    out
}

proptest! {
    #[test]
    fn no_bytes_are_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        let _ = read_default(&bytes);
        let _ = read_default(&zipped(&[("word/document.xml", bytes)]));
    }

    #[test]
    fn no_elements_are_a_panic_and_no_line_is_blank(scraps in scraps()) {
        let _ = read_default(&docx(&scraps));
        match read_default(&docx(&balanced(&scraps))) {
            Ok(found) => prop_assert!(found.text.split('\n').all(|line| !line.trim().is_empty()), "{:?}", found.text),
            Err(failure) => prop_assert_eq!(failure.code, Code::Empty, "{}", failure.message),
        }
    }
}
