// Package alas makes plugins for ALaS of functions in Go.
//
// A plugin is a program of the package main that registers its functions and is built as a shared library:
//
//	package main
//
//	import alas "github.com/dshills/alas/sdk/go"
//
//	func init() {
//		alas.Module("greetings")
//		alas.Register("greet", 1, greet)
//	}
//
//	func greet(args []alas.Value) (alas.Value, error) {
//		name, err := args[0].Text()
//		if err != nil {
//			return alas.Void(), err
//		}
//		return alas.Text("Hello, " + name), nil
//	}
//
//	func main() {}
//
// It is built with
//
//	go build -buildmode=c-shared -o greetings.so .
//
// # Values
//
// What a function gets is the host's: text, arrays and maps are read from its memory, and are valid until the function
// returns. What a function makes with Text, Floats, Map and so on is plain Go, which is handed to the host when the function
// returns it; large arrays of numbers are better made by Call.NewFloats and its kin, which lend the host's memory. Values
// never change: whoever reads one must not write to it.
//
// Because functions take and return plain values, `go test` can call them without any host.
//
// # Failing
//
// A function that returns an error fails with its text, and with the code "error", or that of Errorf. A panic is the code
// "panic", and ends only the call.
//
// # Goroutines
//
// A function may start goroutines and wait for them. They can use slices that were lent to the function, and what is plain
// Go; whatever asks the host works only in the goroutine in which the function was called.
package alas
