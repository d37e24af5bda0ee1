"""Stand-in for SMS.ru and for the telephones that its messages reach."""
