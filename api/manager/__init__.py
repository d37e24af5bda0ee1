"""What the managers' single-page app calls."""
