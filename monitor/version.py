"""Which newsmon this is."""

from importlib.metadata import PackageNotFoundError, version


def program_version() -> str:
    """Give the installed version; "0" in a bare checkout."""
    try:
        return version("newsmon")
    except PackageNotFoundError:
        return "0"
