package main

import (
	"math"
	"slices"

	alas "github.com/dshills/alas/sdk/go"
)

// mostBins keeps a mistaken number of bins from using up the memory.
const mostBins = 100_000

// bin is a part of a range of numbers, with how many are in it.
type bin struct {
	from, to float64
	count    int64
}

// meanOf returns the arithmetic mean.
func meanOf(numbers []float64) (float64, error) {
	if err := check(numbers); err != nil {
		return 0, err
	}
	sum := 0.0
	for _, number := range numbers {
		sum += number
	}
	return sum / float64(len(numbers)), nil
}

// quantilesOf writes into `found` the numbers below which the given shares of all numbers lie. Between two neighbours it
// interpolates.
func quantilesOf(found, numbers, shares []float64) error {
	if err := check(numbers); err != nil {
		return err
	}
	// The numbers are lent, and must stay in their order.
	sorted := slices.Clone(numbers)
	slices.Sort(sorted)
	for position, share := range shares {
		// Written so that a share that is NaN is refused, too.
		if !(share >= 0 && share <= 1) {
			return alas.Errorf("invalid_share", "expected shares from 0 to 1, found %v", share)
		}
		place := share * float64(len(sorted)-1)
		below := int(place)
		above := min(below+1, len(sorted)-1)
		part := place - float64(below)
		found[position] = sorted[below]*(1-part) + sorted[above]*part
	}
	return nil
}

// histogramOf counts the numbers in so many parts of the same width, from the least number to the greatest. A number on the
// border of two belongs to the upper one.
func histogramOf(numbers []float64, count int64) ([]bin, error) {
	if err := check(numbers); err != nil {
		return nil, err
	}
	if count < 1 || count > mostBins {
		return nil, alas.Errorf("invalid_count", "expected 1 to %d bins, found %d", mostBins, count)
	}
	least, greatest := slices.Min(numbers), slices.Max(numbers)
	if least == greatest {
		least, greatest = least-0.5, greatest+0.5
	}
	// Halves, because the whole may be too large for a float.
	span := greatest/2 - least/2
	edge := func(position int) float64 {
		step := span * (float64(position) / float64(count))
		return least + step + step
	}
	bins := make([]bin, count)
	for position := range bins {
		bins[position].from, bins[position].to = edge(position), edge(position+1)
	}
	bins[count-1].to = greatest
	for _, number := range numbers {
		position := int64(0)
		// Numbers that are too close together, or too small for halves, have no span.
		if span > 0 {
			position = int64((number/2 - least/2) / span * float64(count))
		}
		// The greatest is on the upper border of the last.
		bins[min(position, count-1)].count++
	}
	return bins, nil
}

// check refuses what has no mean and no order.
func check(numbers []float64) error {
	if len(numbers) == 0 {
		return alas.Errorf("no_numbers", "expected at least one number, found none")
	}
	for position, number := range numbers {
		if math.IsNaN(number) || math.IsInf(number, 0) {
			return alas.Errorf("not_finite", "expected finite numbers, but number %d is %v", position, number)
		}
	}
	return nil
}
