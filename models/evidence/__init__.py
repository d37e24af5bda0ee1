"""Daily anchors of all trails, their time stamps, and what they have found."""
