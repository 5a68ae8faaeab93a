"""The partner services that a visitor may be guided to."""
