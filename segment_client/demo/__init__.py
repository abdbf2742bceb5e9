"""`segment-client demo`: a look at the whole way of an event, from a typed call to what a server keeps.

The steps: calls and recordings > arrivals > report. It needs the extra `collector`.
"""
