package alas

// #include "bridge.h"
import "C"

import "unsafe"

// deepest is how deep values may be nested that are handed to the host. A slice can hold itself, which has no end.
const deepest = 10_000

// NewInts makes an array<int> in the host's memory, all 0, and lends its elements to be filled. That is done before the
// array is returned, passed on, or put into another value.
func (call *Call) NewInts(length int) (Value, []int64, error) {
	return newPacked[int64](call, IntKind, length)
}

// NewFloats makes an array<float> in the host's memory, all 0, and lends its elements to be filled. That is done before the
// array is returned, passed on, or put into another value.
func (call *Call) NewFloats(length int) (Value, []float64, error) {
	return newPacked[float64](call, FloatKind, length)
}

// NewBools makes an array<bool> in the host's memory, all false, and lends its elements to be filled. That is done before
// the array is returned, passed on, or put into another value.
func (call *Call) NewBools(length int) (Value, []bool, error) {
	return newPacked[bool](call, BoolKind, length)
}

// NewArray makes an empty array in the host's memory, with room for so many elements, for Push.
func (call *Call) NewArray(capacity int) (Value, error) {
	if err := call.use(); err != nil {
		return Value{}, err
	}
	if capacity < 0 {
		return Value{}, Errorf(codeOutOfBounds, "there is no array with room for %d elements", capacity)
	}
	return call.made(C.alas_go_new_array(call.pointer, C.size_t(capacity)), "make an array")
}

// Push appends to an array that this call has made in the host's memory. Slices of its elements are no longer valid.
func (call *Call) Push(array Value, items ...Value) error {
	if err := call.owns(array, ArrayKind); err != nil {
		return err
	}
	return call.push(array, items, 0)
}

// Truncate shortens an array that this call has made in the host's memory.
func (call *Call) Truncate(array Value, length int) error {
	if err := call.owns(array, ArrayKind); err != nil {
		return err
	}
	if length < 0 {
		return Errorf(codeOutOfBounds, "there is no array of %d elements", length)
	}
	return call.check(C.alas_go_truncate(call.pointer, array.handle(), C.size_t(length)), "shorten the array")
}

// NewMap makes an empty map in the host's memory, with room for so many entries, for Put.
func (call *Call) NewMap(capacity int) (Value, error) {
	if err := call.use(); err != nil {
		return Value{}, err
	}
	if capacity < 0 {
		return Value{}, Errorf(codeOutOfBounds, "there is no map with room for %d entries", capacity)
	}
	return call.made(C.alas_go_new_map(call.pointer, C.size_t(capacity)), "make a map")
}

// Put stores entries in a map that this call has made in the host's memory, each in the key's old place or at the end.
func (call *Call) Put(container Value, entries ...Entry) error {
	if err := call.owns(container, MapKind); err != nil {
		return err
	}
	return call.put(container, entries, 0)
}

func newPacked[T int64 | float64 | bool](call *Call, element Kind, length int) (Value, []T, error) {
	if length < 0 {
		return Value{}, nil, Errorf(codeOutOfBounds, "there is no array of %d elements", length)
	}
	if call.state.Load() == hostless {
		items := make([]T, length)
		return Value{kind: ArrayKind, held: items}, items, nil
	}
	value, start, err := call.newMemory(element, length)
	if err != nil || length == 0 {
		return value, nil, err
	}
	return value, unsafe.Slice((*T)(start), length), nil
}

func (call *Call) newMemory(element Kind, length int) (Value, unsafe.Pointer, error) {
	if err := call.use(); err != nil {
		return Value{}, nil, err
	}
	made := C.alas_go_new_packed(call.pointer, C.uint32_t(element), C.size_t(length))
	value, err := call.made(made, "make an array")
	if err != nil || length == 0 {
		return value, nil, err
	}
	return value, made.items, nil
}

// owns returns an error unless a value is of a kind, and the host holds it for this call.
func (call *Call) owns(value Value, kind Kind) error {
	if err := call.use(); err != nil {
		return err
	}
	if value.kind != kind {
		return wrongKind(kind.String(), value)
	}
	if value.held != any(call) {
		return Errorf(codeWrongKind, "expected %s that this call has made in the host's memory", kind)
	}
	return nil
}

