//! Folders as the state remembers them: where they lie beside it, by the way from its parent, so that a project may be moved as a
//! whole.

use std::path::{Path, PathBuf};

use super::prepare::absolute;

/// How a path is remembered in this state folder.
pub(super) fn remembered(state: &Path, path: &Path) -> String {
    let path = absolute(path);
    let inside = absolute(state).parent().and_then(|home| path.strip_prefix(home).ok()).map(Path::to_path_buf);
    inside.unwrap_or(path).display().to_string()
}

/// Where a remembered path is now.
pub(super) fn place_of(state: &Path, remembered: &str) -> PathBuf {
    let state = absolute(state);
    state.parent().unwrap_or(&state).join(remembered)
}

/// Whether a path is the remembered one.
pub(super) fn is_remembered(state: &Path, remembered: &str, path: &Path) -> bool {
    place_of(state, remembered) == absolute(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_beside_the_state_moves_with_it() {
        let folder = tempfile::tempdir().unwrap();
        let [old, new] = ["old", "new"].map(|name| folder.path().join(name));
        std::fs::create_dir_all(old.join("input")).unwrap();
        let [inside, outside] = [old.join("input"), folder.path().join("share")].map(|path| remembered(&old.join(".yuliao"), &path));
        assert_eq!(inside, "input");
        assert!(Path::new(&outside).is_absolute(), "{outside}");
        std::fs::rename(&old, &new).unwrap();
        let state = new.join(".yuliao");
        assert!(is_remembered(&state, &inside, &new.join("input")) && is_remembered(&state, &outside, &folder.path().join("share")));
        assert!(!is_remembered(&state, &inside, &old.join("input")) && !is_remembered(&state, &inside, &new.join("output")));
        let before = absolute(&new.join("input")).display().to_string();
        assert!(is_remembered(&state, &before, &new.join("input")), "as they were remembered in full");
    }
}
