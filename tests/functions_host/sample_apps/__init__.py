"""Functions apps that the tests copy to a folder of their own as `function_app.py`."""
