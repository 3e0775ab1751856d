"""The pages: HTML made on the server, from what the API also gives."""
