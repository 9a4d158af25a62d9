"""`python -m alas_manifest FILE…` checks manifests and plugin folders."""

import sys

from alas_manifest._command import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
