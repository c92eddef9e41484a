//! datapackage.json: every table described for machines, by the Frictionless Data Package standard, version 2.

use std::io;
use std::path::Path;

use serde::Serialize;

use crate::table::{Column, Definition, Kind};

use super::csv::{CsvFile, HashingFile, WrittenTable};
use super::{Flavor, ReportOptions};

#[derive(Serialize)]
struct Package<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    name: &'static str,
    title: &'static str,
    description: &'static str,
    resources: Vec<Resource<'a>>,
}

#[derive(Serialize)]
struct Resource<'a> {
    name: String,
    #[serde(rename = "type")]
    kind: &'static str,
    path: &'a str,
    title: String,
    description: String,
    format: &'static str,
    mediatype: &'static str,
    encoding: &'static str,
    bytes: u64,
    hash: String,
    #[serde(rename = "rowCount")]
    rows: u64,
    dialect: Dialect,
    schema: Schema,
}

#[derive(Serialize)]
struct Dialect {
    header: bool,
    delimiter: &'static str,
    #[serde(rename = "lineTerminator")]
    line_terminator: &'static str,
    #[serde(rename = "quoteChar")]
    quote_char: &'static str,
    #[serde(rename = "doubleQuote")]
    double_quote: bool,
}

#[derive(Serialize)]
struct Schema {
    fields: Vec<Field>,
    #[serde(rename = "missingValues")]
    missing_values: [&'static str; 1],
}

#[derive(Serialize)]
struct Field {
    name: &'static str,
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    format: Option<&'static str>,
    title: String,
    description: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    unit: &'static str,
    #[serde(skip_serializing_if = "Option::is_none", rename = "decimalDigits")]
    decimal_digits: Option<u8>,
}

/// Writes the description of all files. Returns its size and SHA-256.
///
/// # Errors
/// When the file cannot be written.
pub fn write_datapackage(folder: &Path, tables: &[(&'static Definition, &WrittenTable)], options: &ReportOptions) -> io::Result<CsvFile> {
    let resources = tables
        .iter()
        .flat_map(|(definition, table)| table.files.iter().map(|f| resource(definition, &table.columns, f, options)))
        .collect();
    let package = Package {
        schema: "https://datapackage.org/profiles/2.0/datapackage.json",
        name: "yuliao-report",
        title: "语料报表 / Corpus report tables",
        description: "Term, co-occurrence and theme tables of a Chinese corpus; every number leads back to its sentences.",
        resources,
    };
    let mut bytes = serde_json::to_vec_pretty(&package)?;
    bytes.push(b'\n');
    let name = "datapackage.json".to_string();
    let mut file = HashingFile::create(&folder.join(&name))?;
    file.write(&bytes)?;
    let (bytes, sha256) = file.finish()?;
    Ok(CsvFile { name, rows: 0, bytes, sha256 })
}

fn resource<'a>(definition: &Definition, columns: &[&'static Column], file: &'a CsvFile, options: &ReportOptions) -> Resource<'a> {
    Resource {
        name: file.name.trim_end_matches(".csv").replace('_', "-"),
        kind: "table",
        path: &file.name,
        title: format!("{} / {}", definition.title_zh, definition.title_en),
        description: format!("{} Sorted by: {}.", definition.description, definition.key),
        format: "csv",
        mediatype: "text/csv",
        encoding: "utf-8",
        bytes: file.bytes,
        hash: format!("sha256:{}", file.sha256),
        rows: file.rows,
        dialect: Dialect {
            header: true,
            delimiter: ",",
            line_terminator: if options.flavor == Flavor::Plain { "\n" } else { "\r\n" },
            quote_char: "\"",
            double_quote: true,
        },
        schema: Schema { fields: columns.iter().map(|c| field(c, options)).collect(), missing_values: [""] },
    }
}

fn field(column: &Column, options: &ReportOptions) -> Field {
    let (kind, decimal_digits) = match column.kind {
        Kind::Text => ("string", None),
        Kind::Integer => ("integer", None),
        Kind::Decimal(digits) => ("number", Some(digits)),
        Kind::Date => ("date", None),
    };
    Field {
        name: if options.flavor == Flavor::Zh { column.title_zh } else { column.name },
        kind,
        format: (column.kind == Kind::Date).then_some("%Y-%m-%d"),
        title: format!("{} / {}", column.title_zh, column.title_en),
        description: column.definition,
        unit: column.unit,
        decimal_digits,
    }
}
