package main

import (
	"fmt"
	"strings"
	"sync"

	alas "github.com/dshills/alas/sdk/go"
)

func echo(arguments []alas.Value) (alas.Value, error) {
	return arguments[0], nil
}

// rebuild copies a value to Go, and makes one of the copy.
func rebuild(arguments []alas.Value) (alas.Value, error) {
	copied, err := arguments[0].Go()
	if err != nil {
		return alas.Void(), err
	}
	return alas.FromGo(copied)
}

// join takes as many arguments as no call has room for beside itself.
func join(arguments []alas.Value) (alas.Value, error) {
	var words []string
	for _, argument := range arguments {
		words = append(words, fmt.Sprint(argument))
	}
	return alas.Text(strings.Join(words, " ")), nil
}

func upper(arguments []alas.Value) (alas.Value, error) {
	texts, err := arguments[0].Texts()
	if err != nil {
		return alas.Void(), err
	}
	for position := range texts {
		texts[position] = strings.ToUpper(texts[position])
	}
	return alas.Texts(texts), nil
}

// reverse returns the entries of a map in the opposite order.
func reverse(arguments []alas.Value) (alas.Value, error) {
	entries, err := arguments[0].Entries()
	if err != nil {
		return alas.Void(), err
	}
	var reversed []alas.Entry
	for position := len(entries) - 1; position >= 0; position-- {
		reversed = append(reversed, entries[position])
	}
	return alas.Map(reversed...), nil
}

// look finds an element by a position, or a value by a key.
func look(arguments []alas.Value) (alas.Value, error) {
	if arguments[0].Kind() == alas.ArrayKind {
		position, err := arguments[1].Int()
		if err != nil {
			return alas.Void(), err
		}
		return arguments[0].At(int(position))
	}
	key, err := arguments[1].Text()
	if err != nil {
		return alas.Void(), err
	}
	value, found, err := arguments[0].Get(key)
	if err == nil && !found {
		return alas.Text("nothing"), nil
	}
	return value, err
}

// sums reads packed arrays of every kind, and counts the truths.
func sums(arguments []alas.Value) (alas.Value, error) {
	ints, err := arguments[0].Ints()
	if err != nil {
		return alas.Void(), err
	}
	floats, err := arguments[1].Floats()
	if err != nil {
		return alas.Void(), err
	}
	bools, err := arguments[2].Bools()
	if err != nil {
		return alas.Void(), err
	}
	whole, part, truths := int64(0), 0.0, int64(0)
	for _, item := range ints {
		whole += item
	}
	for _, item := range floats {
		part += item
	}
	for _, item := range bools {
		if item {
			truths++
		}
	}
	return alas.Array([]alas.Value{alas.Int(whole), alas.Float(part), alas.Int(truths)}), nil
}

// squares fills memory of the host, and gives back the last place.
func squares(call *alas.Call, arguments []alas.Value) (alas.Value, error) {
	length, err := arguments[0].Int()
	if err != nil {
		return alas.Void(), err
	}
	result, items, err := call.NewInts(int(length) + 1)
	if err != nil {
		return alas.Void(), err
	}
	for position := range items {
		items[position] = int64(position) * int64(position)
	}
	return result, call.Truncate(result, int(length))
}

// packed returns one array of each kind.
func packed(call *alas.Call, arguments []alas.Value) (alas.Value, error) {
	made, items, err := call.NewBools(2)
	if err != nil {
		return alas.Void(), err
	}
	items[1] = true
	return alas.Map(
		alas.Pair("ints", alas.Ints([]int64{1, 2})),
		alas.Pair("floats", alas.Floats([]float64{0.5})),
		alas.Pair("bools", alas.Bools([]bool{true, false})),
		alas.Pair("texts", alas.Texts([]string{"", "a", "ü"})),
		alas.Pair("made", made),
		alas.Pair("empty", alas.Ints(nil)),
		alas.Pair("none", alas.Map()),
	), nil
}

// grow makes an array of many maps in the host's memory, in scopes.
func grow(call *alas.Call, arguments []alas.Value) (alas.Value, error) {
	length, err := arguments[0].Int()
	if err != nil {
		return alas.Void(), err
	}
	result, err := call.NewArray(int(length))
	if err != nil {
		return alas.Void(), err
	}
	for number := range length {
		err := call.Scope(func() error {
			one, err := call.NewMap(1)
			if err != nil {
				return err
			}
			if err := call.Put(one, alas.Pair("name", alas.Text(fmt.Sprint(number)))); err != nil {
				return err
			}
			return call.Push(result, one)
		})
		if err != nil {
			return alas.Void(), err
		}
	}
	return result, nil
}

// together adds up lent floats in several goroutines.
func together(arguments []alas.Value) (alas.Value, error) {
	numbers, err := arguments[0].Floats()
	if err != nil {
		return alas.Void(), err
	}
	var parts [4]float64
	var group sync.WaitGroup
	for part := range parts {
		group.Add(1)
		go func() {
			defer group.Done()
			for position := part; position < len(numbers); position += len(parts) {
				parts[part] += numbers[position]
			}
		}()
	}
	group.Wait()
	return alas.Float(parts[0] + parts[1] + parts[2] + parts[3]), nil
}
