//! Loading modules that reach each other, out of memory: what is found about which of them, and what runs.

use std::convert::Infallible;
use std::sync::Arc;

use alas_engine::value::Value;
use alas_engine::{Engine, Found, Host, Limits, LoadError, Loaded, NoConsole, Permissions, Plugin, Source};

/// Texts by the names under which they are found.
type Modules<'t> = &'t [(&'t str, String)];

fn found(name: &str, text: &str) -> Found {
    Source { file: Some(format!("{name}.alas.json")), text: text.into() }.into()
}

fn load(engine: &Engine, root: Found, modules: Modules<'_>) -> Result<Arc<Loaded>, LoadError<Infallible>> {
    engine.load(root, |name, _| {
        Ok(modules.iter().find(|(known, _)| *known == name).map(|(_, text)| found(name, text)))
    })
}

/// The findings about the first module and those that it reaches, as `file code pointer`.
fn findings(modules: Modules<'_>) -> Vec<String> {
    let (name, text) = &modules[0];
    describe(load(&Engine::new(), found(name, text), modules))
}

fn describe(outcome: Result<Arc<Loaded>, LoadError<Infallible>>) -> Vec<String> {
    let findings = match outcome {
        Ok(loaded) => loaded.warnings().to_vec(),
        Err(LoadError::Program(findings)) => findings.0,
        Err(LoadError::Find(never)) => match never {},
    };
    let line = |finding: &alas_engine::Diagnostic| {
        let file = finding.file.as_deref().and_then(|file| file.strip_suffix(".alas.json")).unwrap_or("?");
        format!("{file} {} {}", finding.code.as_str(), finding.location.pointer)
    };
    findings.iter().map(line).collect()
}

fn run(engine: &Engine, function: &str) -> Result<String, String> {
    let mut host = Host::new(Box::new(NoConsole));
    let handle = engine.function(function).map_err(|error| error.to_string())?;
    let value = handle.call(&mut [], &mut host, Limits::default()).map_err(|error| error.to_string())?;
    match value {
        Value::Int(int) => Ok(int.to_string()),
        other => Err(format!("{other:?}")),
    }
}

/// A module that exports its only function `f`, which returns an int: what the expression gives.
fn module(name: &str, imports: &[&str], value: &str) -> String {
    format!(
        r#"{{"type": "module", "name": "{name}", "imports": {imports:?}, "exports": ["f"], "functions": [
            {{"name": "f", "returns": "int", "body": [{{"type": "return", "value": {value}}}]}}]}}"#
    )
}

