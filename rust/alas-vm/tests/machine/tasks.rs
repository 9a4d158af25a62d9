//! Tasks: what they come to, that they run beside each other, and that nothing escapes what limits the call.

use std::thread;
use std::time::{Duration, Instant};

use alas_value::Value;
use alas_vm::{ErrorCode, Limits};

use crate::support::{call, host, module, outcome};

/// Functions that the programs below start as tasks.
const FUNCTIONS: &str = "
    fn double n:int -> int { return (* n 2) }
    fn fails -> int { return (/ 1 0) }
    fn endless -> int { while true { } return 1 }
    fn rests ms:int -> int { do (async.await (async.sleep ms)) return ms }
    fn rounds n:int -> int { for i = 0 ; (< i n) ; i = (+ i 1) { } return n }
    fn fills n:int -> int { a = (array.fill n 7) do (async.await (async.sleep 100)) return (array.get a 0) }
    fn gives n:int -> any { return (array (string.repeat \"x\" n) (map \"n\" n)) }
    fn nests n:int -> any {
        if (== n 0) { return 0 }
        r = (async.await (async.spawn \"nests\" (array (- n 1))))
        return (+ 1 (field r value))
    }
    fn bomb -> any {
        do (async.spawn \"bomb\")
        do (async.spawn \"bomb\")
        return (async.await (async.spawn \"bomb\"))
    }";

/// What a body of `main` comes to, with these functions beside it.
fn run(body: &str, limits: Limits) -> String {
    outcome(&module(&format!("{FUNCTIONS} fn main -> any {{ {body} }}")), limits)
}

fn within(milliseconds: u64) -> Limits {
    Limits { timeout: Some(Duration::from_millis(milliseconds)), ..Limits::default() }
}

/// How many threads of crews there are.
#[cfg(target_os = "linux")]
fn threads() -> usize {
    let tasks = std::fs::read_dir("/proc/self/task").unwrap();
    let name = |task: std::io::Result<std::fs::DirEntry>| {
        std::fs::read_to_string(task.ok()?.path().join("comm")).ok()
    };
    tasks.filter_map(name).filter(|name| name.trim() == "alas-task").count()
}

#[test]
fn what_tasks_come_to() {
    let cases = [
        ("return (async.await (async.spawn \"double\" (array 21)))", r#"{"ok": true, "value": 42, "error": ""}"#),
        (
            "return (async.await (async.spawn \"fails\"))",
            r#"{"ok": false, "value": null, "error": "the right operand of `/` is zero", "code": "division_by_zero"}"#,
        ),
        (
            "name = \"double\" args = (array) return (field (async.await (async.spawn name args)) code)",
            "argument_count",
        ),
        ("name = \"nobody\" return (field (async.await (async.spawn name (array))) code)", "function_not_found"),
        ("return (async.await (async.sleep 1))", r#"{"ok": true, "value": null, "error": ""}"#),
        (
            "return (async.awaitTimeout (async.spawn \"double\" (array 1)) 5000)",
            r#"{"ok": true, "value": 2, "error": "", "timedOut": false}"#,
        ),
        ("return (field (async.awaitTimeout (async.sleep 5000) 1) timedOut)", "true"),
        ("return (field (async.awaitTimeout (async.spawn \"endless\") 1) code)", "timeout"),
        ("return (field (async.await (async.timeout \"endless\" (array) 5)) code)", "timeout"),
        (
            "return (field (async.await (async.timeout \"double\" (array 4) 5000)) value)",
            "8",
        ),
        (
            "return (async.parallel (array (async.spawn \"double\" (array 1)) (async.spawn \"fails\") (async.sleep 1)))",
            r#"{"ok": false, "values": [2, null, null], "errors": ["", "the right operand of `/` is zero", ""]}"#,
        ),
        ("return (async.parallel (array))", r#"{"ok": true, "values": [], "errors": []}"#),
        (
            "return (async.race (array (async.sleep 5000) (async.spawn \"double\" (array 3)) (async.spawn \"endless\")))",
            r#"{"ok": true, "value": 6, "error": "", "winner": 1}"#,
        ),
        ("return (async.race (array))", "value_error"),
        (
            "t = (async.spawn \"endless\") c = (async.cancel t) return (array c (field (async.await t) code) (async.cancel t))",
            r#"[true, "cancelled", false]"#,
        ),
        (
            "t = (async.sleep 5000) c = (async.cancel t) return (array c (field (async.await t) code) (async.isCompleted t))",
            r#"[true, "cancelled", true]"#,
        ),
        (
            "t = (async.spawn \"endless\") a = (array (async.isRunning t) (async.isCompleted t)) do (async.cancel t) do (async.await t)
             return (array.concat a (array (async.isRunning t) (async.isCompleted t)))",
            "[true, false, false, true]",
        ),
        (
            "t = (async.spawn \"double\" (array 5)) do (async.await t) return (array (type.typeOf t) t (== t t) (== t (async.sleep 0)))",
            r#"["task", task, true, false]"#,
        ),
        (
            "t = (async.spawn \"gives\" (array 100)) a = (async.await t) b = (async.await t) return (== a b)",
            "true",
        ),
        ("return (json.stringify (async.sleep 0))", "type_error"),
        ("return (async.sleep (- 0 1))", "value_error"),
        ("x = (field (async.await (async.sleep 0)) value) return (async.await x)", "type_error"),
        ("x = (field (async.await (async.sleep 0)) value) return (async.parallel (array x))", "type_error"),
        ("return (field (async.await (async.spawn \"nests\" (array 100))) value)", "100"),
    ];
    for (body, expected) in cases {
        assert_eq!(run(body, within(20_000)), expected, "{body}");
    }
}

#[test]
fn tasks_run_beside_each_other_and_the_caller() {
    let start = Instant::now();
    let body = "tasks = (array) for i = 0 ; (< i 40) ; i = (+ i 1) { tasks = (array.push tasks (async.spawn \"rests\" (array 100))) }
        do (rests 100) return (array.sum (field (async.parallel tasks) values))";
    assert_eq!(run(body, Limits::default()), "4000");
    assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
}

#[test]
fn many_tasks_wait_for_their_turn() {
    let body = "tasks = (array) for i = 0 ; (< i 3000) ; i = (+ i 1) { tasks = (array.push tasks (async.spawn \"double\" (array i))) }
        return (array.sum (field (async.parallel tasks) values))";
    assert_eq!(run(body, Limits::default()), (0..3000).map(|i| 2 * i).sum::<i64>().to_string());
}

#[test]
fn what_a_call_leaves_running_ends_with_it() {
    let start = Instant::now();
    for body in [
        "do (async.spawn \"endless\") return 1",
        "for i = 0 ; (< i 200) ; i = (+ i 1) { do (async.spawn \"endless\") } return 1",
        "do (async.spawn \"rests\" (array 60000)) return 1",
        "do (async.spawn \"endless\") return (/ 1 0)",
    ] {
        let outcome = run(body, Limits::default());
        assert!(["1", "division_by_zero"].contains(&&*outcome), "{outcome}");
    }
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    #[cfg(target_os = "linux")]
    {
        // Those of other tests that run at the same time end as well.
        while threads() > 0 && start.elapsed() < Duration::from_secs(60) {
            thread::sleep(Duration::from_millis(10));
        }
        assert_eq!(threads(), 0);
    }
}

#[test]
fn a_call_and_its_tasks_end_in_time() {
    for body in [
        "return (async.await (async.spawn \"endless\"))",
        "return (async.await (async.sleep 60000))",
        "t = (async.spawn \"rests\" (array 60000)) while true { } return t",
        "return (async.race (array (async.spawn \"rests\" (array 60000))))",
        "while true { do (async.spawn \"double\" (array 1)) } return 1",
    ] {
        let start = Instant::now();
        let outcome = run(body, within(100));
        assert!(["timeout", "value_error"].contains(&&*outcome), "{body}: {outcome}");
        assert!(start.elapsed() < Duration::from_secs(5), "{body}: {:?}", start.elapsed());
    }
}

/// Where threads start quickly, there are soon as many as may be, and what fails for it is told to the task that awaits it.
#[test]
fn tasks_that_start_ever_more_end_in_time() {
    for body in ["return (bomb)", "return (async.await (async.spawn \"nests\" (array 1000000)))"] {
        let start = Instant::now();
        let outcome = run(body, within(100));
        let is_told = ["timeout", "value_error"].contains(&&*outcome) || outcome.contains("\"ok\": false");
        assert!(is_told, "{body}: {outcome}");
        assert!(start.elapsed() < Duration::from_secs(5), "{body}: {:?}", start.elapsed());
    }
}

#[test]
fn an_interrupt_ends_a_call_that_waits() {
    for body in ["return (async.await (async.sleep 60000))", "return (async.await (async.spawn \"endless\"))"]
    {
        let module = module(&format!("{FUNCTIONS} fn main -> any {{ {body} }}"));
        let mut host = host();
        let interrupt = host.interrupt.clone();
        let stopper = thread::spawn(move || {
            thread::sleep(Duration::from_millis(30));
            interrupt.set();
        });
        let number = module.interface().by_name["main"];
        let start = Instant::now();
        let error = alas_vm::call(&module, number, &mut [], &mut host, Limits::default()).unwrap_err();
        assert_eq!(error.code, ErrorCode::Cancelled);
        assert!(start.elapsed() < Duration::from_secs(1));
        stopper.join().unwrap();
    }
}

#[test]
fn tasks_use_the_steps_of_the_call() {
    let steps = |count| Limits { steps: Some(count), ..Limits::default() };
    let body = "a = (async.spawn \"rounds\" (array 5000)) b = (async.spawn \"rounds\" (array 5000))
        r = (async.parallel (array a b)) do (rounds 10000) return (field r ok)";
    assert_eq!(run(body, steps(40_000)), "true");
    assert_eq!(run(body, steps(6_000)), "step_limit_exceeded");
    let body = "while true { do (async.await (async.spawn \"rounds\" (array 100))) } return 1";
    assert_eq!(run(body, steps(20_000)), "step_limit_exceeded");
    let body = "return (field (async.await (async.spawn \"rounds\" (array 100000))) code)";
    // Nothing is left for the call itself, which needs nothing more.
    assert_eq!(run(body, steps(20_000)), "step_limit_exceeded");
}

#[test]
fn tasks_use_the_memory_of_the_call() {
    let memory = |bytes| Limits { memory: Some(bytes), ..Limits::default() };
    let start_many = |count: usize, size: usize| {
        format!(
            "tasks = (array) for i = 0 ; (< i {count}) ; i = (+ i 1) {{ tasks = (array.push tasks (async.spawn \"fills\" (array {size}))) }}
             return (field (async.parallel tasks) ok)"
        )
    };
    assert_eq!(run(&start_many(10, 100_000), memory(10 << 20)), "true");
    assert_eq!(run(&start_many(10, 100_000), memory(4 << 20)), "false");
    // What waits to be fetched counts as well, and so do tasks themselves.
    let body = "while true { do (async.await (async.spawn \"gives\" (array 100000))) } return 1";
    assert_eq!(run(body, Limits { timeout: Some(Duration::from_millis(100)), ..memory(4 << 20) }), "timeout");
    let body = "tasks = (array) while true { t = (async.spawn \"gives\" (array 100000)) do (async.await t) tasks = (array.push tasks t) } return 1";
    assert_eq!(run(body, memory(4 << 20)), "memory_limit_exceeded");
    let body = "tasks = (array) while true { tasks = (array.push tasks (async.sleep 100000)) } return 1";
    assert_eq!(run(body, memory(4 << 20)), "memory_limit_exceeded");
}

#[test]
fn the_depth_holds_for_tasks() {
    let body = "return (field (async.await (async.spawn \"down\" (array 50))) ok)";
    let text = format!(
        "fn down n:int -> int {{ if (== n 0) {{ return 0 }} return (down (- n 1)) }} fn main -> any {{ {body} }}"
    );
    let module = module(&text);
    for (depth, expected) in [(100, "true"), (20, "false")] {
        assert_eq!(outcome(&module, Limits { depth, ..Limits::default() }), expected);
    }
}

#[test]
fn a_task_is_told_to_end_at_once() {
    let text = format!(
        "{FUNCTIONS} fn main -> any {{ t = (async.spawn \"endless\") do (async.await (async.sleep 5)) s = (time.monotonic)
            do (async.cancel t) do (async.await t) return (- (time.monotonic) s) }}"
    );
    let module = module(&text);
    let mut times: Vec<f64> = (0..40)
        .map(|_| match call(&module, "main", Vec::new(), Limits::default()) {
            Ok(Value::Float(seconds)) => seconds,
            other => panic!("{other:?}"),
        })
        .collect();
    times.sort_by(f64::total_cmp);
    assert!(times[20] < 0.010, "{times:?}");
}

#[test]
fn chance_is_reproducible_in_tasks() {
    let text = "fn draws -> any { return (array (math.random) (math.random)) }
        fn main -> any { a = (async.spawn \"draws\") b = (async.spawn \"draws\") return (field (async.parallel (array a b)) values) }";
    let module = module(text);
    let first = outcome(&module, Limits::default());
    for _ in 0..10 {
        assert_eq!(outcome(&module, Limits::default()), first);
    }
    assert!(!first.contains("[]"));
}
