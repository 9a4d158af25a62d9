package alas

// #include "bridge.h"
import "C"

import (
	"fmt"
	"sync/atomic"
	"unsafe"
)

// Call is a running call of a function, through which it uses the host. It is valid until the function returns, in the
// goroutine in which the function was called.
//
// The zero Call belongs to no host, for tests of functions by themselves: it has no settings and no log, cannot invoke
// anything, and makes values in Go's own memory.
type Call struct {
	pointer *C.alas_call
	state   atomic.Uint32
	// Whether the function is to stop, as far as its own goroutine has been told.
	stopping atomic.Bool
	// How many failures the host has noted. It keeps the last of them.
	refusals int
}

// The states of a call.
const (
	hostless uint32 = iota
	running
	ended
)

// Level says how important a line of the log is.
type Level int32

// The levels of the log.
const (
	LevelDebug   Level = C.ALAS_LOG_DEBUG
	LevelInfo    Level = C.ALAS_LOG_INFO
	LevelWarning Level = C.ALAS_LOG_WARNING
	LevelError   Level = C.ALAS_LOG_ERROR
)

// Log writes a line to the log of plugins.
func (call *Call) Log(level Level, message string) {
	if call.state.Load() == running {
		C.alas_go_log(call.pointer, C.int32_t(level), bytesOf(message), C.size_t(len(message)))
	}
}

// Logf writes a line to the log of plugins, made as fmt.Sprintf does.
func (call *Call) Logf(level Level, format string, arguments ...any) {
	call.Log(level, fmt.Sprintf(format, arguments...))
}

// Config returns a setting of the manifest's implementation.config, and whether there is one.
func (call *Call) Config(key string) (string, bool) {
	if call.state.Load() != running {
		return "", false
	}
	made := C.alas_go_config(call.pointer, bytesOf(key), C.size_t(len(key)))
	value, err := call.made(made, "read a setting")
	if err != nil || made.status != C.ALAS_OK {
		return "", false
	}
	text, err := value.Text()
	return text, err == nil
}

// Invoke calls a function by its name: one of the plugin's own module by the name alone, one of a module that the plugin
// depends on as module.function. An error that is returned as it came is to the program what it was in the function that
// was called.
func (call *Call) Invoke(name string, arguments ...Value) (Value, error) {
	if err := call.use(); err != nil {
		return Value{}, err
	}
	handed, err := call.passAll(make([]passed, 0, len(arguments)), arguments, 0)
	if err != nil {
		return Value{}, err
	}
	made := C.alas_go_invoke(
		call.pointer, bytesOf(name), C.size_t(len(name)), valuesOf(handed), C.size_t(len(handed)))
	return call.made(made, "call `"+name+"`")
}

// ShouldStop says whether the function has to end, because it was cancelled or has used its time. Long work asks now and
// then, tidies up, and returns; what it returns then does not matter. Other goroutines hear what the function's own was told
// last.
func (call *Call) ShouldStop() bool {
	switch {
	case call.state.Load() == ended || call.stopping.Load():
		return true
	case call.state.Load() == hostless || C.alas_go_should_stop(call.pointer) == 0:
		return false
	case call.isForeign():
		return call.stopping.Load()
	}
	call.stopping.Store(true)
	return true
}

// Scope runs a part of a function. What the part has got from the host is given back when it ends, except what was put into
// an array or map that is older. It is for loops over many elements that are texts, arrays or maps.
func (call *Call) Scope(part func() error) error {
	if call.state.Load() == hostless {
		return part()
	}
	scope, err := call.openScope()
	if err != nil {
		return err
	}
	// Also when the part panics, because somebody may recover outside of it.
	defer call.closeScope(scope)
	return part()
}

func (call *Call) openScope() (C.size_t, error) {
	if err := call.use(); err != nil {
		return 0, err
	}
	opened := C.alas_go_open_scope(call.pointer)
	return opened.length, call.check(opened.status, "open a scope")
}

func (call *Call) closeScope(scope C.size_t) {
	if call.state.Load() == running {
		C.alas_go_close_scope(call.pointer, scope)
	}
}

// use returns an error unless the host can be asked.
func (call *Call) use() error {
	switch call.state.Load() {
	case running:
		return nil
	case ended:
		return Errorf(codeExpired, "the call has ended: what it got from the host is valid until the function returns")
	}
	return Errorf(codeNoHost, "the call belongs to no host")
}

// check returns an error if the host has refused to do something.
func (call *Call) check(status C.alas_status, what string) error {
	if status != C.ALAS_ERROR {
		return nil
	}
	if call.isForeign() {
		return Errorf(codeWrongGoroutine,
			"the host could not %s: it can be used only in the goroutine in which the function was called", what)
	}
	call.refusals++
	return &refusal{call: call, number: call.refusals, what: what}
}

// isForeign says whether this is another goroutine than that of the function. Opening a scope fails there, and nowhere else.
func (call *Call) isForeign() bool {
	opened := C.alas_go_open_scope(call.pointer)
	if opened.status != C.ALAS_OK {
		return true
	}
	C.alas_go_close_scope(call.pointer, opened.length)
	return false
}

// made returns what the host has made or found.
func (call *Call) made(made C.alas_go_made, what string) (Value, error) {
	if err := call.check(made.status, what); err != nil {
		return Value{}, err
	}
	return call.value(*(*passed)(unsafe.Pointer(&made.value))), nil
}

// passed is a value as it crosses: an alas_value, whose union cgo hides.
type passed struct {
	kind  Kind
	index uint32
	bits  uint64
}

// value returns what the host has passed.
func (call *Call) value(one passed) Value {
	value := Value{kind: one.kind, index: one.index, bits: one.bits}
	if one.kind >= TextKind {
		value.held = call
	}
	return value
}

// handle returns a value of the host as it crosses.
func (value Value) handle() C.alas_value {
	crossing := passed{kind: value.kind, index: value.index, bits: value.bits}
	return *(*C.alas_value)(unsafe.Pointer(&crossing))
}

// bytesOf returns where a string begins. C reads it during a call, and keeps nothing of it.
func bytesOf(text string) *C.char {
	return (*C.char)(unsafe.Pointer(unsafe.StringData(text)))
}

// valuesOf returns where values begin.
func valuesOf(values []passed) *C.alas_value {
	return (*C.alas_value)(unsafe.Pointer(unsafe.SliceData(values)))
}
