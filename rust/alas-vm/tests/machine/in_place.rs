//! Where values have one holder they are updated in place; the counter of copies proves it.

use alas_value::account::copies;
use alas_vm::Limits;

use crate::support::{module, outcome};

/// How many rounds each program makes.
const ROUNDS: u64 = 50;

/// How a program starts, what each round does, what it comes to, and how many copies that takes.
const CASES: [(&str, &str, &str, &str, u64); 27] = [
    ("append", "a = (array)", "a = (array.push a i)", "(collections.length a)", 0),
    (
        "append to a shared array",
        "a = (array) b = (array)",
        "b = a a = (array.push a i)",
        "(collections.length b)",
        ROUNDS,
    ),
    (
        "one copy for a second name",
        "a = (array 1 2) b = a",
        "a = (array.push a i)",
        "(collections.length b)",
        1,
    ),
    ("append through a function", "a = (array)", "a = (push_to a i)", "(collections.length a)", 0),
    (
        "append in a map",
        "m = (map \"l\" (array))",
        "m = (map.put m \"l\" (array.push (map.get m \"l\") i))",
        "(collections.length (map.get m \"l\"))",
        0,
    ),
    (
        "append in a map, by field",
        "m = (map \"l\" (array))",
        "m = (map.put m \"l\" (array.push (field m l) i))",
        "(collections.length (field m l))",
        0,
    ),
    (
        "append in a map, by index",
        "m = (map \"l\" (array))",
        "m = (map.put m \"l\" (array.push (at m \"l\") i))",
        "(collections.length (at m \"l\"))",
        0,
    ),
    (
        "append in a map, with a default",
        "m = (map)",
        "m = (map.put m \"l\" (array.push (map.get m \"l\" (array)) i))",
        "(collections.length (field m l))",
        0,
    ),
    (
        "append in a map, by a variable key",
        "m = (map)",
        "k = (+ \"k\" (% i 3)) m = (map.put m k (array.push (map.get m k (array)) i))",
        "(collections.length (field m k0))",
        0,
    ),
    (
        "append in a map, through a function",
        "m = (map \"l\" (array))",
        "m = (map.put m \"l\" (push_to (field m l) i))",
        "(collections.length (field m l))",
        0,
    ),
    (
        "append in a map, by statements",
        "m = (map \"l\" (array))",
        "l = (field m l) l = (array.push l i) m = (map.put m \"l\" l)",
        "(collections.length (field m l))",
        0,
    ),
    (
        "append in a map, sometimes",
        "m = (map \"l\" (array))",
        "l = (field m l) if (== (% i 2) 0) { l = (array.push l i) } m = (map.put m \"l\" l)",
        "(collections.length (field m l))",
        0,
    ),
    (
        "beside other entries",
        "m = (map \"l\" (array) \"n\" 0)",
        "l = (field m l) n = (field m n) m = (map.put m \"n\" (+ n 1)) m = (map.put m \"l\" (array.push l (field m n)))",
        "(+ (collections.length (field m l)) (field m n))",
        0,
    ),
    (
        "two levels of maps",
        "m = (map \"a\" (map \"b\" (array)))",
        "m = (map.put m \"a\" (map.put (field m a) \"b\" (array.push (field (field m a) b) i)))",
        "(collections.length (field (field m a) b))",
        0,
    ),
    (
        "three levels of maps",
        "m = (map)",
        "m = (map.put m \"a\" (map.put (map.get m \"a\" (map)) \"b\" (map.put (map.get (map.get m \"a\" (map)) \"b\" (map)) \"c\" i)))",
        "(field (field (field m a) b) c)",
        0,
    ),
    (
        "count in a map of maps",
        "m = (map)",
        "k = (+ \"k\" (% i 3)) m = (map.put m k (map.put (map.get m k (map)) \"n\" (+ (map.get (map.get m k (map)) \"n\" 0) 1)))",
        "(field (field m k0) n)",
        0,
    ),
    (
        "rows of a grid",
        "g = (array (array 0 0 0) (array 0 0 0))",
        "y = (% i 2) g = (array.set g y (array.set (at g y) 1 i))",
        "(at (at g 1) 1)",
        0,
    ),
    (
        "a cell of a grid from itself",
        "g = (array (array 0 0 0) (array 0 0 0))",
        "y = (% i 2) g = (array.set g y (array.set (at g y) 1 (+ (at (at g y) 1) 1)))",
        "(at (at g 1) 1)",
        0,
    ),
    (
        "records in an array",
        "p = (array (map \"n\" 0) (map \"n\" 0))",
        "y = (% i 2) p = (array.set p y (map.put (at p y) \"n\" (+ (field (at p y) n) 1)))",
        "(field (at p 0) n)",
        0,
    ),
    (
        "text in a map",
        "m = (map \"t\" (+ \"\" 1))",
        "m = (map.put m \"t\" (+ (field m t) \"x\"))",
        "(string.length (field m t))",
        0,
    ),
    (
        "a stack in a map",
        "m = (map \"l\" (array 1 2))",
        "m = (map.put m \"l\" (array.pop (array.push (field m l) i)))",
        "(collections.length (field m l))",
        0,
    ),
    // With a second holder the outer collection is copied, and so is the inner one, which both outer ones hold.
    (
        "a second name for the map",
        "m = (map \"l\" (array)) o = m",
        "m = (map.put m \"l\" (array.push (field m l) i))",
        "(collections.length (field o l))",
        2,
    ),
    (
        "a second name for the inner array",
        "l = (array) m = (map \"l\" l)",
        "m = (map.put m \"l\" (array.push (field m l) i))",
        "(collections.length l)",
        1,
    ),
    (
        "the place is read in between",
        "m = (map \"l\" (array))",
        "m = (map.put m \"l\" (array.push (field m l) (collections.length (field m l))))",
        "(collections.length (field m l))",
        0,
    ),
    (
        "another key",
        "m = (map \"l\" (array) \"k\" (array))",
        "m = (map.put m \"k\" (array.push (field m l) i))",
        "(collections.length (field m l))",
        ROUNDS,
    ),
    (
        "another key that may be the same",
        "m = (map \"l\" (array) \"k\" (array))",
        "k = (+ \"\" \"k\") m = (map.put m k (array.push (field m l) i))",
        "(collections.length (field m l))",
        ROUNDS,
    ),
    (
        "the map is still needed",
        "m = (map \"l\" (array)) o = m",
        "o = (map.put m \"l\" (array.push (field m l) i))",
        "(collections.length (field m l))",
        2 * ROUNDS,
    ),
];

