package alas

import (
	"math"
)

// Bool returns what a bool is.
func (value Value) Bool() (bool, error) {
	if value.kind != BoolKind {
		return false, wrongKind("a bool", value)
	}
	return value.bits != 0, nil
}

// Int returns the number of an int.
func (value Value) Int() (int64, error) {
	if value.kind != IntKind {
		return 0, wrongKind("an int", value)
	}
	return int64(value.bits), nil
}

// Float returns the number of a float. An int is none; Number takes both.
func (value Value) Float() (float64, error) {
	if value.kind != FloatKind {
		return 0, wrongKind("a float", value)
	}
	return math.Float64frombits(value.bits), nil
}

// Number returns the number of a float or an int, which is for parameters of the type any.
func (value Value) Number() (float64, error) {
	switch value.kind {
	case FloatKind:
		return math.Float64frombits(value.bits), nil
	case IntKind:
		return float64(int64(value.bits)), nil
	}
	return 0, wrongKind("a number", value)
}

// Text returns a text, as a copy that stays valid.
func (value Value) Text() (string, error) {
	if text, ok := value.held.(string); ok {
		return text, nil
	}
	bytes, err := value.TextBytes()
	return string(bytes), err
}

// TextBytes lends the bytes of a text without copying them. They must only be read, and are valid until the function
// returns.
func (value Value) TextBytes() ([]byte, error) {
	if value.kind != TextKind {
		return nil, wrongKind("a text", value)
	}
	switch held := value.held.(type) {
	case *Call:
		return lend[byte](held, value, TextKind, "read the text")
	case string:
		return []byte(held), nil
	}
	return nil, wrongKind("a text", value)
}

// Ints lends the elements of an array<int> without copying them. They must only be read, and are valid until the function
// returns.
func (value Value) Ints() ([]int64, error) {
	return packed(value, IntKind, "an array of ints", Value.Int)
}

// Floats lends the elements of an array<float> without copying them. They must only be read, and are valid until the
// function returns.
func (value Value) Floats() ([]float64, error) {
	return packed(value, FloatKind, "an array of floats", Value.Float)
}

// Bools lends the elements of an array<bool> without copying them. They must only be read, and are valid until the function
// returns.
func (value Value) Bools() ([]bool, error) {
	return packed(value, BoolKind, "an array of bools", Value.Bool)
}

// CopyInts returns the elements of an array<int>, as a copy that stays valid.
func (value Value) CopyInts() ([]int64, error) {
	items, err := value.Ints()
	return append([]int64(nil), items...), err
}

// CopyFloats returns the elements of an array<float>, as a copy that stays valid.
func (value Value) CopyFloats() ([]float64, error) {
	items, err := value.Floats()
	return append([]float64(nil), items...), err
}

// CopyBools returns the elements of an array<bool>, as a copy that stays valid.
func (value Value) CopyBools() ([]bool, error) {
	items, err := value.Bools()
	return append([]bool(nil), items...), err
}

// Texts returns the elements of an array<string>, as copies that stay valid.
func (value Value) Texts() ([]string, error) {
	const wanted = "an array of texts"
	if value.kind != ArrayKind {
		return nil, wrongKind(wanted, value)
	}
	switch held := value.held.(type) {
	case *Call:
		return held.textsOf(value)
	case []string:
		return held, nil
	case []Value:
		return each(held, wanted, Value.Text)
	}
	return nil, otherElements(value, wanted)
}

// Len returns how many elements an array, or entries a map has.
func (value Value) Len() (int, error) {
	switch held := value.held.(type) {
	case *Call:
		if value.kind != TextKind {
			return held.lengthOf(value)
		}
	case []int64:
		return len(held), nil
	case []float64:
		return len(held), nil
	case []bool:
		return len(held), nil
	case []string:
		return len(held), nil
	case []Value:
		return len(held), nil
	case []Entry:
		return len(distinct(held)), nil
	}
	return 0, wrongKind("an array or a map", value)
}

