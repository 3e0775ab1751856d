"""How the digit heads in ``models/`` are made; see README.md in this folder."""
