//! The Python module `alas_core._core`: the only crate that knows Python.
//!
//! * [`values`] converts values in both directions;
//! * [`errors`] turns every Rust error into a Python exception;
//! * [`console`] connects the program's console with Python, in [`output`] by turns;
//! * [`host_functions`] lets programs call Python;
//! * [`native`] lets programs call native code;
//! * [`ending`] stops programs before Python ends;
//! * [`memory`] gives memory back to the system;
//! * [`engine`], [`modules`], [`packed`] and [`turns`] are the classes.

mod console;
mod ending;
mod engine;
mod errors;
mod host_functions;
mod memory;
mod modules;
mod native;
mod output;
mod packed;
mod rights;
mod turns;
mod values;

/// Everything that the module exports.
#[pyo3::pymodule]
mod _core {
    use pyo3::prelude::*;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        crate::ending::watch(module)
    }

    #[pymodule_export]
    use crate::engine::{Cancellation, Engine, Function};
    #[pymodule_export]
    use crate::host_functions::HostModule;
    #[pymodule_export]
    use crate::modules::{
        FunctionInfo, LoadedModule, PluginContext, Source, diagnostic_codes, error_codes, library,
    };
    #[pymodule_export]
    use crate::native::{NativeModule, inspect_library, native_load_codes};
    #[pymodule_export]
    use crate::packed::PackedArray;
    #[pymodule_export]
    use crate::rights::Rights;
    #[pymodule_export]
    use crate::turns::Turn;

    #[pymodule_export]
    #[expect(non_upper_case_globals, reason = "the name that Python sees")]
    const version: &str = env!("CARGO_PKG_VERSION");
}