#[test]
fn copies_are_made_only_of_what_is_shared() {
    for (name, start, round, result, expected) in CASES {
        let module = module(&format!(
            "fn push_to a:array v:any -> array {{ return (array.push a v) }}
             fn main -> any {{ {start} for i = 0 ; (< i {ROUNDS}) ; i = (+ i 1) {{ {round} }} return {result} }}"
        ));
        let before = copies();
        let outcome = outcome(&module, Limits::default());
        let made = copies() - before;
        println!("{name}: {outcome}, {made} copies");
        assert_eq!(made, expected, "{name}, which comes to {outcome}");
    }
}

/// What is taken out and not put back is never seen: a failure in between ends the frame that could see it, and any
/// other holder keeps the container from being taken from.
#[test]
fn a_failure_between_taking_and_putting_back_shows_nothing() {
    let fails = "fn fails v:any -> any { return (/ 1 0) }";
    let cases = [
        // The caller's map is shared with the one that the failing function updates.
        ("fn inner m:map -> map { m = (map.put m \"l\" (fails (field m l))) return m }
          fn main -> any { m = (map \"l\" (array 1 2)) r = (result.try \"inner\" (array m)) return (array (field r ok) m) }", "[false, {\"l\": [1, 2]}]"),
        // The failure is caught while the map is half taken; the put fills the place with the Result.
        ("fn main -> any { m = (map \"l\" (array 1 2)) m = (map.put m \"l\" (result.try \"fails\" (array (field m l)))) return (field (field m l) code) }", "division_by_zero"),
        // The map reaches the failing function itself.
        ("fn main -> any { m = (map \"l\" (array 1 2)) m = (map.put m \"l\" (result.try \"fails\" (array (array m (field m l))))) return (collections.length m) }", "1"),
        ("fn main -> any { m = (map \"l\" (array 1 2)) m = (map.put m \"l\" (map.put (field m l) \"x\" 1)) return m }", "type_error"),
        ("fn main -> any { g = (array (array 1) (array 2)) g = (array.set g 0 (array.set (at g 0) 7 1)) return g }", "index_out_of_bounds"),
        // Both ways out of a condition.
        ("fn main -> any { m = (map \"l\" (array 1)) l = (field m l) if (> (collections.length l) 5) { m = (map.put m \"l\" l) } return m }", "{\"l\": [1]}"),
        ("fn main -> any { m = (map \"l\" (array 1)) l = (field m l) if (> (collections.length l) 0) { return l } m = (map.put m \"l\" l) return m }", "[1]"),
        // The key changes between the read and the write.
        ("fn main -> any { k = (+ \"\" \"a\") m = (map \"a\" (array 1) \"b\" (array 2)) v = (map.get m k) k = (+ \"\" \"b\") m = (map.put m k v) return m }", "{\"a\": [1], \"b\": [1]}"),
        // An int and its text are the same key.
        ("fn main -> any { m = (map \"1\" (array 1)) v = (at m 1) w = (at m \"1\") m = (map.put m 1 v) return (array m w) }", "[{\"1\": [1]}, [1]]"),
        // The same read twice, with another write in between.
        ("fn main -> any { m = (map \"a\" (array 1)) v = (field m a) m = (map.put m \"a\" (array 2)) w = (field m a) return (array v w m) }", "[[1], [2], {\"a\": [2]}]"),
        // A round of a loop leaves the place written.
        ("fn main -> any { m = (map \"a\" (array)) i = 0 while (< i 3) { v = (field m a) i = (+ i 1) if (== i 2) { v = (array.push v i) } m = (map.put m \"a\" v) } return m }", "{\"a\": [2]}"),
    ];
    for (text, expected) in cases {
        let module = module(&format!("{fails} {text}"));
        assert_eq!(outcome(&module, Limits::default()), expected, "{text}");
    }
}
