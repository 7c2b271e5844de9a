"""What can be concluded from few districts."""
