"""What may be published: the one gate between figures and everything that shows them."""
