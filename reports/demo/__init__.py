"""A demonstration house: invented people, real actions, figures calibrated on reports/data."""
