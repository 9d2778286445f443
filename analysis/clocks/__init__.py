"""Statutory clocks of single pupils: what starts each, how it counts, when it is due, and all of it in words.

`clocks_on` (table.py) is what others call. Everything here is arithmetic on plain frames of one local authority. Its
rows are about pupils: who may see them is for those to ask who read the frames.
"""
