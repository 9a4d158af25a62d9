"""A slow, obvious evaluator over the JSON syntax tree.

It is written from the language reference alone and shares no code with the engine, so that a mistake would have to be
made twice to go unnoticed. It takes modules that have passed the static checks; it checks nothing but what the
language decides while a program runs. Read it in this order:

1. `values`, `text`, `arithmetic`: what values are, how they print, what the operators do.
2. `declared`: what happens where a value meets a declared type.
3. `library` and `std_*`: how a standard function is registered, and the functions.
4. `program`: modules and the modules that they import.
5. `evaluator`: statements, expressions, calls.
"""

from .errors import Failure
from .evaluator import Evaluator, Limits, Run, evaluate
from .program import Program
from .values import Value

__all__ = ["Evaluator", "Failure", "Limits", "Program", "Run", "Value", "evaluate"]
