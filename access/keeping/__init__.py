"""What is kept and for how long: backups, erasing, taking out one pupil, what is past its time, pseudonyms."""
