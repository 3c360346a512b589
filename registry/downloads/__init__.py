"""Files, ranges, terms and receipts; the Hugging Face Hub protocol."""
