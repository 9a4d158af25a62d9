// This is a plugin that uses all of the kit, for its tests.
package main

import (
	"errors"
	"fmt"
	"runtime"
	"sync/atomic"

	alas "github.com/dshills/alas/sdk/go"
)

var begun, over atomic.Int64

func init() {
	alas.Module("probe")
	alas.Register("echo", 1, echo)
	alas.Register("rebuild", 1, rebuild)
	alas.Register("join", 10, join)
	alas.Register("upper", 1, upper)
	alas.Register("reverse", 1, reverse)
	alas.Register("look", 2, look)
	alas.Register("sums", 3, sums)
	alas.Register("together", 1, together)
	alas.RegisterWithCall("squares", 1, squares)
	alas.RegisterWithCall("packed", 0, packed)
	alas.RegisterWithCall("grow", 1, grow)
	alas.RegisterWithCall("fail", 2, fail)
	alas.RegisterWithCall("keep", 1, keep)
	alas.RegisterWithCall("use_kept", 1, useKept)
	alas.RegisterWithCall("wait", 0, wait)
	alas.RegisterWithCall("setting", 1, setting)
	alas.RegisterWithCall("say", 2, say)
	alas.RegisterWithCall("invoke", 2, invoke)
	alas.Register("lives", 0, lives)
	alas.Register("collect", 0, collect)
	alas.OnInit(initialize)
	alas.OnShutdown(func() { over.Add(1) })
}

func initialize(call *alas.Call) error {
	begun.Add(1)
	call.Log(alas.LevelInfo, "the probe begins")
	if reason, found := call.Config("refuse"); found {
		if reason == "panic" {
			panic("on purpose")
		}
		return errors.New(reason)
	}
	return nil
}

func setting(call *alas.Call, arguments []alas.Value) (alas.Value, error) {
	key, err := arguments[0].Text()
	if err != nil {
		return alas.Void(), err
	}
	value, found := call.Config(key)
	return alas.Text(fmt.Sprintf("%q %v", value, found)), nil
}

func say(call *alas.Call, arguments []alas.Value) (alas.Value, error) {
	level, err := arguments[0].Int()
	if err != nil {
		return alas.Void(), err
	}
	call.Logf(alas.Level(level), "the probe says %s", arguments[1])
	return alas.Void(), nil
}

func invoke(call *alas.Call, arguments []alas.Value) (alas.Value, error) {
	name, err := arguments[0].Text()
	if err != nil {
		return alas.Void(), err
	}
	passed, err := arguments[1].Items()
	if err != nil {
		return alas.Void(), err
	}
	return call.Invoke(name, passed...)
}

// lives says how often the plugin has begun, and how often it has ended.
func lives([]alas.Value) (alas.Value, error) {
	return alas.Ints([]int64{begun.Load(), over.Load()}), nil
}

// collect has the collector look at everything.
func collect([]alas.Value) (alas.Value, error) {
	runtime.GC()
	return alas.Void(), nil
}

func main() {}
