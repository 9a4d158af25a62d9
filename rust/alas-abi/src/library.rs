//! Opens libraries, and never closes one.
//!
//! A library is opened as a copy with a name of its own, which is removed from the disk as soon as it is mapped. So a file
//! may be built anew, or replaced, while the library runs; a plugin that is loaded again gets a library with fresh global
//! variables; and two plugins never share one. Libraries that the plugin lists beside its own are copied with it, so that it
//! finds them in the places that it expects, until it has begun. Those the system may share between plugins, which is refused
//! where they differ ([`companions`](crate::companions)).
//!
//! Nothing is ever unmapped: Go's runtime cannot be, and thread-local variables of Rust and C++ may not be. For the same
//! reason there is one exception to copying: a process can hold one runtime of Go, so a plugin in Go that is loaded again
//! from the same content gets the library that is there, and any other plugin in Go is refused. Where two interpreters have
//! such a plugin at once, they share its turn, and it begins with the first and ends with the last.

use std::ffi::CString;
use std::fs;
use std::io;
use std::mem;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::process;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use alas_engine::Turn;
use alas_plugin_abi::{ENTRY_SYMBOL, Entry};
use libloading::os::unix::{Library as System, RTLD_LOCAL, RTLD_NOW, Symbol};
use tempfile::TempDir;

use crate::binary::Binary;
use crate::companions::{Companion, Companions, hash};
use crate::error::{LoadError, LoadErrorCode as Code};
use crate::unwinding::{self, Catching, Ended};

/// A library that is mapped, for as long as the process runs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Library {
    pub(crate) entry: Entry,
    /// Of a library in C++.
    pub(crate) catching: Option<Catching>,
    /// Of a library that several plugins may use at once.
    pub(crate) shared: Option<&'static Shared>,
}

/// What the plugins share that use one library.
#[derive(Debug, Default)]
pub(crate) struct Shared {
    pub(crate) turn: Arc<Turn>,
    /// How many there are.
    users: Mutex<usize>,
}

impl Shared {
    /// Notes another user; the first one does some work, which may fail.
    ///
    /// Others wait meanwhile. So a log that the work writes to must neither load nor unload a plugin of this library.
    pub(crate) fn join(&self, begin: impl FnOnce() -> Result<(), LoadError>) -> Result<(), LoadError> {
        let mut users = self.users.lock().unwrap_or_else(PoisonError::into_inner);
        if *users == 0 {
            begin()?;
        }
        *users += 1;
        Ok(())
    }

    /// Notes that a user has gone; the last one does some work.
    pub(crate) fn leave(&self, end: impl FnOnce()) {
        let mut users = self.users.lock().unwrap_or_else(PoisonError::into_inner);
        *users -= 1;
        if *users == 0 {
            end();
        }
    }
}

/// The one library in Go that this process has opened.
struct GoLibrary {
    path: PathBuf,
    content: u64,
    library: Library,
}

/// What this process has opened that plugins share.
#[derive(Default)]
struct Opened {
    go: Option<GoLibrary>,
    companions: Companions,
}

static OPENED: LazyLock<Mutex<Opened>> = LazyLock::new(Mutex::default);

/// Opens a library. Its constructors run.
///
/// `folder` is that of the plugin, and `companions` are paths in it that the library may need. Their copies are in the folder
/// that is returned; a library that was there already has none.
///
/// # Errors
///
/// `io_error`, `cannot_open`, `missing_symbol`, `second_go_runtime`, `companion_conflict`.
pub(crate) fn open(
    binary: &Binary,
    folder: &Path,
    companions: &[PathBuf],
) -> Result<(Library, Option<TempDir>), LoadError> {
    let listed = companions.iter().filter(|path| **path != binary.path && path.is_file());
    let companions = listed.map(|path| Companion::read(path)).collect::<Result<Vec<_>, _>>();
    let companions = companions.map_err(|error| not_copied(&binary.path, &error))?;
    let mut opened = OPENED.lock().unwrap_or_else(PoisonError::into_inner);
    opened.companions.check(&companions)?;
    if !binary.is_go {
        let (library, place) = open_copy(binary, folder, companions, &mut opened.companions)?;
        return Ok((library, Some(place)));
    }
    let content = hash(&binary.content);
    match &opened.go {
        None => {
            let (library, place) = open_copy(binary, folder, companions, &mut opened.companions)?;
            let shared: &Shared = Box::leak(Box::default());
            let library = Library { shared: Some(shared), ..library };
            opened.go = Some(GoLibrary { path: binary.path.clone(), content, library });
            Ok((library, Some(place)))
        }
        Some(known) if known.content == content => Ok((known.library, None)),
        Some(known) => {
            let message = if known.path == binary.path {
                format!(
                    "{} has changed since this process opened it, and a process cannot open a second library in Go; \
                     start the process again",
                    binary.path.display()
                )
            } else {
                format!(
                    "{} is written in Go, and so is {}, which this process has opened; a process can hold one runtime of \
                     Go, so use the two in different processes",
                    binary.path.display(),
                    known.path.display()
                )
            };
            Err(LoadError::new(Code::SecondGoRuntime, message))
        }
    }
}

