"""Write ALaS plugins as Python functions."""
