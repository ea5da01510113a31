"""The handover: from the desk to the coordinator on a USB stick."""
