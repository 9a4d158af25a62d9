//! Files and folders, reached by descriptor.

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use cap_fs_ext::{DirExt, FollowSymlinks, OpenOptionsFollowExt};
use cap_std::ambient_authority;
use cap_std::fs::{Dir, File, FileType, Metadata, OpenOptions};

use crate::grants::{Grants, Way};
use crate::paths::Root;
use crate::{Access, Denial, Failure, Reason};

/// What is in a place of the file system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryKind {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A link, of which it is not looked where it leads.
    Link,
    /// A device, a pipe, a socket: nothing that code can use.
    Special,
}

impl EntryKind {
    /// The word for it: `file`, `folder`, `link` or `special`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Folder => "folder",
            Self::Link => "link",
            Self::Special => "special",
        }
    }

    fn of(kind: FileType) -> Self {
        match () {
            () if kind.is_file() => Self::File,
            () if kind.is_dir() => Self::Folder,
            () if kind.is_symlink() => Self::Link,
            () => Self::Special,
        }
    }
}

/// What is known about a file or folder.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// What it is.
    pub kind: EntryKind,
    /// How many bytes it has.
    pub size: u64,
    /// When its content last changed, where the system knows.
    pub modified: Option<SystemTime>,
}

impl Entry {
    fn of(metadata: &Metadata) -> Self {
        let modified = metadata.modified().ok().map(cap_std::time::SystemTime::into_std);
        Self { kind: EntryKind::of(metadata.file_type()), size: metadata.len(), modified }
    }
}

/// A path below a folder that is open.
struct Place<'p> {
    access: Access,
    path: &'p Path,
    folder: Dir,
    rest: PathBuf,
    /// Whether a link in the last place is followed. What was granted by its own name is not exchanged for a link.
    follows: FollowSymlinks,
    /// Whether it was granted as a path below `/proc`.
    names_processes: bool,
}

impl Place<'_> {
    /// What a failure of the system means: a way that leads out of what was granted is told by the library without the
    /// system's own number.
    fn failure(&self, error: io::Error) -> Failure {
        let leads_out = error.kind() == io::ErrorKind::PermissionDenied && error.raw_os_error().is_none();
        if leads_out { self.leads_out() } else { Failure::System(error) }
    }

    fn leads_out(&self) -> Failure {
        Failure::Denied(self.denial(Some(Reason::LeadsOut)))
    }

    fn done<T>(&self, outcome: io::Result<T>) -> Result<T, Failure> {
        outcome.map_err(|error| self.failure(error))
    }

    fn metadata(&self) -> Result<Metadata, Failure> {
        self.done(match self.follows {
            FollowSymlinks::Yes => self.folder.metadata(&self.rest),
            FollowSymlinks::No => self.folder.symlink_metadata(&self.rest),
        })
    }

    /// Opens a regular file. Nothing else is opened: merely that may do something to a device, and take for ever for a pipe.
    fn open(&self, options: &mut OpenOptions) -> Result<File, Failure> {
        match self.metadata() {
            Ok(metadata) => self.expect_file(metadata.file_type())?,
            Err(Failure::System(error)) if error.kind() == io::ErrorKind::NotFound => {}
            Err(failure) => return Err(failure),
        }
        options.follow(self.follows);
        set_flags(options);
        let file = self.done(self.folder.open_with(&self.rest, options))?;
        // It may be another one by now.
        self.expect_file(self.done(file.metadata())?.file_type())?;
        if !self.names_processes && tells_of_processes(&file) {
            return Err(Failure::Denied(self.denial(Some(Reason::Processes))));
        }
        Ok(file)
    }

    fn denial(&self, reason: Option<Reason>) -> Denial {
        Denial { access: self.access, target: self.path.display().to_string(), reason }
    }

    fn expect_file(&self, kind: FileType) -> Result<(), Failure> {
        match EntryKind::of(kind) {
            EntryKind::File => Ok(()),
            EntryKind::Link => Err(self.leads_out()),
            EntryKind::Folder => Err(Failure::System(io::ErrorKind::IsADirectory.into())),
            EntryKind::Special => {
                let message = "it is a device, a pipe or a socket, and no file";
                Err(Failure::System(io::Error::new(io::ErrorKind::InvalidInput, message)))
            }
        }
    }

    fn open_folder(&self) -> Result<Dir, Failure> {
        if matches!(self.follows, FollowSymlinks::No) && self.metadata()?.file_type().is_symlink() {
            return Err(self.leads_out());
        }
        self.done(match self.follows {
            FollowSymlinks::Yes => self.folder.open_dir(&self.rest),
            FollowSymlinks::No => self.folder.open_dir_nofollow(&self.rest),
        })
    }
}

