package main

import (
	"errors"
	"fmt"
	"time"

	alas "github.com/dshills/alas/sdk/go"
)

var kept struct {
	call  *alas.Call
	value alas.Value
}

// fail fails in the way that it is asked for.
func fail(call *alas.Call, arguments []alas.Value) (alas.Value, error) {
	way, err := arguments[0].Text()
	if err != nil {
		return alas.Void(), err
	}
	switch way {
	case "plainly":
		return alas.Void(), errors.New("it is plain")
	case "with a code":
		return alas.Int(1), alas.Errorf("no_luck", "the number is %d", 13)
	case "with a code inside":
		return alas.Void(), fmt.Errorf("outside: %w", alas.Errorf("no_luck", "inside"))
	case "without a text":
		return alas.Void(), &alas.Error{Code: "silent"}
	case "by a panic":
		panic("on purpose")
	case "by an index":
		return arguments[len(way)], nil
	case "by nil":
		var nobody *alas.Error
		nobody.Message = "written nowhere"
	case "by no text":
		return alas.Text("\xff"), nil
	case "by no key":
		return alas.Map(alas.Pair("\xff", alas.Int(1))), nil
	case "by no end":
		endless := []alas.Value{alas.Void()}
		endless[0] = alas.Array(endless)
		return alas.Array(endless), nil
	case "by an argument":
		return alas.Void(), call.Push(arguments[1], alas.Int(1))
	case "by elements":
		_, err := arguments[1].Ints()
		return alas.Void(), err
	case "by elements, and says so":
		_, err := arguments[1].Ints()
		return alas.Void(), alas.Errorf("own_code", "no ints: %w", err)
	case "later than the host":
		arguments[1].Ints()
		return alas.Void(), errors.New("the last word")
	case "by a scope":
		var inside alas.Value
		err := call.Scope(func() (err error) {
			inside, err = call.NewArray(0)
			return err
		})
		if err != nil {
			return alas.Void(), err
		}
		return inside, nil
	case "in a goroutine":
		failed := make(chan error)
		go func() {
			_, err := arguments[1].Items()
			failed <- err
		}()
		return alas.Void(), <-failed
	}
	return alas.Void(), nil
}

// keep keeps what is valid until it returns.
func keep(call *alas.Call, arguments []alas.Value) (alas.Value, error) {
	kept.call, kept.value = call, arguments[0]
	return alas.Void(), nil
}

// useKept uses what has been kept, in one of several ways.
func useKept(call *alas.Call, arguments []alas.Value) (alas.Value, error) {
	way, err := arguments[0].Text()
	if err != nil {
		return alas.Void(), err
	}
	switch way {
	case "read":
		_, err = kept.value.Len()
		return alas.Void(), err
	case "make":
		_, _, err = kept.call.NewFloats(1)
		return alas.Void(), err
	case "put":
		return alas.Array([]alas.Value{kept.value}), nil
	}
	return kept.value, nil
}

// wait works until it is to stop, and has a goroutine do so, too.
func wait(call *alas.Call, arguments []alas.Value) (alas.Value, error) {
	other := make(chan bool)
	go func() {
		for !call.ShouldStop() {
			time.Sleep(time.Millisecond)
		}
		close(other)
	}()
	for !call.ShouldStop() {
		time.Sleep(time.Millisecond)
	}
	<-other
	return alas.Void(), nil
}
