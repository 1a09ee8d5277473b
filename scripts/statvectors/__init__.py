"""The parts of scripts/stat_vectors.py."""
