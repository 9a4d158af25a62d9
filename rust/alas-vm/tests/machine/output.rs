//! What programs print: that it comes in order and whole, and that waiting for a reader ends with the call.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use alas_vm::{Console, ErrorCode, Host, Limits};

use crate::support::module;

/// Functions that the programs below start as tasks.
const FUNCTIONS: &str = "
    fn inner -> int { do (io.print \"c\") return 1 }
    fn says -> int { do (io.print \"b\") do (async.await (async.spawn \"inner\")) do (io.print \"d\") return 1 }";

/// A console that collects what is written until somebody reads it.
#[derive(Clone, Default)]
struct Collecting {
    shown: Arc<Mutex<String>>,
    has_reader: Arc<AtomicBool>,
    pending: String,
}

impl Collecting {
    fn read() -> Self {
        let console = Self::default();
        console.has_reader.store(true, Ordering::SeqCst);
        console
    }

    fn shown(&self) -> String {
        self.shown.lock().unwrap().clone()
    }

    fn host(&self) -> Host {
        Host::new(Box::new(self.clone()))
    }
}

/// Runs `main` with this body; returns the code of its failure.
fn run(body: &str, host: &mut Host, limits: Limits) -> Option<ErrorCode> {
    let module = module(&format!("{FUNCTIONS} fn main -> any {{ {body} return 1 }}"));
    let main = module.interface().by_name["main"];
    alas_vm::call(&module, main, &mut [], host, limits).err().map(|error| error.code)
}

impl Console for Collecting {
    fn write(&mut self, text: &str) -> io::Result<()> {
        self.pending.push_str(text);
        Ok(())
    }

    fn is_full(&self) -> bool {
        self.pending.len() > 100
    }

    fn flush(&mut self, patience: Duration) -> io::Result<bool> {
        if self.pending.is_empty() {
            return Ok(true);
        }
        if !self.has_reader.load(Ordering::SeqCst) {
            thread::sleep(patience);
            return Ok(false);
        }
        self.shown.lock().unwrap().push_str(&std::mem::take(&mut self.pending));
        Ok(true)
    }

    fn discard(&mut self) {
        self.pending.clear();
    }

    fn read_line(&mut self) -> io::Result<Option<String>> {
        Ok(None)
    }

    fn fork(&self) -> Box<dyn Console + Send> {
        Box::new(Self { pending: String::new(), ..self.clone() })
    }
}

#[test]
fn output_comes_in_order() {
    let console = Collecting::read();
    let body = "do (io.print \"a\") do (async.await (async.spawn \"says\")) do (io.print \"e\")";
    assert_eq!(run(body, &mut console.host(), Limits::default()), None);
    assert_eq!(console.shown(), "abcde");
}

#[test]
fn long_lines_come_whole() {
    let console = Collecting::read();
    let body = "do (io.println (string.repeat \"é\" 1500000)) do (io.println (string.repeat \"x\" 1048576))";
    assert_eq!(run(body, &mut console.host(), Limits::default()), None);
    assert!(console.shown() == format!("{}\n{}\n", "é".repeat(1_500_000), "x".repeat(1 << 20)));
}

/// What waits for a reader: at a full console, at the end, before a task, in a task, and before a line is read.
const WAITING: &[&str] = &[
    "while true { do (io.println \"xxxxxxxxxx\") }",
    "do (io.print \"x\")",
    "do (io.print \"x\") do (async.spawn \"inner\")",
    "do (async.await (async.spawn \"inner\"))",
    "do (io.print \"x\") do (io.readLine)",
    "do (io.print (string.repeat \"x\" 10000000))",
];

#[test]
fn waiting_for_a_reader_ends_with_the_call() {
    for body in WAITING {
        let limits = Limits { timeout: Some(Duration::from_millis(50)), ..Limits::default() };
        let begun = Instant::now();
        assert_eq!(run(body, &mut Collecting::default().host(), limits), Some(ErrorCode::Timeout), "{body}");
        assert!(begun.elapsed() < Duration::from_secs(5), "{body} took {:?}", begun.elapsed());

        let console = Collecting::default();
        let mut host = console.host();
        let interrupt = host.interrupt.clone();
        let stopping = thread::spawn(move || {
            thread::sleep(Duration::from_millis(20));
            interrupt.set();
        });
        let code = run(body, &mut host, Limits::default());
        assert_eq!(code, Some(ErrorCode::Cancelled), "{body}");
        stopping.join().unwrap();
        // What nobody has read is not that of the next call.
        console.has_reader.store(true, Ordering::SeqCst);
        assert_eq!(run("do (io.print \"next\")", &mut host, Limits::default()), None);
        assert_eq!(console.shown(), "next", "{body}");
    }
}

#[test]
fn a_failure_loses_nothing() {
    let memory = Limits { memory: Some(1 << 20), ..Limits::default() };
    let cases = [
        ("x = (/ 1 0)", Limits::default(), ErrorCode::DivisionByZero),
        ("while true { }", Limits { steps: Some(1000), ..Limits::default() }, ErrorCode::StepLimitExceeded),
        ("x = (array.range 0 1000000)", memory, ErrorCode::MemoryLimitExceeded),
    ];
    for (body, limits, expected) in cases {
        let console = Collecting::default();
        let has_reader = console.has_reader.clone();
        let reading = thread::spawn(move || {
            thread::sleep(Duration::from_millis(50));
            has_reader.store(true, Ordering::SeqCst);
        });
        let code = run(&format!("do (io.print \"a\") {body}"), &mut console.host(), limits);
        assert_eq!((code, console.shown().as_str()), (Some(expected), "a"), "{body}");
        reading.join().unwrap();
    }
}