fn literal(value: &str) -> String {
    format!(r#"{{"type": "literal", "value": {value}}}"#)
}

fn builtin(name: &str, arguments: &str) -> String {
    format!(r#"{{"type": "builtin", "name": "{name}", "args": [{arguments}]}}"#)
}

fn module_call(module: &str, name: &str) -> String {
    format!(r#"{{"type": "module_call", "module": "{module}", "name": "{name}", "args": []}}"#)
}

fn sum(left: &str, right: &str) -> String {
    format!(r#"{{"type": "binary", "op": "+", "left": {left}, "right": {right}}}"#)
}

#[test]
fn modules_call_what_they_import_and_what_they_name() {
    let engine = Engine::new();
    let both = sum(&module_call("left", "f"), &builtin("right.f", ""));
    let modules = [
        ("root", module("root", &["left"], &both)),
        ("left", module("left", &["base"], &sum(&module_call("base", "f"), &literal("1")))),
        ("right", module("right", &["base"], &sum(&module_call("base", "f"), &literal("10")))),
        ("base", module("base", &[], &literal("100"))),
    ];
    let loaded = load(&engine, found("root", &modules[0].1), &modules).expect("the modules are right");
    assert_eq!(loaded.file(), Some("root.alas.json"));
    assert_eq!(
        engine.modules().iter().map(|name| &**name).collect::<Vec<_>>(),
        ["base", "left", "right", "root"]
    );
    assert_eq!(run(&engine, "root.f"), Ok("211".to_owned()));
}

/// What is tried, the modules, and what is found in them.
type Case = (&'static str, Vec<(&'static str, String)>, Vec<&'static str>);

fn try_all(cases: Vec<Case>) {
    for (title, modules, expected) in cases {
        assert_eq!(findings(&modules), expected, "{title}");
    }
}

fn one() -> String {
    literal("1")
}

fn text() -> String {
    literal(r#""text""#)
}

fn calls(module: &str) -> String {
    module_call(module, "f")
}

#[test]
fn missing_modules_and_circles_are_found() {
    try_all(vec![
        (
            "an import that is not there",
            vec![("a", module("a", &["b"], &sum(&calls("b"), &calls("b"))))],
            vec!["a unknown_module /imports/0"],
        ),
        (
            "a builtin of a module that is not there",
            vec![("a", module("a", &[], &builtin("b.f", "")))],
            vec!["a unknown_builtin /functions/0/body/0/value/name"],
        ),
        (
            "another module than the name says",
            vec![("a", module("a", &["b"], &calls("b"))), ("b", module("c", &[], &one()))],
            vec!["a unknown_module /imports/0"],
        ),
        (
            "a module that imports itself",
            vec![("a", module("a", &["a"], &one()))],
            vec!["a import_cycle /imports/0"],
        ),
        (
            "a circle of three",
            vec![
                ("a", module("a", &["b"], &calls("b"))),
                ("b", module("b", &["c"], &calls("c"))),
                ("c", module("c", &["a"], &calls("a"))),
            ],
            vec!["c import_cycle /imports/0"],
        ),
        (
            "two modules that name each other's functions",
            vec![("a", module("a", &[], &builtin("b.f", ""))), ("b", module("b", &[], &builtin("a.f", "")))],
            vec!["b import_cycle /functions/0/body/0/value/name"],
        ),
        (
            "a circle does not hide other mistakes",
            vec![("a", module("a", &["b"], &text())), ("b", module("b", &["a"], &module_call("a", "g")))],
            vec![
                "a type_mismatch /functions/0/body/0/value",
                "b import_cycle /imports/0",
                "b unknown_function /functions/0/body/0/value/name",
            ],
        ),
    ]);
}

#[test]
fn every_finding_stands_in_its_own_module_and_once() {
    try_all(vec![
        (
            "a text that is no JSON, and a mistake of its importer",
            vec![("a", module("a", &["b"], &builtin("math.sqrt", &text()))), ("b", "{".to_owned())],
            vec![
                "b json_syntax ",
                "a type_mismatch /functions/0/body/0/value",
                "a type_mismatch /functions/0/body/0/value/args/0",
            ],
        ),
        (
            "what is asked of a module that could not be read is not reported",
            vec![("a", module("a", &["b"], &sum(&calls("b"), &builtin("b.g", "")))), ("b", "[]".to_owned())],
            vec!["b wrong_kind "],
        ),
        (
            "an importer is checked against what is known of a module with mistakes",
            vec![("a", module("a", &["b"], &module_call("b", "g"))), ("b", module("b", &[], &text()))],
            vec![
                "a unknown_function /functions/0/body/0/value/name",
                "b type_mismatch /functions/0/body/0/value",
            ],
        ),
        (
            "a module whose functions could not all be read may have any",
            vec![
                ("a", module("a", &["b"], &module_call("b", "g"))),
                ("b", r#"{"type": "module", "name": "b", "exports": ["g"], "functions": [7]}"#.to_owned()),
            ],
            vec!["b wrong_kind /functions/0"],
        ),
        (
            "a module without name is the one that was wanted",
            vec![
                ("a", module("a", &["b"], &calls("b"))),
                (
                    "b",
                    r#"{"type": "module", "exports": ["f"], "functions": [{"name": "f", "body": []}]}"#
                        .to_owned(),
                ),
            ],
            vec!["b missing_key "],
        ),
        (
            "warnings of all modules stand with the errors",
            vec![
                ("a", module("a", &["b"], &text())),
                ("b", r#"{"type": "module", "name": "b", "functions": [], "note": 1}"#.to_owned()),
            ],
            vec!["a type_mismatch /functions/0/body/0/value", "b unknown_key /note"],
        ),
    ]);
}

#[test]
fn nothing_is_loaded_when_a_module_has_an_error() {
    let engine = Engine::new();
    let modules = [("good", module("good", &[], &literal("1")))];
    let root = module("root", &["good"], &literal("true"));
    assert_eq!(
        describe(load(&engine, found("root", &root), &modules)),
        ["root type_mismatch /functions/0/body/0/value"]
    );
    assert!(engine.modules().is_empty());
}

#[test]
fn circles_are_printed() {
    let ring: Vec<(String, String)> = (0..20)
        .map(|number| {
            let next = format!("m{}", (number + 1) % 20);
            (format!("m{number}"), module(&format!("m{number}"), &[&next], &module_call(&next, "f")))
        })
        .collect();
    let modules: Vec<(&str, String)> =
        ring.iter().map(|(name, text)| (name.as_str(), text.clone())).collect();
    let Err(LoadError::Program(findings)) = load(&Engine::new(), found("m0", &modules[0].1), &modules) else {
        panic!("the modules are a circle")
    };
    let messages: Vec<&str> = findings.0.iter().map(|finding| finding.message.as_str()).collect();
    let names = "m0 → m1 → m2 → m3 → m4 → m5 → m6 → m7 → 12 more → m0";
    assert_eq!(messages, [format!("modules import each other in a circle: {names}")]);
}

#[test]
fn plugins_are_held_to_their_manifests() {
    let permissions = |capabilities: Option<&[&str]>, apis: Option<&[&str]>| Permissions {
        capabilities: capabilities.map(|names| names.iter().map(ToString::to_string).collect()),
        allowed_apis: apis.map(|names| names.iter().map(ToString::to_string).collect()),
    };
    let print = builtin("io.println", &literal("1"));
    let sqrt = builtin("math.sqrt", &literal("4"));
    let cases = [
        (permissions(None, None), &print, None),
        (permissions(Some(&["io"]), None), &print, None),
        (permissions(Some(&[]), None), &print, Some("plugin capability_missing")),
        (permissions(Some(&[]), None), &sqrt, None),
        (permissions(None, Some(&["std.io"])), &sqrt, Some("plugin api_not_allowed")),
        (permissions(None, Some(&["std.math.sqrt"])), &sqrt, None),
    ];
    for (number, (permissions, value, code)) in cases.into_iter().enumerate() {
        let text = format!(
            r#"{{"type": "module", "name": "plugin", "exports": ["f"], "functions": [
                {{"name": "f", "body": [{{"type": "expr", "value": {value}}}]}}]}}"#
        );
        // The permissions are those of the plugin: the module that imports it has others.
        let root = module("root", &["plugin"], &literal("1"));
        let outcome = Engine::new().load(found("root", &root), |name, importer| {
            assert_eq!((name, importer), ("plugin", Some("root.alas.json")));
            let plugin = Plugin { permissions: permissions.clone(), ..Plugin::default() };
            Ok(Some(Found { plugin: Some(plugin), ..found(name, &text) }))
        });
        let expected = code.map(|code| format!("{code} /functions/0/body/0/value/name"));
        assert_eq!(describe(outcome), Vec::from_iter(expected), "case {number}");
    }
}

/// What a plugin needs that another one calls, the caller has to declare as well, however far away it is.
#[test]
fn what_a_dependency_needs_counts_as_ones_own() {
    let print = r#"{"type": "builtin", "name": "io.print", "args": [{"type": "literal", "value": "x"}]}"#;
    let call = |name: &str| format!(r#"{{"type": "call", "name": "{name}", "args": []}}"#);
    let returning = |name: &str, value: &str| {
        format!(r#"{{"name": "{name}", "body": [{{"type": "return", "value": {value}}}]}}"#)
    };
    let functions = |name: &str, imports: &str, functions: &[String]| {
        let functions = functions.join(", ");
        format!(
            r#"{{"type": "module", "name": "{name}", "imports": [{imports}], "exports": ["f", "quiet"], "functions": [{functions}]}}"#
        )
    };
    let one = literal("1");
    let dynamic = r#"{"type": "builtin", "name": "result.try", "args": [
        {"type": "builtin", "name": "type.toString", "args": [{"type": "literal", "value": "h"}]},
        {"type": "array_literal", "elements": []}]}"#;
    let nested = format!(r#"{{"type": "array_literal", "elements": [{}]}}"#, call("g"));
    let bottoms = [
        (returning("f", print), "bottom.f → io.print"),
        (returning("f", &call("g")), "bottom.f → bottom.g → io.print"),
        (returning("f", &nested), "bottom.f → bottom.g → io.print"),
        (returning("f", dynamic), "bottom.f → bottom.g → io.print"),
        (returning("f", &one), ""),
    ];
    let declared = |words: &[&str]| {
        Some(Plugin {
            permissions: Permissions {
                capabilities: Some(words.iter().map(|word| (*word).to_owned()).collect()),
                ..Permissions::default()
            },
            ..Plugin::default()
        })
    };
    for (f, way) in bottoms {
        let rest = [returning("g", print), returning("quiet", &one)];
        let bottom = functions("bottom", "", &[&[f], &rest[..]].concat());
        let middle = functions(
            "middle",
            r#""bottom""#,
            &[
                returning("f", &module_call("bottom", "f")),
                returning("quiet", &module_call("bottom", "quiet")),
            ],
        );
        for (used, held, is_refused) in
            [("f", &[][..], !way.is_empty()), ("f", &["io"][..], false), ("quiet", &[][..], false)]
        {
            let top = functions(
                "top",
                r#""middle""#,
                &[returning("f", &module_call("middle", used)), returning("quiet", &one)],
            );
            let root = Found { plugin: declared(held), ..found("top", &top) };
            let outcome = Engine::new().load(root, |name, _| {
                let text = if name == "middle" { &middle } else { &bottom };
                Ok::<_, String>(Some(Found { plugin: declared(&["io"]), ..found(name, text) }))
            });
            let messages = match outcome {
                Err(LoadError::Program(findings)) => {
                    findings.0.into_iter().map(|finding| finding.message).collect()
                }
                _ => Vec::new(),
            };
            let expected =
                format!("the capability `io` is needed and not declared: top.f → middle.f → {way}");
            assert_eq!(messages, Vec::from_iter(is_refused.then_some(expected)), "{way} {used} {held:?}");
        }
    }
}

/// Whoever installs a plugin is shown what it does outside, and by which way.
#[test]
fn what_functions_do_outside_is_told_with_the_way_there() {
    let read = r#"{"type": "builtin", "name": "io.readFile", "args": [{"type": "literal", "value": "x"}]}"#;
    let see = r#"{"type": "builtin", "name": "env.get", "args": [{"type": "literal", "value": "X"}]}"#;
    let bottom = format!(
        r#"{{"type": "module", "name": "bottom", "exports": ["f"], "functions": [
            {{"name": "f", "body": [{{"type": "return", "value": {read}}}]}}]}}"#
    );
    let top = format!(
        r#"{{"type": "module", "name": "top", "imports": ["bottom"], "functions": [
            {{"name": "f", "body": [{{"type": "return", "value": {{"type": "call", "name": "g", "args": []}}}}]}},
            {{"name": "g", "body": [{{"type": "return", "value": {}}}]}},
            {{"name": "h", "body": [{{"type": "return", "value": {see}}}]}},
            {{"name": "i", "body": [{{"type": "return", "value": {}}}]}}]}}"#,
        module_call("bottom", "f"),
        literal("1"),
    );
    let engine = Engine::new();
    assert_eq!(describe(load(&engine, found("top", &top), &[("bottom", bottom)])), Vec::<String>::new());
    let told: Vec<String> = engine
        .needs("top")
        .unwrap()
        .iter()
        .map(|need| format!("{} {}: {}", need.function, need.capabilities.join(" "), need.way.join(" → ")))
        .collect();
    let expected = [
        "f io filesystem: top.f → top.g → bottom.f → io.readFile",
        "g io filesystem: top.g → bottom.f → io.readFile",
        "h : top.h → env.get",
    ];
    assert_eq!(told, expected);
    assert_eq!(engine.needs("another"), None);
}

