"""HTTP as a guest behaves: limits, validators, own redirects, pacing per host."""

from monitor.fetch.fetcher import Fetcher

__all__ = ["Fetcher"]
