"""The JSON API, ``/api/v1``: everything that the pages can do."""
