//! Modules are shared by threads, values are not, and threads end.

use std::cell::RefCell;
use std::sync::Arc;
use std::thread;

use alas_value::{Array, Value};
use alas_vm::Limits;

use crate::support::{call, module, outcome};

/// The name of a missing field is worded from a key that all threads share, whose count must not be touched.
#[test]
fn threads_that_fail_at_the_same_field() {
    let text = "fn main -> int { m = (map \"here\" 1) return (field m missing) }
        fn dynamic m:any -> any { return (field m missing) }";
    for _ in 0..4 {
        let module = module(text);
        let work = |module: Arc<_>| {
            move || {
                for _ in 0..5_000 {
                    assert_eq!(outcome(&module, Limits::default()), "key_not_found");
                    let failure = call(&module, "dynamic", vec![Value::Int(1)], Limits::default());
                    assert_eq!(failure.expect_err("an int has no field").code.as_str(), "type_error");
                }
            }
        };
        let threads: Vec<_> = (0..4).map(|_| thread::spawn(work(module.clone()))).collect();
        for thread in threads {
            thread.join().expect("the thread is well");
        }
    }
}

thread_local! {
    static KEPT: RefCell<Option<Value>> = const { RefCell::new(None) };
}

fn nested(depth: usize) -> Value {
    (0..depth).fold(Value::Int(1), |value, _| Value::Array(Array::from_values(vec![value, Value::Void])))
}

#[test]
fn a_value_that_a_thread_keeps_until_it_ends() {
    let ends = thread::spawn(|| {
        KEPT.set(Some(nested(100_000)));
        // Only now the thread needs what is needed to drop nested values.
        drop(nested(3));
    });
    ends.join().expect("the thread ends well");
}
