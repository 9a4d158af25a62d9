//! Limits, interruption, deep recursion, and what an error tells.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use alas_value::{Array, Value};
use alas_vm::{ErrorCode, Fault, Limits};

use crate::support::{call, host, module, outcome};

const STEPS: &str = "
    fn down n:int -> int { if (== n 0) { return 0 } return (down (- n 1)) }
    fn rounds n:int -> int { for i = 0 ; (< i n) ; i = (+ i 1) { } return n }
    fn main -> int { return (down 3) }";

fn limits(depth: usize, steps: Option<u64>) -> Limits {
    Limits { depth, steps, ..Limits::default() }
}

/// The entry function is free; what it calls may recurse as often as the limit says.
#[test]
fn the_depth_is_exact() {
    let module = module(STEPS);
    for depth in [0_i64, 1, 2, 100, 9_999, 10_000] {
        let run = |n: i64| {
            let limits = limits(depth.unsigned_abs() as usize, None);
            call(&module, "down", vec![Value::Int(n)], limits).map_err(|error| error.code.as_str())
        };
        // `down` is the entry function, so that it and the first call come on top.
        assert!(run(depth + 1).is_ok(), "{depth}");
        assert_eq!(run(depth + 2).err(), Some("call_depth_exceeded"), "{depth}");
    }
    assert_eq!(outcome(&module, limits(usize::MAX, None)), "0");
}

#[test]
fn the_steps_are_exact() {
    let module = module(STEPS);
    for (name, n, steps) in
        [("rounds", 0, 0), ("rounds", 1, 1), ("rounds", 10_000, 10_000), ("down", 0, 0), ("down", 7, 7)]
    {
        let run = |steps: u64| {
            call(&module, name, vec![Value::Int(n)], limits(10_000, Some(steps)))
                .map_err(|error| error.code.as_str())
        };
        assert!(run(steps).is_ok(), "{name}({n}) takes {steps} steps");
        assert!(run(u64::MAX).is_ok(), "{name}({n})");
        if steps > 0 {
            assert_eq!(run(steps - 1).err(), Some("step_limit_exceeded"), "{name}({n})");
        }
    }
}

