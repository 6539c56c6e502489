"""The demonstration: a year of the Kiezfonds in Neu-Lichtenberg, played through the public interfaces alone."""
