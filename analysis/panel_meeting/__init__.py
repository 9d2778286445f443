"""A Fair Access Panel's meeting: who is on the list, each child on one screen, what was decided and what became of it.

`queries` reads it. Rows about children are read by `pupil_rows` alone; what others see of earlier meetings are counts.
"""
