//! Looks at a library's file without running any of it.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use alas_plugin_abi::ENTRY_SYMBOL;
use object::{Architecture, BinaryFormat, File, Object, ObjectSection, ObjectSymbol, SymbolKind};

use crate::error::{LoadError, LoadErrorCode as Code};

/// A file that this process can open, as far as its headers tell.
#[derive(Debug)]
pub(crate) struct Binary {
    pub(crate) path: PathBuf,
    pub(crate) content: Vec<u8>,
    /// Whether it brings the runtime of Go.
    pub(crate) is_go: bool,
}

/// Reads a library's file, and checks its headers.
///
/// # Errors
///
/// `file_not_found`, `io_error`, `wrong_format`, `wrong_architecture`, `missing_symbol`.
pub(crate) fn inspect(path: &Path) -> Result<Binary, LoadError> {
    let shown = path.display();
    let content = std::fs::read(path).map_err(|error| match error.kind() {
        ErrorKind::NotFound => LoadError::new(Code::FileNotFound, format!("there is no library {shown}")),
        _ => LoadError::new(Code::IoError, format!("the library {shown} cannot be read: {error}")),
    })?;
    let wrong_format = |found: &str| {
        LoadError::new(
            Code::WrongFormat,
            format!("{shown} is {found}, and no shared library of {}", std::env::consts::OS),
        )
    };
    let file = match File::parse(&*content) {
        Ok(file) => file,
        Err(_) if content.is_empty() => return Err(wrong_format("an empty file")),
        Err(error) => return Err(wrong_format(&format!("damaged or something else ({error})"))),
    };
    if file.format() != native_format() {
        return Err(wrong_format(&format!("a {:?} file", file.format())));
    }
    let architecture = native_architecture();
    if file.architecture() != architecture || !file.is_64() {
        return Err(LoadError::new(
            Code::WrongArchitecture,
            format!(
                "{shown} is for {:?}{}, but this process needs {architecture:?}; build the library for this machine",
                file.architecture(),
                if file.is_64() { "" } else { " with 32 bits" },
            ),
        ));
    }
    if file.kind() != object::ObjectKind::Dynamic {
        return Err(wrong_format(&format!("of the kind {:?}", file.kind())));
    }
    if !exports_entry(&file) {
        return Err(LoadError::new(
            Code::MissingSymbol,
            format!(
                "{shown} does not export the function `{ENTRY_SYMBOL}`; define it with the macro ALAS_PLUGIN, or with what the kit of \
                 your language has for it"
            ),
        ));
    }
    let is_go = file
        .sections()
        .any(|section| section.name().is_ok_and(|name| name == ".go.buildinfo" || name == "__go_buildinfo"));
    Ok(Binary { path: path.to_owned(), content, is_go })
}

fn exports_entry(file: &File<'_>) -> bool {
    // On macOS names begin with an underscore.
    let is_entry = |name: &str| name == ENTRY_SYMBOL || name.strip_prefix('_') == Some(ENTRY_SYMBOL);
    // A variable of this name is none; what is written in assembler may have no kind.
    let is_code = |kind| matches!(kind, SymbolKind::Text | SymbolKind::Unknown);
    let mut symbols = file.dynamic_symbols().chain(file.symbols());
    symbols.any(|symbol| {
        symbol.is_definition()
            && symbol.is_global()
            && is_code(symbol.kind())
            && symbol.name().is_ok_and(is_entry)
    })
}

fn native_format() -> BinaryFormat {
    if cfg!(target_os = "macos") { BinaryFormat::MachO } else { BinaryFormat::Elf }
}

fn native_architecture() -> Architecture {
    match std::env::consts::ARCH {
        "x86_64" => Architecture::X86_64,
        "aarch64" => Architecture::Aarch64,
        "riscv64" => Architecture::Riscv64,
        _ => Architecture::Unknown,
    }
}
