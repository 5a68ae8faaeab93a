"""Many at once, on committed data, against the product as it runs."""
