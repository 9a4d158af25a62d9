package alas

import (
	"errors"
	"math"
	"reflect"
	"strings"
	"testing"
)

func TestScalarsAreReadAsWhatTheyAre(t *testing.T) {
	truth, err := Bool(true).Bool()
	if err != nil || !truth {
		t.Errorf("found %v, %v", truth, err)
	}
	for _, number := range []int64{0, -1, math.MaxInt64, math.MinInt64} {
		found, err := Int(number).Int()
		if err != nil || found != number {
			t.Errorf("expected %d, found %d, %v", number, found, err)
		}
	}
	for _, number := range []float64{0, -1.5, math.MaxFloat64, math.Inf(-1)} {
		found, err := Float(number).Float()
		if err != nil || found != number {
			t.Errorf("expected %v, found %v, %v", number, found, err)
		}
	}
	text, err := Text("Grüße").Text()
	if err != nil || text != "Grüße" {
		t.Errorf("found %q, %v", text, err)
	}
	if !Void().IsVoid() || !(Value{}).IsVoid() || Int(0).IsVoid() {
		t.Error("only void is void")
	}
}

func TestNumberTakesIntsAndFloats(t *testing.T) {
	for _, value := range []Value{Int(2), Float(2)} {
		if found, err := value.Number(); err != nil || found != 2 {
			t.Errorf("found %v, %v", found, err)
		}
	}
	_, err := Text("2").Number()
	expectError(t, err, "wrong_kind", "expected a number, found a text")
}

func TestReadingAnotherKindIsAnError(t *testing.T) {
	cases := []struct {
		read    func() error
		message string
	}{
		{func() error { _, err := Int(1).Bool(); return err }, "expected a bool, found an int"},
		{func() error { _, err := Float(1).Int(); return err }, "expected an int, found a float"},
		{func() error { _, err := Int(1).Float(); return err }, "expected a float, found an int"},
		{func() error { _, err := Void().Text(); return err }, "expected a text, found void"},
		{func() error { _, err := Bool(true).TextBytes(); return err }, "expected a text, found a bool"},
		{func() error { _, err := Map().Ints(); return err }, "expected an array of ints, found a map"},
		{func() error { _, err := Ints([]int64{1}).Floats(); return err },
			"expected an array of floats, but element 0 is an int"},
		{func() error { _, err := Array([]Value{Float(1), Int(1)}).Floats(); return err },
			"expected an array of floats, but element 1 is an int"},
		{func() error { _, err := Floats([]float64{1}).Texts(); return err },
			"expected an array of texts, but element 0 is a float"},
		{func() error { _, err := Text("a").Len(); return err }, "expected an array or a map, found a text"},
		{func() error { _, err := Map().At(0); return err }, "expected an array, found a map"},
		{func() error { _, err := Text("a").Items(); return err }, "expected an array, found a text"},
		{func() error { _, _, err := Ints(nil).Get("a"); return err }, "expected a map, found an array"},
		{func() error { _, err := Ints(nil).Entries(); return err }, "expected a map, found an array"},
	}
	for _, one := range cases {
		expectError(t, one.read(), "wrong_kind", one.message)
	}
}

func TestArraysAreReadInEveryForm(t *testing.T) {
	ints, err := Array([]Value{Int(1), Int(2)}).CopyInts()
	if err != nil || !reflect.DeepEqual(ints, []int64{1, 2}) {
		t.Errorf("found %v, %v", ints, err)
	}
	bools, err := Bools([]bool{true, false}).CopyBools()
	if err != nil || !reflect.DeepEqual(bools, []bool{true, false}) {
		t.Errorf("found %v, %v", bools, err)
	}
	texts, err := Array([]Value{Text("a")}).Texts()
	if err != nil || !reflect.DeepEqual(texts, []string{"a"}) {
		t.Errorf("found %v, %v", texts, err)
	}
	for _, array := range []Value{
		Ints([]int64{7}), Floats([]float64{7}), Bools([]bool{true}), Texts([]string{"7"}), Array([]Value{Int(7)}),
	} {
		length, err := array.Len()
		if err != nil || length != 1 {
			t.Errorf("found the length %d, %v", length, err)
		}
		item, err := array.At(0)
		if err != nil || item.Kind() == VoidKind {
			t.Errorf("found %v, %v", item, err)
		}
		items, err := array.Items()
		if err != nil || len(items) != 1 || items[0].String() != item.String() {
			t.Errorf("found %v, %v", items, err)
		}
		for _, position := range []int{-1, 1} {
			_, err = array.At(position)
			expectError(t, err, "out_of_bounds", "in an array of 1")
		}
	}
}

func TestAnEmptyArrayIsOneOfAnything(t *testing.T) {
	for _, array := range []Value{Ints(nil), Floats(nil), Bools(nil), Texts(nil), Array(nil)} {
		ints, err := array.Ints()
		floats, otherError := array.Floats()
		texts, lastError := array.Texts()
		if err := errors.Join(err, otherError, lastError); err != nil {
			t.Error(err)
		}
		if len(ints)+len(floats)+len(texts) != 0 {
			t.Errorf("found %v, %v, %v", ints, floats, texts)
		}
	}
}

func TestACopyIsNoPartOfTheArray(t *testing.T) {
	numbers := []float64{1, 2}
	copied, err := Floats(numbers).CopyFloats()
	numbers[0] = 5
	if err != nil || copied[0] != 1 {
		t.Errorf("found %v, %v", copied, err)
	}
}

func TestMapsKeepTheirOrder(t *testing.T) {
	value := Map(Pair("b", Int(1)), Pair("a", Int(2)), Pair("b", Int(3)))
	entries, err := value.Entries()
	if err != nil || len(entries) != 2 || entries[0].Key != "b" || entries[1].Key != "a" {
		t.Errorf("found %v, %v", entries, err)
	}
	if length, _ := value.Len(); length != 2 {
		t.Errorf("found the length %d", length)
	}
	last, found, err := value.Get("b")
	if number, _ := last.Int(); err != nil || !found || number != 3 {
		t.Errorf("found %v, %v, %v", last, found, err)
	}
	if _, found, err = value.Get("c"); found || err != nil {
		t.Errorf("found %v, %v", found, err)
	}
}

func TestValuesPrintForPeople(t *testing.T) {
	cases := map[string]Value{
		"void":          Void(),
		"true":          Bool(true),
		"-3":            Int(-3),
		"0.5":           Float(0.5),
		"a text":        Text("a text"),
		"an array of 2": Ints([]int64{1, 2}),
		"a map of 1":    Map(Pair("a", Void())),
	}
	for expected, value := range cases {
		if found := value.String(); found != expected {
			t.Errorf("expected %q, found %q", expected, found)
		}
	}
}

func expectError(t *testing.T, err error, code, message string) {
	t.Helper()
	var coded *Error
	if !errors.As(err, &coded) {
		t.Errorf("expected the error %s, found %v", code, err)
	} else if coded.Code != code || !strings.Contains(coded.Message, message) {
		t.Errorf("expected %s: %s, found %s: %s", code, message, coded.Code, coded.Message)
	}
}
