"""A frame and a measure in, a Plotly figure as a plain dict and one alt sentence out."""
