//! The loop that runs ops.
//!
//! Only what is hot stays here: moves, arithmetic, comparisons, jumps, calls, and the common cases of packed arrays.
//! Everything else is in [`heavy`](Machine::heavy), so that the compiler keeps the two pointers that every op needs in
//! registers.

use alas_ir::Class;
use alas_value::{Elements, Map, Number, Tag, Value};

use super::call::Entrance;
use super::operations::{holds, holds_partly, map_get, map_put, quick_binary, simple_key, take_staged};
use super::slots::{self, Registers};
use super::unwind::{failure, success};
use super::{Frame, Machine, Mode};
use crate::code::Op;
use crate::comparing::find;
use crate::{Fault, Host};

impl Machine {
    /// Runs the topmost frame until the entry frame returns.
    ///
    /// # Errors
    ///
    /// The failure of an op; the topmost frame is then the one that failed, and its `pc` is behind the op.
    #[expect(clippy::too_many_lines, reason = "one arm an op; what is long is a function of its own")]
    pub(super) fn dispatch(&mut self, host: &mut Host) -> Result<(), Fault> {
        let Some(top) = self.frames.last() else { return Ok(()) };
        let mut pc = top.pc;
        // SAFETY: a frame's base lies inside the stack.
        let mut r = Registers::new(unsafe { self.stack.as_mut_ptr().add(top.base) });
        self.code = top.code;
        self.texts = top.texts;
        self.fuel = 0;

        // Ends the loop with a failure of the op before `pc`.
        macro_rules! fail {
            ($fault:expr) => {{
                let fault = $fault;
                self.leave(pc);
                self.give_back();
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
        macro_rules! heavy {
            ($op:expr) => {
                attempt!(self.heavy(&*$op, r, host))
            };
        }
        // The code of the topmost frame.
        macro_rules! code {
            () => {
                (&*self.code)
            };
        }
        macro_rules! poll {
            () => {{
                if self.fuel == 0 {
                    attempt!(self.refill(host));
                }
                self.fuel -= 1;
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
        macro_rules! step_when {
            ($counter:expr, $comparison:tt $limit:expr, $by:expr) => {{
                let next = r.int($counter).wrapping_add(1);
                r.set_int($counter, next);
                loop_when!(next $comparison $limit, $by);
            }};
        }
        // Takes up the topmost frame, after one was pushed or popped.
        macro_rules! resume {
            () => {{
                let top = self.frames.last().unwrap_unchecked();
                pc = top.pc;
                self.code = top.code;
                self.texts = top.texts;
                r = Registers::new(self.stack.as_mut_ptr().add(top.base));
            }};
        }

        // SAFETY: encoding guarantees of every op that its slots lie in the frame or its staging, which `Call` and
        // `enter` made room for; that a slot which is read was written with a value of the class that the op expects;
        // that a counted slot which is written is empty; that jumps stay inside the function, which ends in a jump or a
        // return. Frames point to code that the module of the running call keeps alive. `r` is renewed whenever the
        // stack may have moved: after every push and pop of a frame.
        unsafe {
            loop {
                // The operands are read where they are used: a copy of the op would take registers that `pc` needs.
                let op = pc;
                pc = pc.add(1);
                match *op {
                    Op::Int { to, value } => r.set_int(to, i64::from(value)),
                    Op::Wide { to, constant } => *r.at(to) = *code!().wide.get_unchecked(constant as usize),
                    Op::Move { to, from } => *r.at(to) = *r.at(from),
                    Op::Give { to, from } => {
                        *r.at(to) = *r.at(from);
                        *r.at(from) = 0;
                    }
                    Op::GiveValue { to, from } => {
                        let value = slots::take_value(r.at(from));
                        slots::write_value(r.at(to), value);
                    }
                    Op::Drop { class, slot } => slots::clear(class, r.at(slot)),
                    Op::BoxScalar { tag, to, from } => {
                        let value = match tag {
                            Tag::Int => Value::Int(r.int(from)),
                            Tag::Float => Value::Float(r.float(from)),
                            _ => Value::Bool(*r.at(from) != 0),
                        };
                        slots::write_value(r.at(to), value);
                    }
                    Op::AddInt { to, left, right } => r.set_int(to, r.int(left).wrapping_add(r.int(right))),
                    Op::SubtractInt { to, left, right } => {
                        r.set_int(to, r.int(left).wrapping_sub(r.int(right)));
                    }
                    Op::MultiplyInt { to, left, right } => {
                        r.set_int(to, r.int(left).wrapping_mul(r.int(right)));
                    }
                    Op::AddImmediate { to, left, right } => {
                        r.set_int(to, r.int(left).wrapping_add(i64::from(right)));
                    }
                    Op::MultiplyImmediate { to, left, right } => {
                        r.set_int(to, r.int(left).wrapping_mul(i64::from(right)));
                    }
                    Op::DivideConstant { to, left, divisor } => {
                        let divisor = code!().divisors.get_unchecked(usize::from(divisor));
                        r.set_int(to, divisor.quotient(r.int(left)));
                    }
                    Op::RemainderConstant { to, left, divisor } => {
                        let divisor = code!().divisors.get_unchecked(usize::from(divisor));
                        r.set_int(to, divisor.remainder(r.int(left)));
                    }
                    Op::NegateInt { to, from } => r.set_int(to, r.int(from).wrapping_neg()),

                    Op::AddFloat { to, left, right } => r.set_float(to, r.float(left) + r.float(right)),
                    Op::SubtractFloat { to, left, right } => r.set_float(to, r.float(left) - r.float(right)),
                    Op::MultiplyFloat { to, left, right } => r.set_float(to, r.float(left) * r.float(right)),
                    Op::NegateFloat { to, from } => r.set_float(to, -r.float(from)),
                    Op::IntToFloat { to, from } => r.set_float(to, Number::Int(r.int(from)).as_float()),
                    Op::CompareInts { comparison, to, left, right } => {
                        r.set_bool(to, holds(comparison, r.int(left).cmp(&r.int(right))));
                    }
                    Op::CompareFloats { comparison, to, left, right } => {
                        r.set_bool(to, holds_partly(comparison, r.float(left).partial_cmp(&r.float(right))));
                    }
                    Op::Not { to, from } => r.set_bool(to, *r.at(from) == 0),
                    Op::Jump { by } => jump!(by),
                    Op::JumpIf { condition, by } => jump_when!(*r.at(condition) != 0, by),
                    Op::JumpUnless { condition, by } => jump_when!(*r.at(condition) == 0, by),
                    Op::JumpLessInt { left, right, by } => jump_when!(r.int(left) < r.int(right), by),
                    Op::JumpLessEqualInt { left, right, by } => jump_when!(r.int(left) <= r.int(right), by),
                    Op::JumpEqualInt { left, right, by } => jump_when!(r.int(left) == r.int(right), by),
                    Op::JumpNotEqualInt { left, right, by } => jump_when!(r.int(left) != r.int(right), by),
                    Op::JumpLessImmediate { left, right, by } => {
                        jump_when!(r.int(left) < i64::from(right), by);
                    }
                    Op::JumpLessEqualImmediate { left, right, by } => {
                        jump_when!(r.int(left) <= i64::from(right), by);
                    }
                    Op::JumpGreaterImmediate { left, right, by } => {
                        jump_when!(r.int(left) > i64::from(right), by);
                    }
                    Op::JumpGreaterEqualImmediate { left, right, by } => {
                        jump_when!(r.int(left) >= i64::from(right), by);
                    }
                    Op::JumpEqualImmediate { left, right, by } => {
                        jump_when!(r.int(left) == i64::from(right), by);
                    }
                    Op::JumpNotEqualImmediate { left, right, by } => {
                        jump_when!(r.int(left) != i64::from(right), by);
                    }
                    Op::JumpLessFloat { left, right, by } => jump_when!(r.float(left) < r.float(right), by),
                    Op::JumpLessEqualFloat { left, right, by } => {
                        jump_when!(r.float(left) <= r.float(right), by);
                    }
                    Op::JumpNotLessFloat { left, right, by } => {
                        let less = r.float(left) < r.float(right);
                        jump_when!(!less, by);
                    }
                    Op::JumpNotLessEqualFloat { left, right, by } => {
                        let less_or_equal = r.float(left) <= r.float(right);
                        jump_when!(!less_or_equal, by);
                    }

                    Op::Loop { by } => loop_when!(true, by),
                    Op::LoopIf { condition, by } => loop_when!(*r.at(condition) != 0, by),
                    Op::LoopLessInt { left, right, by } => loop_when!(r.int(left) < r.int(right), by),
                    Op::LoopLessEqualInt { left, right, by } => loop_when!(r.int(left) <= r.int(right), by),
                    Op::LoopNotEqualInt { left, right, by } => loop_when!(r.int(left) != r.int(right), by),
                    Op::LoopLessImmediate { left, right, by } => {
                        loop_when!(r.int(left) < i64::from(right), by);
                    }
                    Op::LoopLessEqualImmediate { left, right, by } => {
                        loop_when!(r.int(left) <= i64::from(right), by);
                    }
                    Op::LoopGreaterImmediate { left, right, by } => {
                        loop_when!(r.int(left) > i64::from(right), by);
                    }
                    Op::LoopGreaterEqualImmediate { left, right, by } => {
                        loop_when!(r.int(left) >= i64::from(right), by);
                    }
                    Op::LoopNotEqualImmediate { left, right, by } => {
                        loop_when!(r.int(left) != i64::from(right), by);
                    }
                    Op::StepLessInt { counter, limit, by } => step_when!(counter, < r.int(limit), by),
                    Op::StepLessEqualInt { counter, limit, by } => step_when!(counter, <= r.int(limit), by),
                    Op::StepLessImmediate { counter, limit, by } => {
                        step_when!(counter, < i64::from(limit), by);
                    }
                    Op::StepLessEqualImmediate { counter, limit, by } => {
                        step_when!(counter, <= i64::from(limit), by);
                    }
                    Op::LoopLessFloat { left, right, by } => loop_when!(r.float(left) < r.float(right), by),
                    Op::LoopLessEqualFloat { left, right, by } => {
                        loop_when!(r.float(left) <= r.float(right), by);
                    }

                    Op::Length { class, to, from } => {
                        let length = match class {
                            Class::Text => r.text(from).characters(),
                            Class::Array => r.array(from).len(),
                            _ => r.map(from).len(),
                        };
                        *r.at(to) = length as u64;
                    }

                    // What can fail or needs more than a few instructions is in `heavy`; here is only the common case.
                    Op::DivideInt { to, left, right } => match r.int(right) {
                        0 => heavy!(op),
                        divisor => r.set_int(to, r.int(left).wrapping_div(divisor)),
                    },
                    Op::RemainderInt { to, left, right } => match r.int(right) {
                        0 => heavy!(op),
                        divisor => r.set_int(to, r.int(left).wrapping_rem(divisor)),
                    },
                    Op::DivideFloat { to, left, right } => {
                        let divisor = r.float(right);
                        if divisor == 0.0 {
                            heavy!(op);
                        } else {
                            r.set_float(to, r.float(left) / divisor);
                        }
                    }
                    Op::ArrayGetInt { to, array, index } => {
                        match slots::packed_int(r.array(array), r.int(index)) {
                            Some(item) => r.set_int(to, item),
                            None => heavy!(op),
                        }
                    }
                    Op::ArrayGetFloat { to, array, index } => {
                        match slots::packed_float(r.array(array), r.int(index)) {
                            Some(item) => r.set_float(to, item),
                            None => heavy!(op),
                        }
                    }
                    Op::ArrayPushInt { array, value } => match r.array_mut(array).unique_elements() {
                        Some(Elements::Int(items)) if items.len() < items.capacity() => {
                            items.push(r.int(value));
                        }
                        _ => heavy!(op),
                    },
                    Op::ArrayPushFloat { array, value } => match r.array_mut(array).unique_elements() {
                        Some(Elements::Float(items)) if items.len() < items.capacity() => {
                            items.push(r.float(value));
                        }
                        _ => heavy!(op),
                    },
                    Op::ArraySetInt { array, index, value } => {
                        let position = r.int(index).cast_unsigned();
                        match r.array_mut(array).unique_elements() {
                            Some(Elements::Int(items)) if position < items.len() as u64 => {
                                *items.get_unchecked_mut(position as usize) = r.int(value);
                            }
                            _ => heavy!(op),
                        }
                    }
                    Op::ArraySetFloat { array, index, value } => {
                        let position = r.int(index).cast_unsigned();
                        match r.array_mut(array).unique_elements() {
                            Some(Elements::Float(items)) if position < items.len() as u64 => {
                                *items.get_unchecked_mut(position as usize) = r.float(value);
                            }
                            _ => heavy!(op),
                        }
                    }
                    Op::DynamicBinary { operation, to, left, right } => {
                        match quick_binary(operation.operator(), r.value(left), r.value(right)) {
                            Some(result) => slots::write_value(r.at(to), result),
                            None => heavy!(op),
                        }
                    }
                    Op::MapGet { access, to, map, key } => {
                        attempt!(map_get(access, r.map_mut(map), r.at(key), r.at(to), host));
                    }
                    Op::MapPut { access, map, key, value } => {
                        attempt!(map_put(access, r.map_mut(map), r.at(key), r.at(value), host));
                    }
                    Op::MapContains { class: class @ (Class::Int | Class::Text), to, map, key } => {
                        let found = attempt!(find(r.map(map), simple_key(class, r.at(key)), host));
                        r.set_bool(to, found.is_some());
                    }
                    Op::MapCount { access, map, key, amount } => {
                        match r.map_mut(map).int_mut(simple_key(access.key(), r.at(key))) {
                            Some(count) => *count = count.wrapping_add(i64::from(amount)),
                            None => heavy!(op),
                        }
                    }

                    Op::Call { to, callee } => {
                        let callee = code!().shared().callees.get_unchecked(callee as usize).as_ref();
                        let staging = r.at(code!().frame as u16);
                        let top = self.frames.last_mut().unwrap_unchecked();
                        top.pc = pc;
                        let new_base = top.base + code!().frame;
                        if self.fuel == 0
                            && let Err(fault) = self.refill(host)
                        {
                            Self::abandon(staging, callee);
                            fail!(fault);
                        }
                        self.fuel -= 1;
                        if (self.frames.len() >= self.most_frames
                            || new_base + callee.total > self.stack.len())
                            && let Err(fault) = self.make_room(new_base + callee.total)
                        {
                            Self::abandon(staging, callee);
                            fail!(fault);
                        }
                        let mut mode = Mode::Plain;
                        if !std::ptr::eq(code!().shared(), callee.shared()) {
                            if callee.shared().context.guard.is_some() {
                                match self.enter_plugin(callee.shared(), host) {
                                    Ok(entered) => mode = entered,
                                    Err(fault) => {
                                        Self::abandon(staging, callee);
                                        fail!(fault);
                                    }
                                }
                            }
                            self.texts = self.texts_of(callee.shared());
                        }
                        self.code = callee;
                        r = Registers::new(self.stack.as_mut_ptr().add(new_base));
                        let mut empty = callee.empty_from;
                        while empty < callee.empty_to {
                            *r.at(empty as u16) = 0;
                            empty += 1;
                        }
                        pc = callee.ops.as_ptr();
                        let texts = self.texts;
                        self.frames.push(Frame { code: callee, pc, base: new_base, texts, to, mode });
                    }
                    Op::CallOutside { to, callee } => {
                        let callee = code!().shared().callees.get_unchecked(callee as usize).as_ref();
                        let staging = r.at(code!().frame as u16);
                        attempt!(self.call_outside(callee, (staging, r.at(to)), host));
                    }
                    Op::CallNamed { to, name, count } => {
                        let mut arguments = take_staged(r.at(code!().frame as u16), usize::from(count));
                        let base = self.leave(pc) + code!().frame;
                        poll!();
                        let name = r.text(name).clone();
                        let entrance = Entrance { base, to, mode: Mode::Boxed };
                        attempt!(self.enter_by_name(code!(), name.as_str(), &mut arguments, entrance, host));
                        resume!();
                    }
                    Op::Try { to, function, arguments } => {
                        let base = self.leave(pc) + code!().frame;
                        poll!();
                        let name = r.text(function).clone();
                        let list = r.array(arguments).clone();
                        let mut arguments: Vec<Value> =
                            (0..list.len()).filter_map(|index| list.get(index)).collect();
                        let entrance = Entrance { base, to, mode: Mode::Catch };
                        match self.enter_by_name(code!(), name.as_str(), &mut arguments, entrance, host) {
                            Ok(()) => resume!(),
                            Err(fault) if fault.code().is_catchable() => {
                                // The stack may have grown before the call failed.
                                resume!();
                                r.at(to).cast::<Map>().write(failure(&fault));
                            }
                            Err(fault) => fail!(fault),
                        }
                    }
                    Op::Return { from } => {
                        let result = *r.at(from);
                        let frame = self.frames.pop().unwrap_unchecked();
                        if frame.mode == Mode::Plain {
                            resume!();
                            *r.at(frame.to) = result;
                        } else {
                            let value = slots::take(code!().result, r.at(from));
                            if self.return_unusually(&frame, value, host) {
                                self.give_back();
                                return Ok(());
                            }
                            resume!();
                        }
                    }
                    Op::ReturnValue { from } => {
                        let value = slots::take_value(r.at(from));
                        let frame = self.frames.pop().unwrap_unchecked();
                        if frame.mode == Mode::Plain {
                            resume!();
                            slots::write_value(r.at(frame.to), value);
                        } else {
                            if self.return_unusually(&frame, value, host) {
                                self.give_back();
                                return Ok(());
                            }
                            resume!();
                        }
                    }

                    _ => heavy!(op),
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
        if self.frames.len() >= self.most_frames {
            return Err(self.too_deep());
        }
        self.grow(needed)
    }

    /// Gives steps back that were handed out and not used.
    fn give_back(&mut self) {
        if let Some(left) = self.meter.steps.get() {
            let unused = std::mem::take(&mut self.fuel);
            self.meter.steps.set(Some(left + unused));
        }
    }

    /// Delivers the result of a frame that was not entered by a plain call; tells whether it was the last.
    #[cold]
    #[inline(never)]
    fn return_unusually(&mut self, frame: &Frame, value: Value, host: &mut Host) -> bool {
        if frame.mode == Mode::Entry {
            self.finish(value);
            return true;
        }
        let caller = self.frames.last().map_or(0, |caller| caller.base);
        // SAFETY: the destination is a register of the caller, which the op found empty: dynamic for a boxed result, a
        // map for a caught one, and of the function's own class for a plain one, of which the value is.
        unsafe {
            let slot = self.stack.as_mut_ptr().add(caller + usize::from(frame.to));
            match frame.mode {
                Mode::Boxed => slots::write_value(slot, value),
                Mode::Guarded => {
                    self.leave_plugin(host);
                    let stored = slots::store((*frame.code).result, slot, value);
                    debug_assert!(stored.is_ok(), "the value was in a register of the class");
                }
                _ => slot.cast::<Map>().write(success(value)),
            }
        }
        false
    }
}
