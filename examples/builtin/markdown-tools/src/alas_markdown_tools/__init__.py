"""Markdown for ALaS programs, by the library markdown-it-py."""

from ._plugin import plugin

__all__ = ["plugin"]
