"""Small numbers: what is hidden of a table, of the tables that share its sums, and of an authority seen in part."""
