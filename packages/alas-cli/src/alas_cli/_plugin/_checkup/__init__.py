"""The checks of `alas-plugin doctor`.

Each module yields what it found out about one part; `command` puts them together. No check relies on another one having
gone well.
"""
