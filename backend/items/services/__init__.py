"""The services of the items API: plain functions, called by the views and by the restorers of the trash."""