// At returns an element of any array.
func (value Value) At(position int) (Value, error) {
	length, err := value.Len()
	if value.kind != ArrayKind {
		return Value{}, wrongKind("an array", value)
	}
	if err != nil {
		return Value{}, err
	}
	if position < 0 || position >= length {
		return Value{}, Errorf(codeOutOfBounds, "there is no element %d in an array of %d", position, length)
	}
	if call, ok := value.held.(*Call); ok {
		return call.elementOf(value, position)
	}
	return own(value, position), nil
}

// Items returns the elements of any array. For an array<int>, array<float> and array<bool> there are faster ways.
func (value Value) Items() ([]Value, error) {
	length, err := value.Len()
	if value.kind != ArrayKind {
		return nil, wrongKind("an array", value)
	}
	if err != nil {
		return nil, err
	}
	if call, ok := value.held.(*Call); ok {
		return call.elementsOf(value, length)
	}
	items := make([]Value, length)
	for position := range items {
		items[position] = own(value, position)
	}
	return items, nil
}

// Get returns the value of a key of a map, or a field of a struct, and whether it is there.
func (value Value) Get(key string) (Value, bool, error) {
	if value.kind != MapKind {
		return Value{}, false, wrongKind("a map", value)
	}
	if call, ok := value.held.(*Call); ok {
		return call.valueOf(value, key)
	}
	entries, _ := value.held.([]Entry)
	for position := len(entries) - 1; position >= 0; position-- {
		if entries[position].Key == key {
			return entries[position].Value, true, nil
		}
	}
	return Value{}, false, nil
}

// Entries returns the entries of a map, in the order of insertion.
func (value Value) Entries() ([]Entry, error) {
	if value.kind != MapKind {
		return nil, wrongKind("a map", value)
	}
	if call, ok := value.held.(*Call); ok {
		return call.entriesOf(value)
	}
	entries, _ := value.held.([]Entry)
	return distinct(entries), nil
}

// packed returns the elements of an array of numbers or bools.
func packed[T int64 | float64 | bool](
	value Value, element Kind, wanted string, read func(Value) (T, error),
) ([]T, error) {
	if value.kind != ArrayKind {
		return nil, wrongKind(wanted, value)
	}
	switch held := value.held.(type) {
	case *Call:
		return lend[T](held, value, element, "read "+wanted)
	case []T:
		return held, nil
	case []Value:
		return each(held, wanted, read)
	}
	return nil, otherElements(value, wanted)
}

// each reads all elements of an array that is plain Go.
func each[T any](items []Value, wanted string, read func(Value) (T, error)) ([]T, error) {
	found := make([]T, len(items))
	for position, item := range items {
		one, err := read(item)
		if err != nil {
			return nil, Errorf(codeWrongKind, "expected %s, but element %d is %s", wanted, position, item.kind)
		}
		found[position] = one
	}
	return found, nil
}

// otherElements is what an array that is plain Go says when it holds something else. An empty one holds nothing else.
func otherElements(value Value, wanted string) error {
	if length, err := value.Len(); err != nil || length == 0 {
		return err
	}
	return Errorf(codeWrongKind, "expected %s, but element 0 is %s", wanted, own(value, 0).kind)
}

// own returns an element of an array that is plain Go.
func own(value Value, position int) Value {
	switch held := value.held.(type) {
	case []int64:
		return Int(held[position])
	case []float64:
		return Float(held[position])
	case []bool:
		return Bool(held[position])
	case []string:
		return Text(held[position])
	case []Value:
		return held[position]
	}
	return Value{}
}

// distinct returns entries as a map keeps them: each key once, in its first place, with its last value.
func distinct(entries []Entry) []Entry {
	places := make(map[string]int, len(entries))
	kept := make([]Entry, 0, len(entries))
	for _, entry := range entries {
		if place, known := places[entry.Key]; known {
			kept[place].Value = entry.Value
			continue
		}
		places[entry.Key] = len(kept)
		kept = append(kept, entry)
	}
	return kept
}
