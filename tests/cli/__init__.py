"""The commands, run as a user runs them: as processes, with files, streams and exit codes."""