#[test]
fn a_module_that_is_replaced_stays_with_those_who_call_it() {
    let engine = Engine::new();
    let caller = module("caller", &["base"], &module_call("base", "f"));
    let old = [("base", module("base", &[], &literal("1")))];
    load(&engine, found("caller", &caller), &old).expect("the modules are right");
    let new = module("base", &[], &literal("2"));
    load(&engine, found("base", &new), &[]).expect("the module is right");
    assert_eq!(run(&engine, "caller.f"), Ok("1".to_owned()));
    assert_eq!(run(&engine, "base.f"), Ok("2".to_owned()));
    // Nobody looks for a module that is loaded.
    load(&engine, found("caller", &caller), &[]).expect("the modules are right");
    assert_eq!(run(&engine, "caller.f"), Ok("2".to_owned()));
    let wrong = module("base", &[], &literal("true"));
    assert_eq!(describe(load(&engine, found("base", &wrong), &[])).len(), 1);
    assert_eq!(run(&engine, "base.f"), Ok("2".to_owned()));
    assert!(engine.unload("base") && !engine.unload("base"));
    assert_eq!(run(&engine, "caller.f"), Ok("2".to_owned()));
}

#[test]
fn what_finding_fails_with_is_handed_on() {
    let root = module("root", &["other"], &literal("1"));
    let outcome = Engine::new().load(found("root", &root), |_, _| Err("no access"));
    assert!(matches!(outcome, Err(LoadError::Find("no access"))));
}

