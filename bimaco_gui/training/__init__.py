"""Training of the bundled model. The app never imports it."""
