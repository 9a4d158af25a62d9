"""What the exit codes of all commands mean."""

DONE = 0
FAILED = 1
USAGE = 2
INVALID = 3
INTERRUPTED = 130

TEXT = """\
0    done
1    the program failed while running
2    wrong usage: an unknown option, a missing file, an argument of the wrong type
3    invalid input: the program or manifest has errors
130  interrupted, usually by Ctrl-C
141  the reader of the output went away
"""
