//! The libraries that plugins bring beside their own.
//!
//! The system's loader looks for a library that another one needs by its name, first among those that are mapped. So all
//! plugins of a process share the companions of a name, also when a plugin is loaded again. That is right where they are
//! the same; of another one, the plugin would silently run the code of the first.

use std::collections::HashMap;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::path::{Path, PathBuf};

use object::File;
use object::elf::DT_SONAME;
use object::read::elf::Dyn;

use crate::error::{LoadError, LoadErrorCode as Code};

/// A file that a plugin brings beside its library.
pub(crate) struct Companion<'p> {
    pub(crate) path: &'p Path,
    pub(crate) content: Vec<u8>,
    /// What other libraries may call it; nothing where it is no library.
    names: Vec<String>,
    hash: u64,
}

impl<'p> Companion<'p> {
    /// Reads a file.
    ///
    /// # Errors
    ///
    /// Those of reading it.
    pub(crate) fn read(path: &'p Path) -> io::Result<Self> {
        let content = fs::read(path)?;
        Ok(Self { path, names: names(path, &content), hash: hash(&content), content })
    }
}

/// The companions that this process has opened, by all of their names.
#[derive(Default)]
pub(crate) struct Companions(HashMap<String, Known>);

struct Known {
    path: PathBuf,
    hash: u64,
}

impl Companions {
    /// Checks that the system would open these companions, and no others of the same names.
    ///
    /// # Errors
    ///
    /// `companion_conflict`.
    pub(crate) fn check(&self, companions: &[Companion<'_>]) -> Result<(), LoadError> {
        let mut own: HashMap<&str, &Companion<'_>> = HashMap::new();
        for companion in companions {
            for name in &companion.names {
                let known = self.0.get(name).map(|known| (&*known.path, known.hash));
                let known = known.or_else(|| own.get(&**name).map(|other| (other.path, other.hash)));
                match known {
                    Some((path, hash)) if hash != companion.hash => {
                        return Err(conflict(name, path, companion.path));
                    }
                    _ => drop(own.insert(name, companion)),
                }
            }
        }
        Ok(())
    }

    /// Notes companions that may be mapped now.
    pub(crate) fn note(&mut self, companions: Vec<Companion<'_>>) {
        for companion in companions {
            for name in companion.names {
                let known = || Known { path: companion.path.to_owned(), hash: companion.hash };
                self.0.entry(name).or_insert_with(known);
            }
        }
    }
}

#[cold]
fn conflict(name: &str, known: &Path, found: &Path) -> LoadError {
    let (known, found) = (known.display(), found.display());
    let message = if known.to_string() == found.to_string() {
        format!(
            "{found} has changed since this process opened it, and the system would go on using the library `{name}` of \
             before; start the process again, or rename the library"
        )
    } else {
        format!(
            "{found} is another library than {known}, but both are called `{name}`, and the system would use {known} for \
             both; rename one of them, or use the two in different processes: start the process again"
        )
    };
    LoadError::new(Code::CompanionConflict, message)
}

/// What the system's loader knows a library by.
fn names(path: &Path, content: &[u8]) -> Vec<String> {
    let Ok(file) = File::parse(content) else { return Vec::new() };
    let file_name = path.file_name().map(|name| name.to_string_lossy().into_owned());
    let mut names: Vec<String> = file_name.into_iter().chain(soname(&file, content)).collect();
    names.dedup();
    names
}

/// The name that a library of ELF gives itself.
fn soname(file: &File<'_>, content: &[u8]) -> Option<String> {
    let File::Elf64(file) = file else { return None };
    let (endian, sections) = (file.endian(), file.elf_section_table());
    let (rows, strings) = sections.dynamic(endian, content).ok()??;
    let strings = sections.strings(endian, content, strings).ok()?;
    let row = rows.iter().find(|row| row.tag(endian) == DT_SONAME)?;
    let name = row.string(endian, strings).ok()?;
    Some(String::from_utf8_lossy(name).into_owned())
}

/// What tells contents apart.
pub(crate) fn hash(content: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    content.hash(&mut hasher);
    hasher.finish()
}