#[test]
fn findings_of_many_modules_are_counted_and_cut() {
    let names: Vec<String> = (0..20).map(|number| format!("m{number}")).collect();
    let imports: Vec<&str> = names.iter().map(String::as_str).collect();
    let statements = vec!["{}"; 900].join(",");
    let outcome = Engine::new().load(found("root", &module("root", &imports, &literal("1"))), |name, _| {
        let text = format!(
            r#"{{"type": "module", "name": "{name}", "functions": [{{"name": "f", "body": [{statements}]}}]}}"#
        );
        Ok(Some(found(name, &text)))
    });
    let Err(LoadError::<Infallible>::Program(findings)) = outcome else { panic!("the modules have errors") };
    assert_eq!(findings.0.len(), 5_001);
    assert!(findings.0[5_000].message.contains("13000 more"), "{}", findings.0[5_000].message);
    assert_eq!(findings.0[5_000].file.as_deref(), Some("m5.alas.json"));
}

/// Loads `root`, which imports `lib`, from a folder of files that are found by their paths.
fn load_files(
    engine: &Engine,
    root: &str,
    files: &[(&str, String)],
) -> Result<Arc<Loaded>, LoadError<Infallible>> {
    let read = |path: &str| files.iter().find(|(known, _)| *known == path).map(|(_, text)| found(path, text));
    let root = read(root).expect("the root is among the files");
    engine.load(root, |name, importer| {
        let folder = importer.and_then(|file| file.rsplit_once('/')).map_or("", |(folder, _)| folder);
        Ok(read(&format!("{folder}/{name}")).or_else(|| read(name)))
    })
}

