"""The demo's pictures, all drawn by this project: the illustrator's, the commons', the copies."""
