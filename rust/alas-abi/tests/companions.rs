//! Libraries that a plugin in C brings beside its own: whose code runs, and until when their copies are there.

use std::convert::Infallible;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use alas_abi::{Level, LoadError, LoadErrorCode, Log, NativePlugin, Request, Signature};
use alas_engine::value::Value;
use alas_engine::{Engine, Fault, Host, Limits, NoConsole, PluginContext};
use tempfile::TempDir;

/// Asks the companion, which it is linked with or opens when it begins.
const PLUGIN: &str = r#"
#define _GNU_SOURCE
#include "alas_plugin.h"
#include <dlfcn.h>
#ifdef LATE
static int (*answer)(void);
static alas_status init(alas_call *call) {
    char path[4096];
    Dl_info own;
    dladdr((const void *)&init, &own);
    strcpy(path, own.dli_fname);
    strcpy(strrchr(path, '/') + 1, LATE);
    void *companion = dlopen(path, RTLD_NOW);
    if (companion == NULL) return alas_fail(call, "not_there", dlerror());
    answer = (int (*)(void))dlsym(companion, "answer");
    return ALAS_OK;
}
#else
int answer(void);
static alas_status init(alas_call *call) {
    (void)call;
    return ALAS_OK;
}
#endif
static alas_status ask(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)call, (void)args, (void)nargs;
    *result = alas_int(answer());
    return ALAS_OK;
}
static const alas_function functions[] = {{"ask", ask, 0, 0}};
ALAS_PLUGIN("asking", functions, init, NULL)
"#;

/// A console and a log that are not looked at.
struct Silent;

impl Log for Silent {
    fn log(&self, _: &str, _: Level, _: &str) -> Result<(), Fault> {
        Ok(())
    }
}

/// The folder of a plugin whose library is `plugin.so`.
struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn compile(&self, library: &str, source: &str, options: &[&str]) {
        let file = self.path("source.c");
        std::fs::write(&file, source).unwrap();
        let header = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sdk/c/include");
        let mut command = Command::new("cc");
        command.args(["-std=c11", "-O1", "-shared", "-fPIC", "-I"]).arg(header).arg(&file);
        command.arg("-o").arg(self.path(library)).arg("-L").arg(self.0.path()).args(options);
        assert!(command.status().unwrap().success());
    }

    fn compile_companion(&self, name: &str, soname: &str, answer: u32) {
        let source = format!("int answer(void);\nint answer(void) {{ return {answer}; }}\n");
        self.compile(name, &source, &[&format!("-Wl,-soname,{soname}")]);
    }

    /// Makes the library, linked with the companion.
    fn compile_plugin(&self, companion: &str) {
        self.compile("plugin.so", PLUGIN, &["-Wl,-rpath,$ORIGIN", &format!("-l:{companion}")]);
    }

    /// Loads the plugin and asks.
    fn ask(&self, companion: &str) -> Result<i64, LoadError> {
        let engine = Engine::new();
        let ask = Signature { name: "ask".to_owned(), parameters: Vec::new(), returns: "int".to_owned() };
        let plugin = NativePlugin::load(Request {
            folder: self.0.path(),
            library: &self.path("plugin.so"),
            companions: &[self.path(companion)],
            context: PluginContext::default(),
            module: "asking",
            functions: &[ask],
            is_parallel: true,
            engine: engine.reference(),
            callable: Vec::new(),
            log: Arc::new(Silent),
            memory: None,
        })?;
        engine.load(plugin.module().into(), |_, _| Ok::<_, Infallible>(None)).unwrap();
        let ask = engine.function("asking.ask").unwrap();
        match ask.call(&mut [], &mut Host::new(Box::new(NoConsole)), Limits::default()).unwrap() {
            Value::Int(answer) => Ok(answer),
            other => panic!("expected an int, found {other:?}"),
        }
    }
}

fn plugin(companion: &str, soname: &str, answer: u32) -> Folder {
    let folder = Folder::new();
    folder.compile_companion(companion, soname, answer);
    folder.compile_plugin(companion);
    folder
}

#[test]
fn another_companion_of_the_same_name_is_refused() {
    // What the two are called: their files, and what their code says.
    let rows = [
        (("libone.so", "libone.so"), ("libone.so", "libone.so")),
        (("libtwo.so.2", "libtwo.so.2"), ("libtwo_other.so", "libtwo.so.2")),
    ];
    for ((name, soname), (other_name, other_soname)) in rows {
        let first = plugin(name, soname, 1);
        assert_eq!(first.ask(name).unwrap(), 1);
        let second = plugin(other_name, other_soname, 2);
        let refused = second.ask(other_name).unwrap_err();
        assert_eq!(refused.code, LoadErrorCode::CompanionConflict);
        for file in [first.path(name), second.path(other_name)] {
            assert!(refused.message.contains(&file.display().to_string()), "{}", refused.message);
        }
        assert!(refused.message.contains("rename"), "{}", refused.message);
        assert_eq!(first.ask(name).unwrap(), 1);
    }
}

#[test]
fn a_companion_that_has_changed_is_refused() {
    let folder = plugin("libchanging.so", "libchanging.so", 1);
    assert_eq!(folder.ask("libchanging.so").unwrap(), 1);
    folder.compile_companion("libchanging.so", "libchanging.so", 2);
    let refused = folder.ask("libchanging.so").unwrap_err();
    assert_eq!(refused.code, LoadErrorCode::CompanionConflict);
    assert!(refused.message.contains("start the process again"), "{}", refused.message);
    folder.compile_companion("libchanging.so", "libchanging.so", 1);
    assert_eq!(folder.ask("libchanging.so").unwrap(), 1);
}

#[test]
fn a_companion_of_the_same_content_is_shared() {
    for _ in 0..2 {
        assert_eq!(plugin("libsame.so", "libsame.so", 3).ask("libsame.so").unwrap(), 3);
    }
}

#[test]
fn a_companion_that_could_not_be_opened_may_change() {
    let folder = plugin("libmended.so", "libmended.so", 4);
    folder.compile(
        "libmended.so",
        "int other(void);\nint other(void) { return 0; }\n",
        &["-Wl,-soname,libmended.so"],
    );
    assert_eq!(folder.ask("libmended.so").unwrap_err().code, LoadErrorCode::CannotOpen);
    folder.compile_companion("libmended.so", "libmended.so", 5);
    assert_eq!(folder.ask("libmended.so").unwrap(), 5);
}

#[test]
fn files_that_are_no_libraries_may_have_any_name() {
    for content in ["one", "another"] {
        let folder = plugin("libnamed.so", "libnamed.so", 6);
        std::fs::write(folder.path("words.txt"), content).unwrap();
        assert_eq!(folder.ask("libnamed.so").unwrap(), 6);
        // The companion is mapped already.
        assert_eq!(folder.ask("words.txt").unwrap(), 6);
    }
}

#[test]
fn init_can_open_a_companion() {
    let folder = Folder::new();
    folder.compile_companion("liblate.so", "liblate.so", 7);
    folder.compile("plugin.so", PLUGIN, &["-DLATE=\"liblate.so\"", "-ldl"]);
    assert_eq!(folder.ask("liblate.so").unwrap(), 7);
}
