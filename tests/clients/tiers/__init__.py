"""What a person tells in the third tier: background by a consent of its own, and the identity code."""
