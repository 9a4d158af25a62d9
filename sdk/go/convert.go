package alas

import (
	"math"
	"reflect"
	"slices"
	"strings"
)

// FromGo makes a value of one of Go: of bools, numbers, strings, slices, maps with strings as keys, structs, pointers to
// them, and nil, which is void.
//
// A map comes in the order of its keys. A struct is a map of its exported fields; the tag `alas:"name"` gives a field
// another name, and `alas:"-"` leaves it out. Whatever is a Value, or an Entry, is taken as it is.
func FromGo(value any) (Value, error) {
	switch value := value.(type) {
	case Value:
		return value, nil
	case []Entry:
		return Map(value...), nil
	case []int64:
		return Ints(value), nil
	case []float64:
		return Floats(value), nil
	case []bool:
		return Bools(value), nil
	case []string:
		return Texts(value), nil
	case []Value:
		return Array(value), nil
	}
	return reflected(reflect.ValueOf(value), 0)
}

// reflected makes a value of whatever FromGo takes.
func reflected(value reflect.Value, depth int) (Value, error) {
	if depth > deepest {
		return Value{}, Errorf(codeTooDeep, "the value is nested deeper than %d slices and maps", deepest)
	}
	if !value.IsValid() {
		return Void(), nil
	}
	switch value.Type() {
	case reflect.TypeFor[Value](), reflect.TypeFor[[]Entry](), reflect.TypeFor[[]Value]():
		return FromGo(value.Interface())
	}
	switch value.Kind() {
	case reflect.Bool:
		return Bool(value.Bool()), nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return Int(value.Int()), nil
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		if value.Uint() > math.MaxInt64 {
			return Value{}, Errorf(codeUnsupported, "%d is too large for an int", value.Uint())
		}
		return Int(int64(value.Uint())), nil
	case reflect.Float32, reflect.Float64:
		return Float(value.Float()), nil
	case reflect.String:
		return Text(value.String()), nil
	case reflect.Pointer, reflect.Interface:
		if value.IsNil() {
			return Void(), nil
		}
		return reflected(value.Elem(), depth+1)
	case reflect.Slice, reflect.Array:
		return reflectedSlice(value, depth)
	case reflect.Map:
		return reflectedMap(value, depth)
	case reflect.Struct:
		return reflectedStruct(value, depth)
	}
	return Value{}, Errorf(codeUnsupported, "a Go value of the type %s is no value of ALaS", value.Type())
}

func reflectedSlice(value reflect.Value, depth int) (Value, error) {
	items := make([]Value, value.Len())
	for position := range items {
		item, err := reflected(value.Index(position), depth+1)
		if err != nil {
			return Value{}, err
		}
		items[position] = item
	}
	return Array(items), nil
}

func reflectedMap(value reflect.Value, depth int) (Value, error) {
	if value.Type().Key().Kind() != reflect.String {
		return Value{}, Errorf(codeUnsupported, "a map has texts as keys, not the type %s", value.Type().Key())
	}
	keys := value.MapKeys()
	slices.SortFunc(keys, func(one, other reflect.Value) int { return strings.Compare(one.String(), other.String()) })
	entries := make([]Entry, len(keys))
	for position, key := range keys {
		item, err := reflected(value.MapIndex(key), depth+1)
		if err != nil {
			return Value{}, err
		}
		entries[position] = Pair(key.String(), item)
	}
	return Map(entries...), nil
}

func reflectedStruct(value reflect.Value, depth int) (Value, error) {
	var entries []Entry
	for number := range value.NumField() {
		field := value.Type().Field(number)
		name, isNamed := field.Tag.Lookup("alas")
		if !field.IsExported() || name == "-" {
			continue
		}
		if !isNamed || name == "" {
			name = field.Name
		}
		item, err := reflected(value.Field(number), depth+1)
		if err != nil {
			return Value{}, err
		}
		entries = append(entries, Pair(name, item))
	}
	return Map(entries...), nil
}

// Go returns the value as a copy in Go that stays valid: nil, bool, int64, float64, string, []any or map[string]any. The
// order of the entries of maps is lost.
func (value Value) Go() (any, error) {
	return value.copied(0)
}

func (value Value) copied(depth int) (any, error) {
	if depth > deepest {
		return nil, Errorf(codeTooDeep, "the value is nested deeper than %d arrays and maps", deepest)
	}
	switch value.kind {
	case VoidKind:
		return nil, nil
	case BoolKind:
		return value.Bool()
	case IntKind:
		return value.Int()
	case FloatKind:
		return value.Float()
	case TextKind:
		return value.Text()
	case ArrayKind:
		items, err := value.Items()
		if err != nil {
			return nil, err
		}
		found := make([]any, len(items))
		for position, item := range items {
			if found[position], err = item.copied(depth + 1); err != nil {
				return nil, err
			}
		}
		return found, nil
	}
	entries, err := value.Entries()
	if err != nil {
		return nil, err
	}
	found := make(map[string]any, len(entries))
	for _, entry := range entries {
		if found[entry.Key], err = entry.Value.copied(depth + 1); err != nil {
			return nil, err
		}
	}
	return found, nil
}
