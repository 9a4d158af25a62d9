package alas

// #include "bridge.h"
import "C"

import "unsafe"

// How many elements or entries cross at once.
const batch = 256

// lend returns memory of the host: the bytes of a text, or the elements of an array.
func lend[T any](call *Call, value Value, kind Kind, what string) ([]T, error) {
	start, length, err := call.lent(value, kind, what)
	// Where there is nothing, the host's address is none.
	if err != nil || length == 0 {
		return nil, err
	}
	return unsafe.Slice((*T)(start), length), nil
}

func (call *Call) lent(value Value, kind Kind, what string) (unsafe.Pointer, int, error) {
	if err := call.use(); err != nil {
		return nil, 0, err
	}
	lent := C.alas_go_lend(call.pointer, value.handle(), C.uint32_t(kind))
	if err := call.check(lent.status, what); err != nil || lent.length == 0 {
		return nil, 0, err
	}
	return lent.items, int(lent.length), nil
}

func (call *Call) lengthOf(container Value) (int, error) {
	if err := call.use(); err != nil {
		return 0, err
	}
	lent := C.alas_go_length(call.pointer, container.handle())
	return int(lent.length), call.check(lent.status, "count what there is")
}

func (call *Call) elementOf(array Value, position int) (Value, error) {
	return call.made(
		C.alas_go_array_get(call.pointer, array.handle(), C.size_t(position)), "read an element")
}

func (call *Call) elementsOf(array Value, length int) ([]Value, error) {
	items := make([]Value, 0, length)
	crossing := make([]passed, min(length, batch))
	for len(items) < length {
		part, err := call.part(array, len(items), crossing[:min(length-len(items), batch)])
		if err != nil {
			return nil, err
		}
		for _, one := range part {
			items = append(items, call.value(one))
		}
	}
	return items, nil
}

// part reads elements of an array.
func (call *Call) part(array Value, start int, places []passed) ([]passed, error) {
	status := C.alas_go_items(
		call.pointer, array.handle(), C.size_t(start), C.size_t(len(places)), valuesOf(places))
	return places, call.check(status, "read the elements")
}

func (call *Call) textsOf(array Value) ([]string, error) {
	length, err := call.lengthOf(array)
	if err != nil {
		return nil, err
	}
	texts := make([]string, 0, length)
	crossing := make([]passed, min(length, batch))
	found := make([]C.alas_go_entry, min(length, batch))
	for len(texts) < length {
		count := min(length-len(texts), batch)
		err := call.Scope(func() error {
			part, err := call.part(array, len(texts), crossing[:count])
			if err != nil {
				return err
			}
			status := C.alas_go_texts(call.pointer, valuesOf(part), C.size_t(count), &found[0])
			if err := call.check(status, "read the texts"); err != nil {
				return err
			}
			for _, one := range found[:count] {
				texts = append(texts, keyOf(one))
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
		// What they point to has been given back.
		clear(found)
	}
	return texts, nil
}

func (call *Call) valueOf(container Value, key string) (Value, bool, error) {
	if err := call.use(); err != nil {
		return Value{}, false, err
	}
	made := C.alas_go_map_get(call.pointer, container.handle(), bytesOf(key), C.size_t(len(key)))
	if made.status == C.ALAS_NOT_FOUND {
		return Value{}, false, nil
	}
	value, err := call.made(made, "look up a key")
	return value, err == nil, err
}

func (call *Call) entriesOf(container Value) ([]Entry, error) {
	length, err := call.lengthOf(container)
	if err != nil || length == 0 {
		return nil, err
	}
	entries := make([]Entry, 0, length)
	found := make([]C.alas_go_entry, min(length, batch))
	cursor := C.size_t(0)
	for {
		read := C.alas_go_entries(call.pointer, container.handle(), cursor, C.size_t(len(found)), &found[0])
		if err := call.check(read.status, "read the entries"); err != nil {
			return nil, err
		}
		for _, one := range found[:read.count] {
			value := call.value(*(*passed)(unsafe.Pointer(&one.value)))
			entries = append(entries, Entry{Key: keyOf(one), Value: value})
		}
		if read.status == C.ALAS_NOT_FOUND {
			return entries, nil
		}
		cursor = read.cursor
	}
}

// keyOf copies the bytes that an entry points to.
func keyOf(entry C.alas_go_entry) string {
	if entry.key_length == 0 {
		return ""
	}
	return string(unsafe.Slice((*byte)(unsafe.Pointer(entry.key)), int(entry.key_length)))
}
