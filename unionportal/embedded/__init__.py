"""PostgreSQL and Valkey from wheels for a machine that has no servers, and the set-up that brings them there.

Standard library only: these modules run before the Python environment exists and never import Django.
"""
