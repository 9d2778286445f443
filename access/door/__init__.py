"""The door: what every request meets before the app, and the plain pages that stand there."""
