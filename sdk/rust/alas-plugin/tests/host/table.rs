//! The table of the little host.

use std::ffi::c_char;
use std::rc::Rc;
use std::slice;

use alas_plugin_abi::{ABI_MAJOR, ABI_MINOR, Call, ERROR, Host, NOT_FOUND, OK, Status, Value};

use super::{Datum, Failure, Record, array, failure, map, text};

pub static HOST: Host = Host {
    abi_major: ABI_MAJOR,
    abi_minor: ABI_MINOR,
    size: size_of::<Host>(),
    text: lend_text,
    ints: lend_ints,
    floats: lend_floats,
    bools: lend_bools,
    length,
    array_get,
    map_get,
    map_next,
    new_text,
    new_ints,
    new_floats,
    new_bools,
    new_array,
    array_push,
    array_truncate,
    new_map,
    map_put,
    fail,
    log,
    config,
    invoke,
    should_stop,
    open_scope,
    close_scope,
};

/// The most elements that the host has memory for.
pub const MOST: usize = 1_000_000;

type Outcome = Result<Status, Failure>;

/// # Safety
///
/// The call is one of this host.
unsafe fn serve(call: *mut Call, work: impl FnOnce(&Record) -> Outcome) -> Status {
    // SAFETY: the caller promises it.
    let record = unsafe { &*call.cast::<Record>() };
    work(record).unwrap_or_else(|why| {
        record.fail(why);
        ERROR
    })
}

/// # Safety
///
/// There are so many bytes.
unsafe fn taken<'t>(start: *const c_char, length: usize) -> &'t str {
    // SAFETY: the caller promises it.
    std::str::from_utf8(unsafe { slice::from_raw_parts(start.cast(), length) }).unwrap()
}

fn wrong(found: &Datum) -> Failure {
    failure("wrong_kind", format!("found {found:?}"))
}

macro_rules! host {
    ($($name:ident($record:ident, $($parameter:ident: $kind:ty),*) $body:block)+) => {$(
        unsafe extern "C" fn $name(call: *mut Call, $($parameter: $kind),*) -> Status {
            let work = |$record: &Record| -> Outcome {
                // SAFETY: the kit passes what the interface asks for.
                #[allow(unused_unsafe, reason = "some need none")]
                unsafe { $body }
            };
            // SAFETY: the kit passes the call.
            unsafe { serve(call, work) }
        }
    )+};
}

