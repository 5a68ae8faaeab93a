"""How many people hide each one among them: the one limit below which no figure and no word is told."""

FEWEST = 5
