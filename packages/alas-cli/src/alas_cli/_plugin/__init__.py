"""The commands of `alas-plugin`, a module each, imported when they are used.

Each module has a `command`, made by `alas_cli._subcommand.subcommand`, which returns an exit code.
"""
