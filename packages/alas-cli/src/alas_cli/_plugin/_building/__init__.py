"""Building the native code of plugins.

```
manifest ─▶ running: its build command, in its folder ─▶ checking: what was made, opened in a process of its own by `opening`
```

`command` goes this way for the command line, `installing` for an installation.
"""
