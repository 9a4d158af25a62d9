"""Making new plugins.

`naming` derives the names, `templates` the files, with `languages` for native code and `kit` for what that is compiled with;
`command` asks, `checking` refuses, `writing` makes.
"""
