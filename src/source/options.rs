//! How files are read.

use serde::{Deserialize, Serialize};

/// Options of reading.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SourceOptions {
    /// Encoding of all files. Default: decided for each file.
    pub encoding: Encoding,
    /// Year of datelines that state none; 0 = unknown, and the date stays empty.
    pub year: u16,
    /// Who `本报` is; empty = unknown.
    pub name: String,
    /// Largest document or record after unpacking, in bytes. Default 16 MiB.
    pub max_document_bytes: u64,
    /// Most that a compressed file may grow by unpacking; 64 MiB are always allowed. Default 200 times.
    pub max_expansion: u64,
    /// Largest share of characters that could not be decoded, 0 to 1. Default 0.02.
    pub max_replaced_share: f64,
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
            fields: FieldOptions::default(),
        }
    }
}

/// The encoding of files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
pub enum Encoding {
    /// Decided for each file.
    #[default]
    #[serde(rename = "auto")]
    Auto,
    /// UTF-8.
    #[serde(rename = "utf-8")]
    Utf8,
    /// GB18030, which includes GBK and GB2312.
    #[serde(rename = "gb18030")]
    Gb18030,
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
    pub text: Vec<String>,
}

impl Default for FieldOptions {
    fn default() -> Self {
        let names = |list: &[&str]| list.iter().map(ToString::to_string).collect();
        Self {
            id: names(&["id", "编号"]),
            title: names(&["title", "标题", "题目"]),
            date: names(&["date", "日期", "发布时间", "发布日期", "pubdate", "time", "时间"]),
            source: names(&["source", "来源", "发布机构", "机构"]),
            text: names(&["text", "content", "正文", "内容", "body", "全文"]),
        }
    }
}
