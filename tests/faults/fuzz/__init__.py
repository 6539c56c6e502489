"""Hostile input, made from the proto descriptors and a seed: calls, pages and messages, and what must hold after them."""
