"""Install, upgrade and uninstall ALaS plugins."""
