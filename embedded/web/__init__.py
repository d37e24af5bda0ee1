"""The managers' app: installation of its packages, build, scripts and types of the API."""
