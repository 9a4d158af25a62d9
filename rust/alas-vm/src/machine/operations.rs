//! What single ops do, where it is more than a line.

use std::cmp::Ordering;

use alas_ir::{Class, Comparison};
use alas_library::Builtin;
use alas_syntax::BinaryOperator;
use alas_value::{Array, Key, KeyRef, Map, Tag, Text, Value, write_float, write_text};

use super::slots;
use crate::builtins::read;
use crate::code::{Code, MapAccess};
use crate::comparing::{equal, equal_texts, find, known_key, order, order_texts};
use crate::{ErrorCode, Fault, Host, changing, convert, copying, operators, size, words};

pub(super) fn class_of(tag: Tag) -> Class {
    match tag {
        Tag::Array => Class::Array,
        Tag::Map => Class::Map,
        _ => Class::Text,
    }
}

#[inline]
pub(super) fn holds(comparison: Comparison, ordering: Ordering) -> bool {
    match comparison {
        Comparison::Equal => ordering.is_eq(),
        Comparison::NotEqual => ordering.is_ne(),
        Comparison::Less => ordering.is_lt(),
        Comparison::LessOrEqual => ordering.is_le(),
        Comparison::Greater => ordering.is_gt(),
        Comparison::GreaterOrEqual => ordering.is_ge(),
    }
}

/// As [`holds`]; without an order, because of NaN, only `!=` does.
#[inline]
pub(super) fn holds_partly(comparison: Comparison, ordering: Option<Ordering>) -> bool {
    match ordering {
        Some(ordering) => holds(comparison, ordering),
        None => comparison == Comparison::NotEqual,
    }
}

#[inline]
pub(super) fn compare_texts(
    comparison: Comparison,
    left: &Text,
    right: &Text,
    host: &Host,
) -> Result<bool, Fault> {
    match comparison {
        Comparison::Equal => equal_texts(left, right, host),
        Comparison::NotEqual => equal_texts(left, right, host).map(|equal| !equal),
        _ => order_texts(left, right, host).map(|order| holds(comparison, order)),
    }
}

#[inline]
pub(super) fn compare_values(
    comparison: Comparison,
    left: &Value,
    right: &Value,
    host: &Host,
) -> Result<bool, Fault> {
    match (comparison, left, right) {
        (_, Value::Int(left), Value::Int(right)) => Ok(holds(comparison, left.cmp(right))),
        (Comparison::Equal, ..) => equal(left, right, host),
        (Comparison::NotEqual, ..) => equal(left, right, host).map(|equal| !equal),
        _ if comparable(left, right) => Ok(holds_partly(comparison, order(left, right, host)?)),
        // The operator words the failure.
        _ => operators::compare(operator_of(comparison), left, right, host).map(|value| value.truth()),
    }
}

pub(super) fn comparable(left: &Value, right: &Value) -> bool {
    matches!((left, right), (Value::Text(_), Value::Text(_)))
        || (left.as_number().is_some() && right.as_number().is_some())
}

pub(super) fn operator_of(comparison: Comparison) -> BinaryOperator {
    match comparison {
        Comparison::Equal => BinaryOperator::Equal,
        Comparison::NotEqual => BinaryOperator::NotEqual,
        Comparison::Less => BinaryOperator::Less,
        Comparison::LessOrEqual => BinaryOperator::LessOrEqual,
        Comparison::Greater => BinaryOperator::Greater,
        Comparison::GreaterOrEqual => BinaryOperator::GreaterOrEqual,
    }
}

/// Arithmetic on two ints or two floats that cannot fail.
#[inline]
pub(super) fn quick_binary(operator: BinaryOperator, left: &Value, right: &Value) -> Option<Value> {
    Some(match (operator, left, right) {
        (BinaryOperator::Add, Value::Int(left), Value::Int(right)) => Value::Int(left.wrapping_add(*right)),
        (BinaryOperator::Subtract, Value::Int(left), Value::Int(right)) => {
            Value::Int(left.wrapping_sub(*right))
        }
        (BinaryOperator::Multiply, Value::Int(left), Value::Int(right)) => {
            Value::Int(left.wrapping_mul(*right))
        }
        (BinaryOperator::Add, Value::Float(left), Value::Float(right)) => Value::Float(left + right),
        (BinaryOperator::Subtract, Value::Float(left), Value::Float(right)) => Value::Float(left - right),
        (BinaryOperator::Multiply, Value::Float(left), Value::Float(right)) => Value::Float(left * right),
        _ => return None,
    })
}

/// # Safety
///
/// The slots hold a dynamic value.
pub(super) unsafe fn take_or_share(take: bool, slot: *mut u64) -> Value {
    // SAFETY: the caller promises a dynamic value.
    unsafe { if take { slots::take_value(slot) } else { (*slot.cast::<Value>()).clone() } }
}

/// Takes dynamic values that stand one after the other.
///
/// # Safety
///
/// So many dynamic values stand there.
pub(super) unsafe fn take_staged(from: *mut u64, count: usize) -> Vec<Value> {
    // SAFETY: the caller promises the values.
    (0..count).map(|index| unsafe { slots::take_value(from.add(index * 2)) }).collect()
}

