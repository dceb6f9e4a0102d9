"""Counts in words; every command says some, so this loads nothing."""


def counted(count: int, noun: str) -> str:
    """Say "1 feed", "2 watches", "1,200 copies"."""
    plural = {"h": f"{noun}es", "y": f"{noun[:-1]}ies"}.get(noun[-1], f"{noun}s")
    return f"{count:,} {noun if count == 1 else plural}"
