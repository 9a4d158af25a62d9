//! Random functions, right and wrong ones: checking never panics, and inference agrees with checking (which
//! the checker asserts itself in builds with debug assertions).

mod common;

use alas_check::{Interfaces, Permissions, StatementKind, Type};

use common::checked;
use common::program::{
    array, assign, binary, builtin, call, discard, field, function, give, index, literal, map, module,
    repeat, structure, variable,
};

/// A small generator of numbers, so that failures repeat.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }

    fn pick<'c>(&mut self, choices: &[&'c str]) -> &'c str {
        choices[self.below(choices.len())]
    }
}

const NAMES: &[&str] = &["a", "b", "c", "d", "point", "numbers", "anything", "color"];
const LITERALS: &[&str] = &["1", "2.5", "true", "null", "\"red\"", "\"x\""];
const OPERATORS: &[&str] = &["+", "+", "+", "-", "*", "/", "<", "==", "&&"];
const BUILTINS: &[(&str, usize)] = &[
    ("collections.append", 2),
    ("collections.slice", 2),
    ("array.get", 2),
    ("array.get", 3),
    ("array.sum", 1),
    ("array.min", 1),
    ("array.map", 2),
    ("map.put", 3),
    ("map.get", 3),
    ("map.values", 1),
    ("math.max", 2),
    ("math.abs", 1),
    ("result.try", 2),
    ("type.toInt", 1),
];

fn expression(random: &mut Random, depth: usize) -> String {
    let choices = if depth == 0 { 2 } else { 10 };
    let mut inner = || expression(random, depth.saturating_sub(1));
    let (one, two, three) = (
        inner_or_empty(depth, &mut inner),
        inner_or_empty(depth, &mut inner),
        inner_or_empty(depth, &mut inner),
    );
    match random.below(choices) {
        0 => literal(random.pick(LITERALS)),
        1 => variable(random.pick(NAMES)),
        2 | 3 => binary(random.pick(OPERATORS), &one, &two),
        4 => array(&[one, two][..random.below(3)]),
        5 => map(&[("x", one), ("y", two)][..random.below(3)]),
        6 => index(&one, &two),
        7 => field(&one, random.pick(&["x", "y", "z"])),
        8 => call(random.pick(&["main", "move"]), &[one, two][..=random.below(2)]),
        _ => {
            let (name, count) = BUILTINS[random.below(BUILTINS.len())];
            builtin(name, &[one, two, three][..count])
        }
    }
}

fn inner_or_empty(depth: usize, inner: &mut impl FnMut() -> String) -> String {
    if depth == 0 { String::new() } else { inner() }
}

fn body(random: &mut Random, depth: usize) -> Vec<String> {
    (0..=random.below(4))
        .map(|_| match random.below(if depth == 0 { 6 } else { 7 }) {
            0 => discard(&expression(random, 2)),
            1 => give(&expression(random, 2)),
            6 => repeat(&body(random, depth - 1)),
            _ => assign(random.pick(NAMES), &expression(random, 2)),
        })
        .collect()
}

#[test]
fn inference_and_checking_agree() {
    let mut random = Random(7);
    let types = [
        structure("Point", &["x: int", "y: float"]),
        r#"{"name": "Color", "definition": {"kind": "enum", "values": ["red", "green"]}}"#.to_owned(),
    ];
    let types: Vec<&str> = types.iter().map(String::as_str).collect();
    let parameters = ["point: Point", "numbers: array<int>", "anything: any", "color: Color"];
    let (mut right, mut wrong) = (0, 0);
    for _ in 0..4_000 {
        let statements = body(&mut random, 2);
        let functions = [
            function(
                "main",
                &parameters[..=random.below(4)],
                random.pick(&["any", "void", "int", "Point"]),
                &statements,
            ),
            function("move", &["point: Point"], "Point", &[give(&variable("point"))]),
        ];
        match checked(&module(&types, &functions), &Interfaces::new(), &Permissions::default()) {
            Ok(program) => {
                right += 1;
                assert!(program.functions[0].locals.iter().all(|local| local.kind != Type::Never));
                for statement in program.functions[0].body.iter().flatten() {
                    if let StatementKind::Assign(local, value) = &statement.kind {
                        let kind = &program.functions[0].locals[local.0 as usize].kind;
                        assert_eq!(kind.join(&value.kind), *kind);
                    }
                }
            }
            Err(findings) => {
                wrong += 1;
                assert!(!findings.0.is_empty());
            }
        }
    }
    assert!(right > 100 && wrong > 100, "{right} right and {wrong} wrong");
}
