//! Registers of a frame as typed values.
//!
//! All functions here share one contract: the pointer is to a slot of a live frame (two slots for a dynamic value), and
//! the slot holds a value of the class that the caller names, as encoding arranged it. Counted slots may be empty, which
//! is zero, or void for a dynamic one.

use alas_ir::Class;
use alas_value::{Array, Elements, Kind, Map, Text, Value};

use crate::code::Slot;
use crate::{ErrorCode, Fault};

/// The registers of a frame.
///
/// Its methods share the module's contract: the slot belongs to the frame and holds a value of the class that the method
/// names. The references that they return must not outlive the value in the slot.
#[derive(Debug, Clone, Copy)]
pub(super) struct Registers(*mut u64);

#[expect(clippy::inline_always, reason = "each is a single access, in the loop that runs every op")]
impl Registers {
    pub(super) fn new(base: *mut u64) -> Self {
        Self(base)
    }

    #[inline(always)]
    pub(super) unsafe fn at(self, slot: Slot) -> *mut u64 {
        // SAFETY: the slot belongs to the frame.
        unsafe { self.0.add(usize::from(slot)) }
    }

    #[inline(always)]
    pub(super) unsafe fn int(self, slot: Slot) -> i64 {
        // SAFETY: as the type says.
        unsafe { (*self.at(slot)).cast_signed() }
    }

    #[inline(always)]
    pub(super) unsafe fn set_int(self, slot: Slot, value: i64) {
        // SAFETY: as the type says.
        unsafe { *self.at(slot) = value.cast_unsigned() }
    }

    #[inline(always)]
    pub(super) unsafe fn float(self, slot: Slot) -> f64 {
        // SAFETY: as the type says.
        unsafe { f64::from_bits(*self.at(slot)) }
    }

    #[inline(always)]
    pub(super) unsafe fn set_float(self, slot: Slot, value: f64) {
        // SAFETY: as the type says.
        unsafe { *self.at(slot) = value.to_bits() }
    }

    #[inline(always)]
    pub(super) unsafe fn set_bool(self, slot: Slot, value: bool) {
        // SAFETY: as the type says.
        unsafe { *self.at(slot) = u64::from(value) }
    }

    #[inline(always)]
    pub(super) unsafe fn text<'a>(self, slot: Slot) -> &'a Text {
        // SAFETY: as the type says.
        unsafe { &*self.at(slot).cast() }
    }

    #[inline(always)]
    pub(super) unsafe fn array<'a>(self, slot: Slot) -> &'a Array {
        // SAFETY: as the type says.
        unsafe { &*self.at(slot).cast() }
    }

    #[inline(always)]
    pub(super) unsafe fn array_mut<'a>(self, slot: Slot) -> &'a mut Array {
        // SAFETY: as the type says.
        unsafe { &mut *self.at(slot).cast() }
    }

    #[inline(always)]
    pub(super) unsafe fn map<'a>(self, slot: Slot) -> &'a Map {
        // SAFETY: as the type says.
        unsafe { &*self.at(slot).cast() }
    }

    #[inline(always)]
    pub(super) unsafe fn map_mut<'a>(self, slot: Slot) -> &'a mut Map {
        // SAFETY: as the type says.
        unsafe { &mut *self.at(slot).cast() }
    }

    #[inline(always)]
    pub(super) unsafe fn value_mut<'a>(self, slot: Slot) -> &'a mut Value {
        // SAFETY: as the type says.
        unsafe { &mut *self.at(slot).cast() }
    }

    #[inline(always)]
    pub(super) unsafe fn value<'a>(self, slot: Slot) -> &'a Value {
        // SAFETY: as the type says.
        unsafe { &*self.at(slot).cast() }
    }
}

/// Reads a slot as a dynamic value and leaves void behind.
///
/// # Safety
///
/// The slots hold an initialised dynamic value, or are zero.
pub(super) unsafe fn take_value(slot: *mut u64) -> Value {
    // SAFETY: two zeroed or written slots are a valid `Value`; the caller promises that they are such.
    unsafe { std::mem::take(&mut *slot.cast::<Value>()) }
}

/// Writes a dynamic value into slots that own nothing.
///
/// # Safety
///
/// The two slots belong to the frame.
pub(super) unsafe fn write_value(slot: *mut u64, value: Value) {
    // SAFETY: the slots are large and aligned enough for a `Value`; what they held owns nothing.
    unsafe { slot.cast::<Value>().write(value) }
}

