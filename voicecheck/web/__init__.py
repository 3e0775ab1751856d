"""The web page and its JSON API: reps upload or record, coaches see everyone."""
