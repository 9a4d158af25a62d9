//! Measures for how long standard functions and operators work on large values without a look at whether to go on:
//! `cargo bench -p alas-vm --bench pauses -- [MIB] [PART OF A NAME]`.
//!
//! A timeout comes late by at most the longest such pause, and by what it takes to drop what the call holds. Prints a row for
//! each function, the worst first; judges nothing. Times are those of the processor, so that other work on the machine does
//! not count.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use alas_library::Builtin;
use alas_syntax::BinaryOperator;
use alas_value::account::ThreadAccounts;
use alas_value::{Array, Elements, Key, Number, Text, Value};
use alas_vm::builtins::implementation;
use alas_vm::{Context, Fault, Host, ModuleContext, NoConsole, operators};

/// A function or an operator, what the values are, and what makes them of so many bytes.
type Case = (&'static str, &'static str, fn(usize) -> Vec<Value>);

/// What a case took.
struct Row {
    name: String,
    longest: Duration,
    total: Duration,
    dropping: Duration,
    looks: usize,
}

const CASES: &[Case] = &[
    ("==", "ints", |bytes| vec![ints(bytes), ints(bytes)]),
    ("==", "ints and floats", |bytes| vec![range(bytes), floats(bytes)]),
    ("==", "values", |bytes| vec![values(bytes), values(bytes)]),
    ("==", "texts", |bytes| vec![texts(bytes / 2), texts(bytes / 2)]),
    ("==", "long texts", |bytes| vec![text(bytes), text(bytes)]),
    ("==", "maps", |bytes| vec![map(bytes / 2), map(bytes / 2)]),
    ("==", "arrays in arrays", |bytes| vec![nested(bytes / 2), nested(bytes / 2)]),
    ("<", "long texts", |bytes| vec![text(bytes), text(bytes)]),
    ("array.get", "ints", |bytes| vec![ints(bytes), Value::Int(0)]),
    ("array.set", "shared ints", |bytes| with(ints(bytes), [Value::Int(0), Value::Int(0)])),
    ("array.set", "a text among ints", |bytes| vec![ints(bytes / 2), Value::Int(0), Value::text("x")]),
    ("array.push", "shared ints", |bytes| with(ints(bytes), [Value::Int(0)])),
    ("array.push", "full array of ints", |bytes| vec![ints(bytes), Value::Int(0)]),
    ("array.push", "shared texts", |bytes| with(texts(bytes), [Value::Int(0)])),
    ("array.pop", "shared ints", |bytes| with(ints(bytes), [])),
    ("array.insert", "ints", |bytes| vec![ints(bytes), Value::Int(0), Value::Int(0)]),
    ("array.insert", "values", |bytes| vec![values(bytes), Value::Int(0), Value::Int(0)]),
    ("array.insert", "shared ints", |bytes| with(ints(bytes), [Value::Int(0), Value::Int(0)])),
    ("array.remove", "ints", |bytes| vec![ints(bytes), Value::Int(0)]),
    ("array.remove", "values", |bytes| vec![values(bytes), Value::Int(0)]),
    ("array.concat", "ints", |bytes| vec![ints(bytes), ints(bytes)]),
    ("array.concat", "texts", |bytes| vec![texts(bytes), texts(bytes)]),
    ("array.slice", "texts", |bytes| vec![texts(bytes), Value::Int(1)]),
    ("array.reverse", "ints", |bytes| vec![ints(bytes)]),
    ("array.reverse", "bools", |bytes| vec![bools(bytes)]),
    ("array.reverse", "values", |bytes| vec![values(bytes)]),
    ("array.sort", "ints", |bytes| vec![ints(bytes)]),
    ("array.sort", "values", |bytes| vec![mixed(bytes)]),
    ("array.sort", "texts", |bytes| vec![texts(bytes)]),
    ("array.sort", "texts of kilobytes", |bytes| vec![alike(bytes, 8 << 10)]),
    ("array.sort", "texts of megabytes", |bytes| vec![alike(bytes, 32 << 20)]),
    ("array.fill", "ints", |bytes| vec![int(bytes / 8), Value::Int(1)]),
    ("array.fill", "texts", |bytes| vec![int(bytes / 16), Value::text("x")]),
    ("array.range", "ints", |bytes| vec![Value::Int(0), int(bytes / 8)]),
    ("array.sum", "ints", |bytes| vec![ints(bytes)]),
    ("array.sum", "values", |bytes| vec![mixed(bytes)]),
    ("array.min", "values", |bytes| vec![mixed(bytes)]),
    ("array.max", "texts of megabytes", |bytes| vec![alike(bytes, 32 << 20)]),
    ("collections.indexOf", "values", |bytes| vec![values(bytes), Value::text("none")]),
    ("collections.indexOf", "texts", |bytes| vec![texts(bytes), Value::text("none")]),
    ("collections.contains", "texts of megabytes", |bytes| {
        vec![alike(bytes, 32 << 20), Value::text(&format!("{}b", "a".repeat((32 << 20) - 1)))]
    }),
    ("collections.contains", "nested arrays", |bytes| {
        vec![array(vec![nested(bytes / 2)]), nested(bytes / 2)]
    }),
    ("map.get", "a long key", |bytes| {
        let key = text(bytes);
        vec![Value::Map([(Key::from_text(long(&key)), Value::Void)].into_iter().collect()), text(bytes)]
    }),
    ("map.put", "shared ints", |bytes| with(map(bytes), [Value::Int(0), Value::Int(0)])),
    ("map.put", "shared texts", |bytes| with(names(bytes), [Value::Int(0), Value::Int(0)])),
    ("map.put", "full map of texts", |bytes| vec![full(names(bytes)), Value::text("x"), Value::Int(0)]),
    ("map.put", "full map of ints", |bytes| vec![full(map(bytes)), Value::text("x"), Value::Int(0)]),
    ("map.put", "list that becomes a map", |bytes| vec![list(bytes), Value::text("x"), Value::Int(0)]),
    ("map.remove", "shared ints", |bytes| with(map(bytes), [Value::Int(64)])),
    ("map.remove", "list that becomes a map", |bytes| vec![list(bytes), Value::Int(0)]),
    ("map.remove", "map with vacancies", |bytes| sparse(bytes)),
    ("map.merge", "shared ints", |bytes| with(map(bytes / 2), [list(bytes / 2)])),
    ("map.merge", "texts", |bytes| vec![map(bytes / 2), names(bytes / 2)]),
    ("map.keys", "texts", |bytes| vec![names(bytes)]),
    ("map.keys", "ints", |bytes| vec![map(bytes)]),
    ("map.values", "ints", |bytes| vec![map(bytes)]),
    ("map.entries", "ints", |bytes| vec![map(bytes / 8)]),
    ("string.substring", "ASCII", |bytes| vec![text(bytes), Value::Int(1), int(bytes - 8)]),
    ("string.substring", "letters", |bytes| vec![letters(bytes), int(bytes / 4), int(bytes / 5)]),
    ("string.charAt", "letters", |bytes| vec![letters(bytes), int(bytes / 4)]),
    ("string.codeAt", "letters", |bytes| vec![letters(bytes), int(bytes / 4)]),
    ("collections.slice", "letters", |bytes| vec![letters(bytes), int(bytes / 4)]),
    ("string.startsWith", "ASCII", |bytes| vec![text(bytes), text(bytes)]),
    ("string.endsWith", "ASCII", |bytes| vec![text(bytes), text(bytes)]),
    ("string.contains", "a long part", |bytes| vec![text(bytes), text(bytes / 2)]),
    ("string.contains", "a long part that is not there", |bytes| {
        vec![Value::text(&"a".repeat(bytes)), Value::text(&format!("b{}", "a".repeat(bytes / 8)))]
    }),
    ("string.contains", "a part that is not there", |bytes| vec![text(bytes), Value::text("none")]),
    ("string.indexOf", "letters", |bytes| {
        vec![Value::text(&format!("{}x", "é".repeat(bytes / 2))), Value::text("x")]
    }),
    ("string.split", "commas", |bytes| vec![text(bytes / 8), Value::text(",")]),
    ("string.split", "no commas", |bytes| vec![text(bytes), Value::text(";")]),
    ("string.split", "two halves", |bytes| vec![halves(bytes), Value::text(";")]),
    ("string.split", "two halves, by two", |bytes| vec![halves(bytes), Value::text(";a")]),
    ("string.replace", "commas", |bytes| vec![text(bytes), Value::text(","), Value::text(";;")]),
    ("string.replace", "two halves", |bytes| vec![halves(bytes), Value::text(";"), Value::text("")]),
    ("string.replace", "by long texts", |bytes| {
        vec![Value::text(&",".repeat(4096)), Value::text(","), Value::text(&"a".repeat(bytes / 4096))]
    }),
    ("string.replace", "nothing by long texts", |bytes| {
        vec![Value::text(&",".repeat(4095)), Value::text(""), Value::text(&"a".repeat(bytes / 4096))]
    }),
    ("string.join", "texts", |bytes| vec![texts(bytes), Value::text(", ")]),
    ("string.join", "texts of megabytes", |bytes| vec![alike(bytes, 1 << 20), Value::text("")]),
    ("string.join", "a long separator", |bytes| {
        vec![Value::Array(Array::new(Elements::Any(vec![Value::text("x"); 4096]))), text(bytes / 4096)]
    }),
    ("string.repeat", "short", |bytes| vec![Value::text("ab"), int(bytes / 2)]),
    ("string.repeat", "long", |bytes| vec![text(bytes / 2), Value::Int(2)]),
    ("string.padStart", "a long text", |bytes| vec![text(bytes), int(bytes + 1)]),
    ("string.padEnd", "a long text", |bytes| vec![text(bytes), int(bytes + 1)]),
    ("string.padEnd", "with a long text", |bytes| vec![Value::text("x"), int(bytes / 2), letters(bytes * 2)]),
    ("string.trim", "one space", |bytes| vec![Value::text(&format!(" {}", "a".repeat(bytes)))]),
    ("string.trim", "spaces", |bytes| vec![Value::text(&" ".repeat(bytes))]),
    ("string.toUpper", "ASCII", |bytes| vec![text(bytes)]),
    ("string.toLower", "letters", |bytes| vec![letters(bytes)]),
    ("string.reverse", "letters", |bytes| vec![letters(bytes)]),
    ("string.concat", "ASCII", |bytes| vec![text(bytes / 2), text(bytes / 2)]),
    ("type.toString", "ints", |bytes| vec![ints(bytes / 16)]),
    ("type.toString", "texts", |bytes| vec![texts(bytes)]),
    ("type.toString", "texts of kilobytes", |bytes| vec![alike(bytes, 64 << 10)]),
    ("type.toString", "names", |bytes| vec![names(bytes)]),
    ("json.stringify", "texts", |bytes| vec![texts(bytes)]),
    ("json.stringify", "names", |bytes| vec![names(bytes)]),
    ("json.parse", "ints", |bytes| vec![json("1,", "1", bytes)]),
    ("json.parse", "objects", |bytes| vec![json("{\"a\":1},", "1", bytes)]),
    ("json.parse", "an object", |bytes| vec![object(bytes)]),
    ("json.parse", "a long string", |bytes| {
        vec![Value::text(&format!("\"{}\"", "a".repeat(bytes.min(JSON))))]
    }),
    ("json.parse", "what is wrong at the end", |bytes| vec![json("1,", "?", bytes)]),
    ("io.print", "ASCII", |bytes| vec![text(bytes)]),
    ("io.println", "ASCII", |bytes| vec![text(bytes)]),
];

