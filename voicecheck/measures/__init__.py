"""Values with units, each from a stated definition; no judgement."""
