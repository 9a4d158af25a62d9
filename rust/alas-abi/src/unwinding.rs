//! Calls into libraries that end well also when an exception leaves the library.
//!
//! Functions of plugins must not throw: the kits catch what is thrown, and make an error of it. One that throws all the same
//! must not take the process with it, and Rust has no way to catch exceptions of other languages. So calls go through a
//! trampoline with a personality routine of its own, which stops every exception there (Itanium C++ ABI, "Exception
//! Handling", 1.3 and 1.6: in the search phase it claims to be a handler, in the clean-up phase it continues at the
//! trampoline's second exit). On other platforms than `x86_64` with ELF, an exception that leaves a library ends the process.

use std::ffi::{CStr, c_char, c_int};
use std::ptr;

use alas_plugin_abi::{Call, Descriptor, Entry, Host, NativeFunction, Status, Value};

/// How a call has ended.
pub(crate) enum Ended<T> {
    /// It returned.
    Normally(T),
    /// An exception has left it.
    Unwinding(Thrown),
}

/// How C++ takes note that an exception was caught: `__cxa_begin_catch` and `__cxa_end_catch` of the library itself.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Catching {
    pub(crate) begin: unsafe extern "C" fn(*mut ()) -> *mut (),
    pub(crate) end: unsafe extern "C" fn(),
}

/// An exception that was caught, and has to be given back to its language.
#[must_use = "the exception is lost otherwise"]
pub(crate) struct Thrown(trampoline::Caught);

impl Thrown {
    /// Gives the exception back; says what it was.
    pub(crate) fn give_back(self, catching: Option<Catching>) -> &'static str {
        self.0.give_back(catching)
    }
}

/// Calls a function of a plugin.
///
/// # Safety
///
/// The pointers are to a call that runs, and to where the result can be written.
#[inline]
pub(crate) unsafe fn function(
    function: NativeFunction,
    call: *mut Call,
    arguments: &[Value],
    result: *mut Value,
) -> Ended<Status> {
    let passed = Passed(call.cast(), arguments.as_ptr().cast(), arguments.len(), result.cast());
    // SAFETY: the function takes these four arguments.
    unsafe { trampoline::run(function as *const (), passed) }.map(as_status)
}

/// Calls a plugin's `init`.
pub(crate) fn init(init: unsafe extern "C-unwind" fn(*mut Call) -> Status, call: *mut Call) -> Ended<Status> {
    // SAFETY: the function takes this one argument.
    unsafe { trampoline::run(init as *const (), Passed::one(call.cast())) }.map(as_status)
}

/// Calls a plugin's `shutdown`.
pub(crate) fn shutdown(shutdown: unsafe extern "C-unwind" fn()) -> Ended<()> {
    // SAFETY: the function takes no arguments.
    unsafe { trampoline::run(shutdown as *const (), Passed::one(ptr::null_mut())) }.map(|_| ())
}

/// Asks a library for its descriptor.
pub(crate) fn entry(entry: Entry, host: *const Host) -> Ended<*const Descriptor> {
    // SAFETY: the function takes this one argument.
    unsafe { trampoline::run(entry as *const (), Passed::one(host.cast_mut().cast())) }
        .map(ptr::with_exposed_provenance)
}

/// Maps a library, of which constructors run. The handle is null when the system refuses.
pub(crate) fn open(path: &CStr, flags: c_int) -> Ended<*mut ()> {
    unsafe extern "C-unwind" {
        fn dlopen(path: *const c_char, flags: c_int) -> *mut ();
    }
    let passed = Passed(
        path.as_ptr().cast_mut().cast(),
        ptr::without_provenance(flags.unsigned_abs() as usize),
        0,
        ptr::null_mut(),
    );
    // SAFETY: the function takes the two arguments, of which the second is the lower half of what is passed.
    unsafe { trampoline::run(dlopen as *const (), passed) }.map(ptr::with_exposed_provenance_mut)
}

/// A status, which is the lower half of what the register holds.
fn as_status(register: usize) -> Status {
    (register as u32).cast_signed()
}

impl<T> Ended<T> {
    fn map<R>(self, change: impl FnOnce(T) -> R) -> Ended<R> {
        match self {
            Self::Normally(value) => Ended::Normally(change(value)),
            Self::Unwinding(thrown) => Ended::Unwinding(thrown),
        }
    }
}

/// Up to four arguments of the size of a register. A function that takes fewer does not look at the others.
#[derive(Clone, Copy)]
struct Passed(*mut (), *const (), usize, *mut ());

impl Passed {
    fn one(argument: *mut ()) -> Self {
        Self(argument, ptr::null(), 0, ptr::null_mut())
    }
}

#[cfg(all(target_arch = "x86_64", unix, not(target_vendor = "apple")))]
mod trampoline {
    use std::arch::global_asm;
    use std::ffi::{c_int, c_void};

    use super::{Catching, Ended, Passed, Thrown};

    // The System V calling convention: arguments in rdi, rsi, rdx, rcx, r8, r9, the result in rax, the stack aligned to
    // sixteen bytes at a call; rbp belongs to the caller. The first four arguments are those of the function.
    global_asm!(
        ".pushsection .text.alas_native_trampoline, \"ax\", @progbits",
        ".balign 16",
        ".type alas_native_trampoline, @function",
        ".hidden alas_native_trampoline",
        ".globl alas_native_trampoline",
        "alas_native_trampoline:",
        ".cfi_startproc",
        // The routine's address, relative to where it stands.
        ".cfi_personality 0x1b, {personality}",
        "push rbp",
        ".cfi_def_cfa_offset 16",
        ".cfi_offset rbp, -16",
        "mov rbp, rsp",
        ".cfi_def_cfa_register rbp",
        // Where the exception goes.
        "push r9",
        "sub rsp, 8",
        "call r8",
        "leave",
        ".cfi_remember_state",
        ".cfi_def_cfa rsp, 8",
        "ret",
        ".cfi_restore_state",
        ".hidden alas_native_trampoline_landing",
        ".globl alas_native_trampoline_landing",
        "alas_native_trampoline_landing:",
        "mov rcx, [rbp - 8]",
        "mov [rcx], rax",
        "leave",
        ".cfi_def_cfa rsp, 8",
        "ret",
        ".cfi_endproc",
        ".size alas_native_trampoline, . - alas_native_trampoline",
        ".popsection",
        personality = sym personality,
    );

