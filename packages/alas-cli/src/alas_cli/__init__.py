"""The command line of ALaS: `alas-run`, `alas-plugin` and `alas-validate`.

The commands' modules import what they need where they need it: a short program should not wait for what it does not use.
"""
