"""Document + events so far -> join one or open one; events found to be the same are merged.

Sparse TF-IDF vectors with a heavy title and lead, capitalised words as a second view, time as a
feature and a small logistic regression that decides. Each language has a clusterer of its own.
"""

from monitor.cluster.clusterer import Clusterer, event_id
from monitor.cluster.learnt import Model, load

__all__ = ["Clusterer", "Model", "event_id", "load"]
