//! Tasks that call functions of the host, which call programs again: nothing hangs, escapes a limit or is left behind.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Weak, mpsc};
use std::thread;
use std::time::Duration;

use alas_engine::value::Value;
use alas_engine::{Context, Engine, Fault, HostModule, Interrupt, Limits, Turn};

use crate::support::{call, define, describe, host, program};

/// How long a call may take that does not hang.
const PATIENCE: Duration = Duration::from_secs(30);

/// An engine with two modules of the host.
struct World {
    engine: Arc<Engine>,
    /// How often `q.note` was called.
    notes: Arc<AtomicUsize>,
}

impl World {
    /// `p` takes turns: `back` calls a function with the same host. `q` does not: `fresh` calls one with a host of its own
    /// and these limits, `back` with the same, `note` counts its calls, and `boom` panics.
    fn new(text: &str, limits: Limits) -> Self {
        let notes = Arc::new(AtomicUsize::new(0));
        let counted = notes.clone();
        let engine = Arc::new_cyclic(|weak: &Weak<Engine>| {
            let engine = Engine::new();
            let calling = |is_fresh: bool| {
                let weak = weak.clone();
                move |context: &mut Context<'_>, arguments: &mut [Value]| {
                    let engine = weak.upgrade().expect("it runs");
                    let [Value::Text(name)] = arguments else { unreachable!("it is declared so") };
                    let function = engine.function(name.as_str()).expect("it is there");
                    let outcome = if is_fresh {
                        function.call(&mut [], &mut host(Interrupt::default()), limits)
                    } else {
                        let inner = Limits { depth: usize::MAX, ..Limits::default() };
                        function.call(&mut [], context.host, inner)
                    };
                    outcome.map_err(|error| Fault::new(error.code, error.message))
                }
            };
            let note = move |_: &mut Context<'_>, _: &mut [Value]| {
                counted.fetch_add(1, Ordering::SeqCst);
                Ok(Value::Int(1))
            };
            let boom =
                |_: &mut Context<'_>, _: &mut [Value]| -> Result<Value, Fault> { panic!("on purpose") };
            let name: &[(&str, &str)] = &[("f", "string")];
            let p = HostModule::new("p")
                .function("back", name, "any", calling(false))
                .function("touch", &[], "int", |_: &mut Context<'_>, _: &mut [Value]| Ok(Value::Int(1)))
                .turn(Arc::new(Turn::new()));
            let q = HostModule::new("q")
                .function("back", name, "any", calling(false))
                .function("fresh", name, "any", calling(true))
                .function("note", &[], "int", note)
                .function("boom", &[], "int", boom);
            for module in [p, q] {
                define(&engine, module).expect("it is right");
            }
            program(&engine, text).expect("it is right");
            engine
        });
        Self { engine, notes }
    }

    /// What `main` comes to in a thread of its own, which is interrupted after a while if told; `None` when it hangs.
    fn outcome(&self, limits: Limits, interrupt_after: Option<Duration>) -> Option<String> {
        let (send, receive) = mpsc::channel();
        let engine = self.engine.clone();
        let interrupt = Interrupt::default();
        let mut host = host(interrupt.clone());
        thread::spawn(move || {
            let main = engine.function("m.main").expect("it is there");
            let _ = send.send(describe(main.call(&mut [], &mut host, limits)));
        });
        if let Some(after) = interrupt_after {
            thread::sleep(after);
            interrupt.set();
        }
        receive.recv_timeout(PATIENCE).ok()
    }
}

