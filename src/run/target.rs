//! Where a single table may be written: nowhere that it would destroy what it was made from.

use std::fs;
use std::path::{Path, PathBuf};

use super::prepare::{absolute, roots};
use super::{Prepared, RunError};

impl Prepared {
    /// The file to write when `--output` says `output`: that file, or `file_name` in that folder. Asked before the long work.
    ///
    /// # Errors
    /// Where the file would be an input or lie inside one; what is there and is no file; a folder that is missing or cannot be
    /// written to.
    pub fn target(&self, output: &Path, file_name: &str) -> Result<PathBuf, RunError> {
        let target = if output.is_dir() { output.join(file_name) } else { output.to_path_buf() };
        self.refuse_input(&target)?;
        if fs::metadata(&target).is_ok_and(|found| !found.is_file()) {
            return Err(RunError::Config(format!(
                "--output {}: expected a file, or a folder to write {file_name} into, found {}; name another, or leave it out to write \
                 to standard output",
                target.display(),
                if target.is_dir() { "a folder of that name" } else { "a pipe or device" }
            )));
        }
        refuse_folder(output, &target)?;
        Ok(target)
    }

    fn refuse_input(&self, target: &Path) -> Result<(), RunError> {
        let real = absolute(target);
        let roots = roots(&self.config);
        let input = match roots.iter().find(|root| real.starts_with(absolute(&root.path))) {
            Some(root) => &root.path,
            // A link in an input leads to it.
            None => match self.linked_input(&real) {
                Some(path) => path,
                None => return Ok(()),
            },
        };
        let found = if real == absolute(input) { "which is that input" } else { "which lies inside it" };
        Err(RunError::Config(format!(
            "--output {}: expected a place outside the input {}, found one {found}: a document would be overwritten, or the table read as \
             one; choose another",
            target.display(),
            input.display()
        )))
    }

    fn linked_input(&self, real: &Path) -> Option<&PathBuf> {
        let bytes = fs::metadata(real).ok()?.len();
        let same_size = self.listing.files.iter().filter(|file| file.bytes == bytes);
        same_size.map(|file| &file.path).find(|path| absolute(path) == real)
    }
}

fn refuse_folder(output: &Path, target: &Path) -> Result<(), RunError> {
    let folder = match target.parent() {
        // `hits/` asks for a folder, and none is there.
        _ if output.as_os_str().as_encoded_bytes().ends_with(b"/") && !output.is_dir() => output,
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let refused = |found: String, advice: &str| {
        let (target, folder) = (target.display(), folder.display());
        Err(RunError::CannotCreate(format!("--output {target}: expected a folder {folder} to write into, found {found}; {advice}")))
    };
    if !folder.exists() {
        return refused("none".to_string(), "make it, or name another");
    }
    if !folder.is_dir() {
        return refused("a file".to_string(), "name another");
    }
    match tempfile::tempfile_in(folder) {
        Ok(_) => Ok(()),
        Err(error) => refused(format!("one that cannot be written to ({})", error.kind()), "mend its permissions, or name another"),
    }
}
