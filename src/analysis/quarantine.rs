//! quarantine.csv: every input that could not be used, and what to do about it.

use std::sync::Arc;

use crate::table::{Cells, Column, Definition, Table};

use super::{Inputs, Shared};

pub(super) static DEFINITION: Definition = Definition {
    name: "quarantine",
    title_zh: "未能读取的输入",
    title_en: "Quarantine",
    description: "One row an input that could not be used; it is left out everywhere else. Only a header when all is well.",
    key: "path, record",
    columns: &[
        Column::text("path", "路径", "Path", "File relative to its input folder."),
        Column::integer("record", "1 = first", "记录号", "Record", "Record number in the file; empty when the file as a whole is meant."),
        Column::integer("bytes", "bytes", "字节数", "Bytes", "Size of the file or record as read; 0 if unknown."),
        Column::text("stage", "阶段", "Stage", "read, decode, extract, split or analyse."),
        Column::text("code", "代码", "Code", "Stable code such as E_ENCODING; for filters and rules."),
        Column::text("message", "说明", "Message", "What was expected, what was found, what to do."),
    ],
    optional: &[],
};

struct Quarantine<'a> {
    inputs: Inputs<'a>,
    order: Vec<usize>,
}

pub(super) fn build<'a>(inputs: &Inputs<'a>, _: &Arc<Shared>) -> Box<dyn Table + 'a> {
    let mut order: Vec<usize> = (0..inputs.quarantined.len()).collect();
    let key = |at: &usize| {
        let q = &inputs.quarantined[*at];
        (q.path.clone(), q.record, q.code.as_str(), q.message.clone())
    };
    order.sort_by_key(key);
    Box::new(Quarantine { inputs: *inputs, order })
}

impl Table for Quarantine<'_> {
    fn definition(&self) -> &'static Definition {
        &DEFINITION
    }

    fn row_count(&self) -> usize {
        self.order.len()
    }

    fn write_row(&self, row: usize, cells: &mut dyn Cells) {
        let item = &self.inputs.quarantined[self.order[row]];
        cells.text(&item.path);
        cells.optional_integer(item.record);
        cells.integer(item.bytes);
        cells.text(item.stage.as_str());
        cells.text(item.code.as_str());
        cells.text(&item.message);
    }

    fn note(&self) -> Option<String> {
        let more: u64 = self.inputs.quarantined.iter().map(|item| item.count).filter(|count| *count > 1).sum();
        (more > 0).then(|| format!("{more} records have no row of their own: in a file with many one row stands for the rest"))
    }
}
