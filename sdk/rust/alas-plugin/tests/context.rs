//! What functions can ask of the host: the log, settings, other functions, and scopes.

mod host;

use alas_plugin::{Array, Context, Level, Map, Result, Value, plugin};
use alas_plugin_abi::level;

use host::{Datum, Plugin, array, failure, ints, map, text};

#[alas_plugin::function]
fn write(context: &Context, message: &str) {
    for level in [Level::Debug, Level::Info, Level::Warning, Level::Error] {
        context.log(level, message);
    }
}

#[alas_plugin::function]
fn setting<'call>(context: &'call Context, key: &str) -> Result<Option<&'call str>> {
    context.config(key)
}

#[alas_plugin::function]
fn stops(context: &Context) -> bool {
    context.should_stop()
}

#[alas_plugin::function]
fn calls(context: &Context, value: Value) -> Result<i64> {
    let sum: i64 = context.invoke("host.add", (1, 2))?;
    let own: bool = context.invoke("stops", ())?;
    let same: Value = context.invoke("host.echo", (value,))?;
    assert_eq!((own, same.kind()), (false, value.kind()));
    let arguments = (1, 2.5, true, "four", (), Some(6), vec![7], vec!["eight"]);
    let count: i64 = context.invoke("host.count", arguments)?;
    let other: i64 = context.invoke("host.count", vec![value; 20])?;
    Ok(sum + count + other)
}

#[alas_plugin::function]
fn wrong_result(context: &Context) -> Result<String> {
    context.invoke("host.add", (1, 2))
}

#[alas_plugin::function]
fn total(texts: Array) -> Result<i64> {
    let mut total = 0;
    texts.each(|text| {
        total += text.to::<&str>()?.len();
        Ok(())
    })?;
    Ok(i64::try_from(total)?)
}

#[alas_plugin::function]
fn many_entries(map: Map) -> Result<i64> {
    let mut count = 0;
    map.each(|key, value| {
        assert_eq!(value.to::<&str>()?, key);
        count += 1;
        Ok(())
    })?;
    Ok(count)
}

#[alas_plugin::function]
fn many_texts(texts: Vec<String>) -> Vec<String> {
    texts
}

/// What is taken from a value of outside belongs to the outside, although it is taken inside.
#[alas_plugin::function]
fn kept(context: &Context, texts: Array) -> Result<Vec<String>> {
    let mut kept: Vec<&str> = Vec::new();
    for _ in 0..3 {
        context.scope(|inner| {
            inner.value("given back")?;
            inner.scope(|innermost| {
                innermost.value("given back")?;
                kept.push(texts.get(0)?.to()?);
                Ok(())
            })?;
            kept.push(texts.get(1)?.to()?);
            let made: &str = context.value("made")?.to()?;
            kept.push(made);
            Ok(())
        })?;
    }
    Ok(kept.into_iter().map(str::to_owned).collect())
}

/// How many handles there are when a loop of so many scopes is over, each of which takes an element.
#[alas_plugin::function]
fn within(context: &Context, texts: Value, count: i64) -> Result<i64> {
    let mut length = 0;
    for _ in 0..count {
        length += context.scope(|inner| {
            let texts: Array = texts.within(inner).to()?;
            Ok(texts.get(0)?.to::<&str>()?.len())
        })?;
    }
    Ok(i64::try_from(length)?)
}

/// A value of inside becomes one of outside, which keeps what is inside.
#[alas_plugin::function]
fn outwards(context: &Context) -> Result<String> {
    context.scope(|middle| {
        let mut found: Option<Value> = None;
        middle.scope(|inner| {
            let made = inner.value("made inside")?;
            found = Some(made.within(middle));
            Ok(())
        })?;
        middle.scope(|other| other.value("another").map(drop))?;
        found.map_or(Ok(String::new()), Value::to)
    })
}

plugin! {
    module: "context",
    functions: [
        write, setting, stops, calls, wrong_result, total, many_entries, many_texts, kept, within, outwards,
    ],
}

fn numbers(count: usize) -> Datum {
    array((0..count).map(|number| text(&number.to_string())))
}

#[test]
fn lines_of_the_log_have_a_level() {
    let plugin = Plugin::load();
    plugin.call("write", &[text("words")]).unwrap();
    let levels = [level::DEBUG, level::INFO, level::WARNING, level::ERROR];
    assert_eq!(*plugin.surroundings.log.borrow(), levels.map(|level| (level, "words".to_owned())));
}

#[test]
fn settings_are_lent() {
    let plugin = Plugin::with_settings(&[("width", "80"), ("name", "")]).unwrap();
    assert_eq!(plugin.call("setting", &[text("width")]), Ok(text("80")));
    assert_eq!(plugin.call("setting", &[text("name")]), Ok(text("")));
    assert_eq!(plugin.call("setting", &[text("height")]), Ok(Datum::Void));
}

#[test]
fn calls_can_be_asked_to_end() {
    let plugin = Plugin::load();
    assert_eq!(plugin.call("stops", &[]), Ok(Datum::Bool(false)));
    plugin.surroundings.is_to_stop.set(true);
    assert_eq!(plugin.call("stops", &[]), Ok(Datum::Bool(true)));
}

#[test]
fn functions_are_called_by_name() {
    let plugin = Plugin::load();
    for value in [Datum::Int(1), text("one"), ints(&[1]), map([])] {
        assert_eq!(plugin.call("calls", &[value]), Ok(Datum::Int(3 + 8 + 20)));
    }
    let expected = "the result of `host.add`: expected a text, found an int";
    assert_eq!(plugin.call("wrong_result", &[]), Err(failure("wrong_kind", expected)));
}

#[test]
fn loops_give_handles_back() {
    let plugin = Plugin::load();
    let most = || plugin.surroundings.most_handles.replace(0);
    assert_eq!(plugin.call("total", &[numbers(1000)]), Ok(Datum::Int(10 + 180 + 2700)));
    assert!(most() < 100);
    assert_eq!(plugin.call("many_texts", &[numbers(1000)]), Ok(numbers(1000)));
    assert!(most() < 100);
    let entries = (0..1000).map(|number| (number.to_string(), text(&number.to_string()))).collect();
    let entries = Datum::Map(std::rc::Rc::new(std::cell::RefCell::new(entries)));
    assert_eq!(plugin.call("many_entries", &[entries]), Ok(Datum::Int(1000)));
    assert!(most() < 200);
    assert_eq!(plugin.call("within", &[numbers(2), Datum::Int(1000)]), Ok(Datum::Int(1000)));
    assert!(most() < 10);
}

#[test]
fn values_live_as_long_as_their_lifetime_says() {
    let plugin = Plugin::load();
    let expected = ["0", "1", "made"].repeat(3).into_iter().map(text);
    assert_eq!(plugin.call("kept", &[numbers(2)]), Ok(array(expected)));
    assert_eq!(plugin.call("outwards", &[]), Ok(text("made inside")));
}