/// # Safety
///
/// The slot is of the class and holds a value.
pub(super) unsafe fn text_of(class: Class, slot: *mut u64, host: &Host) -> Result<Text, Fault> {
    // SAFETY: the caller promises the class; the slot is only read.
    unsafe {
        match class {
            Class::Int => Ok(Text::of_int((*slot).cast_signed())),
            Class::Float => {
                let mut text = String::new();
                write_float(f64::from_bits(*slot), &mut text);
                Ok(Text::new(&text))
            }
            Class::Bool => Ok(Text::new(if *slot != 0 { "true" } else { "false" })),
            Class::Text => Ok((*slot.cast::<Text>()).clone()),
            Class::Array => operators::to_text(Value::Array((*slot.cast::<Array>()).clone()), host),
            Class::Map => operators::to_text(Value::Map((*slot.cast::<Map>()).clone()), host),
            Class::Dynamic => operators::to_text((*slot.cast::<Value>()).clone(), host),
        }
    }
}

/// # Safety
///
/// So many dynamic values stand there.
#[inline(never)]
pub(super) unsafe fn new_array(from: *mut u64, count: usize) -> Array {
    // SAFETY: the caller promises the values.
    Array::from_values(unsafe { take_staged(from, count) })
}

/// # Safety
///
/// So many pairs of dynamic values stand there.
#[inline(never)]
pub(super) unsafe fn new_map(from: *mut u64, count: usize) -> Result<Map, Fault> {
    // SAFETY: the caller promises the values. All are taken before anything can fail.
    let values = unsafe { take_staged(from, count * 2) };
    let mut map = Map::with_capacity(count);
    let mut values = values.into_iter();
    while let (Some(key), Some(value)) = (values.next(), values.next()) {
        map.put(operators::key_of(&key)?, value);
    }
    Ok(map)
}

#[inline(never)]
pub(super) fn push(array: &mut Array, value: Value, host: &Host) -> Result<(), Fault> {
    size::check_push(array, &value)?;
    copying::own_with(array, &value, host)?;
    array.push(value);
    Ok(())
}

#[inline(never)]
pub(super) fn set(array: &mut Array, position: i64, value: Value, host: &Host) -> Result<(), Fault> {
    // The element is looked up for its failure when there is none.
    operators::element(array, position)?;
    size::check_set(array, &value)?;
    copying::own_with(array, &value, host)?;
    array.update(|elements| elements.set(position.cast_unsigned() as usize, value));
    Ok(())
}

/// # Safety
///
/// The slots are of the classes that the access names, two for a dynamic one.
#[inline]
pub(super) unsafe fn map_get(
    access: MapAccess,
    map: &mut Map,
    key: *mut u64,
    to: *mut u64,
    host: &Host,
) -> Result<(), Fault> {
    // SAFETY: the caller promises the classes; what the destination holds as default is dropped before it is replaced.
    unsafe {
        let computed;
        let key = match access.key() {
            Class::Int => KeyRef::Int((*key).cast_signed()),
            Class::Text => KeyRef::of_text(&*key.cast::<Text>()),
            _ => {
                computed = operators::key_of(&*key.cast::<Value>())?;
                computed.as_ref()
            }
        };
        let class = access.value();
        if access.takes() {
            return map_take(access, map, key, to, host);
        }
        match find(map, key, host)? {
            Some(Value::Int(value)) if class == Class::Int => *to = value.cast_unsigned(),
            Some(value) => {
                let value = value.clone();
                if access.has_default() {
                    slots::clear(class, to);
                }
                slots::store(class, to, value)?;
            }
            None if access.has_default() => {}
            None => return Err(words::no_such_key(&key.to_text())),
        }
    }
    Ok(())
}

/// [`map_get`] that takes the value when nobody else holds the map.
///
/// # Safety
///
/// The destination is of the class that the access names, two slots for a dynamic one.
#[inline(never)]
unsafe fn map_take(
    access: MapAccess,
    map: &mut Map,
    key: KeyRef<'_>,
    to: *mut u64,
    host: &Host,
) -> Result<(), Fault> {
    match take(map, key, host)? {
        // SAFETY: the caller promises the class; what stands there as default is dropped before it is replaced.
        Some(value) => unsafe {
            if access.has_default() {
                slots::clear(access.value(), to);
            }
            slots::store(access.value(), to, value)
        },
        None if access.has_default() => Ok(()),
        None => Err(words::no_such_key(&key.to_text())),
    }
}

/// The value of a key, moved out when nobody else holds the map.
#[inline]
fn take(map: &mut Map, key: KeyRef<'_>, host: &Host) -> Result<Option<Value>, Fault> {
    match key {
        KeyRef::Text(text) if text.is_long() => {
            let known = known_key(map, Key::Text(text.clone()), host)?;
            Ok(map.take(known.as_ref()))
        }
        key => Ok(map.take(key)),
    }
}