const FUNCTIONS: &str = "
    fn endless -> int { while true { } return 1 }
    fn one -> int { return 1 }
    fn few -> int { for i = 0 ; (< i 5) ; i = (+ i 1) { } return 1 }
    fn wrap t:task -> any { return t }
    fn touches -> int { return (p.touch) }
    fn enters -> any { return (p.back \"m.endless\") }
    fn lends -> any { t = (async.spawn \"enters\") do (async.awaitTimeout t 50) return (async.cancel t) }
    fn many -> any {
        for i = 0 ; (< i 100) ; i = (+ i 1) { do (async.spawn \"touches\") }
        return (field (async.await (async.spawn \"one\")) value)
    }
    fn nested -> any { return (q.fresh \"m.endless\") }
    fn starts -> any { do (async.spawn \"burn\") return 1 }
    fn burn -> int { for i = 0 ; (< i 40000) ; i = (+ i 1) { } return (q.note) }
    fn spawner -> any { return (field (async.await (async.spawn \"one\")) value) }
    fn panics -> int { return (q.boom) }
    fn notes -> int { while true { do (q.note) } return 1 }
    fn hold -> any { a = (array.fill 3000000 7) do (async.await (async.sleep 300)) return (array.get a 0) }
    fn holds -> any { return (q.fresh \"m.hold\") }
    fn deep n:int -> int {
        if (<= n 0) { do (async.await (async.sleep 300)) return 0 }
        return (+ 1 (deep (- n 1)))
    }";

/// What a body of `main` comes to, with these functions beside it, and how often `q.note` was called.
fn run(body: &str, limits: Limits, interrupt_after: Option<u64>) -> (Option<String>, usize) {
    let world = World::new(&format!("{FUNCTIONS} fn main -> any {{ {body} }}"), limits);
    let outcome = world.outcome(limits, interrupt_after.map(Duration::from_millis));
    // Of a failure only the code.
    let outcome = outcome.map(|outcome| outcome.split(": ").next().unwrap_or_default().to_owned());
    (outcome, world.notes.load(Ordering::SeqCst))
}

fn steps(count: u64) -> Limits {
    Limits { steps: Some(count), ..Limits::default() }
}

#[test]
fn nothing_hangs() {
    let unlimited = Limits::default();
    let cases = [
        // A call that has lent its turn to a task of its own.
        ("return (p.back \"m.lends\")", unlimited, Some(300), "cancelled"),
        // Tasks that wait for a turn leave their places to others.
        ("return (p.back \"m.many\")", unlimited, None, "1"),
        // What stops a task or a call stops the calls of the host within it.
        (
            "t = (async.spawn \"nested\") do (async.awaitTimeout t 50) do (async.cancel t) return (field (async.await t) code)",
            unlimited,
            None,
            "cancelled",
        ),
        ("do (async.spawn \"nested\") return 1", unlimited, None, "1"),
        ("return (q.fresh \"m.endless\")", unlimited, Some(100), "cancelled"),
        // Threads that have panicked are replaced.
        (
            "for i = 0 ; (< i 70) ; i = (+ i 1) { do (async.spawn \"panics\") } return (field (async.await (async.spawn \"one\")) value)",
            unlimited,
            None,
            "1",
        ),
        ("return (field (async.await (async.spawn \"panics\")) code)", unlimited, None, "native_error"),
    ];
    for (body, limits, interrupt_after, expected) in cases {
        assert_eq!(run(body, limits, interrupt_after).0.as_deref(), Some(expected), "{body}");
    }
}

#[test]
fn steps_are_counted_once() {
    // Tasks of a call within the call end with it, and use its steps.
    let body =
        "do (async.await (async.sleep 1)) for i = 0 ; (< i 20) ; i = (+ i 1) { do (q.back \"m.starts\") }
        do (async.await (async.sleep 200)) return 1";
    assert!(run(body, steps(60_000), None).1 <= 1);
    // A call with limits of its own is charged what it has used.
    let body = "do (async.await (async.spawn \"one\")) do (q.fresh \"m.spawner\")
        for i = 0 ; (< i 50000) ; i = (+ i 1) { } return 1";
    assert_eq!(run(body, steps(1_000_000), None).0.as_deref(), Some("1"));
    // What a task has taken and not used goes back.
    let body = "n = 0 for i = 0 ; (< i 30) ; i = (+ i 1) {
        r = (async.await (async.spawn \"few\")) if (field r ok) { n = (+ n 1) } } return n";
    assert_eq!(run(body, steps(40_000), None).0.as_deref(), Some("30"));
}

#[test]
fn memory_is_counted_for_all() {
    let memory = |bytes| Limits { memory: Some(bytes), ..Limits::default() };
    let start = |name: &str, arguments: &str, count: usize| {
        format!(
            "tasks = (array) for i = 0 ; (< i {count}) ; i = (+ i 1) {{ tasks = (array.push tasks (async.spawn \"{name}\" {arguments})) }}
             return (field (async.parallel tasks) ok)"
        )
    };
    // Some task fails, or the call itself, when there is nothing left to start another with.
    let is_refused = |body: &str, bytes| {
        let outcome = run(body, memory(bytes), None).0;
        ["false", "memory_limit_exceeded"].map(Some).contains(&outcome.as_deref())
    };
    // Each holds 24 MB in a call of the host.
    assert!(is_refused(&start("holds", "(array)", 10), 48 << 20));
    assert_eq!(run(&start("holds", "(array)", 1), memory(48 << 20), None).0.as_deref(), Some("true"));
    // Stacks of tasks count.
    assert!(is_refused(&start("deep", "(array 9000)", 16), 4 << 20));
    // Tasks that were cancelled in the queue leave nothing there.
    let body = "for i = 0 ; (< i 64) ; i = (+ i 1) { do (async.spawn \"endless\") }
        for i = 0 ; (< i 20000) ; i = (+ i 1) { do (async.cancel (async.spawn \"endless\")) } return 1";
    assert_eq!(run(body, memory(8 << 20), None).0.as_deref(), Some("1"));
}

#[test]
fn handles_that_hold_handles_are_dropped_without_recursion() {
    let body = "t = (async.sleep 0) for i = 0 ; (< i 30000) ; i = (+ i 1) {
        u = (async.spawn \"wrap\" (array t)) do (async.await u) t = u } return (async.isCompleted t)";
    assert_eq!(run(body, Limits::default(), None).0.as_deref(), Some("true"));
}

#[test]
fn tasks_end_with_a_call_that_panics() {
    let text = format!(
        "{FUNCTIONS} fn main -> any {{ do (async.spawn \"notes\") do (async.await (async.sleep 20)) return (q.boom) }}"
    );
    let world = World::new(&text, Limits::default());
    let work = || call(&world.engine, "m.main", vec![], Limits::default());
    assert!(catch_unwind(AssertUnwindSafe(work)).is_err());
    let after = world.notes.load(Ordering::SeqCst);
    thread::sleep(Duration::from_millis(200));
    assert_eq!(world.notes.load(Ordering::SeqCst), after, "the task still runs");
}
