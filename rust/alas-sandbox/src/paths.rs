//! Paths as they are written, and the folders that they are granted below.

use std::ffi::OsString;
use std::path::{Component, Path, PathBuf};

use cap_std::ambient_authority;
use cap_std::fs::Dir;

/// The absolute form of a path without `.` and `..`, which are taken out as they are written, before anything is opened.
pub(crate) fn absolute(path: &Path, working_folder: &Path) -> PathBuf {
    let mut clean = PathBuf::new();
    for component in working_folder.join(path).components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                clean.pop();
            }
            component => clean.push(component),
        }
    }
    clean
}

/// A file or folder that was granted, with all that is below.
#[derive(Debug)]
pub(crate) struct Root {
    /// Its absolute path, as it is written.
    pub(crate) path: PathBuf,
    /// Where it is; nothing when its folder did not exist when it was granted.
    pub(crate) place: Option<(Dir, OsString)>,
}

impl Root {
    /// What a host grants by a path, whose links are followed now.
    pub(crate) fn granted(path: PathBuf) -> Self {
        let place = Self::find(&path);
        Self { path, place }
    }

    fn find(path: &Path) -> Option<(Dir, OsString)> {
        let real = path.canonicalize().or_else(|_| {
            let folder = path.parent().unwrap_or(path).canonicalize()?;
            Ok::<_, std::io::Error>(folder.join(path.file_name().unwrap_or_default()))
        });
        let real = real.ok()?;
        // The topmost folder has no name of its own; it is where it is.
        let (folder, name) = match (real.parent(), real.file_name()) {
            (Some(folder), Some(name)) => (folder, name.to_owned()),
            _ => (&*real, ".".into()),
        };
        Some((Dir::open_ambient_dir(folder, ambient_authority()).ok()?, name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_made_absolute_as_they_are_written() {
        for (path, expected) in [
            ("a", "/home/a"),
            ("./a/../b", "/home/b"),
            ("../..", "/"),
            ("/a//b/./c/..", "/a/b"),
            ("/../../etc", "/etc"),
            ("", "/home"),
        ] {
            assert_eq!(absolute(Path::new(path), Path::new("/home")), Path::new(expected), "{path}");
        }
    }
}