/// The most that a text of JSON may take.
const JSON: usize = (64 << 20) - 2;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let mebibytes = words.iter().find_map(|word| word.parse::<usize>().ok()).unwrap_or(256);
    let part = words.iter().find(|word| word.parse::<usize>().is_err());
    let mut rows: Vec<Row> = CASES
        .iter()
        .map(|(name, of, make)| (format!("{name}: {of}"), *name, make))
        .filter(|(name, ..)| part.is_none_or(|part| name.contains(part.as_str())))
        .map(|(name, function, make)| measure(name, function, make(mebibytes << 20)))
        .collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.longest));
    println!("{:>10} {:>10} {:>10} {:>8}  with {mebibytes} MiB", "longest", "total", "dropping", "looks");
    for Row { name, longest, total, dropping, looks } in rows {
        println!("{longest:>10.1?} {total:>10.1?} {dropping:>10.1?} {looks:>8}  {name}");
    }
}

/// What the processor has spent on this thread.
#[cfg(unix)]
fn spent() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or(0))
}

/// The time that has passed, where the system tells no better.
#[cfg(not(unix))]
fn spent() -> Duration {
    static START: std::sync::LazyLock<std::time::Instant> = std::sync::LazyLock::new(std::time::Instant::now);
    START.elapsed()
}

