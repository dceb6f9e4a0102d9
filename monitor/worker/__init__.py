"""Worker processes that can be killed: hostile bytes are parsed there, never here."""

from monitor.worker.pool import Workers

__all__ = ["Workers"]
