"""Making new plugins: `naming` derives the names, `templates` the files; `command` asks, `checking` refuses, `writing` makes."""
