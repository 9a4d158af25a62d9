//! The types of local variables.

mod common;

use common::program::{
    array, assign, binary, builtin, call, discard, field, function, index, literal, map, module, repeat,
    structure, variable,
};
use common::typed;

const PARAMETERS: &[&str] = &["n: int", "f: float", "t: string", "x: any", "ints: array<int>", "p: Point"];

/// The inferred types of the variables of a body, without the parameters that it does not assign to.
fn locals(body: &[String]) -> String {
    let helpers = [
        function("main", PARAMETERS, "void", body),
        function("half", &["value: int"], "float", &[common::program::give(&literal("0.5"))]),
        function("dynamic", &[], "any", &[]),
    ];
    let typed = typed(&module(&[&structure("Point", &["x: int", "y: float"])], &helpers));
    let function = &typed.functions[0];
    let declared = typed.interface.functions[0].parameters.iter().map(|parameter| Some(&parameter.kind));
    let declared = declared.chain(std::iter::repeat(None));
    let shown =
        function.locals.iter().zip(declared).filter(|(local, declared)| Some(&local.kind) != *declared);
    shown.map(|(local, _)| format!("{}: {}", local.name, local.kind)).collect::<Vec<_>>().join(", ")
}

#[test]
fn one_assignment() {
    let one = literal("1");
    let table = [
        (one.clone(), "int"),
        (literal("1.0"), "float"),
        (literal("\"a\""), "string"),
        (literal("null"), "void"),
        (variable("x"), "any"),
        (variable("ints"), "array<int>"),
        (binary("+", &variable("n"), &one), "int"),
        (binary("+", &variable("n"), &variable("f")), "float"),
        (binary("+", &variable("n"), &variable("t")), "string"),
        (binary("+", &variable("x"), &variable("t")), "string"),
        (binary("+", &variable("x"), &one), "any"),
        (binary("-", &variable("x"), &one), "any"),
        (binary("+", &variable("ints"), &variable("ints")), "array<int>"),
        (binary("+", &variable("ints"), &array(&[literal("\"a\"")])), "array"),
        (binary("<", &variable("x"), &one), "bool"),
        (binary("&&", &one, &one), "bool"),
        (array(&[]), "array"),
        (array(&[one.clone(), literal("2")]), "array<int>"),
        (array(&[one.clone(), literal("2.5")]), "array"),
        (array(&[array(&[]), array(std::slice::from_ref(&one))]), "array<array<int>>"),
        (map(&[("a", one.clone())]), "map<int>"),
        (map(&[("a", one.clone()), ("b", literal("\"a\""))]), "map"),
        (index(&variable("ints"), &one), "int"),
        (index(&variable("t"), &one), "string"),
        (index(&array(&[]), &one), "any"),
        (array(&[index(&array(&[]), &one)]), "array"),
        (field(&variable("p"), "y"), "float"),
        (index(&variable("p"), &literal("\"x\"")), "int"),
        (index(&variable("p"), &variable("t")), "any"),
        (call("half", std::slice::from_ref(&one)), "float"),
        (call("dynamic", &[]), "any"),
        (builtin("collections.append", &[array(&[]), one.clone()]), "array<int>"),
        (builtin("array.map", &[variable("ints"), literal("\"half\"")]), "array<float>"),
        (builtin("array.map", &[variable("ints"), variable("t")]), "array"),
        (builtin("map.values", &[variable("p")]), "array"),
        (builtin("array.sum", &[variable("ints")]), "int"),
        (builtin("array.sum", &[array(&[])]), "any"),
        (builtin("io.println", &[one]), "void"),
    ];
    for (value, expected) in table {
        assert_eq!(locals(&[assign("v", &value)]), format!("v: {expected}"), "{value}");
    }
}

#[test]
fn several_assignments() {
    let (one, text) = (literal("1"), literal("\"a\""));
    let append = |value: &str| builtin("collections.append", &[variable("a"), value.to_owned()]);
    let table = [
        (vec![assign("v", &one), assign("v", &literal("2"))], "v: int"),
        (vec![assign("v", &one), assign("v", &text)], "v: any"),
        (vec![assign("v", &one), assign("v", &literal("2.5"))], "v: any"),
        (vec![assign("n", &one)], ""),
        (vec![assign("n", &text)], "n: any"),
        (vec![assign("i", &one), repeat(&[assign("i", &binary("+", &variable("i"), &one))])], "i: int"),
        (vec![assign("a", &array(&[])), repeat(&[assign("a", &append(&one))])], "a: array<int>"),
        // What is read before it is known settles later.
        (
            vec![
                assign("a", &array(&[])),
                repeat(&[assign("v", &index(&variable("a"), &one)), assign("a", &append(&one))]),
            ],
            "a: array<int>, v: int",
        ),
        (
            vec![
                assign("a", &array(&[])),
                assign("v", &index(&variable("a"), &one)),
                assign("w", &array(&[variable("v")])),
            ],
            "a: array, v: any, w: array",
        ),
        // A type that would grow forever ends in `any`.
        (
            vec![assign("a", &array(&[])), repeat(&[assign("a", &array(&[variable("a")]))])],
            "a: array<array<array<array<array<array<array<array>>>>>>>",
        ),
        // A change travels back through a chain, round by round.
        (
            vec![
                assign("a", &one),
                assign("b", &one),
                assign("c", &one),
                repeat(&[assign("a", &variable("b")), assign("b", &variable("c")), assign("c", &text)]),
            ],
            "a: any, b: any, c: any",
        ),
        (vec![discard(&one)], ""),
    ];
    for (body, expected) in table {
        assert_eq!(locals(&body), expected, "{body:?}");
    }
}

#[test]
fn long_chains_settle_quickly() {
    const LENGTH: usize = 20_000;
    let name = |index: usize| format!("v{index}");
    let mut body = vec![assign(&name(LENGTH), &literal("1"))];
    let chain = (0..LENGTH).map(|index| assign(&name(index), &variable(&name(index + 1))));
    let all: Vec<String> = (0..LENGTH).map(|index| variable(&name(index))).collect();
    let mut round: Vec<String> = chain.collect();
    round.push(assign("all", &array(&all)));
    body.extend((0..LENGTH).rev().map(|index| assign(&name(index), &literal("1"))));
    body.push(repeat(&round));
    let start = std::time::Instant::now();
    assert!(locals(&body).starts_with("v20000: int, v19999: int"));
    assert!(start.elapsed().as_secs() < 10, "{:?}", start.elapsed());
}
