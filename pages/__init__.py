"""One screen each: one function named like its file. Nothing runs on import."""
