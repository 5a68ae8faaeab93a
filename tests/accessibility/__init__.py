"""Every screen as a screen reader, a keyboard and a magnifier meet it."""
