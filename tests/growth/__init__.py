"""How cost grows with the work: time, copies and memory. Absolute speed is measured in `tests/bench`."""
