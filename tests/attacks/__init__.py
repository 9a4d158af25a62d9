"""What attackers try, each with the error that it has to end in, and the host unharmed.

* `attack`: what an attack is, and the phrases by which `test_attacks` sees that none is forgotten;
* `host`: the memory, descriptors and threads of the process, which have to return to where they were;
* `programs`: attacks by a program alone; `surroundings`: those on files, hosts and commands;
* `plugins/`: attacks by plugins, dropped in. A folder is an attack: `attack.json` beside the plugins.

`attack.json` says the `phrase`, the `code` that it ends with, and optionally the function to `call`, the `limits` of plugins,
and what is granted to which plugin (`grants`).
"""