/// Whether a file is of the system that shows processes as files. They hold the memory and the environment of the host itself.
#[cfg(target_os = "linux")]
fn tells_of_processes(file: &File) -> bool {
    rustix::fs::fstatfs(file).is_ok_and(|system| system.f_type == rustix::fs::PROC_SUPER_MAGIC)
}

#[cfg(not(target_os = "linux"))]
fn tells_of_processes(_file: &File) -> bool {
    false
}

#[cfg(unix)]
fn set_flags(options: &mut OpenOptions) {
    use cap_std::fs::OpenOptionsExt;
    use rustix::fs::OFlags;

    options.custom_flags((OFlags::NONBLOCK | OFlags::NOCTTY).bits().cast_signed());
}

#[cfg(not(unix))]
fn set_flags(_options: &mut OpenOptions) {}

impl Grants {
    /// Opens a file for reading.
    ///
    /// # Errors
    ///
    /// It is not granted, not there, or no regular file; or the system refuses.
    pub fn read(&self, path: &str) -> Result<std::fs::File, Failure> {
        let path = self.path(path)?;
        let place = self.place(Access::Read, &path, FollowSymlinks::Yes)?;
        place.open(OpenOptions::new().read(true)).map(File::into_std)
    }

    /// Opens a file for writing from its start, and empties it; makes one if there is none.
    ///
    /// # Errors
    ///
    /// As for [`read`](Self::read).
    pub fn write(&self, path: &str) -> Result<std::fs::File, Failure> {
        let path = self.path(path)?;
        let place = self.place(Access::Write, &path, FollowSymlinks::Yes)?;
        let file = place.open(OpenOptions::new().write(true).create(true))?;
        file.set_len(0)?;
        Ok(file.into_std())
    }

    /// Opens a file for writing at its end; makes one if there is none.
    ///
    /// # Errors
    ///
    /// As for [`read`](Self::read).
    pub fn append(&self, path: &str) -> Result<std::fs::File, Failure> {
        let path = self.path(path)?;
        let place = self.place(Access::Write, &path, FollowSymlinks::Yes)?;
        place.open(OpenOptions::new().append(true).create(true)).map(File::into_std)
    }

    /// What is at a path, links followed.
    ///
    /// # Errors
    ///
    /// It is not granted to be read, or not there; or the system refuses.
    pub fn entry(&self, path: &str) -> Result<Entry, Failure> {
        let path = self.path(path)?;
        self.place(Access::Read, &path, FollowSymlinks::Yes)?.metadata().map(|metadata| Entry::of(&metadata))
    }

    /// The names in a folder, in no order; one after the other, since there may be many.
    ///
    /// # Errors
    ///
    /// It is not granted to be read, not there, or no folder; or the system refuses.
    pub fn names(&self, path: &str) -> Result<impl Iterator<Item = io::Result<OsString>> + use<>, Failure> {
        let path = self.path(path)?;
        let place = self.place(Access::Read, &path, FollowSymlinks::Yes)?;
        let entries = place.done(place.open_folder()?.entries())?;
        Ok(entries.map(|entry| entry.map(|entry| entry.file_name())))
    }

    /// Opens a folder, which is also found at the path.
    pub(crate) fn folder(&self, access: Access, path: &str) -> Result<(Dir, PathBuf), Failure> {
        let path = self.path(path)?;
        let folder = self.place(access, &path, FollowSymlinks::Yes)?.open_folder()?;
        Ok((folder, path))
    }

