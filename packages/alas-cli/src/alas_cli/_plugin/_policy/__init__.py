"""What plugins ask for, what the host grants them, and what their code needs.

plugin, settings ─ model ─▶ PluginPolicy ─▶ a table, a document
plugin, words    ─ changing ─▶ the grants of `config.toml`
"""
