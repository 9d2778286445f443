"""Who is affected: how likely each group of pupils was to be suspended, beside all other pupils."""
