package alas

// #include "bridge.h"
import "C"

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"unsafe"
)

// few is how many arguments are kept beside the call, so that both are one piece of memory.
const few = 4

// table is what the host was told. It is written once, before any function runs.
var table struct {
	once       sync.Once
	descriptor *C.alas_descriptor
	functions  []registration
}

// alas_plugin_entry is what the host looks for in the library. The table is in C's memory, as long as the process runs.
//
//export alas_plugin_entry
func alas_plugin_entry(host *C.alas_host) *C.alas_descriptor {
	if host == nil || host.abi_major != C.ALAS_ABI_MAJOR {
		return nil
	}
	table.once.Do(func() {
		module, functions := plugin.read()
		descriptor := C.alas_go_describe(C.CString(module), C.size_t(len(functions)))
		if descriptor == nil {
			return
		}
		for number, function := range functions {
			C.alas_go_set_function(
				descriptor, C.size_t(number), C.CString(function.name), C.uint32_t(function.parameters))
		}
		table.descriptor, table.functions = descriptor, functions
	})
	return table.descriptor
}

// alasGoCall runs a function for the host. Nothing unwinds out of it.
//
//export alasGoCall
func alasGoCall(
	number C.uint32_t, pointer *C.alas_call, arguments *C.alas_value, count C.size_t, result *C.alas_value,
) (status C.alas_status) {
	var frame struct {
		call Call
		few  [few]Value
	}
	call := &frame.call
	call.begin(pointer)
	defer call.end(&status)

	values := frame.few[:0]
	for _, one := range unsafe.Slice((*passed)(unsafe.Pointer(arguments)), int(count)) {
		values = append(values, call.value(one))
	}
	value, err := table.functions[number].function(call, values)
	if err != nil {
		return call.fail(err)
	}
	handed, err := call.pass(value, 0)
	if err != nil {
		return call.fail(err)
	}
	*(*passed)(unsafe.Pointer(result)) = handed
	return C.ALAS_OK
}

// alasGoInit begins the plugin.
//
//export alasGoInit
func alasGoInit(pointer *C.alas_call) (status C.alas_status) {
	call := &Call{}
	call.begin(pointer)
	defer call.end(&status)

	if err := plugin.problem(); err != nil {
		return call.fail(err)
	}
	if plugin.onInit == nil {
		return C.ALAS_OK
	}
	if err := plugin.onInit(call); err != nil {
		return call.fail(err)
	}
	return C.ALAS_OK
}

// alasGoShutdown ends the plugin. There is no call that a panic could be reported with.
//
//export alasGoShutdown
func alasGoShutdown() {
	defer func() {
		if thrown := recover(); thrown != nil {
			fmt.Fprintf(os.Stderr, "the shutdown of the module %s panicked: %s\n", plugin.module, panicText(thrown))
		}
	}()
	if plugin.onShutdown != nil {
		plugin.onShutdown()
	}
}

func (call *Call) begin(pointer *C.alas_call) {
	call.pointer = pointer
	call.state.Store(running)
}

// end is deferred by whatever runs a function. It makes a failure of a panic.
func (call *Call) end(status *C.alas_status) {
	if thrown := recover(); thrown != nil {
		*status = call.failWith(codeOfPanics, panicText(thrown))
		call.Log(LevelDebug, string(debug.Stack()))
	}
	call.state.Store(ended)
}

// fail tells the host why the function fails. What the host has noted itself is left, because it knows more: of a function
// that was called, for example, its own code and place.
func (call *Call) fail(err error) C.alas_status {
	var coded *Error
	if errors.As(err, &coded) {
		return call.failWith(coded.Code, err.Error())
	}
	var refused *refusal
	if errors.As(err, &refused) && refused.call == call && refused.number == call.refusals {
		return C.ALAS_ERROR
	}
	return call.failWith(codeOfErrors, err.Error())
}

func (call *Call) failWith(code, message string) C.alas_status {
	return C.alas_go_fail(
		call.pointer, bytesOf(code), C.size_t(len(code)), bytesOf(message), C.size_t(len(message)))
}

// panicText says what was thrown, and where. It is called by the function that has recovered.
func panicText(thrown any) string {
	callers := make([]uintptr, 64)
	frames := runtime.CallersFrames(callers[:runtime.Callers(2, callers)])
	isBehind := false
	for {
		frame, more := frames.Next()
		isRuntime := strings.HasPrefix(frame.Function, "runtime.") ||
			strings.HasPrefix(frame.Function, "internal/runtime/")
		if isBehind && !isRuntime {
			return fmt.Sprintf("%v (%s:%d)", thrown, filepath.Base(frame.File), frame.Line)
		}
		isBehind = isBehind || frame.Function == "runtime.gopanic"
		if !more {
			return fmt.Sprint(thrown)
		}
	}
}
