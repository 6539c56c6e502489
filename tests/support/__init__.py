"""What tests build with: builders for each service and the running system."""
