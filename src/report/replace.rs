//! One file in the place of another, in one step.

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::Path;

/// Writes `bytes` beside `path` and renames them into place: whoever reads it sees the old file or the new one, whole. The new
/// file has the permissions of the old one; a symbolic link stays, and the file it leads to is replaced.
///
/// # Errors
/// When the folder cannot be written to; the old file then stands.
pub fn replace_file(path: &Path, bytes: &[u8]) -> io::Result<()> {
    replace_file_with(path, |file| file.write_all(bytes))
}

/// The same for a file that `write` writes piece by piece.
///
/// # Errors
/// As [`replace_file`], and when `write` fails. A pipe, a device or a folder is not replaced
/// ([`io::ErrorKind::InvalidInput`]).
pub fn replace_file_with<T>(path: &Path, write: impl FnOnce(&mut (dyn Write + Send)) -> io::Result<T>) -> io::Result<T> {
    let path = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    let existing = fs::metadata(&path).ok();
    if existing.as_ref().is_some_and(|found| !found.is_file()) {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "expected a file, found a folder, pipe or device"));
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    let permissions = existing.as_ref().map(fs::Metadata::permissions).or_else(new_file_permissions);
    if let Some(permissions) = &permissions {
        builder.permissions(permissions.clone());
    }
    // The name of a temporary file would tell nobody anything.
    let file = builder.prefix(".yuliao-").tempfile_in(folder).map_err(|error| io::Error::from(error.kind()))?;
    let mut buffered = BufWriter::new(file.as_file());
    let written = write(&mut buffered)?;
    buffered.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.as_file().sync_all()?;
    // What the umask took away from the old file's permissions is given back.
    if let (true, Some(permissions)) = (existing.is_some(), permissions) {
        file.as_file().set_permissions(permissions)?;
    }
    file.persist(&path).map_err(|error| error.error)?;
    Ok(written)
}

/// A temporary file is for its owner alone; a list or table is for whom the umask allows.
#[cfg(unix)]
fn new_file_permissions() -> Option<fs::Permissions> {
    Some(std::os::unix::fs::PermissionsExt::from_mode(0o666))
}

#[cfg(not(unix))]
fn new_file_permissions() -> Option<fs::Permissions> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_replaced_and_nothing_is_left_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        for text in ["one", "two"] {
            replace_file(&path, text.as_bytes()).unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), text);
        }
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        assert!(replace_file(&folder.path().join("no/a.txt"), b"").is_err());
    }

    #[cfg(unix)]
    #[test]
    fn what_is_no_file_is_not_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let (socket, inner) = (folder.path().join("socket"), folder.path().join("inner"));
        let _bound = std::os::unix::net::UnixListener::bind(&socket).unwrap();
        fs::create_dir(&inner).unwrap();
        for path in [socket, inner, "/dev/null".into()] {
            let before = fs::metadata(&path).unwrap().file_type();
            assert_eq!(replace_file(&path, b"").unwrap_err().kind(), io::ErrorKind::InvalidInput);
            assert_eq!(fs::metadata(&path).unwrap().file_type(), before);
        }
        let missing = replace_file(&folder.path().join("no/a.txt"), b"").unwrap_err().to_string();
        assert!(!missing.contains(".yuliao-"), "{missing}");
    }

    #[cfg(unix)]
    #[test]
    fn permissions_and_links_stay() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let (path, link) = (folder.path().join("a.txt"), folder.path().join("link"));
        fs::write(&path, "one").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o664)).unwrap();
        std::os::unix::fs::symlink(&path, &link).unwrap();
        replace_file(&link, b"two").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "two");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o664);
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    }
}
