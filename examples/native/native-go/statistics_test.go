package main

import (
	"errors"
	"math"
	"reflect"
	"slices"
	"testing"

	alas "github.com/dshills/alas/sdk/go"
)

// The functions take and return plain values, so that they can be called without a host.
func TestFunctionsGiveWhatTheyShould(t *testing.T) {
	numbers := alas.Floats([]float64{4, 1, 3, 2})
	quantilesWithoutHost := func(arguments []alas.Value) (alas.Value, error) {
		return quantiles(&alas.Call{}, arguments)
	}
	cases := []struct {
		function  alas.Function
		arguments []alas.Value
		expected  any
	}{
		{mean, []alas.Value{numbers}, 2.5},
		{median, []alas.Value{numbers}, 2.5},
		{median, []alas.Value{alas.Floats([]float64{3, 1, 2})}, 2.0},
		{quantilesWithoutHost, []alas.Value{numbers, alas.Floats([]float64{0, 0.5, 1})}, []any{1.0, 2.5, 4.0}},
		{histogram, []alas.Value{alas.Floats([]float64{1, 2, 3}), alas.Int(2)}, []any{
			map[string]any{"from": 1.0, "to": 2.0, "count": int64(1)},
			map[string]any{"from": 2.0, "to": 3.0, "count": int64(2)},
		}},
	}
	for _, one := range cases {
		value, err := one.function(one.arguments)
		if err != nil {
			t.Error(err)
			continue
		}
		if found, err := value.Go(); err != nil || !reflect.DeepEqual(found, one.expected) {
			t.Errorf("expected %v, found %v, %v", one.expected, found, err)
		}
	}
}

func TestLentNumbersStayInTheirOrder(t *testing.T) {
	numbers := []float64{3, 1, 2}
	if _, err := median([]alas.Value{alas.Floats(numbers)}); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(numbers, []float64{3, 1, 2}) {
		t.Errorf("found %v", numbers)
	}
}

func TestWhatHasNoAnswerIsRefused(t *testing.T) {
	cases := []struct {
		numbers []float64
		count   int64
		code    string
	}{
		{nil, 1, "no_numbers"},
		{[]float64{1, math.NaN()}, 1, "not_finite"},
		{[]float64{math.Inf(1)}, 1, "not_finite"},
		{[]float64{1}, 0, "invalid_count"},
		{[]float64{1}, mostBins + 1, "invalid_count"},
	}
	for _, one := range cases {
		_, err := histogramOf(one.numbers, one.count)
		var coded *alas.Error
		if !errors.As(err, &coded) || coded.Code != one.code {
			t.Errorf("expected %s, found %v", one.code, err)
		}
	}
	for _, share := range []float64{-0.1, 1.1, math.NaN()} {
		err := quantilesOf(make([]float64, 1), []float64{1}, []float64{share})
		var coded *alas.Error
		if !errors.As(err, &coded) || coded.Code != "invalid_share" {
			t.Errorf("expected invalid_share, found %v", err)
		}
	}
}

func TestEveryNumberIsInABin(t *testing.T) {
	cases := [][]float64{
		{5}, {-math.MaxFloat64, 0, math.MaxFloat64}, {math.MaxFloat64}, {0, math.SmallestNonzeroFloat64}, {0.1, 0.2, 0.3},
	}
	for _, numbers := range cases {
		bins, err := histogramOf(numbers, 7)
		if err != nil {
			t.Error(err)
		}
		sum := int64(0)
		for _, bin := range bins {
			sum += bin.count
			if math.IsNaN(bin.from) || math.IsInf(bin.to, 0) || bin.from > bin.to {
				t.Errorf("found the bin %v of %v", bin, numbers)
			}
		}
		if sum != int64(len(numbers)) {
			t.Errorf("%v: %d of %d numbers are in a bin", numbers, sum, len(numbers))
		}
	}
}
