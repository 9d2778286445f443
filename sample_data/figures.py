"""The published national figures that the fictional LA is made to look like.

Rates per 100 pupils on roll in January: DfE, suspensions and permanent exclusions in England, 2020/21 to 2023/24 and
autumn 2024/25 (years after that are assumed to stay level).
"""

import numpy as np

FIRST_YEAR = 2020
"""The earliest academic year: codes and counting of reasons were others before 2020/21."""
LAST_YEAR = 2025
PHASES = ("primary", "secondary", "special", "ap")
PRIMARY, SECONDARY, SPECIAL, AP = range(4)
LAST_YEAR_GROUP = 11
"""The last year of compulsory school; Years 12 and 13 follow in sixth forms."""

# Rows: primary, secondary, special; columns: 2020/21 to 2025/26.
SUSPENSION_RATE = np.array(
    [
        [0.99, 1.42, 1.85, 2.28, 2.42, 2.42],
        [8.48, 13.96, 18.7, 22.7, 21.9, 21.6],
        [6.6, 9.9, 11.6, 13.0, 13.5, 13.5],
    ]
)
PERMANENT_EXCLUSION_RATE = np.array(
    [
        [0.01, 0.02, 0.027, 0.033, 0.033, 0.032],
        [0.10, 0.16, 0.22, 0.25, 0.24, 0.24],
        [0.04, 0.07, 0.10, 0.12, 0.10, 0.10],
    ]
)
TERM_SHARE = np.array([0.365, 0.325, 0.310])
"""Autumn, spring and summer: about 36 % of suspensions start in autumn."""

# Relative chance of a suspension by national curriculum year, Reception to Year 13; Years 9 and 10 peak.
YEAR_GROUP = np.array([0.25, 0.5, 0.65, 0.8, 1.0, 1.25, 1.35, 0.6, 1.0, 1.25, 1.22, 0.88, 0.08, 0.04])

REASONS = (
    ("DB", 0.54),
    ("VA", 0.155),
    ("PP", 0.13),
    ("PA", 0.045),
    ("VP", 0.035),
    ("DA", 0.027),
    ("DM", 0.021),
    ("OW", 0.017),
    ("RA", 0.012),
    ("SM", 0.011),
    ("BU", 0.009),
    ("TH", 0.008),
    ("LG", 0.005),
    ("MT", 0.005),
    ("DS", 0.003),
    ("PH", 0.002),
)
PERMANENT_EXCLUSION_REASONS = (
    ("DB", 0.41),
    ("PP", 0.17),
    ("PA", 0.12),
    ("VA", 0.10),
    ("OW", 0.08),
    ("DA", 0.06),
    ("VP", 0.04),
    ("SM", 0.02),
    ("DM", 0.02),
)

# Sessions of one suspension and how often. Tuned so that the days that a pupil loses in a term come out as published
# (autumn 2023/24): 30.4 % lose one day, 49.8 % two at most, 69.6 % four at most.
SESSIONS = ((1, 0.05), (2, 0.43), (3, 0.04), (4, 0.20), (5, 0.02), (6, 0.12), (8, 0.035), (10, 0.095), (12, 0.01))