// pass hands a value to the host.
func (call *Call) pass(value Value, depth int) (passed, error) {
	if depth > deepest {
		return passed{}, Errorf(codeTooDeep, "the value is nested deeper than %d arrays and maps", deepest)
	}
	var (
		made Value
		err  error
	)
	switch held := value.held.(type) {
	case nil:
		made = value
	case *Call:
		if held != call {
			return passed{}, Errorf(codeExpired, "%s of another call was used: it is valid until that one ends", value.kind)
		}
		made = value
	case string:
		made, err = call.made(C.alas_go_new_text(call.pointer, bytesOf(held), C.size_t(len(held))), "make a text")
	case []int64:
		made, err = copied(call, IntKind, held)
	case []float64:
		made, err = copied(call, FloatKind, held)
	case []bool:
		made, err = copied(call, BoolKind, held)
	case []string:
		if made, err = call.NewArray(len(held)); err == nil {
			err = call.pushTexts(made, held)
		}
	case []Value:
		if made, err = call.NewArray(len(held)); err == nil {
			err = call.push(made, held, depth+1)
		}
	case []Entry:
		if made, err = call.NewMap(len(held)); err == nil {
			err = call.put(made, held, depth+1)
		}
	}
	return passed{kind: made.kind, index: made.index, bits: made.bits}, err
}

// passAll hands values to the host, which are appended to those that have been.
func (call *Call) passAll(handed []passed, values []Value, depth int) ([]passed, error) {
	for _, value := range values {
		one, err := call.pass(value, depth)
		if err != nil {
			return nil, err
		}
		handed = append(handed, one)
	}
	return handed, nil
}

func copied[T int64 | float64 | bool](call *Call, element Kind, items []T) (Value, error) {
	value, places, err := newPacked[T](call, element, len(items))
	copy(places, items)
	return value, err
}

func (call *Call) push(array Value, items []Value, depth int) error {
	handed := make([]passed, 0, min(len(items), batch))
	for len(items) > 0 {
		part := items[:min(len(items), batch)]
		items = items[len(part):]
		err := call.Scope(func() error {
			crossing, err := call.passAll(handed, part, depth)
			if err != nil {
				return err
			}
			status := C.alas_go_push(
				call.pointer, array.handle(), valuesOf(crossing), C.size_t(len(crossing)))
			return call.check(status, "append to the array")
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (call *Call) pushTexts(array Value, texts []string) error {
	var joined joined
	for len(texts) > 0 {
		part := texts[:min(len(texts), batch)]
		texts = texts[len(part):]
		joined.reset()
		for _, text := range part {
			joined.add(text)
		}
		err := call.Scope(func() error {
			bytes, ends := joined.addresses()
			status := C.alas_go_push_texts(call.pointer, array.handle(), bytes, ends, C.size_t(len(part)))
			return call.check(status, "make the texts of an array")
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (call *Call) put(container Value, entries []Entry, depth int) error {
	var joined joined
	handed := make([]passed, 0, min(len(entries), batch))
	for len(entries) > 0 {
		part := entries[:min(len(entries), batch)]
		entries = entries[len(part):]
		joined.reset()
		err := call.Scope(func() error {
			crossing := handed
			for _, entry := range part {
				one, err := call.pass(entry.Value, depth)
				if err != nil {
					return err
				}
				crossing = append(crossing, one)
				joined.add(entry.Key)
			}
			bytes, ends := joined.addresses()
			status := C.alas_go_put(
				call.pointer, container.handle(), bytes, ends, valuesOf(crossing), C.size_t(len(crossing)))
			return call.check(status, "store the entries of a map")
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// joined is many texts in one piece of memory, because C cannot be given a slice of strings.
type joined struct {
	bytes []byte
	ends  []C.size_t
}

func (joined *joined) reset() {
	joined.bytes, joined.ends = joined.bytes[:0], joined.ends[:0]
}

func (joined *joined) add(text string) {
	joined.bytes = append(joined.bytes, text...)
	joined.ends = append(joined.ends, C.size_t(len(joined.bytes)))
}

func (joined *joined) addresses() (*C.char, *C.size_t) {
	return (*C.char)(unsafe.Pointer(unsafe.SliceData(joined.bytes))), unsafe.SliceData(joined.ends)
}
