"""Random programs that pass the static checks and end soon.

`generate(seed)` always gives the same program for the same seed. Read it in this order:

1. `nodes`: one function for each kind of syntax node.
2. `types`: the types that values are made of, and how a signature's `T` is filled in.
3. `signatures`: the standard functions that programs use.
4. `expressions`: an expression of a wanted type, from the variables and functions at hand.
5. `statements`: bodies; among them the patterns in which values are shared and updated.
6. `programs`: functions, and a `main` that calls them and prints what they come to.
"""

from .programs import generate

__all__ = ["generate"]
