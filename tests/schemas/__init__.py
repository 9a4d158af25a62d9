"""What `alas-manifest` says about the language and its library, against the engine that decides it."""
