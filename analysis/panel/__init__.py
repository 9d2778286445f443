"""What a Fair Access Panel sees of its schools: their standing, their share of pupils taken, and limits that are near.

Counts are of schools, never rows about pupils. What is hidden is decided on the whole authority, whoever asks.
"""
