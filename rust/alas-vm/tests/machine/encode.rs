//! Encoding, seen from outside: programs that are larger or stranger than usual.

use alas_vm::Limits;

use crate::notation;
use crate::support::{link, module, outcome, typed};

/// A text for each number, one after the other.
fn repeated<N>(numbers: impl Iterator<Item = N>, text: impl FnMut(N) -> String) -> String {
    numbers.map(text).collect::<Vec<_>>().concat()
}

fn run(text: &str) -> String {
    outcome(&module(text), Limits::default())
}

/// A jump over more than 32,767 ops does not fit the fused forms.
#[test]
fn far_jumps() {
    let filler = "x = (+ x (* i 3)) ".repeat(20_000);
    let text = |condition: &str| {
        format!(
            "fn main -> int {{ i = 0 x = 0 n = 3 while {condition} {{ {filler} i = (+ i 1) }} return (+ (* x 10) i) }}"
        )
    };
    let sum = (0..3).map(|i| i * 3 * 20_000).sum::<i64>() * 10 + 3;
    for condition in
        ["(< i n)", "(< i 3)", "(<= i 2)", "(!= i 3)", "(> 3 i)", "(! (== i 3))", "(&& (< i n) true)"]
    {
        assert_eq!(run(&text(condition)), sum.to_string(), "{condition}");
    }
}

#[test]
fn many_constants() {
    let texts = repeated(0..70_000, |number| format!("do (string.length \"t{number}\") "));
    assert_eq!(run(&format!("fn main -> string {{ {texts} return \"end\" }}")), "end");
    let floats = repeated(0..70_000, |number| format!("x = (+ x {number}.5) "));
    assert_eq!(run(&format!("fn main -> float {{ x = 0.0 {floats} return x }}")), "2450000000");
    let ints = repeated(0..40_000, |number| format!("x = (+ x (/ {} {})) ", number * 50_000, number + 1));
    let expected: i64 = (0..40_000_i64).map(|number| number * 50_000 / (number + 1)).sum();
    assert_eq!(run(&format!("fn main -> int {{ x = 0 {ints} return x }}")), expected.to_string());
}

/// The names of fields have short numbers of their own, whatever other texts there are.
#[test]
fn fields_beside_many_constants() {
    let texts = repeated(0..70_000, |number| format!("do (string.length \"t{number}\") "));
    let text = format!("fn main -> int {{ m = (map \"late\" 7) {texts} return (field m late) }}");
    assert_eq!(run(&text), "7");
    for (count, fits) in [(65_536, true), (65_537, false)] {
        let reads = repeated(0..count, |number| format!("do (field m f{number}) "));
        let text = format!("fn main m:map -> int {{ {reads} return 1 }}");
        let linked = link(&typed(notation::module(&text).into_bytes()).expect("the program is right"));
        let problem = linked.err().map(|error| error.to_string());
        assert_eq!(problem.is_none(), fits, "{count} {problem:?}");
        assert!(problem.is_none_or(|problem| problem.contains("fields of more than 65536 different names")));
    }
}

/// Each variable that lives from its block into another has a slot of its own, and 60,000 is the most.
#[test]
fn too_many_variables_are_refused_and_as_many_as_fit_run() {
    let program = |count: usize| {
        let assign = repeated(0..count, |number| format!("v{number} = {number} "));
        let add = repeated(0..count, |number| format!("s = (+ s v{number}) "));
        format!("fn main n:int -> int {{ s = 0 {assign} if (> n 0) {{ {add} }} return s }}")
    };
    for (count, fits) in [(0, true), (1, true), (59_990, true), (60_001, false)] {
        let typed = typed(notation::module(&program(count)).into_bytes()).expect("the program is right");
        let linked = link(&typed);
        assert_eq!(linked.is_ok(), fits, "{count} variables");
        if let Err(error) = linked {
            assert_eq!((&*error.function, error.to_string().contains("too large")), ("main", true));
        }
    }
}

