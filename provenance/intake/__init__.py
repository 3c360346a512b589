"""Take a picture in: limits, safe decode, normalise, hash, store; image sets."""
