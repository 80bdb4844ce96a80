"""Run notebooks for a period and write what they give: papermill in, nbconvert out."""
