//! Files of every kind, good and bad, through the whole room.

use std::fs;
use std::path::Path;

use super::*;

mod archives;

fn read_folder(folder: &Path, options: &SourceOptions) -> (Vec<Document>, Vec<Quarantined>, Vec<Warning>) {
    let listing = list(&[InputRoot { path: folder.to_path_buf(), label: None }]).unwrap();
    let (mut documents, mut bad, mut warnings) = (Vec::new(), listing.quarantined.clone(), Vec::new());
    for batch in BatchReader::new(&listing.files, options) {
        let read = batch.read(options);
        documents.extend(read.documents);
        bad.extend(read.quarantined);
        warnings.extend(read.warnings);
    }
    (documents, bad, warnings)
}

fn read_files(files: &[(&str, &[u8])]) -> (Vec<Document>, Vec<Quarantined>, Vec<Warning>) {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        fs::write(folder.path().join(name), bytes).unwrap();
    }
    read_folder(folder.path(), &SourceOptions::default())
}

fn gz(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zst(bytes: &[u8]) -> Vec<u8> {
    zstd::stream::encode_all(bytes, 3).unwrap()
}

/// UTF-16 without a mark, the low byte first.
fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn codes(bad: &[Quarantined]) -> Vec<(String, Option<u64>, &'static str)> {
    bad.iter().map(|q| (q.path.to_string(), q.record, q.code.as_str())).collect()
}

const TEXT: &str = "推进改革的通知\n2024-03-05\n\n要加快完善体制机制，推动高质量发展。\n";

#[test]
fn one_text_in_many_coats_is_one_text() {
    let gbk = encoding_rs::GB18030.encode(TEXT).0.into_owned();
    let body = "要加快完善体制机制，推动高质量发展。\n";
    let json = serde_json::json!({"标题": "推进改革的通知", "日期": "2024/3/5", "正文": body}).to_string();
    let csv = format!("title,date,content\r\n推进改革的通知,2024年3月5日,\"{body}\"\r\n");
    let csv_gbk = encoding_rs::GB18030.encode(&csv).0.into_owned();
    let (documents, bad, _) = read_files(&[
        ("a.txt", TEXT.as_bytes()),
        ("b.txt", &[b"\xEF\xBB\xBF", TEXT.as_bytes()].concat()),
        ("c.txt", &gbk),
        ("d.txt.gz", &gz(TEXT.as_bytes())),
        ("e.txt.zst", &zst(&gbk)),
        ("f.md", format!("# {}", TEXT).as_bytes()),
        ("g.jsonl", json.as_bytes()),
        ("h.jsonl.zst", &zst(json.as_bytes())),
        ("i.csv", csv.as_bytes()),
        ("j.csv.gz", &gz(&csv_gbk)),
        ("k.txt", TEXT.replace('\n', "\r\n").as_bytes()),
        ("l.txt", &utf16(TEXT)),
        ("m.csv", &utf16(&csv)),
        ("n.json", format!("[\n{json}\n]").as_bytes()),
        ("o.jsonl", &utf16(&json)),
        ("p.tsv", csv.replace(',', "\t").as_bytes()),
        ("q.zip", &archives::zip(&[("一.txt", TEXT.as_bytes())])),
        ("r.tar.gz", &gz(&archives::tar(&[("一.txt", &gbk)]))),
    ]);
    assert_eq!(bad, []);
    assert_eq!(documents.len(), 18);
    assert!(documents.iter().all(|document| document.content_hash == documents[0].content_hash));
    for document in &documents {
        assert_eq!(document.title, "推进改革的通知", "{}", document.path);
        assert_eq!(document.date.map(|d| d.to_string()).as_deref(), Some("2024-03-05"), "{}", document.path);
        assert_eq!(document.body.trim(), body.trim(), "{}", document.path);
    }
    let encodings: Vec<&str> = documents.iter().map(|d| d.encoding).collect();
    assert_eq!(encodings.iter().filter(|e| **e == "gb18030").count(), 4);
    assert_eq!(encodings.iter().filter(|e| **e == "utf-16le").count(), 3);
}

#[test]
fn every_bad_file_is_a_row_and_costs_only_itself() {
    let (documents, bad, _) = read_files(&[
        ("a_zero.txt", b""),
        ("b_spaces.txt", " \u{3000}\n ".as_bytes()),
        ("c_pdf.txt", b"%PDF-1.7 ..."),
        ("d.docx", b"PK\x03\x04"),
        ("e_bytes.txt", b"caf\xE9 \xFF\xFE\xFD d\xE9j\xE0 vu"),
        ("f_control.txt", &[1u8; 50]),
        ("g_cut.txt.gz", &gz(TEXT.repeat(50).as_bytes())[..40]),
        ("h_good.txt", TEXT.as_bytes()),
        ("i_zero.csv", b""),
        ("j_nocolumn.csv", "名称,数量\n甲,1\n".as_bytes()),
    ]);
    assert_eq!(documents.len(), 1);
    let expected = [
        ("a_zero.txt", "E_EMPTY"),
        ("b_spaces.txt", "E_EMPTY"),
        ("c_pdf.txt", "E_FORMAT"),
        ("d.docx", "E_FORMAT"),
        ("e_bytes.txt", "E_ENCODING"),
        ("f_control.txt", "E_BINARY"),
        ("g_cut.txt.gz", "E_FORMAT"),
        ("i_zero.csv", "E_EMPTY"),
        ("j_nocolumn.csv", "E_FORMAT"),
    ];
    assert_eq!(codes(&bad), expected.map(|(path, code)| (path.to_string(), None, code)));
    assert!(bad.iter().all(|q| !q.message.is_empty() && !q.message.contains('\n') && q.message.chars().count() <= 300));
    assert!(bad[8].message.contains("名称, 数量") && bad[8].message.contains("input.fields.text"));
}

#[test]
fn a_broken_record_costs_only_itself() {
    let lines = "{\"id\":\"a\",\"text\":\"一。\"}\n\n{\"text\":\"\"}\n{\"text\":null}\n[1]\n{\"id\":7,\"text\":[\"二。\",\"三。\"]}\n{\"text\": broken\n{\"TEXT\":\"四。\",\"meta\":{\"x\":1}}\n";
    let (documents, bad, _) = read_files(&[("a.jsonl", lines.as_bytes())]);
    let found: Vec<(Option<u64>, &str)> = documents.iter().map(|d| (d.record, d.body.as_str())).collect();
    assert_eq!(found, [(Some(1), "一。"), (Some(6), "二。\n三。"), (Some(8), "四。")]);
    assert_eq!(documents[0].id, DocId::of("a.jsonl", Some("a")));
    assert_eq!(documents[1].id, DocId::of("a.jsonl", Some("7")));
    assert_eq!(documents[2].id, DocId::of("a.jsonl", Some("8")));
    let row = |record, code| ("a.jsonl".to_string(), Some(record), code);
    assert_eq!(codes(&bad), [row(3, "E_ROW"), row(4, "E_ROW"), row(5, "E_ROW"), row(7, "E_ROW")]);
    assert!(bad[3].message.starts_with("line 7: no JSON:"), "{}", bad[3].message);
}

#[test]
fn csv_rows_may_be_ragged_quoted_and_parted_by_anything() {
    let csv = "sep=;\n标题;正文;日期\n甲;\"一；\n二。\";2024-01-02\n乙;少一个\n丙;四。;昨天\n";
    let (documents, bad, warnings) = read_files(&[("a.csv", csv.as_bytes()), ("b.tsv", "id\tcontent\nx\t五。\n".as_bytes())]);
    assert_eq!(documents.iter().map(|d| d.body.as_str()).collect::<Vec<_>>(), ["一；\n二。", "四。", "五。"]);
    assert_eq!(codes(&bad), [("a.csv".to_string(), Some(2), "E_ROW")]);
    assert!(bad[0].message.contains("expected 3 fields") && bad[0].message.contains("found 2"));
    assert!(warnings.iter().any(|w| w.code == "W_DATE" && w.record == Some(3)));
}

#[test]
fn a_quote_that_is_never_closed_merges_no_rows_in_silence() {
    let (documents, bad, _) = read_files(&[("a.csv", "title,text\n甲,一。\n乙,\"二。\n丙,三。\n".as_bytes())]);
    assert_eq!(documents.iter().map(|d| d.body.as_str()).collect::<Vec<_>>(), ["一。"]);
    assert_eq!(codes(&bad), [("a.csv".to_string(), Some(2), "E_ROW")]);
    assert!(bad[0].message.starts_with("line 3: "), "{}", bad[0].message);
}

#[test]
fn a_file_without_records_is_a_row() {
    let (documents, bad, _) =
        read_files(&[("a.jsonl", b"\n \n"), ("b.csv", b"title,text\n"), ("c.jsonl.gz", &gz(b"")), ("d.csv", b"\r\n\r\n")]);
    assert_eq!(documents, []);
    assert_eq!(codes(&bad), ["a.jsonl", "b.csv", "c.jsonl.gz", "d.csv"].map(|path| (path.to_string(), None, "E_EMPTY")));
}

#[test]
fn text_that_is_no_string_is_a_broken_row_and_a_missing_one_names_the_fields() {
    let lines = "{\"text\":{\"a\":1}}\n{\"text\":[\"一。\",5]}\n{\"article\":\"二。\"}\n{\"text\":\"三\0。\",\"title\":\"上\\n下\"}\n{\"text\":\"12。\"}\n";
    let (documents, bad, warnings) = read_files(&[("a.jsonl", lines.as_bytes())]);
    let found: Vec<(&str, &str)> = documents.iter().map(|d| (d.title.as_str(), d.body.as_str())).collect();
    assert_eq!(found, [("上 下", "三。"), ("", "12。")]);
    let row = |record, code| ("a.jsonl".to_string(), Some(record), code);
    assert_eq!(codes(&bad), [row(1, "E_ROW"), row(2, "E_ROW"), row(3, "E_ROW")]);
    assert!(bad[0].message.contains("found an object") && bad[2].message.contains("article"), "{bad:?}");
    let found: Vec<(&str, Option<u64>)> = warnings.iter().map(|w| (w.code, w.record)).collect();
    assert_eq!(found, [("W_NUL", Some(4)), ("W_NO_TEXT", Some(5))]);
}

#[test]
fn the_head_of_the_text_of_a_record_says_what_its_fields_do_not() {
    let lines = "{\"text\":\"短标题\\n正文内容改革。\"}\n{\"title\":\"题\",\"text\":\"来源：某报\\n发布日期：2024-05-06\\n改革。\"}\n\
                 {\"title\":\"题\",\"date\":\"2024-01-01\",\"text\":\"小标题\\n某发[2024]9号的改革。\"}\n{\"text\":\"改革。\",\"文号\":\"某发（2024）第 4 号\"}\n";
    let (documents, ..) = read_files(&[("a.jsonl", lines.as_bytes())]);
    let found: Vec<String> = documents
        .iter()
        .map(|d| {
            let date = d.date.map_or(String::new(), |date| date.to_string());
            format!("{}|{date}|{}|{}|{}", d.title, d.source, d.document_number, d.body.replace('\n', "/"))
        })
        .collect();
    assert_eq!(
        found,
        [
            "短标题||||正文内容改革。",
            "题|2024-05-06|某报||改革。",
            "题|2024-01-01|||小标题/某发[2024]9号的改革。",
            "|||某发〔2024〕4号|改革。"
        ]
    );
}

#[test]
fn a_label_in_the_text_gives_the_day_of_a_stated_month() {
    let csv = "日期,标题,正文\n2024年5月,题,\"发布日期：2024-05-06\n改革。\"\n2024年5月,题,\"发布日期：2024-06-06\n改革。\"\n".as_bytes();
    let (documents, ..) = read_files(&[("a.csv", csv)]);
    let dates: Vec<String> = documents.iter().map(|d| d.date.map_or(String::new(), |d| d.to_string())).collect();
    assert_eq!(dates, ["2024-05-06", ""]);
}

#[test]
fn a_date_column_that_cannot_be_read_is_not_replaced_by_a_guess() {
    let csv = "日期,正文\n昨天,一。\n,二。\n2023,三。\n".as_bytes();
    let (documents, _, warnings) = read_files(&[("news_20240101.csv", csv)]);
    let dates: Vec<String> = documents.iter().map(|d| d.date.map_or(String::new(), |d| d.to_string())).collect();
    assert_eq!(dates, ["", "2024-01-01", ""]);
    assert_eq!(warnings.iter().map(|w| w.code).collect::<Vec<_>>(), ["W_DATE", "W_DATE_PARTIAL"]);
}

#[test]
fn text_under_the_name_of_a_binary_is_read_and_a_binary_under_the_name_of_text_is_not() {
    let pdf = b"%PDF-1.7\n1 0 obj\n".repeat(50);
    let (documents, bad, warnings) = read_files(&[
        ("a.xlsx", "title,text\n甲,一。\n".as_bytes()),
        ("b.docx", TEXT.as_bytes()),
        ("c.jsonl.gz", &gz(&pdf)),
        ("d.docx", &pdf),
        ("e.doc", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"),
        ("f.csv.gz", &gz(&gz(TEXT.as_bytes()))),
    ]);
    assert_eq!(documents.iter().map(|d| d.title.as_str()).collect::<Vec<_>>(), ["甲", "推进改革的通知"]);
    let found: Vec<(&str, &str)> = warnings.iter().map(|w| (w.code, &*w.path)).collect();
    assert_eq!(found, ["a.xlsx", "b.docx", "c.jsonl.gz", "d.docx"].map(|path| ("W_EXTENSION", path)));
    assert_eq!(codes(&bad), ["c.jsonl.gz", "d.docx", "e.doc", "f.csv.gz"].map(|path| (path.to_string(), None, "E_FORMAT")));
    let says = |at: usize, what: &str| assert!(bad[at].message.contains(what), "{}", bad[at].message);
    says(2, "old Office document");
    says(3, "compressed twice");
}

#[test]
fn what_a_cut_file_held_before_the_cut_is_kept() {
    let lines: String = (0..20_000).map(|n| format!("{{\"text\":\"{n}：{}。\"}}\n", blake3::hash(&[n as u8]))).collect();
    let packed = gz(lines.as_bytes());
    let (documents, bad, _) = read_files(&[("a.jsonl.gz", &packed[..packed.len() / 2])]);
    assert!(documents.len() > 100 && documents.len() < 20_000, "{}", documents.len());
    assert_eq!(codes(&bad), [("a.jsonl.gz".to_string(), None, "E_FORMAT")]);
}

#[test]
fn batches_report_the_bytes_of_the_files_as_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let lines = "{\"text\":\"改革发展。\"}\n\n".repeat(100_000);
    fs::write(folder.path().join("a.jsonl.zst"), zst(lines.as_bytes())).unwrap();
    fs::write(folder.path().join("b.txt"), TEXT).unwrap();
    fs::write(folder.path().join("c.pdf"), b"%PDF-1.7").unwrap();
    fs::write(folder.path().join("d.jsonl"), &lines).unwrap();
    let options = SourceOptions::default();
    let listing = list(&[InputRoot { path: folder.path().to_path_buf(), label: None }]).unwrap();
    let read: u64 = BatchReader::new(&listing.files, &options).map(|batch| batch.read(&options).bytes).sum();
    assert_eq!(read, listing.files.iter().map(|f| f.bytes).sum::<u64>());
}

#[test]
fn sizes_are_bounded() {
    let folder = tempfile::tempdir().unwrap();
    let small = SourceOptions { max_document_bytes: 1_000, max_expansion: 2, ..SourceOptions::default() };
    fs::write(folder.path().join("long.txt"), "字".repeat(1_000)).unwrap();
    fs::write(folder.path().join("long.jsonl"), format!("{{\"text\":\"{}\"}}\n{{\"text\":\"好。\"}}\n", "字".repeat(1_000))).unwrap();
    fs::write(folder.path().join("long.csv"), format!("text\n\"{}\n\"\n好。\n", "字".repeat(1_000))).unwrap();
    fs::write(folder.path().join("bomb.txt.gz"), gz(&vec![b'a'; 80 << 20])).unwrap();
    fs::write(folder.path().join("bomb.jsonl.zst"), zst(&vec![b'\n'; 80 << 20])).unwrap();
    let (documents, bad, _) = read_folder(folder.path(), &small);
    assert_eq!(documents.iter().map(|d| d.body.as_str()).collect::<Vec<_>>(), ["好。", "好。"]);
    let row = |path: &str, record| (path.to_string(), record, "E_TOO_LARGE");
    assert_eq!(
        codes(&bad),
        [
            row("bomb.jsonl.zst", None),
            row("bomb.txt.gz", None),
            row("long.csv", Some(1)),
            row("long.jsonl", Some(1)),
            row("long.txt", None)
        ]
    );
}

#[test]
fn the_seed_document_says_who_and_what_but_not_when() {
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds");
    let (documents, _, warnings) = read_folder(&seeds, &SourceOptions::default());
    let seed = documents.iter().find(|d| &*d.path == "000_fb77fa30169a27a9.txt").unwrap();
    assert_eq!(seed.id.to_string(), "d8948b847d948");
    assert_eq!(seed.title, "习近平主持召开深入推进长三角一体化发展座谈会");
    assert!(seed.body.starts_with("新华社上海11月30日电"));
    assert_eq!((seed.source.as_str(), seed.date), ("新华社", None));
    assert!(warnings.iter().any(|w| w.code == "W_DATE_YEAR"));
}

#[test]
fn batches_depend_on_bytes_alone_and_lose_nothing() {
    let lines: String = (0..5_000).map(|n| format!("{{\"id\":{n},\"text\":\"{}\"}}\n", "改革发展。".repeat(30))).collect();
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.jsonl"), lines).unwrap();
    let options = SourceOptions::default();
    let listing = list(&[InputRoot { path: folder.path().to_path_buf(), label: None }]).unwrap();
    let batches: Vec<_> = BatchReader::new(&listing.files, &options).collect();
    assert!(batches.len() > 2);
    let records: Vec<u64> = batches.into_iter().flat_map(|b| b.read(&options).documents).filter_map(|d| d.record).collect();
    assert_eq!(records, (1..=5_000).collect::<Vec<u64>>());
}

proptest::proptest! {
    #[test]
    fn no_table_panics(text in "(text,|[a\",;\r\n\0一]){0,40}") {
        read_files(&[("a.csv", format!("text,id\n{text}").as_bytes()), ("b.csv", text.as_bytes())]);
    }

    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..300), kind in 0usize..6) {
        let name = ["a.txt", "a.md", "a.jsonl", "a.csv", "a.txt.gz", "a.xlsx"][kind];
        read_files(&[(name, &bytes)]);
    }
}
