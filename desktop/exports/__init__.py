"""Tables out and in: CSV and XLSX. No Qt, no database."""