#[test]
fn a_module_that_has_changed_is_loaded_again_with_all_that_call_it() {
    let engine = Engine::new();
    for (number, expected) in [("1", "1"), ("2", "2"), ("2", "2")] {
        let files = [
            ("root", module("root", &["middle"], &calls("middle"))),
            ("middle", module("middle", &["lib"], &calls("lib"))),
            ("lib", module("lib", &[], &literal(number))),
        ];
        assert!(load_files(&engine, "root", &files).is_ok());
        assert_eq!(run(&engine, "root.f"), Ok(expected.to_owned()));
    }
}

#[test]
fn two_modules_of_one_name_are_an_error_with_both_places() {
    let modules = [
        ("main/root", module("root", &["one", "two"], &sum(&calls("one"), &calls("two")))),
        ("main/one", module("one", &["lib"], &calls("lib"))),
        ("main/two", module("two", &["lib"], &calls("lib"))),
        ("main/lib", module("lib", &[], &one())),
        ("other/lib", module("lib", &[], &literal("2"))),
    ];
    let engine = Engine::new();
    let root = found("main/root", &modules[0].1);
    let outcome = engine.load(root, |name, importer| {
        // The second importer stands for one in another folder, which has a `lib` of its own.
        let folder = if importer == Some("main/two.alas.json") { "other" } else { "main" };
        let path = format!("{folder}/{name}");
        Ok::<_, Infallible>(
            modules.iter().find(|(known, _)| *known == path).map(|(_, text)| found(&path, text)),
        )
    });
    assert_eq!(describe(outcome), ["main/two duplicate_name /imports/0"]);
}

#[test]
fn warnings_of_imported_modules_are_kept() {
    let odd = module("lib", &[], &one()).replacen("\"name\"", "\"odd\": 1, \"name\"", 1);
    let files = [("root", module("root", &["lib"], &calls("lib"))), ("lib", odd)];
    let engine = Engine::new();
    for _ in 0..2 {
        assert_eq!(describe(load_files(&engine, "root", &files)), ["lib unknown_key /odd"]);
    }
}
