//! What is said of a workbook that cannot be read.

use crate::source::quarantine::{Code, Failure, Stage};

pub(super) fn damaged(what: &str) -> Failure {
    format(&format!(
        "expected a workbook, found a damaged one ({what}); open it and save it again as .xlsx, or save its sheet as CSV UTF-8"
    ))
}

pub(super) fn protected() -> Failure {
    format("expected a workbook that opens without a password, found one that is protected with a password; save it without")
}

pub(super) fn no_workbook(what: &str) -> Failure {
    format(&format!("expected a workbook (.xlsx, .xlsm, .xlsb, .xls or .ods), found {what}; save its sheet as .xlsx or CSV UTF-8"))
}

fn format(message: &str) -> Failure {
    Failure::new(Stage::Extract, Code::Format, message)
}

pub(super) fn too_many_cells(sheet: &str, most: usize) -> Failure {
    too_large(&format!(
        "expected at most {most} cells in the workbook, found more in sheet {sheet:?}; delete what stands far outside its table, or split it"
    ))
}

pub(super) fn too_much_text() -> Failure {
    too_large(
        "expected a workbook that unpacks to input.max_expansion times its size at most, found one that grows on; save its sheet as CSV UTF-8",
    )
}

fn too_large(message: &str) -> Failure {
    Failure::new(Stage::Extract, Code::TooLarge, message)
}
