"""Worker processes that can be killed: hostile bytes are parsed there, never here."""
