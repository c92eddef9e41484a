//! How files are read.

use std::path::PathBuf;

use serde::{Deserialize, Deserializer, Serialize, de};

use crate::encoding::Encoding;

/// Options of reading.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SourceOptions {
    /// Encoding of all files. Default: decided for each file.
    pub encoding: Encoding,
    /// Year of datelines that state none; 0 = unknown, and the date stays empty.
    #[serde(deserialize_with = "year")]
    pub year: u16,
    /// Who `本报` is; empty = unknown.
    pub name: String,
    /// Largest document or record after unpacking, in bytes. Default 16 MiB.
    pub max_document_bytes: u64,
    /// Most that a compressed file may grow by unpacking; 64 MiB are always allowed. Default 200 times.
    pub max_expansion: u64,
    /// Largest share of characters that could not be decoded, 0 to 1. Default 0.02.
    #[serde(deserialize_with = "share")]
    pub max_replaced_share: f64,
    /// Largest file that must be held whole to be read (.docx, .pdf, web page, workbook), in bytes. Default 64 MiB.
    pub max_file_bytes: u64,
    /// Most that one archive may unpack to, in bytes. Default 2 GiB.
    pub max_unpacked_bytes: u64,
    /// Most entries of one archive. Default 100,000.
    pub max_entries: u64,
    /// How deep archives may lie in archives. Default 2.
    pub max_nesting: u32,
    /// How deep elements of XML or HTML may lie in elements. Default 256.
    pub max_depth: u32,
    /// Most pages of a PDF. Default 2,000.
    pub max_pages: u32,
    /// Longest time for one document that is not plain text, in seconds; 0 = as long as it takes. Default 60.
    pub timeout_seconds: u64,
    /// Most memory for reading one PDF or workbook, in bytes. Default 1 GiB.
    pub max_memory_bytes: u64,
    /// Least share of Han characters among the letters of a PDF, 0 to 1: below it the text layer is taken for garbage.
    /// Default 0.2; 0 for corpora in other languages.
    #[serde(deserialize_with = "share")]
    pub min_han: f64,
    /// The program that reads PDF and workbooks in a process of its own: one that calls `serve_extraction` when its first
    /// argument is `EXTRACTION_COMMAND`. No setting of the user: who starts the run sets it. Default none: they are read on a
    /// thread, where neither memory has a limit nor an abort is survived.
    #[serde(skip)]
    pub helper: Option<PathBuf>,
    /// Names of columns and fields.
    pub fields: FieldOptions,
}

impl Default for SourceOptions {
    fn default() -> Self {
        Self {
            encoding: Encoding::Auto,
            year: 0,
            name: String::new(),
            max_document_bytes: 16 << 20,
            max_expansion: 200,
            max_replaced_share: 0.02,
            max_file_bytes: 64 << 20,
            max_unpacked_bytes: 2 << 30,
            max_entries: 100_000,
            max_nesting: 2,
            max_depth: 256,
            max_pages: 2_000,
            timeout_seconds: 60,
            max_memory_bytes: 1 << 30,
            min_han: 0.2,
            helper: None,
            fields: FieldOptions::default(),
        }
    }
}

fn year<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u16, D::Error> {
    let year = u16::deserialize(deserializer)?;
    match year {
        0 | 1000..=9999 => Ok(year),
        _ => Err(de::Error::custom(format!("expected a year of four digits, or 0 for none, found {year}"))),
    }
}

fn share<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    let share = f64::deserialize(deserializer)?;
    if (0.0..=1.0).contains(&share) { Ok(share) } else { Err(de::Error::custom(format!("expected a share from 0 to 1, found {share}"))) }
}

fn at_least_one<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let names = Vec::<String>::deserialize(deserializer)?;
    if names.is_empty() { Err(de::Error::custom("expected a name, found none: no record would have a text")) } else { Ok(names) }
}

/// Names of columns and fields, first match wins; letter case is ignored, a dotted name reaches a nested object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FieldOptions {
    /// Key of a record.
    pub id: Vec<String>,
    /// Title.
    pub title: Vec<String>,
    /// Publication date.
    pub date: Vec<String>,
    /// Agency or issuing body.
    pub source: Vec<String>,
    /// The text.
    #[serde(deserialize_with = "at_least_one")]
    pub text: Vec<String>,
    /// Document number.
    pub document_number: Vec<String>,
    /// The body that issued it.
    pub issuing_body: Vec<String>,
}

impl FieldOptions {
    /// Whether one of the fields beside the text has this name; letter case of ASCII is ignored.
    pub fn has_name_beside_text(&self, name: &str) -> bool {
        let fields = [&self.id, &self.title, &self.date, &self.source, &self.document_number, &self.issuing_body];
        fields.into_iter().flatten().any(|one| one.eq_ignore_ascii_case(name))
    }
}

impl Default for FieldOptions {
    fn default() -> Self {
        let names = |list: &[&str]| list.iter().map(ToString::to_string).collect();
        Self {
            id: names(&["id", "编号", "編號"]),
            title: names(&["title", "标题", "题目", "標題", "題目", "文件名称", "文件标题"]),
            date: names(&[
                "date",
                "日期",
                "发布时间",
                "发布日期",
                "pubdate",
                "time",
                "时间",
                "發布時間",
                "發佈時間",
                "發布日期",
                "時間",
                "成文日期",
                "发文日期",
                "印发日期",
                "公布日期",
                "刊发日期",
                "见报日期",
            ]),
            source: names(&["source", "来源", "发布机构", "机构", "author", "作者", "來源", "發布機構", "機構"]),
            text: names(&[
                "text",
                "content",
                "正文",
                "内容",
                "body",
                "全文",
                "文本",
                "摘要",
                "abstract",
                "summary",
                "內容",
                "主要内容",
                "内容摘要",
            ]),
            document_number: names(&["document_number", "发文字号", "文号", "文件编号", "發文字號", "文號"]),
            issuing_body: names(&["issuing_body", "发文机关", "发文单位", "制定机关", "公布机关", "發文機關"]),
        }
    }
}
