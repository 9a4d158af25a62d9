package alas

import (
	"errors"
	"fmt"
	"sync"
)

// Function is a function of a plugin. The arguments are as many as it was registered with.
type Function = func(arguments []Value) (Value, error)

// FunctionWithCall is a function of a plugin that uses the host: its log, the plugin's settings, other functions.
type FunctionWithCall = func(call *Call, arguments []Value) (Value, error)

// MostFunctions is how many functions a plugin can have.
const MostFunctions = 1024

// registration is a function with what the host is told of it.
type registration struct {
	name       string
	parameters int
	function   FunctionWithCall
}

// registry is what the plugin's init functions have said. The host reads it when it loads the plugin.
type registry struct {
	lock       sync.Mutex
	module     string
	functions  []registration
	onInit     func(*Call) error
	onShutdown func()
	isRead     bool
	problems   []error
}

var plugin registry

// Module names the module that the plugin is, as its manifest does. It is called in an init function.
func Module(name string) {
	plugin.change(func() error {
		if plugin.module != "" && plugin.module != name {
			return fmt.Errorf("the module has two names, `%s` and `%s`", plugin.module, name)
		}
		plugin.module = name
		return nil
	})
}

// Register adds a function, with its name and the number of its parameters as in the manifest. It is called in an init
// function. What is wrong with a registration is said when the plugin is loaded.
func Register(name string, parameters int, function Function) {
	if function == nil {
		RegisterWithCall(name, parameters, nil)
		return
	}
	RegisterWithCall(name, parameters, func(_ *Call, arguments []Value) (Value, error) {
		return function(arguments)
	})
}

// RegisterWithCall adds a function that uses the host. Otherwise it is as Register.
func RegisterWithCall(name string, parameters int, function FunctionWithCall) {
	plugin.change(func() error {
		plugin.functions = append(plugin.functions, registration{name, max(parameters, 0), function})
		switch {
		case function == nil:
			return fmt.Errorf("the function `%s` is nil", name)
		case parameters < 0:
			return fmt.Errorf("the function `%s` is registered with %d parameters", name, parameters)
		case len(plugin.functions) == MostFunctions+1:
			return fmt.Errorf("the plugin has more than %d functions", MostFunctions)
		}
		return nil
	})
}

// OnInit has a function called each time the plugin is loaded, before any other. It may log and read settings; when it
// returns an error, the plugin is not loaded.
func OnInit(function func(call *Call) error) {
	plugin.change(func() error {
		if plugin.onInit != nil {
			return errors.New("OnInit is called twice")
		}
		plugin.onInit = function
		return nil
	})
}

// OnShutdown has a function called each time the plugin is unloaded, after the last of its functions. The library stays in
// the process, and so does what is in its variables.
func OnShutdown(function func()) {
	plugin.change(func() error {
		if plugin.onShutdown != nil {
			return errors.New("OnShutdown is called twice")
		}
		plugin.onShutdown = function
		return nil
	})
}

// change notes something, and what is wrong with it.
func (registry *registry) change(note func() error) {
	registry.lock.Lock()
	defer registry.lock.Unlock()
	if registry.isRead {
		registry.problems = append(registry.problems, errors.New("something is registered after the plugin was loaded"))
		return
	}
	if err := note(); err != nil {
		registry.problems = append(registry.problems, err)
	}
}

// read ends the registration, and returns what has come of it.
func (registry *registry) read() (module string, functions []registration) {
	registry.lock.Lock()
	defer registry.lock.Unlock()
	registry.isRead = true
	return registry.module, registry.functions
}

// problem returns all that is wrong, as one error.
func (registry *registry) problem() error {
	registry.lock.Lock()
	defer registry.lock.Unlock()
	if len(registry.problems) == 0 {
		return nil
	}
	return Errorf(codeRegistration, "%w", errors.Join(registry.problems...))
}