    unsafe extern "C" {
        fn alas_native_trampoline(
            first: *mut (),
            second: *const (),
            third: usize,
            fourth: *mut (),
            function: *const (),
            exception: *mut *mut Exception,
        ) -> usize;
        /// Only its address is of use.
        fn alas_native_trampoline_landing();
        fn _Unwind_SetGR(context: *mut c_void, register: c_int, value: usize);
        fn _Unwind_SetIP(context: *mut c_void, address: usize);
        fn _Unwind_DeleteException(exception: *mut Exception);
    }

    /// What every exception begins with.
    #[repr(C)]
    struct Exception {
        class: u64,
    }

    const SEARCH_PHASE: c_int = 1;
    const HANDLER_FRAME: c_int = 4;
    const FORCED: c_int = 8;

    const FATAL_PHASE1_ERROR: c_int = 3;
    const HANDLER_FOUND: c_int = 6;
    const INSTALL_CONTEXT: c_int = 7;
    const CONTINUE_UNWIND: c_int = 8;

    /// The number of rax, which carries an exception to where it is caught.
    const RAX: c_int = 0;

    /// Decides for the trampoline what becomes of an exception: it is caught, unless a thread is being ended.
    ///
    /// # Safety
    ///
    /// Called by the unwinder, with its context.
    unsafe extern "C" fn personality(
        version: c_int,
        actions: c_int,
        _class: u64,
        exception: *mut Exception,
        context: *mut c_void,
    ) -> c_int {
        if version != 1 {
            return FATAL_PHASE1_ERROR;
        }
        if actions & FORCED != 0 {
            return CONTINUE_UNWIND;
        }
        if actions & SEARCH_PHASE != 0 {
            return HANDLER_FOUND;
        }
        if actions & HANDLER_FRAME == 0 {
            return CONTINUE_UNWIND;
        }
        // SAFETY: the unwinder passes its context, and asks where to go on; the landing is in the frame that it is at, and
        // needs the frame's own registers and the exception.
        unsafe {
            _Unwind_SetGR(context, RAX, exception.addr());
            _Unwind_SetIP(context, alas_native_trampoline_landing as *const () as usize);
        }
        INSTALL_CONTEXT
    }

    /// Calls a function; an exception that leaves it ends here.
    ///
    /// # Safety
    ///
    /// The function takes the arguments.
    #[inline]
    pub(super) unsafe fn run(function: *const (), passed: Passed) -> Ended<usize> {
        let mut exception: *mut Exception = std::ptr::null_mut();
        let Passed(first, second, third, fourth) = passed;
        // SAFETY: the caller promises that the function takes the arguments, and the trampoline hands them on.
        let value =
            unsafe { alas_native_trampoline(first, second, third, fourth, function, &raw mut exception) };
        if exception.is_null() { Ended::Normally(value) } else { Ended::Unwinding(Thrown(Caught(exception))) }
    }

    /// An exception that the trampoline has caught.
    pub(super) struct Caught(*mut Exception);

    impl Caught {
        /// Gives the exception back to its language; says what it was.
        #[cold]
        pub(super) fn give_back(self, catching: Option<Catching>) -> &'static str {
            // SAFETY: the unwinder handed over an exception, which begins like all of them.
            let class = unsafe { (*self.0).class }.to_be_bytes();
            if &class == b"MOZ\0RUST" {
                // Giving it back ends the process: Rust wants panics to go on. What it holds is lost.
                return "a panic of Rust";
            }
            // The last byte tells an exception from one that was thrown again through a pointer to it.
            let is_cpp = class[4..7] == *b"C++";
            // SAFETY: nobody else holds the exception, which was caught here; the two functions belong to its language.
            unsafe {
                match catching.filter(|_| is_cpp) {
                    Some(catching) => {
                        (catching.begin)(self.0.cast());
                        (catching.end)();
                    }
                    None => _Unwind_DeleteException(self.0),
                }
            }
            if is_cpp { "an exception of C++" } else { "an exception" }
        }
    }
}

#[cfg(not(all(target_arch = "x86_64", unix, not(target_vendor = "apple"))))]
mod trampoline {
    use super::{Catching, Ended, Passed};

    /// Nothing is caught here.
    pub(super) enum Caught {}

    impl Caught {
        pub(super) fn give_back(self, _: Option<Catching>) -> &'static str {
            match self {}
        }
    }

    type Function = unsafe extern "C-unwind" fn(*mut (), *const (), usize, *mut ()) -> usize;

    /// Calls a function; an exception that leaves it ends the process.
    ///
    /// # Safety
    ///
    /// The function takes the arguments.
    pub(super) unsafe fn run(function: *const (), passed: Passed) -> Ended<usize> {
        // SAFETY: the caller promises that the function takes the arguments; one that takes fewer ignores the others.
        let function = unsafe { std::mem::transmute::<*const (), Function>(function) };
        // SAFETY: as above.
        Ended::Normally(unsafe { function(passed.0, passed.1, passed.2, passed.3) })
    }
}
