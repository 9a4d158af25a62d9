"""Installing and uninstalling plugins from the command line."""
