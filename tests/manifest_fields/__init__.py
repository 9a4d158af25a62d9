"""What becomes of the fields of manifests and of the host's limits, for every type of plugin: one table, each cell a test.

* `table`: the table itself. A row is a field, a column a type of plugin, a cell what is to happen there;
* `outcomes`: the words that stand in cells, and what they promise;
* `effects`: what shows that a field is honoured, measured on a plugin that runs;
* `specimens` and `sources`: plugins of every type, with the functions that the effects call;
* `test_table`: tries every cell, and sees that no field lacks a row, and that `docs/manifest.md` says the same.
"""
