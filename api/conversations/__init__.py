"""Routes of Avito dialogs."""