#[cold]
fn not_copied(library: &Path, error: &io::Error) -> LoadError {
    let library = library.display();
    let message = format!(
        "the library {library} cannot be copied to where it is opened: {error}; TMPDIR names another place"
    );
    LoadError::new(Code::IoError, message)
}

fn open_copy(
    binary: &Binary,
    folder: &Path,
    companions: Vec<Companion<'_>>,
    known: &mut Companions,
) -> Result<(Library, TempDir), LoadError> {
    let shown = binary.path.display();
    let failed = |error: io::Error| not_copied(&binary.path, &error);
    let place = tempfile::Builder::new().prefix("alas-native-").tempdir().map_err(failed)?;
    let copy_of = |path: &Path| {
        let inside = path.strip_prefix(folder).ok().or_else(|| path.file_name().map(Path::new));
        place.path().join(inside.unwrap_or(path))
    };
    let write = |path: &Path, content: &[u8]| {
        let copy = copy_of(path);
        copy.parent().map_or(Ok(()), fs::create_dir_all)?;
        fs::write(&copy, content).map(|()| copy)
    };
    for companion in &companions {
        write(companion.path, &companion.content).map_err(failed)?;
    }
    let copy = write(&binary.path, &binary.content).map_err(failed)?;
    let place = run_constructors(&copy, place, &binary.path);
    // SAFETY: the constructors have run, unless the system refuses the library, which it then does again and says why.
    let opened = unsafe { System::open(Some(&copy), RTLD_NOW | RTLD_LOCAL) };
    let system = opened.map_err(|error| {
        let reason = reason(&error).replace(&*copy.to_string_lossy(), &binary.path.to_string_lossy());
        let advice = if reason.contains("failed to map segment") {
            "; files in the folder for temporary files may not be run: name another one in TMPDIR"
        } else {
            ""
        };
        LoadError::new(Code::CannotOpen, format!("the system cannot open {shown}: {reason}{advice}"))
    })?;
    known.note(companions);
    // SAFETY: the symbol is a function of this type, which is what exporting it promises.
    let entry: Result<Symbol<Entry>, _> = unsafe { system.get(ENTRY_SYMBOL) };
    let entry = entry.map(|entry| *entry).map_err(|error| {
        LoadError::new(
            Code::MissingSymbol,
            format!("{shown} does not export `{ENTRY_SYMBOL}`: {}", reason(&error)),
        )
    });
    // SAFETY: in C++, the two are functions of these types (Itanium C++ ABI, "Exception Handling", 2.5).
    let catching = unsafe {
        match (system.get("__cxa_begin_catch"), system.get("__cxa_end_catch")) {
            (Ok(begin), Ok(end)) => Some(Catching { begin: *begin, end: *end }),
            _ => None,
        }
    };
    // Also where the symbol is missing: constructors have run, and may have started threads.
    mem::forget(system);
    Ok((Library { entry: entry?, catching, shared: None }, place))
}

/// Maps a library for the first time, which runs its constructors. The user trusts the plugin, which is what this takes.
///
/// An exception that leaves a constructor leaves the system's loader as well, which it finds with its locks held. Nothing can be
/// done after that but to say which library it was.
fn run_constructors(copy: &Path, place: TempDir, library: &Path) -> TempDir {
    let Ok(path) = CString::new(copy.as_os_str().as_bytes()) else { return place };
    if let Ended::Unwinding(thrown) = unwinding::open(&path, RTLD_NOW | RTLD_LOCAL) {
        let what = thrown.give_back(None);
        let library = library.display();
        eprintln!(
            "fatal error: a constructor or static initializer of the native library {library} ended by {what}, which must not \
             leave it; the process cannot go on"
        );
        drop(place);
        process::abort();
    }
    place
}

/// What the system says, without what the library for loading adds.
fn reason(error: &libloading::Error) -> String {
    std::error::Error::source(error).map_or_else(|| error.to_string(), ToString::to_string)
}