/// [`map_get`] of a dynamic object, which may be no map.
///
/// # Safety
///
/// As for [`map_get`].
pub(super) unsafe fn map_get_of_value(
    access: MapAccess,
    object: &mut Value,
    key: *mut u64,
    to: *mut u64,
    host: &Host,
) -> Result<(), Fault> {
    match object {
        // SAFETY: the caller promises the same.
        Value::Map(map) => unsafe { map_get(access, map, key, to, host) },
        other => Err(not_a_map(other)),
    }
}

#[cold]
fn not_a_map(found: &Value) -> Fault {
    read::wrong_kind(Builtin::MapGet, 0, "a map", found)
}

/// The entry of a constant key, taken when nobody else holds the map.
pub(super) fn take_field(map: &mut Map, key: &Key) -> Result<Value, Fault> {
    match map.take(key.as_ref()) {
        Some(value) => Ok(value),
        // The operator words the failure.
        None => operators::field(&Value::Map(map.clone()), key),
    }
}

/// What `object[index]` is, taken when nobody else holds the object.
pub(super) fn take_index(object: &mut Value, index: &Value, host: &Host) -> Result<Value, Fault> {
    let taken = match (&mut *object, index) {
        (Value::Map(map), index) => take(map, operators::key_of(index)?.as_ref(), host)?,
        (Value::Array(array), Value::Int(position)) => take_element(array, *position),
        _ => None,
    };
    match taken {
        Some(value) => Ok(value),
        // The operator words the failure.
        None => operators::index(object, index, host),
    }
}

/// The element at a position, if it is inside, taken when nobody else holds the array.
pub(super) fn take_element(array: &mut Array, position: i64) -> Option<Value> {
    array.take(usize::try_from(position).ok()?)
}

/// The key in a slot of class `Int` or `Text`.
///
/// # Safety
///
/// The slot is of the class and holds a value that outlives the key.
#[inline]
pub(super) unsafe fn simple_key<'a>(class: Class, slot: *mut u64) -> KeyRef<'a> {
    // SAFETY: the caller promises the class.
    unsafe {
        match class {
            Class::Int => KeyRef::Int((*slot).cast_signed()),
            _ => KeyRef::of_text(&*slot.cast::<Text>()),
        }
    }
}

/// Adds to the int of a key, which is zero when there is none; the map may have other holders.
#[inline(never)]
pub(super) fn map_count(map: &mut Map, key: KeyRef<'_>, amount: i64, host: &Host) -> Result<(), Fault> {
    let count = match find(map, key, host)? {
        None => amount,
        Some(Value::Int(count)) => count.wrapping_add(amount),
        Some(other) => {
            let message = format!("expected an int, found {}", other.kind().describe());
            return Err(Fault::new(ErrorCode::TypeError, message));
        }
    };
    size::check_put(map)?;
    changing::put(map, key.to_key(), Value::Int(count), host)
}

/// # Safety
///
/// The slots are of the classes that the access names, two for a dynamic one.
#[inline]
pub(super) unsafe fn map_put(
    access: MapAccess,
    map: &mut Map,
    key: *mut u64,
    value: *mut u64,
    host: &Host,
) -> Result<(), Fault> {
    if access.value() == Class::Int {
        // SAFETY: the caller promises the classes.
        let place = unsafe {
            match access.key() {
                Class::Int => map.int_mut(KeyRef::Int((*key).cast_signed())),
                Class::Text => map.int_mut(KeyRef::of_text(&*key.cast::<Text>())),
                _ => None,
            }
        };
        if let Some(place) = place {
            // SAFETY: the caller promises an int.
            *place = unsafe { *value }.cast_signed();
            return Ok(());
        }
    }
    // SAFETY: the caller promises the classes. The value is taken before anything can fail.
    let (key, value) = unsafe {
        let value = slots::take(access.value(), value);
        let key = match access.key() {
            Class::Int => Key::Int((*key).cast_signed()),
            Class::Text => Key::from_text((*key.cast::<Text>()).clone()),
            _ => operators::key_of(&*key.cast::<Value>())?,
        };
        (key, value)
    };
    size::check_put(map)?;
    changing::put(map, key, value, host)
}

/// # Safety
///
/// The destination is of the class of the type and empty.
pub(super) unsafe fn convert_to(
    code: &Code,
    kind: u16,
    value: Value,
    to: *mut u64,
    host: &Host,
) -> Result<(), Fault> {
    let shared = code.shared();
    let (kind, class) = &shared.types[usize::from(kind)];
    let value = convert(value, kind, &shared.definitions, host)?;
    // SAFETY: the caller promises the destination.
    unsafe { slots::store(*class, to, value) }
}

#[cold]
pub(super) fn negative_root(value: f64) -> Fault {
    let mut text = String::new();
    write_text(&Value::Float(value), &mut text);
    Fault::new(
        ErrorCode::ValueError,
        format!("`math.sqrt` takes a number that is not negative, found {text}"),
    )
}

#[cold]
pub(super) fn lowered_elsewhere() -> Fault {
    Fault::new(
        ErrorCode::FunctionNotFound,
        "functions that call functions are part of the code, not of the library",
    )
}
