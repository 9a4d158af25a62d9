//! Ops that allocate, look up, call the library or can fail: everything that neither changes the frame nor where
//! control goes, apart from what is hot enough for the loop itself.

use std::ptr::NonNull;
use std::sync::atomic::Ordering;

use alas_ir::Class;
use alas_sandbox::Denial;
use alas_value::object::Header;
use alas_value::{Array, Elements, Map, Number, Tag, Text, Value, compare_numbers};

use super::Machine;
use super::operations::{
    class_of, compare_texts, compare_values, convert_to, holds_partly, lowered_elsewhere, map_count,
    map_get_of_value, negative_root, new_array, new_map, push, quick_binary, set, simple_key, take_element,
    take_field, take_index, take_or_share, text_of,
};
use super::slots::{self, Registers};
use crate::code::{Code, Op};
use crate::{Context, Denied, Fault, Host, builtins, comparing, copying, operators, size};

/// How many ops run between two looks at the world outside. Each takes less than a tenth of a millisecond, or looks itself.
const PATIENCE: i32 = 256;

/// So many ops a standard function counts as.
const BUILTIN: i32 = 3;

impl Machine {
    /// Runs one op of the topmost frame.
    ///
    /// # Errors
    ///
    /// The failure of the op.
    ///
    /// # Safety
    ///
    /// As in the loop that calls it: the registers are those of the topmost frame, and the op is one of its code.
    #[inline(never)]
    #[expect(clippy::too_many_lines, reason = "one arm an op; what is long is a function of its own")]
    pub(super) unsafe fn heavy(&mut self, op: &Op, r: Registers, host: &mut Host) -> Result<(), Fault> {
        // SAFETY: encoding guarantees of every op that its slots lie in the frame or its staging; that a slot which is
        // read was written with a value of the class that the op expects; that a counted slot which is written is empty.
        unsafe {
            let code = &*self.code;
            match *op {
                Op::Void { to } => slots::write_value(r.at(to), Value::Void),
                Op::Text { to, constant } => {
                    let text = (*self.texts.add(constant as usize)).clone();
                    r.at(to).cast::<Text>().write(text);
                }
                Op::Share { to, from } => {
                    // Every heap object starts with its header, whichever of the pointers this is.
                    (*r.at(from).cast::<NonNull<Header>>()).as_ref().retain();
                    *r.at(to) = *r.at(from);
                }
                Op::ShareValue { to, from } => {
                    let value = r.value(from).clone();
                    slots::write_value(r.at(to), value);
                }
                Op::BoxGive { tag, to, from } => {
                    let value = slots::take(class_of(tag), r.at(from));
                    slots::write_value(r.at(to), value);
                }
                Op::BoxShare { tag, to, from } => {
                    let value = match tag {
                        Tag::Array => Value::Array(r.array(from).clone()),
                        Tag::Map => Value::Map(r.map(from).clone()),
                        _ => Value::Text(r.text(from).clone()),
                    };
                    slots::write_value(r.at(to), value);
                }
                Op::Unbox { class, to, from } => {
                    let value = slots::take_value(r.at(from));
                    slots::store(class, r.at(to), value)?;
                }
                Op::Convert { to, from, kind } => {
                    let value = slots::take_value(r.at(from));
                    convert_to(code, kind, value, r.at(to), host)?;
                }

                Op::DivideInt { to, left, right } => {
                    r.set_int(to, operators::divide_int(r.int(left), r.int(right))?);
                }
                Op::RemainderInt { to, left, right } => {
                    r.set_int(to, operators::remainder_int(r.int(left), r.int(right))?);
                }
                Op::DivideFloat { to, left, right } => {
                    r.set_float(to, operators::divide_float(r.float(left), r.float(right))?);
                }
                Op::RemainderFloat { to, left, right } => {
                    r.set_float(to, operators::remainder_float(r.float(left), r.float(right))?);
                }
                Op::SquareRoot { to, from } => {
                    let value = r.float(from);
                    if value < 0.0 {
                        return Err(negative_root(value));
                    }
                    r.set_float(to, value.sqrt());
                }

                Op::CompareIntFloat { comparison, to, left, right } => {
                    let ordering = compare_numbers(Number::Int(r.int(left)), Number::Float(r.float(right)));
                    r.set_bool(to, holds_partly(comparison, ordering));
                }
                Op::CompareTexts { comparison, to, left, right } => {
                    r.set_bool(to, compare_texts(comparison, r.text(left), r.text(right), host)?);
                }
                Op::CompareValues { comparison, to, left, right } => {
                    r.set_bool(to, compare_values(comparison, r.value(left), r.value(right), host)?);
                }
                Op::Truth { class, to, from } => {
                    let truth = match class {
                        Class::Bool | Class::Int => *r.at(from) != 0,
                        Class::Float => r.float(from) != 0.0,
                        Class::Text => !r.text(from).as_str().is_empty(),
                        Class::Array => !r.array(from).is_empty(),
                        Class::Map => !r.map(from).is_empty(),
                        Class::Dynamic => r.value(from).truth(),
                    };
                    r.set_bool(to, truth);
                }

                Op::DynamicBinary { operation, to, left, right } => {
                    let operator = operation.operator();
                    let result = if let Some(result) = quick_binary(operator, r.value(left), r.value(right)) {
                        result
                    } else {
                        let left = take_or_share(operation.takes_left(), r.at(left));
                        let right = take_or_share(operation.takes_right(), r.at(right));
                        operators::binary(operator, left, right, host)?
                    };
                    slots::write_value(r.at(to), result);
                }
                Op::DynamicNegate { to, from } => {
                    let value = slots::take_value(r.at(from));
                    let result = operators::unary(alas_syntax::UnaryOperator::Negate, &value)?;
                    slots::write_value(r.at(to), result);
                }
                Op::Index { to, object, index } => {
                    let result = operators::index(r.value(object), r.value(index), host)?;
                    slots::write_value(r.at(to), result);
                }
                Op::TakeIndex { to, object, index } => {
                    let result = take_index(r.value_mut(object), r.value(index), host)?;
                    slots::write_value(r.at(to), result);
                }

                Op::ToText { class, to, from } => {
                    let text = text_of(class, r.at(from), host)?;
                    r.at(to).cast::<Text>().write(text);
                }
                Op::Concat { to, left, right } => {
                    let (left, right) = (r.text(left).as_str(), r.text(right).as_str());
                    size::check(left.len() + right.len())?;
                    r.at(to).cast::<Text>().write(copying::join(left, right, host)?);
                }
                Op::ConcatInt { to, left, right } => {
                    let (left, mut digits) = (r.text(left).as_str(), itoa::Buffer::new());
                    let right = digits.format(r.int(right));
                    size::check(left.len() + right.len())?;
                    r.at(to).cast::<Text>().write(Text::concat(left, right));
                }
                Op::AppendInt { text, right } => {
                    let left = slots::take_text(r.at(text));
                    let mut digits = itoa::Buffer::new();
                    let joined = copying::append(left, digits.format(r.int(right)), host)?;
                    r.at(text).cast::<Text>().write(joined);
                }
                Op::Append { text, right } => {
                    let left = slots::take_text(r.at(text));
                    let joined = copying::append(left, r.text(right).as_str(), host)?;
                    r.at(text).cast::<Text>().write(joined);
                }
                Op::TextIndex { to, text, index } => {
                    let character = operators::character(r.text(text), r.int(index), host)?;
                    r.at(to).cast::<Text>().write(Text::new(character));
                }
                Op::NewArray { to, from, count } => {
                    let array = new_array(r.at(from), usize::from(count));
                    r.at(to).cast::<Array>().write(array);
                }
                Op::ArrayGetInt { to, array, index } => {
                    let (array, position) = (r.array(array), r.int(index));
                    if let Some(item) = slots::packed_int(array, position) {
                        r.set_int(to, item);
                    } else {
                        let item = operators::element(array, position)?;
                        slots::store(Class::Int, r.at(to), item)?;
                    }
                }
                Op::ArrayGetFloat { to, array, index } => {
                    let (array, position) = (r.array(array), r.int(index));
                    if let Some(item) = slots::packed_float(array, position) {
                        r.set_float(to, item);
                    } else {
                        let item = operators::element(array, position)?;
                        slots::store(Class::Float, r.at(to), item)?;
                    }
                }
                Op::ArrayGet { class, to, array, index } => {
                    let item = operators::element(r.array(array), r.int(index))?;
                    slots::store(class, r.at(to), item)?;
                }
                Op::TakeElement { class, to, array, index } => {
                    let position = r.int(index);
                    let item = match take_element(r.array_mut(array), position) {
                        Some(item) => item,
                        None => operators::element(r.array(array), position)?,
                    };
                    slots::store(class, r.at(to), item)?;
                }
                Op::ArrayPushInt { array, value } => {
                    let item = r.int(value);
                    match r.array_mut(array).unique_elements() {
                        Some(Elements::Int(items)) if items.len() < items.capacity() => items.push(item),
                        _ => push(r.array_mut(array), Value::Int(item), host)?,
                    }
                }
                Op::ArrayPushFloat { array, value } => {
                    let item = r.float(value);
                    match r.array_mut(array).unique_elements() {
                        Some(Elements::Float(items)) if items.len() < items.capacity() => items.push(item),
                        _ => push(r.array_mut(array), Value::Float(item), host)?,
                    }
                }
                Op::ArrayPush { array, value } => {
                    let value = slots::take_value(r.at(value));
                    push(r.array_mut(array), value, host)?;
                }
                Op::ArraySetInt { array, index, value } => {
                    let (position, item) = (r.int(index), r.int(value));
                    match r.array_mut(array).unique_elements() {
                        Some(Elements::Int(items)) if position.cast_unsigned() < items.len() as u64 => {
                            *items.get_unchecked_mut(position.cast_unsigned() as usize) = item;
                        }
                        _ => set(r.array_mut(array), position, Value::Int(item), host)?,
                    }
                }
                Op::ArraySetFloat { array, index, value } => {
                    let (position, item) = (r.int(index), r.float(value));
                    match r.array_mut(array).unique_elements() {
                        Some(Elements::Float(items)) if position.cast_unsigned() < items.len() as u64 => {
                            *items.get_unchecked_mut(position.cast_unsigned() as usize) = item;
                        }
                        _ => set(r.array_mut(array), position, Value::Float(item), host)?,
                    }
                }
                Op::ArraySet { array, index, value } => {
                    let value = slots::take_value(r.at(value));
                    set(r.array_mut(array), r.int(index), value, host)?;
                }

                Op::MapGetOfValue { access, to, object, key } => {
                    map_get_of_value(access, r.value_mut(object), r.at(key), r.at(to), host)?;
                }
                Op::MapContains { to, map, key, .. } => {
                    let key = operators::key_of(r.value(key))?;
                    r.set_bool(to, comparing::find(r.map(map), key.as_ref(), host)?.is_some());
                }
                Op::MapCount { access, map, key, amount } => {
                    let key = simple_key(access.key(), r.at(key));
                    map_count(r.map_mut(map), key, i64::from(amount), host)?;
                }
                Op::NewMap { to, from, count } => {
                    let map = new_map(r.at(from), usize::from(count))?;
                    r.at(to).cast::<Map>().write(map);
                }
                Op::Field { class, to, map, key } => {
                    let key = code.shared().keys.get_unchecked(usize::from(key));
                    let map = r.map(map);
                    let value = match map.get(key) {
                        Some(value) => value.clone(),
                        None => operators::field(&Value::Map(map.clone()), key)?,
                    };
                    slots::store(class, r.at(to), value)?;
                }
                Op::TakeField { class, to, map, key } => {
                    let key = code.shared().keys.get_unchecked(usize::from(key));
                    let value = take_field(r.map_mut(map), key)?;
                    slots::store(class, r.at(to), value)?;
                }
                Op::TakeFieldOfValue { class, to, object, key } => {
                    let key = code.shared().keys.get_unchecked(usize::from(key));
                    let value = match r.value_mut(object) {
                        Value::Map(map) => take_field(map, key)?,
                        other => operators::field(other, key)?,
                    };
                    slots::store(class, r.at(to), value)?;
                }
                Op::FieldOfValue { class, to, object, key } => {
                    let key = code.shared().keys.get_unchecked(usize::from(key));
                    let value = operators::field(r.value(object), key)?;
                    slots::store(class, r.at(to), value)?;
                }

                Op::Builtin { to, builtin, count } => {
                    let staging = r.at(code.frame as u16).cast::<Value>();
                    let arguments = std::slice::from_raw_parts_mut(staging, usize::from(count));
                    self.patience -= BUILTIN;
                    let mut context =
                        Context { host, module: &code.shared().context, accounts: self.accounts };
                    let outcome = match builtins::implementation(builtin) {
                        Some(function) => function(&mut context, arguments),
                        None => Err(lowered_elsewhere()),
                    };
                    for argument in arguments {
                        *argument = Value::Void;
                    }
                    match outcome {
                        Ok(value) => slots::write_value(r.at(to), value),
                        Err(fault) => return Err(note_denial(code, host, fault)),
                    }
                }
                Op::CallHost { to, number } => {
                    let staging = r.at(code.frame as u16).cast::<Value>();
                    let arguments = std::slice::from_raw_parts_mut(staging, code.parameters.len());
                    let result = self.call_host(code.shared(), (number, 0), arguments, host)?;
                    slots::store(code.result, r.at(to), result)?;
                }
                Op::CountCall => {
                    if let Some(calls) = &code.calls {
                        calls.fetch_add(1, Ordering::Relaxed);
                    }
                }
                _ => unreachable!("the loop runs this op itself"),
            }
        }
        self.patience -= 1;
        if self.patience < 0 || self.accounts.is_exceeded() {
            self.patience = PATIENCE;
            host.poll()?;
        }
        Ok(())
    }
}

/// Tells the host of a failure that comes from what was not granted.
#[cold]
#[inline(never)]
fn note_denial(code: &Code, host: &Host, fault: Fault) -> Fault {
    if let Some(denial) = fault.cause().and_then(|cause| cause.downcast_ref::<Denial>())
        && let Some(told) = &host.denied
    {
        let shared = code.shared();
        let plugin = shared.context.plugin.as_ref().map(|plugin| &*plugin.name);
        told(&Denied { plugin, module: &shared.interface.name, function: &code.name, denial });
    }
    fault
}
