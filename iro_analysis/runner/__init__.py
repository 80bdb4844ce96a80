"""Running notebooks for a period and writing what they give: papermill in, nbconvert out."""
