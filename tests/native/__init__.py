"""Plugins in native code: the kits, the examples, and libraries that are wrong on purpose."""