/// When a call looked whether to go on.
#[derive(Clone, Copy)]
struct Looks {
    last: Duration,
    longest: Duration,
    count: usize,
}

impl Looks {
    fn note(&mut self) {
        let now = spent();
        self.longest = self.longest.max(now.saturating_sub(self.last));
        self.last = now;
        self.count += 1;
    }
}

/// Runs a case once; one whose value is shared while another holds it.
fn measure(name: String, function: &str, mut arguments: Vec<Value>) -> Row {
    let shared = if name.contains("shared") { arguments.first().cloned() } else { None };
    let mut host = Host::new(Box::new(NoConsole));
    let begun = spent();
    let looks = Arc::new(Mutex::new(Looks { last: begun, longest: Duration::ZERO, count: 0 }));
    let noted = Arc::clone(&looks);
    host.watch = Some(Box::new(move || {
        noted.lock().unwrap_or_else(PoisonError::into_inner).note();
        Ok(())
    }));
    let outcome = apply(function, &mut arguments, &mut host);
    let total = spent().saturating_sub(begun);
    let mut looks = *looks.lock().unwrap_or_else(PoisonError::into_inner);
    looks.note();
    if let Err(fault) = &outcome {
        eprintln!("{name}: {fault}");
    }
    let begun = spent();
    drop((arguments, outcome, shared));
    Row { name, longest: looks.longest, total, dropping: spent().saturating_sub(begun), looks: looks.count }
}

