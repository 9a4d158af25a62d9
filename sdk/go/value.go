package alas

import (
	"fmt"
	"math"
	"strconv"
)

// Value is a value of ALaS. The zero Value is void.
//
// It is the host's, when a function has got it, or plain Go, when a function of this package has made it. Both are read in
// the same way. Values cannot be compared with ==, because two of them can be equal without being the same.
type Value struct {
	_     [0]func()
	kind  Kind
	index uint32
	// The number in a bool, int or float; the handle of what the host holds.
	bits uint64
	// Nil in a bool, int, float or void; the call of what the host holds; otherwise a string, a slice of int64, float64,
	// bool, string, Value or Entry.
	held any
}

// Entry is a key of a map with its value.
type Entry struct {
	Key   string
	Value Value
}

// Pair makes an entry, for Map.
func Pair(key string, value Value) Entry {
	return Entry{Key: key, Value: value}
}

// Void makes the value of functions that return nothing.
func Void() Value {
	return Value{}
}

// Bool makes a bool.
func Bool(value bool) Value {
	if value {
		return Value{kind: BoolKind, bits: 1}
	}
	return Value{kind: BoolKind}
}

// Int makes an int.
func Int(value int64) Value {
	return Value{kind: IntKind, bits: uint64(value)}
}

// Float makes a float.
func Float(value float64) Value {
	return Value{kind: FloatKind, bits: math.Float64bits(value)}
}

// Text makes a text. The host refuses one that is no UTF-8.
func Text(value string) Value {
	return Value{kind: TextKind, held: value}
}

// Ints makes an array<int>. The slice must not change before the function has returned.
func Ints(items []int64) Value {
	return Value{kind: ArrayKind, held: items}
}

// Floats makes an array<float>. The slice must not change before the function has returned.
func Floats(items []float64) Value {
	return Value{kind: ArrayKind, held: items}
}

// Bools makes an array<bool>. The slice must not change before the function has returned.
func Bools(items []bool) Value {
	return Value{kind: ArrayKind, held: items}
}

// Texts makes an array<string>. The slice must not change before the function has returned.
func Texts(items []string) Value {
	return Value{kind: ArrayKind, held: items}
}

// Array makes an array of any values. The slice must not change before the function has returned.
func Array(items []Value) Value {
	return Value{kind: ArrayKind, held: items}
}

// Map makes a map, or a struct, with its entries in this order. Of entries with the same key, the first gives the place and
// the last the value.
func Map(entries ...Entry) Value {
	return Value{kind: MapKind, held: entries}
}

// Kind says what the value is.
func (value Value) Kind() Kind {
	return value.kind
}

// IsVoid says whether the value is void.
func (value Value) IsVoid() bool {
	return value.kind == VoidKind
}

// String returns the value for messages and logs: a number or text as it is, of an array or map how much it holds.
func (value Value) String() string {
	switch value.kind {
	case VoidKind:
		return "void"
	case BoolKind:
		return strconv.FormatBool(value.bits != 0)
	case IntKind:
		return strconv.FormatInt(int64(value.bits), 10)
	case FloatKind:
		return strconv.FormatFloat(math.Float64frombits(value.bits), 'g', -1, 64)
	case TextKind:
		if text, err := value.Text(); err == nil {
			return text
		}
	default:
		if length, err := value.Len(); err == nil {
			return fmt.Sprintf("%s of %d", value.kind, length)
		}
	}
	return value.kind.String()
}
