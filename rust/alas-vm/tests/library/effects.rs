//! Functions that reach beyond their arguments, and results that no table can hold.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use alas_value::{Array, Value};
use alas_vm::{ErrorCode, Fault, ModuleContext, PluginContext};

use crate::support::{Recorder, call, entry, host, program, run, run_values, same, value, values};

fn text(value: &Value) -> &str {
    match value {
        Value::Text(text) => text.as_str(),
        other => panic!("a string is expected, found {other:?}"),
    }
}

#[test]
fn printing_writes_the_text_of_values() {
    let console = Recorder::default();
    let mut host = host(console.clone());
    for (name, argument) in [("io.print", r#"["a", 4.0]"#), ("io.println", "null"), ("io.println", r#""x""#)]
    {
        let result = call(name, &mut [value(argument)], &mut host, &program()).unwrap();
        assert!(same(&result, &Value::Void));
    }
    assert_eq!(*console.written.lock().unwrap(), "[\"a\", 4]void\nx\n");
}

#[test]
fn reading_gives_lines_and_then_nothing() {
    let console = Recorder::default();
    console.input.lock().unwrap().extend(["first ä".to_owned(), String::new()]);
    let mut host = host(console);
    for expected in ["first ä", "", "", ""] {
        assert_eq!(text(&call("io.readLine", &mut [], &mut host, &program()).unwrap()), expected);
    }
}

#[test]
fn waiting_for_a_line_can_be_stopped() {
    for (polls_before_stop, expected) in [(3, None), (2, Some(ErrorCode::Cancelled))] {
        let mut host = host(Recorder { looks: 3, ..Recorder::default() });
        let polls = AtomicUsize::new(0);
        host.watch = Some(Box::new(move || {
            if polls.fetch_add(1, Ordering::Relaxed) < polls_before_stop {
                return Ok(());
            }
            Err(Fault::new(ErrorCode::Cancelled, "stopped"))
        }));
        let outcome = call("io.readLine", &mut [], &mut host, &program());
        assert_eq!(outcome.err().map(|fault| fault.code()), expected);
    }
}

#[test]
fn a_broken_console_is_an_io_error() {
    let mut host = host(Recorder { broken: true, ..Recorder::default() });
    for name in ["io.print", "io.println", "io.readLine"] {
        let fault = call(name, &mut [Value::Int(1)], &mut host, &program()).unwrap_err();
        assert_eq!(fault.code(), ErrorCode::IoError);
        assert!(fault.message().contains("the pipe is closed"), "{fault}");
    }
}

#[test]
fn random_numbers_repeat_with_the_seed_and_fill_their_range() {
    let mut first = host(Recorder::default());
    let mut second = host(Recorder::default());
    let mut seen = [0_u32; 6];
    for _ in 0..6000 {
        let float = call("math.random", &mut [], &mut first, &program()).unwrap();
        assert!(matches!(float, Value::Float(value) if (0.0..1.0).contains(&value)));
        assert!(same(&float, &call("math.random", &mut [], &mut second, &program()).unwrap()));
        match call("math.randomInt", &mut values("[-2, 3]"), &mut first, &program()).unwrap() {
            Value::Int(value @ -2..=3) => seen[usize::try_from(value + 2).unwrap()] += 1,
            other => panic!("{other:?} is outside -2 to 3"),
        }
        call("math.randomInt", &mut values("[-2, 3]"), &mut second, &program()).unwrap();
    }
    assert!(seen.iter().all(|count| (850..1150).contains(count)), "{seen:?}");
    let extremes = "[-9223372036854775808, 9223372036854775807]";
    assert!(matches!(run("math.randomInt", extremes), Ok(Value::Int(_))));
}

#[test]
fn clocks_run_forward() {
    let before = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_millis();
    let Ok(Value::Int(now)) = run("time.now", "[]") else { panic!("time.now gives an int") };
    assert!((0..60_000).contains(&(i128::from(now) - i128::try_from(before).unwrap())));
    let monotonic = || match run("time.monotonic", "[]") {
        Ok(Value::Float(seconds)) => seconds,
        other => panic!("{other:?}"),
    };
    let first = monotonic();
    assert!(first >= 0.0 && monotonic() >= first);
}

#[test]
fn a_program_sees_the_hosts_environment_and_a_plugin_its_own() {
    let mut host = host(Recorder::default());
    let plugin = ModuleContext {
        plugin: Some(PluginContext {
            name: "my-plugin".to_owned(),
            version: "1.2.3".to_owned(),
            config: HashMap::from([("mode".to_owned(), "fast".to_owned())]),
            environment: HashMap::from([("LEVEL".to_owned(), "3".to_owned())]),
            ..PluginContext::default()
        }),
        ..ModuleContext::new("module")
    };
    let cases: [(&ModuleContext, &str, &str, Result<&str, ErrorCode>); 12] = [
        (&program(), "env.get", r#"["HOME"]"#, Ok("/home/a")),
        (&program(), "env.get", r#"["LEVEL"]"#, Err(ErrorCode::KeyNotFound)),
        (&program(), "env.get", r#"["LEVEL", "0"]"#, Ok("0")),
        (&program(), "env.get", r#"["HOME", 0]"#, Err(ErrorCode::TypeError)),
        (&program(), "env.get", "[1]", Err(ErrorCode::TypeError)),
        (&plugin, "env.get", r#"["LEVEL"]"#, Ok("3")),
        (&plugin, "env.get", r#"["HOME"]"#, Err(ErrorCode::KeyNotFound)),
        (&plugin, "plugin.config", r#"["mode"]"#, Ok("fast")),
        (&plugin, "plugin.config", r#"["other", "slow"]"#, Ok("slow")),
        (&plugin, "plugin.config", r#"["other"]"#, Err(ErrorCode::KeyNotFound)),
        (&plugin, "plugin.name", "[]", Ok("my-plugin")),
        (&plugin, "plugin.version", "[]", Ok("1.2.3")),
    ];
    for (module, name, arguments, expected) in cases {
        let outcome = call(name, &mut values(arguments), &mut host, module);
        match (&outcome, expected) {
            (Ok(result), Ok(expected)) => assert_eq!(text(result), expected),
            (Err(fault), Err(code)) => assert_eq!(fault.code(), code),
            _ => panic!("{name} {arguments}: expected {expected:?}, found {outcome:?}"),
        }
    }
}

#[test]
fn text_that_is_not_json_gives_a_result_with_code_and_place() {
    let cases = ["[1,\n 2", "", r#"{"a": 1, "a": 2}"#, "1e999", "9223372036854775808"];
    for source in cases {
        let result = run_values("json.parse", vec![Value::text(source)]).unwrap();
        assert!(same(entry(&result, "ok"), &Value::Bool(false)));
        assert!(same(entry(&result, "value"), &Value::Void));
        assert_eq!(text(entry(&result, "code")), "value_error", "{source}");
        assert!(text(entry(&result, "error")).starts_with("line "), "{result:?}");
    }
}

#[test]
fn json_is_written_as_deep_as_it_is_read() {
    let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
    let parsed = run_values("json.parse", vec![Value::text(&nested(512))]).unwrap();
    let value = entry(&parsed, "value").clone();
    assert_eq!(text(&run_values("json.stringify", vec![value.clone()]).unwrap()), nested(512));
    let deeper = run_values("array.push", vec![Value::Array(Array::empty()), value]).unwrap();
    let fault = run_values("json.stringify", vec![deeper]).unwrap_err();
    assert_eq!(fault.code(), ErrorCode::ValueError);
    let unread = run_values("json.parse", vec![Value::text(&nested(513))]).unwrap();
    assert!(text(entry(&unread, "error")).contains("512"), "{unread:?}");
}

#[test]
fn moments_that_do_not_fit_their_pattern_give_a_result() {
    let cases = [
        ("2024-13-01", "%F"),
        ("2024-07-14 extra", "%F"),
        ("12:00", "%H:%M"),
        ("2024-07-14", "%"),
        ("2024-07-14 Europe/Berlin", "%F %Q"),
    ];
    for (source, pattern) in cases {
        let result = run_values("time.parse", vec![Value::text(source), Value::text(pattern)]).unwrap();
        assert!(same(entry(&result, "ok"), &Value::Bool(false)), "{source} {pattern}: {result:?}");
        assert!(!text(entry(&result, "error")).is_empty());
    }
}
