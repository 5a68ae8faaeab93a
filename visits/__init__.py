"""The desk: visits, encounters, guidance, queue and board."""
