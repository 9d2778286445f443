"""The measures of what follows a child: each declared once, with its smallest number, its range and plain words."""
