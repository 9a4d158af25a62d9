package alas

import (
	"errors"
	"fmt"
	"io"
	"testing"
)

func TestACallWithoutHostMakesValuesInGo(t *testing.T) {
	var call Call
	value, items, err := call.NewFloats(3)
	if err != nil {
		t.Fatal(err)
	}
	items[1] = 2
	if found, err := value.Floats(); err != nil || found[1] != 2 {
		t.Errorf("found %v, %v", found, err)
	}
	_, _, err = call.NewInts(-1)
	expectError(t, err, "out_of_bounds", "-1 elements")
}

func TestACallWithoutHostHasNothingElse(t *testing.T) {
	var call Call
	call.Log(LevelError, "nobody reads this")
	if _, found := call.Config("key"); found || call.ShouldStop() {
		t.Error("there is no setting, and nobody who stops it")
	}
	if err := call.Scope(func() error { return io.EOF }); !errors.Is(err, io.EOF) {
		t.Errorf("found %v", err)
	}
	_, err := call.Invoke("f")
	expectError(t, err, "no_host", "no host")
	_, err = call.NewArray(1)
	expectError(t, err, "no_host", "no host")
}

func TestACallThatHasEndedIsRefused(t *testing.T) {
	var call Call
	call.state.Store(ended)
	kept := Value{kind: TextKind, held: &call}
	_, err := kept.Text()
	expectError(t, err, "expired_handle", "the call has ended")
	_, _, err = call.NewInts(1)
	expectError(t, err, "expired_handle", "the call has ended")
	if !call.ShouldStop() {
		t.Error("whatever still runs for it has nothing to do")
	}
	if found := kept.String(); found != "a text" {
		t.Errorf("found %q", found)
	}
}

func TestErrorsKeepWhatTheyWereMadeOf(t *testing.T) {
	err := Errorf("no_data", "reading %s: %w", "x", io.EOF)
	expectError(t, err, "no_data", "reading x: EOF")
	if !errors.Is(err, io.EOF) {
		t.Error("the cause is lost")
	}
	expectError(t, fmt.Errorf("outside: %w", err), "no_data", "reading x: EOF")
	if errors.Unwrap(&Error{Code: "a", Message: "b"}) != nil {
		t.Error("there is no cause")
	}
}

func TestAPanicSaysWhere(t *testing.T) {
	said := func(work func()) (text string) {
		defer func() { text = panicText(recover()) }()
		work()
		return ""
	}
	var missing map[string]int
	var nobody *Error
	empty := []int{}
	for _, work := range []func(){
		func() { panic("on purpose") },
		func() { missing["a"] = 1 },
		func() { nobody.Message = "" },
		func() { empty[len(missing)] = 1 },
	} {
		var file string
		var line int
		text := said(work)
		place := text[len(text)-len("(call_test.go:00)"):]
		if _, err := fmt.Sscanf(place, "(%12s:%d)", &file, &line); err != nil || file != "call_test.go" {
			t.Errorf("found %q", text)
		}
	}
}

func TestMistakesInRegistrationAreFound(t *testing.T) {
	function := func([]Value) (Value, error) { return Void(), nil }
	cases := []struct {
		register func()
		message  string
	}{
		{func() { Module("a"); Module("b") }, "two names, `a` and `b`"},
		{func() { Register("f", 1, nil) }, "`f` is nil"},
		{func() { Register("f", -1, function) }, "-1 parameters"},
		{func() { OnInit(func(*Call) error { return nil }); OnInit(nil) }, "OnInit is called twice"},
		{func() { OnShutdown(func() {}); OnShutdown(nil) }, "OnShutdown is called twice"},
		{func() { plugin.read(); Register("f", 1, function) }, "after the plugin was loaded"},
		{func() {
			for number := range MostFunctions + 2 {
				Register(fmt.Sprint("f", number), 0, function)
			}
		}, "more than 1024 functions"},
	}
	for _, one := range cases {
		plugin.forget()
		one.register()
		expectError(t, plugin.problem(), "invalid_registration", one.message)
	}
	plugin.forget()
	Module("a")
	Register("f", 1, function)
	if err := plugin.problem(); err != nil {
		t.Error(err)
	}
	plugin.forget()
}

// forget begins anew, as another process would.
func (registry *registry) forget() {
	registry.module, registry.functions, registry.problems = "", nil, nil
	registry.onInit, registry.onShutdown, registry.isRead = nil, nil, false
}
