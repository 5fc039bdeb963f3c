"""The embedded stand-in for Google's tuning APIs: an honest server that can be told to break one promise.

It knows the published documents (through `concertpitch_models`) and what real records show. It must not
know the contract's rules: it is evidence for them, so nothing here imports `concertpitch`.
"""
