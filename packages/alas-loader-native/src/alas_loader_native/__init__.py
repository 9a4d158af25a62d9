"""The place of the loaders for native and hybrid plugins.

Plugins of these two types are not supported yet: this package holds no code and announces no loader, so loading such
a plugin fails with the registry's message that no loader for its type is installed.
"""
