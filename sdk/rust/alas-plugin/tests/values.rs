//! Every type that parameters and results can have, through the whole interface.

mod host;

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use alas_plugin::{
    Array, ArrayBuilder, Bools, Context, Floats, FromValue, IntoValue, Kind, Map, MapBuilder, OwnedValue,
    Result, Value, plugin,
};

use host::{Datum, Failure, Plugin, array, bools, failure, floats, ints, map, text};

/// Functions that return what they are given.
macro_rules! echoes {
    ($($name:ident: $kind:ty;)+) => {$(
        #[alas_plugin::function]
        fn $name(value: $kind) -> $kind {
            value
        }
    )+};
}

echoes! {
    unit: ();
    boolean: bool;
    int: i64;
    float: f64;
    string: String;
    int_vector: Vec<i64>;
    float_vector: Vec<f64>;
    bool_vector: Vec<bool>;
    strings: Vec<String>;
    nested: Vec<Vec<Option<i64>>>;
    optional: Option<String>;
    tree: BTreeMap<String, Vec<f64>>;
    table: HashMap<String, i64>;
    owned: OwnedValue;
    owned_vector: Vec<OwnedValue>;
    point: Point;
    points: Vec<Point>;
    color: Color;
}

#[derive(Debug, FromValue, IntoValue)]
struct Point {
    x: f64,
    r#type: Option<String>,
}

#[derive(Debug, FromValue, IntoValue)]
enum Color {
    Red,
    Green,
}

#[derive(FromValue, IntoValue)]
struct Named<'call> {
    name: &'call str,
}

#[alas_plugin::function]
fn lent(text: &str) -> &str {
    text
}

#[alas_plugin::function]
fn lent_texts(texts: Vec<&str>) -> Vec<&str> {
    texts
}

#[alas_plugin::function]
fn lent_struct(named: Named<'_>) -> Named<'_> {
    named
}

#[alas_plugin::function]
fn cow(text: &str) -> Cow<'_, str> {
    text.into()
}

#[alas_plugin::function]
fn slices(ints: &[i64], floats: &[f64], bools: &[bool]) -> String {
    format!("{ints:?} {floats:?} {bools:?}")
}

#[alas_plugin::function]
fn int_slice(items: &[i64]) -> &[i64] {
    items
}

#[alas_plugin::function]
fn dynamic(value: Value<'_>) -> Value<'_> {
    value
}

#[alas_plugin::function]
fn first(items: Array<'_>) -> Result<Option<Value<'_>>> {
    if items.len()? == 0 { Ok(None) } else { items.get(0).map(Some) }
}

#[alas_plugin::function]
fn keys(map: Map) -> Result<Vec<String>> {
    let mut keys = Vec::new();
    map.each(|key, value| {
        keys.push(format!("{key}: {value:?}"));
        Ok(())
    })?;
    Ok(keys)
}

#[alas_plugin::function]
fn kind(value: Value) -> String {
    value.kind().to_string()
}

#[alas_plugin::function]
fn scaled<'call>(context: &'call Context, items: &[f64], by: f64) -> Result<Floats<'call>> {
    let mut scaled = context.new_floats(items.len())?;
    for (place, item) in scaled.iter_mut().zip(items) {
        *place = item * by;
    }
    Ok(scaled)
}

#[alas_plugin::function]
fn signs<'call>(context: &'call Context, items: &[i64]) -> Result<Bools<'call>> {
    let mut signs = context.new_bools(items.len())?;
    signs.iter_mut().zip(items).for_each(|(place, item)| *place = *item >= 0);
    Ok(signs)
}

#[alas_plugin::function]
fn even<'call>(context: &'call Context, items: &[i64]) -> Result<Array<'call>> {
    let mut even = context.new_ints(items.len())?;
    let mut count = 0;
    for item in items.iter().filter(|item| *item % 2 == 0) {
        even[count] = *item;
        count += 1;
    }
    even.finish_with(count)
}

#[alas_plugin::function]
fn built(context: &Context) -> Result<MapBuilder<'_>> {
    let mut list: ArrayBuilder = context.new_array(2)?;
    list.push(1)?;
    list.push("one")?;
    list.push(vec![1.5])?;
    let mut map = context.new_map(2)?;
    map.put("list", list)?;
    map.put("none", ())?;
    map.put("list of none", context.new_ints(0)?)?;
    Ok(map)
}

mod inner {
    #[alas_plugin::function]
    pub fn in_module(r#type: &str) -> String {
        r#type.to_uppercase()
    }
}

use inner::in_module;

plugin! {
    functions: [
        unit, boolean, int, float, string, int_vector, float_vector, bool_vector, strings, nested, optional, tree, table,
        owned, owned_vector, point, points, color, lent, lent_texts, lent_struct, cow, slices, int_slice, dynamic, first,
        keys, kind, scaled, signs, even, built, in_module,
    ],
    module: "values",
}

fn nested_arrays(depth: usize) -> Datum {
    (0..depth).fold(Datum::Int(1), |inner, _| array([inner]))
}

#[test]
fn the_table_is_what_was_listed() {
    let plugin = Plugin::load();
    assert_eq!(plugin.module(), "values");
    assert_eq!(plugin.rows().len(), 33);
    assert_eq!(plugin.row("scaled").unwrap().parameter_count, 2);
    assert_eq!(plugin.row("built").unwrap().parameter_count, 0);
    assert_eq!(plugin.call("in_module", &[text("a")]), Ok(text("A")));
}

