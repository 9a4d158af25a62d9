//! The loop that runs ops.
//!
//! What is hot stays here and in local variables; what is rare is a function of its own, so that the loop stays small.

use std::cmp::Ordering;
use std::mem::ManuallyDrop;

use alas_ir::{Class, Comparison};
use alas_syntax::BinaryOperator;
use alas_value::{
    Array, Elements, Key, KeyRef, Map, Number, Tag, Text, Value, compare_numbers, equal, order, write_float,
    write_text,
};

use super::call::Entrance;
use super::unwind::{failure, success};
use super::{Frame, Machine, Mode, slots};
use crate::code::{Code, MapAccess, Op};
use crate::operators;
use crate::{Context, ErrorCode, Fault, Host, builtins, convert, size, words};

impl Machine {
    /// Runs the topmost frame until the entry frame returns.
    ///
    /// # Errors
    ///
    /// The failure of an op; the topmost frame is then the one that failed, and its `pc` is behind the op.
    #[expect(
        clippy::too_many_lines,
        reason = "one arm an op; what is more than a few lines is a function of its own"
    )]
    pub(super) fn dispatch(&mut self, host: &mut Host) -> Result<(), Fault> {
        let Some(top) = self.frames.last() else { return Ok(()) };
        let mut pc = top.pc;
        let mut code: *const Code = top.code;
        let mut texts = top.texts;
        // SAFETY: a frame's base lies inside the stack.
        let mut base = unsafe { self.stack.as_mut_ptr().add(top.base) };
        let mut fuel: u64 = 0;

        macro_rules! fail {
            ($fault:expr) => {{
                let fault = $fault;
                if let Some(top) = self.frames.last_mut() {
                    top.pc = pc;
                }
                self.give_back(fuel);
                return Err(fault);
            }};
        }
        macro_rules! attempt {
            ($result:expr) => {
                match $result {
                    Ok(value) => value,
                    Err(fault) => fail!(fault),
                }
            };
        }
        macro_rules! at {
            ($slot:expr) => {
                base.add(usize::from($slot))
            };
        }
        macro_rules! int {
            ($slot:expr) => {
                (*at!($slot)).cast_signed()
            };
        }
        macro_rules! float {
            ($slot:expr) => {
                f64::from_bits(*at!($slot))
            };
        }
        macro_rules! set_int {
            ($slot:expr, $value:expr) => {{
                let value: i64 = $value;
                *at!($slot) = value.cast_unsigned();
            }};
        }
        macro_rules! set_float {
            ($slot:expr, $value:expr) => {{
                let value: f64 = $value;
                *at!($slot) = value.to_bits();
            }};
        }
        macro_rules! set_bool {
            ($slot:expr, $value:expr) => {
                *at!($slot) = u64::from($value)
            };
        }
        macro_rules! text {
            ($slot:expr) => {
                &*at!($slot).cast::<Text>()
            };
        }
        macro_rules! array {
            ($slot:expr) => {
                &mut *at!($slot).cast::<Array>()
            };
        }
        macro_rules! map {
            ($slot:expr) => {
                &mut *at!($slot).cast::<Map>()
            };
        }
        macro_rules! value {
            ($slot:expr) => {
                &*at!($slot).cast::<Value>()
            };
        }
        macro_rules! poll {
            () => {{
                if fuel == 0 {
                    fuel = attempt!(self.refill(host));
                }
                fuel -= 1;
            }};
        }
        macro_rules! jump {
            ($by:expr) => {
                pc = pc.offset($by as isize)
            };
        }
        macro_rules! jump_when {
            ($condition:expr, $by:expr) => {
                if $condition {
                    jump!($by);
                }
            };
        }
        macro_rules! loop_when {
            ($condition:expr, $by:expr) => {
                if $condition {
                    poll!();
                    jump!($by);
                }
            };
        }
        // Takes up the topmost frame, after one was pushed or popped.
        macro_rules! resume {
            () => {{
                let top = self.frames.last().unwrap_unchecked();
                pc = top.pc;
                code = top.code;
                texts = top.texts;
                base = self.stack.as_mut_ptr().add(top.base);
            }};
        }

        // SAFETY: encoding guarantees of every op that its slots lie in the frame or its staging, which `Call` and
        // `enter` made room for; that a slot which is read was written with a value of the class that the op expects;
        // that a counted slot which is written is empty; that jumps stay inside the function, which ends in a jump or a
        // return. Frames point to code that the module of the running call keeps alive. `base` is renewed whenever the
        // stack may have moved: after every push and pop of a frame.
        unsafe {
            loop {
                let op = *pc;
                pc = pc.add(1);
                match op {
                    Op::Int { to, value } => set_int!(to, i64::from(value)),
                    Op::Wide { to, constant } => *at!(to) = *(&(*code).wide).get_unchecked(constant as usize),
                    Op::Void { to } => slots::write_value(at!(to), Value::Void),
                    Op::Text { to, constant } => {
                        let text = (*texts.add(constant as usize)).clone();
                        at!(to).cast::<Text>().write(text);
                    }
                    Op::Move { to, from } => *at!(to) = *at!(from),
                    Op::Give { to, from } => {
                        *at!(to) = *at!(from);
                        *at!(from) = 0;
                    }
                    Op::Share { to, from } => {
                        // Every heap object starts with its header, so that any of the pointer types will do.
                        let shared = ManuallyDrop::new((text!(from)).clone());
                        at!(to).cast::<ManuallyDrop<Text>>().write(shared);
                    }
                    Op::GiveValue { to, from } => {
                        let value = slots::take_value(at!(from));
                        slots::write_value(at!(to), value);
                    }
                    Op::ShareValue { to, from } => {
                        let value = (value!(from)).clone();
                        slots::write_value(at!(to), value);
                    }
                    Op::Drop { class, slot } => slots::clear(class, at!(slot)),
                    Op::BoxScalar { tag, to, from } => {
                        let value = match tag {
                            Tag::Int => Value::Int(int!(from)),
                            Tag::Float => Value::Float(float!(from)),
                            _ => Value::Bool(*at!(from) != 0),
                        };
                        slots::write_value(at!(to), value);
                    }
                    Op::BoxGive { tag, to, from } => {
                        let value = slots::take(class_of(tag), at!(from));
                        slots::write_value(at!(to), value);
                    }
                    Op::BoxShare { tag, to, from } => {
                        let value = match tag {
                            Tag::Array => Value::Array((array!(from)).clone()),
                            Tag::Map => Value::Map((map!(from)).clone()),
                            _ => Value::Text((text!(from)).clone()),
                        };
                        slots::write_value(at!(to), value);
                    }
                    Op::Unbox { class, to, from } => {
                        let value = slots::take_value(at!(from));
                        attempt!(slots::store(class, at!(to), value));
                    }
                    Op::Convert { to, from, kind } => {
                        let value = slots::take_value(at!(from));
                        attempt!(convert_to(&*code, kind, value, at!(to)));
                    }

                    Op::AddInt { to, left, right } => set_int!(to, int!(left).wrapping_add(int!(right))),
                    Op::SubtractInt { to, left, right } => set_int!(to, int!(left).wrapping_sub(int!(right))),
                    Op::MultiplyInt { to, left, right } => set_int!(to, int!(left).wrapping_mul(int!(right))),
                    Op::DivideInt { to, left, right } => {
                        set_int!(to, attempt!(operators::divide_int(int!(left), int!(right))));
                    }
                    Op::RemainderInt { to, left, right } => {
                        set_int!(to, attempt!(operators::remainder_int(int!(left), int!(right))));
                    }
                    Op::AddImmediate { to, left, right } => {
                        set_int!(to, int!(left).wrapping_add(i64::from(right)))
                    }
                    Op::MultiplyImmediate { to, left, right } => {
                        set_int!(to, int!(left).wrapping_mul(i64::from(right)));
                    }
                    Op::DivideImmediate { to, left, right } => {
                        set_int!(to, int!(left).wrapping_div(i64::from(right)))
                    }
                    Op::RemainderImmediate { to, left, right } => {
                        set_int!(to, int!(left).wrapping_rem(i64::from(right)));
                    }
                    Op::NegateInt { to, from } => set_int!(to, int!(from).wrapping_neg()),

                    Op::AddFloat { to, left, right } => set_float!(to, float!(left) + float!(right)),
                    Op::SubtractFloat { to, left, right } => set_float!(to, float!(left) - float!(right)),
                    Op::MultiplyFloat { to, left, right } => set_float!(to, float!(left) * float!(right)),
                    Op::DivideFloat { to, left, right } => {
                        set_float!(to, attempt!(operators::divide_float(float!(left), float!(right))));
                    }
                    Op::RemainderFloat { to, left, right } => {
                        set_float!(to, attempt!(operators::remainder_float(float!(left), float!(right))));
                    }
                    Op::NegateFloat { to, from } => set_float!(to, -float!(from)),
                    Op::IntToFloat { to, from } => set_float!(to, Number::Int(int!(from)).as_float()),
                    Op::SquareRoot { to, from } => {
                        let value = float!(from);
                        if value < 0.0 {
                            fail!(negative_root(value));
                        }
                        set_float!(to, value.sqrt());
                    }

                    Op::CompareInts { comparison, to, left, right } => {
                        set_bool!(to, holds(comparison, int!(left).cmp(&int!(right))));
                    }
                    Op::CompareFloats { comparison, to, left, right } => {
                        set_bool!(to, holds_partly(comparison, float!(left).partial_cmp(&float!(right))));
                    }
                    Op::CompareIntFloat { comparison, to, left, right } => {
                        let ordering = compare_numbers(Number::Int(int!(left)), Number::Float(float!(right)));
                        set_bool!(to, holds_partly(comparison, ordering));
                    }
                    Op::CompareTexts { comparison, to, left, right } => {
                        set_bool!(to, compare_texts(comparison, text!(left), text!(right)));
                    }
                    Op::CompareValues { comparison, to, left, right } => {
                        set_bool!(to, attempt!(compare_values(comparison, value!(left), value!(right))));
                    }
                    Op::Not { to, from } => set_bool!(to, *at!(from) == 0),
                    Op::Truth { class, to, from } => {
                        let truth = match class {
                            Class::Bool | Class::Int => *at!(from) != 0,
                            Class::Float => float!(from) != 0.0,
                            Class::Text => !(text!(from)).as_str().is_empty(),
                            Class::Array => !(array!(from)).is_empty(),
                            Class::Map => !(map!(from)).is_empty(),
                            Class::Dynamic => (value!(from)).truth(),
                        };
                        set_bool!(to, truth);
                    }

                    Op::Jump { by } => jump!(by),
                    Op::JumpIf { condition, by } => jump_when!(*at!(condition) != 0, by),
                    Op::JumpUnless { condition, by } => jump_when!(*at!(condition) == 0, by),
                    Op::JumpLessInt { left, right, by } => jump_when!(int!(left) < int!(right), by),
                    Op::JumpLessEqualInt { left, right, by } => jump_when!(int!(left) <= int!(right), by),
                    Op::JumpEqualInt { left, right, by } => jump_when!(int!(left) == int!(right), by),
                    Op::JumpNotEqualInt { left, right, by } => jump_when!(int!(left) != int!(right), by),
                    Op::JumpLessImmediate { left, right, by } => {
                        jump_when!(int!(left) < i64::from(right), by)
                    }
                    Op::JumpLessEqualImmediate { left, right, by } => {
                        jump_when!(int!(left) <= i64::from(right), by)
                    }
                    Op::JumpGreaterImmediate { left, right, by } => {
                        jump_when!(int!(left) > i64::from(right), by)
                    }
                    Op::JumpGreaterEqualImmediate { left, right, by } => {
                        jump_when!(int!(left) >= i64::from(right), by);
                    }
                    Op::JumpEqualImmediate { left, right, by } => {
                        jump_when!(int!(left) == i64::from(right), by)
                    }
                    Op::JumpNotEqualImmediate { left, right, by } => {
                        jump_when!(int!(left) != i64::from(right), by)
                    }
                    Op::JumpLessFloat { left, right, by } => jump_when!(float!(left) < float!(right), by),
                    Op::JumpLessEqualFloat { left, right, by } => {
                        jump_when!(float!(left) <= float!(right), by)
                    }
                    Op::JumpNotLessFloat { left, right, by } => {
                        let less = float!(left) < float!(right);
                        jump_when!(!less, by);
                    }
                    Op::JumpNotLessEqualFloat { left, right, by } => {
                        let less_or_equal = float!(left) <= float!(right);
                        jump_when!(!less_or_equal, by);
                    }

                    Op::Loop { by } => loop_when!(true, by),
                    Op::LoopIf { condition, by } => loop_when!(*at!(condition) != 0, by),
                    Op::LoopLessInt { left, right, by } => loop_when!(int!(left) < int!(right), by),
                    Op::LoopLessEqualInt { left, right, by } => loop_when!(int!(left) <= int!(right), by),
                    Op::LoopNotEqualInt { left, right, by } => loop_when!(int!(left) != int!(right), by),
                    Op::LoopLessImmediate { left, right, by } => {
                        loop_when!(int!(left) < i64::from(right), by)
                    }
                    Op::LoopLessEqualImmediate { left, right, by } => {
                        loop_when!(int!(left) <= i64::from(right), by)
                    }
                    Op::LoopGreaterImmediate { left, right, by } => {
                        loop_when!(int!(left) > i64::from(right), by)
                    }
                    Op::LoopGreaterEqualImmediate { left, right, by } => {
                        loop_when!(int!(left) >= i64::from(right), by);
                    }
                    Op::LoopNotEqualImmediate { left, right, by } => {
                        loop_when!(int!(left) != i64::from(right), by)
                    }
                    Op::LoopLessFloat { left, right, by } => loop_when!(float!(left) < float!(right), by),
                    Op::LoopLessEqualFloat { left, right, by } => {
                        loop_when!(float!(left) <= float!(right), by)
                    }

                    Op::DynamicBinary { operation, to, left, right } => {
                        let operator = operation.operator();
                        let result = match quick_binary(operator, value!(left), value!(right)) {
                            Some(result) => result,
                            None => {
                                let left = take_or_share(operation.takes_left(), at!(left));
                                let right = take_or_share(operation.takes_right(), at!(right));
                                attempt!(operators::binary(operator, left, right))
                            }
                        };
                        slots::write_value(at!(to), result);
                    }
                    Op::DynamicNegate { to, from } => {
                        let value = slots::take_value(at!(from));
                        let result = attempt!(operators::unary(alas_syntax::UnaryOperator::Negate, &value));
                        slots::write_value(at!(to), result);
                    }
                    Op::Index { to, object, index } => {
                        let result = attempt!(operators::index(value!(object), value!(index)));
                        slots::write_value(at!(to), result);
                    }

                    Op::ToText { class, to, from } => {
                        let text = attempt!(text_of(class, at!(from)));
                        at!(to).cast::<Text>().write(text);
                    }
                    Op::Concat { to, left, right } => {
                        let (left, right) = ((text!(left)).as_str(), (text!(right)).as_str());
                        attempt!(size::check(left.len() + right.len()));
                        at!(to).cast::<Text>().write(Text::concat(left, right));
                    }
                    Op::Append { text, right } => {
                        let left = slots::take_text(at!(text));
                        let joined = attempt!(operators::append(left, (text!(right)).as_str()));
                        at!(text).cast::<Text>().write(joined);
                    }
                    Op::TextIndex { to, text, index } => {
                        let character = attempt!(operators::character(text!(text), int!(index)));
                        at!(to).cast::<Text>().write(Text::new(character));
                    }
                    Op::Length { class, to, from } => {
                        let length = match class {
                            Class::Text => (text!(from)).characters(),
                            Class::Array => (array!(from)).len(),
                            _ => (map!(from)).len(),
                        };
                        *at!(to) = length as u64;
                    }

                    Op::NewArray { to, from, count } => {
                        let array = new_array(at!(from), usize::from(count));
                        at!(to).cast::<Array>().write(array);
                    }
                    Op::ArrayGetInt { to, array, index } => {
                        let (array, position) = (array!(array), int!(index));
                        match slots::packed_int(array, position) {
                            Some(item) => set_int!(to, item),
                            None => {
                                let item = attempt!(operators::element(array, position));
                                attempt!(slots::store(Class::Int, at!(to), item));
                            }
                        }
                    }
                    Op::ArrayGetFloat { to, array, index } => {
                        let (array, position) = (array!(array), int!(index));
                        match slots::packed_float(array, position) {
                            Some(item) => set_float!(to, item),
                            None => {
                                let item = attempt!(operators::element(array, position));
                                attempt!(slots::store(Class::Float, at!(to), item));
                            }
                        }
                    }
                    Op::ArrayGet { class, to, array, index } => {
                        let item = attempt!(operators::element(array!(array), int!(index)));
                        attempt!(slots::store(class, at!(to), item));
                    }
                    Op::ArrayPushInt { array, value } => {
                        let item = int!(value);
                        match (array!(array)).unique_elements() {
                            Some(Elements::Int(items)) if items.len() < items.capacity() => items.push(item),
                            _ => attempt!(push(array!(array), Value::Int(item))),
                        }
                    }
                    Op::ArrayPushFloat { array, value } => {
                        let item = float!(value);
                        match (array!(array)).unique_elements() {
                            Some(Elements::Float(items)) if items.len() < items.capacity() => {
                                items.push(item)
                            }
                            _ => attempt!(push(array!(array), Value::Float(item))),
                        }
                    }
                    Op::ArrayPush { array, value } => {
                        let value = slots::take_value(at!(value));
                        attempt!(push(array!(array), value));
                    }
                    Op::ArraySetInt { array, index, value } => {
                        let (position, item) = (int!(index), int!(value));
                        match (array!(array)).unique_elements() {
                            Some(Elements::Int(items)) if (position.cast_unsigned()) < items.len() as u64 => {
                                *items.get_unchecked_mut(position as usize) = item;
                            }
                            _ => attempt!(set(array!(array), position, Value::Int(item))),
                        }
                    }
                    Op::ArraySetFloat { array, index, value } => {
                        let (position, item) = (int!(index), float!(value));
                        match (array!(array)).unique_elements() {
                            Some(Elements::Float(items))
                                if (position.cast_unsigned()) < items.len() as u64 =>
                            {
                                *items.get_unchecked_mut(position as usize) = item;
                            }
                            _ => attempt!(set(array!(array), position, Value::Float(item))),
                        }
                    }
                    Op::ArraySet { array, index, value } => {
                        let value = slots::take_value(at!(value));
                        attempt!(set(array!(array), int!(index), value));
                    }

                    Op::NewMap { to, from, count } => {
                        let map = attempt!(new_map(at!(from), usize::from(count)));
                        at!(to).cast::<Map>().write(map);
                    }
                    Op::MapGet { access, to, map, key } => {
                        attempt!(map_get(access, map!(map), at!(key), at!(to)));
                    }
                    Op::MapPut { access, map, key, value } => {
                        attempt!(map_put(access, map!(map), at!(key), at!(value)));
                    }
                    Op::Field { class, to, map, constant } => {
                        let key = (&(*code).shared().keys).get_unchecked(usize::from(constant));
                        let map = map!(map);
                        let value = match map.get(key) {
                            Some(value) => value.clone(),
                            None => attempt!(operators::field(&Value::Map(map.clone()), key)),
                        };
                        attempt!(slots::store(class, at!(to), value));
                    }
                    Op::FieldOfValue { class, to, object, constant } => {
                        let key = (&(*code).shared().keys).get_unchecked(usize::from(constant));
                        let value = attempt!(operators::field(value!(object), key));
                        attempt!(slots::store(class, at!(to), value));
                    }

                    Op::Call { to, callee } => {
                        let callee = (&(*code).shared().callees).get_unchecked(usize::from(callee)).as_ref();
                        let staging = at!((*code).frame as u16);
                        let top = self.frames.last_mut().unwrap_unchecked();
                        top.pc = pc;
                        let new_base = top.base + (*code).frame;
                        if fuel == 0 {
                            match self.refill(host) {
                                Ok(more) => fuel = more,
                                Err(fault) => {
                                    Self::abandon(staging, callee);
                                    fail!(fault);
                                }
                            }
                        }
                        fuel -= 1;
                        if self.frames.len() > self.depth + 1 || new_base + callee.total > self.stack.len() {
                            if let Err(fault) = self.make_room(new_base + callee.total) {
                                Self::abandon(staging, callee);
                                fail!(fault);
                            }
                        }
                        if !std::ptr::eq((*code).shared(), callee.shared()) {
                            texts = self.texts(callee.shared());
                        }
                        code = callee;
                        base = self.stack.as_mut_ptr().add(new_base);
                        let mut empty = callee.empty_from;
                        while empty < callee.empty_to {
                            *base.add(empty) = 0;
                            empty += 1;
                        }
                        pc = callee.ops.as_ptr();
                        self.frames.push(Frame { code, pc, base: new_base, texts, to, mode: Mode::Plain });
                    }
                    Op::CallNamed { to, name, count } => {
                        let arguments = take_staged(at!((*code).frame as u16), usize::from(count));
                        let base = self.leave(pc) + (*code).frame;
                        poll!();
                        let name = (text!(name)).clone();
                        let entrance = Entrance { base, to, mode: Mode::Boxed };
                        attempt!(self.enter_by_name(&*code, name.as_str(), arguments, entrance));
                        resume!();
                    }
                    Op::Try { to, function, arguments } => {
                        let base = self.leave(pc) + (*code).frame;
                        poll!();
                        let name = (text!(function)).clone();
                        let list = (array!(arguments)).clone();
                        let arguments = (0..list.len()).filter_map(|index| list.get(index)).collect();
                        let entrance = Entrance { base, to, mode: Mode::Catch };
                        match self.enter_by_name(&*code, name.as_str(), arguments, entrance) {
                            Ok(()) => resume!(),
                            Err(fault) if fault.code().is_catchable() => {
                                at!(to).cast::<Map>().write(failure(&fault));
                            }
                            Err(fault) => fail!(fault),
                        }
                    }
                    Op::Builtin { to, builtin, count } => {
                        let staging = at!((*code).frame as u16).cast::<Value>();
                        let arguments = std::slice::from_raw_parts_mut(staging, usize::from(count));
                        let mut context = Context { host, module: &(*code).shared().context };
                        let outcome = match builtins::implementation(builtin) {
                            Some(function) => function(&mut context, arguments),
                            None => Err(lowered_elsewhere()),
                        };
                        for argument in arguments {
                            *argument = Value::Void;
                        }
                        slots::write_value(at!(to), attempt!(outcome));
                    }
                    Op::Return { from } => {
                        let result = *at!(from);
                        let frame = self.frames.pop().unwrap_unchecked();
                        if frame.mode == Mode::Plain {
                            resume!();
                            *at!(frame.to) = result;
                        } else {
                            let value = slots::take((*code).result, at!(from));
                            if self.return_unusually(&frame, value) {
                                self.give_back(fuel);
                                return Ok(());
                            }
                            resume!();
                        }
                    }
                    Op::ReturnValue { from } => {
                        let value = slots::take_value(at!(from));
                        let frame = self.frames.pop().unwrap_unchecked();
                        if frame.mode == Mode::Plain {
                            resume!();
                            slots::write_value(at!(frame.to), value);
                        } else {
                            if self.return_unusually(&frame, value) {
                                self.give_back(fuel);
                                return Ok(());
                            }
                            resume!();
                        }
                    }
                }
            }
        }
    }

    /// Notes where the topmost frame goes on, and returns its base.
    fn leave(&mut self, pc: *const Op) -> usize {
        self.frames.last_mut().map_or(0, |top| {
            top.pc = pc;
            top.base
        })
    }

    /// Checks the depth of calls and makes the stack large enough.
    #[cold]
    #[inline(never)]
    fn make_room(&mut self, needed: usize) -> Result<(), Fault> {
        if self.frames.len() > self.depth + 1 {
            return Err(super::too_deep(self.frames.len() - 1));
        }
        self.grow(needed)
    }

    /// Gives steps back that were handed out and not used.
    fn give_back(&mut self, fuel: u64) {
        if let Some(left) = &mut self.steps {
            *left += fuel;
        }
    }

    /// Delivers the result of a frame that was not entered by a plain call; tells whether it was the last.
    #[cold]
    #[inline(never)]
    fn return_unusually(&mut self, frame: &Frame, value: Value) -> bool {
        if frame.mode == Mode::Entry {
            self.finish(value);
            return true;
        }
        let caller = self.frames.last().map_or(0, |caller| caller.base);
        // SAFETY: the destination is a register of the caller, which the op found empty: dynamic for a boxed result, a
        // map for a caught one.
        unsafe {
            let slot = self.stack.as_mut_ptr().add(caller + usize::from(frame.to));
            if frame.mode == Mode::Boxed {
                slots::write_value(slot, value);
            } else {
                slot.cast::<Map>().write(success(value));
            }
        }
        false
    }
}

