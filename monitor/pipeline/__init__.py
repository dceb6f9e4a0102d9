"""The four jobs, each load, decide, commit; and the small Protocols they need."""