host! {
    lend_text(record, value: Value, bytes: *mut *const c_char, length: *mut usize) {
        match record.value(value)? {
            Datum::Text(text) => {
                *bytes = text.as_ptr().cast();
                *length = text.len();
                Ok(OK)
            }
            other => Err(wrong(&other)),
        }
    }

    lend_ints(record, value: Value, items: *mut *const i64, length: *mut usize) {
        match record.value(value)? {
            Datum::Ints(found) => {
                *items = found.as_ptr();
                *length = found.len();
                Ok(OK)
            }
            other => Err(wrong(&other)),
        }
    }

    lend_floats(record, value: Value, items: *mut *const f64, length: *mut usize) {
        match record.value(value)? {
            Datum::Floats(found) => {
                *items = found.as_ptr();
                *length = found.len();
                Ok(OK)
            }
            other => Err(wrong(&other)),
        }
    }

    lend_bools(record, value: Value, items: *mut *const u8, length: *mut usize) {
        match record.value(value)? {
            Datum::Bools(found) => {
                *items = found.as_ptr();
                *length = found.len();
                Ok(OK)
            }
            other => Err(wrong(&other)),
        }
    }

    length(record, value: Value, length: *mut usize) {
        *length = match record.value(value)? {
            Datum::Ints(items) => items.len(),
            Datum::Floats(items) => items.len(),
            Datum::Bools(items) => items.len(),
            Datum::Array(items) => items.borrow().len(),
            Datum::Map(entries) => entries.borrow().len(),
            other => return Err(wrong(&other)),
        };
        Ok(OK)
    }

    array_get(record, value: Value, position: usize, item: *mut Value) {
        let found = match record.value(value)? {
            Datum::Ints(items) => items.get(position).copied().map(Datum::Int),
            Datum::Floats(items) => items.get(position).copied().map(Datum::Float),
            Datum::Bools(items) => items.get(position).map(|item| Datum::Bool(*item != 0)),
            Datum::Array(items) => items.borrow().get(position).cloned(),
            other => return Err(wrong(&other)),
        };
        *item = record.keep(found.ok_or_else(|| failure("out_of_bounds", format!("no element {position}")))?);
        Ok(OK)
    }

    map_get(record, value: Value, key: *const c_char, key_length: usize, item: *mut Value) {
        let Datum::Map(entries) = record.value(value)? else { return Err(failure("wrong_kind", "no map")) };
        let key = taken(key, key_length);
        let found = entries.borrow().iter().find(|(name, _)| name == key).map(|(_, value)| value.clone());
        let Some(found) = found else { return Ok(NOT_FOUND) };
        *item = record.keep(found);
        Ok(OK)
    }

    map_next(record, value: Value, cursor: *mut usize, key: *mut Value, item: *mut Value) {
        let Datum::Map(entries) = record.value(value)? else { return Err(failure("wrong_kind", "no map")) };
        let Some((name, found)) = entries.borrow().get(*cursor).cloned() else { return Ok(NOT_FOUND) };
        *cursor += 1;
        *key = record.keep(text(&name));
        *item = record.keep(found);
        Ok(OK)
    }

    new_text(record, bytes: *const c_char, length: usize, made: *mut Value) {
        *made = record.keep(text(taken(bytes, length)));
        Ok(OK)
    }

    new_ints(record, length: usize, items: *mut *mut i64, made: *mut Value) {
        let mut zeros = vec![0; enough(length)?];
        *items = zeros.as_mut_ptr();
        *made = record.keep(Datum::Ints(Rc::new(zeros)));
        Ok(OK)
    }

    new_floats(record, length: usize, items: *mut *mut f64, made: *mut Value) {
        let mut zeros = vec![0.0; enough(length)?];
        *items = zeros.as_mut_ptr();
        *made = record.keep(Datum::Floats(Rc::new(zeros)));
        Ok(OK)
    }

    new_bools(record, length: usize, items: *mut *mut u8, made: *mut Value) {
        let mut zeros = vec![0; enough(length)?];
        *items = zeros.as_mut_ptr();
        *made = record.keep(Datum::Bools(Rc::new(zeros)));
        Ok(OK)
    }

    new_array(record, capacity: usize, made: *mut Value) {
        enough(capacity)?;
        *made = record.keep(array([]));
        Ok(OK)
    }

    array_push(record, value: Value, item: Value) {
        let Datum::Array(items) = record.value(value)? else { return Err(failure("wrong_kind", "no array")) };
        let item = record.value(item)?;
        items.borrow_mut().push(item);
        Ok(OK)
    }

    array_truncate(record, value: Value, length: usize) {
        let Datum::Ints(items) = record.value(value)? else { return Err(failure("wrong_kind", "no ints")) };
        if length > items.len() {
            return Err(failure("out_of_bounds", "the array is shorter"));
        }
        // The little host truncates ints only. Two hold the vector, the call and this function.
        (*Rc::as_ptr(&items).cast_mut()).truncate(length);
        Ok(OK)
    }

    new_map(record, _capacity: usize, made: *mut Value) {
        *made = record.keep(map([]));
        Ok(OK)
    }

    map_put(record, value: Value, key: *const c_char, key_length: usize, item: Value) {
        let Datum::Map(entries) = record.value(value)? else { return Err(failure("wrong_kind", "no map")) };
        let (key, item) = (taken(key, key_length), record.value(item)?);
        let mut entries = entries.borrow_mut();
        match entries.iter_mut().find(|(name, _)| name == key) {
            Some((_, place)) => *place = item,
            None => entries.push((key.to_owned(), item)),
        }
        Ok(OK)
    }

    fail(record, code: *const c_char, code_length: usize, message: *const c_char, length: usize) {
        record.fail(failure(taken(code, code_length), taken(message, length)));
        Ok(ERROR)
    }

    log(record, level: i32, message: *const c_char, length: usize) {
        record.surroundings().log.borrow_mut().push((level, taken(message, length).to_owned()));
        Ok(OK)
    }

    config(record, key: *const c_char, key_length: usize, found: *mut Value) {
        let Some(setting) = record.surroundings().settings.get(taken(key, key_length)) else {
            return Ok(NOT_FOUND);
        };
        *found = record.keep(text(setting));
        Ok(OK)
    }

    invoke(record, name: *const c_char, name_length: usize, arguments: *const Value, count: usize, result: *mut Value) {
        let values = if count == 0 { &[] } else { slice::from_raw_parts(arguments, count) };
        let values: Vec<Datum> = values.iter().map(|value| record.value(*value)).collect::<Result<_, _>>()?;
        *result = record.keep(called(record, taken(name, name_length), &values)?);
        Ok(OK)
    }

    open_scope(record, scope: *mut usize) {
        *scope = record.scope();
        Ok(OK)
    }

    close_scope(record, scope: usize) {
        record.end_scope(scope);
        Ok(OK)
    }
}

unsafe extern "C" fn should_stop(call: *mut Call) -> i32 {
    // SAFETY: the kit passes the call.
    unsafe { serve(call, |record| Ok(i32::from(record.surroundings().is_to_stop.get()))) }
}

fn enough(length: usize) -> Result<usize, Failure> {
    if length > MOST { Err(failure("too_large", format!("{length} elements"))) } else { Ok(length) }
}

/// A function of the host, or of the plugin itself.
fn called(record: &Record, name: &str, arguments: &[Datum]) -> Result<Datum, Failure> {
    match (name, arguments) {
        ("host.add", [Datum::Int(one), Datum::Int(other)]) => Ok(Datum::Int(one + other)),
        ("host.echo", [value]) => Ok(value.clone()),
        ("host.count", values) => Ok(Datum::Int(i64::try_from(values.len()).unwrap())),
        (own, values) if record.plugin().row(own).is_some() => record.plugin().call(own, values),
        _ => Err(failure("function_not_found", format!("there is no function {name}"))),
    }
}