/// Steps that a caught failure left over are not lost, and those that it used are not given back.
#[test]
fn steps_across_failures() {
    let module = module(
        "fn fails -> int { return (/ 1 0) }
         fn main -> int { for i = 0 ; (< i 10) ; i = (+ i 1) { r = (result.try \"fails\" (array)) } return i }",
    );
    assert_eq!(outcome(&module, limits(10, Some(20))), "10");
    assert_eq!(outcome(&module, limits(10, Some(19))), "step_limit_exceeded");
}

#[test]
fn an_interrupt_stops_loops_and_recursion() {
    let endless = [
        "fn main -> int { while true { } return 1 }",
        "fn main -> int { i = 0 while (>= i 0) { i = (% (+ i 1) 7) } return 1 }",
        "fn down n:int -> int { if (== n 0) { return 0 } return (down (- n 1)) }
         fn main -> int { while true { do (down 50) } return 1 }",
        "fn fails -> int { return (/ 1 0) } fn main -> int { while true { do (result.try \"fails\" (array)) } return 1 }",
    ];
    for text in endless {
        let module = module(text);
        let mut host = host();
        let interrupt = host.interrupt.clone();
        let stopper = thread::spawn(move || {
            thread::sleep(Duration::from_millis(20));
            interrupt.set();
        });
        let number = module.interface().by_name["main"];
        let error = alas_vm::call(&module, number, &mut [], &mut host, Limits::default())
            .expect_err("it was stopped");
        assert_eq!(error.code.as_str(), "cancelled", "{text}");
        stopper.join().expect("the stopper ends");
    }
}

/// Text of a value that holds another one many times: refused by its size, and stopped on the way.
#[test]
fn the_text_of_a_large_value_is_bounded() {
    let make = "fn make n:int -> any {
        v = (array \"x\")
        for i = 0 ; (< i n) ; i = (+ i 1) { v = (array v v) }
        return v
    }";
    let expressions = [
        "(type.toString v)",
        "(+ \"a\" v)",
        "(+ v \"a\")",
        "(+ (type.toString (array v)) \"a\")",
        "(json.stringify v)",
        "(string.length (type.toString v))",
    ];
    for expression in expressions {
        let text = format!("{make} fn main n:int -> any {{ v = (make n) return {expression} }}");
        let module = module(&text);
        let refused = call(&module, "main", vec![Value::Int(40)], Limits::default()).expect_err(expression);
        assert_eq!(refused.code.as_str(), "memory_limit_exceeded", "{expression}");
        let mut host = host();
        let looks = AtomicUsize::new(0);
        host.watch = Some(Box::new(move || match looks.fetch_add(1, Ordering::Relaxed) {
            0..10 => Ok(()),
            _ => Err(Fault::new(ErrorCode::Cancelled, "")),
        }));
        let number = module.interface().by_name["main"];
        let outcome = alas_vm::call(&module, number, &mut [Value::Int(20)], &mut host, Limits::default());
        assert_eq!(outcome.expect_err(expression).code.as_str(), "cancelled", "{expression}");
    }
}

#[test]
fn deep_recursion_needs_no_stack_of_the_host() {
    let small = thread::Builder::new().stack_size(64 * 1024);
    let module = module(
        "fn nest n:int -> array { if (== n 0) { return (array) } return (array (nest (- n 1))) }
         fn tries n:int -> any { if (== n 0) { return (/ 1 0) } return (field (result.try \"tries\" (array (- n 1))) value) }
         fn main -> int { a = (nest 10000) r = (tries 10000) return 1 }",
    );
    let outcome = small.spawn(move || outcome(&module, Limits::default())).expect("a thread starts").join();
    assert_eq!(outcome.expect("the thread is well"), "1");
}

#[test]
fn failures_are_caught_by_the_innermost_try() {
    let functions = "
        fn fails t:string -> int { return (/ (string.length t) 0) }
        fn inner t:string -> any { r = (result.try \"fails\" (array t)) return (field r code) }
        fn outer t:string -> any { r = (result.try \"inner\" (array t)) return (array (field r ok) (field r value)) }
        fn ends -> int { while true { } return 1 }";
    let cases = [
        ("(outer \"x\")", "[true, \"division_by_zero\"]"),
        ("(field (result.try \"fails\" (array \"x\")) code)", "division_by_zero"),
        ("(field (result.try (+ \"fail\" \"s\") (array 1)) code)", "type_error"),
        ("(field (result.try (+ \"fail\" \"s\") (array)) code)", "argument_count"),
        ("(field (result.try (+ \"no\" \"ne\") (array)) code)", "function_not_found"),
        // What ends the whole run cannot be caught.
        ("(result.try \"ends\" (array))", "step_limit_exceeded"),
    ];
    for (expression, expected) in cases {
        let module = module(&format!("{functions} fn main -> any {{ return {expression} }}"));
        assert_eq!(outcome(&module, limits(100, Some(10_000))), expected, "{expression}");
    }
}

/// Of a deep recursion, the frames at both ends are told.
#[test]
fn traces_are_short() {
    let module = module(
        "fn down n:int -> int { if (== n 0) { return (/ 1 n) } return (down (- n 1)) }
         fn main -> int { return (down 5000) }",
    );
    let error = call(&module, "main", Vec::new(), Limits::default()).expect_err("it divides by zero");
    assert_eq!(error.stack.len(), 100);
    assert_eq!((&*error.stack[0].function, &*error.stack[99].function), ("down", "main"));
    assert!(error.stack[0].place.location.pointer.starts_with("/functions/0/body/0/then/0/value"));
    assert!(error.stack[1].place.location.pointer.starts_with("/functions/0/body/1/value"));
    let shallow =
        call(&module, "down", vec![Value::Int(2)], Limits::default()).expect_err("it divides by zero");
    assert_eq!(shallow.stack.len(), 3);
}

#[test]
fn arguments_are_made_to_fit_at_the_entry() {
    let module = module(
        "fn half x:float -> float { return (/ x 2) } fn first a:array<int> -> int { return (at a 0) }
         fn any x:any -> any { return x } fn many a:string b:any c:float d:bool -> string { return (+ a (+ \"\" c)) }",
    );
    let run = |name: &str, arguments: Vec<Value>| {
        call(&module, name, arguments, Limits::default()).map_err(|error| error.code.as_str())
    };
    assert!(
        matches!(run("half", vec![Value::Int(3)]), Ok(Value::Float(half)) if half.to_bits() == 1.5_f64.to_bits())
    );
    assert!(matches!(run("any", vec![Value::Void]), Ok(Value::Void)));
    let ints = Array::from_values(vec![Value::Int(4), Value::Void]);
    let packed = Array::from(vec![4_i64, 5]);
    assert!(matches!(run("first", vec![Value::Array(packed)]), Ok(Value::Int(4))));
    assert_eq!(run("first", vec![Value::Array(ints)]).err(), Some("type_error"));
    assert_eq!(run("half", Vec::new()).err(), Some("argument_count"));
    let many = |c: Value| run("many", vec![Value::text("a"), Value::text("b"), c, Value::Bool(true)]);
    assert!(matches!(many(Value::Int(1)), Ok(Value::Text(text)) if text.as_str() == "a1"));
    assert_eq!(many(Value::text("c")).err(), Some("type_error"));
}

/// A loop that is stopped, by a limit or from outside, is the place where it was stopped.
#[test]
fn what_stops_a_loop_is_reported_at_the_loop() {
    let cases = [
        ("while true { }", "/functions/0/body/0"),
        ("i = 0 while (< i n) { i = (+ i 1) }", "/functions/0/body/1"),
        ("i = 0 while (!= (% i 7) 8) { i = (+ i 1) }", "/functions/0/body/1"),
        ("i = 0 while (|| (< i n) (> i n)) { i = (+ i 1) }", "/functions/0/body/1"),
        ("for i = 0 ; (< i n) ; i = (+ i 1) { }", "/functions/0/body/0"),
        ("for i = 0 ; (< i 1000000) ; i = (+ i 1) { a = (+ i 1) }", "/functions/0/body/0"),
        ("for i = 0 ; (< 0 n) ; i = (+ i 1) { if (> i 3) { } else { a = 1 } }", "/functions/0/body/0"),
        ("for i = 0.5 ; (< i 10000000.0) ; i = (+ i 0.5) { }", "/functions/0/body/0"),
        ("if (> n 0) { while (> n 1) { } }", "/functions/0/body/0/then/0"),
        ("while (> n 0) { while (> n 1) { } }", "/functions/0/body/0/body/0"),
        ("a = (array.map (array.range 0 n) \"same\")", "/functions/0/body/0/value"),
        ("do (same n)", "/functions/0/body/0/value"),
    ];
    for (body, expected) in cases {
        let module = module(&format!(
            "fn main n:int -> int {{ {body} return 0 }} fn same n:int -> int {{ while true {{ }} return n }}"
        ));
        let steps = if body.contains("same") { 0 } else { 10 };
        let error = call(&module, "main", vec![Value::Int(1_000_000)], limits(100, Some(steps)));
        let error = error.expect_err("the program does not end");
        assert_eq!(error.code.as_str(), "step_limit_exceeded", "{body}");
        assert_eq!(error.stack[0].place.location.pointer, expected, "{body}");
        // Stopped when the loops have gone round for a while.
        let looks = AtomicUsize::new(0);
        let mut host = host();
        host.watch = Some(Box::new(move || match looks.fetch_add(1, Ordering::Relaxed) {
            0..3 => Ok(()),
            _ => Err(Fault::new(ErrorCode::Cancelled, "")),
        }));
        let number = module.interface().by_name["main"];
        let outcome =
            alas_vm::call(&module, number, &mut [Value::Int(1_000_000)], &mut host, limits(100, None));
        let error = outcome.expect_err("the program is stopped");
        assert_eq!(error.code.as_str(), "cancelled", "{body}");
        let expected = if body.contains("same") { "/functions/1/body/0" } else { expected };
        assert_eq!(error.stack[0].place.location.pointer, expected, "{body}");
    }
}
