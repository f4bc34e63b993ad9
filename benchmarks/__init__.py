"""What newsquote costs, beside floors that are measured in the same run."""
