//! Commands that were granted, and running them.

use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use crate::grants::{Grants, Reach};
use crate::{Access, Denial, Failure};

/// A command that was granted: by its name, which is looked for on the search path once, or by a path.
#[derive(Debug)]
pub(crate) struct Granted {
    text: String,
    /// Where it is; nothing when it was not there.
    path: Option<PathBuf>,
}

/// The commands that one source grants.
#[derive(Debug)]
pub(crate) enum Commands {
    Everything,
    These(Vec<Granted>),
}

impl Commands {
    pub(crate) fn of(reach: &Reach, working_folder: &Path) -> Self {
        match reach {
            Reach::Everything => Self::Everything,
            Reach::These(texts) => {
                let granted =
                    |text: &String| Granted { text: text.clone(), path: find(text, working_folder) };
                Self::These(texts.iter().map(granted).collect())
            }
        }
    }

    /// Where the command is that was granted by this text.
    fn place(&self, text: &str) -> Option<&Path> {
        let Self::These(granted) = self else { return None };
        granted.iter().find(|granted| granted.text == text)?.path.as_deref()
    }

    fn covers(&self, text: &str, path: Option<&Path>) -> bool {
        match self {
            Self::Everything => true,
            Self::These(granted) => granted
                .iter()
                .any(|granted| granted.text == text || (path.is_some() && granted.path.as_deref() == path)),
        }
    }
}

/// The program that a name on the search path, or a path, means.
fn find(text: &str, working_folder: &Path) -> Option<PathBuf> {
    which::which_in(text, env::var_os("PATH"), working_folder).ok()
}

impl Grants {
    /// The program of a command, as an absolute path. A name is what was found on the search path when it was granted.
    ///
    /// # Errors
    ///
    /// It is not granted, or there is no such program.
    pub(crate) fn command(&self, text: &str) -> Result<PathBuf, Failure> {
        let granted = self.layers().iter().find_map(|layer| layer.commands.place(text)).map(Path::to_owned);
        // A name is not looked for before it is known to be granted: whether it is there is not told.
        let path = granted.or_else(|| {
            let is_free = self.layers().iter().all(|layer| matches!(layer.commands, Commands::Everything));
            let is_path = Path::new(text).components().count() > 1;
            if is_free || is_path { find(text, self.working_folder()) } else { None }
        });
        if !self.layers().iter().all(|layer| layer.commands.covers(text, path.as_deref())) {
            let target = text.to_owned();
            return Err(Failure::Denied(Denial { access: Access::Run, target, reason: None }));
        }
        path.ok_or_else(|| Failure::System(std::io::ErrorKind::NotFound.into()))
    }
}

/// What a text is that is passed to a process.
///
/// # Errors
///
/// It holds a NUL, which ends texts there.
pub(crate) fn passable(text: &str) -> Result<&OsStr, Failure> {
    if text.contains('\0') {
        return Err(Failure::Impossible(format!("expected a text without NUL, found {text:?}")));
    }
    Ok(OsStr::new(text))
}
