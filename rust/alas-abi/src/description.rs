//! What a library says about itself, copied out of its memory and checked as far as that can be done.

use std::ffi::c_char;
use std::slice;

use alas_plugin_abi::{ABI_MAJOR, ABI_MINOR, Descriptor, NativeFunction, Status};

use crate::error::{LoadError, LoadErrorCode as Code};
use crate::host::HOST;
use crate::library::Library;
use crate::unwinding::{self, Ended};

/// The most functions that a plugin may have.
const MOST_FUNCTIONS: usize = 100_000;

/// The longest name, in bytes.
const LONGEST_NAME: usize = 1_000;

/// What a library offers.
#[derive(Debug)]
pub(crate) struct Description {
    pub(crate) module: String,
    pub(crate) functions: Vec<Row>,
    pub(crate) init: Option<unsafe extern "C-unwind" fn(*mut alas_plugin_abi::Call) -> Status>,
    pub(crate) shutdown: Option<unsafe extern "C-unwind" fn()>,
}

/// A function that a library offers.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) function: NativeFunction,
    pub(crate) parameter_count: usize,
}

/// Asks a library for its descriptor.
///
/// # Errors
///
/// `wrong_version`, `invalid_descriptor`.
pub(crate) fn describe(library: Library) -> Result<Description, LoadError> {
    let descriptor = match unwinding::entry(library.entry, &raw const HOST) {
        Ended::Normally(descriptor) => descriptor,
        Ended::Unwinding(thrown) => {
            let what = thrown.give_back(library.catching);
            return Err(invalid(format!("`alas_plugin_entry` ended by {what}, which must not leave it")));
        }
    };
    let version = format!("this version of ALaS has version {ABI_MAJOR}.{ABI_MINOR} of the interface");
    if descriptor.is_null() {
        return Err(LoadError::new(
            Code::WrongVersion,
            format!(
                "the library says that it does not work with this host: {version}; build it with a header of that version"
            ),
        ));
    }
    if !descriptor.is_aligned() {
        return Err(invalid("`alas_plugin_entry` returned an address at which no descriptor can be"));
    }
    // SAFETY: the library promises that a descriptor is there; of any version, it begins with the two numbers and its size.
    let (major, minor, size) =
        unsafe { ((*descriptor).abi_major, (*descriptor).abi_minor, (*descriptor).size) };
    if major != ABI_MAJOR {
        return Err(LoadError::new(
            Code::WrongVersion,
            format!(
                "the library has version {major}.{minor} of the interface, but {version}; build it with a header of that version"
            ),
        ));
    }
    if minor > ABI_MINOR {
        return Err(LoadError::new(
            Code::WrongVersion,
            format!(
                "the library has version {major}.{minor} of the interface, which offers more than there is here: {version}; \
                 use a newer version of ALaS, or build it with the header of this one"
            ),
        ));
    }
    if size < size_of::<Descriptor>() {
        return Err(invalid(format!(
            "the descriptor says that it has {size} bytes, but one of version {major} has at least {}",
            size_of::<Descriptor>()
        )));
    }
    // SAFETY: the descriptor is as large as it says, so all fields are there.
    let descriptor = unsafe { descriptor.read() };
    // SAFETY: the name is null, or ends with a zero byte, as the interface asks.
    let module = unsafe { text(descriptor.module) }
        .map_err(|problem| invalid(format!("the name of the module {problem}")))?;
    Ok(Description {
        module,
        functions: rows(&descriptor)?,
        init: descriptor.init,
        shutdown: descriptor.shutdown,
    })
}

fn rows(descriptor: &Descriptor) -> Result<Vec<Row>, LoadError> {
    let count = descriptor.function_count;
    if count == 0 {
        return Ok(Vec::new());
    }
    if count > MOST_FUNCTIONS {
        return Err(invalid(format!(
            "the descriptor says that there are {count} functions, but a plugin has at most {MOST_FUNCTIONS}"
        )));
    }
    if descriptor.functions.is_null() || !descriptor.functions.is_aligned() {
        return Err(invalid(format!("the descriptor has no table for its {count} functions")));
    }
    // SAFETY: the library promises that the table has so many rows; it never changes.
    let table = unsafe { slice::from_raw_parts(descriptor.functions, count) };
    let row = |(number, row): (usize, &alas_plugin_abi::Function)| {
        // SAFETY: as above for names.
        let name = unsafe { text(row.name) }
            .map_err(|problem| invalid(format!("the name of function number {number} {problem}")))?;
        let Some(function) = row.function else {
            return Err(invalid(format!("the function `{name}` has no address")));
        };
        if row.reserved != 0 {
            return Err(invalid(format!(
                "the row of the function `{name}` has {} in the field `reserved`, which has to be 0",
                row.reserved
            )));
        }
        Ok(Row { name, function, parameter_count: row.parameter_count as usize })
    };
    table.iter().enumerate().map(row).collect()
}

fn invalid(message: impl Into<String>) -> LoadError {
    LoadError::new(Code::InvalidDescriptor, message)
}

/// A copy of a text with a zero at its end; what is wrong with it otherwise.
///
/// # Safety
///
/// The pointer is null, or one to bytes that can be read up to a zero.
unsafe fn text(start: *const c_char) -> Result<String, String> {
    if start.is_null() {
        return Err("is missing: it is null".to_owned());
    }
    let mut bytes = Vec::new();
    loop {
        // SAFETY: the caller promises that everything up to the zero can be read, which has not come yet.
        let byte = unsafe { start.add(bytes.len()).cast::<u8>().read() };
        if byte == 0 {
            break;
        }
        if bytes.len() == LONGEST_NAME {
            return Err(format!("has more than {LONGEST_NAME} bytes"));
        }
        bytes.push(byte);
    }
    match String::from_utf8(bytes) {
        Ok(text) if text.is_empty() => Err("is empty".to_owned()),
        Ok(text) => Ok(text),
        Err(_) => Err("is no UTF-8".to_owned()),
    }
}
