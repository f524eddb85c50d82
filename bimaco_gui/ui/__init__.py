"""The window: views, and the session they show. Qt alone; everything else goes through services."""