/// Calls the function, or applies the operator.
fn apply(function: &str, arguments: &mut [Value], host: &mut Host) -> Result<Value, Fault> {
    let operator = match function {
        "==" => Some(BinaryOperator::Equal),
        "<" => Some(BinaryOperator::Less),
        _ => None,
    };
    if let (Some(operator), [left, right]) = (operator, &*arguments) {
        return operators::binary(operator, left.clone(), right.clone(), host);
    }
    let builtin = Builtin::find(function).unwrap_or_else(|| panic!("no function {function}"));
    let function = implementation(builtin).unwrap_or_else(|| panic!("{function:?} has no implementation"));
    let module = ModuleContext::new("measured");
    function(&mut Context { host, module: &module, accounts: ThreadAccounts::current() }, arguments)
}

// --- Values that take about so many bytes ---

fn with<const COUNT: usize>(first: Value, others: [Value; COUNT]) -> Vec<Value> {
    std::iter::once(first).chain(others).collect()
}

fn array(items: Vec<Value>) -> Value {
    Value::Array(Array::new(Elements::Any(items)))
}

fn number_of(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn int(number: usize) -> Value {
    Value::Int(number_of(number))
}

/// Ints in no order.
fn ints(bytes: usize) -> Value {
    Value::Array(Array::from((0..bytes / 8).map(scrambled).collect::<Vec<i64>>()))
}

fn scrambled(number: usize) -> i64 {
    number_of(number).wrapping_mul(0x9E37_79B9_7F4A_7C15_u64.cast_signed())
}

/// The numbers 0, 1, 2, ….
fn range(bytes: usize) -> Value {
    Value::Array(Array::from((0..bytes / 8).map(number_of).collect::<Vec<i64>>()))
}

/// The same as floats.
fn floats(bytes: usize) -> Value {
    let floats = (0..bytes / 8).map(|number| Number::Int(number_of(number)).as_float());
    Value::Array(Array::new(Elements::Float(floats.collect())))
}

fn bools(bytes: usize) -> Value {
    Value::Array(Array::new(Elements::Bool((0..bytes).map(|number| number % 3 == 0).collect())))
}

/// Values that are no objects.
fn values(bytes: usize) -> Value {
    array((0..bytes / 16).map(|number| if number == 7 { Value::Void } else { int(number) }).collect())
}

/// Numbers in no order that are not packed.
fn mixed(bytes: usize) -> Value {
    let item = |number| if number == 7 { Value::Float(0.5) } else { Value::Int(scrambled(number)) };
    array((0..bytes / 16).map(item).collect())
}

/// Short texts.
fn texts(bytes: usize) -> Value {
    array((0..bytes / 64).map(|number| Value::text(&format!("{:x}", scrambled(number)))).collect())
}

/// Texts of so many bytes each, which differ at their ends.
fn alike(bytes: usize, each: usize) -> Value {
    array(
        (0..bytes / each)
            .rev()
            .map(|number| Value::text(&format!("{}{number:08}", "a".repeat(each - 8))))
            .collect(),
    )
}

/// Arrays of three elements.
fn nested(bytes: usize) -> Value {
    array((0..bytes / 96).map(|number| Value::Array(Array::from(vec![number_of(number), 1, 2]))).collect())
}

/// A map of ints that are not 0, 1, 2, ….
fn map(bytes: usize) -> Value {
    Value::Map((0..bytes / 48).map(|number| (Key::Int(number_of(number) * 64), Value::Int(1))).collect())
}

/// A map of the ints 0, 1, 2, ….
fn list(bytes: usize) -> Value {
    Value::Map((0..bytes / 32).map(|number| (Key::Int(number_of(number)), Value::Int(1))).collect())
}

/// A map of texts.
fn names(bytes: usize) -> Value {
    let key = |number| Key::from_text(Text::new(&format!("x{:x}", scrambled(number))));
    Value::Map((0..bytes / 96).map(|number| (key(number), Value::Int(1))).collect())
}

/// The map with so many entries more that the next one makes it grow.
fn full(map: Value) -> Value {
    let Value::Map(mut map) = map else { return map };
    let mut number = -1;
    while !map.put_is_long(Key::Int(number).as_ref()) {
        map.put(Key::Int(number), Value::Void);
        number -= 1;
    }
    Value::Map(map)
}

/// A map of which as many entries were removed as may be before it closes the gaps, and the key of the next.
fn sparse(bytes: usize) -> Vec<Value> {
    let Value::Map(mut map) = map(bytes) else { return Vec::new() };
    let count = map.len();
    for number in 0..=count - count / 4 {
        map.remove(&Key::Int(number_of(number) * 64));
        if map.len() == count / 4 {
            return vec![Value::Map(map), int((number + 1) * 64)];
        }
    }
    Vec::new()
}

/// ASCII.
fn text(bytes: usize) -> Value {
    Value::text(&"abcdefg,".repeat(bytes / 8))
}

/// Letters of two bytes each, and a last one.
fn letters(bytes: usize) -> Value {
    Value::text(&"éà".repeat(bytes / 4))
}

/// Two long parts.
fn halves(bytes: usize) -> Value {
    let half = "a".repeat(bytes / 2);
    Value::text(&format!("{half};{half}"))
}

fn long(value: &Value) -> Text {
    match value {
        Value::Text(text) => text.clone(),
        _ => Text::new(""),
    }
}

/// An array of JSON.
fn json(item: &str, last: &str, bytes: usize) -> Value {
    Value::text(&format!("[{}{last}]", item.repeat((bytes.min(JSON) - 8) / item.len())))
}

/// An object of JSON with many keys.
fn object(bytes: usize) -> Value {
    let members: Vec<String> =
        (0..bytes.min(JSON) / 32).map(|number| format!("\"{:x}\":{number}", scrambled(number))).collect();
    Value::text(&format!("{{{}}}", members.join(",")))
}
