"""Re-evaluation: what a version makes of the stored encounters.

A run takes its steps in this order:
``scope`` which encounters; ``planning`` counts them by suggestion; ``deciding`` decides each suggestion's profile;
``summary`` tells what it is worth and whom it concerns; ``applying`` opens review cases; ``comparing`` sets two runs
side by side. ``replay`` proves that what is stored can still be decided again.
"""
