"""The benchmark suite: `make bench`. Servers of its own, every case beside its floor in the same run (docs/demo.md, "Benchmarks")."""
