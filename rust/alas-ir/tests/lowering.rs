//! What programs are lowered to, as it is printed: who owns which value, and where control goes.
//!
//! A case names parts of the printed function that must appear in this order. Registers are numbered by the order in
//! which variables first appear, parameters first; then come the intermediate results.

mod notation;

use alas_check::{Interface, Interfaces, Permissions};
use alas_syntax::Source;

/// The printed function `main`, in fewer words than `Debug` prints.
fn lowered(text: &str) -> String {
    let json = notation::module(text);
    let source = Source { file: None, text: json.clone().into_bytes() };
    let syntax = alas_syntax::parse(&source).expect("the text is JSON");
    let imports = Interfaces::new();
    let declared = Interface::of(&syntax, &imports);
    let typed = alas_check::check(&syntax, declared, &imports, &Permissions::default())
        .unwrap_or_else(|findings| panic!("{findings} in {json}"));
    let ir = alas_ir::lower(&typed);
    let main = ir.functions.iter().find(|function| &*function.name == "main").expect("there is a main");
    brief(&main.to_string())
}

/// `Operand { register: Register(1), last: true }` becomes `last r1`, and names of fields go.
fn brief(printed: &str) -> String {
    let mut text = printed.to_owned();
    for number in (0..60).rev() {
        let register = format!("Register({number})");
        text = text
            .replace(&format!("Operand {{ register: {register}, last: true }}"), &format!("last r{number}"))
            .replace(&format!("Operand {{ register: {register}, last: false }}"), &format!("r{number}"))
            .replace(&register, &format!("r{number}"));
    }
    text
}

fn assert_in_order(text: &str, parts: &[&str]) {
    let printed = lowered(text);
    let mut rest = printed.as_str();
    for part in parts {
        match rest.split_once(part) {
            Some((_, behind)) => rest = behind,
            None => {
                panic!("`{part}` is missing, or not behind the parts before it, in\n{printed}\nof {text}")
            }
        }
    }
}

#[test]
fn ownership() {
    let cases: &[(&str, &[&str])] = &[
        // The last use moves, the use before it shares.
        (
            "fn main a:array -> array { b = a return b }",
            &["Move { to: r1, from: last r0 }", "return last r1"],
        ),
        (
            "fn main a:array -> array { b = a return (array a b) }",
            &["Move { to: r1, from: r0 }", "elements: [last r0, last r1]"],
        ),
        ("fn main a:array -> array { return (array a a a) }", &["elements: [r0, r0, last r0]"]),
        // A borrowed value is dropped behind its last reader, an unused one where it is made, a parameter at once.
        (
            "fn main a:array -> int { return (collections.length a) }",
            &["ArrayLength, to: r1, from: r0", "Drop { register: r0 }", "return"],
        ),
        (
            "fn main a:array -> int { do (array a) return 1 }",
            &["NewArray { to: r1, elements: [last r0] }", "Drop { register: r1 }"],
        ),
        ("fn main a:array -> int { return 1 }", &["b0:\n  Drop { register: r0 }"]),
        ("fn main -> int { return 1 }", &["b0:\n  Scalar { to: r0, value: Int(1) }\n  return r0"]),
        // What one way needs is dropped where the other begins.
        (
            "fn main a:array n:int -> int { if (> n 0) { return (collections.length a) } return n }",
            &[
                "b1:\n  Unary { operator: ArrayLength",
                "Drop { register: r0 }",
                "b2:\n  Drop { register: r0 }",
            ],
        ),
        // In a loop the variable is moved into its own update.
        (
            "fn main n:int -> array { a = (array) for i = 0 ; (< i n) ; i = (+ i 1) { a = (array.push a i) } return a }",
            &["ArrayPush { to: r1, array: last r1, value: r2 }", "return last r1"],
        ),
        // Both sides of a swap move.
        (
            "fn main a:array b:array -> array { t = a a = b b = t return (array a b) }",
            &[
                "Move { to: r2, from: last r0 }",
                "Move { to: r0, from: last r1 }",
                "Move { to: r1, from: last r2 }",
            ],
        ),
        // The default is the destination: the result waits elsewhere until the default is consumed.
        (
            "fn main m:map d:any -> any { d = (map.get m \"k\" d) return d }",
            &["default: Some(last r1)", "return last r1"],
        ),
        // A value that an instruction both reads and replaces outlives it.
        (
            "fn main a:array<array<int>> -> any { b = (at a 0) b = (array b) return b }",
            &["Drop { register: r0 }", "elements: [last r1]"],
        ),
        (
            "fn main t:string -> string { t = (+ t t) return t }",
            &["left: r0, right: r0 }", "Drop { register: r0 }"],
        ),
        // An operand that is also borrowed is shared and dropped behind the instruction.
        ("fn main m:map -> map { m = (map.put m \"m\" m) return m }", &["map: r0, key:", "value: last r0"]),
        // Arguments move into calls.
        (
            "fn f a:array -> array { return a } fn main a:array -> array { a = (f a) return a }",
            &["Call { to: r0", "arguments: [last r0]"],
        ),
    ];
    for (text, parts) in cases {
        assert_in_order(text, parts);
    }
}

