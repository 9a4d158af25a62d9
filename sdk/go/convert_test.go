package alas

import (
	"math"
	"reflect"
	"testing"
)

func TestValuesOfGoComeBackAsTheyWere(t *testing.T) {
	type part struct {
		Name    string `alas:"name"`
		Amount  uint8
		Left    string `alas:"-"`
		private int
	}
	number := 5
	cases := []struct{ from, expected any }{
		{nil, nil},
		{true, true},
		{int8(-3), int64(-3)},
		{uint64(math.MaxInt64), int64(math.MaxInt64)},
		{float32(0.5), 0.5},
		{"text", "text"},
		{&number, int64(5)},
		{(*int)(nil), nil},
		{[]int64{1}, []any{int64(1)}},
		{[]float64{1}, []any{1.0}},
		{[]bool{true}, []any{true}},
		{[]string{"a"}, []any{"a"}},
		{[]any{1, "a", nil, []any{2.0}}, []any{int64(1), "a", nil, []any{2.0}}},
		{[2]int{1, 2}, []any{int64(1), int64(2)}},
		{map[string]int{"a": 1}, map[string]any{"a": int64(1)}},
		{part{"n", 2, "left", 1}, map[string]any{"name": "n", "Amount": int64(2)}},
		{Int(1), int64(1)},
		{[]Value{Int(1)}, []any{int64(1)}},
		{map[string]any{"a": Text("b"), "c": []Entry{Pair("d", Int(1))}},
			map[string]any{"a": "b", "c": map[string]any{"d": int64(1)}}},
	}
	for _, one := range cases {
		value, err := FromGo(one.from)
		if err != nil {
			t.Errorf("%v: %v", one.from, err)
			continue
		}
		if found, err := value.Go(); err != nil || !reflect.DeepEqual(found, one.expected) {
			t.Errorf("expected %#v, found %#v, %v", one.expected, found, err)
		}
	}
}

func TestAMapOfGoComesInTheOrderOfItsKeys(t *testing.T) {
	value, err := FromGo(map[string]int{"c": 3, "a": 1, "b": 2})
	if err != nil {
		t.Fatal(err)
	}
	entries, err := value.Entries()
	if err != nil || entries[0].Key != "a" || entries[1].Key != "b" || entries[2].Key != "c" {
		t.Errorf("found %v, %v", entries, err)
	}
}

func TestWhatIsNoValueIsRefused(t *testing.T) {
	endless := []any{nil}
	endless[0] = endless
	cases := []struct {
		from          any
		code, message string
	}{
		{make(chan int), "unsupported_type", "chan int"},
		{[]any{func() {}}, "unsupported_type", "func()"},
		{map[int]int{1: 1}, "unsupported_type", "not the type int"},
		{uint64(math.MaxUint64), "unsupported_type", "18446744073709551615 is too large"},
		{endless, "too_deep", "nested deeper"},
	}
	for _, one := range cases {
		_, err := FromGo(one.from)
		expectError(t, err, one.code, one.message)
	}
}
