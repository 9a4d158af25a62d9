// This is a plugin in Go: the module statistics, whose functions read arrays of floats in the memory of the host.
package main

import alas "github.com/dshills/alas/sdk/go"

func init() {
	alas.Module("statistics")
	alas.Register("mean", 1, mean)
	alas.Register("median", 1, median)
	alas.RegisterWithCall("quantiles", 2, quantiles)
	alas.Register("histogram", 2, histogram)
}

func mean(arguments []alas.Value) (alas.Value, error) {
	numbers, err := arguments[0].Floats()
	if err != nil {
		return alas.Void(), err
	}
	found, err := meanOf(numbers)
	return alas.Float(found), err
}

func median(arguments []alas.Value) (alas.Value, error) {
	numbers, err := arguments[0].Floats()
	if err != nil {
		return alas.Void(), err
	}
	var found [1]float64
	err = quantilesOf(found[:], numbers, []float64{0.5})
	return alas.Float(found[0]), err
}

// quantiles writes its result where the host will read it.
func quantiles(call *alas.Call, arguments []alas.Value) (alas.Value, error) {
	numbers, err := arguments[0].Floats()
	if err != nil {
		return alas.Void(), err
	}
	shares, err := arguments[1].Floats()
	if err != nil {
		return alas.Void(), err
	}
	result, found, err := call.NewFloats(len(shares))
	if err != nil {
		return alas.Void(), err
	}
	return result, quantilesOf(found, numbers, shares)
}

// histogram returns an array of the struct Bin.
func histogram(arguments []alas.Value) (alas.Value, error) {
	numbers, err := arguments[0].Floats()
	if err != nil {
		return alas.Void(), err
	}
	count, err := arguments[1].Int()
	if err != nil {
		return alas.Void(), err
	}
	bins, err := histogramOf(numbers, count)
	if err != nil {
		return alas.Void(), err
	}
	result := make([]alas.Value, len(bins))
	for position, bin := range bins {
		result[position] = alas.Map(
			alas.Pair("from", alas.Float(bin.from)),
			alas.Pair("to", alas.Float(bin.to)),
			alas.Pair("count", alas.Int(bin.count)),
		)
	}
	return alas.Array(result), nil
}

// A shared library is never run, but Go asks for the function.
func main() {}
