"""The daily anchor is made, compared, stamped and mailed; evidence of a signature is exported."""