#[test]
fn control() {
    let cases: &[(&str, &[&str])] = &[
        // `&&` decides without a value when it is a condition, and with a register of its own when it is a value.
        (
            "fn main a:int b:int -> int { if (&& (> a 0) (> b 0)) { return 1 } return 2 }",
            &["left: r0", "if r", "left: r1", "if r"],
        ),
        (
            "fn main a:bool b:bool -> bool { a = (|| b a) return a }",
            &["Move { to: r2, from: r1 }", "if r2 b2 else b1", "Move { to: r2, from: r0 }"],
        ),
        ("fn main a:bool -> int { if (! a) { return 1 } return 2 }", &["if r0 b2 else b1"]),
        // The test stands behind the body, and only the way back polls.
        (
            "fn main n:int -> int { while (> n 0) { n = (- n 1) } return n }",
            &["jump b2\nb1:", "jump b2\nb2:", "if r3 b1 (back) else b3"],
        ),
        ("fn main -> int { while true { } return 1 }", &["jump b2", "b2:\n  jump b1 (back)"]),
        ("fn main -> int { while false { } return 1 }", &["b0:\n  jump b1\nb1:\n  jump b2\nb2:\n  Scalar"]),
        // Higher-order functions are loops over the array.
        (
            "fn f x:int -> int { return x } fn main a:array<int> -> array { return (array.map a \"f\") }",
            &["NewArray", "ArrayGet", "Call {", "ArrayPush { to: r", "ArrayLength", "(back)"],
        ),
        (
            "fn f x:int -> bool { return true } fn main a:array<int> -> array { return (array.filter a \"f\") }",
            &["ArrayGet", "Call {", "if r", "ArrayPush", "(back)"],
        ),
        (
            "fn f s:int x:int -> int { return x } fn main a:array<int> -> any { return (array.reduce a \"f\" 0) }",
            &["Box", "Move", "ArrayGet", "Call {", "Move", "(back)"],
        ),
        // What cannot be reached is not there.
        ("fn main -> int { return 1 return 2 }", &["b0:\n  Scalar { to: r0, value: Int(1) }\n  return r0\n"]),
    ];
    for (text, parts) in cases {
        assert_in_order(text, parts);
    }
}

/// How many reads are left of those that the program names, and how many of them take.
#[test]
fn reads() {
    let cases = [
        // A place that is written next is taken from; one that is read is not.
        ("m = (map.put m \"k\" (array.push (field m k) 1))", 1, 1),
        ("m = (map.put m \"j\" (array.push (field m k) 1))", 1, 0),
        ("x = (field m k)", 1, 0),
        ("x = (field m k) y = m", 1, 0),
        // On every way, or on none.
        ("x = (field m k) if (> n 0) { x = 1 } m = (map.put m \"k\" x)", 1, 1),
        ("x = (field m k) if (> n 0) { m = (map.put m \"k\" x) }", 1, 0),
        ("x = (field m k) while (> n 0) { n = (- n 1) } m = (map.put m \"k\" x)", 1, 1),
        // The next round would read it again.
        ("while (> n 0) { n = (- n 1) x = (field m k) } m = (map.put m \"k\" x)", 1, 0),
        ("x = (field m k) y = (map.contains m \"k\") m = (map.put m \"k\" x)", 1, 1),
        ("x = (field m k) y = (map.keys m) m = (map.put m \"k\" x)", 1, 0),
        // Constants that differ are other places; a variable may be the same.
        ("x = (field m k) y = (field m j) m = (map.put m \"j\" 1) m = (map.put m \"k\" x)", 2, 2),
        ("x = (field m k) y = (map.get m t) m = (map.put m \"k\" x)", 2, 0),
        ("x = (map.get m t) m = (map.put m t x)", 1, 1),
        ("x = (map.get m t) t = (+ t \"\") m = (map.put m t x)", 1, 0),
        // The same place is read once, unless it was written in between.
        ("x = (+ (at (field m k) 0) (at (field m k) 1))", 3, 2),
        ("x = (array (field m k) (field m k))", 1, 0),
        ("x = (array (map.get m t) (map.get m t))", 1, 0),
        ("x = (array (map.get m t 0) (map.get m t 0))", 1, 0),
        ("x = (array (map.get m t 0) (map.get m t 1))", 2, 0),
        ("x = (array (map.get m t 0) (map.get m t))", 2, 0),
        ("x = (field m k) m = (map.put m \"k\" 2) y = (field m k)", 2, 1),
    ];
    for (body, reads, taking) in cases {
        let text = format!("fn main m:map t:string n:int -> any {{ x = 0 {body} return (array m x) }}");
        let printed = lowered(&text);
        let found =
            ["MapGet {", "Field {", "Index {", "ArrayGet {"].map(|name| printed.matches(name).count());
        let count = (found.iter().sum::<usize>(), printed.matches("take: true").count());
        assert_eq!(count, (reads, taking), "{body}\n{printed}");
    }
}
