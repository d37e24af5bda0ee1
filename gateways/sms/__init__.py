"""SMS by the published protocol of SMS.ru."""