/// Moves the value of a class out of its slot as a dynamic value.
///
/// # Safety
///
/// The slot holds a value of the class; a counted one is not empty.
pub(super) unsafe fn take(class: Class, slot: *mut u64) -> Value {
    // SAFETY: the caller promises the class. A pointer that is read out is replaced by zero, so that it has one owner.
    unsafe {
        match class {
            Class::Bool => Value::Bool(*slot != 0),
            Class::Int => Value::Int((*slot).cast_signed()),
            Class::Float => Value::Float(f64::from_bits(*slot)),
            Class::Text => Value::Text(take_text(slot)),
            Class::Array => Value::Array(take_array(slot)),
            Class::Map => Value::Map(take_map(slot)),
            Class::Dynamic => take_value(slot),
        }
    }
}

/// Moves a text out of its slot.
///
/// # Safety
///
/// The slot holds a text.
pub(super) unsafe fn take_text(slot: *mut u64) -> Text {
    // SAFETY: the caller promises a text; the slot is cleared so that the count has one owner.
    unsafe {
        let text = slot.cast::<Text>().read();
        *slot = 0;
        text
    }
}

/// Moves an array out of its slot.
///
/// # Safety
///
/// The slot holds an array.
pub(super) unsafe fn take_array(slot: *mut u64) -> Array {
    // SAFETY: as in `take_text`.
    unsafe {
        let array = slot.cast::<Array>().read();
        *slot = 0;
        array
    }
}

/// Moves a map out of its slot.
///
/// # Safety
///
/// The slot holds a map.
pub(super) unsafe fn take_map(slot: *mut u64) -> Map {
    // SAFETY: as in `take_text`.
    unsafe {
        let map = slot.cast::<Map>().read();
        *slot = 0;
        map
    }
}

/// Drops what a counted slot owns, if anything, and leaves it empty.
///
/// # Safety
///
/// The slot holds a value of the class or is empty.
pub(super) unsafe fn clear(class: Class, slot: *mut u64) {
    // SAFETY: an empty slot is skipped, any other holds a value of the class.
    unsafe {
        match class {
            Class::Dynamic => drop(take_value(slot)),
            _ if *slot == 0 => {}
            Class::Text => drop(take_text(slot)),
            Class::Array => drop(take_array(slot)),
            Class::Map => drop(take_map(slot)),
            Class::Bool | Class::Int | Class::Float => {}
        }
    }
}

/// Writes a value into a slot of a class; the slot owns nothing.
///
/// # Errors
///
/// When the value is not of the class, which means that a static type was wrong.
///
/// # Safety
///
/// The slot belongs to the frame and is of the class.
#[inline]
pub(super) unsafe fn store(class: Class, slot: *mut u64, value: Value) -> Result<(), Fault> {
    // SAFETY: each arm writes what the class holds; pointers are moved in, not copied.
    unsafe {
        match (class, value) {
            (Class::Dynamic, value) => write_value(slot, value),
            (Class::Bool, Value::Bool(value)) => *slot = u64::from(value),
            (Class::Int, Value::Int(value)) => *slot = value.cast_unsigned(),
            (Class::Float, Value::Float(value)) => *slot = value.to_bits(),
            (Class::Text, Value::Text(value)) => slot.cast::<Text>().write(value),
            (Class::Array, Value::Array(value)) => slot.cast::<Array>().write(value),
            (Class::Map, Value::Map(value)) => slot.cast::<Map>().write(value),
            (class, value) => return store_other(class, slot, &value),
        }
    }
    Ok(())
}

/// # Safety
///
/// As for [`store`].
#[cold]
#[expect(clippy::cast_precision_loss, reason = "widening an int rounds to the nearest float by definition")]
unsafe fn store_other(class: Class, slot: *mut u64, value: &Value) -> Result<(), Fault> {
    if let (Class::Float, Value::Int(value)) = (class, value) {
        // SAFETY: the slot is of class `Float`.
        unsafe { *slot = (*value as f64).to_bits() };
        return Ok(());
    }
    Err(Fault::new(
        ErrorCode::TypeError,
        format!("expected {}, found {}", expected(class), found(value.kind())),
    ))
}

fn expected(class: Class) -> &'static str {
    match class {
        Class::Bool => "a bool",
        Class::Int => "an int",
        Class::Float => "a float",
        Class::Text => "a string",
        Class::Array => "an array",
        Class::Map => "a map",
        Class::Dynamic => "any value",
    }
}

fn found(kind: Kind) -> &'static str {
    kind.as_str()
}

/// The int at a position of a packed array, if it is one and the position is inside.
#[inline]
pub(super) fn packed_int(array: &Array, position: i64) -> Option<i64> {
    match array.elements() {
        Elements::Int(items) => items.get(usize::try_from(position).ok()?).copied(),
        _ => None,
    }
}

/// The float at a position of a packed array, if it is one and the position is inside.
#[inline]
pub(super) fn packed_float(array: &Array, position: i64) -> Option<f64> {
    match array.elements() {
        Elements::Float(items) => items.get(usize::try_from(position).ok()?).copied(),
        _ => None,
    }
}
