"""The first page: headline numbers, where they stand, and what they say."""
