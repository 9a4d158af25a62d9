"""Running the tests of plugins: from files to a report.

`targets` says which plugins are meant, `reading` makes cases of their files, `running` runs them in a `session`, and a
report shows what came of it. Nothing runs before every file of every plugin has been read without errors.
"""
