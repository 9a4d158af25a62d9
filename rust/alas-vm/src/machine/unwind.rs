//! After a failure: who catches it, what has to be released, and the trace.

use alas_syntax::NodeId;
use alas_value::{Key, Map, Text, Value};

use super::{ErrorPlace, Frame, Machine, Mode, RunError, StackFrame, slots};
use crate::{Fault, Host};

/// How many frames of a trace are kept at each end.
const KEPT_FRAMES: usize = 50;

impl Machine {
    /// Releases frames up to the one that catches the failure and lets its caller go on with a Result.
    ///
    /// # Errors
    ///
    /// When nobody catches the failure: all frames are released, and the error has its trace.
    pub(super) fn unwind(&mut self, fault: &Fault, host: &mut Host) -> Result<(), Box<RunError>> {
        let caught =
            fault.code().is_catchable() && self.frames.iter().rev().any(|frame| frame.mode == Mode::Catch);
        let error = (!caught).then(|| Box::new(self.trace(fault)));
        while let Some(frame) = self.frames.pop() {
            self.release(&frame);
            if frame.mode == Mode::Guarded {
                self.leave_plugin(host);
            }
            if caught && frame.mode == Mode::Catch {
                let caller = self.frames.last().map_or(0, |caller| caller.base);
                let result = failure(fault);
                // SAFETY: the destination is a map register of the caller, which the op found empty.
                unsafe {
                    let slot = self.stack.as_mut_ptr().add(caller + usize::from(frame.to));
                    slot.cast::<Map>().write(result);
                }
                return Ok(());
            }
        }
        Err(error.unwrap_or_else(|| RunError::before_running(fault)))
    }

    /// Pops a frame that will not run.
    pub(super) fn discard(&mut self) {
        if let Some(frame) = self.frames.pop() {
            self.release(&frame);
        }
    }

    /// Gives up all that a frame owns.
    fn release(&mut self, frame: &Frame) {
        // SAFETY: frames point to code of modules that the running call keeps alive.
        let code = unsafe { &*frame.code };
        for (slot, class) in &code.counted {
            // SAFETY: the slot is a counted one of this frame, whose class the code knows.
            unsafe { slots::clear(*class, self.stack.as_mut_ptr().add(frame.base + usize::from(*slot))) };
        }
    }

    fn trace(&self, fault: &Fault) -> RunError {
        // SAFETY: frames point to code of modules that the running call keeps alive.
        let has_text = |frame: &&Frame| unsafe { &*frame.code }.host.is_none();
        let total = self.frames.iter().filter(has_text).count();
        let kept = |index: &usize| *index < KEPT_FRAMES || *index + KEPT_FRAMES >= total;
        let stack = self.frames.iter().rev().filter(has_text).enumerate().filter(|(index, _)| kept(index));
        RunError::with_stack(fault, stack.map(|(_, frame)| describe(frame)).collect())
    }
}

fn describe(frame: &Frame) -> StackFrame {
    // SAFETY: frames point to code of modules that the running call keeps alive.
    let code = unsafe { &*frame.code };
    // SAFETY: `pc` points into the code's ops, or right behind them.
    let behind = usize::try_from(unsafe { frame.pc.offset_from(code.ops.as_ptr()) }).unwrap_or(0);
    let node: NodeId = code.nodes.get(behind.saturating_sub(1)).copied().unwrap_or(code.node);
    let shared = code.shared();
    StackFrame {
        module: shared.interface.name.clone(),
        function: code.name.clone(),
        place: ErrorPlace::of(&shared.locations, node),
    }
}

/// The Result of a call that failed.
pub(super) fn failure(fault: &Fault) -> Map {
    let entry = |name: &str, value: Value| (Key::from_text(Text::new(name)), value);
    Map::from_iter([
        entry("ok", Value::Bool(false)),
        entry("value", Value::Void),
        entry("error", Value::text(fault.message())),
        entry("code", Value::text(fault.code().as_str())),
    ])
}

/// The Result of a call that succeeded.
pub(super) fn success(value: Value) -> Map {
    let entry = |name: &str, value: Value| (Key::from_text(Text::new(name)), value);
    Map::from_iter([entry("ok", Value::Bool(true)), entry("value", value), entry("error", Value::text(""))])
}