fn class_of(tag: Tag) -> Class {
    match tag {
        Tag::Array => Class::Array,
        Tag::Map => Class::Map,
        _ => Class::Text,
    }
}

#[inline]
fn holds(comparison: Comparison, ordering: Ordering) -> bool {
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
fn holds_partly(comparison: Comparison, ordering: Option<Ordering>) -> bool {
    match ordering {
        Some(ordering) => holds(comparison, ordering),
        None => comparison == Comparison::NotEqual,
    }
}

#[inline]
fn compare_texts(comparison: Comparison, left: &Text, right: &Text) -> bool {
    match comparison {
        Comparison::Equal => left == right,
        Comparison::NotEqual => left != right,
        _ => holds(comparison, left.as_str().cmp(right.as_str())),
    }
}

#[inline]
fn compare_values(comparison: Comparison, left: &Value, right: &Value) -> Result<bool, Fault> {
    match (comparison, left, right) {
        (_, Value::Int(left), Value::Int(right)) => Ok(holds(comparison, left.cmp(right))),
        (Comparison::Equal, ..) => Ok(equal(left, right)),
        (Comparison::NotEqual, ..) => Ok(!equal(left, right)),
        _ if comparable(left, right) => Ok(holds_partly(comparison, order(left, right))),
        // The operator words the failure.
        _ => {
            operators::binary(operator_of(comparison), left.clone(), right.clone()).map(|value| value.truth())
        }
    }
}

fn comparable(left: &Value, right: &Value) -> bool {
    matches!((left, right), (Value::Text(_), Value::Text(_)))
        || (left.as_number().is_some() && right.as_number().is_some())
}

fn operator_of(comparison: Comparison) -> BinaryOperator {
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
fn quick_binary(operator: BinaryOperator, left: &Value, right: &Value) -> Option<Value> {
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
unsafe fn take_or_share(take: bool, slot: *mut u64) -> Value {
    // SAFETY: the caller promises a dynamic value.
    unsafe { if take { slots::take_value(slot) } else { (*slot.cast::<Value>()).clone() } }
}

/// Takes dynamic values that stand one after the other.
///
/// # Safety
///
/// So many dynamic values stand there.
unsafe fn take_staged(from: *mut u64, count: usize) -> Vec<Value> {
    // SAFETY: the caller promises the values.
    (0..count).map(|index| unsafe { slots::take_value(from.add(index * 2)) }).collect()
}

/// # Safety
///
/// The slot is of the class and holds a value.
unsafe fn text_of(class: Class, slot: *mut u64) -> Result<Text, Fault> {
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
            Class::Array => operators::to_text(Value::Array((*slot.cast::<Array>()).clone())),
            Class::Map => operators::to_text(Value::Map((*slot.cast::<Map>()).clone())),
            Class::Dynamic => operators::to_text((*slot.cast::<Value>()).clone()),
        }
    }
}

/// # Safety
///
/// So many dynamic values stand there.
#[inline(never)]
unsafe fn new_array(from: *mut u64, count: usize) -> Array {
    // SAFETY: the caller promises the values.
    Array::from_values(unsafe { take_staged(from, count) })
}

/// # Safety
///
/// So many pairs of dynamic values stand there.
#[inline(never)]
unsafe fn new_map(from: *mut u64, count: usize) -> Result<Map, Fault> {
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
fn push(array: &mut Array, value: Value) -> Result<(), Fault> {
    size::check_push(array.elements(), &value)?;
    array.push(value);
    Ok(())
}

#[inline(never)]
fn set(array: &mut Array, position: i64, value: Value) -> Result<(), Fault> {
    // The element is looked up for its failure when there is none.
    operators::element(array, position)?;
    array.update(|elements| elements.set(position as usize, value));
    Ok(())
}

/// # Safety
///
/// The slots are of the classes that the access names, two for a dynamic one.
#[inline]
unsafe fn map_get(access: MapAccess, map: &Map, key: *mut u64, to: *mut u64) -> Result<(), Fault> {
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
        match map.find(key) {
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

/// # Safety
///
/// The slots are of the classes that the access names, two for a dynamic one.
#[inline]
unsafe fn map_put(access: MapAccess, map: &mut Map, key: *mut u64, value: *mut u64) -> Result<(), Fault> {
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
    size::check_entries(map.len() + 1)?;
    map.put(key, value);
    Ok(())
}

/// # Safety
///
/// The destination is of the class of the type and empty.
unsafe fn convert_to(code: &Code, kind: u16, value: Value, to: *mut u64) -> Result<(), Fault> {
    let shared = code.shared();
    let (kind, class) = &shared.types[usize::from(kind)];
    let value = convert(value, kind, &shared.definitions)?;
    // SAFETY: the caller promises the destination.
    unsafe { slots::store(*class, to, value) }
}

#[cold]
fn negative_root(value: f64) -> Fault {
    let mut text = String::new();
    write_text(&Value::Float(value), &mut text);
    Fault::new(
        ErrorCode::ValueError,
        format!("`math.sqrt` takes a number that is not negative, found {text}"),
    )
}

#[cold]
fn lowered_elsewhere() -> Fault {
    Fault::new(
        ErrorCode::FunctionNotFound,
        "functions that call functions are part of the code, not of the library",
    )
}
