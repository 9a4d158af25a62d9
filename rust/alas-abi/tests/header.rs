//! The header in C says the same as the types in Rust.
//!
//! Each test has the compiler of this machine prove it: what `alas_plugin_abi::layout` knows becomes static assertions and
//! assignments, which a header that has drifted does not pass.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use alas_plugin_abi::layout::{CONSTANTS, FUNCTION_TYPES, HOST_FUNCTIONS, STRUCTS};
use tempfile::TempDir;

/// A language, with the command that compiles it.
#[derive(Debug, Clone, Copy)]
struct Language {
    compiler: &'static str,
    standard: &'static str,
    suffix: &'static str,
}

const C: Language = Language { compiler: "cc", standard: "c11", suffix: "c" };
const CPP: Language = Language { compiler: "c++", standard: "c++17", suffix: "cpp" };
const CPP_20: Language = Language { standard: "c++20", ..CPP };

#[test]
fn the_header_has_the_layout_of_the_types() {
    for language in [C, CPP] {
        assert_eq!(compile(language, &assertions(), &headers()), Ok(()), "{language:?}");
    }
}

#[test]
fn the_headers_can_be_included_alone() {
    for language in [C, CPP, CPP_20] {
        let included = "#include \"alas_plugin.h\"\n";
        assert_eq!(compile(language, included, &headers()), Ok(()), "{language:?}");
    }
    for language in [CPP, CPP_20] {
        let included = "#include \"alas_plugin.hpp\"\n";
        assert_eq!(compile(language, included, &headers()), Ok(()), "{language:?}");
    }
}

/// Each is a mistake that somebody could make in the header: what stands there, and what stands there afterwards.
const DRIFTED: &[(&str, &str, &str)] = &[
    (
        "fields of a value are swapped",
        "    uint32_t tag;\n    uint32_t index;",
        "    uint32_t index;\n    uint32_t tag;",
    ),
    (
        "fields of a descriptor are swapped",
        "    size_t function_count;\n",
        "    size_t function_count_of_old;\n    size_t function_count;\n",
    ),
    (
        "functions of the same type are swapped",
        "    alas_status (*new_array)(alas_call *call, size_t capacity, alas_value *array);",
        "    alas_status (*new_map)(alas_call *call, size_t capacity, alas_value *map);\n\
         \x20   alas_status (*new_array)(alas_call *call, size_t capacity, alas_value *array);\n\
         #define new_map new_map_of_old",
    ),
    (
        "a parameter has another type",
        "(*array_get)(alas_call *call, alas_value array, size_t position,",
        "(*array_get)(alas_call *call, alas_value array, uint32_t position,",
    ),
    (
        "a pointer is to what may be changed",
        "(*text)(alas_call *call, alas_value text, const char **bytes,",
        "(*text)(alas_call *call, alas_value text, char **bytes,",
    ),
    (
        "a function returns something else",
        "    int32_t (*should_stop)(alas_call *call);",
        "    void (*should_stop)(alas_call *call);",
    ),
    ("a constant has another value", "#define ALAS_ARRAY 5u\n", "#define ALAS_ARRAY 7u\n"),
    (
        "a function of a plugin takes something else",
        "(*alas_native_function)(alas_call *call, const alas_value *args, size_t nargs,",
        "(*alas_native_function)(alas_call *call, alas_value *args, size_t nargs,",
    ),
];

#[test]
fn a_header_that_has_drifted_is_found() {
    let header = fs::read_to_string(headers().join("alas_plugin.h")).expect("the header is there");
    for (what, before, after) in DRIFTED {
        assert_eq!(
            header.matches(before).count(),
            1,
            "the header has no longer what is replaced so that {what}"
        );
        let drifted = header.replace(before, after);
        // What the header itself asserts is not what is tested here.
        let drifted = drifted.replace("ALAS_STATIC_ASSERT(sizeof", "ALAS_STATIC_ASSERT(1 || sizeof");
        let folder = TempDir::new().expect("a folder for the header can be made");
        fs::write(folder.path().join("alas_plugin.h"), drifted).expect("the header can be written");
        for language in [C, CPP] {
            let found = compile(language, &assertions(), folder.path());
            assert!(found.is_err(), "{language:?} does not find that {what}");
        }
    }
}

/// The file that a compiler takes only where header and types are alike.
fn assertions() -> String {
    let mut file = "#include \"alas_plugin.h\"\n".to_owned();
    // Writing to a string cannot fail.
    for (name, value) in CONSTANTS {
        let _ = writeln!(file, "ALAS_STATIC_ASSERT({name} == {value}, \"{name}\");");
    }
    for (name, size, fields) in STRUCTS {
        let _ = writeln!(file, "ALAS_STATIC_ASSERT(sizeof({name}) == {size}, \"size of {name}\");");
        for (field, offset) in *fields {
            let _ = writeln!(file, "{}", offset_assertion(name, field, *offset));
        }
    }
    for (name, offset, _, _) in HOST_FUNCTIONS {
        let _ = writeln!(file, "{}", offset_assertion("alas_host", name, *offset));
    }
    file += "void agree(const alas_host *host);\nvoid agree(const alas_host *host) {\n";
    for (name, _, result, parameters) in HOST_FUNCTIONS {
        let parameters = parameters.join(", ");
        let _ = writeln!(file, "    {result} (*{name})({parameters}) = host->{name};\n    (void){name};");
    }
    for (name, result, parameters) in FUNCTION_TYPES {
        let parameters = parameters.join(", ");
        let _ = writeln!(file, "    {name} {name}_there = NULL;");
        let _ = writeln!(file, "    {result} (*{name}_here)({parameters}) = {name}_there;");
        let _ = writeln!(file, "    (void){name}_here;");
    }
    file + "}\n"
}

fn offset_assertion(name: &str, field: &str, offset: usize) -> String {
    format!("ALAS_STATIC_ASSERT(offsetof({name}, {field}) == {offset}, \"{name}.{field}\");")
}

/// Where the headers are.
fn headers() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sdk/c/include")
}

/// Compiles a file with the headers of a folder, and with every warning an error.
///
/// # Errors
///
/// What the compiler says about the file.
fn compile(language: Language, content: &str, headers: &Path) -> Result<(), String> {
    let folder = TempDir::new().expect("a folder for the file can be made");
    let file = folder.path().join(format!("included.{}", language.suffix));
    fs::write(&file, content).expect("the file can be written");
    let output = Command::new(language.compiler)
        .arg(format!("-std={}", language.standard))
        .args(["-Wall", "-Wextra", "-Wpedantic", "-Werror", "-c", "-o", "included.o", "-I"])
        .arg(headers)
        .arg(&file)
        .current_dir(folder.path())
        .output()
        .unwrap_or_else(|error| panic!("the test needs the compiler `{}`: {error}", language.compiler));
    if output.status.success() {
        return Ok(());
    }
    Err(String::from_utf8_lossy(&output.stderr).into_owned())
}
