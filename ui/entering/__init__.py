"""Forms on pages that write rows of a dataset, made from what the dataset says of its columns."""
