"""The web server: one front, some page processes, and one queue between them.

`python -m tyoparkki.web` serves at BIND and PORT. The front (asking.py, tyoparkki/asgi.py) holds the browsers'
connections and the live channel; it has no work of its own that lasts. A request for a page waits in the queue until a
page process (answering.py) is free, so nobody waits for one process while another rests (docs/adr/0001).
"""