/// Operands that are the same register, in every instruction that consumes several.
#[test]
fn repeated_operands() {
    let cases = [
        ("a = (array 1 2) b = (array a a a)", "b", "[[1, 2], [1, 2], [1, 2]]"),
        ("a = (array 1 2) a = (array a a a)", "a", "[[1, 2], [1, 2], [1, 2]]"),
        ("a = (array 1 2) a = (array.push a a)", "a", "[1, 2, [1, 2]]"),
        ("a = (array (array) 2) a = (array.set a 0 a)", "a", "[[[], 2], 2]"),
        ("t = (+ \"k\" 1) m = (map t t)", "m", "{\"k1\": \"k1\"}"),
        ("m = (map \"a\" 1) m = (map.put m \"b\" m)", "m", "{\"a\": 1, \"b\": {\"a\": 1}}"),
        ("m = (map \"a\" \"a\") k = (at m \"a\") m = (map.put m k k)", "m", "{\"a\": \"a\"}"),
        ("t = (+ \"k\" 1) t = (+ t t) t = (+ t t)", "t", "k1k1k1k1"),
        ("a = (array 1) a = (+ a a)", "a", "[1, 1]"),
        ("a = (array 1) a = (both a a)", "a", "[[1], [1]]"),
        ("t = (+ \"k\" 1) m = (map) t = (map.get m t t)", "t", "k1"),
        ("m = (map) m = (map.get m \"k\" m)", "m", "{}"),
        ("d = (array 9) m = (map \"k\" 1) d = (map.get m \"k\" d)", "d", "1"),
        ("a = (array 1) b = (array 2) c = a a = b b = c", "(array a b)", "[[2], [1]]"),
        ("a = (array (array 7)) a = (at a 0)", "a", "[7]"),
        ("a = (array 3 1) a = (array.concat a a)", "a", "[3, 1, 3, 1]"),
    ];
    for (body, result, expected) in cases {
        let text = format!(
            "fn both a:any b:any -> array {{ return (array a b) }} fn main -> any {{ {body} return {result} }}"
        );
        assert_eq!(run(&text), expected, "{body}");
    }
}

/// Literals beyond what one instruction takes.
#[test]
fn long_literals() {
    for count in [0_usize, 1, 999, 1000, 1001, 50_000] {
        let items = repeated(0..count, |number| format!("{number} "));
        let text = format!("fn main -> int {{ a = (array {items}) return (array.sum a) }}");
        assert_eq!(run(&text), (0..count).sum::<usize>().to_string());
        let pairs = repeated(0..count, |number| format!("\"k{number}\" {number} "));
        let text = format!("fn main -> int {{ m = (map {pairs}) return (map.size m) }}");
        assert_eq!(run(&text), count.to_string());
    }
}

/// Every form of loop and test, with none, one and several rounds.
#[test]
fn fused_tests_and_steps() {
    let forms = [
        ("for i = 0 ; (< i n) ; i = (+ i 1) { c = (+ c 1) }", [0, 0, 1, 5]),
        ("for i = 1 ; (<= i n) ; i = (+ i 1) { c = (+ c 1) }", [0, 0, 1, 5]),
        ("for i = n ; (> i 0) ; i = (- i 1) { c = (+ c 1) }", [0, 0, 1, 5]),
        ("for i = n ; (>= i 1) ; i = (- i 1) { c = (+ c 1) }", [0, 0, 1, 5]),
        ("for i = 0 ; (> n i) ; i = (+ i 1) { c = (+ c 1) }", [0, 0, 1, 5]),
        ("for i = 0 ; (< i 3) ; i = (+ i 1) { c = (+ c n) }", [-3, 0, 3, 15]),
        ("for i = 0.0 ; (< i n) ; i = (+ i 1.0) { c = (+ c 1) }", [0, 0, 1, 5]),
        ("i = 0 while (&& (< i n) (!= i 3)) { i = (+ i 1) c = (+ c 1) }", [0, 0, 1, 3]),
        ("i = 0 while (|| (< i n) (< i 2)) { i = (+ i 1) c = (+ c 1) }", [2, 2, 2, 5]),
        ("i = 0 while (! (>= i n)) { i = (+ i 1) c = (+ c 1) }", [0, 0, 1, 5]),
        ("i = 0 while (< i i) { i = (+ i 1) c = (+ c 1) }", [0, 0, 0, 0]),
    ];
    for (form, expected) in forms {
        let module = module(&format!(
            "fn run n:int -> int {{ c = 0 {form} return c }}
            fn main -> array {{ return (array (run -1) (run 0) (run 1) (run 5)) }}"
        ));
        let expected = expected.map(|count| count.to_string()).join(", ");
        assert_eq!(outcome(&module, Limits::default()), format!("[{expected}]"), "{form}");
    }
}

/// A module may call more functions than sixteen bits can count.
#[test]
fn many_callees() {
    let functions = repeated(0..66_000, |number| format!("fn f{number} -> int {{ return {number} }} "));
    let call = |first: usize| {
        let calls = repeated(first..first + 1_000, |number| format!("s = (+ s (f{number})) "));
        format!("fn s{first} -> int {{ s = 0 {calls} return s }} ")
    };
    let sums = repeated((0..66_000).step_by(1_000), call);
    let all = repeated((0..66_000).step_by(1_000), |first| format!("s = (+ s (s{first})) "));
    let expected: usize = (0..66_000).sum();
    assert_eq!(
        run(&format!("{functions} {sums} fn main -> int {{ s = 0 {all} return s }}")),
        expected.to_string()
    );
}
