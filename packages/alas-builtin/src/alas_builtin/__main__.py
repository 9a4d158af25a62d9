"""`python -m alas_builtin`."""

import sys

from alas_builtin._command import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
