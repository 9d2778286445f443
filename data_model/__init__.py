"""What the data is: columns, code sets, rows, rules and tables. Imports nothing else of ours."""
