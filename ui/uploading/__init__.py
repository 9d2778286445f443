"""The upload page's parts: what a file is, what was found in it, putting it right, saving it, taking it back."""