    /// Makes a folder, and those above it that are missing. One that is there is left as it is.
    ///
    /// # Errors
    ///
    /// It is not granted to be written to, or something else is there; or the system refuses.
    pub fn make_folder(&self, path: &str) -> Result<(), Failure> {
        let path = self.path(path)?;
        match self.way(Access::Write, &path) {
            Some(Way::Freely) => return Ok(std::fs::create_dir_all(&path)?),
            // What was granted may be missing itself.
            Some(Way::Below(Root { path: root, place: Some((folder, name)) })) if *root != path => {
                match folder.create_dir(name) {
                    Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error.into()),
                    _ => {}
                }
            }
            _ => {}
        }
        let place = self.place(Access::Write, &path, FollowSymlinks::Yes)?;
        place.done(place.folder.create_dir_all(&place.rest))
    }

    /// Removes a file, a link, or an empty folder.
    ///
    /// # Errors
    ///
    /// It is not granted to be written to, not there, or a folder with something in it; or the system refuses.
    pub fn remove(&self, path: &str) -> Result<(), Failure> {
        let path = self.path(path)?;
        let place = self.place(Access::Write, &path, FollowSymlinks::No)?;
        let is_folder = place.done(place.folder.symlink_metadata(&place.rest))?.is_dir();
        place.done(if is_folder {
            place.folder.remove_dir(&place.rest)
        } else {
            place.folder.remove_file(&place.rest)
        })
    }

    /// Gives a file or folder another path, and takes the place of a file that is there. It has to be granted to be read and
    /// written where it was, since it may be read where it comes, and to be written where it comes.
    ///
    /// # Errors
    ///
    /// It is not granted, not there, or cannot be moved there; or the system refuses.
    pub fn rename(&self, from: &str, to: &str) -> Result<(), Failure> {
        let (from, to) = (self.path(from)?, self.path(to)?);
        self.place(Access::Read, &from, FollowSymlinks::No).map_err(|failure| match failure {
            Failure::Denied(denial) => Failure::Denied(Denial { reason: Some(Reason::Moves), ..denial }),
            failure => failure,
        })?;
        let source = self.place(Access::Write, &from, FollowSymlinks::No)?;
        let target = self.place(Access::Write, &to, FollowSymlinks::No)?;
        target.done(source.folder.rename(&source.rest, &target.folder, &target.rest))
    }

    fn path(&self, path: &str) -> Result<PathBuf, Failure> {
        if path.is_empty() || path.contains('\0') {
            return Err(Failure::Impossible(format!("expected a path, found {path:?}")));
        }
        Ok(self.absolute(path))
    }

    fn place<'p>(
        &self,
        access: Access,
        path: &'p Path,
        follows: FollowSymlinks,
    ) -> Result<Place<'p>, Failure> {
        let way = self.way(access, path);
        let names_processes = matches!(&way, Some(Way::Below(root)) if root.path.starts_with("/proc"));
        let place = |folder, rest, follows| Place { access, path, folder, rest, follows, names_processes };
        match way {
            None => {
                let target = path.display().to_string();
                Err(Failure::Denied(Denial { access, target, reason: None }))
            }
            Some(Way::Freely) => {
                let (folder, name) = real(path, follows)?;
                let folder = Dir::open_ambient_dir(folder, ambient_authority())?;
                Ok(place(folder, name.into(), FollowSymlinks::No))
            }
            Some(Way::Below(root)) => {
                let Some((folder, name)) = &root.place else {
                    return Err(Failure::System(io::ErrorKind::NotFound.into()));
                };
                let rest = path.strip_prefix(&root.path).unwrap_or(path);
                let at_root = place(folder.try_clone()?, name.into(), FollowSymlinks::No);
                if rest.as_os_str().is_empty() {
                    return Ok(at_root);
                }
                Ok(place(at_root.open_folder()?, rest.to_owned(), follows))
            }
        }
    }
}

/// The folder of a path and its name in there, without links.
fn real(path: &Path, follows: FollowSymlinks) -> io::Result<(PathBuf, OsString)> {
    let follows = matches!(follows, FollowSymlinks::Yes);
    let real = if follows { path.canonicalize().ok() } else { None };
    let (folder, path) = match &real {
        Some(real) => (real.parent().map(Path::to_owned), &**real),
        None => (path.parent().map(Path::canonicalize).transpose()?, path),
    };
    let name = path.file_name().map_or_else(|| ".".into(), OsStr::to_owned);
    Ok((folder.unwrap_or_else(|| path.to_owned()), name))
}
