"""The benchmarks: ALaS beside its peers, in one run on one machine. `docs/bench/README.md` says how to read them."""
