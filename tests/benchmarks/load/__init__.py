"""`make load`: people in browsers and programs at the API, all at once, against PostgreSQL, Redis and gunicorn.

MINUTES (5), USERS (50), CLIENTS (20), FAST=1 for the engine without a model, JSON=file for the figures. Everything is
started here on ports of this machine alone, and ends by itself. The exit code is 1 where anything but 429 went wrong.
"""
