"""Read an authority's inputs: files in, checked and joined tables out, every fault recorded."""