#[test]
fn values_come_back_as_they_were() {
    let any =
        array([Datum::Int(1), Datum::Float(1.5), text("one"), Datum::Void, map([("a", Datum::Int(1))])]);
    let point = map([("x", Datum::Float(1.0)), ("type", text("corner"))]);
    let cases = [
        ("unit", Datum::Void),
        ("boolean", Datum::Bool(true)),
        ("int", Datum::Int(i64::MIN)),
        ("float", Datum::Float(-0.5)),
        ("string", text("naïve")),
        ("string", text("")),
        ("int_vector", ints(&[1, -2, i64::MAX])),
        ("int_vector", ints(&[])),
        ("float_vector", floats(&[1.5, f64::INFINITY])),
        ("bool_vector", bools(&[true, false])),
        ("strings", array((0..200).map(|number| text(&number.to_string())))),
        ("nested", array([array([Datum::Int(1), Datum::Void]), array([])])),
        ("optional", Datum::Void),
        ("optional", text("x")),
        ("tree", map([("a", floats(&[1.0])), ("b", floats(&[]))])),
        ("table", map([("a", Datum::Int(1)), ("b", Datum::Int(2))])),
        ("owned_vector", any.clone()),
        ("point", point.clone()),
        ("points", array([point.clone(), point])),
        ("color", text("Green")),
        ("lent", text("lent")),
        ("lent_texts", array([text("a"), text("")])),
        ("lent_struct", map([("name", text("n"))])),
        ("cow", text("cow")),
        ("int_slice", ints(&[4, 5])),
        ("dynamic", any),
        ("dynamic", Datum::Int(5)),
    ];
    let plugin = Plugin::load();
    for (name, value) in cases {
        assert_eq!(plugin.call(name, std::slice::from_ref(&value)), Ok(value), "{name}");
    }
}

#[test]
fn floats_take_ints_where_anything_may_come() {
    let plugin = Plugin::load();
    assert_eq!(plugin.call("float", &[Datum::Int(2)]), Ok(Datum::Float(2.0)));
    let mixed = array([Datum::Int(1), Datum::Float(0.5)]);
    assert_eq!(plugin.call("float_vector", &[mixed]), Ok(floats(&[1.0, 0.5])));
}

#[test]
fn slices_are_lent() {
    let plugin = Plugin::load();
    let arguments = [ints(&[1, 2]), floats(&[0.5]), bools(&[true, false])];
    assert_eq!(plugin.call("slices", &arguments), Ok(text("[1, 2] [0.5] [true, false]")));
    let arguments = [ints(&[]), floats(&[]), bools(&[])];
    assert_eq!(plugin.call("slices", &arguments), Ok(text("[] [] []")));
}

#[test]
fn values_of_any_kind_can_be_looked_at() {
    let plugin = Plugin::load();
    assert_eq!(plugin.call("first", &[array([text("a"), text("b")])]), Ok(text("a")));
    assert_eq!(plugin.call("first", &[array([])]), Ok(Datum::Void));
    let entries = map([("a", Datum::Int(1)), ("b", text("two")), ("c", Datum::Void)]);
    let expected = array([text("a: 1"), text("b: \"two\""), text("c: Void")]);
    assert_eq!(plugin.call("keys", &[entries]), Ok(expected));
    assert_eq!(plugin.call("kind", &[bools(&[])]), Ok(text(&Kind::Array.to_string())));
}

#[test]
fn arrays_and_maps_are_built_in_the_host() {
    let plugin = Plugin::load();
    let scaled = plugin.call("scaled", &[floats(&[1.0, 2.0]), Datum::Float(3.0)]);
    assert_eq!(scaled, Ok(floats(&[3.0, 6.0])));
    assert_eq!(plugin.call("signs", &[ints(&[1, -1])]), Ok(bools(&[true, false])));
    assert_eq!(plugin.call("even", &[ints(&[1, 2, 3, 4])]), Ok(ints(&[2, 4])));
    let list = array([Datum::Int(1), text("one"), floats(&[1.5])]);
    let expected = map([("list", list), ("none", Datum::Void), ("list of none", ints(&[]))]);
    assert_eq!(plugin.call("built", &[]), Ok(expected));
}

#[test]
fn what_does_not_fit_is_an_error_that_says_where() {
    let wrong = |message: &str| Err::<Datum, Failure>(failure("wrong_kind", message));
    let plugin = Plugin::load();
    let cases = [
        ("int", text("5"), wrong("the parameter `value`: expected an int, found a text")),
        ("string", Datum::Void, wrong("the parameter `value`: expected a text, found void")),
        ("in_module", Datum::Int(1), wrong("the parameter `type`: expected a text, found an int")),
        (
            "nested",
            array([array([]), array([Datum::Void, text("x")])]),
            wrong("the parameter `value`: element 1: element 1: expected an int, found a text"),
        ),
        (
            "tree",
            map([("a", Datum::Int(1))]),
            wrong("the parameter `value`: the key `a`: expected an array, found an int"),
        ),
        (
            "point",
            map([("x", text("wide"))]),
            wrong("the parameter `value`: the field `x`: expected a float, found a text"),
        ),
        ("point", map([]), Err(failure("missing_field", "the parameter `value`: there is no field `x`"))),
        (
            "color",
            text("Blue"),
            Err(failure(
                "unknown_word",
                "the parameter `value`: expected one of `Red`, `Green`, found `Blue`",
            )),
        ),
        (
            "owned",
            nested_arrays(1000),
            Err(failure("too_deep", "the parameter `value`: a value is nested more than 200 deep")),
        ),
    ];
    for (name, argument, expected) in cases {
        assert_eq!(plugin.call(name, &[argument]), expected, "{name}");
    }
    // The host says it better than the kit could.
    assert!(plugin.call("int_slice", &[floats(&[1.0])]).unwrap_err().1.starts_with("found Floats"));
    let expected = "expected 1 as the number of arguments, found 0";
    assert_eq!(plugin.call("int", &[]), Err(failure("argument_count", expected)));
}
